"""Lines of type, rules and pictures as the operators of a PDF page. What stands where is settled before.

A page is written in points from its lower left corner; the fonts that it needs are asked for by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import pydyf
import segno
from fontTools.pens.basePen import BasePen

from gongwen.compose import Piece
from gongwen.embedding import Subset, subset
from gongwen.fonts import Face, FontSet, MissingGlyphs
from gongwen.paper import (
    HEIGHT_MM,
    LEFT_MM,
    LOWER_MM,
    POINTS,
    RIGHT_MM,
    Figure,
    Grid,
    Rule,
    Sheet,
    Text,
    Type,
)

_RED = (0.902, 0.0, 0.071)
_WATERMARK_GREY = 0.91
_WATERMARK_PT = 150.0
_WATERMARK_LONGEST_PT = 560.0
# In the margin above the type area, where no form of letter has anything (the letter form's mark begins at 30).
QR_MM, QR_TOP_MM = 16.0, 9.0
# Below the type area, where nothing stands but the page number: on the side that it leaves free (7.5). Page 1 of
# the letter form has its red rule there (10.1), so that the code stands above the mark.
_CHECK_TOP_MM = LOWER_MM + 4.0
CHECK_WORDS = "扫码核验"
_CHECK_PT = 9.0
_CHECK_GAP_MM = 2.0


def texts_of(sheet: Sheet) -> Iterator[Text]:
    """Every text of a page, in reading order."""
    for one in sheet.content:
        if isinstance(one, Text):
            yield one
        elif isinstance(one, Grid):
            yield from (cell for row in one.rows for cell in row)


class Fonts:
    """The subsets of one letter, each under the name by which its pages ask for it."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        characters: dict[Face, set[str]] = defaultdict(set)
        for line in _types(sheets):
            for piece in line.line.pieces:
                characters[piece.face].update(piece.text)
        self._subsets = {face: subset(face, frozenset(found)) for face, found in characters.items()}
        self._names = {face: f"F{place}" for place, face in enumerate(self._subsets)}

    def __getitem__(self, face: Face) -> tuple[str, Subset]:
        return self._names[face], self._subsets[face]

    def named(self) -> Iterator[tuple[str, Subset]]:
        """Each name with its subset."""
        for face, name in self._names.items():
            yield name, self._subsets[face]


def _types(sheets: Iterable[Sheet]) -> Iterator[Type]:
    for sheet in sheets:
        for text in texts_of(sheet):
            yield from text.lines
        if sheet.number:
            yield sheet.number


def draw_types(lines: Iterable[Type], fonts: Fonts) -> bytes:
    """Lines of type as one text object."""
    operators = ["BT"]
    font, colour = "", ""
    for line in lines:
        if colour != _colour(red=line.red):
            colour = _colour(red=line.red)
            operators.append(colour)
        x, y = line.x * POINTS, (HEIGHT_MM - line.baseline) * POINTS
        operators.append(f"{line.narrow / 100:g} 0 0 1 {x:.3f} {y:.3f} Tm")
        for face, pieces in groupby(line.line.pieces, key=attrgetter("face")):
            name, cut = fonts[face]
            if font != f"/{name} {line.size:g} Tf":
                font = f"/{name} {line.size:g} Tf"
                operators.append(font)
            operators.append(f"[{''.join(_shown(piece, cut) for piece in pieces)}] TJ")
    operators.append("ET")
    return "\n".join(operators).encode("ascii")


def _shown(piece: Piece, cut: Subset) -> str:
    """Codes, each with the room that follows it: not every reader honours a spacing given once for all."""
    room = f"{-piece.spacing:g}"
    if room == "0":
        return f"<{''.join(cut.encode(piece.text))}>"
    return "".join([f"<{code}>{room}" for code in cut.encode(piece.text)])


def _colour(*, red: bool) -> str:
    return f"{' '.join(map(str, _RED))} rg" if red else "0 g"


def draw_under(
    sheet: Sheet, fonts: Fonts, watermark: str, faces: FontSet, qr: str, check: bytes = b""
) -> bytes:
    """What is no part of the text: watermark, rules, page number, codes in the margins; as artifacts."""
    parts = []
    if watermark:
        parts.append(_watermark(watermark, faces))
    for rule in sheet.rules:
        parts.append(_rule(rule))
    if qr:
        parts.append(_qr(qr, RIGHT_MM - QR_MM, QR_TOP_MM))
    if check:
        parts.append(check.decode("ascii"))
    if sheet.number:
        parts.append(draw_types([sheet.number], fonts).decode())
    return "\n".join(["/Artifact BMC q", *parts, "Q EMC\n"]).encode("ascii")


