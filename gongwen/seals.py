"""Seals and signature stamps: where they stand, and drawn specimens for whoever has none to show.

A specimen says that it is one. How a picture gets into a PDF is no matter of this module.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from html import escape

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from gongwen.document import Picture, Stamp
from gongwen.fonts import FontSet, MissingGlyphs, font_set
from gongwen.paper import DROP, Figure
from gongwen.prepared import proportion

_RED = "#d6001c"
_MOST_WIDE_MM = 60.0
SPECIMEN = "样章"


def seal_of(picture: Picture, name: str, x: float, y: float, size: float) -> Figure:
    """The seal `size` mm wide with its middle at x, y. A round one keeps its shape, an oval one its own."""
    height = size / proportion(picture)
    alt = f"印章：{name}" if name else "印章"
    return Figure(picture, x - size / 2, y - height / 2, size, height, alt, pressed=True)


def stamp_of(stamp: Stamp, fonts: FontSet, right: float, middle: float, height: float) -> Figure:
    """The signature stamp with its right edge and middle there, `height` mm high at most."""
    picture = stamp.picture or specimen_stamp(stamp.name, fonts)
    ratio = proportion(picture)
    height = min(height, _MOST_WIDE_MM / ratio)
    width = height * ratio
    alt = f"签名章：{stamp.name}"
    return Figure(picture, right - width, middle - height / 2, width, height, alt, pressed=True)


@functools.lru_cache(maxsize=32)
def specimen(name: str) -> Picture:
    """A round seal that bears the name along its rim, a star, and the word that it is a specimen.

    Raises MissingGlyphs for a name that the fonts cannot draw.
    """
    fonts = font_set()
    ring = (
        f'<circle cx="0" cy="0" r="20.4" fill="none" stroke="{_RED}" stroke-width="1.2"/>'
        f'<path d="{_star(7)}" fill="{_RED}"/>'
    )
    rim = _round_the_rim(name, fonts)
    below = _word(SPECIMEN, fonts, size=4.2, y=14.6)
    svg = _svg(
        42, 42, "-21 -21 42 42", f'{ring}<path d="{rim}{below}" fill="{_RED}"/>', f"{name}（{SPECIMEN}）"
    )
    return Picture(svg.encode(), "svg")


@functools.lru_cache(maxsize=32)
def specimen_stamp(name: str, fonts: FontSet) -> Picture:
    """A name as a signature stamp in red 楷体, with a small word that it is a specimen."""
    path = "".join(_glyph(char, "kai", fonts, 12, 1 + 12 * place, 11.5) for place, char in enumerate(name))
    word = "".join(_glyph(char, "fang", fonts, 3, 1 + 3 * place, 15.5) for place, char in enumerate(SPECIMEN))
    wide = 12 * max(1, len(name)) + 2
    svg = _svg(wide, 16, f"0 0 {wide} 16", f'<path d="{path}{word}" fill="{_RED}"/>', name)
    return Picture(svg.encode(), "svg")


def _svg(width: float, height: float, box: str, content: str, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="{box}">'
        f"<title>{escape(title)}</title>{content}</svg>"
    )


def _star(radius: float) -> str:
    points = [
        (distance * math.sin(math.radians(36 * place)), -distance * math.cos(math.radians(36 * place)))
        for place in range(10)
        for distance in [radius if place % 2 == 0 else radius * 0.382]
    ]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "Z"


def _round_the_rim(name: str, fonts: FontSet) -> str:
    """The characters upright on a circle, spread over at most 250 degrees around the top."""
    radius = 14.6
    size = min(5.2, 250 / max(1, len(name) - 1) * math.pi / 180 * radius)
    step = min(250 / max(1, len(name) - 1), 30.0)
    first = -step * (len(name) - 1) / 2
    path = ""
    for place, char in enumerate(name):
        angle = math.radians(first + step * place)
        path += _turned(char, fonts, size, radius, angle)
    return path


def _turned(char: str, fonts: FontSet, size: float, radius: float, angle: float) -> str:
    """A character on the circle, its foot turned to the centre: the middle of its em lies on the radius."""
    along, across = size * math.cos(angle), size * math.sin(angle)
    x = radius * math.sin(angle) - 0.5 * along - DROP * across
    y = -radius * math.cos(angle) - 0.5 * across + DROP * along
    return _outline(char, "title", fonts, (along, across, across, -along, x, y))


def _word(text: str, fonts: FontSet, size: float, y: float) -> str:
    left = -size * len(text) / 2
    return "".join(
        _glyph(char, "hei", fonts, size, left + size * place, y) for place, char in enumerate(text)
    )


def _glyph(char: str, role: str, fonts: FontSet, size: float, x: float, baseline: float) -> str:
    return _outline(char, role, fonts, (size, 0, 0, -size, x, baseline))


def _outline(char: str, role: str, fonts: FontSet, matrix: Sequence[float]) -> str:
    face = fonts.face(role, char)
    if face is None:
        raise MissingGlyphs(char)
    pen = SVGPathPen(None, ntos=lambda number: f"{number:.2f}")
    face.outline(char, TransformPen(pen, tuple(matrix)))
    return str(pen.getCommands())
