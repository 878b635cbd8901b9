"""Pages as a PDF: the type engine writes structure, language and metadata, and each line is drawn as settled.

The engine is given one small box for everything that is read, in reading order; what the box shows stands at
its own place on the page. So the grid owes nothing to the engine's layout, and its tags all to the markup.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import pikepdf
import pydyf
from weasyprint import CSS, HTML

from gongwen.document import Letter, LetterError, Picture, block_texts, digest, require_settable
from gongwen.drawing import Fonts, box_of, draw_check, draw_types, draw_under
from gongwen.embedding import add_font
from gongwen.fonts import FontSet, MissingGlyphs, font_set
from gongwen.heads import mark_lines
from gongwen.layout import pages
from gongwen.paper import Figure, Grid, Sheet, Text
from gongwen.prepared import Denying, configuration, form_of, has_all_fonts
from gongwen.tagging import Tagger, is_kind, marked_cells, number_of, written_cells
from gongwen.takeover import TakeOver
from gongwen.text import clean

# Neither the type engine nor its image cache may be used by two threads at once.
_engine = threading.Lock()

_STYLE = """
@page { size: 210mm 297mm; margin: 0 }
html, body, section { margin: 0; padding: 0; display: block }
section { break-after: page }
section:last-child { break-after: auto }
img { display: block; width: 1px; height: 1px; overflow: visible }
"""


def render(letter: Letter, *, pdfa: bool = False) -> bytes:
    """The letter as PDF, tagged, the same bytes for the same facts and fonts; with `pdfa` as PDF/A-2u.

    Raises LetterError for a letter that cannot be set and MissingGlyphs naming characters without a font.
    """
    require_settable(letter)
    fonts = font_set()
    _require_glyphs(letter, fonts)
    with _engine:
        if pdfa:
            _require_archivable(letter)
        return _write(letter, pages(letter, fonts), fonts, pdfa=pdfa)


def _require_archivable(letter: Letter) -> None:
    """LetterError: not-archivable (title), for an attached document that would break PDF/A-2u."""
    for attachment in letter.attachments:
        documents = [one for one in attachment.blocks if isinstance(one, Picture) and one.kind == "pdf"]
        if not all(map(has_all_fonts, documents)):
            raise LetterError("not-archivable", title=attachment.title)


def _require_glyphs(letter: Letter, fonts: FontSet) -> None:
    missing = fonts.missing(printed_text(letter))
    if missing:
        raise MissingGlyphs(missing)


def printed_text(letter: Letter) -> str:
    """Every character that the letter prints, in no particular order."""
    stamp = (letter.stamp.name, letter.stamp.title) if letter.stamp else ()
    attached = [text for one in letter.attachments for text in (one.title, *block_texts(one.blocks))]
    singles = (
        *(letter.title, letter.doc_number, letter.result_class, letter.disclosure, letter.copy_number),
        *(letter.secrecy, letter.urgency, letter.note, letter.printed_by, letter.watermark),
    )
    lists = (letter.addressees, letter.signers, letter.issuers, letter.contacts, letter.copies_to)
    texts = [
        *singles,
        *(text for several in lists for text in several),
        *mark_lines(letter),
        *stamp,
        *attached,
    ]
    return clean("".join([*texts, *block_texts(letter.paragraphs)]))


@dataclass(frozen=True)
class _Box:
    """One thing that is read, as the engine's image: it draws itself at its own place on the page."""

    operators: bytes

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[float, float, float]:
        """Any size will do: what is shown stands elsewhere."""
        return 1, 1, 1

    def draw(self, stream: Any, _width: float, _height: float, _style: Any) -> None:
        """Undo the engine's own place for the box, then draw in points from the page's lower left corner."""
        stream.transform(*stream.ctm.invert.values)
        stream.stream.append(self.operators)


def _write(letter: Letter, sheets: Sequence[Sheet], fonts: FontSet, *, pdfa: bool) -> bytes:
    writer = _Writer(letter, sheets, fonts)
    variant = "pdf/a-2u" if pdfa else None
    document = HTML(string=writer.markup(), url_fetcher=Denying()).render(
        font_config=configuration(),
        stylesheets=[_style()],
        cache=writer.images,
        pdf_tags=True,
        pdf_variant=variant,
    )
    pdf: bytes = document.write_pdf(
        pdf_identifier=digest(letter)[:16], finisher=writer.finish, pdf_tags=True, pdf_variant=variant
    )
    return pdf


