"""What measure says of a letter's top: nothing of right parts, and each fault of pages drawn wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen.tests import sheets
from gongwen.tests.sheets import (
    CELL,
    LAST,
    LETTER,
    MARK,
    PITCH,
    SEALED,
    UNSEALED,
    Words,
    only,
    row,
    said,
)

FILE = sheets.FILE.but(page=Words("— 1 —", 184 - 14 * 25.4 / 72, 270.91, 14, "song", "right"))
NUMBER_LEFT = {"x": 28 + CELL, "align": "left"}
SIGNERS = Words("签发人：", 184 - CELL - 3 * 5.644, row(7), align="right")
SIGNED = FILE.moved("number", **NUMBER_LEFT).but(
    signers=SIGNERS, signer=Words("冯广兴", 184 - CELL, row(7), face="kai", align="right")
)
CORNER = FILE.but(
    copy=Words("000012"),
    secrecy=Words("秘密★1年", y=row(1), face="hei"),
    urgency=Words("特急", y=row(2), face="hei"),
)


RIGHT = {
    "file": (FILE,),
    "signers": (SIGNED,),
    "corner": (CORNER,),
    "letter": (LETTER,),
    "room for a seal": (FILE, LAST),
    "seal": (FILE, SEALED),
    "no seal": (FILE, UNSEALED),
}


@pytest.mark.parametrize("papers", RIGHT.values(), ids=RIGHT)
def test_nothing_is_said_against_right_parts(papers):
    assert said(*papers) == []


# The head


@pytest.mark.parametrize("down", [-3, 1, 5])
def test_the_red_mark_begins_at_72_mm_or_at_30(down):
    y = FILE.parts["mark"].y + down
    only("mark-top", 72 + down, 72, [FILE.moved("mark", y=y)])
    wrong = said(LETTER.moved("mark", y=LETTER.parts["mark"].y - 2))
    assert wrong == [("mark-top", 1, pytest.approx(28, abs=0.1), 30), ("double-rule-below", 1, 6.0, 4.0)]


@pytest.mark.parametrize("paper", [FILE, LETTER])
def test_the_red_mark_is_centred(paper):
    only("mark-centre", 109, 106, [paper.moved("mark", x=109)])


def test_the_number_is_centred_without_signers():
    only("number-centre", 101, 106, [FILE.moved("number", x=101)])


def test_the_number_stands_at_the_left_with_signers():
    only("number-left", 28, 28 + CELL, [SIGNED.moved("number", x=28)])


def test_the_number_of_the_letter_form_stands_at_the_right():
    only("number-right", 181, 184, [LETTER.moved("number", x=181)])
    up = LETTER.parts["number"].y + 3
    only("number-below", 7.9, 4.88, [LETTER.moved("number", y=up).moved("title", y=up + 3 * PITCH)])


def test_signers_are_in_kai_with_one_character_free():
    only("signers-type", "fang", "楷体", [SIGNED.moved("signer", face="fang")])
    further = SIGNED.moved("signer", x=184).moved("signers", x=184 - 3 * 5.644)
    only("signers-right", 184, 184 - CELL, [further])


@pytest.mark.parametrize("name", ["copy", "secrecy", "urgency"])
def test_copy_number_secrecy_and_urgency_begin_at_the_left_edge(name):
    only("corner-left", 33, 28, [CORNER.moved(name, x=33)])


def test_secrecy_is_in_black_type():
    only("corner-type", "fang", "黑体", [CORNER.moved("secrecy", face="fang")])


# Rules


@pytest.mark.parametrize("room", [2.0, 3.0, 5.0])
def test_the_red_rule_stands_4_mm_below_the_number(room):
    rule = FILE.parts["rule"]
    moved = replace(rule, top=rule.top - 4 + room, bottom=rule.bottom - 4 + room)
    only("red-rule-below", room, 4, [FILE.but(rule=moved)])


@pytest.mark.parametrize(("left", "right"), [(28, 170), (20, 192), (30, 186)])
def test_the_red_rule_is_as_wide_as_the_type_area(left, right):
    wrong = FILE.moved("rule", left=left, right=right)
    only("red-rule-edges", f"{left}.0 to {right}.0", "28.0 to 184.0", [wrong])


def test_rules_may_be_strokes_or_drawn_in_pieces_or_in_groups():
    rule = FILE.parts["rule"]
    middle = (rule.top + rule.bottom) / 2
    stroke = f"0.9 0 0.07 RG 0.7 w 28 {middle} m 184 {middle} l S"
    pieces = "".join(f"1 0 0 rg {28 + 15.6 * place} {rule.top} 15.6 0.7 re " for place in range(10))
    bare = FILE.but(rule=None)
    assert said(replace(bare, raw=stroke)) == []
    assert said(replace(bare, raw=pieces + "f")) == []
    low = f"0.9 0 0.07 RG 0.7 w 28 {middle + 3} m 184 {middle + 3} l S"
    only("red-rule-below", 7, 4, [replace(bare, raw=low)])


@pytest.mark.parametrize("black", [True, False])
def test_a_red_mark_over_a_number_asks_for_a_red_rule(black):
    rule = replace(FILE.parts["rule"], red=False) if black else None
    assert [one for one in said(FILE.but(rule=rule)) if "rule" in one[0]] == [
        ("red-rule-edges", 1, "", "28.0 to 184.0")
    ]
    assert "red-rule-edges" not in {one[0] for one in said(FILE.but(rule=rule, number=None))}


def test_double_rules_are_170_mm_wide():
    wrong = LETTER.moved("upper2", left=28, right=184)
    only("double-rule-edges", "28.0 to 184.0", "21.0 to 191.0", [wrong])


def test_the_thick_double_rules_are_the_outer_ones():
    upper, lower = LETTER.parts["upper1"], LETTER.parts["lower1"]
    swapped = LETTER.but(
        upper1=replace(upper, bottom=upper.top + 0.35),
        upper2=replace(upper, top=upper.top + 1.35, bottom=upper.top + 2.35),
    )
    only("double-rule-weights", "0.35 above 1.00", "thick above thin", [swapped])
    swapped = LETTER.but(lower1=replace(lower, bottom=275.65), lower2=replace(lower, top=276.65, bottom=277))
    only("double-rule-weights", "1.00 above 0.35", "thin above thick", [swapped])


def test_the_lower_double_rule_ends_20_mm_above_the_papers_edge():
    lower = {
        name: replace(
            LETTER.parts[name], top=LETTER.parts[name].top - 4, bottom=LETTER.parts[name].bottom - 4
        )
        for name in ("lower1", "lower2")
    }
    only("double-rule-foot", 273, 277, [LETTER.but(**lower)])
    only("double-rule-foot", "", 277, [LETTER.but(lower1=None, lower2=None)])


# Title


def test_the_title_has_22_points():
    only("title-size", 20, 22, [FILE.moved("title", size=20)])


@pytest.mark.parametrize("size", [16, 17, 18])
@pytest.mark.parametrize("missing", [(), ("mark", "number", "rule")])
def test_a_title_in_smaller_type_over_the_addressee(size, missing):
    paper = FILE.but(**dict.fromkeys(missing))
    only("title-size", size, 22, [paper.moved("title", size=size)])


def test_a_line_in_the_bodys_own_face_is_no_title():
    assert said(FILE.moved("title", size=16, face="fang")) == []


def test_the_title_is_centred():
    only("title-centre", 102, 106, [FILE.moved("title", x=102)])


@pytest.mark.parametrize("rows", [-1, 1])
@pytest.mark.parametrize("paper", [FILE, LETTER])
def test_two_empty_lines_stand_above_the_title(paper, rows):
    title = paper.parts["title"]
    found = said(paper.moved("title", y=title.y + rows * PITCH))
    assert [one[0] for one in found] == ["title-below"]
    assert found[0][2] - found[0][3] == pytest.approx(rows * PITCH, abs=1.5)


def test_a_line_of_the_title_has_at_most_20_characters():
    wrong = FILE.moved("title", text="关于进一步推进协商民主优化基层自治第五十一号提案的答复", size=18)
    assert ("title-length", 1, 27.0, 20) in said(wrong)


def test_a_large_line_without_a_red_head_is_measured_as_a_title():
    plain = FILE.but(mark=None, number=None, rule=None, title=None, addressee=None)
    assert said(plain) == []
    only("title-size", 24, 22, [plain.but(title=Words("答复", 106, row(2), 24, "title", "centre"))])


# A word processor's letter

WORD_PITCH = 225 / 22


def word_row(number):
    """Baseline of a row where 225 mm are divided into 22 equal lines."""
    return 37 + number * WORD_PITCH + (WORD_PITCH - 5.644) / 2 + 0.88 * 5.644


def test_a_letter_on_a_word_processors_grid_is_right():
    first = FILE.but(
        number=replace(FILE.parts["number"], y=word_row(7)),
        title=replace(FILE.parts["title"], y=word_row(10) + 0.6),
        addressee=replace(FILE.parts["addressee"], y=word_row(12)),
        **{f"body{place}": replace(FILE.parts[f"body{place}"], y=word_row(13 + place)) for place in range(9)},
        rule=None,
    )
    middle = word_row(7) + 0.12 * 5.644 + 4.4
    first = replace(first, raw=f"1 0 0 RG 0.8 w 28 {middle} m 184 {middle} l S")
    date = 184 - 4 * 5.644
    last = LAST.but(
        body0=replace(LAST.parts["body0"], y=word_row(0)),
        body1=replace(LAST.parts["body1"], y=word_row(1)),
        name=replace(LAST.parts["name"], x=date - 18.35, y=word_row(4)),
        date=replace(LAST.parts["date"], x=date, y=word_row(5)),
    )
    assert said(first, last) == []


# A plain letter


def test_a_plain_letter_has_no_head_and_no_imprint_to_measure():
    plain = LETTER.but(**{name: None for name in LETTER.parts if not name.startswith("body")})
    assert said(plain.but(number=Words("君民复字〔2021〕6号", y=row(0)), name=Words(MARK, 28, row(1)))) == []
