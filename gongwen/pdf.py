"""Pages as PDF and as pictures: the only module that drives the type engine and the PDF reader.

What stands where is settled before it comes here.
"""

from __future__ import annotations

import functools
import io
import threading
from collections.abc import Callable
from typing import Any

import pydyf
import pypdfium2
from fontTools.pens.basePen import BasePen
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from gongwen.compose import TRACKING
from gongwen.document import Letter, digest, require_settable
from gongwen.fonts import Face, FontSet, MissingGlyphs, configuration, font_set
from gongwen.layout import (
    BODY,
    FOOT,
    FOOT_PITCH_MM,
    RULE_WEIGHT_MM,
    THICK_MM,
    THIN_MM,
    TOP_MM,
    page_html,
)
from gongwen.markup import PITCH_MM, spacing
from gongwen.text import clean

# Neither the type engine's font map nor pdfium may be used by two threads at once.
_type_engine = threading.Lock()
pdf_reader = threading.Lock()

_RED = "#e60012"
_WATERMARK_GREY = 0.91
_WATERMARK_SIZE = 150  # points

_STYLE = f"""
@page {{ size: 210mm 297mm; margin: {TOP_MM}mm 26mm 32.46mm 28mm }}
@page :right {{ @bottom-right {{ content: "— " counter(page) " —"; padding: 2.02mm 4.94mm 0 0 }} }}
@page :left {{ @bottom-left {{ content: "— " counter(page) " —"; padding: 2.02mm 0 0 4.94mm }} }}
@page {{ @bottom-right {{ @NUMBER@ text-align: right }} @bottom-left {{ @NUMBER@ text-align: left }} }}
html {{ font-size: {BODY}pt; line-height: {PITCH_MM}mm; font-kerning: none; font-variant-ligatures: none;
  orphans: 1; widows: 1; color: #000 }}
body, p, h1 {{ margin: 0; white-space: pre; font-weight: normal }}
p {{ letter-spacing: {spacing(TRACKING)} }}
h1 {{ font-size: 22pt; line-height: {PITCH_MM}mm; text-align: center; word-spacing: .66em }}
.over {{ break-before: page }}
.mark {{ text-align: center; letter-spacing: 0; color: {_RED} }}
.rule {{ height: {RULE_WEIGHT_MM}mm; background: {_RED} }}
.imprint {{ font-size: {FOOT}pt; line-height: {FOOT_PITCH_MM}mm }}
.imprint p {{ margin-left: {FOOT}pt }}
.thick {{ height: {THICK_MM}mm; background: #000 }}
.thin {{ height: {THIN_MM}mm; background: #000 }}
"""


def render(letter: Letter) -> bytes:
    """The letter as PDF, tagged, the same bytes for the same facts and fonts.

    Raises LetterError for a letter that cannot be set and MissingGlyphs naming characters without a font.
    """
    require_settable(letter)
    fonts = font_set()
    _require_glyphs(letter, fonts)
    markup = page_html(letter, fonts)
    with _type_engine:
        return _write(letter, markup, fonts)


def _require_glyphs(letter: Letter, fonts: FontSet) -> None:
    missing = fonts.missing(printed_text(letter))
    if missing:
        raise MissingGlyphs(missing)


def printed_text(letter: Letter) -> str:
    """Every character that the letter prints, in no particular order."""
    singles = (letter.title, letter.doc_number, letter.result_class, letter.disclosure, letter.letterhead)
    others = (letter.printed_by, letter.watermark)
    lists = (
        letter.addressees
        + letter.issuers
        + letter.text_paragraphs
        + letter.signers
        + letter.contacts
        + letter.copies_to
    )
    return clean("".join(singles + others + lists))


def _write(letter: Letter, markup: str, fonts: FontSet) -> bytes:
    config = configuration()
    fetcher = _OwnFontsOnly(fonts)
    styles = [_base_style(fonts), *(_face_style(face) for face in _used_faces(markup, fonts))]
    sheets = [_sheet(style, fetcher) for style in styles]
    document = HTML(string=markup, url_fetcher=fetcher).render(
        font_config=config, stylesheets=sheets, pdf_tags=True
    )
    return document.write_pdf(
        pdf_identifier=digest(letter)[:16], finisher=_finisher(letter, fonts), pdf_tags=True
    )


