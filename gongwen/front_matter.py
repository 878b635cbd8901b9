"""The facts of a letter that stand as YAML above its text: which keys there are and what each may hold.

Knows no order of a letter; the text below the front matter is for parse.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import yaml

from gongwen.document import LetterError
from gongwen.text import clean

# 60 addressees, copies and contact lines fill a tenth of it; reading YAML is slow.
MAX_FRONT_MATTER = 20_000

DATE = re.compile("([0-9]{4}) *年 *([0-9]{1,2}) *月 *([0-9]{1,2}) *日|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")

_MAX_KEY = 40
_NULL, _TEXT, _TIME = (f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "timestamp"))


def divide(text: str) -> tuple[str, str]:
    """Front matter, empty without one, and the text below it. LetterError: bad-front-matter, if it has no end."""
    first, _, rest = text.lstrip("\n").partition("\n")
    if first.rstrip() != "---":
        return "", text
    end = re.search(r"^(?:---|\.\.\.)[ \t]*$", rest, re.MULTILINE)
    if not end:
        raise LetterError("bad-front-matter", line=1)
    return rest[: end.start()], rest[end.end() :]


def facts_of(front: str) -> dict[str, Any]:
    """Fields of the letter by name; a key without a value counts as not given.

    LetterError: bad-front-matter (line, from 1) · front-matter-too-long (characters, limit) · unknown-key,
    duplicate-key, bad-value (all: key).
    """
    root = _compose(front)
    if root is None:
        return {}
    if not isinstance(root, yaml.MappingNode):
        raise LetterError("bad-front-matter", line=_line(root.start_mark))
    found: dict[str, Any] = {}
    for key_node, node in root.value:
        key = _key(key_node)
        if key in found:
            raise LetterError("duplicate-key", key=key)
        if node.tag != _NULL:
            found[key] = _READERS[key](key, node)
    return found


def _compose(front: str) -> yaml.Node | None:
    """The nodes alone: nothing is built from them, so that every wrong value is told with its key."""
    if len(front) > MAX_FRONT_MATTER:
        raise LetterError("front-matter-too-long", characters=len(front), limit=MAX_FRONT_MATTER)
    try:
        return yaml.compose("\n".join(map(clean, front.split("\n"))), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise LetterError("bad-front-matter", line=_line(error.problem_mark)) from error
    # PyYAML lets the last three through: escapes and versions beyond all numbers, brackets without end.
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise LetterError("bad-front-matter", line=1) from error


def _line(mark: yaml.Mark | None) -> int:
    """The line in the whole text, from 1; the first is the rule above the front matter."""
    return mark.line + 2 if mark else 1


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise LetterError("bad-front-matter", line=_line(node.start_mark))
    if node.value not in _READERS:
        raise LetterError("unknown-key", key=clean(node.value)[:_MAX_KEY])
    return str(node.value)


def _scalar(key: str, node: yaml.Node, *tags: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag not in (_TEXT, *tags):
        raise LetterError("bad-value", key=key)
    return str(node.value)


def _one_line(text: str) -> str:
    return clean(text).strip(" \u3000")


def lines_of(text: str) -> list[str]:
    """Every line without indent and without what cannot be printed; empty ones stay, as they divide."""
    return [_one_line(line) for line in text.splitlines()]


def _read_text(key: str, node: yaml.Node) -> str:
    return _one_line(_scalar(key, node))


def _read_title(key: str, node: yaml.Node) -> str:
    return "\n".join(filter(None, lines_of(_scalar(key, node))))


def _read_date(key: str, node: yaml.Node) -> datetime.date:
    match = DATE.fullmatch(_one_line(_scalar(key, node, _TIME)))
    if not match:
        raise LetterError("bad-value", key=key)
    return date_of(key, match)


def date_of(key: str, match: re.Match[str]) -> datetime.date:
    """The day that a match of DATE names. LetterError: bad-value (key), if there is no such day."""
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise LetterError("bad-value", key=key) from error


def _read_names(key: str, node: yaml.Node) -> tuple[str, ...]:
    return _read_list(key, node, "[\n、]")


def _read_lines(key: str, node: yaml.Node) -> tuple[str, ...]:
    return _read_list(key, node, "\n")


def _read_list(key: str, node: yaml.Node, between: str) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        items = [_scalar(key, item) for item in node.value]
    else:
        items = re.split(between, _scalar(key, node))
    return tuple(filter(None, map(_one_line, items)))


def _read_addressees(key: str, node: yaml.Node) -> tuple[str, ...]:
    return tuple(filter(None, (name.rstrip("：: ") for name in _read_names(key, node))))


_READERS: dict[str, Callable[[str, yaml.Node], Any]] = {
    **dict.fromkeys(("form", "doc_number", "result_class", "disclosure", "letterhead"), _read_text),
    **dict.fromkeys(("printed_by", "watermark"), _read_text),
    **dict.fromkeys(("signers", "copies_to", "issuers"), _read_names),
    **dict.fromkeys(("date", "printed_on"), _read_date),
    "title": _read_title,
    "addressees": _read_addressees,
    "contacts": _read_lines,
}
