"""The numbers that Word draws before the items of a list, worked out and written as text.

Counters run as in Word: one for each level of a list's pattern, shared by the lists that use the pattern.
Basis: ECMA-376 part 1, 17.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"}
    | {"taiwaneseCountingThousand", "ideographLegalTraditional"}
)
_ENCLOSED = {
    "decimalEnclosedCircle": 0x245F,
    "decimalEnclosedCircleChinese": 0x245F,
    "decimalEnclosedParen": 0x2473,
    "decimalEnclosedFullstop": 0x2487,
}
_CYCLES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}
_ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")]
_ROMAN += [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
_MOST = 9999
_LEVELS = 9
_MOST_STYLES = 20
_LONGEST_MARK = 60


def formatted(number: int, style: str) -> str:
    """The number in one of Word's number formats; an unknown one counts in Arabic figures."""
    number = max(0, min(number, _MOST))
    if style in _CHINESE:
        return _counted(number, _DIGITS, "十百千")
    if style == "chineseLegalSimplified":
        return _counted(number, _LEGAL, "拾佰仟")
    if style in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"):
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if style == "decimalFullWidth":
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    if style in _ENCLOSED and 1 <= number <= 20:
        return chr(_ENCLOSED[style] + number)
    if style in _CYCLES and number:
        return _CYCLES[style][(number - 1) % len(_CYCLES[style])]
    return _latin(number, style)


def _latin(number: int, style: str) -> str:
    if style in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 % 10 + 1)
        return letter if style == "upperLetter" else letter.lower()
    if style in ("lowerRoman", "upperRoman") and number:
        return _roman(number) if style == "upperRoman" else _roman(number).lower()
    if style == "none":
        return ""
    return f"{number:02}" if style == "decimalZero" else str(number)


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _counted(number: int, digits: str, places: str) -> str:
    """As it is spoken: 十、十一、二十、一百零一、一百一十."""
    if number == 0:
        return "零"
    written, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            written += (
                ("零" if gap and written else "") + digits[digit] + (places[place - 1] if place else "")
            )
        gap = not digit
    return written[1:] if 10 <= number < 20 else written


@dataclass
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restarts: bool = True


@dataclass
class _List:
    """One w:num: the pattern that it counts by, with its own changes to it."""

    pattern: str
    levels: dict[int, _Level]
    restarts: dict[int, int]


@dataclass
class Numbers:
    """Gives the mark of each paragraph in turn. Paragraphs must come in the order of the document."""

    numbering: etree._Element | None
    styles: etree._Element | None
    bullets: int = 0
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._styles = {_value(one, "styleId"): one for one in _children(self.styles, "style")}
        self._patterns = {
            _value(one, "abstractNumId"): one for one in _children(self.numbering, "abstractNum")
        }
        self._default = next((name for name, one in self._styles.items() if _is_default(one)), "")
        self._linked = {_child_value(one, "styleLink"): name for name, one in self._patterns.items()}
        self._lists = {_value(one, "numId"): self._list(one) for one in _children(self.numbering, "num")}

    def mark(self, paragraph: etree._Element) -> str:
        """What Word draws before the paragraph; empty for none, and for a bullet, which is counted."""
        name, level = self._place(paragraph)
        found = self._lists.get(name)
        if found is None or level not in found.levels:
            return ""
        counts = self._count(found, name, level)
        if found.levels[level].style == "bullet":
            self.bullets += 1
            return ""
        return self._written(found, level, counts)

    def _count(self, found: _List, name: str, level: int) -> dict[int, int]:
        counts = self._counts.setdefault(found.pattern, {})
        if level in found.restarts and (name, level) not in self._begun:
            counts[level] = found.restarts[level]
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = found.levels[level].start
        self._begun.add((name, level))
        for deeper in [key for key in counts if key > level]:
            if deeper not in found.levels or found.levels[deeper].restarts:
                del counts[deeper]
        return counts

    def _written(self, found: _List, level: int, counts: dict[int, int]) -> str:
        own = found.levels[level]

        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = found.levels.get(place, own)
            style = "decimal" if own.legal else shown.style
            return formatted(counts.get(place, shown.start), style)

        return re.sub("%([1-9])", number, own.text)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Name of the list and level of the paragraph: its own, else its style's; ("", 0) without one."""
        properties = paragraph.find(f"{W}pPr")
        own = properties.find(f"{W}numPr") if properties is not None else None
        style = _child_value(properties, "pStyle")
        name, level = _child_value(own, "numId"), _child_value(own, "ilvl")
        for inherited in self._style_chain(style or self._default):
            given = inherited.find(f"{W}pPr/{W}numPr")
            if given is not None:
                name = name or _child_value(given, "numId")
                level = level or _child_value(given, "ilvl") or self._level_of_style(name, inherited)
        return name, _number(level, 0)

    def _style_chain(self, name: str) -> Iterator[etree._Element]:
        for _ in range(_MOST_STYLES):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = _child_value(style, "basedOn")

    def _level_of_style(self, name: str, style: etree._Element) -> str:
        """The level that names this paragraph style as its own."""
        found = self._lists.get(name)
        for level in _children(self._patterns.get(found.pattern) if found else None, "lvl")[:_LEVELS]:
            if _child_value(level, "pStyle") == _value(style, "styleId"):
                return _value(level, "ilvl")
        return ""

    def _list(self, element: etree._Element) -> _List:
        pattern = self._followed(_child_value(element, "abstractNumId"))
        levels = {
            _number(_value(one, "ilvl"), 0): _level(one)
            for one in _children(self._patterns.get(pattern), "lvl")[:_LEVELS]
        }
        restarts = {}
        for change in _children(element, "lvlOverride"):
            place = _number(_value(change, "ilvl"), 0)
            for changed in _children(change, "lvl"):
                levels[place] = _level(changed)
            start = _child_value(change, "startOverride")
            if start:
                restarts[place] = _number(start, 1)
        kept = {place: level for place, level in levels.items() if 0 <= place < _LEVELS}
        return _List(pattern, kept, restarts)

    def _followed(self, name: str) -> str:
        """The pattern itself where this one only points at a list style."""
        style = _child_value(self._patterns.get(name), "numStyleLink")
        return self._linked.get(style, name) if style else name


def _is_default(style: etree._Element) -> bool:
    return _value(style, "type") == "paragraph" and _value(style, "default") == "1"


def _level(element: etree._Element) -> _Level:
    return _Level(
        start=_number(_child_value(element, "start"), 1),
        style=_child_value(element, "numFmt") or "decimal",
        text=_child_value(element, "lvlText")[:_LONGEST_MARK],
        legal=element.find(f"{W}isLgl") is not None,
        restarts=_child_value(element, "lvlRestart") != "0",
    )


def _children(element: etree._Element | None, name: str) -> list[etree._Element]:
    return [] if element is None else element.findall(W + name)


def _value(element: etree._Element, name: str) -> str:
    return str(element.get(W + name, ""))


def _child_value(element: etree._Element | None, name: str) -> str:
    child = element.find(W + name) if element is not None else None
    return _value(child, "val") if child is not None else ""


def _number(text: str, default: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else default
