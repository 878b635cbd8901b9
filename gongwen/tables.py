"""Tables on the page: columns that fit the measure, cells composed, rows as pieces that a page can hold.

GB/T 9704-2012 clause 8, and practice for type size, rules and the repeated head.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from gongwen.compose import CELL, Line, Span, compose, width
from gongwen.document import Table
from gongwen.fonts import FontSet
from gongwen.paper import DROP, LEFT_MM, LOWER_MM, MEASURE_MM, POINTS, UPPER_MM, Grid, Rule, Text, Type
from gongwen.text import clean

# 4号, 小四, 五号, 小五: the largest in which no column has to be narrower than its longest word.
_SIZES = (14.0, 12.0, 10.5, 9.0)
_LEADING = 1.36
_PAD_MM = 1.3  # above and below the lines of a cell, and at either side of them
_OUTER_MM, _INNER_MM = 0.35, 0.18
_UNDIVIDED_LINES, _PART_LINES = 8, 2
_SHORT_EMS = 10  # a column of nothing but short cells is centred
_PAGE_MM = LOWER_MM - UPPER_MM
_UNDIVIDED = re.compile("[0-9]{2,4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[!-~]+[%％‰℃]?")
_LONGEST_RUN = 24  # characters; what is longer may be divided


@dataclass(frozen=True)
class Row:
    """One row, or a part of a long one, which opens or closes it: the lines of each cell, and its height."""

    cells: tuple[tuple[Line, ...], ...]
    height: float
    is_head: bool = False
    opens: bool = True
    closes: bool = True


@dataclass(frozen=True)
class SetTable:
    """A table with its columns settled: their left edges and the last right one in mm, the size in points."""

    edges: tuple[float, ...]
    centred: tuple[bool, ...]
    size: float
    head: tuple[Row, ...]
    rows: tuple[Row, ...]

    @property
    def head_height(self) -> float:
        """Height of the rows that each page repeats."""
        return sum(row.height for row in self.head)


def set_table(table: Table, fonts: FontSet) -> SetTable:
    """Settle columns and compose every cell. Raises MissingGlyphs."""
    rows = _even(table)
    size, columns = _columns(rows, fonts)
    em = size / POINTS
    head = [_row(row, columns, em, fonts, is_head=True) for row in rows[: table.head]]
    body = [_row(row, columns, em, fonts) for row in rows[table.head :]]
    if not body or sum(row.height for row in head) > _PAGE_MM / 3:
        head, body = [], [*head, *body]
    return SetTable(
        edges=tuple(accumulate(columns, initial=LEFT_MM)),
        centred=tuple(
            all(width(row[place], fonts) <= _SHORT_EMS * CELL for row in rows if row[place])
            for place in range(len(columns))
        ),
        size=size,
        head=tuple(head),
        rows=tuple(piece for row in body for piece in _pieces(row, em)),
    )


def _even(table: Table) -> list[list[str]]:
    count = max(map(len, table.rows), default=0)
    rows = [[clean(cell).strip(" \u3000") for cell in row] + [""] * (count - len(row)) for row in table.rows]
    return [row for row in rows if any(row)]


def _columns(rows: Sequence[Sequence[str]], fonts: FontSet) -> tuple[float, list[float]]:
    """Type size and widths: each column as wide as its content, all together as wide as the type area."""
    columns = list(zip(*rows, strict=True))
    natural = [max(width(cell, fonts) if cell else CELL for cell in column) / 1000 for column in columns]
    least = [max(_longest_word(cell, fonts) for cell in column) for column in columns]
    for size in _SIZES:
        em = size / POINTS
        room = MEASURE_MM / em - 2 * _PAD_MM / em * len(columns)
        if sum(least) <= room:
            break
    shares = _shares(natural, least, room) if sum(least) <= room else _squeezed(least, room)
    return size, [share * em + 2 * _PAD_MM for share in shares]


def _longest_word(cell: str, fonts: FontSet) -> float:
    """Ems of the longest run that should not be divided; two characters at least."""
    runs = _UNDIVIDED.findall(cell)
    return max(2.2, *(width(run, fonts) / 1000 + 0.3 for run in runs if len(run) <= _LONGEST_RUN), 2.2)


def _shares(natural: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """Share out the room: short columns get what they ask for, the others by the root of their content."""
    wanted = [max(need, want + 0.2) for need, want in zip(least, natural, strict=True)]
    if sum(wanted) <= room:
        return [share * room / sum(wanted) for share in wanted]
    floor = [want if want <= _SHORT_EMS else need for need, want in zip(least, wanted, strict=True)]
    if sum(floor) > room:
        floor = list(least)
    roots = [(want - need) ** 0.5 for want, need in zip(wanted, floor, strict=True)]
    spare = (room - sum(floor)) / sum(roots)
    shares = [need + spare * root for need, root in zip(floor, roots, strict=True)]
    return _whole_cells(shares)


def _squeezed(least: Sequence[float], room: float) -> list[float]:
    """Columns that together are too wide even at the smallest size, in proportion to their longest words."""
    return [share * room / sum(least) for share in least]


def _whole_cells(shares: Sequence[float]) -> list[float]:
    """Columns of whole characters, so that no line needs stretching; the widest takes the rest."""
    cell = CELL / 1000
    whole = [max(int(share / cell + 0.01), 1) * cell + 0.03 for share in shares]
    widest = max(range(len(shares)), key=shares.__getitem__)
    whole[widest] += sum(shares) - sum(whole)
    return whole


def _row(
    row: Sequence[str], columns: Sequence[float], em: float, fonts: FontSet, *, is_head: bool = False
) -> Row:
    role = "hei" if is_head else "fang"
    cells = tuple(
        tuple(
            compose([Span(cell, role)], fonts, cells=(wide - 2 * _PAD_MM) / em / CELL * 1000, to_edge=False)
        )
        if cell
        else ()
        for cell, wide in zip(row, columns, strict=True)
    )
    return Row(cells, _height(cells, em), is_head)


def _height(cells: Sequence[Sequence[Line]], em: float) -> float:
    return max(1, *map(len, cells)) * _LEADING * em + 2 * _PAD_MM


def _pieces(row: Row, em: float) -> list[Row]:
    """The row, or a long one in parts of some lines, so that a page can end within it."""
    count = max(map(len, row.cells))
    if count <= _UNDIVIDED_LINES:
        return [row]
    starts = range(0, count, _PART_LINES)
    parts = [tuple(cell[start : start + _PART_LINES] for cell in row.cells) for start in starts]
    return [
        Row(part, _part_height(part, em, place, len(parts)), row.is_head, place == 0, place == len(parts) - 1)
        for place, part in enumerate(parts)
    ]


def _part_height(part: Sequence[Sequence[Line]], em: float, place: int, count: int) -> float:
    inside = (place > 0) + (place < count - 1)
    return _height(part, em) - inside * _PAD_MM


def draw_table(table: SetTable, rows: Sequence[Row], top: float, *, repeat: bool) -> tuple[Grid, list[Rule]]:
    """The head where it is to be repeated and these rows, from the height `top` on; and their rules."""
    shown = _joined([*table.head, *rows] if repeat else rows)
    heights = list(accumulate((row.height for row in shown), initial=top))
    cells = tuple(
        tuple(_cell(table, row, place, y) for place in range(len(row.cells)))
        for row, y in zip(shown, heights, strict=False)
    )
    inner = [y for y, row in zip(heights[1:], shown, strict=True) if row.closes]
    return Grid(cells, sum(row.is_head for row in shown)), _rules(
        table.edges, [heights[0], *inner, heights[-1]]
    )


def _joined(rows: Sequence[Row]) -> list[Row]:
    """The parts of a row that stand on one page put together again: a cell is read as one."""
    found: list[Row] = []
    for row in rows:
        if row.opens or not found:
            found.append(row)
            continue
        above = found[-1]
        cells = tuple(upper + lower for upper, lower in zip(above.cells, row.cells, strict=True))
        found[-1] = Row(cells, above.height + row.height, row.is_head, above.opens, row.closes)
    return found


def _cell(table: SetTable, row: Row, place: int, top: float) -> Text:
    em, lines = table.size / POINTS, row.cells[place]
    left, right = table.edges[place] + _PAD_MM, table.edges[place + 1] - _PAD_MM
    spare = row.height - len(lines) * _LEADING * em
    above = spare / 2 if row.opens and row.closes else _PAD_MM * row.opens
    first = top + above + (_LEADING / 2 + DROP) * em
    in_middle = row.is_head or table.centred[place]
    placed = tuple(
        Type(
            line,
            left + (max(0.0, right - left - line.width / 1000 * em) / 2 if in_middle else 0),
            first + number * _LEADING * em,
            table.size,
        )
        for number, line in enumerate(lines)
    )
    return Text("TH" if row.is_head else "TD", placed)


def _rules(edges: Sequence[float], heights: Sequence[float]) -> list[Rule]:
    """Every line of the grid, the outer ones thicker."""
    left, right, top, bottom = edges[0], edges[-1], heights[0], heights[-1]
    across = [
        Rule(left, y - weight / 2, right - left, weight)
        for y in sorted(set(heights))
        for weight in [_OUTER_MM if y in (top, bottom) else _INNER_MM]
    ]
    down = [
        Rule(max(left, x - weight / 2) if x != right else right - weight, top, weight, bottom - top)
        for x in edges
        for weight in [_OUTER_MM if x in (left, right) else _INNER_MM]
    ]
    return across + down
