"""What a check tells: findings with their place and their fix, and what is known of the case. Judges nothing.

The table of rules stands here; the modules named check_… apply it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from gongwen.document import Letter, Picture

ERROR = "error"  # must be mended before the letter goes up
WARNING = "warning"  # most likely wrong; a person decides
HINT = "hint"  # unusual; look once

# Every rule with its level. Data of each: found (what stands there; where there are several, joined by a
# space) and what the comment names. Rules that document.LetterError raises are errors with its own data.
LEVELS = {
    "missing-glyph": ERROR,  # char, code, name
    "empty-title": ERROR,
    "empty-addressee": ERROR,
    "empty-body": ERROR,
    "no-date": HINT,
    "no-doc-number": HINT,
    "no-class": HINT,
    "no-disclosure": HINT,
    "no-contacts": HINT,
    "doc-number-brackets": ERROR,
    "doc-number-zero": ERROR,
    "doc-number-di": ERROR,
    "doc-number-form": ERROR,
    "date-form": WARNING,  # expected
    "heading-skipped": WARNING,  # expected
    "heading-misnumbered": WARNING,  # expected
    "heading-mark": WARNING,  # expected
    "half-width": WARNING,  # count, text: the whole text put right
    "straight-quote": WARNING,
    "bracket-unclosed": WARNING,  # expected
    "bracket-unopened": WARNING,  # expected
    "bracket-crossed": WARNING,  # expected
    "quote-twice": WARNING,  # expected
    "title-mark-nested": WARNING,  # expected
    "marks-doubled": WARNING,
    "ellipsis-form": WARNING,
    "dash-form": WARNING,
    "sentence-end": WARNING,  # the last character or mark
    "words-doubled": WARNING,
    "mixed-script": WARNING,  # expected
    "scraped": WARNING,
    "you-to-one": WARNING,  # addressee, expected
    "you-to-many": WARNING,  # addressee, expected
    "you-mixed": WARNING,
    "addressee-not-proposer": ERROR,  # expected: the proposers
    "number-in-title": ERROR,  # expected
    "number-in-body": WARNING,  # expected
    "session-in-title": WARNING,  # expected
    "title-quoted": WARNING,  # expected
    "no-opening": HINT,  # expected
    "no-answer-phrase": HINT,  # expected
    "no-thanks": HINT,
    "id-number": ERROR,  # found is masked here and in the next three
    "mobile-number": WARNING,
    "bank-card": WARNING,
    "mobile-in-contacts": HINT,
    "class-a-open": WARNING,  # mark: the class as it stands
    "class-c-done": WARNING,  # mark: the class as it stands
    "class-b-undated": WARNING,  # mark; found is empty
}


@dataclass(frozen=True)
class Edit:
    """Put `text` in the place of characters `start` to `end` of the text at `place`."""

    place: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    `place` is a field of the letter, with ":" and a number from 1 in a list, such as paragraphs:3; further
    inside a table paragraphs:3:rows:2:1. `start` and `end` bound the (first) characters meant, None where
    the whole place is. `fix` mends it, all edits together; empty where only a person can.
    """

    rule: str
    level: str
    place: str
    data: dict[str, Any] = field(default_factory=dict)
    start: int | None = None
    end: int | None = None
    fix: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Case:
    """What is known of the proposal that the letter answers; None and "" are not known.

    `proposers` are names of persons or bodies, `title` is the proposal's own, `session` as letters name it.
    """

    proposers: tuple[str, ...] = ()
    number: int | None = None
    title: str = ""
    session: str = ""


Spans = list[tuple[int, int, str]]  # (start, end, what should stand there instead)


def finding(rule: str, place: str, span: tuple[int, int] | None = None, /, **data: Any) -> Finding:
    """A finding without a fix."""
    start, end = span or (None, None)
    return Finding(rule, LEVELS[rule], place, data, start, end)


def mendable(rule: str, place: str, content: str, spans: Spans, /, **data: Any) -> Finding:
    """One finding for all spots of the text at a place that break one rule, with the edits that mend them."""
    found = " ".join(dict.fromkeys(content[start:end] for start, end, _ in spans))
    fix = tuple(Edit(place, *span) for span in spans)
    return Finding(rule, LEVELS[rule], place, {"found": found, **data}, spans[0][0], spans[0][1], fix)


def with_fix(told: Finding, fix: Iterable[Edit]) -> Finding:
    """The same finding with these edits as its fix."""
    return replace(told, fix=tuple(fix))


_NOT_PRINTED = ("form", "language", "marks_at", "qr", "verify")


def texts(letter: Letter) -> Iterator[tuple[str, str]]:
    """(place, text) for everything printed, in the order of the fields."""
    for one in fields(letter):
        if one.name not in _NOT_PRINTED:
            yield from _texts(getattr(letter, one.name), one.name)


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple):
        for number, item in enumerate(value, start=1):
            yield from _texts(item, f"{place}:{number}")
    elif is_dataclass(value) and not isinstance(value, Picture):
        for one in fields(value):
            yield from _texts(getattr(value, one.name), f"{place}:{one.name}")


def body(letter: Letter) -> Iterator[tuple[str, str]]:
    """(place, text) of the paragraphs that are text; a table is no sentence."""
    for number, block in enumerate(letter.paragraphs, start=1):
        if isinstance(block, str):
            yield f"paragraphs:{number}", block


def with_texts(letter: Letter, changed: dict[str, str]) -> Letter:
    """The letter with these texts at these places."""
    names = {place.partition(":")[0] for place in changed}
    values = {name: _rebuilt(getattr(letter, name), name, changed) for name in names}
    return replace(letter, **values)


def _rebuilt(value: Any, place: str, changed: dict[str, str]) -> Any:
    if isinstance(value, str):
        return changed.get(place, value)
    if isinstance(value, tuple):
        return tuple(_rebuilt(item, f"{place}:{n}", changed) for n, item in enumerate(value, start=1))
    if is_dataclass(value) and not isinstance(value, type | Picture):
        parts = {one.name: getattr(value, one.name) for one in fields(value)}
        return replace(value, **{k: _rebuilt(part, f"{place}:{k}", changed) for k, part in parts.items()})
    return value


def is_reply(letter: Letter) -> bool:
    """Whether the letter answers a proposal, by its title; a notice or a request has another beginning and end."""
    title = "".join(letter.title.split())
    return "答复" in title or "提案" in title or "复函" in title


def first(findings: Iterable[Finding]) -> Iterator[Finding]:
    """At most the first of these."""
    return iter(list(findings)[:1])
