"""What is drawn on a page besides text: bars, marks and pictures of any PDF, in mm from its upper left corner.

Judges nothing. A bar is a bar whether it was filled as a thin area, stroked as a line or drawn piece by piece.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MM = 25.4 / 72
BAR, MARK, PICTURE, GROUP = "bar", "mark", "picture", "group"

_BAR_MM = 3.0  # thicker is no rule
_SHORTEST_BAR_MM = 1.0  # a piece of a bar; what is still short when put together is none
_BAR_LENGTH_MM = 20.0
_LEVEL_MM = 0.05
_JOINT_MM = 0.6
# Drawings of maps have hundreds of thousands of objects, and files may be nested on purpose.
_MOST_OBJECTS = 20_000
_MOST_POINTS = 400
_DEEPEST = 6

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
_Stop = tuple[float, float, bool]  # a point, and whether a straight line leads to it
_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Shape:
    """One shape with its edges: a BAR lies flat and is at most 3 mm thick, a MARK is any other drawn outline,
    a PICTURE an image, a GROUP a form XObject as a whole (what it holds comes too)."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float
    red: bool = False

    @property
    def width(self) -> float:
        """Width in mm."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in mm: a bar's weight."""
        return self.bottom - self.top


@dataclass(frozen=True)
class _Paint:
    """How a path is drawn: whether its lines are (else its area), how thick in mm, in red or not."""

    lines: bool
    weight: float
    red: bool


def is_red(colour: tuple[int, int, int]) -> bool:
    """Whether eyes would call this colour, 0 to 255 each, red."""
    red, green, blue = colour
    return red >= 128 and red > 1.8 * max(green, blue)


def shapes_of(page: pypdfium2.PdfPage) -> tuple[Shape, ...]:
    """Everything drawn on the page that can be seen, bars put together, from top to bottom."""
    left, _, _, top = page.get_cropbox()
    # From points upwards to millimetres downwards.
    matrix: Matrix = (MM, 0.0, 0.0, -MM, -left * MM, top * MM)
    drawn = (shape for item, at in _objects(page.raw, matrix) for shape in _shapes(item, at))
    found = [shape for shape in drawn if math.isfinite(shape.width) and math.isfinite(shape.height)]
    bars = _joined([shape for shape in found if shape.kind == BAR])
    others = [shape for shape in found if shape.kind != BAR]
    return tuple(sorted([*bars, *others], key=lambda shape: (shape.top, shape.left)))


def _objects(page: Any, matrix: Matrix) -> Iterator[tuple[Any, Matrix]]:
    """Every object on the page and in its groups, with the way from its coordinates to the page's."""
    stack: list[tuple[Any, Matrix, int]] = []
    for place in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        stack.append((pdfium.FPDFPage_GetObject(page, place), matrix, 0))
    stack.reverse()
    budget = _MOST_OBJECTS
    while stack and budget:
        item, at, depth = stack.pop()
        budget -= 1
        yield item, at
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = _times(_matrix(item), at)
            count = min(pdfium.FPDFFormObj_CountObjects(item), budget)
            stack += [(pdfium.FPDFFormObj_GetObject(item, place), inner, depth + 1) for place in range(count)]


def _shapes(item: Any, at: Matrix) -> Iterator[Shape]:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield from _path(item, at)
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        yield from _whole(item, at, PICTURE)
    elif kind == pdfium.FPDF_PAGEOBJ_FORM:
        yield from _whole(item, at, GROUP)


def _whole(item: Any, at: Matrix, kind: str, red: bool = False) -> Iterator[Shape]:
    """The object's own box; a flat picture is a bar."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return
    left, bottom, right, top = (edge.value for edge in edges)
    corners = [_point(at, x, y) for x in (left, right) for y in (bottom, top)]
    box = _box(corners)
    yield Shape(BAR if _is_bar(box) and kind == PICTURE else kind, *box, red)


def _path(item: Any, at: Matrix) -> Iterator[Shape]:
    """The path's bars one by one, or else its whole outline."""
    inner = _times(_matrix(item), at)
    paint = _paint(item, inner)
    if paint is None:
        return
    count = pdfium.FPDFPath_CountSegments(item)
    if not 2 <= count <= _MOST_POINTS:
        yield from _whole(item, at, MARK, paint.red)
        return
    pieces = _pieces(item, count, inner)
    bars = [list(_stroked(piece, paint) if paint.lines else _filled(piece)) for piece in pieces]
    yield from (Shape(BAR, *box, paint.red) for some in bars for box in some)
    rest = [(x, y) for piece, some in zip(pieces, bars, strict=True) if not some for x, y, _ in piece]
    if rest:
        left, top, right, bottom = _box(rest)
        half = paint.weight / 2 if paint.lines else 0.0
        yield Shape(MARK, left - half, top - half, right + half, bottom + half, paint.red)


