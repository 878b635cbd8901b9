"""What a letter consists of, as plain data, and the error of a letter that cannot be set.

No rule of layout lives here, and nothing that draws.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass

from gongwen.text import clean

FORMS = ("plain", "file")

# A reply has one to five thousand characters; a hundred pages take five seconds, and that is enough.
MAX_CHARACTERS = 60_000
MAX_TITLE_CHARACTERS = 120


class LetterError(ValueError):
    """The letter cannot be set. `rule` is the id of the finding that says why, `data` its details."""

    def __init__(self, rule: str, **data: object) -> None:
        super().__init__(" ".join([rule, *(f"{key}={value}" for key, value in data.items())]))
        self.rule = rule
        self.data = data


@dataclass(frozen=True)
class Letter:
    """One letter with every fact that is printed on it.

    `form` is "plain" (no red head: number at the left, class and disclosure mark at the right of the
    first line) or "file" (文件格式, GB/T 9704-2012 clause 7). `title` may hold line feeds: the breaks
    that a person chose. `addressees` come without their colon, `contacts` as complete lines.
    A letter without `date` is a draft: the room of the date stays empty, so that the pages do not change.
    """

    form: str
    title: str
    addressees: tuple[str, ...]
    paragraphs: tuple[str, ...]
    date: datetime.date | None
    doc_number: str = ""
    result_class: str = ""
    disclosure: str = ""
    letterhead: str = ""
    signers: tuple[str, ...] = ()
    signature: str = ""
    contacts: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: datetime.date | None = None
    watermark: str = ""
    language: str = "zh-Hans"


def digest(letter: Letter) -> bytes:
    """32 bytes that stand for exactly these facts (SHA-256 of their canonical JSON)."""
    facts = json.dumps(asdict(letter), sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(facts.encode("ascii")).digest()


def missing_parts(letter: Letter) -> list[str]:
    """Ids of what no letter can do without and this one lacks: empty-title, -addressee, -body."""
    parts = {"title": (letter.title,), "addressee": letter.addressees, "body": letter.paragraphs}
    return [f"empty-{name}" for name, texts in parts.items() if not clean("".join(texts)).strip(" \u3000")]


def require_settable(letter: Letter) -> None:
    """Raise LetterError where the letter lacks what no letter can do without, or is beyond all measure."""
    if letter.form not in FORMS:
        raise LetterError("unknown-form", form=letter.form)
    for rule in missing_parts(letter):
        raise LetterError(rule)
    if len(letter.title) > MAX_TITLE_CHARACTERS:
        raise LetterError("title-too-long", characters=len(letter.title), limit=MAX_TITLE_CHARACTERS)
    length = sum(map(len, letter.paragraphs)) + sum(map(len, letter.addressees + letter.contacts))
    if length > MAX_CHARACTERS:
        raise LetterError("letter-too-long", characters=length, limit=MAX_CHARACTERS)
