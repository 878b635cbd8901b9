"""Body and attachments onto pages: which line or row of a table stands where, and what may not stand alone.

Knows nothing of what is written in them, nor what stands above and below.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongwen.compose import Line
from gongwen.paper import LOWER_MM, PITCH_MM, ROWS, TOP_MM, UPPER_MM, Sheet, Text, lines_at
from gongwen.tables import Row, SetTable, draw_table

_AROUND_TABLE = 0.3  # rows of the grid
_EXACT = 1e-6
_LONGEST_LEAD = 6  # rows
# A rule keeps to the type area, which begins below the first line box and ends above the end of the last.
_FIRST_RULE, _LAST_RULE = (UPPER_MM - TOP_MM) / PITCH_MM, (LOWER_MM - TOP_MM) / PITCH_MM


@dataclass(frozen=True)
class OneLine:
    """A line of a paragraph; lines of one paragraph share its number."""

    paragraph: int
    line: Line
    tag: str = "P"


@dataclass(frozen=True)
class OneRow:
    """A row of a table with the table that it belongs to; `opens` where the caption stands right above it."""

    table: SetTable
    row: Row
    opens: bool = False


@dataclass(frozen=True)
class Caption:
    """The line above a table, which the table's first row never leaves alone."""

    line: Line
    table: SetTable


@dataclass(frozen=True)
class Blank:
    """An empty row; none at the top of a page."""


Atom = OneLine | OneRow | Caption | Blank


@dataclass(frozen=True)
class Spot:
    """An atom with its row on the page."""

    atom: Atom
    row: float


def paginate(atoms: Iterable[Atom], row: float) -> tuple[list[list[Spot]], int]:
    """The atoms page by page, the first page from `row` on; and the first free row of the last page."""
    pages: list[list[Spot]] = [[]]
    row = float(row)
    atoms = list(atoms)
    for place, atom in enumerate(atoms):
        last = pages[-1][-1].atom if pages[-1] else None
        at = _begins(atom, last, row)
        opens_page = not pages[-1] and not row
        needs = _needs(atom, last) + _led(atoms, place)
        if not opens_page and at + needs > _limit(atom) + _EXACT:
            pages.append([])
            last, at = None, _begins(atom, None, 0)
        if isinstance(atom, Blank) and not at:
            row = 0
            continue
        pages[-1].append(Spot(atom, at))
        row = at + _takes(atom, last)
    return pages, math.ceil(row - _EXACT)


def _begins(atom: Atom, last: Atom | None, row: float) -> float:
    """The row on which an atom begins behind another one: tables keep a little room, all else is on the grid."""
    if isinstance(atom, OneRow) and not row:
        return _FIRST_RULE
    if isinstance(atom, OneRow):
        starts = isinstance(last, OneLine | Blank) or (isinstance(last, OneRow) and last.table != atom.table)
        return math.ceil(row - _EXACT) + _AROUND_TABLE if starts else row
    if isinstance(last, OneRow):
        return math.ceil(row + _AROUND_TABLE - _EXACT)
    return math.ceil(row - _EXACT)


def _led(atoms: Sequence[Atom], place: int) -> int:
    """Rows that a heading wants below it: the headings that follow at once, and a line of text. 0 for other lines."""
    found = 0
    while _is_heading(atoms[place]) and place + 1 < len(atoms) and found < _LONGEST_LEAD:
        place, found = place + 1, found + 1
    return found


def _is_heading(atom: Atom) -> bool:
    return isinstance(atom, OneLine) and atom.tag.startswith("H")


def _limit(atom: Atom) -> float:
    """The row where an atom has to end."""
    return _LAST_RULE if isinstance(atom, OneRow | Caption) else ROWS


def _takes(atom: Atom, last: Atom | None) -> float:
    """Rows of the grid that an atom fills, a table's head included where it stands above this row."""
    if isinstance(atom, OneRow):
        return (atom.row.height + (atom.table.head_height if _repeats(atom, last) else 0)) / PITCH_MM
    return 1


def _needs(atom: Atom, last: Atom | None) -> float:
    """Rows that have to be free: a caption asks for the first row of its table too."""
    if isinstance(atom, Caption):
        first = atom.table.rows[0].height if atom.table.rows else 0
        return 1 + (atom.table.head_height + first) / PITCH_MM
    return _takes(atom, last)


def _repeats(atom: OneRow, last: Atom | None) -> bool:
    return not (isinstance(last, OneRow) and last.table == atom.table)


def fill(sheet: Sheet, spots: Sequence[Spot]) -> None:
    """Draw a page's atoms: the lines of a paragraph as one text, the rows of a table as one grid."""
    for group in _groups(spots):
        first = group[0]
        if isinstance(first.atom, OneRow):
            _fill_table(sheet, group)
        elif isinstance(first.atom, Caption):
            sheet.content.append(Text("P", tuple(lines_at([first.atom.line], first.row))))
        elif isinstance(first.atom, OneLine):
            lines = [spot.atom.line for spot in group if isinstance(spot.atom, OneLine)]
            sheet.content.append(Text(first.atom.tag, tuple(lines_at(lines, first.row))))


def _groups(spots: Sequence[Spot]) -> list[list[Spot]]:
    groups: list[list[Spot]] = []
    for spot in spots:
        if groups and _belong(groups[-1][-1].atom, spot.atom):
            groups[-1].append(spot)
        else:
            groups.append([spot])
    return groups


def _belong(before: Atom, after: Atom) -> bool:
    if isinstance(before, OneLine) and isinstance(after, OneLine):
        return before.paragraph == after.paragraph
    return isinstance(before, OneRow) and isinstance(after, OneRow) and before.table == after.table


def _fill_table(sheet: Sheet, group: Sequence[Spot]) -> None:
    rows = [spot.atom for spot in group if isinstance(spot.atom, OneRow)]
    top = TOP_MM + group[0].row * PITCH_MM
    grid, rules = draw_table(rows[0].table, [atom.row for atom in rows], top, repeat=True)
    sheet.content.append(grid)
    sheet.rules += rules
