"""Which font sets what, and what happens where none can."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from gongwen import fonts, pdf
from gongwen.tests import letters
from gongwen.tests.reading import body_text, read


def test_names_that_gb_2312_lacks_have_a_font():
    assert fonts.font_set().missing("㛃𬭚䶮旻晞昉喆镕〇〔〕—…“”") == ""


def test_missing_characters_are_listed_by_code_and_name():
    with pytest.raises(fonts.MissingGlyphs) as error:
        pdf.render(letters.saying(letters.PLAIN, "赞\U0001f44d好\U0001f44d"))
    assert error.value.characters == [("\U0001f44d", "U+1F44D", "THUMBS UP SIGN")]


def test_characters_that_share_a_glyph_come_back_as_themselves():
    said = "甲·乙•丙・丁"
    assert said in body_text(read(pdf.render(letters.saying(letters.PLAIN, said))))


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """A font folder of its own, with the open fonts linked in."""
    for path in fonts.folder().glob("*.?tf"):
        (tmp_path / path.name).symlink_to(path.resolve())
    (tmp_path / "own").mkdir()
    monkeypatch.setenv("GONGWEN_FONTS", str(tmp_path))
    return tmp_path


def rename(source: Path, target: Path, family: str) -> None:
    with TTFont(source, lazy=True) as font:
        for number in (1, 4):
            font["name"].setName(family, number, 3, 1, 0x804)
        font["hhea"].ascent = 1100
        font.save(target, reorderTables=False)


def test_a_units_own_font_wins_and_does_not_move_the_grid(own_folder):
    rename(own_folder / "FandolKai-Regular.otf", own_folder / "own" / "仿宋 GB2312.otf", "仿宋_GB2312")
    page = read(pdf.render(letters.PLAIN))[1]
    assert "Kai" not in page.lines[0].fonts[0]
    assert all("GB2312" in font for font in page.lines[1].fonts)
    steps = [
        after.baseline - before.baseline for before, after in zip(page.lines, page.lines[1:], strict=False)
    ]
    assert all(step == pytest.approx(10.449, abs=0.03) for step in steps)


def test_a_file_that_is_no_font_is_passed_over(own_folder):
    (own_folder / "own" / "broken.ttf").write_bytes(b"not a font")
    assert fonts.font_set().chains["fang"][0].name == "FandolFang-Regular"


def test_a_folder_without_fonts_says_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGWEN_FONTS", str(tmp_path))
    with pytest.raises(fonts.FontsMissing, match=r"fetch_fonts\.py"):
        pdf.render(letters.PLAIN)


def test_a_fallback_does_not_move_its_line():
    page = read(pdf.render(letters.saying(letters.PLAIN, "推进旻晞昉喆镕㛃𬭚䶮协商民主" * 90)))[1]
    for before, after in pairwise(page.lines):
        assert after.baseline - before.baseline == pytest.approx(10.449, abs=0.01)


def test_a_process_leaves_no_files_behind(tmp_path):
    code = "from gongwen import pdf; from gongwen.tests import letters; pdf.render(letters.PLAIN)"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=root, check=True)

    assert list(tmp_path.iterdir()) == []
