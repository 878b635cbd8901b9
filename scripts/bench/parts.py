"""A letter as a plain list of parts from top to bottom: what every other engine is given to set.

Imports nothing that a rival would then be charged memory for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from gongwen.document import Letter, Table
from gongwen.text import level, split_heading


@dataclass(frozen=True)
class Part:
    """`kind` is head, title, addressee, paragraph, table, issuer, date or contact.

    A head has its left and right text in `cells`; a paragraph its heading's `level` and in `cells` the heading
    sentence and the rest; a table its rows.
    """

    kind: str
    cells: tuple[str, ...] = ()
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def parts_of(letter: Letter) -> Iterator[Part]:
    """The parts of a letter in the plain form."""
    yield Part("head", (letter.doc_number, f"{letter.result_class} {letter.disclosure}"))
    yield from (Part("title", (line,)) for line in letter.title.split("\n"))
    yield Part("addressee", ("、".join(letter.addressees) + "：",))
    for block in letter.paragraphs:
        if isinstance(block, Table):
            yield Part("table", (block.caption,), rows=block.rows)
        else:
            yield Part("paragraph", split_heading(block), level(block))
    yield from (Part("issuer", (name,)) for name in letter.issuers[:1])
    yield Part("date", (written(letter.date),))
    yield from (Part("contact", (line,)) for line in letter.contacts)


def written(date: datetime.date | None) -> str:
    """The date as it stands in a letter."""
    return f"{date.year}年{date.month}月{date.day}日" if date else ""


def text_of(letter: Letter) -> str:
    """Every character of the letter without spaces, to compare with what a PDF reads back."""
    found = (
        text for part in parts_of(letter) for text in (*part.cells, *(c for row in part.rows for c in row))
    )
    return "".join("".join(found).split())
