"""Pictures and documents made ready once per process: each page of them as a form that a PDF can take over.

SVG, PNG and JPEG become a one-page PDF; how it is taken over is for the writer. Nothing is ever loaded.
"""

from __future__ import annotations

import functools
import io
import warnings
from typing import Any

import pikepdf
from PIL import Image, ImageFile
from weasyprint import HTML
from weasyprint.images import RasterImage, get_image_from_uri
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from gongwen.document import LetterError, Picture

_SOURCE = "gongwen:picture"
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpeg": "image/jpeg"}
_MAX_PIXELS = 60_000_000
_WIDTH_MM = 100.0
_KEPT = 4  # pictures: as many as a joint letter has seals


class Denying(URLFetcher):
    """Gives the one picture that it was made for, and nothing else: no file, no network."""

    def __init__(self, picture: Picture | None = None) -> None:
        super().__init__(allowed_protocols=())
        self._picture = picture

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The picture's bytes. Raises ValueError for any other address."""
        if self._picture is None or url != _SOURCE:
            raise ValueError("a letter loads nothing from outside")
        return URLFetcherResponse(url, self._picture.content, {"Content-Type": _TYPES[self._picture.kind]})


@functools.cache
def configuration() -> FontConfiguration:
    """The one font configuration of this process: a new one for each document leaks some 30 MB."""
    return FontConfiguration()


def proportion(picture: Picture, page: int = 1) -> float:
    """Width over height of a picture, or of a document's page (from 1). LetterError: bad-picture (kind)."""
    form = _form(_document(picture), page - 1)
    left, bottom, right, top = (float(edge) for edge in form.BBox)
    wide, high = right - left, top - bottom
    turned = "/Matrix" in form and abs(float(form.Matrix[0])) < abs(float(form.Matrix[1]))
    return high / wide if turned else wide / high


def pages_of(picture: Picture) -> int:
    """Number of pages of a document, 1 for a picture. LetterError: bad-picture (kind)."""
    return len(_document(picture).pages)


def has_all_fonts(picture: Picture) -> bool:
    """Whether every font of a document is embedded and says what its codes read as, as PDF/A-2u asks."""
    fonts = [item for item in _document(picture).objects if _is_font(item)]
    return all("/ToUnicode" in font and _is_embedded(font) for font in fonts)


def _is_font(item: Any) -> bool:
    """A font as a page names it; the descendant of a composite one goes with it."""
    return (
        isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") == "/Font"
        and item.get("/Subtype") not in ("/CIDFontType0", "/CIDFontType2")
    )


def _is_embedded(font: Any) -> bool:
    if font.get("/Subtype") == "/Type3":
        return True
    holder = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = holder.get("/FontDescriptor", {})
    return any(f"/FontFile{number}" in descriptor for number in ("", "2", "3"))


def form_of(picture: Picture, page: int) -> tuple[pikepdf.Pdf, pikepdf.Object]:
    """A document and its page `page` (from 1) as a form XObject, which lives as long as the document is held."""
    document = _document(picture)
    return document, _form(document, page - 1)


def _form(document: pikepdf.Pdf, place: int) -> pikepdf.Object:
    return _forms(document)[place]


@functools.lru_cache(maxsize=_KEPT)
def _forms(document: pikepdf.Pdf) -> tuple[pikepdf.Object, ...]:
    return tuple(pikepdf.Page(page).as_form_xobject() for page in document.pages)


@functools.lru_cache(maxsize=_KEPT)
def _document(picture: Picture) -> pikepdf.Pdf:
    content = picture.content if picture.kind == "pdf" else _as_pdf(picture)
    try:
        document = pikepdf.open(io.BytesIO(content))
        if not len(document.pages):
            raise LetterError("bad-picture", kind=picture.kind)
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError) as error:
        raise LetterError("bad-picture", kind=picture.kind) from error
    return document


def _as_pdf(picture: Picture) -> bytes:
    image = _image(picture)
    wide, high, ratio = image.get_intrinsic_size(1, 16)
    ratio = ratio or (wide / high if wide and high else 1.0)
    size = f"{_WIDTH_MM}mm {_WIDTH_MM / ratio:.4f}mm"
    style = f"@page{{size:{size};margin:0}}body{{margin:0}}img{{display:block;width:{_WIDTH_MM}mm}}"
    markup = f'<style>{style}</style><img alt="" src="{_SOURCE}">'
    html = HTML(string=markup, url_fetcher=Denying())
    pdf: bytes = html.write_pdf(
        font_config=configuration(), cache={_SOURCE: image}, pdf_identifier=b"picture"
    )
    return pdf


def _image(picture: Picture) -> Any:
    if picture.kind != "svg":
        _require_readable(picture)
    # The engine answers None for what it cannot read, and says why only in its log.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = get_image_from_uri({}, Denying(picture), _OPTIONS, _SOURCE, _TYPES[picture.kind])
    if image is None or (picture.kind != "svg" and not isinstance(image, RasterImage)):
        raise LetterError("bad-picture", kind=picture.kind)
    return image


_OPTIONS = {"optimize_images": False, "jpeg_quality": None, "dpi": None}


def _require_readable(picture: Picture) -> None:
    """A raster picture that is what it says, complete, and no bomb of a thousand million pixels."""
    # The type engine sets this for the whole process, and half a seal would pass.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(picture.content), formats=[picture.kind.upper()]) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise LetterError("bad-picture", kind=picture.kind)
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise LetterError("bad-picture", kind=picture.kind) from error
