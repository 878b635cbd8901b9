"""Tables as lines of text, read and written."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen.document import Table
from gongwen.tables_text import block_lines, blocks, table_lines

ROWS = ["| 序号 | 建议 |", "| 1 | 甲 |", "| 2 | 乙 |"]
CELLS = (("序号", "建议"), ("1", "甲"), ("2", "乙"))


def test_rows_between_paragraphs_are_a_table_whose_first_row_is_the_head():
    assert blocks(["前。", *ROWS, "后。"]) == ("前。", Table(CELLS), "后。")


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_what_stands_above_the_dividing_line_is_the_head(place):
    lines = [*ROWS[:place], "|---|:---:|", *ROWS[place:]]
    assert blocks(lines) == (Table(CELLS, head=place),)


@pytest.mark.parametrize("divider", ["|---|---|", "| --- | --- |", "|:--- |---:", "| ---- | ------ |"])
def test_forms_of_the_dividing_line(divider):
    assert blocks([ROWS[0], divider, *ROWS[1:]]) == (Table(CELLS),)


@pytest.mark.parametrize(
    "caption", ["表1 采纳情况", "表 1：采纳情况", "表一　采纳情况", "附表2 采纳情况", "表：采纳情况", "表1"]
)
def test_a_line_directly_above_that_names_a_table_is_its_caption(caption):
    assert blocks(["见下表。", caption, *ROWS]) == ("见下表。", Table(CELLS, caption))


@pytest.mark.parametrize("line", ["表示感谢。", "表扬名单", "见表1。", "表1 " + "长" * 100])
def test_other_lines_above_a_table_stay_paragraphs(line):
    assert blocks([line, *ROWS]) == (line, Table(CELLS))


def test_a_caption_with_an_empty_line_below_it_is_a_paragraph():
    assert blocks(["表1 情况", "", *ROWS]) == ("表1 情况", Table(CELLS))


def test_an_empty_line_parts_two_tables():
    assert blocks([*ROWS, "", *ROWS]) == (Table(CELLS), Table(CELLS))


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (r"| a\|b | c |", ("a|b", "c")),
        ("|甲|乙|", ("甲", "乙")),
        ("| 甲 | 乙", ("甲", "乙")),
        ("| 甲 | |", ("甲", "")),
        ("||", ("",)),
        ("|  | 乙 |", ("", "乙")),
        ("| - | — |", ("-", "—")),
        (r"| C:\ | \\ |", ("C:\\", "\\\\")),
    ],
)
def test_cells(line, cells):
    assert blocks([line]) == (Table((cells,)),)


@pytest.mark.parametrize("line", ["|甲", "甲|乙|丙", "｜甲｜乙｜", r"|甲\|乙", "|---|---|"])
def test_lines_that_are_no_table(line):
    assert blocks([line]) == (line,)


def test_a_line_end_in_a_cell_becomes_a_space():
    assert table_lines(Table((("甲\n乙", "丙"),)))[0] == "| 甲 乙 | 丙 |"


CELL = st.text("甲乙|\\-: a1\u3000", max_size=6).map(lambda text: text.strip(" \u3000"))
ROW = st.lists(CELL, min_size=1, max_size=5).map(tuple)
CAPTION = st.just("") | st.text("采纳情况|1", max_size=6).map("表1 {}".format).map(str.strip)


@st.composite
def tables(draw):
    rows = tuple(
        draw(st.lists(ROW.filter(lambda row: not set("".join(row)) <= set("-:")), min_size=1, max_size=6))
    )
    return Table(rows, draw(CAPTION), draw(st.integers(0, len(rows))))


@settings(max_examples=300, deadline=None)
@given(tables())
def test_a_table_that_is_written_and_read_is_the_same(table):
    assert blocks(table_lines(table)) == (table,)


@settings(max_examples=150, deadline=None)
@given(st.lists(tables() | st.sampled_from(["前。", "表1 情况", "一、甲。"]), max_size=6).map(tuple))
def test_a_body_that_is_written_and_read_is_the_same(body):
    assert blocks(block_lines(body)) == body


@pytest.mark.parametrize("line", ["|" * 1_000_000, "| a " * 250_000, "\\|" * 500_000, "|---" * 250_000 + "x"])
def test_a_megabyte_takes_little_time(line):
    started = time.process_time()
    blocks([line, "表" * 10, *["| a | b |"] * 10_000])
    assert time.process_time() - started < 10
