"""Pages of a finished PDF as pictures, and how many there are. Knows nothing of letters."""

from __future__ import annotations

import io
import threading
from typing import Any

import pypdfium2

# pdfium may not be used by two threads at once.
pdf_reader = threading.Lock()


def page_count(pdf: bytes) -> int:
    """Number of pages of a PDF."""
    with pdf_reader:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return len(document)
        finally:
            document.close()


def page_png(pdf: bytes, number: int, width_px: int) -> bytes:
    """Page `number` (from 1) as a PNG `width_px` pixels wide. Raises IndexError beyond the last."""
    with pdf_reader:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= number <= len(document):
                raise IndexError(number)
            return _picture(document[number - 1], width_px)
        finally:
            document.close()


def pages_png(pdf: bytes, width_px: int) -> list[bytes]:
    """Every page as a PNG picture `width_px` pixels wide."""
    with pdf_reader:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [_picture(page, width_px) for page in document]
        finally:
            document.close()


def _picture(page: pypdfium2.PdfPage, width_px: int) -> bytes:
    image = page.render(scale=width_px / page.get_width()).to_pil()
    out = io.BytesIO()
    image.convert("L" if _is_grey(image) else "RGB").save(out, "PNG", optimize=False, compress_level=6)
    return out.getvalue()


def _is_grey(image: Any) -> bool:
    red, green, blue = image.convert("RGB").split()
    return bool(red.tobytes() == green.tobytes() == blue.tobytes())
