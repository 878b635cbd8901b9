"""The facts of a letter that stand as YAML above its text: which keys there are and what each may hold.

Knows no order of a letter; the text below the front matter is for parse.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from gongwen.document import MARKS_AT, LetterError
from gongwen.text import clean
from gongwen.typed import DATE, date_of, lines_of, one_line, persons_in

# 60 addressees, copies and contact lines fill a tenth of it; reading YAML is slow.
MAX_FRONT_MATTER = 20_000
# Brackets within brackets take PyYAML a time that grows with their square.
_MAX_BRACKETS = 400

SPECIMEN = "specimen"
_SPECIMENS = (SPECIMEN, "样章")
_NO_SEAL = ("none", "无")
_SEAL_MM = (20.0, 80.0)
_MAX_COPIES = 99_999

_MAX_KEY = 40
_NULL, _TEXT, _TIME, _INTEGER, _NUMBER = (
    f"tag:yaml.org,2002:{kind}" for kind in ("null", "str", "timestamp", "int", "float")
)

_PICTURE_FILE = re.compile(r".+\.(?:svg|png|jpe?g)", re.IGNORECASE)
_FILE = re.compile(r".+\.(?:pdf|png|jpe?g|svg|txt|md)", re.IGNORECASE)
_STAMP_KEYS = {
    "name": "name",
    "姓名": "name",
    "title": "title",
    "职务": "title",
    "file": "file",
    "文件": "file",
}


@dataclass(frozen=True)
class Named:
    """An attachment or a signature stamp whose picture or text is still in a file; `file` may be empty."""

    title: str = ""
    name: str = ""
    file: str = ""


def divide(text: str) -> tuple[str, str]:
    """Front matter, empty without one, and the text below it. LetterError: bad-front-matter, if it has no end."""
    first, _, rest = text.lstrip("\ufeff\n \u3000").partition("\n")
    if first.rstrip() != "---":
        return "", text
    end = re.search(r"^ ?(?:---|\.\.\.)[ \t\r]*$", rest, re.MULTILINE)
    if not end:
        raise LetterError("bad-front-matter", line=1)
    return rest[: end.start()], rest[end.end() :]


def facts_of(front: str) -> dict[str, Any]:
    """Facts of the letter by key; a key without a value counts as not given.

    Most are fields as they stand. `seal` is a list of files and SPECIMEN, empty where there is to be none,
    `stamp` one Named, and `attachments` are Named: whoever asked for the facts reads the files.

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
    if front.count("[") + front.count("{") > _MAX_BRACKETS:
        raise LetterError("bad-front-matter", line=1)
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


def _read_text(key: str, node: yaml.Node) -> str:
    return one_line(_scalar(key, node))


def _read_title(key: str, node: yaml.Node) -> str:
    return "\n".join(filter(None, lines_of(_scalar(key, node))))


def _read_letterhead(key: str, node: yaml.Node) -> str:
    return "\n".join(_read_lines(key, node))


def _read_note(key: str, node: yaml.Node) -> str:
    return without_brackets(_read_text(key, node))


def without_brackets(line: str) -> str:
    """What stands between brackets that enclose the whole line; a line without them comes back as it is."""
    match = re.fullmatch("[（(]((?:[^（()）]|[（(][^（()）]*[）)])+)[）)]", line)
    return match[1].strip() if match else line


def _read_place(key: str, node: yaml.Node) -> str:
    return _matched(key, _read_text(key, node), "|".join(MARKS_AT))


def _read_copy_number(key: str, node: yaml.Node) -> str:
    return _matched(key, one_line(_scalar(key, node, _INTEGER)), "[0-9]{1,6}").zfill(6)


def _read_copies(key: str, node: yaml.Node) -> int:
    count = int(_matched(key, one_line(_scalar(key, node, _INTEGER)), "[0-9]{1,6} ?份?").rstrip(" 份"))
    return int(_within(key, count, 1, _MAX_COPIES))


def _read_seal_mm(key: str, node: yaml.Node) -> float:
    number = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
    return _within(
        key, float(_matched(key, one_line(_scalar(key, node, _INTEGER, _NUMBER)), number)), *_SEAL_MM
    )


def _matched(key: str, text: str, pattern: str) -> str:
    if not re.fullmatch(pattern, text):
        raise LetterError("bad-value", key=key)
    return text


def _within(key: str, number: float, least: float, most: float) -> float:
    if not least <= number <= most:
        raise LetterError("bad-value", key=key)
    return number


