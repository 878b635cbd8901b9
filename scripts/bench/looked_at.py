"""What a PDF that an engine made is like: pages, text, fonts, tags, and how far it keeps to the standard."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass

import pikepdf
import pypdfium2

from bench.parts import text_of
from gongwen.document import Letter
from gongwen.measure import measure

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True)
class Look:
    """`lost` counts characters of the letter that do not read back, `apart` fonts that are not embedded.

    `departures` is the number of places where it departs from GB/T 9704-2012 by our own measuring.
    """

    pages: int
    lost: int
    apart: int
    tagged: bool
    same_bytes: bool
    departures: int


def look_at(pdf: bytes, letter: Letter, *, same_bytes: bool) -> Look:
    """Look at one PDF; `same_bytes` says whether the same letter gave it twice."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        tagged = "/StructTreeRoot" in document.Root
        apart = sum(_is_apart(item) for item in document.objects)
        pages = len(document.pages)
    lost = Counter(text_of(letter)) - Counter(_text(pdf))
    return Look(pages, lost.total(), apart, tagged, same_bytes, len(measure(pdf)))


def _is_apart(item: pikepdf.Object) -> bool:
    """Whether this is a font of the PDF whose outlines are not in it. Type 3 has them as drawings."""
    if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/Font":
        return False
    if item.get("/Subtype") in ("/Type0", "/Type3"):
        return False
    descriptor = item.get("/FontDescriptor")
    return descriptor is None or not any(key in descriptor for key in _FILES)


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return "".join("".join(texts).split())
