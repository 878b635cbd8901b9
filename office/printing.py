"""Forms to print: a template of templates/forms/ and its context become a PDF on A4.

A form is a document in Chinese, in whatever language the page around it speaks, so its fixed words stand in its
template. Nothing is fetched but the fonts of this installation; the same context gives the same bytes.
"""

import functools
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pikepdf
import segno
import uharfbuzz as hb
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from fontTools.ttLib import TTFont, TTLibError
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

LANGUAGE = "zh-hans"
STYLES = settings.BASE_DIR / "static" / "css" / "forms.css"

# The forms by the name of their template, as they call themselves.
FORMS = {
    "proposal": "提案表",
    "assignment": "提案交办通知单",
    "handling": "提案办理单",
    "opinion": "会办意见函",
    "decline": "提案退办申请单",
    "extension": "提案延期办理申请单",
    "chase": "提案催办单",
    "questionnaire": "提案办理征询意见表",
    "catalogue": "提案目录",
}

# What forms.css calls a type: the file that set-up brings, and how a unit's own font for it names itself.
TYPES = {
    "fang": ("FandolFang-Regular.otf", ("仿宋", "FangSong", "FZFS", "STFangsong")),
    "hei": ("FandolHei-Regular.otf", ("黑体", "SimHei", "FZHT", "STHeiti")),
    "kai": ("FandolKai-Regular.otf", ("楷体", "KaiTi", "FZKT", "STKaiti")),
    "title": ("FandolSong-Bold.otf", ("方正小标宋", "FZXiaoBiaoSong", "FZXBS", "小标宋")),
}
# The Fandol fonts draw a full-width yen sign as a dollar, and the trade mark as a speck: "mended" stands before them.
DRAWN_WRONG = {0x2122, 0xFFE5}
# Large, and so loaded only for a form with a character that the body's type lacks.
RARE = {
    "mended": ("LXGWWenKai-Light.ttf", "U+2122, U+FFE5"),
    "rare": ("LXGWWenKai-Light.ttf", ""),
    "rarest": ("BabelStoneHan.ttf", ""),
}

# Forms hold what only their reader may see.
unkept = cache_control(private=True, no_store=True)
log = logging.getLogger(__name__)


@contextmanager
def in_chinese() -> Iterator[None]:
    """Let words from a catalogue be Chinese, as a form's are; also put on what gathers a form's context."""
    with translation.override(LANGUAGE):
        yield


@dataclass(frozen=True)
class FontFace:
    """One font file under the name that the style sheet calls it by."""

    family: str
    source: Path
    only_for: str = ""

    @property
    def rule(self) -> str:
        limits = f" unicode-range: {self.only_for};" if self.only_for else ""
        return f'@font-face {{ font-family: "{self.family}"; src: url("{self.source.as_uri()}");{limits} }}'


class OnlyFonts(URLFetcher):
    """Opens the named font files and nothing else, from the disk or from the network."""

    def __init__(self, faces: Iterable[FontFace]) -> None:
        super().__init__(allowed_protocols=["file"], allow_redirects=False)
        self.allowed = {face.source.as_uri() for face in faces}

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url not in self.allowed:
            log.warning("A form asked for %.200s, which was not fetched.", url)
            raise ValueError("forms fetch nothing but fonts")
        return super().fetch(url, headers)


@in_chinese()
def pdf_of(form: str, context: dict[str, Any]) -> bytes:
    """Return a form as a PDF.

    `form` is a key of FORMS and names templates/forms/<form>.html. The first comment there and in base.html tells
    what the context holds.
    """
    qr = qr_of(absolute(context["link"])) if context.get("link") else ""
    return pdf_of_html(render_to_string(f"forms/{form}.html", context | {"form_name": FORMS[form], "qr": qr}))


@in_chinese()
def pdf_of_paper(template: str, name: str, context: dict[str, Any]) -> bytes:
    """Return as a PDF what is no form of the house: an envelope, a list, a cover. It stands in the forms' frame.

    `template` names templates/forms/<template>.html, `name` is the heading.
    """
    return pdf_of_html(render_to_string(f"forms/{template}.html", context | {"form_name": name, "qr": ""}))


def name_of(form: str, context: dict[str, Any]) -> str:
    """Return the name of a form's file: what it is, of which proposal, for whom."""
    number = f"第{context['number']}号" if context.get("number") else ""
    parts = [FORMS[form], f"{context['session']}{number}", context.get("to") or context.get("bureau", "")]
    return "-".join(part for part in parts if part) + ".pdf"


def sheet(form: str, context: dict[str, Any]) -> HttpResponse:
    """Answer with a form, filled in, under its own name."""
    return answer(pdf_of(form, context), name_of(form, context))


def pdf_of_html(html: str) -> bytes:
    """Set a whole page in the type of the forms."""
    faces = _faces_for(html)
    fetcher, fonts = OnlyFonts(faces), FontConfiguration()
    rules = "\n".join(face.rule for face in faces)
    styles = [
        CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in (rules, STYLES.read_text())
    ]
    document = HTML(string=html, url_fetcher=fetcher)
    return bytes(document.write_pdf(stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1"))


def joined(pdfs: Iterable[bytes]) -> bytes:
    """Return several PDFs as one, in this order; each keeps its own page numbers."""
    with pikepdf.new() as whole:
        for pdf in pdfs:
            with pikepdf.open(BytesIO(pdf)) as part:
                whole.pages.extend(part.pages)
        target = BytesIO()
        whole.save(target, deterministic_id=True)
    return target.getvalue()


def absolute(path: str) -> str:
    """Return the address of a page of this site as one can type it elsewhere."""
    return urljoin(getattr(settings, "SITE_URL", "http://127.0.0.1:8000"), path)


def qr_of(text: str) -> SafeString:
    """Return a QR code as SVG to stand in a page, its text as the alternative."""
    code = segno.make(text, error="m", micro=False)
    return SafeString(code.svg_inline(omitsize=True, border=0, title=text, svgclass=None, lineclass=None))


def answer(pdf: bytes, name: str) -> HttpResponse:
    """Answer with a PDF under its own name, shown by the browser."""
    disposition = content_disposition_header(False, name) or "inline"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})


def _faces_for(html: str) -> list[FontFace]:
    """The fonts that these characters need, the unit's own before the open ones of the same type."""
    place = Path(settings.FONTS_DIR).resolve()
    own = _own_fonts(place / "own")
    faces = [FontFace(name, own.get(name, place / file)) for name, (file, _names) in TYPES.items()]
    missing = {ord(char) for char in html if not char.isspace()} - (_drawn_by(faces[0].source) - DRAWN_WRONG)
    if missing:
        faces += [FontFace(name, place / file, only_for) for name, (file, only_for) in RARE.items()]
    return faces


@functools.lru_cache(maxsize=8)
def _drawn_by(source: Path) -> frozenset[int]:
    return frozenset(hb.Face(hb.Blob.from_file_path(str(source))).unicodes)


@functools.lru_cache(maxsize=2)
def _own_fonts(place: Path) -> dict[str, Path]:
    """The unit's own fonts by type, read once: they change with the installation."""
    found: dict[str, Path] = {}
    for path in sorted(place.glob("*.[ot]tf")):
        names = _names_of(path)
        for family, (_file, known) in TYPES.items():
            if any(name.startswith(known) for name in names):
                found.setdefault(family, path)
    return found


def _names_of(path: Path) -> set[str]:
    try:
        with TTFont(path, lazy=True) as font:
            return {str(record) for record in font["name"].names if record.nameID in (1, 4, 6)}
    except (TTLibError, OSError):
        return set()
