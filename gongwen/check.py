"""What is wrong with a letter before it is signed, as findings that a caller words for its reader.

Reads only; puts nothing right. Rules: GB/T 9704-2012 7.2.5, 7.3.1 to 7.3.3, and the fonts at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from gongwen import text
from gongwen.document import Letter, LetterError, missing_parts, require_settable
from gongwen.fonts import FontSet, MissingGlyphs, font_set

ERROR = "error"
WARNING = "warning"

_DIGITS = "一二三四五六七八九"
_NUMBER = re.compile(r"[^\s0-9〔〕]+〔(?P<year>[0-9]{4})〕(?P<number>[1-9][0-9]*)号")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `place` is a field of the letter, with ":" and a number from 1 in a list.

    Rules and their data:
    missing-glyph (char, code, name) · empty-title · empty-addressee · empty-body · title-too-long and
    letter-too-long (characters, limit) · half-width (count, found, text) · doc-number-brackets ·
    doc-number-zero · doc-number-di · doc-number-form (all: found) · heading-skipped and
    heading-misnumbered (found, expected).
    """

    rule: str
    level: str
    place: str
    data: dict[str, Any] = field(default_factory=dict)


def check(letter: Letter) -> list[Finding]:
    """All findings on the letter, errors first, otherwise in the order of the page."""
    found = [
        *_completeness(letter),
        *_glyphs(letter, font_set()),
        *_doc_number(letter),
        *_widths(letter),
        *_headings(letter),
    ]
    return sorted(found, key=lambda finding: finding.level != ERROR)


_PLACES = {"empty-title": "title", "title-too-long": "title", "empty-addressee": "addressees"}


def _completeness(letter: Letter) -> Iterator[Finding]:
    missing = missing_parts(letter)
    for rule in missing:
        yield Finding(rule, ERROR, _PLACES.get(rule, "paragraphs"))
    try:
        require_settable(letter)
    except LetterError as error:
        if error.rule not in missing:
            yield Finding(error.rule, ERROR, _PLACES.get(error.rule, "paragraphs"), error.data)


def _places(letter: Letter) -> Iterator[tuple[str, str]]:
    """(place, text) for everything printed, in the order of the fields."""
    for one in fields(letter):
        value = getattr(letter, one.name)
        if one.name in ("form", "language"):
            continue
        if isinstance(value, str):
            yield one.name, value
        elif isinstance(value, tuple):
            yield from ((f"{one.name}:{number}", item) for number, item in enumerate(value, start=1))


def _glyphs(letter: Letter, fonts: FontSet) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, content in _places(letter):
        missing = "".join(char for char in fonts.missing(text.clean(content)) if char not in seen)
        seen.update(missing)
        for char, code, name in MissingGlyphs(missing).characters:
            yield Finding("missing-glyph", ERROR, place, {"char": char, "code": code, "name": name})


def _doc_number(letter: Letter) -> Iterator[Finding]:
    """发文字号: word, year in six-corner brackets, number without 第 and without leading zero, 号 (7.2.5)."""
    number = letter.doc_number.strip()
    if not number or _NUMBER.fullmatch(number):
        return
    rules = []
    if not re.search("〔[0-9]{4}〕", number):
        rules.append("doc-number-brackets")
    if "第" in number:
        rules.append("doc-number-di")
    if re.search(r"(?:^|[^0-9])0[0-9]*号", number):
        rules.append("doc-number-zero")
    for rule in rules or ["doc-number-form"]:
        yield Finding(rule, ERROR, "doc_number", {"found": number})


def _widths(letter: Letter) -> Iterator[Finding]:
    for number, paragraph in enumerate(letter.paragraphs, start=1):
        right, count = text.widen(paragraph)
        if count:
            yield Finding(
                "half-width",
                WARNING,
                f"paragraphs:{number}",
                {"count": count, "found": _half_width_marks(paragraph, right), "text": right},
            )


def _half_width_marks(before: str, after: str) -> str:
    """The marks that widening changed, each once: those of which fewer are left."""
    return "".join(mark for mark in ',.:;!?()"' if before.count(mark) > after.count(mark))


def _headings(letter: Letter) -> Iterator[Finding]:
    """Levels in order 一、 （一） 1. （1）, each counting from 1 under its parent.

    一、 may be followed by 1. at once, and a short letter may begin with 1.; both are common practice.
    """
    counts = [0, 0, 0, 0, 0]
    deepest = 0
    for number, paragraph in enumerate(letter.paragraphs, start=1):
        level = text.level(paragraph)
        if not level:
            continue
        mark, place = text.heading_mark(paragraph), f"paragraphs:{number}"
        if level > deepest + 1 and (deepest, level) not in ((0, 3), (1, 3)):
            yield Finding(
                "heading-skipped", WARNING, place, {"found": mark, "expected": _mark(deepest + 1, 1)}
            )
        expected = counts[level] + 1
        value = number_value(re.sub("[^0-9一二三四五六七八九十百]", "", mark))
        if value != expected:
            yield Finding(
                "heading-misnumbered", WARNING, place, {"found": mark, "expected": _mark(level, expected)}
            )
        counts[level] = value
        counts[level + 1 :] = [0] * (4 - level)
        deepest = level


def number_value(numeral: str) -> int:
    """The value of a Chinese numeral up to 百, or of Arabic figures."""
    if numeral.isdigit():
        return int(numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS.index(char) + 1
        else:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
    return total + digit


def chinese_numeral(value: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens - 1] + "十"
    return head + (_DIGITS[ones - 1] if ones else "")


def _mark(level: int, value: int) -> str:
    numeral = chinese_numeral(value) if value < 100 else str(value)
    return (f"{numeral}、", f"（{numeral}）", f"{value}.", f"（{value}）")[level - 1]
