"""What measure says of the parts of a letter: nothing of right ones, and each fault of pages drawn wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen.measure import measure
from gongwen.measure_words import sentence
from gongwen.tests.sheets import (
    CELL,
    DATE,
    DATE_MIDDLE,
    FILE,
    LAST,
    LETTER,
    MARK,
    PITCH,
    SEAL_Y,
    SEALED,
    UNSEALED,
    Bar,
    Words,
    body,
    drawn,
    ring,
    row,
)

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


def said(*papers):
    """(rule, page, measured, wanted) of every departure."""
    departures = measure(drawn(*papers))
    assert all(sentence(one) for one in departures)
    return [(one.rule, one.page, one.measured, one.wanted) for one in departures]


def only(rule, measured, wanted, papers, page=1, tolerance=0.1):
    """The one departure that these pages have."""
    ((found, at, figure, right),) = said(*papers)
    assert (found, at) == (rule, page)
    expected = measured if isinstance(measured, str) else pytest.approx(measured, abs=tolerance)
    assert figure == expected
    assert right == (wanted if isinstance(wanted, str) else pytest.approx(wanted, abs=0.05))


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
    assert DATE
