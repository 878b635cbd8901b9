"""The lines of any PDF, whoever made it: text, edges, baseline and size, in mm from the upper left corner.

Judges nothing. Places come from the pen and the fonts' widths, not from ink; turned text is left out.
"""

from __future__ import annotations

import ctypes
import io
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from gongwen.pictures import pdf_reader
from gongwen.shapes import Shape, is_red, shapes_of

MM = 25.4 / 72
# Baselines nearer than this are one line: a raised figure is, the next line of small type is not.
_SAME_LINE_MM = 2.0
# Wider empty room parts a line into columns: two cells of the body.
COLUMN_MM = 11.2
# The reader gives each character's ink 1/64 more height over the baseline than it has (measured: 40 points, 0.17 mm).
_TOO_HIGH = 65 / 64
_HYPHEN_AT_END = 2  # what the reader gives for a hyphen that ends its line

# What a hand-made file may raise where a page's own figures are read and written.
_BROKEN = (
    *(pikepdf.PdfError, pikepdf.PasswordError, ArithmeticError, AttributeError),
    *(LookupError, RuntimeError, TypeError, ValueError),
)
_DEEPEST_TREE = 50
_UNITS = (0.01, 1000.0)  # beyond them no program writes a unit


class NotReadable(ValueError):
    """The bytes are no PDF that can be read: damaged, locked with a password, or without any text."""


class Glyph(NamedTuple):
    """One character: edges of its em box, pen, ink from `top` to `bottom`, size in points, its font's name."""

    text: str
    left: float
    right: float
    baseline: float
    top: float
    bottom: float
    size: float
    font: str
    red: bool


@dataclass(frozen=True)
class Line:
    """One line; `number` counts from 1 on its page. `left` and `right` are edges of em boxes.

    `middle` is half the height of the first character's ink, `size` in points, `blind` the number of
    glyphs that no text belongs to (U+FFFD in the text), `whole` false where wide gaps part it into columns,
    `glyphs` the characters without spaces, from left to right.
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
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True)
class Page:
    """One page, `number` from 1, as it is seen: width and height in mm, lines and shapes from top to bottom."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    shapes: tuple[Shape, ...]


def read(pdf: bytes) -> list[Page]:
    """Every page of the PDF. Raises NotReadable."""
    try:
        pages, written = _pages(_as_seen(pdf))
    except pypdfium2.PdfiumError as error:
        raise NotReadable("not a PDF that can be read (damaged, or locked with a password)") from error
    if not any(page.lines for page in pages):
        if written:
            raise NotReadable("no upright text in the PDF: its pages are turned")
        raise NotReadable("no text in the PDF: a picture of pages cannot be measured")
    return pages


def _as_seen(pdf: bytes) -> bytes:
    """The document without pages that are shown turned or in a unit of their own: as it looks, but plain."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            changed = [_write_as_seen(page) for page in document.pages]
            if not any(changed):
                return pdf
            out = io.BytesIO()
            document.save(out)
            return out.getvalue()
    except _BROKEN:
        return pdf


def _write_as_seen(page: pikepdf.Page) -> bool:
    """Turn and scale the page's content in place of the page; whether there was anything to do."""
    turn = int(_inherited(page, "/Rotate", 0)) % 360
    unit = float(page.obj.get("/UserUnit", 1))
    unit = unit if _UNITS[0] <= unit <= _UNITS[1] else 1.0
    if turn not in (90, 180, 270) and unit == 1:
        return False
    left, bottom, right, top = _visible(page)
    a, b, c, d, e, f = {
        90: (0, -1, 1, 0, -bottom, right),
        180: (-1, 0, 0, -1, right, top),
        270: (0, 1, -1, 0, top, -left),
    }.get(turn, (1, 0, 0, 1, -left, -bottom))
    figures = " ".join(f"{unit * figure:.6f}" for figure in (a, b, c, d, e, f))
    page.contents_add(f"q {figures} cm\n".encode(), prepend=True)
    page.contents_add(b"\nQ")
    wide, high = (top - bottom, right - left) if turn in (90, 270) else (right - left, top - bottom)
    box = pikepdf.Array([0, 0, round(unit * wide, 4), round(unit * high, 4)])
    page.obj.MediaBox = page.obj.CropBox = box
    page.obj.Rotate, page.obj.UserUnit = 0, 1
    return True


def _inherited(page: pikepdf.Page, name: str, default: int) -> Any:
    node: Any = page.obj
    for _ in range(_DEEPEST_TREE):
        if name in node:
            return node[name]
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return default


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """What is seen of the page, in its own unit before it is turned."""
    media, crop = pikepdf.Rectangle(page.mediabox), pikepdf.Rectangle(page.cropbox)
    seen = media & crop
    box = seen if seen.width > 0 and seen.height > 0 else media
    return box.llx, box.lly, box.urx, box.ury


