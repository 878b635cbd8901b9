"""The standard's page in mm, which lines of a page are its body, and which of them run on to the next.

Says nothing of what departs: that is for measure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from gongwen.lines import Line, Page

# What clauses 4 and 5 fix, and what a fair reading of a printed page allows. The standard itself gives
# the left margin a whole millimetre; a file has no excuse of paper and press.
PAPER_MM = (210.0, 297.0)
PAPER_TOLERANCE_MM = 0.5  # A4 in whole points, as most programs write it, is 0.1 mm off
LEFT_MM, LEFT_TOLERANCE_MM = 28.0, 0.3
RIGHT_MM, RIGHT_TOLERANCE_MM = 184.0, 0.6
CELLS, ROWS = 28, 22
CELL_MM = 156 / CELLS
# 3.2: a line is one character and 7/8 of it, which fills 225 mm from edge to edge. Word processors divide
# 225 mm into 22 equal lines instead; practice accepts both, but not a mixture.
PITCHES_MM = (10.449, 225 / ROWS)
PITCH_TOLERANCE_MM = 0.1
BODY_PT, BODY_TOLERANCE_PT = 16.0, 0.1
# 7.5: the dash 7 mm below the type area, one character of 14 points in from the outer edge. Half a
# millimetre: fonts do not agree on the height of a dash.
NUMBER_MM, NUMBER_TOLERANCE_MM = 269.0, 0.5
NUMBER_INSET_MM, NUMBER_SIDE_TOLERANCE_MM = 4.94, 0.6

FOOT_MM, _TOP_MM = 262.0, 37.0
_LONG_MM = 14 * CELL_MM  # half a line: names, dates and cells of tables are shorter
_NEAR_BODY_PT = 1.5
_NUMBER = re.compile(r"(?P<dash>[-\u2010-\u2015\u2500\uff0d]?)\s*(?P<number>[0-9]{1,4})\s*(?P=dash)")


@dataclass(frozen=True)
class Area:
    """The body lines of one page and the edges that they keep among themselves."""

    page: Page
    lines: tuple[Line, ...]
    left: float
    right: float


@dataclass(frozen=True)
class Turn:
    """A line that runs on, and the line that it runs on to, perhaps on the next page."""

    area: Area
    line: Line
    next: Line


def body_size(pages: Sequence[Page]) -> float:
    """The size of type of the running text in points, by the number of characters.

    Notes at the foot may outweigh a short body: what is near 16 points is preferred unless it is rare.
    """
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            weights[round(line.size, 1)] += len(line.text)
    if not weights:
        return BODY_PT
    near = {size: weight for size, weight in weights.items() if abs(size - BODY_PT) < _NEAR_BODY_PT}
    chosen = near if sum(near.values()) >= 0.1 * weights.total() else weights
    return max(chosen, key=lambda size: (chosen[size], -abs(size - BODY_PT)))


def is_body(line: Line, size: float) -> bool:
    """Whether the line, in one column and not red, has the size of the running text or nearly 16 points."""
    near = abs(line.size - BODY_PT) < _NEAR_BODY_PT or abs(line.size - size) < 0.26
    return line.whole and near and not page_number(line) and not is_red(line)


def is_red(line: Line) -> bool:
    """Whether the line is red throughout, as marks and stamps are."""
    return all(glyph.red for glyph in line.glyphs)


def page_number(line: Line) -> re.Match[str] | None:
    """A number between dashes, or a bare one outside the type area."""
    match = _NUMBER.fullmatch(line.text)
    outside = line.baseline > FOOT_MM or line.baseline < _TOP_MM
    return match if match and (match["dash"] or outside) else None


def is_a4(size: tuple[float, float]) -> bool:
    """Whether width and height in mm are those of upright A4."""
    return all(abs(got - want) <= PAPER_TOLERANCE_MM for got, want in zip(size, PAPER_MM, strict=True))


def areas_of(pages: Sequence[Page], size: float) -> list[Area]:
    """The upright A4 pages with their bodies, set in type of `size` points."""
    return [_area(page, size) for page in pages if is_a4((page.width, page.height))]


def _area(page: Page, size: float) -> Area:
    lines = tuple(line for line in page.lines if is_body(line, size))
    long = long_lines(lines)
    left = min((line.left for line in long), default=LEFT_MM)
    only_first_lines = is_paragraph(left - LEFT_MM)
    right = max((line.right for line in long), default=RIGHT_MM)
    return Area(page, lines, LEFT_MM if only_first_lines else left, right)


def is_paragraph(inset: float) -> bool:
    """Whether so many mm from the edge are the indent of a paragraph."""
    return abs(inset - 2 * CELL_MM) <= LEFT_TOLERANCE_MM


def long_lines(lines: Sequence[Line]) -> list[Line]:
    """Those of the lines that fill half the measure."""
    return [line for line in lines if line.right - line.left > _LONG_MM]


def turns_of(areas: Sequence[Area]) -> list[Turn]:
    """The lines that run on: nearly full, and the next begins flush left, on the page or on the next one."""
    near = near_step(areas)
    found = [turn for area in areas for turn in _turns_on(area, near)]
    return found + [turn for area, after in pairwise(areas) for turn in _turn_of_page(area, after)]


def _turns_on(area: Area, near: float) -> Iterator[Turn]:
    for line, following in pairwise(area.lines):
        close = following.number == line.number + 1 and following.baseline - line.baseline < near
        if close and _is_full(area, line) and is_flush(area, following):
            yield Turn(area, line, following)


def _turn_of_page(area: Area, after: Area) -> Iterator[Turn]:
    if area.lines and after.lines and after.page.number == area.page.number + 1:
        line, following = area.lines[-1], after.lines[0]
        opens = following == after.page.lines[0] and not following.text.startswith("附件")
        if opens and _is_full(area, line) and is_flush(after, following):
            yield Turn(area, line, following)


def _is_full(area: Area, line: Line) -> bool:
    """Whether nothing but a word that goes over can be missing; a sentence may end a little earlier."""
    lack = area.right - line.right
    return lack < (CELL_MM if line.text[-1] in "。！？：；" else 4 * CELL_MM)


def is_flush(area: Area, line: Line) -> bool:
    """Whether the line begins at the page's own left edge."""
    return abs(line.left - area.left) < LEFT_TOLERANCE_MM


def steps(area: Area) -> list[tuple[Line, float]]:
    """Each body line right below another one, with the distance of their baselines."""
    return [
        (line, line.baseline - above.baseline)
        for above, line in pairwise(area.lines)
        if line.number == above.number + 1
    ]


def _usual_step(areas: Sequence[Area]) -> float:
    """The pitch that the document keeps, in mm; the standard's where no two lines tell."""
    found = [step for area in areas for _, step in steps(area)]
    return median_low(found) if found else PITCHES_MM[0]


def near_step(areas: Sequence[Area]) -> float:
    """From this distance of two baselines in mm on, there is an empty line between them."""
    return 1.6 * max(PITCHES_MM[0], _usual_step(areas))
