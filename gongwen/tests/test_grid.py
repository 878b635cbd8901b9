"""The grid, whatever the text: cells, edges, rows, breaks, and what may not stand alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from gongwen import pdf
from gongwen.compose import NO_END, NO_START
from gongwen.tests import letters
from gongwen.tests.reading import body_text, page_texts, read, squeeze

PITCH = 10.44886
BARE_FILE = replace(letters.FILE, contacts=(), copies_to=(), printed_by="", printed_on=None)
RARE = "㛃𬭚䶮旻晞昉喆镕"


def body_lines(pages):
    return [line for page in pages for line in page.lines if abs(line.size - 16) < 0.1]


def test_an_unpunctuated_line_has_28_cells():
    lines = [
        line
        for line in body_lines(read(pdf.render(letters.with_lines(letters.PLAIN, 40))))
        if len(line.text) == 28
    ]
    assert len(lines) >= 38
    for line in lines:
        assert line.left == pytest.approx(28, abs=0.05)
        assert line.right == pytest.approx(184, abs=0.2)
        assert all(step == pytest.approx(5.571, abs=0.02) for step in line.steps)


@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_full_pages_have_22_rows_of_one_pitch(form):
    pages = read(pdf.render(letters.with_lines(form, 90)))
    for page in pages[1:-2]:  # the last but one may have lent its last lines to the page of the date
        assert len(page.lines) == 22
        baselines = [line.baseline for line in page.lines]
        steps = [after - before for before, after in pairwise(baselines)]
        assert all(step == pytest.approx(PITCH, abs=0.03) for step in steps)
        assert baselines[0] == pytest.approx(37 + 0.88 * 5.644, abs=0.1)


def test_rare_characters_do_not_move_their_line():
    text = letters.SMOOTH[:20] + RARE
    pages = read(pdf.render(letters.saying(letters.PLAIN, *(text * 3 for _ in range(12)))))
    baselines = [line.baseline for line in pages[1].lines]
    assert len(baselines) == 22
    assert all(abs(b - baselines[0] - row * PITCH) < 0.05 for row, b in enumerate(baselines))
    assert RARE in body_text(pages)


def test_rare_characters_in_every_role_of_type():
    body = ("一、旻晞昉。喆镕", "（一）㛃𬭚。䶮")
    letter = replace(letters.FILE, paragraphs=body, title="关于旻晞昉喆镕的\n答 复", signers=("冯喆镕",))
    said = body_text(read(pdf.render(letter)))
    assert all(squeeze(part) in said for part in (*body, "关于旻晞昉喆镕的答复", "签发人：冯喆镕"))


MARKS = (
    "他说：“协商于民、协商为民。”（见《村规民约》、《议事会制度》）；“做不做？”“做！”——由百姓决定……真的，（居）民说了算。"
    "共3,456.7万元，占12.5%（2021年5月25日止），电话0730-8178696，见https://www.junshan.gov.cn/a?b=1。"
)


@pytest.mark.parametrize("shift", range(28))
def test_no_line_begins_or_ends_on_a_forbidden_mark(shift):
    paragraph = letters.SMOOTH[:shift] + MARKS * 2
    pages = read(pdf.render(letters.saying(letters.PLAIN, paragraph)))
    lines = body_lines(pages)[2:-3]
    for line in lines:
        assert line.text[0] not in NO_START
        assert line.text[-1] not in NO_END or line is lines[-1]
        assert line.right < 184.6
    for line in lines[:-1]:
        assert line.right > 183.4
    whole = "".join(f"|{line.text}" for line in lines)
    for unbroken in (
        "3,456.7",
        "12.5%",
        "2021年5月25日",
        "0730-8178696",
        "https://www.junshan.gov.cn/a?b=1",
        "——",
        "……",
    ):
        assert unbroken in whole
    assert paragraph in whole.replace("|", "")


@pytest.mark.parametrize("length", range(50, 60))
def test_a_last_mark_is_pushed_in_or_takes_a_character_along(length):
    words = (letters.SMOOTH * 3)[:length]
    paragraph = f"{words[:10]}，{words[10:20]}、{words[20:]}。”"
    lines = body_lines(read(pdf.render(letters.saying(letters.PLAIN, paragraph))))[2:-3]
    assert "".join(line.text for line in lines) == paragraph
    assert all(line.right < 184.3 for line in lines)
    assert all(line.text[0] not in NO_START for line in lines)


def test_spaces_at_the_end_of_a_line_take_no_room_beyond_the_edge():
    paragraph = "".join(f"{char} \u3000 " for char in letters.SMOOTH * 2)
    lines = body_lines(read(pdf.render(letters.saying(letters.PLAIN, paragraph))))[2:-3]
    assert squeeze("".join(line.text for line in lines)) == squeeze(paragraph)
    assert all(line.right < 184.6 for line in lines)


def test_an_address_longer_than_a_line_is_broken_and_stays_inside():
    address = "https://www.junshan.gov.cn/" + "a1b2c3d4e5/" * 20
    pages = read(pdf.render(letters.saying(letters.PLAIN, f"见{address}。")))
    assert address in body_text(pages)
    assert all(line.right < 184.6 for line in body_lines(pages))


@pytest.mark.parametrize("shift", range(0, 28, 3))
def test_a_long_address_does_not_tear_the_line_before_it(shift):
    address = "https://jt.junshan.gov.cn/zwgk/2021/index.html?id=8&page=2"
    paragraph = f"{letters.SMOOTH[:shift]}，项目已在网站 {address} 公示，电话0730-8178696转8006。"
    lines = body_lines(read(pdf.render(letters.saying(letters.PLAIN, paragraph))))[2:-3]
    assert squeeze("".join(line.text for line in lines)) == squeeze(paragraph)
    assert all(line.right > 183.4 for line in lines[:-1])
    assert any("0730-8178696" in line.text for line in lines)


def test_latin_words_stay_whole_and_keep_their_spaces():
    words = "The quick brown fox jumps over the lazy dog while civil affairs answer every proposal in time"
    pages = read(pdf.render(letters.saying(letters.PLAIN, f"译文：{words}，完。")))
    lines = [line.text for line in body_lines(pages)[2:-3]]
    assert words in "".join(lines)
    assert all(not (a[-1].isalpha() and b[0].isalpha() and a.isascii()) for a, b in pairwise(lines))


LENGTHS = [(letters.PLAIN, range(1, 61)), (letters.FILE, range(1, 61)), (BARE_FILE, range(20, 43))]


@pytest.mark.slow
@pytest.mark.parametrize(("form", "lengths"), LENGTHS)
def test_no_length_of_body_strands_the_date(form, lengths):
    for count in lengths:
        pages = page_texts(pdf.render(letters.with_lines(form, count)))
        with_date = next(page for page in pages if "2021年5月25日" in page)
        above = with_date.partition("2021年5月25日")[0]
        assert any(
            set(line) <= set(letters.SMOOTH) and len(line) in (26, 28) for line in above.splitlines()
        ), count
        body = [line for page in pages for line in page.splitlines() if set(line) <= set(letters.SMOOTH)]
        assert sum(len(line) in (26, 28) for line in body) == count


@pytest.mark.parametrize("count", [1, 2, 5, 20])
@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_addressees_wrap_flush_left(form, count):
    names = tuple(f"区政协第{number}委员小组" for number in range(1, count + 1))
    pages = read(pdf.render(replace(form, addressees=names)))
    assert "、".join(names) + "：" in body_text(pages)
    head = pages[0].lines
    first = next(place for place, line in enumerate(head) if line.text.startswith("区政协第1"))
    last = next(place for place, line in enumerate(head) if line.text.endswith("："))
    assert all(line.left == pytest.approx(28, abs=0.05) for line in head[first : last + 1])


def test_addressees_that_would_crowd_the_body_out_move_to_the_foot():
    names = tuple(f"岳阳市君山区第{number}街道办事处工作委员会" for number in range(1, 21))
    pages = read(pdf.render(replace(letters.FILE, addressees=names)))
    assert any("你们提出的" in line.text for line in pages[0].lines)
    assert "主送：" + names[0] in body_text(pages[-1:])


def test_an_imprint_without_room_stands_at_the_foot_of_the_next_page():
    crowded = replace(letters.with_lines(letters.FILE, 2), contacts=letters.FILE.contacts * 1)
    pages = read(pdf.render(crowded))
    assert pages[-1].rects[-1]["bottom"] * 25.4 / 72 == pytest.approx(262, abs=0.05)


def test_thirty_contact_lines_run_on():
    letter = replace(letters.PLAIN, contacts=tuple(f"联系人{number}：某某" for number in range(30)))
    assert body_text(read(pdf.render(letter))).endswith("联系人29：某某")
