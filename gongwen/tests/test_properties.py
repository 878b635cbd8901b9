"""Any text is set without losing or inventing a character, inside the type area and on the grid."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gongwen import fonts, pdf
from gongwen.compose import CELL, CELLS, NO_END, NO_START, TRACKING, Span, compose
from gongwen.document import Table
from gongwen.tests import letters
from gongwen.tests.reading import body_text, read, squeeze
from gongwen.text import clean

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
RARE = st.sampled_from("㛃𬭚䶮旻晞昉喆镕〇𠮷龘㐂")
MARKS = st.sampled_from("，。、；：？！（）《》〈〉“”‘’【】〔〕—…·～％℃")
WORDS = st.sampled_from(
    (
        *("2021年5月25日", "98.6%", "14:03", "GB/T 9704-2012", "https://www.junshan.gov.cn/a?b=1"),
        *("0730-8178696", "——", "……", "A类", "PM2.5", "1,234,567.89", "（一）", "1.", "x", "第51号"),
    )
)
TEXT = st.lists(st.one_of(HAN, RARE, MARKS, WORDS), min_size=1, max_size=90).map("".join)
CELL_TEXT = st.lists(st.one_of(HAN, RARE, MARKS, WORDS), min_size=1, max_size=20).map("".join)
FORMS = (letters.PLAIN, letters.FILE, replace(letters.FILE, form="letter"))

QUIET = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    # Shrinking a letter takes minutes, as each is set and read back.
    phases=[Phase.explicit, Phase.generate],
)


def printable(text: str) -> bool:
    return not fonts.font_set().missing(text)


@QUIET
@given(st.lists(TEXT.filter(printable), min_size=1, max_size=6), st.sampled_from(FORMS))
def test_the_text_of_the_pages_is_the_text_that_was_given(paragraphs, form):
    pages = read(pdf.render(replace(form, paragraphs=tuple(paragraphs))))
    assert squeeze("".join(paragraphs)) in body_text(pages)
    for page in pages:
        for line in page.lines:
            assert line.left >= 27.9
            assert line.right <= 184.6
            row = (line.baseline - 41.93) / 10.44886
            assert line.size != pytest.approx(16, abs=0.1) or abs(row - round(row)) < 0.02


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXT.filter(printable))
def test_lines_keep_every_character_and_fill_the_measure(text):
    lines = compose([Span(text)], fonts.font_set(), indent=2)
    assert "".join(line.text for line in lines) == text
    for line, following in pairwise(lines):
        measure = (CELLS - line.indent) * CELL - TRACKING
        assert line.width <= measure + 25
        assert following.text[0] not in NO_START or line.text[-1] not in NO_END


@QUIET
@given(st.lists(st.lists(CELL_TEXT.filter(printable), min_size=1, max_size=5), min_size=2, max_size=8))
def test_a_table_loses_no_character_and_keeps_the_order_of_its_undivided_cells(rows):
    table = Table(tuple(tuple(cell.strip() for cell in row) for row in rows))
    said = body_text(read(pdf.render(letters.saying(letters.PLAIN, "如下。", table))))
    cells = [squeeze(cell) for row in table.rows for cell in row]
    assert not Counter("".join(cells)) - Counter(said)
    # A long row is divided over two pages, and its cells with it.
    place = 0
    for cell in (cell for cell in cells if len(cell) < 9):
        place = said.index(cell, place) + len(cell)


@QUIET
@given(st.text(max_size=400))
def test_whatever_is_typed_is_printed_or_refused(text):
    letter = letters.saying(letters.PLAIN, f"甲{text}乙")
    if fonts.font_set().missing(clean(text)):
        with pytest.raises(fonts.MissingGlyphs):
            pdf.render(letter)
    else:
        assert pdf.render(letter).startswith(b"%PDF")
