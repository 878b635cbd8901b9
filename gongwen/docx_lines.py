"""Composed lines as runs of text that other word processors break at the same places.

A line that runs on is set a little short of its measure, and the paragraph's justification brings it to its
edge: up to half a cell of difference in the fonts' widths, either way, moves no character to another line.
Each run keeps its spacing where the text around it changes; nothing is nailed down with breaks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter

from gongwen.compose import NO_END, NO_START, TRACKING, Line, Piece
from gongwen.docx_xml import fonts_xml, text_xml
from gongwen.fonts import Face, FontSet
from gongwen.paper import BODY, Type

RED = "E60012"
# The style's own spacing in twentieths of a point, for what is typed later: 16 pt on cells of 15.8.
SPACING = -5

_LEAST_SHORT_PT = 0.8
# Thousandths of an em, from the space to the tilde: Noto Sans CJK, and half a cell in the fonts of users.
_STANDING_IN = (
    *(224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555),
    *(555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589),
    *(552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573),
    *(531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552),
    *(284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555),
)
_HALF = 500
# A Chinese character in a line that is set as tight as lines are.
_CELL = 960
# Marks that belong to a script; quotation marks, dashes and dots belong to what is before them.
_EAST = frozenset("，。、；：？！（）《》〈〉「」『』【】〔〕")
# Twentieths of a point below which a line of a table looks crowded, and how narrow its type may be instead.
_TIGHT = -10
_NARROWEST = 70
_ADDRESS_MARKS = "-/?&"
_ZERO_WIDTH_SPACE = "\u200b"


def roles(fonts: FontSet) -> dict[Face, str]:
    """The role of every face that belongs to one; a fallback belongs to none."""
    shared = {face for face in fonts.faces() if all(face in chain for chain in fonts.chains.values())}
    return {face: role for role, chain in fonts.chains.items() for face in chain if face not in shared}


class Setter:
    """Sets lines with the fonts of one letter."""

    def __init__(self, fonts: FontSet) -> None:
        self._roles = roles(fonts)

    def paragraph(self, lines: Sequence[Type], measures: Sequence[float], *, runs_on: bool = False) -> str:
        """Runs of the lines of one paragraph; all but the last run on. Measures in points.

        A last line that runs on behind a page break is brought to the edge here: nothing else would.
        """
        runs = []
        for place, (one, measure) in enumerate(zip(lines, measures, strict=True)):
            following = lines[place + 1].line.text if place + 1 < len(lines) else ""
            if following or not runs_on:
                spacing = _spacing(one, measure, following)
            else:
                spacing = _most(one, measure - _LEAST_SHORT_PT / 2)
            divided = following and _is_latin(one.line.text[-1:]) and _is_latin(following[0])
            runs.append(self._runs(one, spacing) + (run(_ZERO_WIDTH_SPACE) if divided else ""))
        return "".join(runs)

    def cell(self, lines: Sequence[Type], measure: float) -> str:
        """Runs of the lines of a table's cell; what would have to be tight to fit is set narrower instead."""
        return self.paragraph([_fitted(one, measure) for one in lines], [measure] * len(lines))

    def line(self, one: Type) -> str:
        """Runs of a line that stands by itself, with the spacing that it has."""
        return self._runs(one, None)

    def _runs(self, one: Type, spacing: int | None) -> str:
        alike = groupby(self._characters(one, spacing), key=itemgetter(1, 2))
        return "".join(
            run("".join(text for text, *_ in group), role, given, one.size, red=one.red, narrow=one.narrow)
            for (role, given), group in alike
        )

    def _characters(self, one: Type, spacing: int | None) -> Iterator[tuple[str, str, int]]:
        """Each piece with its role and spacing; what a fallback sets has the role of what is before it."""
        role = self._first_role(one.line)
        for piece in one.line.pieces:
            role = self._roles.get(piece.face, role)
            yield piece.text, role, _own_spacing(piece, one.size) if spacing is None else spacing

    def _first_role(self, line: Line) -> str:
        return next((self._roles[piece.face] for piece in line.pieces if piece.face in self._roles), "fang")


