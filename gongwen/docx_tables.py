"""Tables of a Word document: those of the letter, which flow over pages, and the red mark of several bodies."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gongwen.docx_lines import Setter
from gongwen.docx_stanzas import Cells, Joint, Sketch
from gongwen.docx_styles import LEFT, LINE, MEASURE, Paragraph, twips
from gongwen.paper import POINTS, Grid, Text

_PAD = 1.3 * POINTS
_OUTER, _INNER = 8, 4  # eighths of a point: 0.35 and 0.18 mm
_LEADING = 1.36
_RULES = 1.5  # what the rules at either side may take away
_SAME = 1.0
_TOLERANCE = 4.0  # by which other word processors may set the rows of a page lower


class Tables:
    """Gathers a table page by page until something else follows, and writes it as one."""

    def __init__(self, setter: Setter) -> None:
        self._setter = setter
        self._columns: tuple[float, ...] = ()
        self._head: tuple[str, ...] = ()
        self._rows: list[str] = []

    def add(self, sketch: Sketch) -> float:
        """Take in a page's rows without the head that only repeats; the height of all that the page shows."""
        skipped = sketch.grid.head if self._rows else 0
        if not self._rows:
            self._columns, self._head = sketch.columns, _head_of(sketch.grid)
        heights = [below - above for above, below in pairwise(sketch.rows)]
        for place, (row, height) in enumerate(zip(sketch.grid.rows, heights, strict=True)):
            if place >= skipped:
                self._rows.append(self._row(row, height, is_head=place < sketch.grid.head))
        return sum(heights)

    def goes_on(self, sketch: Sketch) -> bool:
        """Whether these rows belong to the table that is open."""
        same = len(sketch.columns) == len(self._columns) and all(
            abs(one - other) < _SAME for one, other in zip(sketch.columns, self._columns, strict=True)
        )
        return bool(self._rows) and same and _head_of(sketch.grid) == self._head

    def flows(self, sketch: Sketch, room: float) -> bool:
        """Whether these rows go on with the open table by themselves, as the room above is too small for one."""
        head = sketch.grid.head
        return self.goes_on(sketch) and sketch.rows[head + 1] - sketch.rows[head] > room + _TOLERANCE

    def close(self, out: list[str]) -> None:
        """Write the table that is open, if there is one."""
        if self._rows:
            out.append(_table(self._columns, self._rows, ruled=True))
            self._rows = []

    def _row(self, cells: Sequence[Text], height: float, *, is_head: bool) -> str:
        widths = [right - left for left, right in pairwise(self._columns)]
        content = "".join(
            _cell(self._paragraph(cell, left, width), width)
            for cell, left, width in zip(cells, self._columns[:-1], widths, strict=True)
        )
        head = "<w:tblHeader/>" if is_head else ""
        return (
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/>{head}</w:trPr>'
            f"{content}</w:tr>"
        )

    def _paragraph(self, cell: Text, left: float, width: float) -> str:
        if not cell.lines:
            return Paragraph(line=12.0).xml()
        room = width - 2 * _PAD - _RULES
        centred = any(line.x * POINTS > left + _PAD + 0.5 for line in cell.lines)
        runs = self._setter.cell(cell.lines, room)
        line = _LEADING * cell.lines[0].size
        return Paragraph(runs, line=line, align="center" if centred else "").xml()


def _head_of(grid: Grid) -> tuple[str, ...]:
    return tuple(
        "".join(line.line.text for line in cell.lines) for row in grid.rows[: grid.head] for cell in row
    )


def _cell(content: str, width: float, more: str = "") -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{twips(width)}" w:type="dxa"/>{more}<w:vAlign w:val="center"/></w:tcPr>'
        f"{content}</w:tc>"
    )


def _table(columns: Sequence[float], rows: Sequence[str], *, ruled: bool) -> str:
    inner = [(side, _INNER) for side in ("insideH", "insideV")]
    borders = [*((side, _OUTER) for side in ("top", "left", "bottom", "right")), *inner] if ruled else []
    place = "" if ruled else _CENTRED
    return _table_xml(columns, rows, borders, twips(_PAD) if ruled else 0, place)


