"""A proposal out of a Word file: its text in lines, forms in tables opened up, told apart into parts."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from lxml import etree

from gongwen import docx_in, docx_zip
from office.workflow import Refused
from proposals.word_parts import Parts, is_label, is_short_label, tell_apart

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LONG_CELL = 200  # characters; a table of figures has none so long
# What a file holds that is no text and that a reader would miss.
MISSED = {"picture", "text-box", "embedded-object", "formula", "note", "hidden-text", "header-footer"}

FAULTS = {
    "not-docx": _("This is not a Word file (.docx): choose another file."),
    "old-doc": _(
        "This is a file of the old kind (.doc or .wps): save it as .docx first, then choose it again."
    ),
    "encrypted-docx": _(
        "The file is locked with a password: save it without one first, then choose it again."
    ),
    "docx-too-large": _("The file is too long to be read: copy its text into the fields instead."),
}
OTHER_FAULT = _(
    "The file is damaged and cannot be read: open it in Word, save it anew, then choose it again."
)
NO_TEXT = _("The file holds no text that can be read. If it is a scan, attach it and type the text.")


def parts_of(data: bytes) -> Parts:
    """Return the parts of the proposal that a .docx holds; refuses, in one sentence, what cannot be read."""
    try:
        read = docx_in.read(_opened(data))
    except docx_in.DocxError as error:
        raise Refused(str(FAULTS.get(error.rule, OTHER_FAULT))) from error
    except ValueError as error:  # what only a letter must not have
        raise Refused(str(OTHER_FAULT)) from error
    if not read.text.strip():
        raise Refused(str(NO_TEXT))
    return tell_apart(read.text.split("\n"), has_losses=any(rule in MISSED for rule, _count in read.losses))


# ---- forms: tables whose cells name what stands beside them


@dataclass(frozen=True)
class _Cell:
    paragraphs: list[etree._Element]

    @property
    def said(self) -> list[str]:
        texts = ("".join(one.text or "" for one in p.iter(f"{W}t")).strip() for p in self.paragraphs)
        return [text for text in texts if text]

    @property
    def label(self) -> str:
        """What the cell names; the characters of a narrow cell stand below each other."""
        words = "".join("".join(self.said).split())
        return words if len(words) <= 24 and is_label(words) else ""


def _opened(data: bytes) -> bytes:
    """The file with each form's cells as paragraphs, in the order in which they are read."""
    parts = dict(docx_zip.open_parts(data))
    name = docx_zip.main_part(parts)
    root = docx_zip.tree(parts[name])
    tables = [table for table in root.iter(f"{W}tbl") if _is_form(table)]
    if not tables:
        return data
    for table in tables:
        for paragraph in list(_paragraphs(table)):
            table.addprevious(paragraph)
        parent = table.getparent()
        if parent is not None:
            parent.remove(table)
    parts[name] = etree.tostring(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part, content in parts.items():
            file.writestr(part, content)
    return out.getvalue()


def _cells(row: etree._Element) -> list[_Cell]:
    return [_Cell(list(cell.iterchildren(f"{W}p", f"{W}tbl"))) for cell in row.iter(f"{W}tc")]


def _is_form(table: etree._Element) -> bool:
    """One cell alone, a cell that names a part, or a cell with a text of several paragraphs."""
    if any(table.iterancestors(f"{W}tbl")):
        return False
    cells = [cell for row in table.iterchildren(f"{W}tr") for cell in _cells(row)]
    if len(cells) == 1:
        return True
    named = sum(bool(cell.label) for cell in cells)
    long = any(len(cell.said) > 1 and sum(map(len, cell.said)) > LONG_CELL for cell in cells)
    return long or (named > 0 and is_short_label(next(cell.label for cell in cells if cell.label)))


def _paragraphs(table: etree._Element) -> Iterator[etree._Element]:
    for row in table.iterchildren(f"{W}tr"):
        cells = [cell for cell in _cells(row) if cell.said]
        at = 0
        while at < len(cells):
            label, beside = cells[at].label, cells[at + 1] if at + 1 < len(cells) else None
            if label and beside and not beside.label and len(beside.said) == 1 and is_short_label(label):
                yield _paragraph(f"{label.rstrip('：:')}：{beside.said[0]}")
                at += 2
            elif label:
                yield _paragraph(f"{label.rstrip('：:')}：" if is_short_label(label) else label)
                at += 1
            else:
                yield from cells[at].paragraphs
                at += 1


def _paragraph(text: str) -> etree._Element:
    made = etree.Element(f"{W}p")
    run = etree.SubElement(made, f"{W}r")
    etree.SubElement(run, f"{W}t").text = text
    return made