def run(
    text: str,
    role: str = "fang",
    spacing: int = SPACING,
    size: float = BODY,
    *,
    red: bool = False,
    narrow: float = 100.0,
) -> str:
    """One run: role of type, spacing after each character in twentieths of a point, size in points."""
    half_points = round(size * 2)
    properties = (
        (fonts_xml(role) if role != "fang" else '<w:rFonts w:hint="eastAsia"/>')
        + (f'<w:color w:val="{RED}"/>' if red else "")
        + (f'<w:spacing w:val="{spacing}"/>' if spacing != SPACING else "")
        + (f'<w:w w:val="{round(narrow)}"/>' if round(narrow) != 100 else "")
        + (f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>' if size != BODY else "")
    )
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text_xml(text)}</w:t></w:r>'


def _own_spacing(piece: Piece, size: float) -> int:
    return SPACING if piece.spacing == TRACKING else round(piece.spacing * size / 50)


def _spacing(one: Type, measure: float, following: str) -> int:
    """The spacing after each character, in twentieths of a point, that breaks the line here everywhere.

    Where no spacing does so with both kinds of fonts, it does with those that stand in.
    """
    if not following:
        return min(SPACING, _most(one, measure - _LEAST_SHORT_PT / 2))
    limits = []
    for model, divided in zip(_models(one), (True, False), strict=True):
        room = min(_next_width(following, divided=divided), _CELL)
        beyond = measure - room * one.size / 1000 + _LEAST_SHORT_PT
        limits.append((_over(model, beyond), _under(model, measure - _LEAST_SHORT_PT)))
    lowest, highest = (max(low for low, _ in limits), min(high for _, high in limits))
    if lowest > highest:
        lowest, highest = limits[0]
    return (lowest + highest) // 2


def _fitted(one: Type, measure: float) -> Type:
    for narrow in (100, *range(98, _NARROWEST, -2)):
        candidate = replace(one, narrow=float(narrow))
        if _most(candidate, measure - 1) >= _TIGHT:
            break
    return candidate


def _most(one: Type, measure: float) -> int:
    """The widest spacing with which the line fits, whichever fonts set it."""
    return min(_under(model, measure) for model in _models(one))


@dataclass(frozen=True)
class _Model:
    """A line without spacing in points, and how many of its characters have spacing: less than none, and more."""

    width: float
    tightened: int
    widened: int


def _models(one: Type) -> tuple[_Model, _Model]:
    """The line with the fonts that stand in where a machine has none of the usual ones, and with those.

    LibreOffice never tightens the last character of a run, and a run ends for it where the script does.
    So marks cannot share their room as they do in the PDF, and all spacing of a line is one.
    """
    text, em = one.line.text, one.size * one.narrow / 100_000
    gaps = sum(map(_is_gap, text, text[1:]))
    wide = sum(1000 for char in text if not char.isascii())
    standing_in = sum(_STANDING_IN[ord(char) - 32] for char in text if char.isascii())
    usual = sum(_HALF for char in text if char.isascii())
    runs = 1 + _script_changes(text) + _face_changes(one.line)
    return (
        _Model((wide + standing_in + 200 * gaps) * em, max(1, len(text) - runs), len(text)),
        _Model((wide + usual + 250 * gaps) * em, len(text), len(text)),
    )


def _under(model: _Model, points: float) -> int:
    """The most spacing with which the line is not wider than so many points."""
    return math.floor(_step(model, points))


def _over(model: _Model, points: float) -> int:
    """The least spacing with which the line is wider than so many points."""
    return math.ceil(_step(model, points))


def _step(model: _Model, points: float) -> float:
    room = (points - model.width) * 20
    return room / (model.tightened if room < 0 else model.widened)


def _script_changes(text: str) -> int:
    latin = [char.isascii() for char in text if char.isalnum() or char in _EAST]
    return sum(before != after for before, after in pairwise(latin))


def _face_changes(line: Line) -> int:
    return sum(before.face != after.face for before, after in pairwise(line.pieces))


def _is_gap(before: str, after: str) -> bool:
    """Whether word processors leave room here: between Chinese and Latin letters or digits."""
    return before.isascii() != after.isascii() and before.isalnum() and after.isalnum()


def _next_width(following: str, *, divided: bool) -> int:
    """The least room in thousandths of an em that what follows needs; a Latin word may be `divided`."""
    width = 0
    for char, after in zip(following, [*following[1:], ""], strict=True):
        width += (_STANDING_IN[ord(char) - 32] if divided else _HALF) if char.isascii() else _CELL
        word = _is_latin(char) and _is_latin(after) and char not in _ADDRESS_MARKS and not divided
        if not (word or char in NO_END or (after and after in NO_START)):
            break
    return width


def _is_latin(char: str) -> bool:
    return bool(char) and char.isascii() and char != " "
