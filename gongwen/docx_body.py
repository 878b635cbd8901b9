"""What stands in the type area, page after page, as the body of a Word document.

Text flows: our own page breaks come about again because lines are as high and break at the same places. A
break is only set where a page ends before it is full: before attachments, where another row of a table would
fit, and where the last lines of the body go over so that the signature is not alone. There the paragraph is
divided, and the last line before the break is brought to the edge by its own spacing. Breaks everywhere would
agree as well, and would leave whoever adds a line to page 1 with a page of one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gongwen.compose import CELL
from gongwen.docx_lines import Setter
from gongwen.docx_pictures import anchored, embedded, inline
from gongwen.docx_stanzas import Cells, Joint, Leaf, Lines, Row, Sketch, Stanza
from gongwen.docx_styles import (
    LEFT,
    LINE,
    MEASURE,
    PAGE_END,
    PAGE_TOP,
    Border,
    Paragraph,
    Tab,
    thin,
)
from gongwen.docx_tables import Tables, joint_mark, side_by_side
from gongwen.docx_xml import Package
from gongwen.paper import CELL_MM, LEFT_MM, MIDDLE_MM, POINTS, RIGHT_MM, TITLE, Figure, Rule, Type

_CELL = CELL_MM * POINTS
_NEAR_MM = 0.3
_JOINED_MM = 3.0
_EDGE_MM = 2.2 * CELL_MM


class Body:
    """Writes leaf after leaf. `texts` are the letter's paragraphs, to know those that run over a page."""

    def __init__(self, setter: Setter, package: Package, texts: Iterable[str]) -> None:
        self._setter, self._package, self._texts = setter, package, list(texts)
        self._out: list[str] = []
        self._open: tuple[Paragraph, list[Type], list[float]] | None = None
        self._cursor = PAGE_TOP
        self._break = False
        self._tables = Tables(setter)
        self._ids = 100

    def add(self, leaf: Leaf, *, is_first: bool, start: float = PAGE_TOP) -> None:
        """Write a page; the first one begins at the height `start`."""
        if not is_first:
            goes_on = bool(leaf.stanzas) and self._goes_on(leaf.stanzas[0])
            room, self._cursor = PAGE_END - self._cursor, PAGE_TOP
            if self._continued(leaf, room, goes_on=goes_on):
                leaf = replace(leaf, stanzas=leaf.stanzas[1:])
        else:
            self._cursor = start
        rule = next((one for one in leaf.rules if one.red), None) if is_first else None
        for place, stanza in enumerate(leaf.stanzas):
            border = _border_below(rule, leaf.stanzas, place) if rule else None
            extra = self._margin(leaf.margin) if place == 0 else ""
            self._stanza(stanza, border, extra)

    def _continued(self, leaf: Leaf, room: float, *, goes_on: bool) -> bool:
        """Whether the page's first stanza is written as part of what came before; else it may need a break."""
        is_full, first = room < LINE, leaf.stanzas[0] if leaf.stanzas else None
        if first and isinstance(first.content, Sketch) and self._tables.flows(first.content, room):
            self._cursor += self._tables.add(first.content)
            return True
        if first and isinstance(first.content, Lines) and goes_on and is_full and self._open:
            self._extend(first.content.lines)
            return True
        self._close(forced=goes_on)
        self._break = not is_full or first is None or not isinstance(first.content, Lines | Row)
        return False

    def xml(self) -> str:
        """Everything written so far."""
        self._close()
        return "".join(self._out)

    def add_at(self, top: float, markup: str) -> None:
        """Write markup as it is at this height of the page, or right below what stands there.

        The room above it is one empty line: a table that floats at the foot of the page does so in Word, but
        not in LibreOffice.
        """
        self._close()
        self._put_break()
        if top - self._cursor >= 1:
            self._out.append(Paragraph(line=top - self._cursor).xml())
        self._out.append(markup)

    def next_id(self) -> int:
        """A number that no other drawing has."""
        self._ids += 1
        return self._ids

    # Stanzas

    def _stanza(self, stanza: Stanza, border: Border | None, extra: str) -> None:
        self._close()
        content = stanza.content
        if isinstance(content, Sketch):
            self._move_to(stanza.top, whole=False)
            self._cursor += self._tables.add(content)
            return
        before = self._move_to(stanza.top)
        extra += "".join(self._behind(figure, stanza.top) for figure in stanza.figures)
        if isinstance(content, Lines):
            self._lines(content, stanza.line, before, extra)
        elif isinstance(content, Row):
            self._emit(self._row(content, stanza.line, before, border, extra))
            self._cursor += stanza.line + (border.height if border else 0)
        elif isinstance(content, Cells):
            self._out.append(side_by_side(content, before, self._setter))
            self._cursor += stanza.line * content.rows
        elif isinstance(content, Joint):
            self._out.append(joint_mark(content, stanza.line, before, self._setter))
            self._cursor += stanza.line * len(content.names)
        else:
            self._emit(self._picture(content, before, extra))
            self._cursor += content.height * POINTS

    def _move_to(self, top: float, *, whole: bool = True) -> float:
        """Empty lines down to the height; the room that is left above what stands there."""
        self._put_break()
        room = top - self._cursor
        while room > LINE - 0.5:
            self._out.append(Paragraph().xml())
            room -= LINE
            self._cursor += LINE
        if room > 0.5 and not whole:
            self._out.append(Paragraph(line=room).xml())
        if room <= 0.5:
            return 0.0
        self._cursor += room
        return room

    def _put_break(self) -> None:
        """An invisible paragraph that opens the page: what follows can be moved and joined freely."""
        if self._break:
            self._close()
            self._out.append(thin(opens_page=True).xml())
            self._break = False

    def _emit(self, paragraph: Paragraph) -> None:
        self._out.append(paragraph.xml())

    def _lines(self, content: Lines, line: float, before: float, extra: str) -> None:
        first = content.lines[0]
        if first.size == TITLE:
            self._emit(self._title(content, line, before, extra))
            self._cursor += line * len(content.lines)
            return
        if len(content.lines) == 1 and not _is_flush(first):
            self._emit(self._row(Row(content.lines), line, before, None, extra))
            self._cursor += line
            return
        left, start = _points(content.lines[-1]), _points(first)
        left = left if len(content.lines) > 1 else (start if start > 3 * _CELL else 0.0)
        paragraph = _indented(
            Paragraph(extra, line=line, before=before, outline=_outline(content.tag)), left, start
        )
        self._open = (paragraph, [], [])
        self._extend(content.lines)

    def _extend(self, lines: Sequence[Type]) -> None:
        assert self._open  # noqa: S101 (set by the caller)
        paragraph, known, measures = self._open
        known += lines
        measures += [MEASURE - _points(one) for one in lines]
        self._cursor += paragraph.line * len(lines)

    def _close(self, *, forced: bool = False) -> None:
        """Write the paragraph that is open; its last line reaches the edge where it runs on behind a break."""
        self._tables.close(self._out)
        if self._open is None:
            return
        paragraph, lines, measures = self._open
        self._open = None
        runs = self._setter.paragraph(lines, measures, runs_on=forced)
        self._emit(replace(paragraph, runs=paragraph.runs + runs))

    def _goes_on(self, stanza: Stanza) -> bool:
        """Whether the stanza is the rest of the paragraph that is open."""
        if self._open is None or not isinstance(stanza.content, Lines):
            return False
        so_far = "".join(one.line.text for one in self._open[1])
        joined = so_far + stanza.content.text
        return _points(stanza.content.lines[0]) <= 0.5 + self._open[0].left and any(
            text.startswith(joined) for text in self._texts
        )

    def _title(self, content: Lines, line: float, before: float, extra: str) -> Paragraph:
        runs = "<w:r><w:br/></w:r>".join(self._setter.line(one) for one in content.lines)
        return Paragraph(extra + runs, "Title", line, before, outline=1)

    def _row(self, row: Row, line: float, before: float, border: Border | None, extra: str) -> Paragraph:
        groups = _joined(row.parts)
        borders = (border,) if border else ()
        style = "RedHead" if row.parts[0].red else "Line"
        paragraph = Paragraph(extra, style, line, before, borders=borders)
        if len(groups) == 1:
            return self._single(paragraph, groups[0])
        runs, tabs = "", []
        for place, group in enumerate(groups):
            x, end = group[0].x, _end(group)
            if place == 0 and x < LEFT_MM + _EDGE_MM:
                paragraph = replace(paragraph, first=(x - LEFT_MM) * POINTS)
            else:
                runs += "<w:r><w:tab/></w:r>"
                tabs.append(_tab(x, end, is_last=place == len(groups) - 1, many=len(groups) > 2))
            runs += self._group(group)
        return replace(paragraph, runs=extra + runs, tabs=tuple(tabs), align="left")

    def _single(self, paragraph: Paragraph, group: Sequence[Type]) -> Paragraph:
        x, end = group[0].x, _end(group)
        paragraph = replace(paragraph, runs=paragraph.runs + self._group(group))
        if abs((x + end) / 2 - MIDDLE_MM) < _NEAR_MM:
            return replace(paragraph, align="center")
        if RIGHT_MM - end < x - LEFT_MM:
            return replace(paragraph, align="right", right=max(0.0, RIGHT_MM - end) * POINTS)
        return replace(paragraph, align="left", left=(x - LEFT_MM) * POINTS)

    def _group(self, group: Sequence[Type]) -> str:
        return "".join(self._setter.line(one) for one in group)

    # Pictures

    def _picture(self, figure: Figure, before: float, extra: str) -> Paragraph:
        figure, relation = embedded(figure, self._package)
        runs = inline(figure, relation, self.next_id())
        return Paragraph(extra + runs, line=0.0, before=before, align="center")

    def _behind(self, figure: Figure, top: float) -> str:
        figure, relation = embedded(figure, self._package)
        y = figure.y - top / POINTS
        return anchored(figure, relation, self.next_id(), behind=True, vertical="paragraph", y=y)

    def _margin(self, figures: Sequence[Figure]) -> str:
        done = [embedded(figure, self._package) for figure in figures]
        return "".join(anchored(one, relation, self.next_id(), behind=False) for one, relation in done)


