"""Head and foot of a Word document's pages: red head of the letter form, watermark, page numbers, 版记."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from gongwen.docx_lines import RED, Setter, run
from gongwen.docx_pictures import rule, watermark
from gongwen.docx_stanzas import Leaf, large_line
from gongwen.docx_styles import (
    BASELINE,
    LEFT,
    MEASURE,
    PAGE_END,
    PAGE_TOP,
    RIGHT,
    Paragraph,
    Tab,
    thin,
    twips,
)
from gongwen.docx_tables import imprint_table
from gongwen.docx_xml import NAMESPACES, Package
from gongwen.imprint import FOOT_PITCH_MM
from gongwen.paper import FOOT, HEIGHT_MM, MIDDLE_MM, POINTS, WIDTH_MM, Rule, Sheet, Text, Type

_PAGE = (WIDTH_MM * POINTS, HEIGHT_MM * POINTS)
_NUMBER_LINE = 18.0
_HEADER = 42.5  # where a header without anything to see begins
_NUMBER_BASELINE = 270.8 * POINTS
_LONG_MM = 100.0


class PageParts:
    """Headers and footers of a letter, put into the package; `start` is where the first page's text begins."""

    def __init__(self, package: Package, setter: Setter, next_id: Callable[[], int]) -> None:
        self._package, self._setter, self._next_id = package, setter, next_id
        self.start = PAGE_TOP
        self._header = _HEADER
        self._references: list[str] = []
        self._first_differs = False

    def add_headers(self, leaf: Leaf, mark: str, *, is_letter: bool) -> None:
        """The first page's red head in the letter form, and the watermark on every page."""
        self._first_differs = is_letter
        if is_letter:
            self._part("header", "first", self._letter_head(leaf, mark))
        if is_letter or mark:
            for kind in ("default", "even"):
                self._part("header", kind, thin_with(self._drawn(mark)))

    def _letter_head(self, leaf: Leaf, mark: str) -> str:
        rules = "".join(
            rule(one.x, one.y, one.width, one.height, self._next_id(), RED) for one in leaf.rules if one.red
        )
        drawn = rules + self._drawn(mark)
        if not leaf.marks:
            return thin_with(drawn)
        line = leaf.marks[0]
        height = large_line(line)
        self._header = line.baseline * POINTS - BASELINE * height
        self.start = max(PAGE_TOP, self._header + height)
        return Paragraph(drawn + self._setter.line(line), "RedHead", line=height).xml()

    def _drawn(self, mark: str) -> str:
        return watermark(mark, self._next_id()) if mark else ""

    def add_footers(self, sheets: Sequence[Sheet]) -> None:
        """Page numbers at the outer edge; none on a first page that has none."""
        number = next((sheet.number for sheet in sheets if sheet.number), None)
        self._baseline = number.baseline * POINTS if number else _NUMBER_BASELINE
        self._part("footer", "default", _number("right"))
        self._part("footer", "even", _number("left"))
        if self._first_differs:
            self._part("footer", "first", thin().xml())

    def _part(self, part: str, kind: str, content: str) -> None:
        tag = "hdr" if part == "header" else "ftr"
        relation = self._package.add_part(
            f"{part}-{kind}.xml", part, f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>"
        )
        self._references.append(f'<w:{part}Reference w:type="{kind}" r:id="{relation}"/>')

    def section(self) -> str:
        """The section's properties: paper, edges, headers and footers."""
        footer = _PAGE[1] - self._baseline - (1 - BASELINE) * _NUMBER_LINE
        bottom = _PAGE[1] - PAGE_END
        return (
            f'<w:sectPr>{"".join(self._references)}<w:pgSz w:w="{twips(_PAGE[0])}" w:h="{twips(_PAGE[1])}"/>'
            f'<w:pgMar w:top="{twips(PAGE_TOP)}" w:right="{twips(RIGHT)}" w:bottom="{twips(bottom)}"'
            f' w:left="{twips(LEFT)}" w:header="{twips(self._header)}" w:footer="{twips(footer)}" w:gutter="0"/>'
            f'<w:cols w:space="425"/>{"<w:titlePg/>" if self._first_differs else ""}</w:sectPr>'
        )


def thin_with(runs: str) -> str:
    """A paragraph without height that holds drawings."""
    return replace(thin(), runs=runs).xml()


def _number(side: str) -> str:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("1", "song", 0, FOOT)}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    runs = run("— ", "song", 0, FOOT) + field + run(" —", "song", 0, FOOT)
    left, right = (FOOT, 0.0) if side == "left" else (0.0, FOOT)
    return Paragraph(runs, "Footer", line=_NUMBER_LINE, left=left, right=right, align=side).xml()


# 版记


def imprint(texts: Sequence[Text], rules: Sequence[Rule], setter: Setter) -> tuple[float, str]:
    """版记 as a table, one row for each part, and the height of the page where it begins."""
    lines = [line for text in texts for line in text.lines]
    pitch = _pitch(lines)
    black = sorted((one for one in rules if not one.red and one.width > _LONG_MM), key=lambda one: one.y)
    black = [one for one in black if one.y > lines[0].baseline - pitch]
    top = black[0].y if black else lines[0].baseline - BASELINE * pitch
    rows = [(_imprint_line(text, pitch * POINTS, setter), _rows_in(text) * pitch * POINTS) for text in texts]
    parted = [_is_ruled_between(black, above, below) for above, below in pairwise(texts)]
    weights = [one.height * POINTS for one in black]
    return top * POINTS, imprint_table(rows, parted, weights) + thin().xml()


def _is_ruled_between(rules: Sequence[Rule], above: Text, below: Text) -> bool:
    """Whether there is a rule: none stands between 主送 and 抄送."""
    return any(above.lines[-1].baseline < one.y < below.lines[0].baseline for one in rules)


def _pitch(lines: Sequence[Type]) -> float:
    steps = [after.baseline - before.baseline for before, after in pairwise(lines)]
    return min(FOOT_PITCH_MM, *(step for step in steps if step > 1), FOOT_PITCH_MM)


def _rows_in(text: Text) -> int:
    return len({round(line.baseline, 2) for line in text.lines})


def _imprint_line(text: Text, pitch: float, setter: Setter) -> Paragraph:
    base = Paragraph(style="Line", line=pitch, align="left")
    if len(text.lines) == 2 and _rows_in(text) == 1:
        runs = setter.line(text.lines[0]) + "<w:r><w:tab/></w:r>" + setter.line(text.lines[1])
        return replace(base, runs=runs, left=FOOT, tabs=(Tab(MEASURE - FOOT, "right"),))
    if len(text.lines) == 1 and text.lines[0].x > MIDDLE_MM:
        return replace(base, runs=setter.line(text.lines[0]), align="right", right=FOOT)
    hang = text.lines[-1].x * POINTS - LEFT
    measures = [MEASURE - FOOT - (line.x * POINTS - LEFT) for line in text.lines]
    runs = setter.paragraph(text.lines, measures)
    first = text.lines[0].x * POINTS - LEFT - hang
    return replace(base, runs=runs, align="both", left=hang, first=first, right=FOOT)
