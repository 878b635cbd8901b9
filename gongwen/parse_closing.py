"""What stands below the body of a letter in its natural order: attachments' names, issuers, date, note, imprint.

Takes the lines that it understands off the end and leaves the rest. Judges and repairs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gongwen.document import LetterError
from gongwen.front_matter import without_brackets
from gongwen.parse_opening import says_whom_to_ask
from gongwen.text import level
from gongwen.typed import (
    DATE,
    MAX_NAME,
    date_line,
    date_of,
    is_date_line,
    is_name,
    names_in,
    strip_empty,
)

_COPIES_TO = re.compile("抄送[：:](.*)")
_COPIES_TO_NAMES = re.compile("抄送[：:]([^。：:]*)。?")
_COPIES = re.compile("[（(]?共印 ?([0-9]{1,5}) ?份。?[）)]?")
_PRINTED = re.compile("(.*日|.*-[0-9]{1,2}) ?印发。?")

_NAMED = re.compile("附件 ?[0-9]{0,2}[：:](.*)")
_ITEM = re.compile("[0-9]{1,2} ?[.．、](?![0-9])(.*)")
_NEXT_ITEM = re.compile("[；;] ?(?=[0-9]{1,2}[.．、](?![0-9]))")

_SEALED = re.compile("[ \u3000]*[（(](?:加?盖?公?章|印章?)[）)]$")
_PERSON = re.compile("(?:委员|代表|同志|先生|女士|主席|主任)$")
_SIGNED = re.compile(f"(.{{2,{MAX_NAME}}}?)[ \u3000]+({DATE.pattern})。?")

_MAX_LINES_AFTER_DATE = 8
_MAX_CONTACT = 100
_MAX_TURNED_OVER = 8
_MAX_ISSUERS = 10
_MAX_ATTACHMENTS = 60
_MAX_ATTACHMENT = 120


def take_imprint(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """版记 from the last line upwards: copies, who printed it when, 抄送. What is given is not looked for."""
    found: dict[str, Any] = {}
    strip_empty(lines)
    while lines:
        facts, count = _imprint_facts(lines[-1]), 1
        if not facts:
            facts, count = _turned_over(lines)
        if not facts or (found.keys() | given.keys()) & facts.keys():
            break
        found |= facts
        del lines[-count:]
        strip_empty(lines)
    return found


def _turned_over(lines: list[str]) -> tuple[dict[str, Any], int]:
    """抄送 whose names go on below it, and how many lines that are."""
    for count in range(2, min(len(lines), _MAX_TURNED_OVER) + 1):
        if _COPIES_TO.match(lines[-count]):
            whole = _COPIES_TO_NAMES.fullmatch("".join(lines[-count:]))
            return ({"copies_to": names_in(whole[1])}, count) if whole else ({}, 0)
    return {}, 0


def _imprint_facts(line: str) -> dict[str, Any]:
    copies, copies_to, printed = (each.fullmatch(line) for each in (_COPIES, _COPIES_TO, _PRINTED))
    if copies:
        return {"copies": int(copies[1])}
    if copies_to:
        return {"copies_to": names_in(copies_to[1])}
    return _printed(printed[1]) if printed and len(line) <= _MAX_CONTACT else {}


def _printed(said: str) -> dict[str, Any]:
    date = next((match for match in DATE.finditer(said) if match.end() == len(said)), None)
    name = said[: date.start()].strip(" \u3000") if date else ""
    if date is None or len(name) > MAX_NAME:
        return {}
    by = {"printed_by": name} if name else {}
    return {**by, "printed_on": date_of("printed_on", date)}


def take_closing(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Date with note and contact lines below it and issuing bodies above, then the attachments' names.

    `attachments` are names here. What is given is not looked for; where the closing says it once more it is
    taken off, and contact lines other than those given stay text.
    """
    strip_empty(lines)
    found = _take_date(lines, given)
    if not found:
        found = _take_lines_without_date(lines, given)
    others = found.pop("contacts") if "contacts" in given else ()
    if "date" in given and not others:
        found |= _take_same_date(lines, given)
    _drop_issuers(lines, given.get("issuers", ()))
    if "attachments" not in given:
        found["attachments"] = _take_attachments(lines)
    lines += others
    return found


