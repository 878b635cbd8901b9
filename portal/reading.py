"""A letter's facts as a page reads them: headings, paragraphs, tables. What a screen reader goes by."""

import re
from dataclasses import dataclass
from typing import Any

# The first two levels of an official text (GB/T 9704-2012, 7.3.3); a long one is a sentence that begins with a number.
_HEADINGS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、[^。；]{1,40}[。]?"),
    re.compile(r"（[一二三四五六七八九十]{1,3}）[^。；]{1,40}[。]?"),
)


@dataclass(frozen=True)
class Block:
    """One block of a letter: kind is h3, h4, p or table."""

    kind: str
    text: str = ""
    head: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def blocks_of(facts: dict[str, Any]) -> list[Block]:
    """Return the body of a letter, block by block."""
    return [_block(one) for one in facts["paragraphs"]]


def _block(one: str | dict[str, Any]) -> Block:
    if isinstance(one, dict):
        rows = tuple(tuple(row) for row in one["rows"])
        return Block("table", one["caption"], int(one["head"]), rows)
    for kind, pattern in zip(("h3", "h4"), _HEADINGS, strict=True):
        if pattern.fullmatch(one.strip()):
            return Block(kind, one.strip())
    return Block("p", one)
