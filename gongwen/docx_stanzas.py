"""The pages of a letter as what a word processor knows: paragraphs, rows with tab stops, tables, pictures.

Decides what is which by where it stands; writes nothing. Heights in points from the paper's upper edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from gongwen.docx_styles import BASELINE, LINE
from gongwen.paper import (
    FOOT,
    LEFT_MM,
    LOWER_MM,
    PITCH_MM,
    POINTS,
    RIGHT_MM,
    UPPER_MM,
    Figure,
    Grid,
    Rule,
    Sheet,
    Text,
    Type,
)

_SAME_MM = 0.5
_THIN_MM = 1.5
_LARGE_PT = 30.0
_LARGE_LINE = 1.12


@dataclass(frozen=True)
class Lines:
    """A paragraph, or as much of it as stands on one page."""

    lines: tuple[Type, ...]
    tag: str

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(one.line.text for one in self.lines)


@dataclass(frozen=True)
class Row:
    """Texts side by side on one line, from left to right."""

    parts: tuple[Type, ...]


@dataclass(frozen=True)
class Cells:
    """Names side by side, each around its own middle, of one line or of more."""

    texts: tuple[Text, ...]

    @property
    def rows(self) -> int:
        """Lines of the longest of them."""
        return max(len(text.lines) for text in self.texts)


@dataclass(frozen=True)
class Joint:
    """The names of a joint red mark, and the word at their right."""

    names: tuple[Type, ...]
    word: Type


@dataclass(frozen=True)
class Sketch:
    """A table on one page: edges of its columns and of its rows in points."""

    grid: Grid
    columns: tuple[float, ...]
    rows: tuple[float, ...]


@dataclass(frozen=True)
class Stanza:
    """What stands by itself between two heights, `line` points a line; `figures` lie over it or behind it."""

    content: Lines | Row | Cells | Joint | Sketch | Figure
    top: float
    line: float = LINE
    figures: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class Leaf:
    """One page: what stands in the type area, what above it and in the margins, and the 版记."""

    stanzas: list[Stanza]
    marks: list[Type]
    margin: list[Figure]
    imprint: list[Text]
    rules: list[Rule]


def leaf_of(sheet: Sheet, *, mark_in_header: bool) -> Leaf:
    """The page taken apart. In the letter form the mark stands above the type area, as a header does."""
    texts = [one for one in sheet.content if isinstance(one, Text) and one.lines]
    figures = [one for one in sheet.content if isinstance(one, Figure)]
    red = [text for text in texts if text.lines[0].red]
    imprint = [text for text in texts if text.lines[0].size == FOOT]
    body = [text for text in texts if text not in imprint and text not in red]
    stanzas = [_sketch(one, sheet.rules) for one in sheet.content if isinstance(one, Grid)]
    stanzas += _stanzas(body)
    if red and not mark_in_header:
        stanzas.append(_mark(red))
    margin = [one for one in figures if not _in_type_area(one)]
    stanzas += [_picture(one) for one in figures if _in_type_area(one) and not is_seal(one)]
    stanzas.sort(key=lambda one: one.top)
    for seal in filter(is_seal, figures):
        _nearest(stanzas, seal).figures.append(seal)
    marks = [line for text in red for line in text.lines] if mark_in_header else []
    return Leaf(stanzas, marks, margin, imprint, list(sheet.rules))


def is_seal(figure: Figure) -> bool:
    """Whether the picture is a seal or a signature stamp, which lies behind the text."""
    return figure.alt.startswith(("印章", "签名章"))


def _in_type_area(figure: Figure) -> bool:
    within = figure.x > LEFT_MM - 1 and figure.x + figure.width < RIGHT_MM + 1
    return within and figure.y + figure.height > UPPER_MM and figure.y < LOWER_MM


def _picture(figure: Figure) -> Stanza:
    return Stanza(figure, figure.y * POINTS)


def _nearest(stanzas: Sequence[Stanza], figure: Figure) -> Stanza:
    """The row to which a seal keeps; a paragraph may have begun on the page before."""
    middle = (figure.y + figure.height / 2) * POINTS
    rows = [one for one in stanzas if isinstance(one.content, Row)]
    lines = [one for one in stanzas if isinstance(one.content, Lines)]
    return min(rows or lines, key=lambda one: abs(one.top + LINE / 2 - middle))


# Texts


def _stanzas(texts: Iterable[Text]) -> list[Stanza]:
    """Texts one below the other as paragraphs; those that share lines as rows."""
    found: list[Stanza] = []
    for group in _groups(texts):
        if len(group) == 1 and _is_column(group[0]):
            found.append(_paragraph(group[0]))
        elif _interleave(group):
            found.append(_cells(group))
        else:
            found += _rows([line for text in group for line in text.lines])
    return found


def _groups(texts: Iterable[Text]) -> list[list[Text]]:
    groups: list[list[Text]] = []
    reach = 0.0
    for text in sorted(texts, key=lambda one: one.lines[0].baseline):
        if groups and text.lines[0].baseline < reach + _SAME_MM:
            groups[-1].append(text)
        else:
            groups.append([text])
            reach = 0.0
        reach = max(reach, *(line.baseline for line in text.lines))
    return groups


def _is_column(text: Text) -> bool:
    return all(after.baseline - before.baseline > _SAME_MM for before, after in pairwise(text.lines))


def _paragraph(text: Text) -> Stanza:
    steps = [after.baseline - before.baseline for before, after in pairwise(text.lines)]
    line = steps[0] * POINTS if steps and abs(steps[0] - PITCH_MM) > 0.05 else LINE
    return Stanza(Lines(text.lines, text.tag), _top(text.lines[0], line), line)


def _interleave(texts: Sequence[Text]) -> bool:
    """Whether lines stand beside each other at heights that no rows have."""
    heights = sorted(line.baseline for text in texts for line in text.lines)
    return any(_SAME_MM < after - before < 0.9 * PITCH_MM for before, after in pairwise(heights))


def _cells(texts: Sequence[Text]) -> Stanza:
    cells = Cells(tuple(sorted(texts, key=lambda text: text.lines[0].x)))
    middle = min(text.lines[0].baseline + text.lines[-1].baseline for text in texts) / 2 * POINTS
    return Stanza(cells, middle - BASELINE * LINE - (cells.rows - 1) / 2 * LINE)


def _rows(lines: Iterable[Type]) -> list[Stanza]:
    rows: list[list[Type]] = []
    for line in sorted(lines, key=lambda one: one.baseline):
        if rows and line.baseline - rows[-1][0].baseline < _SAME_MM:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [Stanza(Row(tuple(sorted(row, key=lambda one: one.x))), _top(row[0], LINE)) for row in rows]


def _mark(texts: Sequence[Text]) -> Stanza:
    lines = [line for text in texts for line in text.lines]
    height = large_line(lines[0])
    if len(lines) == 1:
        return Stanza(Row((lines[0],)), _top(lines[0], height), height)
    pitch = (lines[1].baseline - lines[0].baseline) * POINTS
    return Stanza(Joint(tuple(lines[:-1]), lines[-1]), _top(lines[0], pitch), pitch)


def large_line(line: Type) -> float:
    """The height of a line of large type that cuts nothing off."""
    return _LARGE_LINE * line.size if line.size > _LARGE_PT * 0.8 else LINE


def _top(line: Type, height: float) -> float:
    return line.baseline * POINTS - BASELINE * height


# Tables


def _sketch(grid: Grid, rules: Sequence[Rule]) -> Stanza:
    """The table with the edges that its rules draw."""
    first = min(line.baseline for row in grid.rows for cell in row for line in cell.lines)
    down = [rule for rule in rules if rule.width < _THIN_MM < rule.height and not rule.red]
    span = next((rule.y, rule.height) for rule in down if rule.y < first < rule.y + rule.height)
    columns = [_middle(rule.x, rule.width) for rule in down if (rule.y, rule.height) == span]
    top, bottom = span[0], span[0] + span[1]
    rows = [
        rule.y + rule.height / 2
        for rule in rules
        if rule.height < _THIN_MM < rule.width and top - _SAME_MM < rule.y < bottom + _SAME_MM
    ]
    edges = tuple(edge * POINTS for edge in sorted(rows))
    return Stanza(Sketch(grid, tuple(edge * POINTS for edge in sorted(columns)), edges), top * POINTS)


def _middle(x: float, width: float) -> float:
    """Where the edge itself is: the outer rules stand inside it, and the right one is at its right."""
    if abs(x - LEFT_MM) < 0.01:
        return x
    return x + width if abs(x + width - RIGHT_MM) < 0.01 else x + width / 2
