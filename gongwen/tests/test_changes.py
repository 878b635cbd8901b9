"""Two forms of a text compared, for a page or a terminal to show."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen.changes import Change, changes, marked
from gongwen.repair import repair
from gongwen.tests import letters

RAW = (Path(__file__).parent / "data" / "junshan-51.raw.txt").read_text(encoding="utf-8")


def replayed(before: str, found: list[Change]) -> str:
    """The text after the changes."""
    for change in reversed(found):
        assert before[change.start : change.start + len(change.removed)] == change.removed
        before = before[: change.start] + change.added + before[change.start + len(change.removed) :]
    return before


def test_every_reading_and_mark_of_the_scraped_sample_is_a_change():
    found = changes(RAW, repair(RAW))
    assert replayed(RAW, found) == letters.SAMPLE
    assert found[0] == Change(1, 0, "對(duì)", "对")
    assert found[-1].added == "\n"
    assert max(len(change.removed) for change in found) < 40


def test_changes_are_marked_in_their_lines():
    before, after = "甲,乙\n不变\n丙丁", "甲，乙\n不变\n丁戊\n"
    assert marked(before, changes(before, after)) == ["1: 甲[-,-]{+，+}乙", "3: [-丙-]丁{+戊↵+}"]


def test_a_text_as_it_was_has_no_changes():
    assert changes(RAW, RAW) == []
    assert marked("", []) == []


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [("", "甲", 1), ("甲\n乙\n", "甲\n乙\n丙\n", 2), ("甲\n乙\n丙\n", "甲\n丙\n", 2)],
)
def test_lines_that_come_and_go(before, after, line):
    found = changes(before, after)
    assert (len(found), found[0].line) == (1, line)
    assert replayed(before, found) == after


TEXT = st.text("甲乙,，\n\r()a", max_size=30)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
def test_the_changes_lead_from_one_text_to_the_other(before, after):
    found = changes(before, after)
    assert replayed(before, found) == after
    assert all(1 <= change.line <= before.count("\n") + 1 for change in found)
    assert len(marked(before, found)) == len({change.line for change in found})


@pytest.mark.parametrize("text", ["會,會\n" * 60_000, "對(duì)" * 60_000, ",會" * 150_000])
def test_much_text_takes_little_time(text):
    after = repair(text)
    started = time.process_time()
    marked(text, changes(text, after))
    assert time.process_time() - started < 20