def _paint(item: Any, inner: Matrix) -> _Paint | None:
    """How the path is drawn; None where it cannot be seen: a clip, white, or clear."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, mode, stroke)
    filled = mode.value != pdfium.FPDF_FILLMODE_NONE
    if filled:
        colour = _colour(item, pdfium.FPDFPageObj_GetFillColor)
        if colour:
            return _Paint(False, 0.0, is_red(colour))
    colour = _colour(item, pdfium.FPDFPageObj_GetStrokeColor) if stroke.value else None
    width = ctypes.c_float()
    pdfium.FPDFPageObj_GetStrokeWidth(item, width)
    scale = math.sqrt(abs(inner[0] * inner[3] - inner[1] * inner[2]))
    return _Paint(True, width.value * scale, is_red(colour)) if colour else None


def _colour(item: Any, of: Any) -> tuple[int, int, int] | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not of(item, *parts):
        return (0, 0, 0)  # a pattern
    red, green, blue, opacity = (part.value for part in parts)
    return None if opacity == 0 or min(red, green, blue) >= 250 else (red, green, blue)


def _pieces(item: Any, count: int, inner: Matrix) -> list[list[_Stop]]:
    """The path piece by piece; a closed piece ends where it began."""
    pieces: list[list[_Stop]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for place in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, place)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if not pieces or kind == pdfium.FPDF_SEGMENT_MOVETO:
            pieces.append([])
        pieces[-1].append((*_point(inner, x.value, y.value), kind == pdfium.FPDF_SEGMENT_LINETO))
        if pdfium.FPDFPathSegment_GetClose(segment):
            pieces[-1].append((*pieces[-1][0][:2], True))
    return [piece for piece in pieces if len(piece) > 1]


def _filled(piece: Sequence[_Stop]) -> Iterator[Box]:
    box = _box([(x, y) for x, y, _ in piece])
    if _is_bar(box):
        yield box


def _stroked(piece: Sequence[_Stop], paint: _Paint) -> Iterator[Box]:
    if paint.weight > _BAR_MM:
        return
    for (x, y, _), (to_x, to_y, straight) in pairwise(piece):
        if straight and abs(y - to_y) <= _LEVEL_MM and abs(x - to_x) >= _SHORTEST_BAR_MM:
            middle = (y + to_y) / 2
            yield min(x, to_x), middle - paint.weight / 2, max(x, to_x), middle + paint.weight / 2


def _is_bar(box: Box) -> bool:
    left, top, right, bottom = box
    return bottom - top <= _BAR_MM and right - left >= max(_SHORTEST_BAR_MM, 2 * (bottom - top))


def _joined(bars: Sequence[Shape]) -> list[Shape]:
    """Bars that go on from one another as one: tables draw their rules cell by cell."""
    done: list[Shape] = []
    for bar in sorted(bars, key=lambda one: (round(one.top, 1), one.red, one.left)):
        last = done[-1] if done else None
        if last and _goes_on(last, bar):
            done[-1] = Shape(
                BAR,
                last.left,
                min(last.top, bar.top),
                max(last.right, bar.right),
                max(last.bottom, bar.bottom),
                bar.red,
            )
        else:
            done.append(bar)
    return [bar for bar in done if bar.width >= _BAR_LENGTH_MM]


def _goes_on(last: Shape, bar: Shape) -> bool:
    level = abs(last.top - bar.top) < 0.1 and abs(last.bottom - bar.bottom) < 0.1
    return level and last.red == bar.red and bar.left - last.right < _JOINT_MM


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return _SAME
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The one matrix that does what both do one after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _box(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
