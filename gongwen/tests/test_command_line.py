"""The command line: what it writes, prints and gives back as exit status."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from gongwen import fonts, pdf
from gongwen.__main__ import main
from gongwen.measure import measure
from gongwen.tests import letters
from gongwen.tests.reading import page_texts

DATA = Path(__file__).parent / "data"
SAMPLE = DATA / "junshan-51.txt"
RAW = DATA / "junshan-51.raw.txt"


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "gongwen", *arguments],
        cwd=DATA.parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def failure(capsys, *arguments):
    """The one line that the command fails with."""
    words = [str(argument) for argument in arguments]
    try:
        assert main(words) == 2
    except SystemExit as error:
        assert error.code == 2  # noqa: PT017
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert said.out == ""
    return said.err


def text_file(folder, text):
    path = folder / "letter.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_help_names_every_command():
    done = run("--help")
    assert done.returncode == 0
    assert all(
        name in done.stdout for name in ("render", "check", "measure", "repair", "fonts", "GONGWEN_FONTS")
    )


def test_an_error_is_one_line_and_status_2():
    done = run("measure", "nowhere.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "gongwen: nowhere.pdf: No such file or directory\n"


@pytest.mark.parametrize("form", ["plain", "file"])
def test_a_letter_as_pdf_obeys_the_standard(tmp_path, capsys, form):
    out = tmp_path / "letter.pdf"
    assert main(["render", str(SAMPLE), "-o", str(out), "--form", form]) == 0
    assert measure(out.read_bytes()) == []
    assert "协商" in "".join(page_texts(out.read_bytes()))
    assert main(["measure", str(out)]) == 0
    assert capsys.readouterr().out == ""


def test_a_letter_as_pictures(tmp_path):
    assert main(["render", str(SAMPLE), "-o", str(tmp_path / "page.png")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page-1.png", "page-2.png", "page-3.png"]


def test_a_letter_of_one_page_as_a_picture(tmp_path):
    short = text_file(tmp_path, "关于第1号提案的答复\n某某委员：\n您的提案收悉。\n2021年5月25日\n")
    assert main(["render", str(short), "-o", str(tmp_path / "page.png")]) == 0
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
    assert not (tmp_path / "page-1.png").exists()


def test_nothing_is_wrong_with_the_sample(capsys):
    assert main(["check", str(SAMPLE)]) == 0
    assert main(["check", "--json", str(SAMPLE)]) == 0
    assert capsys.readouterr().out == "[]\n"


def test_warnings_leave_the_status_and_errors_do_not(tmp_path, capsys):
    assert main(["check", str(RAW)]) == 0
    said = capsys.readouterr()
    assert "warning: paragraphs:1:" in said.out
    assert "repair" in said.err
    wrong = "---\ndoc_number: 君民复字[2021]第06号\n---\n答复\n某某委员：\n正文\U0010ffff。\n2021年5月25日\n"
    assert main(["check", str(text_file(tmp_path, wrong))]) == 1
    said = capsys.readouterr()
    assert "error: doc_number: the year of 君民复字[2021]第06号 stands between 〔 and 〕" in said.out
    assert main(["check", "--json", str(tmp_path / "letter.txt")]) == 1
    assert all(one["sentence"] and one["rule"] for one in json.loads(capsys.readouterr().out))


def test_departures_in_words_and_as_json(tmp_path, capsys):
    out = tmp_path / "letter.pdf"
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as document:
        document.pages[0].MediaBox[2] = 585.3
        document.save(out)
    assert main(["measure", str(out)]) == 1
    assert "page 1: the paper is 206.5 x 297.0 mm, not 210.0 x 297.0 [page-size]" in capsys.readouterr().out
    assert main(["measure", "--json", str(out)]) == 1
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["rule"], first["page"], first["unit"]) == ("page-size", 1, "mm")


def test_a_scraped_text_is_repaired(capsys):
    assert main(["repair", str(RAW)]) == 0
    assert capsys.readouterr().out == letters.SAMPLE


def test_the_fonts_that_are_there(capsys):
    assert main(["fonts"]) == 0
    said = capsys.readouterr().out
    assert str(fonts.folder()) in said
    assert all(name in said for name in (*fonts.ROLES.values(), *fonts.FALLBACKS))


def test_errors(tmp_path, capsys, monkeypatch):
    out = tmp_path / "letter.pdf"
    letter = text_file(tmp_path, "答复\n某某委员：\n正文\U0010ffff。\n")
    assert "no font has" in failure(capsys, "render", letter, "-o", out)
    assert ".pdf or a .png" in failure(capsys, "render", SAMPLE, "-o", tmp_path / "letter.doc")
    assert "No such file" in failure(capsys, "render", SAMPLE, "-o", tmp_path / "no" / "letter.pdf")
    assert "not a PDF" in failure(capsys, "measure", SAMPLE)
    assert "invalid choice" in failure(capsys, "render", SAMPLE, "-o", out, "--form", "poem")
    assert "required" in failure(capsys, "render", SAMPLE)
    assert "no body" in failure(capsys, "render", text_file(tmp_path, "答复\n某某委员：\n"), "-o", out)
    assert "no key colour" in failure(capsys, "check", text_file(tmp_path, "---\ncolour: red\n---\n"))
    (tmp_path / "letter.txt").write_bytes("答复".encode("gb18030"))
    assert "not UTF-8 (byte 1)" in failure(capsys, "check", tmp_path / "letter.txt")
    monkeypatch.setenv("GONGWEN_FONTS", str(tmp_path / "nothing"))
    assert "is missing" in failure(capsys, "fonts")
    assert not out.exists()
