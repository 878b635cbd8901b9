"""Lines, dates and names in a row as people type them.

Knows no order of a letter and no front matter: what a line means is for those who read it here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from gongwen.document import LetterError
from gongwen.text import clean

_DIGIT = "[0-9０-９]"
_YEAR = f"({_DIGIT}{{4}}|[〇○零一二三四五六七八九]{{4}})"
_MONTH = _DAY = f"({_DIGIT}{{1,2}}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_BETWEEN = ("-", "[.．]", "[/／]")
DATE = re.compile(
    f"{_YEAR} *年 *{_MONTH} *月 *{_DAY} *[日号]"
    + "".join(f"|({_DIGIT}{{4}}){mark}({_DIGIT}{{1,2}}){mark}({_DIGIT}{{1,2}})" for mark in _BETWEEN)
)
DATE_TO_COME = re.compile(f"(?:{_YEAR})? *年 *(?:{_MONTH})? *月 *(?:{_DAY})? *日")
_FIGURES = str.maketrans("〇○零一二三四五六七八九", "000123456789")

# How the names of bodies and persons end.
BODY_OR_PERSON = re.compile(
    "(?:委|局|办|部|厅|院|会|组|处|科|室|府|区|市|县|乡|镇|村|街道|社|团|队|站|所|校|中心|公司|单位|部门"
    "|委员|代表|同志|先生|女士|主席|主任)$"
)
MAX_NAME = 40

# Words, some of them between quotes, as in 区“双减”办.
_WORD = r"[^\W\d_a-zA-Z]"
_NAME = rf"{_WORD}(?:{_WORD}|“[^\W_]{{1,10}}”|\"[^\W_]{{1,10}}\")*"

_INDENT = " \u3000"


def one_line(text: str) -> str:
    """The text without what cannot be printed and without room around it."""
    text = text.strip(_INDENT)
    # Most lines are printable as they are; looking at each character of a megabyte takes a second.
    return text if text.isprintable() else clean(text).strip(_INDENT)


def lines_of(text: str) -> list[str]:
    """Every line without indent and without what cannot be printed; empty ones stay, as they divide."""
    return [one_line(line) for line in text.splitlines()]


def strip_empty(lines: list[str]) -> None:
    """Take the empty lines above the first and below the last that says something."""
    del lines[: next((place for place, line in enumerate(lines) if line), len(lines))]
    while lines and not lines[-1]:
        del lines[-1]


def date_of(key: str, match: re.Match[str]) -> datetime.date:
    """The day that a match of DATE names. LetterError: bad-value (key), if there is no such day."""
    year, month, day = (_value(part) for part in match.groups() if part)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise LetterError("bad-value", key=key) from error


def _value(figures: str) -> int:
    """The number that the figures are: 20, ２０, 二十, or 二〇二四 digit by digit."""
    tens, ten, ones = figures.translate(_FIGURES).partition("十")
    return int(tens or 1) * 10 + int(ones or 0) if ten else int(tens)


def date_line(line: str) -> re.Match[str] | None:
    """The match of DATE in a line that is a date and nothing else, but for a full stop."""
    return DATE.fullmatch(line.removesuffix("。").rstrip(_INDENT))


def is_date_line(line: str) -> bool:
    """Whether the line is nothing but a date, or one whose month or day is still to come."""
    return bool(date_line(line) or DATE_TO_COME.fullmatch(line))


def is_name(line: str) -> bool:
    """Whether the line is nothing but the name of a body or a person's office."""
    return len(line) <= MAX_NAME and bool(re.fullmatch(_NAME, line)) and bool(BODY_OR_PERSON.search(line))


def names_in(text: str) -> tuple[str, ...]:
    """Names between 、 ， and ；, none of which counts within brackets. A full stop at the end is none's."""
    names = ("".join(name).strip(_INDENT) for name in _divided(text.rstrip("。." + _INDENT)))
    return tuple(filter(None, names))


def _divided(text: str) -> Iterator[list[str]]:
    name: list[str] = []
    depth = 0
    for char in text:
        depth = max(0, depth + (char in "（(") - (char in "）)"))
        if depth == 0 and char in "、，,；;":
            yield name
            name = []
        else:
            name.append(char)
    yield name


def persons_in(said: str) -> tuple[str, ...]:
    """Names between spaces or 、; 王　五 with room between its two characters is one."""
    names: list[str] = []
    for part in re.split("[、，,]", said):
        words = part.split()
        while words:
            spaced = len(words) > 1 and len(words[0]) == len(words[1]) == 1
            names.append("".join(words[: 1 + spaced]))
            del words[: 1 + spaced]
    return tuple(names)