def _pages(pdf: bytes) -> tuple[list[Page], bool]:
    """The pages, and whether there is any text at all, upright or not."""
    with pdf_reader:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = [_page(document[place], place + 1) for place in range(len(document))]
            upright = any(page.lines for page in pages)
            return pages, upright or any(page.get_textpage().get_text_range().strip() for page in document)
        finally:
            document.close()


def _page(page: pypdfium2.PdfPage, number: int) -> Page:
    width, height = (edge * MM for edge in page.get_size())
    # The lines of a page that is shown turned would be measured along the wrong edges.
    if page.get_rotation():
        return Page(number, width, height, (), ())
    textpage = page.get_textpage()
    rows = _rows(list(_glyphs(textpage, page.get_cropbox())))
    lines = tuple(_line(row, place) for place, row in enumerate(rows, start=1))
    return Page(number, width, height, lines, shapes_of(page))


def _glyphs(page: pypdfium2.PdfTextpage, box: tuple[float, float, float, float]) -> Iterator[Glyph]:
    place, count, looks = 0, page.count_chars(), _Looks(page)
    while place < count:
        code = pdfium.FPDFText_GetUnicode(page, place)
        pair = 0xD800 <= code < 0xDC00 and place + 1 < count
        low = pdfium.FPDFText_GetUnicode(page, place + 1) if pair else 0
        if pdfium.FPDFText_IsGenerated(page, place) != 1:
            glyph = _glyph(page, place, _text(page, place, code, low), box, looks)
            if glyph:
                yield glyph
        place += 2 if pair else 1


class _Looks:
    """Font and colour of the characters of one page; those of one text object share both."""

    def __init__(self, page: pypdfium2.PdfTextpage) -> None:
        self._page = page
        self._known: dict[int, tuple[str, bool]] = {}

    def at(self, place: int) -> tuple[str, bool]:
        """The font's name and whether the character is red."""
        item = pdfium.FPDFText_GetTextObject(self._page, place)
        key = ctypes.addressof(item.contents) if item else 0
        if key not in self._known:
            self._known[key] = (_font_name(item), _is_red(item)) if item else ("", False)
        return self._known[key]


def _font_name(item: Any) -> str:
    font = pdfium.FPDFTextObj_GetFont(item)
    length = pdfium.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
    name = ctypes.create_string_buffer(max(1, length))
    if length:
        pdfium.FPDFFont_GetBaseFontName(font, name, length)
    try:
        return name.value.decode("utf-8")
    except UnicodeDecodeError:
        return name.value.decode("gb18030", "replace")


def _is_red(item: Any) -> bool:
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, opacity)
    return bool(known) and is_red((red.value, green.value, blue.value))


def _text(page: pypdfium2.PdfTextpage, place: int, code: int, low: int) -> str:
    """The character, or U+FFFD for a glyph that no text belongs to."""
    if low:
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
    if code == _HYPHEN_AT_END:
        return "-"
    unknown = pdfium.FPDFText_HasUnicodeMapError(page, place) == 1
    return "\ufffd" if unknown or unicodedata.category(chr(code)) in ("Cc", "Cn", "Co", "Cs") else chr(code)


def _glyph(
    page: pypdfium2.PdfTextpage,
    place: int,
    text: str,
    box: tuple[float, float, float, float],
    looks: _Looks,
) -> Glyph | None:
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
    font, red = looks.at(place)
    glyph = Glyph(
        text=text,
        left=(left.value - box[0]) * MM,
        right=(max(loose.right, left.value) - box[0]) * MM,
        baseline=(box[3] - baseline.value) * MM,
        top=(box[3] - baseline.value - (top - baseline.value) / _TOO_HIGH) * MM,
        bottom=(box[3] - bottom) * MM,
        size=size,
        font=font,
        red=red,
    )
    return glyph if all(map(math.isfinite, glyph[1:7])) else None


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs line by line, each from left to right; a line of nothing but spaces is none."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if not rows or glyph.baseline - rows[-1][0].baseline > _SAME_LINE_MM:
            rows.append([])
        rows[-1].append(glyph)
    return [sorted(row, key=lambda glyph: glyph.left) for row in rows if _inked(row)]


def _inked(row: Sequence[Glyph]) -> list[Glyph]:
    return [glyph for glyph in row if not glyph.text.isspace()]


def _line(row: Sequence[Glyph], number: int) -> Line:
    inked = _inked(row)
    text = "".join(glyph.text for glyph in row).strip()
    return Line(
        number=number,
        text=text,
        left=inked[0].left,
        right=inked[-1].right,
        baseline=median(glyph.baseline for glyph in inked),
        middle=(inked[0].top + inked[0].bottom) / 2,
        size=median(glyph.size for glyph in inked),
        blind=text.count("\ufffd"),
        whole=all(after.left - before.right < COLUMN_MM for before, after in pairwise(row)),
        glyphs=tuple(inked),
    )
