"""The lines of any PDF, whoever made it: text, edges, baseline and size, in mm from the upper left corner.

Judges nothing. Places come from the pen and the fonts' widths, not from ink; turned text is left out.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from gongwen.pdf import pdf_reader

MM = 25.4 / 72
# Baselines nearer than this are one line: a raised figure is, the next line of small type is not.
_SAME_LINE_MM = 2.0
# Wider empty room parts a line into columns: two cells of the body.
_COLUMN_MM = 11.2
_HYPHEN_AT_END = 2  # what the reader gives for a hyphen that ends its line


class NotReadable(ValueError):
    """The bytes are no PDF that can be read: damaged, locked with a password, or without any text."""


@dataclass(frozen=True)
class Line:
    """One line; `number` counts from 1 on its page. `left` and `right` are edges of em boxes.

    `middle` is half the height of the first character's ink, `size` in points, `blind` the number of
    glyphs that no text belongs to (U+FFFD in the text), `whole` false where wide gaps part it into columns.
    """

    number: int
    text: str
    left: float
    right: float
    baseline: float
    middle: float
    size: float
    blind: int
    whole: bool


@dataclass(frozen=True)
class Page:
    """One page, `number` from 1, as it is seen: width and height in mm, lines from top to bottom."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Glyph:
    text: str
    left: float
    right: float
    baseline: float
    middle: float
    size: float


def read(pdf: bytes) -> list[Page]:
    """Every page of the PDF. Raises NotReadable."""
    try:
        pages = _pages(pdf)
    except pypdfium2.PdfiumError as error:
        raise NotReadable("not a PDF that can be read (damaged, or locked with a password)") from error
    if not any(page.lines for page in pages):
        raise NotReadable("no text in the PDF: a picture of pages cannot be measured")
    return pages


def _pages(pdf: bytes) -> list[Page]:
    with pdf_reader:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_page(document[place], place + 1) for place in range(len(document))]
        finally:
            document.close()


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = (edge * MM for edge in page.get_size())
    textpage = page.get_textpage()
    # The lines of a page that is shown turned would be measured along the wrong edges.
    glyphs = [] if page.get_rotation() else list(_glyphs(textpage, page.get_cropbox()))
    rows = _rows(glyphs)
    return Page(number, width, height, tuple(_line(row, place) for place, row in enumerate(rows, start=1)))


def _glyphs(page: pypdfium2.PdfTextpage, box: tuple[float, float, float, float]) -> Iterator[_Glyph]:
    place, count = 0, page.count_chars()
    while place < count:
        code = pdfium.FPDFText_GetUnicode(page, place)
        pair = 0xD800 <= code < 0xDC00 and place + 1 < count
        low = pdfium.FPDFText_GetUnicode(page, place + 1) if pair else 0
        if pdfium.FPDFText_IsGenerated(page, place) != 1:
            glyph = _glyph(page, place, _text(page, place, code, low), box)
            if glyph:
                yield glyph
        place += 2 if pair else 1


def _text(page: pypdfium2.PdfTextpage, place: int, code: int, low: int) -> str:
    """The character, or U+FFFD for a glyph that no text belongs to."""
    if low:
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
    if code == _HYPHEN_AT_END:
        return "-"
    unknown = pdfium.FPDFText_HasUnicodeMapError(page, place) == 1
    return "\ufffd" if unknown or unicodedata.category(chr(code)) in ("Cc", "Cn", "Co", "Cs") else chr(code)


def _glyph(
    page: pypdfium2.PdfTextpage, place: int, text: str, box: tuple[float, float, float, float]
) -> _Glyph | None:
    """The character with its place; None where it is turned or has no size."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page, place, matrix)
    size = pdfium.FPDFText_GetFontSize(page, place) * math.hypot(matrix.c, matrix.d)
    if size <= 0 or matrix.a <= 0 or abs(matrix.b) > 0.01 * matrix.a:
        return None
    left, baseline, loose = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetCharOrigin(page, place, left, baseline)
    pdfium.FPDFText_GetLooseCharBox(page, place, loose)
    _, bottom, _, top = page.get_charbox(place)
    return _Glyph(
        text=text,
        left=(left.value - box[0]) * MM,
        right=(max(loose.right, left.value) - box[0]) * MM,
        baseline=(box[3] - baseline.value) * MM,
        middle=(box[3] - (bottom + top) / 2) * MM,
        size=size,
    )


def _rows(glyphs: Sequence[_Glyph]) -> list[list[_Glyph]]:
    """The glyphs line by line, each from left to right; a line of nothing but spaces is none."""
    rows: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if not rows or glyph.baseline - rows[-1][0].baseline > _SAME_LINE_MM:
            rows.append([])
        rows[-1].append(glyph)
    return [sorted(row, key=lambda glyph: glyph.left) for row in rows if _inked(row)]


def _inked(row: Sequence[_Glyph]) -> list[_Glyph]:
    return [glyph for glyph in row if not glyph.text.isspace()]


def _line(row: Sequence[_Glyph], number: int) -> Line:
    inked = _inked(row)
    text = "".join(glyph.text for glyph in row).strip()
    return Line(
        number=number,
        text=text,
        left=inked[0].left,
        right=inked[-1].right,
        baseline=median(glyph.baseline for glyph in inked),
        middle=inked[0].middle,
        size=median(glyph.size for glyph in inked),
        blind=text.count("\ufffd"),
        whole=all(after.left - before.right < _COLUMN_MM for before, after in pairwise(row)),
    )
