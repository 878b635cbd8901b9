"""Where a title breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen import pdf
from gongwen.tests import letters
from gongwen.tests.reading import read, squeeze
from gongwen.titles import break_title


def size(line: str) -> float:
    return sum(0.5 if char.isascii() else 1 for char in line)


LONG = (
    "关于区政协五届五次会议第51号提案《推进协商民主优化基层自治》的答复",
    "关于进一步加强全区社区居民议事会制度建设和农村互助养老服务体系建设有关情况的答复",
    "岳阳市君山区民政局关于对区政协五届五次会议第51号提案《关于加快推进农村公益性公墓建设和管理的建议》办理情况的答复函",
)


def test_chosen_breaks_are_kept():
    assert break_title("对君山区政协五届五次会议第51号提案的\n答 复") == [
        "对君山区政协五届五次会议第51号提案的",
        "答 复",
    ]


@pytest.mark.parametrize("title", LONG)
def test_a_long_title_is_broken_by_words_into_no_hour_glass(title):
    lines = break_title(title)
    assert "".join(lines) == title
    assert all(size(line) <= 20 for line in lines)
    for before, middle, after in zip(lines, lines[1:], lines[2:], strict=False):
        assert not size(before) > size(middle) < size(after)
    joined = "|".join(lines)
    assert "5|1" not in joined
    assert not any(line[0] in "》、的" or line[-1] in "《" for line in lines)


def test_a_short_name_in_title_marks_stays_whole():
    assert any("《推进协商民主优化基层自治》" in line for line in break_title(LONG[0]))


@pytest.mark.parametrize("title", ["甲" * 120, "(" * 119 + "甲", "《" * 60 + "》" * 60, "A" * 110])
def test_odd_titles_lose_nothing(title):
    assert "".join(break_title(title)) == title


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_one_to_four_title_lines_are_centred_on_the_grid(form, count):
    title = "\n".join(["关于区政协提案", "第51号提案办理情况的", "有关问题的说明和意见的", "答 复"][-count:])
    pages = read(pdf.render(replace(form, title=title)))
    lines = [line for line in pages[0].lines if abs(line.size - 22) < 0.1]
    assert [squeeze(line.text) for line in lines] == squeeze(title.replace("\n", "|").replace(" ", "")).split(
        "|"
    )
    for line in lines:
        assert (line.left + line.right) / 2 == pytest.approx(106, abs=0.4)
    assert pages[0].lines[-1].baseline == pytest.approx(41.93 + 21 * 10.44886, abs=0.1)
