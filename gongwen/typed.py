"""Lines, dates and names in a row as people type them.

Knows no order of a letter and no front matter: what a line means is for those who read it here.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from gongwen.document import LetterError
from gongwen.text import clean

DATE = re.compile("([0-9]{4}) *年 *([0-9]{1,2}) *月 *([0-9]{1,2}) *日|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DATE_TO_COME = re.compile("(?:[0-9]{4})? *年 *[0-9]{0,2} *月 *[0-9]{0,2} *日")

# How the names of bodies and persons end.
BODY_OR_PERSON = re.compile(
    "(?:委|局|办|部|厅|院|会|组|处|科|室|府|区|市|县|乡|镇|村|街道|社|团|队|站|所|校|中心|公司|单位|部门"
    "|委员|代表|同志|先生|女士|主席|主任)$"
)
MAX_NAME = 40

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
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise LetterError("bad-value", key=key) from error


def is_name(line: str) -> bool:
    """Whether the line is nothing but the name of a body or a person's office."""
    return (
        len(line) <= MAX_NAME
        and bool(re.fullmatch(r"[^\W\d_a-zA-Z]+", line))
        and bool(BODY_OR_PERSON.search(line))
    )


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