def _points(line: Type) -> float:
    return line.x * POINTS - LEFT


def _end(group: Sequence[Type]) -> float:
    last = group[-1]
    return last.x + last.line.width / 1000 * last.size * last.narrow / 100 / POINTS


def _is_flush(line: Type) -> bool:
    """Whether the line begins where paragraphs do."""
    start = _points(line) / _CELL
    return min(abs(start), abs(start - 2), abs(start - 5)) < 0.1 or round(line.line.indent * CELL) > 0


def _indented(paragraph: Paragraph, left: float, start: float) -> Paragraph:
    if left < 0.5 and abs(start - 2 * _CELL) < 0.5:
        return replace(paragraph, style="BodyText")
    return replace(paragraph, left=left, first=start - left)


def _outline(tag: str) -> int:
    return int(tag[1:]) if tag.startswith("H") else 0


def _joined(parts: Sequence[Type]) -> list[list[Type]]:
    """Parts that stand right beside each other are one: 签发人 and the name."""
    groups: list[list[Type]] = []
    for part in parts:
        if groups and part.x - _end(groups[-1]) < _JOINED_MM:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _tab(x: float, end: float, *, is_last: bool, many: bool) -> Tab:
    if is_last and RIGHT_MM - end < _EDGE_MM and not many:
        return Tab((end - LEFT_MM) * POINTS, "right")
    if x > LEFT_MM + _EDGE_MM:
        return Tab(((x + end) / 2 - LEFT_MM) * POINTS, "center")
    return Tab((x - LEFT_MM) * POINTS, "left")


def _border_below(rule: Rule, stanzas: Sequence[Stanza], place: int) -> Border | None:
    """The red rule under the row that is the last one above it."""
    stanza = stanzas[place]
    y = rule.y * POINTS
    following = stanzas[place + 1].top if place + 1 < len(stanzas) else PAGE_END
    if not isinstance(stanza.content, Row) or not stanza.top < y < following + LINE / 2:
        return None
    return Border(max(0.0, y - stanza.top - stanza.line), rule.height * POINTS, "E60012")
