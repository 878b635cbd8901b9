"""A page as it will be printed: which line of type, rule and picture stands where, in mm from the upper left.

Knows the grid of GB/T 9704-2012 clauses 4 and 5, and nothing of what a letter consists of or how it is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gongwen.compose import CELL, TRACKING, Line, Span, compose, line_of, width
from gongwen.document import Picture
from gongwen.fonts import FontSet

POINTS = 72 / 25.4  # in one mm
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
LEFT_MM, RIGHT_MM, UPPER_MM, LOWER_MM = 28.0, 184.0, 37.0, 262.0  # the type area
MIDDLE_MM = (LEFT_MM + RIGHT_MM) / 2
ROWS = 22
# 21 pitches of 1.875 characters and one character fill 225 mm: the standard's own grid.
PITCH_MM = 10.44886
TOP_MM = 34.562  # the first line box: its character touches the type area's upper edge
BODY, FOOT, TITLE = 16.0, 14.0, 22.0  # 3号, 4号, 2号 in points
CELL_MM = CELL / 1000 * BODY / POINTS
MEASURE_MM = RIGHT_MM - LEFT_MM
# From the middle of a line box down to the baseline, in ems: the body type reaches from 0.88 to -0.12.
DROP = 0.38


@dataclass(frozen=True)
class Type:
    """One line of type: where the pen starts, the baseline, the size in points, the width in hundredths."""

    line: Line
    x: float
    baseline: float
    size: float = BODY
    red: bool = False
    narrow: float = 100.0


@dataclass(frozen=True)
class Text:
    """Lines that read as one: `tag` is a PDF structure type (P, H1 to H6, Caption)."""

    tag: str
    lines: tuple[Type, ...]

    def moved(self, down: float) -> Text:
        """The same text so many mm further down."""
        return Text(self.tag, tuple(replace(line, baseline=line.baseline + down) for line in self.lines))


@dataclass(frozen=True)
class Figure:
    """A picture, or one page (from 1) of a document, fitted into a box; `alt` says it in words.

    What is `pressed` on the paper, as a seal is, lets the text under it show through; what is `turned` has
    its head at the left (clause 8).
    """

    picture: Picture
    x: float
    y: float
    width: float
    height: float
    alt: str
    page: int = 1
    pressed: bool = False
    turned: bool = False

    def moved(self, down: float) -> Figure:
        """The same picture so many mm further down."""
        return replace(self, y=self.y + down)


@dataclass(frozen=True)
class Grid:
    """The part of a table that stands on one page: rows of cells, the first `head` of them its head."""

    rows: tuple[tuple[Text, ...], ...]
    head: int


@dataclass(frozen=True)
class Rule:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    red: bool = False


@dataclass
class Sheet:
    """One page: what is read, in reading order, the rules, and the line of the page number if it has one."""

    content: list[Text | Figure | Grid] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    number: Type | None = None


def middle_of(row: float) -> float:
    """Height of the middle of a row of the grid, the first being 0."""
    return TOP_MM + (row + 0.5) * PITCH_MM


def baseline_of(row: float, size: float = BODY) -> float:
    """Baseline of type of this size in a row of the grid."""
    return middle_of(row) + DROP * size / POINTS


def top_of(row: float) -> float:
    """Upper edge of the characters of the body type in a row."""
    return middle_of(row) - BODY / 2 / POINTS


def row_below(height: float) -> float:
    """The row, not a whole number, whose body characters have their upper edge at this height."""
    return (height + BODY / 2 / POINTS - TOP_MM) / PITCH_MM - 0.5


def extent(text: str, fonts: FontSet, role: str = "fang", size: float = BODY) -> float:
    """Width of a text on one line."""
    return width(text, fonts, role) / 1000 * size / POINTS


def placed(
    text: str, fonts: FontSet, x: float, row: float, role: str = "fang", size: float = BODY, red: bool = False
) -> Type:
    """A text on one line of usual spacing, its left edge at `x`."""
    return Type(line_of(text, fonts, role, TRACKING), x, baseline_of(row, size), size, red)


def placed_right(text: str, fonts: FontSet, right: float, row: float, role: str = "fang") -> Type:
    """A text on one line, its right edge at `right`, but never beginning outside the type area."""
    return placed(text, fonts, max(LEFT_MM, right - extent(text, fonts, role)), row, role)


def placed_around(text: str, fonts: FontSet, centre: float, row: float, role: str = "fang") -> Type:
    """A text on one line with its middle at `centre`, as far as the type area allows."""
    wide = extent(text, fonts, role)
    return placed(text, fonts, max(LEFT_MM, min(centre - wide / 2, RIGHT_MM - wide)), row, role)


def lines_at(lines: Sequence[Line], row: float, size: float = BODY, left: float = LEFT_MM) -> list[Type]:
    """Composed lines, one a row from `row` on, each at its own indent."""
    em = size / POINTS
    return [
        Type(line, left + line.indent * CELL / 1000 * em, baseline_of(row + place, size), size)
        for place, line in enumerate(lines)
    ]


def paragraph(text: str, fonts: FontSet, role: str = "fang", indent: int = 0, hang: int = 0) -> list[Line]:
    """A text in one role of type, broken into lines of the measure."""
    return compose([Span(text, role)], fonts, indent=indent, hang=hang)
