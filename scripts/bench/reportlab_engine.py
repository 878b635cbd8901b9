"""reportlab: lines composed by our engine's own rules, each piece placed on the page by its baseline.

It takes no font with PostScript outlines, so they are turned into TrueType before anything is measured.
"""

from __future__ import annotations

import functools
import io
from pathlib import Path

from reportlab import Version
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bench.engines import ROOT, Engine
from bench.parts import Part, parts_of
from bench.svg_operators import operators
from bench.truetype import truetype
from gongwen.compose import CELL, CELLS, TRACKING, Line, Span, compose, width
from gongwen.document import Letter
from gongwen.fonts import Face, font_set

_MM = 72 / 25.4
_PITCH = 10.44886 * _MM
_LEFT, _TOP = 28 * _MM, A4[1] - 37 * _MM
_ROWS = 22
_MEASURE = CELLS * CELL - TRACKING
_ROLES = {1: "hei", 2: "kai"}


class ReportLab(Engine):
    """In process; its fonts stay registered."""

    version = f"reportlab {Version}, in process"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        font_set()

    def set(self, prepared: Letter) -> bytes:
        out = io.BytesIO()
        page = _Pages(out, prepared.title.replace("\n", " "))
        for part in parts_of(prepared):
            page.place(part, prepared)
        page.end()
        return out.getvalue()


@functools.cache
def _registered(face: Face) -> str:
    name = face.source.stem
    pdfmetrics.registerFont(TTFont(name, str(truetype(face.source, ROOT / "var" / "bench"))))
    return name


class _Pages:
    """A canvas with the row on which the next line comes."""

    def __init__(self, out: io.BytesIO, title: str) -> None:
        self._fonts = font_set()
        body = _registered(self._fonts.chains["fang"][0])
        self._canvas = Canvas(
            out, pagesize=A4, pageCompression=1, invariant=1, lang="zh-Hans", initialFontName=body
        )
        self._canvas.setTitle(title)
        self._row = 0

    def place(self, part: Part, letter: Letter) -> None:
        """Set one part of the letter below what stands there."""
        cells = part.cells
        if part.kind == "head":
            self._line(self._composed(cells[0]), 0)
            self._row -= 1
            self._line(self._composed(cells[1]), _MEASURE - width(cells[1], self._fonts))
            self._row += 2
        elif part.kind == "title":
            line = compose([Span(cells[0], "title")], self._fonts, cells=10 * CELLS)[0]
            self._line(line, (_MEASURE * 16 / 22 - line.width) / 2, 22)
        elif part.kind == "paragraph":
            spans = [Span(cells[0], _ROLES.get(part.level, "fang")), Span(cells[1])]
            self._lines(compose([span for span in spans if span.text], self._fonts, indent=2))
        elif part.kind == "table":
            self._table(part)
        elif part.kind in ("issuer", "date"):
            self._signed(cells[0], letter, sealed=part.kind == "date")
        else:
            self._row += part.kind == "addressee"
            indent = 2 if part.kind == "contact" else 0
            self._lines(compose([Span(cells[0])], self._fonts, indent=indent, hang=indent))

    def end(self) -> None:
        self._number()
        self._canvas.save()

    def _composed(self, text: str) -> Line:
        return compose([Span(text)], self._fonts, cells=10 * CELLS)[0]

    def _lines(self, lines: list[Line]) -> None:
        for line in lines:
            self._line(line, line.indent * CELL)

    def _line(self, line: Line, left: float, size: float = 16) -> None:
        """One line on the next row, `left` in thousandths of its size."""
        if self._row >= _ROWS:
            self._number()
            self._canvas.showPage()
            self._row = 0
        text = self._canvas.beginText(_LEFT + left * size / 1000, self._baseline)
        for piece in line.pieces:
            text.setFont(_registered(piece.face), size)
            spacing = piece.spacing if size == 16 else 0
            text.setCharSpace(spacing * size / 1000)
            text.textOut(piece.text)
        self._canvas.drawText(text)
        self._row += 1

    @property
    def _baseline(self) -> float:
        return _TOP - 0.88 * 16 - self._row * _PITCH

    def _signed(self, text: str, letter: Letter, *, sealed: bool) -> None:
        self._row += not sealed
        wide = width(text, self._fonts)
        self._line(self._composed(text), (CELLS - 4) * CELL - wide)
        if sealed:
            if letter.seals:
                self._seal(letter.seals[0].content, letter.seal_mm, _LEFT + 24 * 15.8 - wide * 0.008)
            self._row += 1

    def _seal(self, svg: bytes, millimetres: float, centre: float) -> None:
        self._canvas.saveState()
        self._canvas.translate(
            centre - millimetres / 2 * _MM, self._baseline + _PITCH + millimetres / 2 * _MM
        )
        self._canvas.scale(millimetres * _MM, millimetres * _MM)
        self._canvas._code.append(operators(svg))
        self._canvas.restoreState()

    def _table(self, part: Part) -> None:
        """Caption and rows of one line each, ruled; the columns of one width."""
        caption = self._composed(part.cells[0])
        self._line(caption, (_MEASURE - caption.width) / 2)
        self._canvas.setLineWidth(0.5)
        wide = _MEASURE / max(map(len, part.rows))
        for row in part.rows:
            for place, cell in enumerate(row):
                line = self._composed(cell)
                self._line(line, place * wide + (wide - line.width) / 2)
                self._row -= 1
                self._canvas.rect(
                    _LEFT + place * wide * 0.016, self._baseline - 0.4 * 16, wide * 0.016, _PITCH, stroke=1
                )
            self._row += 1

    def _number(self) -> None:
        number = self._canvas.getPageNumber()
        face = self._fonts.chains["song"][0]
        self._canvas.setFont(_registered(face), 14)
        text = f"\u2014 {number} \u2014"
        if number % 2:
            self._canvas.drawRightString(A4[0] - 31 * _MM, 27 * _MM, text)
        else:
            self._canvas.drawString(33 * _MM, 27 * _MM, text)
