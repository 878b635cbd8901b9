"""Composed lines as markup for the type engine: paragraphs, rows of several parts, empty room.

Every text is escaped here and nowhere else. Which line stands where is settled elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from gongwen.compose import CELL, CELLS, TRACKING, Line, Piece, Span, compose, width
from gongwen.fonts import FontSet

MM = 72 / 25.4
# 21 pitches of 1.875 characters and one character fill 225 mm: the standard's own grid.
PITCH_MM = 10.44886

# Part of a row: text, role, left edge in thousandths of an em.
Part = tuple[str, str, float]


def spacing(points: int) -> str:
    """Letter spacing for so many thousandths of an em.

    The PDF writer cuts what it gets to whole thousandths, towards zero: a little more than asked lands on it.
    """
    return f"{(points + math.copysign(0.06, points)) / 1000:.5f}em" if points else "0"


def block(lines: Sequence[Line], fonts: FontSet, name: str = "") -> str:
    """Lines as one paragraph: in a tagged PDF it reads as one."""
    content = "\n".join(_line_html(line, fonts) for line in lines)
    hang, first = lines[-1].indent, lines[0].indent
    if len(lines) == 1:
        hang = 0
    style = f"padding-left:{_cells(hang)};" if hang else ""
    style += f"text-indent:{_cells(first - hang)}" if first != hang else ""
    return f"<p{name and f' class={name}'}{style and f' style={chr(34)}{style}{chr(34)}'}>{content}</p>"


def _line_html(line: Line, fonts: FontSet) -> str:
    """One line; what is set in body type with the usual spacing needs no markup, and is set the faster."""
    return "".join(_piece_html(piece, fonts) for piece in line.pieces)


def _piece_html(piece: Piece, fonts: FontSet) -> str:
    attributes = ""
    if piece.face != fonts.chains["fang"][0]:
        attributes += f' class="{piece.face.family}"'
    if piece.spacing != TRACKING:
        attributes += f' style="letter-spacing:{spacing(piece.spacing)}"'
    return f"<span{attributes}>{escape(piece.text)}</span>" if attributes else escape(piece.text)


def _cells(count: int) -> str:
    return f"{count * CELL / 1000:.3f}em"


def row(parts: Sequence[Part], fonts: FontSet) -> str:
    """One line of several parts, given from left to right."""
    content, pen = [], 0.0
    for words, role, left in parts:
        line = compose([Span(words, role)], fonts, cells=10 * CELLS)[0]
        gap = f' style="padding-left:{(left - pen) / 1000:.4f}em"' if left != pen else ""
        content.append(f"<span{gap}>{_line_html(line, fonts)}</span>")
        pen = left + width(words, fonts, role) + TRACKING
    return f"<p>{''.join(content)}</p>"


def title_line(line: str, fonts: FontSet) -> str:
    """Text in title type, centred by the type engine: cells of a whole character, a space as wide as one."""
    composed = compose([Span(line, "title")], fonts, cells=10 * CELLS)[0]
    return "".join(
        f'<span class="{piece.face.family}">{escape(piece.text)}</span>' for piece in composed.pieces
    )


def room(height: float) -> str:
    """Empty room, in mm. All things stand in the flow: what floats over it would be read in another order."""
    return f'<div style="height:{height:.4f}mm"></div>' if height > 0 else ""


def blank(rows: int) -> str:
    """So many empty rows of the grid."""
    return room(rows * PITCH_MM)
