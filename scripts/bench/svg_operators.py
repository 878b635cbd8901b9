"""A seal drawn as SVG, as PDF operators: filled paths and circles, which is all that our specimens have."""

from __future__ import annotations

import functools
from xml.etree import ElementTree

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

_RED = "0.84 0 0.11"
# How far the handles of four curves that make a circle stand out, in radii.
_HANDLE = 0.5523


@functools.lru_cache(maxsize=4)
def operators(svg: bytes) -> str:
    """The drawing one unit wide and high, its lower left corner at the origin; kept for the next letter."""
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)
    left, top, width, height = map(float, root.get("viewBox", "0 0 42 42").split())
    drawn = [f"q {_RED} rg {_RED} RG 1 0 0 -1 0 1 cm {1 / width:.6f} 0 0 {1 / height:.6f} 0 0 cm"]
    drawn.append(f"1 0 0 1 {-left} {-top} cm")
    for element in root.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "circle":
            drawn.append(_circle(element))
        elif kind == "path":
            pen = _Operators()
            parse_path(element.get("d", ""), pen)
            drawn += [*pen.found, "f"]
    return " ".join([*drawn, "Q"])


def _circle(element: ElementTree.Element) -> str:
    x, y, radius = (float(element.get(name, 0)) for name in ("cx", "cy", "r"))
    pen = _Operators()
    points = [(1, 0), (1, _HANDLE), (_HANDLE, 1), (0, 1), (-_HANDLE, 1), (-1, _HANDLE), (-1, 0)]
    points += [(-1, -_HANDLE), (-_HANDLE, -1), (0, -1), (_HANDLE, -1), (1, -_HANDLE), (1, 0)]
    placed = [(x + radius * across, y + radius * down) for across, down in points]
    pen.moveTo(placed[0])
    for place in range(1, len(placed), 3):
        pen.curveTo(*placed[place : place + 3])
    pen.closePath()
    stroked = element.get("fill") == "none"
    return f"{element.get('stroke-width', '1')} w {' '.join(pen.found)} {'S' if stroked else 'f'}"


class _Operators(BasePen):
    """Writes outlines as PDF path operators."""

    def __init__(self) -> None:
        super().__init__(None)
        self.found: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.found.append(f"{pt[0]:.2f} {pt[1]:.2f} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.found.append(f"{pt[0]:.2f} {pt[1]:.2f} l")

    def _curveToOne(
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self.found.append(" ".join(f"{x:.2f} {y:.2f}" for x, y in (pt1, pt2, pt3)) + " c")

    def _closePath(self) -> None:
        self.found.append("h")