class _OwnFontsOnly(URLFetcher):
    """Opens the fonts of the set by their own address, and nothing else: no file, no network."""

    def __init__(self, fonts: FontSet) -> None:
        super().__init__(allowed_protocols=())
        self._faces = {face.url: face for face in fonts.faces()}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        if url not in self._faces:
            raise ValueError("a letter loads nothing from outside")
        return URLFetcherResponse(url, self._faces[url].path.read_bytes(), {"Content-Type": "font/otf"})


def _base_style(fonts: FontSet) -> str:
    number = fonts.chains["song"][0].family
    body = fonts.chains["fang"][0].family
    page_number = f"font: {FOOT}pt/1 {number}; vertical-align: top;"
    return _STYLE.replace("@NUMBER@", page_number) + f"html {{ font-family: {body} }}"


def _face_style(face: Face) -> str:
    return (
        f"@font-face {{ font-family: {face.family}; src: url({face.url}) }}"
        f".{face.family} {{ font-family: {face.family} }}"
    )


def _used_faces(markup: str, fonts: FontSet) -> list[Face]:
    """The faces that this letter needs: a fallback of 50 MB is loaded once a letter asks for it."""
    always = {fonts.chains["song"][0], fonts.chains["fang"][0]}
    return [face for face in fonts.faces() if face in always or f'class="{face.family}"' in markup]


# Keyed by the configuration itself: a style sheet brings its fonts into the one it was made with.
_sheets: dict[tuple[FontConfiguration, str], CSS] = {}


def _sheet(style: str, fetcher: URLFetcher) -> CSS:
    config = configuration()
    key = (config, style)
    if key not in _sheets:
        _sheets[key] = CSS(string=style, url_fetcher=fetcher, font_config=config)
    return _sheets[key]


def _finisher(letter: Letter, fonts: FontSet) -> Callable[[Any, pydyf.PDF], None]:
    """What is done to the PDF just before it is written: fonts checked, watermark laid under the text."""

    def finish(document: Any, pdf: pydyf.PDF) -> None:
        _require_own_fonts(document)
        mark = clean(letter.watermark).strip()
        if mark:
            _lay_under(pdf, _watermark(mark, fonts).encode("ascii"))

    return finish


def _require_own_fonts(document: Any) -> None:
    """A character that our fonts did not set would come from any font of the machine, or be a box."""
    for font in document.fonts.values():
        if font.missing:
            raise MissingGlyphs("".join(map(chr, font.missing)))
        if not font.family.startswith("gw-"):
            raise MissingGlyphs("".join(font.to_unicode.values()))


def _lay_under(pdf: pydyf.PDF, drawing: bytes) -> None:
    """Draw the same thing beneath every page, as an artifact: it is no part of the text."""
    under = pydyf.Stream([drawing], compress=True)
    pdf.add_object(under)
    for page in [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/Page"]:
        page["Contents"] = pydyf.Array([under.reference, page["Contents"]])


class _PdfPen(BasePen):
    """Writes outlines as PDF path operators."""

    def __init__(self) -> None:
        super().__init__(None)
        self.operators: list[str] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self.operators += [f"{value:.4f}" for point in points for value in point] + [operator]

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._add("l", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self._add("h")


@functools.lru_cache(maxsize=8)
def _watermark(mark: str, fonts: FontSet) -> str:
    """The mark as grey outlines across the middle of an A4 page, rising to the right."""
    pen = _PdfPen()
    face = fonts.face("hei", mark[0])
    if face is None or not all(face.has(char) for char in mark):
        raise MissingGlyphs(fonts.missing(mark) or mark)
    face.outline(mark, pen)
    size = min(_WATERMARK_SIZE, 560 / len(mark))
    slope = 0.7071 * size
    half = len(mark) / 2
    turned = f"{slope:.3f} {slope:.3f} {-slope:.3f} {slope:.3f} 297.64 420.94 cm"
    centred = f"1 0 0 1 {-half} -0.38 cm"
    return f"/Artifact BMC q {_WATERMARK_GREY} g {turned} {centred} {' '.join(pen.operators)} f Q EMC"


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
