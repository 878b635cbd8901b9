"""What follows the body: 附件说明, signature block in the three ways of GB/T 9704-2012 7.3.5, note, contacts.

Rows are counted from the block's own first row, which is the first after the last line above it.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongwen.compose import CELL, TRACKING, Line, Span, compose, width
from gongwen.document import Letter
from gongwen.fonts import FontSet
from gongwen.heads import issuing, printed
from gongwen.paper import (
    BODY,
    CELL_MM,
    LEFT_MM,
    MEASURE_MM,
    PITCH_MM,
    POINTS,
    RIGHT_MM,
    Figure,
    Text,
    Type,
    extent,
    middle_of,
    paragraph,
    placed,
    placed_around,
    row_below,
)
from gongwen.seals import seal_of, stamp_of

_DATE_RIGHT_MM = 4 * CELL_MM
_UNSEALED_RIGHT_MM = 2 * CELL_MM
_LONGEST_DATE = "2021年12月31日"
# Name and date lie slightly below the seal's centre (7.3.5.1).
_SEAL_ABOVE_MM = 3.0
_HALF_CHARACTER_MM = BODY / POINTS / 2
_BETWEEN_SEALS_MM = 1.0
_BETWEEN_ROWS_MM = 1.5
_SEALS_A_ROW = 3
_AFTER_PLACE = re.compile("[省市区县州盟旗乡镇]|街道|委员会|人民政府")
_STAMP_ROWS = 2
_ATTACHED = "附件："


def chinese_date(date: datetime.date | None) -> str:
    """成文日期 in Arabic figures without leading zeros (7.3.5.4); empty for a draft."""
    return f"{date.year}年{date.month}月{date.day}日" if date else ""


@dataclass(frozen=True)
class Block:
    """Texts and pictures as they stand when the block begins on row 0, and the rows that it takes."""

    content: tuple[Text | Figure, ...]
    rows: int


def signature_block(letter: Letter, fonts: FontSet) -> Block:
    """Name, date, seal or stamp with the empty rows above and below that belong to them."""
    if letter.stamp:
        return _stamped(letter, fonts)
    return _sealed(letter, fonts) if letter.sealed else _unsealed(letter, fonts)


def _date_width(letter: Letter, fonts: FontSet) -> float:
    return extent(chinese_date(letter.date) or _LONGEST_DATE, fonts)


def _date(letter: Letter, fonts: FontSet, x: float, row: float) -> list[Text]:
    date = chinese_date(letter.date)
    return [Text("P", (placed(date, fonts, x, row),))] if date else []


# With seals (7.3.5.1)


def _sealed(letter: Letter, fonts: FontSet) -> Block:
    names, wide = issuing(letter), _date_width(letter, fonts)
    centre = RIGHT_MM - _DATE_RIGHT_MM - wide / 2
    if len(names) == 1:  # a long name keeps within the type area, and the date stays under its middle
        centre = min(centre, max(RIGHT_MM - extent(names[0], fonts) / 2, LEFT_MM + wide / 2))
    widest = max((extent(name, fonts) for name in names), default=0.0)
    content: list[Text | Figure] = []
    row, middle, first = 0, 0.0, True
    for start, centres in _rows_of_names(names, widest, centre, letter.seal_mm):
        here = names[start : start + len(centres)]
        lines = [_name_lines(name, fonts, centres, alone=len(names) == 1) for name in here]
        height = max(map(len, lines), default=0)
        with_date = start + len(here) == len(names)
        # The middle of the seal's names, and of the last one's with the date, from the first of their rows.
        inner = height / 2 if with_date else (height - 1) / 2
        row = (
            _rows_above_seal(letter.seal_mm, inner) if first else _row_clear_of(middle, letter.seal_mm, inner)
        )
        middle, first = row + inner, False
        for one, x in zip(lines, centres, strict=False):
            # Short names stand about the middle of their seals, the last one right above the date.
            down = height - len(one)
            if not with_date or one is not lines[-1]:
                down = min(down, math.ceil((down + with_date) / 2))
            content.append(Text("P", _stacked(one, fonts, x, row + down)))
        content += _seals(letter, start, centres or [centre], middle)
        row += height
    content += _date(letter, fonts, centre - wide / 2, row)
    return Block(tuple(content), max(row + 1, _row_below_seal(letter.seal_mm, middle)))


def _row_clear_of(middle: float, seal_mm: float, inner: float) -> int:
    """The first row of names whose seals stand clear of the row of seals above them."""
    return math.ceil(middle - inner + (seal_mm + _BETWEEN_ROWS_MM) / PITCH_MM)


def _row_below_seal(seal_mm: float, middle: float) -> int:
    """The first row whose characters clear a seal around this row."""
    foot = middle_of(middle) - _SEAL_ABOVE_MM + seal_mm / 2
    return math.ceil(row_below(foot) - 0.05)


def _rows_above_seal(seal_mm: float, middle: float) -> int:
    """Empty rows, the fewest that leave the seal's upper edge below the last line and within one line of it."""
    for rows in range(1, 20):
        top = (rows + middle + 1) * PITCH_MM - _SEAL_ABOVE_MM - seal_mm / 2
        if top >= _HALF_CHARACTER_MM:
            return rows
    return 20