@cache
def _style() -> CSS:
    return CSS(string=_STYLE, font_config=configuration())


class _Writer:
    """What passes between markup and finished PDF for one letter."""

    def __init__(self, letter: Letter, sheets: Sequence[Sheet], fonts: FontSet) -> None:
        self._letter, self._sheets, self._faces = letter, sheets, fonts
        self._fonts = Fonts(sheets)
        self._forms: dict[str, tuple[pikepdf.Pdf, pikepdf.Object]] = {}
        self.images: dict[str, _Box] = {}

    def markup(self) -> str:
        """The letter's structure with a numbered box for each thing that is read."""
        title = escape(" ".join(clean(self._letter.title).split()))
        date = self._letter.date
        created = f'<meta name="dcterms.created" content="{date}">' if date else ""
        sections = "".join(f"<section>{self._section(sheet)}</section>" for sheet in self._sheets)
        language = escape(self._letter.language)
        return (
            f'<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{created}</head>'
            f"<body>{sections}</body></html>"
        )

    def _section(self, sheet: Sheet) -> str:
        cells = len(sheet.content)
        parts = []
        for item in sheet.content:
            number = len(self.images)
            self.images[f"gw:{number}"] = _Box(self._operators(item, cells))
            cells += len(written_cells(item)) if isinstance(item, Grid) else 0
            parts.append(f'<img src="gw:{number}" alt="{number}">')
        return "".join(parts)

    def _operators(self, item: Text | Figure | Grid, first_cell: int) -> bytes:
        if isinstance(item, Text):
            return draw_types(item.lines, self._fonts)
        return self._figure(item) if isinstance(item, Figure) else marked_cells(item, self._fonts, first_cell)

    def _figure(self, figure: Figure) -> bytes:
        document, form = form_of(figure.picture, figure.page)
        name = f"/P{len(self._forms)}"
        self._forms[name] = (document, form)
        left, low, right, high = (float(edge) for edge in box_of(figure))
        if figure.turned:
            upright = _shown_within(form, name, [0, 0, high - low, right - left])
            shown = f"q 0 1 -1 0 {right:.3f} {low:.3f} cm\n".encode() + upright + b"\nQ"
        else:
            shown = _shown_within(form, name, [left, low, right, high])
        return b"/Pressed gs\n" + shown if figure.pressed else shown

    # The finished PDF

    def finish(self, _document: Any, pdf: pydyf.PDF) -> None:
        """Put in fonts and pictures, say what each box is, lay rules and page numbers under the text."""
        leaves = [item for item in pdf.objects if is_kind(item, "/Page")]
        resources = pdf.objects[number_of(leaves[0]["Resources"])]
        resources["Font"] = pydyf.Dictionary(
            {name: add_font(pdf, font) for name, font in self._fonts.named()}
        )
        resources["ExtGState"]["Pressed"] = pydyf.Dictionary({"BM": "/Multiply"})
        sources: dict[int, TakeOver] = {}
        for name, (document, form) in self._forms.items():
            take_over = sources.setdefault(id(document), TakeOver(pdf))
            resources["XObject"][name[1:]] = take_over(form)
        Tagger(pdf, self._sheets).tag()
        for place, (leaf, sheet) in enumerate(zip(leaves, self._sheets, strict=True)):
            under = pydyf.Stream([self._under(sheet, place + 1)], compress=True)
            pdf.add_object(under)
            leaf["Contents"] = pydyf.Array([under.reference, leaf["Contents"]])

    def _under(self, sheet: Sheet, page: int) -> bytes:
        texts = (self._letter.watermark, self._letter.qr, self._letter.verify)
        mark, code, check = (clean(text).strip() for text in texts)
        drawn = b""
        if check and page == len(self._sheets):
            drawn = draw_check(check, self._letter.form, page, self._faces)
        return draw_under(sheet, self._fonts, mark, self._faces, code if page == 1 else "", drawn)


def _shown_within(form: pikepdf.Object, name: str, box: Sequence[float]) -> bytes:
    """The operators that show a form within a box, as large as it can be, in its middle."""
    placement = _blank_page().calc_form_xobject_placement(
        form,
        pikepdf.Name(name),
        pikepdf.Rectangle(*box),
        invert_transformations=False,
        allow_shrink=True,
        allow_expand=True,
    )
    return bytes(placement)


@cache
def _blank_page() -> pikepdf.Page:
    return pikepdf.new().add_blank_page(page_size=(595.276, 841.89))
