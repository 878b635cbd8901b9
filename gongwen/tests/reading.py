"""Reading a PDF back with a program that had no part in making it: characters, lines, millimetres.

Positions come from the text matrix and the font's widths, as any reader sees them; gongwen is not used.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise

import pdfplumber
import pypdfium2

MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """One line: its characters, the edges of its em boxes and its baseline in mm from the left and top."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    fonts: tuple[str, ...]
    steps: tuple[float, ...]


@dataclass(frozen=True)
class Page:
    """A page: text in the order in which it is written, and its lines from top to bottom."""

    text: str
    lines: tuple[Line, ...]
    number: str
    rects: tuple[dict, ...]


def read(pdf: bytes) -> list[Page]:
    """Every page of a PDF; page numbers are kept apart from the text."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_page(page) for page in document.pages]


def page_texts(pdf: bytes) -> list[str]:
    """The text of every page, line by line, as a second and quicker reader sees it."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded().replace("\r", "") for page in document]
    document.close()
    return texts


def body_text(pages: list[Page]) -> str:
    """All text in reading order without page numbers and without spaces."""
    return squeeze("".join(page.text for page in pages))


def squeeze(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def _page(page: pdfplumber.page.Page) -> Page:
    height = float(page.height)
    chars = [char for char in page.chars if height - char["matrix"][5] < 265 / MM]
    number = "".join(char["text"] for char in page.chars if height - char["matrix"][5] >= 265 / MM)
    rows: dict[int, list[dict]] = {}
    for char in chars:
        rows.setdefault(round((height - char["matrix"][5]) / 3), []).append(char)
    lines = tuple(_line(rows[row], height) for row in sorted(rows))
    return Page("".join(char["text"] for char in chars), lines, number, tuple(page.rects))


def _line(chars: list[dict], height: float) -> Line:
    chars = sorted(chars, key=lambda char: char["matrix"][4])
    starts = [char["matrix"][4] * MM for char in chars]
    last = chars[-1]
    width = last["x1"] - last["x0"]
    return Line(
        text="".join(char["text"] for char in chars),
        left=starts[0],
        right=starts[-1] + width * MM,
        baseline=(height - chars[0]["matrix"][5]) * MM,
        size=chars[0]["size"],
        fonts=tuple(char["fontname"].partition("+")[2] for char in chars),
        steps=tuple(after - before for before, after in pairwise(starts)),
    )