def _take_date(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    place = None if "date" in given else _date_place(lines)
    if place is None:
        return {}
    said = (*given.get("contacts", ()), *given.get("issuers", ()))
    below = _not_given(filter(None, lines[place + 1 :]), said)
    found = _take_note(below, given)
    match = date_line(lines[place])
    found["date"] = date_of("date", match) if match else None
    del lines[place:]
    found |= _take_signature(lines, below, given)
    found["contacts"] = tuple(below)
    return found


def _take_same_date(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Take off a last line that says the given date once more; the issuing bodies stand above it."""
    strip_empty(lines)
    last = lines[-1:]
    place = _date_place(last)
    match = None if place is None else date_line(last[place])
    with suppress(LetterError):
        if match and date_of("date", match) == given["date"]:
            lines[-1:] = last[:-1]
            return _take_signature(lines, [], given)
    return {}


def _take_signature(lines: list[str], below: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The issuing bodies above the date, or else directly below it, unless they are given."""
    if "issuers" in given:
        return {}
    return {"issuers": _take_issuers(lines) or _take_bodies(below)}


def _drop_issuers(lines: list[str], given: Sequence[str]) -> None:
    """Take off the rows of names above the date that are given already."""
    names = set(map(_bare, given))
    strip_empty(lines)
    while lines and names and (row := _issuers_in(lines[-1])) and names.issuperset(map(_bare, row)):
        names.difference_update(map(_bare, row))
        del lines[-1]
        strip_empty(lines)


def _take_bodies(below: list[str]) -> tuple[str, ...]:
    """The bodies, not persons, on the first lines below the date."""
    names: tuple[str, ...] = ()
    while below and len(names) < _MAX_ISSUERS:
        row = _issuers_in(below[0])
        if not row or any(map(_PERSON.search, row)):
            break
        names = (*names, *row)
        del below[0]
    return names


def _not_given(lines: Iterable[str], given: Sequence[str]) -> list[str]:
    """The lines that say something else than those given."""
    known = set(map(_bare, given))
    return [line for line in lines if _bare(line) not in known]


def _bare(line: str) -> str:
    return re.sub(r"\s+", "", without_brackets(line)).replace(":", "：")


def _date_place(lines: list[str]) -> int | None:
    """Where the date stands near the end; one on a line with its issuers is first given a line of its own."""
    after = 0
    for place in reversed(range(len(lines))):
        line = lines[place]
        if len(line) > _MAX_CONTACT or after > _MAX_LINES_AFTER_DATE:
            return None
        if is_date_line(line):
            return place
        if (signed := _SIGNED.fullmatch(line)) and _issuers_in(signed[1]):
            lines[place : place + 1] = signed[1], signed[2]
            return place + 1
        after += bool(line)
    return None


def _take_note(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The first line that is in brackets from end to end; the note comes without them."""
    place = next((place for place, line in enumerate(lines) if without_brackets(line) != line), None)
    if place is None or "note" in given:
        return {}
    return {"note": without_brackets(lines.pop(place))}


def _take_issuers(lines: list[str]) -> tuple[str, ...]:
    """The names above the date, one a line, or several with wide room between them."""
    names: tuple[str, ...] = ()
    strip_empty(lines)
    while lines and len(names) < _MAX_ISSUERS:
        row = _issuers_in(lines[-1])
        if not row:
            break
        names = (*row, *names)
        del lines[-1]
        strip_empty(lines)
    return names


def _issuers_in(line: str) -> tuple[str, ...]:
    """The names that the line consists of, without the room for a seal in brackets behind them."""
    if level(line) or len(line) > 3 * MAX_NAME:
        return ()
    names = tuple(_SEALED.sub("", name) for name in re.split(" {2,}|[ \u3000]*\u3000[ \u3000]*", line))
    return names if all(map(is_name, names)) else ()


def _take_lines_without_date(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The last lines of a letter without date, as far as they say whom to ask."""
    start = len(lines)
    while start and says_whom_to_ask(lines[start - 1]) and not lines[start - 1].endswith("。"):
        start -= 1
    below = _not_given(lines[start:], given.get("contacts", ()))
    found = _take_note(below, given)
    del lines[start:]
    found["contacts"] = tuple(below)
    return found


def _take_attachments(lines: list[str]) -> tuple[str, ...]:
    """附件说明: 附件：甲, or 附件：1. 甲 with further items below it; the names without their numbers."""
    strip_empty(lines)
    start = first = len(lines)
    while start and len(lines) - start < _MAX_ATTACHMENTS and _may_name(lines[start - 1]):
        start -= 1
        if _NAMED.fullmatch(lines[start]):
            first = start
    names = tuple(filter(None, (name for line in lines[first:] for name in _names_in(line))))
    if names:
        del lines[first:]
    return names


def _may_name(line: str) -> bool:
    return not line or (
        len(line) <= _MAX_ATTACHMENT and bool(_NAMED.fullmatch(line) or _ITEM.fullmatch(line))
    )


def _names_in(line: str) -> list[str]:
    named = _NAMED.fullmatch(line)
    items = _NEXT_ITEM.split((named[1] if named else line).strip(" \u3000"))
    bare = (match[1] if (match := _ITEM.fullmatch(item)) else item for item in items)
    return [name.strip(" \u3000").rstrip("。；; ") for name in bare]
