"""A Word document in: its paragraphs and tables as text in a letter's natural order, and what was left out.

mammoth reads the document; before that the numbers of lists become text, and what a letter has no place for
is counted and taken out. Formatting goes without a word.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree
from mammoth import documents
from mammoth import docx as mammoth_docx

from gongwen import docx_zip, parse
from gongwen.document import MAX_COLUMNS, Letter, Table
from gongwen.docx_losses import SENTENCES, has_text, says_something, take_out
from gongwen.docx_numbers import Numbers, W
from gongwen.docx_zip import DocxError
from gongwen.tables_text import block_lines

__all__ = ["DocxError", "Imported", "read"]

# Paragraphs, pieces of them and cells, in which a letter of the longest kind has a character each and a half.
MAX_PIECES = 40_000

# 拼音指南 and 带圈字符 of older programs: EQ \o\ad(\s\up 9(zhé),喆).
_OVERLAY = re.compile(r"(?is)\s*EQ\b.*\\o\b[^()]*\((.*)\)\s*\Z")
_LONGEST_FIELD = 500
_LAST_ARGUMENT = re.compile(r"[,;，；]([^,;()，；\\]+)\Z")

# What mammoth raises where a document is not what it should be.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Imported:
    """What a Word document says.

    `text` is what gongwen.parse reads and `letter` what it makes of it. `losses` counts by rule what is no
    longer there as it was; rules: the keys of SENTENCES.
    """

    text: str
    letter: Letter
    losses: tuple[tuple[str, int], ...]

    @property
    def dropped(self) -> tuple[str, ...]:
        """A sentence for each of the losses, in plain English."""
        return tuple(SENTENCES[rule][count != 1].format(count) for rule, count in self.losses)


def read(content: bytes) -> Imported:
    """The letter in a .docx file.

    DocxError as docx_zip.open_parts. LetterError where a document that begins with front matter has it wrong.
    """
    parts = docx_zip.open_parts(content)
    losses: Counter[str] = Counter()
    slim = _slim(parts, losses)
    try:
        result = mammoth_docx.read(io.BytesIO(slim))
        blocks = list(_blocks(result.value.children, losses))
    except _UNREADABLE as error:
        raise DocxError("damaged-docx") from error
    losses["symbol"] += sum("w:sym element" in message.message for message in result.messages)
    text = "\n".join(block_lines(blocks)).strip("\n")
    counted = tuple((rule, losses[rule]) for rule in SENTENCES if losses[rule])
    return Imported(text, parse.read(text), counted)


# Before mammoth


def _slim(parts: Mapping[str, bytes], losses: Counter[str]) -> bytes:
    """The document alone, in a zip without relationships: there is nothing left that could be followed."""
    name = docx_zip.main_part(parts)
    root = docx_zip.tree(parts[name])
    if root.tag != f"{W}document":
        raise DocxError("not-docx")
    losses["header-footer"] = sum(
        says_something(docx_zip.tree(parts[part]))
        for kind in ("header", "footer")
        for part in docx_zip.related(parts, name, kind)
    )
    _write_fields(root)
    _unwrap(root)
    _fill_rows(root)
    take_out(root, losses)
    _write_numbers(root, parts, name, losses)
    _require_readable(root)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", etree.tostring(root))
    return out.getvalue()


def _write_fields(root: etree._Element) -> None:
    """Write the last argument of a field that draws one character over another: it alone is on the line."""
    fields: list[str] = []
    for element in list(root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t")):
        kind = element.get(f"{W}fldCharType") if element.tag == f"{W}fldChar" else ""
        if kind == "begin":
            fields.append("")
        elif fields and element.tag == f"{W}instrText":
            fields[-1] = (fields[-1] + (element.text or ""))[:_LONGEST_FIELD]
        elif fields and element.tag == f"{W}t":
            fields[-1] = ""  # the field shows its own result
        elif fields and kind == "end":
            base = etree.Element(f"{W}t")
            base.text = _overlaid(fields.pop())
            element.addnext(base)


def _overlaid(field: str) -> str:
    """The last argument of EQ with an overlay, "o(…, …)"; empty for any other field."""
    match = _OVERLAY.match(field)
    last = _LAST_ARGUMENT.search(match[1]) if match else None
    return last[1].strip() if last else ""


def _unwrap(root: etree._Element) -> None:
    """Leave the text in what mammoth would drop with it: of 拼音指南 the characters, not how they sound."""
    for reading in list(root.iter(f"{W}rt")):
        _dissolve(reading, keep=False)
    for name in ("ruby", "rubyBase", "fldSimple", "dir", "bdo"):
        for wrapper in list(root.iter(W + name)):
            _dissolve(wrapper, keep=True)


def _dissolve(wrapper: etree._Element, keep: bool) -> None:
    parent = wrapper.getparent()
    if parent is None:
        return
    for child in list(wrapper) if keep else ():
        wrapper.addprevious(child)
    parent.remove(wrapper)


def _fill_rows(root: etree._Element) -> None:
    """Cells for the columns that a row of a table begins after."""
    for row in list(root.iter(f"{W}tr"))[:MAX_PIECES]:
        skipped, first = row.find(f"{W}trPr/{W}gridBefore"), row.find(f"{W}tc")
        count = "" if skipped is None else skipped.get(f"{W}val", "")
        if first is not None and re.fullmatch("[0-9]{1,4}", count):
            for _ in range(min(int(count), MAX_COLUMNS + 1)):
                cell = etree.Element(f"{W}tc")
                etree.SubElement(cell, f"{W}p")
                first.addprevious(cell)


def _require_readable(root: etree._Element) -> None:
    """Drop what formats text, which mammoth would read for nothing, and refuse what it would read for ever."""
    pieces = list(root.iter(f"{W}p", f"{W}r", f"{W}tc"))
    if len(pieces) > MAX_PIECES:
        raise DocxError("docx-too-large", size=len(pieces), limit=MAX_PIECES, unit="pieces of text")
    for piece in pieces:
        for properties in piece.findall(f"{W}rPr"):
            piece.remove(properties)


def _write_numbers(root: etree._Element, parts: Mapping[str, bytes], name: str, losses: Counter[str]) -> None:
    def first(kind: str) -> etree._Element | None:
        return next((docx_zip.tree(parts[part]) for part in docx_zip.related(parts, name, kind)), None)

    numbers = Numbers(first("numbering"), first("styles"))
    for paragraph in list(root.iter(f"{W}p")):
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is None:
            mark = numbers.mark(paragraph)
            if mark.strip() and has_text(paragraph):
                _put_before(paragraph, mark)
    losses["bullet"] += numbers.bullets


def _put_before(paragraph: etree._Element, mark: str) -> None:
    text = next(one.text or "" for one in paragraph.iter(f"{W}t") if (one.text or "").strip())
    latin = mark[-1].isascii() and text.lstrip()[0].isascii() and text.lstrip()[0].isalnum()
    run = etree.Element(f"{W}r")
    etree.SubElement(run, f"{W}t").text = f"{mark} " if latin else mark
    properties = paragraph.find(f"{W}pPr")
    paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)


# After mammoth


def _blocks(elements: Iterable[object], losses: Counter[str]) -> Iterator[str | Table]:
    for element in elements:
        if isinstance(element, documents.Table):
            yield from _table(element, losses)
        elif isinstance(element, documents.Paragraph):
            yield from "".join(_said(element)).split("\n")


def _said(element: object) -> Iterator[str]:
    """The text of a paragraph; a line break that somebody typed ends a line here too."""
    if isinstance(element, documents.Text):
        yield re.sub(r"[\r\n]+", " ", element.value)
    elif isinstance(element, documents.Tab):
        yield " "
    elif isinstance(element, documents.Break):
        yield "\n" if element.break_type == "line" else ""
    elif isinstance(element, documents.Checkbox):
        yield "\u2611" if element.checked else "\u25a1"
    else:
        for child in getattr(element, "children", ()):
            yield from _said(child)


def _table(table: documents.Table, losses: Counter[str]) -> Iterator[str | Table]:
    """The table with merged cells divided; one cell alone, or too many side by side, are lines of text."""
    grid = list(_grid(table, losses))
    columns = max(map(len, grid), default=0)
    if columns > MAX_COLUMNS:
        losses["wide-table"] += 1
    if columns > MAX_COLUMNS or columns <= 1:
        yield from (" ".join(filter(None, row)) for row in grid)
        return
    heads = sum(1 for row in table.children if getattr(row, "is_header", False))
    rows = tuple(row + ("",) * (columns - len(row)) for row in grid)
    yield Table(rows, head=heads or 1)


def _grid(table: documents.Table, losses: Counter[str]) -> Iterator[tuple[str, ...]]:
    """Row by row the text of every cell; `covered` keeps columns that a cell from above reaches into."""
    covered: dict[int, int] = {}
    for row in table.children:
        cells: list[str] = []
        for cell in getattr(row, "children", ()):
            _fill(cells, covered)
            span = max(1, min(cell.colspan, MAX_COLUMNS + 1))
            losses["merged-cell"] += span > 1 or cell.rowspan > 1
            for place in range(len(cells), len(cells) + span):
                covered[place] = cell.rowspan - 1
            cells += [_cell_text(cell, losses), *[""] * (span - 1)]
        _fill(cells, covered)
        yield tuple(cells)


def _fill(cells: list[str], covered: dict[int, int]) -> None:
    while covered.get(len(cells), 0):
        covered[len(cells)] -= 1
        cells.append("")


def _cell_text(cell: documents.TableCell, losses: Counter[str]) -> str:
    lines: list[str] = []
    for element in cell.children:
        if isinstance(element, documents.Table):
            losses["nested-table"] += 1
            lines += [one for row in _grid(element, losses) for one in row]
        else:
            lines += "".join(_said(element)).split("\n")
    return " ".join(filter(None, (line.strip(" \u3000") for line in lines)))
