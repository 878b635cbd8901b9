"""One departure of a PDF from the standard, and the short ways to note one.

Which rules there are and what they say in words lives elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongwen.lines import Line, Page


@dataclass(frozen=True)
class Departure:
    """One departure: on which page and line (from 1; line 0 is the page itself), and what stands there.

    `measured` and `wanted` are mm but for the rules in gongwen.measure_words.UNITS; places are given as
    "x, y" and "left to right", forbidden-start and -end give the mark and "". An empty string says that there
    is nothing (measured), or that there should be nothing (wanted).
    """

    rule: str
    page: int
    line: int
    text: str
    measured: float | str
    wanted: float | str


def at(rule: str, page: Page, line: Line, measured: float | str, wanted: float | str) -> Departure:
    """A departure of this line; figures are rounded to a hundredth."""
    return Departure(rule, page.number, line.number, line.text, _rounded(measured), _rounded(wanted))


def on_page(rule: str, page: Page, measured: float | str, wanted: float | str) -> Departure:
    """A departure of the page, or of something on it that is no line of text."""
    return Departure(rule, page.number, 0, "", _rounded(measured), _rounded(wanted))


def off(
    rule: str, page: Page, line: Line | None, measured: float, wanted: float, tolerance: float
) -> Iterator[Departure]:
    """The departure, if the figures lie further apart than the tolerance."""
    if abs(measured - wanted) > tolerance:
        yield at(rule, page, line, measured, wanted) if line else on_page(rule, page, measured, wanted)


def edges(left: float, right: float) -> str:
    """Two edges in mm as words."""
    return f"{left:.1f} to {right:.1f}"


def _rounded(figure: float | str) -> float | str:
    return round(figure, 2) if isinstance(figure, float) else figure
