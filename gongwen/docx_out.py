"""A letter as a Word document with the pages of its PDF, to be opened in Word, WPS or LibreOffice and edited.

Lines and pages are the layout's own; other modules write them in a word processor's terms. The same letter
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from gongwen.document import Letter, block_texts, require_settable
from gongwen.docx_body import Body
from gongwen.docx_head import PageParts, imprint
from gongwen.docx_lines import Setter
from gongwen.docx_pictures import check_figure, code_figure
from gongwen.docx_stanzas import leaf_of
from gongwen.docx_styles import styles_xml
from gongwen.docx_xml import NAMESPACES, Package, core_xml, font_table_xml, settings_xml
from gongwen.fonts import FontSet, font_set
from gongwen.heads import printed
from gongwen.layout import pages
from gongwen.text import clean


def write(letter: Letter) -> bytes:
    """The letter as .docx.

    Raises LetterError for a letter that cannot be set and MissingGlyphs naming characters without a font.
    """
    require_settable(letter)
    package = Package()
    package.add_part("styles.xml", "styles", styles_xml())
    package.add_part("settings.xml", "settings", settings_xml())
    package.add_part("fontTable.xml", "fontTable", font_table_xml())
    body = _body(letter, package, font_set())
    document = f'<w:document {NAMESPACES} mc:Ignorable="wps"><w:body>{body}</w:body></w:document>'
    title = " ".join(clean(letter.title).split())
    day = letter.date.isoformat() if letter.date else ""
    return package.write(document, core_xml(title, letter.language, day))


def _body(letter: Letter, package: Package, fonts: FontSet) -> str:
    sheets = pages(letter, fonts)
    is_letter = letter.form == "letter"
    if clean(letter.qr).strip():
        sheets[0].content.append(code_figure(clean(letter.qr).strip()))
    if clean(letter.verify).strip():
        sheets[-1].content.append(check_figure(clean(letter.verify).strip(), letter.form, len(sheets)))
    leaves = [leaf_of(sheet, mark_in_header=is_letter and place == 0) for place, sheet in enumerate(sheets)]
    setter = Setter(fonts)
    body = Body(setter, package, _texts(letter))
    parts = PageParts(package, setter, body.next_id)
    parts.add_headers(leaves[0], clean(letter.watermark).strip(), is_letter=is_letter)
    parts.add_footers(sheets)
    for place, leaf in enumerate(leaves):
        body.add(leaf, is_first=place == 0, start=parts.start)
        if leaf.imprint:
            body.add_at(*imprint(leaf.imprint, leaf.rules, setter))
    return body.xml() + parts.section()


def _texts(letter: Letter) -> Iterator[str]:
    """Every text that may run over a page."""
    yield from printed(letter.text_paragraphs)
    yield from printed(letter.contacts)
    yield from printed([letter.note, f"（{letter.note}）"])
    yield "、".join(name.rstrip(":\uff1a \u3000") for name in printed(letter.addressees)) + "："
    for attachment in letter.attachments:
        yield from printed(block_texts(attachment.blocks))
