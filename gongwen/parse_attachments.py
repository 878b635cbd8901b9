"""The attachments' own pages below a letter in its natural order: a line that is just 附件1, a title, the rest.

Which names the letter itself gives them is found by parse_closing, and what is in files by enclosures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from gongwen.document import Attachment
from gongwen.tables_text import blocks
from gongwen.text import level
from gongwen.typed import is_date_line, strip_empty

_MARK = re.compile("附件 ?([0-9]{1,2}|[一二三四五六七八九十])?[：:]?")
_NUMERALS = "一二三四五六七八九十"
_ITEM = re.compile("[0-9]{1,2} ?[.．、]")
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_SENTENCE_MARKS = re.compile("[。！？；]")

_MAX_SECTIONS = 99
_MAX_TITLE_LINES = 3
_MAX_TITLE = 120
_SHORT = 40
_ALIKE = 0.75


@dataclass(frozen=True)
class Section:
    """An attachment's own pages; `number` is 0 where the line above them gives none."""

    number: int
    lines: tuple[str, ...]


def take_sections(lines: list[str], given: Mapping[str, Any]) -> list[Section]:
    """The sections, taken off the end: from the first 附件 line below the date, or of all where there is none."""
    marks = _marks(lines, given)
    found = [_section(lines[start:end]) for start, end in pairwise([*marks, len(lines)])]
    if marks:
        del lines[marks[0] :]
    return found


def _marks(lines: list[str], given: Mapping[str, Any]) -> list[int]:
    marks = [place for place, line in enumerate(lines) if _MARK.fullmatch(line) and _line_below(lines, place)]
    date = next((place for place, line in enumerate(lines) if is_date_line(line)), None)
    if date is not None and "date" not in given:
        return [place for place in marks if place > date][:_MAX_SECTIONS]
    # 附件： with 1. 甲 below it is the list of names under the body.
    while marks and lines[marks[0]].endswith(("：", ":")) and _ITEM.match(_line_below(lines, marks[0])):
        del marks[0]
    return marks[:_MAX_SECTIONS]


def _line_below(lines: list[str], place: int) -> str:
    """The next line that says something, unless it begins an attachment itself."""
    below = next((line for line in lines[place + 1 : place + 50] if line), "")
    return "" if _MARK.fullmatch(below) else below


def _section(lines: Sequence[str]) -> Section:
    mark = _MARK.fullmatch(lines[0])
    said = (mark[1] if mark else "") or "0"
    number = int(said) if said.isdigit() else _NUMERALS.index(said) + 1
    return Section(number, tuple(lines[1:]))


def attachments(names: Sequence[str], sections: Sequence[Section]) -> tuple[Attachment, ...]:
    """One attachment for each name, with the section of its number or else its place; further sections behind."""
    found = [Attachment(name) for name in names]
    for place, section in enumerate(sections, start=1):
        index = (section.number or place) - 1
        if index < len(names) and not found[index].blocks:
            found[index] = _attachment(names[index], section.lines)
        else:
            found.append(_attachment("", section.lines))
    return tuple(found)


def _attachment(name: str, lines: Sequence[str]) -> Attachment:
    rest = list(lines)
    strip_empty(rest)
    length = _title_length(name, rest)
    title = name or "".join(rest[:length])
    return Attachment(title, blocks(rest[length:]))


def _title_length(name: str, lines: Sequence[str]) -> int:
    """How many of the first lines are the title: those that say the name, or without one a short line."""
    if not name:
        return int(bool(lines) and _is_short(lines[0]))
    lengths = range(1, min(_MAX_TITLE_LINES, len(lines)) + 1)
    same = (length for length in lengths if _bare("".join(lines[:length])) == _bare(name))
    return next(same, int(bool(lines) and _resembles(lines[0], name)))


def _is_short(line: str) -> bool:
    return (
        len(line) <= _SHORT
        and not _SENTENCE_MARKS.search(line)
        and not line.startswith("|")
        and not level(line)
    )


def _bare(said: str) -> str:
    return _NOT_IN_NAMES.sub("", said[:_MAX_TITLE])


def _resembles(line: str, name: str) -> bool:
    """Whether the line is a fuller, shorter or slightly other form of the name."""
    if len(line) > _MAX_TITLE or line.startswith("|"):
        return False
    said, named = _bare(line), _bare(name)
    shorter, longer = sorted((said, named), key=len)
    if len(shorter) * 2 >= len(longer) and shorter in longer:
        return bool(shorter)
    return SequenceMatcher(None, said, named, autojunk=False).ratio() >= _ALIKE
