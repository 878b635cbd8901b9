"""A letter read from text: optional YAML front matter, then the natural order of a letter.

Judges nothing: what a letter lacks or has wrong is for check to find. Repairs nothing.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from gongwen import enclosures
from gongwen.document import Attachment, Letter
from gongwen.front_matter import divide, facts_of
from gongwen.parse_attachments import attachments, take_sections
from gongwen.parse_closing import take_closing, take_imprint
from gongwen.parse_opening import take_head, take_opening
from gongwen.tables_text import blocks
from gongwen.typed import lines_of

_AS_GIVEN = frozenset(field.name for field in fields(Letter)) - {"stamp", "attachments"}


def read(text: str, folder: Path | None = None) -> Letter:
    """The letter that the text says. What the front matter gives is not looked for in the text below it,
    but a closing line that says it once more is taken off.

    Keys are front_matter.KEYS: fields of the letter (texts; a line break in title is the chosen break);
    signers, issuers, addressees, copies_to, contacts, letterhead, attachments are lists, or one text with a
    line each (names also between 、, issuers and signers also between ，, signers also between spaces);
    date and printed_on 2021-05-25 or 2021年5月25日. seal (none, specimen or a file, or a list of these),
    stamp (a file, a name, or title, name and file) and attachments (a name, a file, or name: file) may name
    files in `folder`. Without form the letter is plain, or file under a red head: names that end in 文件 or
    stand above a document number.

    LetterError: bad-front-matter (line) · front-matter-too-long (characters, limit) · unknown-key,
    duplicate-key, bad-value (all: key) · as enclosures.with_file.
    """
    front, body = divide(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    given = facts_of(front)
    facts = {"form": "plain", "title": "", "addressees": (), "date": None}
    facts |= _read_body(body, given)
    facts |= {name: value for name, value in given.items() if name in _AS_GIVEN}
    return Letter(**{**facts, **_enclosed(facts, given, folder)})


def _read_body(body: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the text below the front matter says: first its head and foot, and the rest is paragraphs."""
    lines = lines_of(body)
    found = take_imprint(lines, given)
    sections = take_sections(lines, given)
    # The imprint stands on the last page, but who types a letter may put it before the attachments.
    found |= take_imprint(lines, {**given, **found})
    found |= take_head(lines, given)
    found |= take_opening(lines, given)
    found |= take_closing(lines, given)
    names = [one.title for one in given["attachments"]] if "attachments" in given else found["attachments"]
    return {**found, "attachments": attachments(names, sections), "paragraphs": blocks(lines)}


def _enclosed(facts: dict[str, Any], given: dict[str, Any], folder: Path | None) -> dict[str, Any]:
    """The fields whose values may stand in files of their own."""
    found: dict[str, Any] = {}
    if "seal" in given:
        found["sealed"] = bool(given["seal"])
        found["seals"] = enclosures.seals(given["seal"], _sealing(facts), folder)
    if "stamp" in given:
        found["stamp"] = enclosures.stamp(given["stamp"], folder)
    if "attachments" in given:
        files = chain((named.file for named in given["attachments"]), repeat(""))
        pairs = zip(facts["attachments"], files, strict=False)
        found["attachments"] = tuple(_with_file(one, file, folder) for one, file in pairs)
    return found


def _with_file(attachment: Attachment, file: str, folder: Path | None) -> Attachment:
    return enclosures.with_file(attachment, file, folder) if file else attachment


def _sealing(facts: dict[str, Any]) -> tuple[str, ...]:
    """The bodies that seal the letter: the issuers, or the one on its head."""
    head = facts.get("letterhead", "").partition("\n")[0].removesuffix("文件")
    return facts.get("issuers") or tuple(filter(None, [head]))
