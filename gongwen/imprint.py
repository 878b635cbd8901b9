"""版记 at the foot of the last page: to whom else the letter goes, who printed it, when, how many.

GB/T 9704-2012 7.4; the letter form (10.1) has neither rules nor 印发机关.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongwen.compose import Line, Span, compose
from gongwen.document import Letter
from gongwen.fonts import FontSet
from gongwen.heads import printed
from gongwen.paper import (
    DROP,
    FOOT,
    LEFT_MM,
    LOWER_MM,
    MEASURE_MM,
    POINTS,
    RIGHT_MM,
    UPPER_MM,
    Rule,
    Text,
    Type,
    lines_at,
    placed,
)
from gongwen.tails import chinese_date

FOOT_PITCH_MM = 8.7  # less where so many names would leave the page
_MOST_FOOT_LINES = 36
THICK_MM, THIN_MM = 0.35, 0.25
_FOOT_EM = FOOT / POINTS
_FOOT_LEFT_MM, _FOOT_RIGHT_MM = LEFT_MM + _FOOT_EM, RIGHT_MM - _FOOT_EM
_FOOT_CELLS = 30  # of 4号, with one character free on either side


@dataclass(frozen=True)
class Imprint:
    """版记 as it stands at the foot of a page, its upper edge in mm (the lower one is the type area's)."""

    content: tuple[Text, ...]
    rules: tuple[Rule, ...]
    top: float


def imprint(letter: Letter, fonts: FontSet, *, addressed: bool, addressees: str) -> Imprint | None:
    """主送 where page 1 had no room for it, 抄送, 印发机关 and date, copies (7.4); none where nothing is given.

    The letter form has neither rules nor 印发机关 (10.1).
    """
    blocks = _foot_lists(letter, addressees if addressed else "", fonts)
    rows = [] if letter.form == "letter" else _printed_rows(letter, fonts)
    if not blocks and not rows:
        return None
    return _stack(blocks, rows, ruled=letter.form != "letter")


def _foot_lists(letter: Letter, addressees: str, fonts: FontSet) -> list[list[Line]]:
    lists = [("主送：", addressees)] if addressees else []
    copies = printed(letter.copies_to)
    lists += [("抄送：", "，".join(copies))] if copies else []
    return [
        compose([Span(f"{label}{names}。")], fonts, hang=len(label), cells=_FOOT_CELLS)
        for label, names in lists
    ]


def foot_holds(letter: Letter, addressees: str, fonts: FontSet) -> bool:
    """Whether the foot of one page has room for 主送 besides all else that stands there."""
    return sum(map(len, _foot_lists(letter, addressees, fonts))) <= _MOST_FOOT_LINES


def _printed_rows(letter: Letter, fonts: FontSet) -> list[list[tuple[Line, float]]]:
    """印发机关 at the left with the day at the right; 共印…份 on a row of its own: (line, x in mm)."""
    rows: list[list[tuple[Line, float]]] = []
    office = "".join(printed([letter.printed_by]))
    day = f"{chinese_date(letter.printed_on)}印发" if letter.printed_on else ""
    parts = [_foot_left(office, fonts)] if office else []
    parts += [_foot_right(day, fonts)] if day else []
    rows += [parts] if parts else []
    rows += [[_foot_right(f"共印{letter.copies}份", fonts)]] if letter.copies else []
    return rows


def _foot_left(text: str, fonts: FontSet) -> tuple[Line, float]:
    return placed(text, fonts, 0, 0, size=FOOT).line, _FOOT_LEFT_MM


def _foot_right(text: str, fonts: FontSet) -> tuple[Line, float]:
    line = placed(text, fonts, 0, 0, size=FOOT).line
    return line, _FOOT_RIGHT_MM - line.width / 1000 * _FOOT_EM


def _stack(
    blocks: Sequence[Sequence[Line]], rows: Sequence[Sequence[tuple[Line, float]]], *, ruled: bool
) -> Imprint:
    """Lists and rows one below the other; 0.35 mm above and below all, 0.25 mm between (7.4)."""
    groups = [*([sum(map(len, blocks))] if blocks else []), *(1 for _ in rows)]
    rules_mm = 2 * THICK_MM + THIN_MM * (len(groups) - 1) if ruled else 0
    pitch = min(FOOT_PITCH_MM, (LOWER_MM - UPPER_MM - rules_mm) / sum(groups))
    top = LOWER_MM - sum(groups) * pitch - rules_mm
    content: list[Text] = []
    rules = [Rule(LEFT_MM, top, MEASURE_MM, THICK_MM)] if ruled else []
    y = top + THICK_MM * ruled
    for lines in blocks:
        content.append(Text("P", tuple(_foot_lines(lines, y, pitch))))
        y += len(lines) * pitch
    for place, parts in enumerate(rows):
        if ruled and (place or blocks):
            rules.append(Rule(LEFT_MM, y, MEASURE_MM, THIN_MM))
            y += THIN_MM
        content.append(Text("P", tuple(Type(line, x, _foot_baseline(y, pitch), FOOT) for line, x in parts)))
        y += pitch
    rules += [Rule(LEFT_MM, LOWER_MM - THICK_MM, MEASURE_MM, THICK_MM)] if ruled else []
    return Imprint(tuple(content), tuple(rules), top)


def _foot_lines(lines: Sequence[Line], y: float, pitch: float) -> list[Type]:
    placed_lines = lines_at(lines, 0, FOOT, _FOOT_LEFT_MM)
    return [
        Type(one.line, one.x, _foot_baseline(y + place * pitch, pitch), FOOT)
        for place, one in enumerate(placed_lines)
    ]


def _foot_baseline(top: float, pitch: float) -> float:
    return top + pitch / 2 + DROP * _FOOT_EM
