"""What a letter consists of, as plain data, and the error of a letter that cannot be set.

No rule of layout lives here, and nothing that draws.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from gongwen.text import clean

# plain: the district's own form without a red head · file: 文件格式 · letter: 信函格式 (GB/T 9704-2012 10.1)
FORMS = ("plain", "file", "letter")
# Where result class and disclosure mark stand: in the top right corner, or on the document number's line.
MARKS_AT = ("corner", "number")
PICTURE_KINDS = ("svg", "png", "jpeg", "pdf")

# A reply has one to five thousand characters; a hundred pages take some seconds, and that is enough.
MAX_CHARACTERS = 60_000
MAX_TITLE_CHARACTERS = 120
MAX_COLUMNS = 12
MAX_PICTURE_BYTES = 20_000_000
MAX_QR_BYTES = 200  # more makes the squares of a code in the margin too small to be read
SEAL_MM = 42.0  # a county bureau's seal (国发〔1999〕25号)


class LetterError(ValueError):
    """The letter cannot be set. `rule` is the id of the finding that says why, `data` its details."""

    def __init__(self, rule: str, **data: object) -> None:
        super().__init__(" ".join([rule, *(f"{key}={value}" for key, value in data.items())]))
        self.rule = rule
        self.data = data


@dataclass(frozen=True)
class Table:
    """A table in the body or an attachment. The first `head` of its rows stand again on each further page.

    Rows may differ in length: what is missing at the right is empty.
    """

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    head: int = 1


@dataclass(frozen=True)
class Picture:
    """A picture or a finished document as a file's bytes; `kind` is one of PICTURE_KINDS."""

    content: bytes
    kind: str


# What a body or an attachment consists of, from top to bottom. A picture stands in attachments only.
Block = str | Table | Picture


@dataclass(frozen=True)
class Attachment:
    """附件: its name as the note under the body gives it, and what stands on its own pages.

    Without blocks it is only named: it travels apart from the letter.
    """

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Stamp:
    """签名章 (7.3.5.3): the office of who signs, and the stamp; without a picture the name is drawn in red."""

    name: str
    title: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Letter:
    """One letter with every fact that is printed on it.

    `form` is one of FORMS. `title` may hold line feeds: the breaks that a person chose; `letterhead` too:
    one issuing body each (empty: the issuers, with 文件 in the file form). `addressees` come without their
    colon, `contacts` as complete lines. A letter without `date` is a draft: the room of the date stays
    empty, so that the pages do not change.

    `issuers` are the names over the date, the leading body first. `sealed` leaves the room of a seal of
    `seal_mm` for each (7.3.5.1), and `seals` are drawn in it; without `sealed` there is none (7.3.5.2). A
    `stamp` stands instead of both (7.3.5.3).

    `verify` is the address under which the printed letter can be checked: a small code at the foot of the
    last page. `qr` is any other content of a code, at the head of the first.
    """

    form: str
    title: str
    addressees: tuple[str, ...]
    paragraphs: tuple[str | Table, ...]
    date: datetime.date | None
    doc_number: str = ""
    result_class: str = ""
    disclosure: str = ""
    marks_at: str = "corner"
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    letterhead: str = ""
    signers: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    sealed: bool = True
    seals: tuple[Picture, ...] = ()
    seal_mm: float = SEAL_MM
    stamp: Stamp | None = None
    note: str = ""
    contacts: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: datetime.date | None = None
    copies: int = 0
    watermark: str = ""
    qr: str = ""
    verify: str = ""
    language: str = "zh-Hans"

    @property
    def text_paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body without its tables."""
        return tuple(block for block in self.paragraphs if isinstance(block, str))


def digest(letter: Letter) -> bytes:
    """32 bytes that stand for exactly these facts (SHA-256 of their canonical JSON)."""
    values = asdict(letter)
    if not letter.verify:  # letters older than this field keep their digest
        del values["verify"]
    facts = json.dumps(values, sort_keys=True, ensure_ascii=True, default=_named)
    return hashlib.sha256(facts.encode("ascii")).digest()


def _named(value: object) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)


def block_texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text in these blocks, in the order of the page."""
    for block in blocks:
        if isinstance(block, str):
            yield block
        elif isinstance(block, Table):
            yield block.caption
            yield from (cell for row in block.rows for cell in row)


def missing_parts(letter: Letter) -> list[str]:
    """Ids of what no letter can do without and this one lacks: empty-title, -addressee, -body."""
    parts = {"title": [letter.title], "addressee": letter.addressees, "body": block_texts(letter.paragraphs)}
    return [f"empty-{name}" for name, texts in parts.items() if not clean("".join(texts)).strip(" \u3000")]


def require_settable(letter: Letter) -> None:
    """Raise LetterError where the letter lacks what no letter can do without, or is beyond all measure.

    Rules: unknown-form (form) · empty-title, -addressee, -body · title-too-long, letter-too-long
    (characters, limit) · table-too-wide (columns, limit) · bad-picture (kind) · picture-too-large (bytes,
    limit) · too-many-seals (seals, issuers) · qr-too-long (bytes, limit).
    """
    if letter.form not in FORMS:
        raise LetterError("unknown-form", form=letter.form)
    for rule in missing_parts(letter):
        raise LetterError(rule)
    if len(letter.title) > MAX_TITLE_CHARACTERS:
        raise LetterError("title-too-long", characters=len(letter.title), limit=MAX_TITLE_CHARACTERS)
    length = sum(map(len, _long_texts(letter)))
    if length > MAX_CHARACTERS:
        raise LetterError("letter-too-long", characters=length, limit=MAX_CHARACTERS)
    for block in (*letter.paragraphs, *(block for one in letter.attachments for block in one.blocks)):
        _require_settable_block(block)
    for picture in (
        *letter.seals,
        *([letter.stamp.picture] if letter.stamp and letter.stamp.picture else []),
    ):
        _require_settable_picture(picture)
    if len(letter.seals) > max(1, len(letter.issuers)):
        raise LetterError("too-many-seals", seals=len(letter.seals), issuers=len(letter.issuers))
    for content in (letter.qr, letter.verify):
        if len(content.encode()) > MAX_QR_BYTES:
            raise LetterError("qr-too-long", bytes=len(content.encode()), limit=MAX_QR_BYTES)


def _long_texts(letter: Letter) -> Iterator[str]:
    """What a careless paste can make too long."""
    yield from block_texts(letter.paragraphs)
    for attachment in letter.attachments:
        yield attachment.title
        yield from block_texts(attachment.blocks)
    for texts in (letter.addressees, letter.contacts, letter.copies_to, letter.signers, letter.issuers):
        yield from texts
    yield letter.note


def _require_settable_block(block: Block) -> None:
    if isinstance(block, Table):
        columns = max(map(len, block.rows), default=0)
        if columns > MAX_COLUMNS:
            raise LetterError("table-too-wide", columns=columns, limit=MAX_COLUMNS)
    elif isinstance(block, Picture):
        _require_settable_picture(block)


def _require_settable_picture(picture: Picture) -> None:
    if picture.kind not in PICTURE_KINDS:
        raise LetterError("bad-picture", kind=picture.kind)
    if len(picture.content) > MAX_PICTURE_BYTES:
        raise LetterError("picture-too-large", bytes=len(picture.content), limit=MAX_PICTURE_BYTES)