def _table_xml(
    columns: Sequence[float],
    rows: Sequence[str],
    borders: Sequence[tuple[str, int]],
    padding: int,
    place: str = "",
    indent: float = 0.0,
) -> str:
    widths = [right - left for left, right in pairwise(columns)]
    grid = "".join(f'<w:gridCol w:w="{twips(width)}"/>' for width in widths)
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="{weight}" w:space="0" w:color="000000"/>' for side, weight in borders
    )
    rules = f"<w:tblBorders>{rules}</w:tblBorders>" if rules else ""
    margins = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 0), ("left", padding), ("bottom", 0), ("right", padding))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(widths))}" w:type="dxa"/>'
        f'{place}<w:tblInd w:w="{twips(indent)}" w:type="dxa"/>{rules}'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def imprint_table(
    rows: Sequence[tuple[Paragraph, float]], parted: Sequence[bool], weights: Sequence[float]
) -> str:
    """Rows as wide as the type area with rules of these weights above, between and below them.

    `parted` says of each two rows whether a rule is between them.
    """
    written = ""
    for (paragraph, height), above, below in zip(rows, [True, *parted], [*parted, True], strict=True):
        sides = [side for side, ruled in (("top", above), ("bottom", below)) if not ruled]
        none = "".join(f'<w:{side} w:val="nil"/>' for side in sides)
        cell = _cell(paragraph.xml(), MEASURE, f"<w:tcBorders>{none}</w:tcBorders>" if none else "")
        written += (
            f'<w:tr><w:trPr><w:trHeight w:val="{twips(height)}" w:hRule="atLeast"/></w:trPr>{cell}</w:tr>'
        )
    eighths = [round(weight * 8) for weight in weights]
    borders = [("top", eighths[0]), ("bottom", eighths[-1])] if eighths else []
    borders += [("insideH", eighths[1])] if len(eighths) > 2 else []
    return _table_xml((0, MEASURE), [written], borders, 0)


_CENTRED = '<w:jc w:val="center"/>'


def side_by_side(cells: Cells, before: float, setter: Setter) -> str:
    """Names each in the middle of its own column: a table without rules."""
    middles = [_centre(text) for text in cells.texts]
    width = min(after - first for first, after in pairwise(middles))
    content = "".join(
        _cell(
            "".join(Paragraph(setter.line(line), "Line", align="center").xml() for line in text.lines), width
        )
        for text in cells.texts
    )
    height = twips(cells.rows * LINE)
    row = f'<w:tr><w:trPr><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>{content}</w:tr>'
    edges = [middles[0] - width / 2 + place * width for place in range(len(middles) + 1)]
    above = Paragraph(line=before).xml() if before >= 1 else ""
    return above + _table_xml(edges, [row], [], 0, indent=edges[0] - LEFT)


def _centre(text: Text) -> float:
    line = text.lines[0]
    return line.x * POINTS + line.line.width / 2000 * line.size


def joint_mark(joint: Joint, line: float, before: float, setter: Setter) -> str:
    """The names one below the other, and the word in the middle at their right: a table without rules."""
    size = joint.word.size
    left = joint.names[0].x * POINTS
    edges = (left, joint.word.x * POINTS, joint.word.x * POINTS + 2.2 * size)
    names, word = edges[1] - edges[0], edges[2] - edges[1]
    rows = []
    for place, name in enumerate(joint.names):
        first = place == 0
        beside = (
            Paragraph(setter.line(joint.word), "RedHead", line=line).xml() if first else Paragraph().xml()
        )
        merged = f'<w:vMerge w:val="{"restart" if first else "continue"}"/>'
        cells = _cell(Paragraph(setter.line(name), "RedHead", line=line, align="left").xml(), names)
        rows.append(
            f'<w:tr><w:trPr><w:trHeight w:val="{twips(line)}" w:hRule="exact"/></w:trPr>'
            f"{cells}{_cell(beside, word, merged)}</w:tr>"
        )
    above = Paragraph(line=before).xml() if before >= 1 else ""
    return above + _table(edges, rows, ruled=False)