def _rows_of_names(
    names: Sequence[str], widest: float, last: float, seal_mm: float
) -> list[tuple[int, list[float]]]:
    """(number of the first, middles from left to right in mm) of each row: up to three seals that never touch.

    The names of a row stand as far apart as the widest of them asks for, where there is room.
    """
    if len(names) <= 1:
        return [(0, [last] * len(names))]
    room = last - LEFT_MM - seal_mm / 2
    most = min(_SEALS_A_ROW, 1 + int(room / (seal_mm + _BETWEEN_SEALS_MM)))
    rows = []
    for start in range(0, len(names), most):
        count = min(most, len(names) - start)
        step = min(room / max(1, count - 1), max(seal_mm + 5, widest + 1))
        rows.append((start, [last - step * place for place in reversed(range(count))]))
    return rows


def _name_lines(name: str, fonts: FontSet, centres: Sequence[float], *, alone: bool) -> list[str]:
    """The name on one line, or on as many as the room beside its neighbours or the edge asks for."""
    beside = centres[1] - centres[0] - 0.5 if len(centres) > 1 else 2 * (RIGHT_MM - centres[-1])
    room = MEASURE_MM if alone else min(beside, 2 * (RIGHT_MM - centres[-1]))
    count = math.ceil(extent(name, fonts) / room)
    if count == 2 and (seams := [match.end() for match in _AFTER_PLACE.finditer(name)]):
        seam = min(seams, key=lambda place: abs(place - len(name) / 2))
        parts = [name[:seam], name[seam:]]
        if all(part and extent(part, fonts) <= room for part in parts):
            return parts
    size = math.ceil(len(name) / count)
    return [name[place : place + size] for place in range(0, len(name), size)]


def _stacked(lines: Sequence[str], fonts: FontSet, centre: float, row: int) -> tuple[Type, ...]:
    return tuple(placed_around(line, fonts, centre, row + place) for place, line in enumerate(lines))


def _seals(letter: Letter, start: int, centres: Sequence[float], row: float) -> list[Text | Figure]:
    names = issuing(letter) or [""]
    middle = middle_of(row) - _SEAL_ABOVE_MM
    return [
        seal_of(picture, name, x, middle, letter.seal_mm)
        for picture, name, x in zip(letter.seals[start:], names[start:], centres, strict=False)
    ]


# Without seals (7.3.5.2), and with a signature stamp (7.3.5.3)


def _unsealed(letter: Letter, fonts: FontSet) -> Block:
    """One empty row; names with two cells at the right; the date two cells in from the last name's start."""
    names, date = issuing(letter), _date_width(letter, fonts)
    longest = max((extent(name, fonts) for name in names), default=0.0)
    start = min(RIGHT_MM - _UNSEALED_RIGHT_MM - longest, RIGHT_MM - _UNSEALED_RIGHT_MM - date - 2 * CELL_MM)
    start = max(LEFT_MM, start) if names else RIGHT_MM - _UNSEALED_RIGHT_MM - date - 2 * CELL_MM
    content: list[Text | Figure] = [
        Text("P", (placed(name, fonts, start, 1 + place),)) for place, name in enumerate(names)
    ]
    content += _date(letter, fonts, start + 2 * CELL_MM, 1 + len(names))
    return Block(tuple(content), 2 + len(names))


def _stamped(letter: Letter, fonts: FontSet) -> Block:
    """The stamp two rows below, four cells from the right, its holder's office at its left; one row; the date."""
    stamp = letter.stamp
    assert stamp is not None  # noqa: S101 (asked by the caller)
    figure = stamp_of(stamp, fonts, RIGHT_MM - _DATE_RIGHT_MM, middle_of(2.5), _STAMP_ROWS * PITCH_MM - 3)
    content: list[Text | Figure] = []
    for title in printed([stamp.title]):
        x = max(LEFT_MM, figure.x - 2 * CELL_MM - extent(title, fonts))
        content.append(Text("P", (placed(title, fonts, x, 2.5),)))
    content.append(figure)
    wide = _date_width(letter, fonts)
    content += _date(letter, fonts, RIGHT_MM - _DATE_RIGHT_MM - wide, 3 + _STAMP_ROWS)
    return Block(tuple(content), 4 + _STAMP_ROWS)


# Note and contact lines


def closing_lines(letter: Letter, fonts: FontSet) -> list[list[Line]]:
    """附注 in brackets, two cells in (7.3.6), then the contact lines: one list of lines for each."""
    notes = [
        paragraph(note if note.startswith("（") else f"（{note}）", fonts, indent=2)
        for note in printed([letter.note])
    ]
    contacts = [paragraph(line, fonts, indent=2, hang=2) for line in printed(letter.contacts)]
    return notes + contacts


def attachments_note(letter: Letter, fonts: FontSet) -> list[list[Line]]:
    """附件说明: two cells in, numbered where there are several, turned over under the name (7.3.4)."""
    names = printed(attachment.title for attachment in letter.attachments)
    found = []
    for number, name in enumerate(names, start=1):
        label = _ATTACHED if number == 1 else ""
        mark = f"{number}. " if len(names) > 1 else ""
        start = 2 + len(_ATTACHED)
        hang = start + ((width(mark, fonts) + TRACKING) / CELL if mark else 0)
        text = label + mark + name.rstrip("。；")
        found.append(compose([Span(text)], fonts, indent=start - len(label), hang=hang))
    return found
