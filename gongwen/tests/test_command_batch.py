"""A folder of letters set as PDF: every one, on one process and on several, and what is said of those that fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gongwen.__main__ import main
from gongwen.command_batch import bar
from gongwen.measure import measure
from gongwen.tests import letters

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    """Three letters, one of which cannot be set, and a file that is none."""
    place = tmp_path / "letters"
    place.mkdir()
    (place / "甲.txt").write_text(letters.SAMPLE, encoding="utf-8")
    (place / "乙.md").write_text(letters.SAMPLE.replace("第51号", "第52号"), encoding="utf-8")
    (place / "丙.txt").write_text("答复\n", encoding="utf-8")
    (place / "notes.csv").write_text("a,b", encoding="utf-8")
    return place


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_letter_becomes_a_pdf_and_a_failure_is_told(folder, tmp_path, jobs):
    arguments = ["batch", str(folder), "-o", str(tmp_path / "out"), "--jobs", str(jobs)]
    done = subprocess.run(
        [sys.executable, "-m", "gongwen", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "丙.txt: there is no addressee\n")
    assert done.stdout.startswith("2 of 3 letters set in ")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["乙.pdf", "甲.pdf"]
    assert measure((tmp_path / "out" / "甲.pdf").read_bytes()) == []


def test_where_nothing_fails_the_status_is_0(folder, tmp_path, capsys):
    (folder / "丙.txt").unlink()
    assert main(["batch", str(folder), "-o", str(tmp_path / "out"), "--jobs", "1"]) == 0
    said = capsys.readouterr()
    assert (said.err, said.out.split(" in ")[0]) == ("", "2 of 2 letters set")


def test_on_a_terminal_a_bar_shows_how_far_it_is(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    main(["batch", str(folder), "-o", str(tmp_path / "out"), "--jobs", "1"])
    said = capsys.readouterr().err
    assert "3 of 3" in said
    assert said.endswith("\r\x1b[K")
    assert bar(5, 10) == "[###############...............] 5 of 10"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["empty", "-o", "out"], "no letter there"),
        (["twice", "-o", "out"], "a.md and a.txt would both become a.pdf"),
        (["letters", "-o", "nowhere/out"], "No such file"),
        (["letters", "-o", "file"], "File exists"),
        (["letters", "-o", "out", "--jobs", "0"], "a number from 1 to 64"),
        (["letters", "-o", "out", "--jobs", "many"], "a number from 1 to 64"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_done_is_told_in_one_line(tmp_path, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    for place in ("empty", "twice"):
        Path(place).mkdir()
    for name in ("file", "twice/a.txt", "twice/a.md"):
        Path(name).write_text(letters.SAMPLE, encoding="utf-8")
    try:
        assert main(["batch", *arguments]) == 2
    except SystemExit as error:
        assert error.code == 2  # noqa: PT017
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert said in told.err
