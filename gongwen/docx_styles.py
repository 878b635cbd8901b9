"""Paragraphs of a Word document and the styles that they build on. Measures in points where none is named.

A line has an exact height, and its baseline lies four fifths of it down, as word processors set it.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongwen.docx_lines import RED, SPACING
from gongwen.docx_xml import NAMESPACES, fonts_xml
from gongwen.paper import (
    BODY,
    FOOT,
    LEFT_MM,
    MEASURE_MM,
    POINTS,
    RIGHT_MM,
    ROWS,
    TITLE,
    WIDTH_MM,
    baseline_of,
)

LINE = 29.6
BASELINE = 0.8
PAGE_TOP = baseline_of(0) * POINTS - BASELINE * LINE
# What a page holds beyond its lines, for heights that are rounded up; a line more never fits.
SLACK = 3.0
PAGE_END = PAGE_TOP + ROWS * LINE + SLACK
MEASURE = MEASURE_MM * POINTS
LEFT, RIGHT = LEFT_MM * POINTS, (WIDTH_MM - RIGHT_MM) * POINTS
INDENT_CHARACTERS = 2

_NO_LINE = 1.0


def twips(points: float) -> int:
    """Twentieths of a point, which Word counts in."""
    return round(points * 20)


@dataclass(frozen=True)
class Tab:
    """A tab stop at so many points from the left edge: "left", "right" or "center"."""

    place: float
    kind: str


@dataclass(frozen=True)
class Border:
    """A rule below or above a paragraph: points of room to the text, thickness, colour."""

    space: float
    weight: float
    colour: str = "000000"
    side: str = "bottom"

    @property
    def height(self) -> float:
        """What the rule adds to its paragraph."""
        return round(self.space) + self.weight


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `line` 0 makes lines as high as what stands in them."""

    runs: str = ""
    style: str = ""
    line: float = LINE
    before: float = 0.0
    left: float = 0.0
    first: float = 0.0
    right: float = 0.0
    align: str = ""
    tabs: tuple[Tab, ...] = ()
    borders: tuple[Border, ...] = ()
    opens_page: bool = False
    outline: int = 0

    def xml(self) -> str:
        """The paragraph as markup; what its style says already is left out."""
        properties = (
            (f'<w:pStyle w:val="{self.style}"/>' if self.style else "")
            + ("<w:pageBreakBefore/>" if self.opens_page else "")
            + self._borders()
            + self._tabs()
            + self._spacing()
            + self._indents()
            + (f'<w:jc w:val="{self.align}"/>' if self.align else "")
            + (f'<w:outlineLvl w:val="{self.outline - 1}"/>' if self.outline else "")
            + ("" if self.line == LINE else self._mark_size())
        )
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{self.runs}</w:p>"

    def _mark_size(self) -> str:
        """The paragraph's own end takes no more height than the line has."""
        size = 2 if self.line <= _NO_LINE else 0
        return f'<w:rPr><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>' if size else ""

    def _borders(self) -> str:
        sides = "".join(
            f'<w:{one.side} w:val="single" w:sz="{round(one.weight * 8)}" w:space="{round(one.space)}"'
            f' w:color="{one.colour}"/>'
            for one in sorted(self.borders, key=lambda one: one.side, reverse=True)
        )
        return f"<w:pBdr>{sides}</w:pBdr>" if sides else ""

    def _tabs(self) -> str:
        stops = "".join(f'<w:tab w:val="{tab.kind}" w:pos="{twips(tab.place)}"/>' for tab in self.tabs)
        return f"<w:tabs>{stops}</w:tabs>" if stops else ""

    def _spacing(self) -> str:
        if self.line == LINE and twips(self.before) <= 0:
            return ""
        height = (
            f'w:line="{twips(self.line)}" w:lineRule="exact"'
            if self.line
            else 'w:line="240" w:lineRule="auto"'
        )
        return f'<w:spacing w:before="{max(0, twips(self.before))}" w:after="0" {height}/>'

    def _indents(self) -> str:
        values = {"left": self.left, "right": self.right}
        given = "".join(f' w:{name}="{twips(value)}"' for name, value in values.items() if twips(value))
        if twips(self.first):
            given += f' w:{"firstLine" if self.first > 0 else "hanging"}="{abs(twips(self.first))}"'
        return f"<w:ind{given}/>" if given else ""


def thin(*, opens_page: bool = False) -> Paragraph:
    """A paragraph that nobody sees."""
    return Paragraph(line=_NO_LINE, opens_page=opens_page)


def styles_xml() -> str:
    """The styles: body without and with indent, title, red mark, head and foot of the page."""
    line = f'<w:spacing w:before="0" w:after="0" w:line="{twips(LINE)}" w:lineRule="exact"/>'
    base = f'{_FREE}{_NO_GRID}{line}<w:jc w:val="both"/>'
    run = (
        f'{fonts_xml("fang")}<w:spacing w:val="{SPACING}"/><w:kern w:val="0"/>{_size(BODY)}'
        f'<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    )
    indent = (
        f'<w:ind w:firstLineChars="{INDENT_CHARACTERS}00" w:firstLine="{twips(INDENT_CHARACTERS * BODY)}"/>'
    )
    title = f'{fonts_xml("title")}<w:spacing w:val="0"/>{_size(TITLE)}'
    mark = f'{fonts_xml("title")}<w:color w:val="{RED}"/><w:spacing w:val="0"/>'
    return (
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{run}</w:rPr></w:rPrDefault>"
        f"<w:pPrDefault><w:pPr>{base}</w:pPr></w:pPrDefault></w:docDefaults>"
        + _style("Normal", "Normal", paragraph=_FREE + _NO_GRID, default=True)
        + _style("BodyText", "Body Text", paragraph=indent)
        + _style("Title", "Title", paragraph=f'{_GAPS_OFF}<w:jc w:val="center"/>', run=title)
        + _style("RedHead", "红头", paragraph=f'{_GAPS_OFF}<w:jc w:val="center"/>', run=mark)
        + _style("Line", "公文单行", paragraph=_GAPS_OFF)
        + _style("Header", "header")
        + _style(
            "Footer",
            "footer",
            run=f'{fonts_xml("song")}<w:spacing w:val="0"/>{_size(FOOT)}',
        )
        + "</w:styles>"
    )


# Where a default is not read from the document's own ones.
_FREE = '<w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct w:val="0"/>'
_GAPS_OFF = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
_NO_GRID = '<w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(2 * points)}"/><w:szCs w:val="{round(2 * points)}"/>'


def _style(name: str, title: str, paragraph: str = "", run: str = "", *, default: bool = False) -> str:
    return (
        f'<w:style w:type="paragraph" w:default="{int(default)}" w:styleId="{name}">'
        f'<w:name w:val="{title}"/>'
        + ("" if default else '<w:basedOn w:val="Normal"/>')
        + "<w:qFormat/>"
        + (f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "")
        + (f"<w:rPr>{run}</w:rPr>" if run else "")
        + "</w:style>"
    )