def _read_date(key: str, node: yaml.Node) -> datetime.date:
    match = DATE.fullmatch(one_line(_scalar(key, node, _TIME)))
    if not match:
        raise LetterError("bad-value", key=key)
    return date_of(key, match)


def _read_names(key: str, node: yaml.Node) -> tuple[str, ...]:
    return _read_list(key, node, "[\n、]")


def _read_issuers(key: str, node: yaml.Node) -> tuple[str, ...]:
    return _read_list(key, node, "[\n、，,；;]")


def _read_signers(key: str, node: yaml.Node) -> tuple[str, ...]:
    """As given in a list; in one text also between spaces."""
    names = _read_list(key, node, "[\n、，,；;]")
    if isinstance(node, yaml.SequenceNode):
        return names
    return tuple(person for name in names for person in persons_in(name))


def _read_lines(key: str, node: yaml.Node) -> tuple[str, ...]:
    return _read_list(key, node, "\n")


def _read_list(key: str, node: yaml.Node, between: str) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        items = [_scalar(key, item) for item in node.value]
    else:
        items = re.split(between, _scalar(key, node))
    return tuple(filter(None, map(one_line, items)))


def _read_addressees(key: str, node: yaml.Node) -> tuple[str, ...]:
    return tuple(filter(None, (name.rstrip("：: ") for name in _read_names(key, node))))


def _read_copies_to(key: str, node: yaml.Node) -> tuple[str, ...]:
    return tuple(filter(None, (name.rstrip("。 ") for name in _read_names(key, node))))


def _read_seal(key: str, node: yaml.Node) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        return tuple(_seal(key, item) for item in node.value)
    return () if one_line(_scalar(key, node)).lower() in _NO_SEAL else (_seal(key, node),)


def _seal(key: str, node: yaml.Node) -> str:
    said = one_line(_scalar(key, node))
    if said in _SPECIMENS:
        return SPECIMEN
    if not _PICTURE_FILE.fullmatch(said):
        raise LetterError("bad-value", key=key)
    return said


def _read_stamp(key: str, node: yaml.Node) -> Named:
    if isinstance(node, yaml.MappingNode):
        stamp = _stamp(key, node)
    else:
        said = _read_text(key, node)
        stamp = Named(file=said) if _PICTURE_FILE.fullmatch(said) else Named(name=said)
    if not stamp.name and not stamp.file:
        raise LetterError("bad-value", key=key)
    return stamp


def _stamp(key: str, node: yaml.MappingNode) -> Named:
    facts: dict[str, str] = {}
    for part, value in node.value:
        name = _STAMP_KEYS.get(_scalar(key, part))
        if not name:
            raise LetterError("unknown-key", key=f"{key}: {one_line(part.value)[:_MAX_KEY]}")
        if name in facts:
            raise LetterError("duplicate-key", key=f"{key}: {part.value}")
        facts[name] = _read_text(key, value)
    return Named(**facts)


def _read_attachments(key: str, node: yaml.Node) -> tuple[Named, ...]:
    if isinstance(node, yaml.SequenceNode):
        return tuple(_attachment(key, item) for item in node.value)
    return tuple(map(_named, _read_lines(key, node)))


def _attachment(key: str, node: yaml.Node) -> Named:
    if not isinstance(node, yaml.MappingNode):
        return _named(_read_text(key, node))
    if len(node.value) != 1:
        raise LetterError("bad-value", key=key)
    [(name, file)] = node.value
    return Named(_read_text(key, name), file="" if file.tag == _NULL else _read_text(key, file))


def _named(said: str) -> Named:
    stem = re.split(r"[/\\]", said)[-1].rpartition(".")[0]
    return Named(stem, file=said) if _FILE.fullmatch(said) else Named(said)


_READERS: dict[str, Callable[[str, yaml.Node], Any]] = {
    **dict.fromkeys(("form", "doc_number", "result_class", "disclosure", "secrecy", "urgency"), _read_text),
    **dict.fromkeys(("printed_by", "watermark", "qr", "verify"), _read_text),
    "signers": _read_signers,
    "issuers": _read_issuers,
    **dict.fromkeys(("date", "printed_on"), _read_date),
    "title": _read_title,
    "letterhead": _read_letterhead,
    "marks_at": _read_place,
    "copy_number": _read_copy_number,
    "addressees": _read_addressees,
    "seal": _read_seal,
    "seal_mm": _read_seal_mm,
    "stamp": _read_stamp,
    "note": _read_note,
    "contacts": _read_lines,
    "attachments": _read_attachments,
    "copies_to": _read_copies_to,
    "copies": _read_copies,
}
KEYS = tuple(_READERS)
