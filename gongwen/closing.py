"""Which part of a letter is what, at its end: names and date, seals, and the imprint at its foot.

Judges nothing. What cannot be told from a letter that does not have the part is not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gongwen.areas import BODY_PT, CELL_MM, LEFT_MM, PITCHES_MM, RIGHT_MM, is_a4, page_number
from gongwen.elements import MIDDLE_MM, RULE_MM, Part, em_bottom, em_top, label_of, parts_of
from gongwen.lines import Line, Page
from gongwen.shapes import BAR, GROUP, MARK, PICTURE, Shape

_SEAL_MM = (30.0, 60.0)
_ROUND = (0.85, 1.18)
_ENDS = "。！？；：，”）.:;)"
_NEAR_MM = 1.6 * PITCHES_MM[0]
_IMPRINT_RULE_MM = 9.0  # at most so far above the first line's em box
_DATE = re.compile(
    r"[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日|[二一][〇○零一二三四五六七八九]{3}年\S{1,3}月\S{1,3}日"
)
_IMPRINT = re.compile(r"(?:抄送|主送)[:：].*|.*(?:日|\s)印发")


@dataclass(frozen=True)
class Signature:
    """The date with the names over it, the last line above both, and the seals; `seal` lies on the date."""

    page: Page
    date: Part
    names: tuple[Part, ...]
    above: Line | None
    seals: tuple[Shape, ...]
    seal: Shape | None


@dataclass(frozen=True)
class Imprint:
    """版记: its lines and its rules on the last page."""

    page: Page
    lines: tuple[Line, ...]
    rules: tuple[Shape, ...]


def signature_of(pages: Sequence[Page]) -> Signature | None:
    """The last line before the attachments that is nothing but a date, further in than a paragraph."""
    found = None
    for page in pages:
        if page.number > 1 and label_of(page):
            break
        if is_a4((page.width, page.height)):
            dates = [part for line in page.lines for part in parts_of(line) if _is_date(page, part)]
            found = _signature(page, dates[-1]) if dates else found
    return found


def _is_date(page: Page, date: Part) -> bool:
    if len(date.glyphs) < len(date.line.glyphs) or not _DATE.fullmatch(date.text):
        return False
    above = page.lines[date.line.number - 2] if date.line.number > 1 else None
    further_in = date.left > LEFT_MM + 4 * CELL_MM or (above is not None and _is_flush_name(above, date.line))
    return further_in and _is_body_type(date.line)


def _is_flush_name(line: Line, date: Line) -> bool:
    """Whether the date begins two characters after this line, as after 署名 without a seal (7.3.5.2)."""
    ends = line.text[-1] in _ENDS
    return not ends and line.whole and abs(date.left - line.left - 2 * CELL_MM) < 0.5 and _is_body_type(line)


def _is_body_type(line: Line) -> bool:
    return abs(line.size - BODY_PT) < 1.5


def _signature(page: Page, date: Part) -> Signature:
    seals = _seals(page)
    names: list[Part] = []
    top = date.line
    for line in reversed(page.lines[: date.line.number - 1]):
        near = top.baseline - line.baseline < _NEAR_MM
        if not _is_sealed(line, seals) and not (near and (_is_name(line) or _is_flush_name(line, date.line))):
            break
        top = line
        names = [*parts_of(line), *names]
    above = page.lines[top.number - 2] if top.number > 1 else None
    on_date = [seal for seal in seals if _covers(seal, date.centre, date.line)]
    seal = min(on_date, key=lambda one: ((MARK, PICTURE, GROUP).index(one.kind), -one.width), default=None)
    return Signature(page, date, tuple(names), above, seals, seal)


def _seals(page: Page) -> tuple[Shape, ...]:
    """Red outlines of a seal's size; else pictures and groups, whose boxes may be larger than what they show."""
    found = [shape for shape in page.shapes if _is_seal(shape)]
    return tuple([shape for shape in found if shape.red] or found)


def _is_seal(shape: Shape) -> bool:
    small, large = _SEAL_MM
    fits = small <= shape.width <= large and small <= shape.height <= large
    return (
        fits
        and _ROUND[0] < shape.width / shape.height < _ROUND[1]
        and (shape.red or shape.kind in (PICTURE, GROUP))
    )


def _covers(seal: Shape, x: float, line: Line) -> bool:
    return (
        seal.left < x < seal.right
        and seal.top < line.baseline < seal.bottom + em_bottom(line) - line.baseline
    )


def _is_name(line: Line) -> bool:
    """Whether the line may be 署名: in the right half, or several in a row, or as long as the measure."""
    if line.text[-1] in _ENDS or not _is_body_type(line):
        return False
    right_half = (line.left + line.right) / 2 > MIDDLE_MM + CELL_MM
    long = line.right > RIGHT_MM - 1 and len(line.text) > 20 and line.left - LEFT_MM > 0.5 * CELL_MM
    return right_half or long or not line.whole


def _is_sealed(line: Line, seals: Sequence[Shape]) -> bool:
    """Whether a seal lies on every part of the line, or on its middle."""
    parts = [part for part in parts_of(line) if not any(_covers(seal, part.centre, line) for seal in seals)]
    return not parts and _is_body_type(line)


def imprint_of(pages: Sequence[Page]) -> Imprint | None:
    """From the first line of 抄送 or 印发 on the last page, with the black rules around it."""
    page = pages[-1]
    lines = [line for line in page.lines if not page_number(line)]
    first = next((place for place, line in enumerate(lines) if _IMPRINT.fullmatch(line.text)), None)
    if first is None or not is_a4((page.width, page.height)):
        return None
    top = em_top(lines[first]) - _IMPRINT_RULE_MM
    rules = [shape for shape in page.shapes if shape.kind == BAR and not shape.red and shape.width > RULE_MM]
    return Imprint(page, tuple(lines[first:]), tuple(rule for rule in rules if rule.top > top))
