"""What measure says of a letter's end, of attachments, and of what stands outside the type area."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen.tests import sheets
from gongwen.tests.sheets import (
    CELL,
    DATE_MIDDLE,
    LAST,
    LETTER,
    PITCH,
    SEAL_Y,
    SEALED,
    UNSEALED,
    Bar,
    Words,
    body,
    only,
    ring,
    row,
    said,
)

FILE = sheets.FILE.but(page=Words("— 1 —", 184 - 14 * 25.4 / 72, 270.91, 14, "song", "right"))

# Names, date and seal


@pytest.mark.parametrize("moved", [-6, 8])
def test_date_of_a_sealed_letter_keeps_four_characters(moved):
    last = SEALED.but(
        name=replace(SEALED.parts["name"], x=DATE_MIDDLE + moved),
        date=replace(SEALED.parts["date"], x=161.714 + moved),
    )
    last = replace(last, raw=ring(DATE_MIDDLE + moved, SEAL_Y, 21))
    only("date-right", 161.71 + moved, 161.71, [FILE, last], page=2)


def test_the_name_stands_centred_over_the_date():
    only("name-centre", DATE_MIDDLE - 4, DATE_MIDDLE, [FILE, SEALED.moved("name", x=DATE_MIDDLE - 4)], page=2)


def test_the_date_of_an_unsealed_letter_begins_two_characters_after_the_name():
    date = UNSEALED.parts["date"]
    only("date-left", date.x + 2, date.x, [FILE, UNSEALED.but(date=replace(date, x=date.x + 2))], page=2)


def test_name_and_date_of_an_unsealed_letter_keep_two_characters():
    name, date = UNSEALED.parts["name"], UNSEALED.parts["date"]
    wrong = UNSEALED.but(name=replace(name, x=184), date=replace(date, x=date.x + 2 * CELL))
    only("name-right", 184, 184 - 2 * CELL, [FILE, wrong], page=2)


def test_a_date_without_a_name_keeps_four_characters_or_two():
    bare = LAST.but(name=None)
    assert said(FILE, bare) == []
    assert said(FILE, bare.moved("date", x=184 - 2 * CELL)) == []
    only("date-right", 184, 184 - 2 * CELL, [FILE, bare.moved("date", x=184)], page=2)


def test_a_signature_does_not_stand_alone():
    alone = LAST.but(
        body0=None,
        body1=None,
        name=replace(LAST.parts["name"], y=row(0)),
        date=replace(LAST.parts["date"], y=row(1)),
    )
    only("signature-alone", 0, 1, [FILE, alone], page=2)
    excused = LAST.but(body1=None, body0=Words("（此页无正文）", 28 + 2 * CELL, row(1)))
    only("signature-alone", 0, 1, [FILE, excused], page=2)


@pytest.mark.parametrize("aside", [-3, 2])
def test_the_seal_is_centred_on_the_date(aside):
    wrong = replace(LAST, raw=ring(DATE_MIDDLE + aside, SEAL_Y, 21))
    only("seal-centre", DATE_MIDDLE + aside, DATE_MIDDLE, [FILE, wrong], page=2)


def test_the_seal_begins_within_a_line_below_the_body():
    right = said(FILE, SEALED)
    assert right == []
    low = replace(
        LAST.moved("name", y=row(6)).moved("date", y=row(7)), raw=ring(DATE_MIDDLE, SEAL_Y + 2 * PITCH, 21)
    )
    rule, page, measured, wanted = said(FILE, low)[0]
    assert (rule, page, wanted) == ("seal-top", 2, 10.45)
    assert measured > PITCH
    high = replace(LAST, raw=ring(DATE_MIDDLE, SEAL_Y - 6, 27))
    rule, page, measured, wanted = said(FILE, high)[0]
    assert (rule, page, wanted) == ("seal-top", 2, 0)
    assert measured < 0


def test_a_seal_stands_on_text():
    last = replace(LAST, raw=ring(DATE_MIDDLE, 170, 21))
    only("seal-blank", 149, "", [FILE, last], page=2)


def test_a_seal_may_be_a_picture():
    def picture(x):
        return f"q 42 0 0 42 {x - 21} {SEAL_Y - 21} cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID \x7f\x00\x00 EI Q"

    assert said(FILE, replace(LAST, raw=picture(DATE_MIDDLE))) == []
    wrong = replace(LAST, raw=picture(DATE_MIDDLE + 2))
    only("seal-centre", DATE_MIDDLE + 2, DATE_MIDDLE, [FILE, wrong], page=2)


# 版记


@pytest.mark.parametrize(
    ("name", "weight", "wanted"), [("rule1", 0.7, 0.35), ("rule2", 0.35, 0.25), ("rule3", 0.25, 0.35)]
)
def test_the_imprints_rules_have_their_weights(name, weight, wanted):
    bar = LAST.parts[name]
    wrong = LAST.but(**{name: replace(bar, top=bar.bottom - weight)})
    only("imprint-rule-weight", weight, wanted, [FILE, wrong], page=2, tolerance=0.01)


def test_the_imprints_rules_are_as_wide_as_the_type_area():
    wrong = LAST.moved("rule2", left=33)
    only("imprint-rule-edges", "33.0 to 184.0", "28.0 to 184.0", [FILE, wrong], page=2)


@pytest.mark.parametrize("moved", [-5, -1, 1])
def test_the_imprints_last_rule_is_the_lower_edge_of_the_type_area(moved):
    parts = {}
    for name in ("rule1", "rule2", "rule3"):
        bar = LAST.parts[name]
        parts[name] = replace(bar, top=bar.top + moved, bottom=bar.bottom + moved)
    only("imprint-foot", 262 + moved, 262, [FILE, LAST.but(**parts)], page=2, tolerance=0.02)


def test_the_imprints_text_has_14_points_and_one_character_at_either_side():
    only("imprint-size", 12, 14, [FILE, LAST.moved("copies", size=12)], page=2)
    only("imprint-left", 28, 32.94, [FILE, LAST.moved("copies", x=28)], page=2)
    only("imprint-right", 184, 179.06, [FILE, LAST.moved("printed", x=184)], page=2)


# Attachments and what stands outside

ATTACHED = LAST.but(**dict.fromkeys(LAST.parts)).but(
    label=Words("附件1", face="hei"),
    title=Words("君山区协商民主工作清单", 106, row(2) + 0.6, 22, "title", "centre"),
    **body(4, 6),
    page=Words("— 2 —", 28 + 14 * 25.4 / 72, 270.91, 14, "song"),
)


def test_an_attachments_label_is_black_and_first():
    assert said(FILE, ATTACHED) == []
    only("attachment-type", "fang", "黑体", [FILE, ATTACHED.moved("label", face="fang")], page=2)
    only("attachment-left", 28 + 2 * CELL, 28, [FILE, ATTACHED.moved("label", x=28 + 2 * CELL)], page=2)
    lower = ATTACHED.moved("label", y=row(1))
    only("attachment-top", 37 + PITCH, 37, [FILE, lower], page=2)


def test_the_letter_forms_first_page_bears_no_number():
    number = Words("— 1 —", 184 - 14 * 25.4 / 72, 270.91, 14, "song", "right")
    only("first-page-number", "— 1 —", "", [LETTER.but(page=number)])


def test_page_1_bears_a_number_where_others_do():
    only("page-number-place", "", "179.1, 269.0", [sheets.FILE, LAST])
    assert said(sheets.FILE, LAST.but(page=None)) == []
    assert said(LETTER, LAST) == []


def numbered(number, **others):
    """A page of text with this number on its proper side."""
    side, align = (184 - 14 * 25.4 / 72, "right") if number % 2 else (28 + 14 * 25.4 / 72, "left")
    page = Words(f"— {number} —", side, 270.91, 14, "song", align)
    return sheets.Paper({**body(0, 22), "page": page, **others})


@pytest.mark.parametrize(
    ("numbers", "page", "wanted"), [((2, 1), 2, "3"), ((1, 2, 1), 3, "3"), ((1, 1), 2, "2"), ((1, 3), 2, "2")]
)
def test_page_numbers_follow_one_another(numbers, page, wanted):
    found = said(*map(numbered, numbers))
    assert found == [("page-number-order", page, str(numbers[-1]), wanted)]


def test_page_numbers_may_begin_anew_with_an_attachment():
    assert said(numbered(3), numbered(4)) == []
    attached = numbered(1, body0=Words("附件1", face="hei"))
    assert said(numbered(1), numbered(2), attached) == []


def test_nothing_stands_above_or_below_the_type_area():
    only("outside-area", 20 - 0.88 * 10.5 * 25.4 / 72, 37, [FILE.but(top=Words("内部资料", y=20, size=10.5))])
    only(
        "outside-area", 286 + 0.12 * 10.5 * 25.4 / 72, 262, [FILE.but(foot=Words("第一页", y=286, size=10.5))]
    )
    only("outside-area", 20, 37, [FILE.but(line=Bar(28, 20, 184, 20.3))])


@pytest.mark.parametrize(("top", "bottom"), [(34.4, 100.0), (200.0, 264.0)])
def test_a_table_that_leaves_the_type_area(top, bottom):
    table = {"upper": Bar(28, top, 184, top + 0.35), "lower": Bar(28, bottom - 0.35, 184, bottom)}
    page = ATTACHED.but(**dict.fromkeys(f"body{place}" for place in range(6)), **table)
    outer = top if top < 37 else bottom
    only("outside-area", outer, 37 if top < 37 else 262, [FILE, page], page=2)


def test_a_small_square_picture_in_the_margin_is_no_departure():
    code = "q 18 0 0 18 170 8 cm BI /W 1 /H 1 /CS /G /BPC 8 ID a EI Q"
    assert said(replace(FILE, raw=code)) == []