def _rule(rule: Rule) -> str:
    y = (HEIGHT_MM - rule.y - rule.height) * POINTS
    edges = f"{rule.x * POINTS:.3f} {y:.3f} {rule.width * POINTS:.3f} {rule.height * POINTS:.3f} re f"
    return f"{_colour(red=rule.red)} {edges}"


class _PdfPen(BasePen):
    """Writes outlines as PDF path operators."""

    def __init__(self) -> None:
        super().__init__(None)
        self.operators: list[str] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        self.operators += [f"{value:.4f}" for point in points for value in point] + [operator]

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._add("l", pt)

    def _curveToOne(
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self._add("h")


def _watermark(mark: str, fonts: FontSet) -> str:
    """The mark as grey outlines across the middle of the page, rising to the right."""
    pen = _PdfPen()
    face = fonts.face("hei", mark[0])
    if face is None or not all(face.has(char) for char in mark):
        raise MissingGlyphs(fonts.missing(mark) or mark)
    face.outline(mark, pen)
    slope = 0.7071 * min(_WATERMARK_PT, _WATERMARK_LONGEST_PT / len(mark))
    turned = f"{slope:.3f} {slope:.3f} {-slope:.3f} {slope:.3f} 297.64 420.94 cm"
    centred = f"1 0 0 1 {-len(mark) / 2} -0.38 cm"
    return f"q {_WATERMARK_GREY} g {turned} {centred} {' '.join(pen.operators)} f Q"


def check_place(form: str, page: int) -> tuple[float, float]:
    """Left and upper edge of the code to check the letter by: an odd page has its number at the right, an even one
    at the left."""
    top = QR_TOP_MM if form == "letter" and page == 1 else _CHECK_TOP_MM
    return LEFT_MM if page % 2 else RIGHT_MM - QR_MM, top


def draw_check(content: str, form: str, page: int, faces: FontSet) -> bytes:
    """The code to check the letter by on this page, its words as outlines on the inner side."""
    left, top = check_place(form, page)
    height = _CHECK_PT / POINTS
    wide = len(CHECK_WORDS) * height
    x = left + QR_MM + _CHECK_GAP_MM if page % 2 else left - _CHECK_GAP_MM - wide
    baseline = top + QR_MM / 2 + 0.38 * height
    pen = _PdfPen()
    face = faces.face("song", CHECK_WORDS[0])
    if face is None or not all(face.has(char) for char in CHECK_WORDS):
        raise MissingGlyphs(faces.missing(CHECK_WORDS) or CHECK_WORDS)
    face.outline(CHECK_WORDS, pen)
    placed = f"{_CHECK_PT:g} 0 0 {_CHECK_PT:g} {x * POINTS:.3f} {(HEIGHT_MM - baseline) * POINTS:.3f} cm"
    words = f"q 0 g {placed} {' '.join(pen.operators)} f Q"
    return f"{_qr(content, left, top)} {words}".encode("ascii")


def _qr(content: str, left_mm: float, top_mm: float) -> str:
    """A QR code of medium error correction, its modules as rectangles."""
    code = segno.make_qr(content, error="m", boost_error=False)
    rows = list(code.matrix)
    module = QR_MM * POINTS / len(rows)
    left = left_mm * POINTS
    top = (HEIGHT_MM - top_mm) * POINTS
    squares = [
        f"{left + x * module:.3f} {top - (y + 1) * module:.3f} {width * module:.3f} {module:.3f} re"
        for y, row in enumerate(rows)
        for x, width in _runs(row)
    ]
    return f"0 g {' '.join(squares)} f"


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start = None
    for place, module in enumerate([*row, 0]):
        if module and start is None:
            start = place
        elif not module and start is not None:
            yield start, place - start
            start = None


def box_of(figure: Figure) -> pydyf.Array:
    """Lower left and upper right corner of a picture in points."""
    low, high = HEIGHT_MM - figure.y - figure.height, HEIGHT_MM - figure.y
    edges = (figure.x, low, figure.x + figure.width, high)
    return pydyf.Array([round(edge * POINTS, 3) for edge in edges])
