"""Pages drawn by hand for tests of measure, text and bars exactly where a test puts them; what it says of them.

The type engine sets the characters one line at a time; everything else is raw PDF. No layout of ours.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from functools import cache

import pikepdf
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from gongwen import fonts
from gongwen.measure import measure
from gongwen.measure_words import sentence
from gongwen.tests import letters

PT = 72 / 25.4
CELL = 156 / 28
PITCH = 10.449
FIRST = 37 + 0.88 * 16 / PT  # baseline of the first row
FACES = ("fang", "song", "hei", "kai", "title")


@dataclass(frozen=True)
class Words:
    """One line of text; `x` is its left or right edge or its middle, `y` its baseline."""

    text: str
    x: float = 28.0
    y: float = FIRST
    size: float = 16.0
    face: str = "fang"
    align: str = "left"
    red: bool = False
    cell: float = 0.0


@dataclass(frozen=True)
class Bar:
    """A filled rule, drawn from (left, top) to (right, bottom)."""

    left: float
    top: float
    right: float
    bottom: float
    red: bool = False


@dataclass(frozen=True)
class Paper:
    """One page: its parts by name, so that a test can take another one in, and raw operators in mm."""

    parts: dict[str, Words | Bar] = field(default_factory=dict)
    raw: str = ""

    def but(self, **parts: Words | Bar | None) -> Paper:
        """The page with other parts of these names; None takes one away."""
        kept = {**self.parts, **parts}
        return replace(self, parts={name: part for name, part in kept.items() if part})

    def moved(self, name: str, **changes: object) -> Paper:
        """The page with one part changed."""
        return self.but(**{name: replace(self.parts[name], **changes)})


@cache
def _style():
    config = FontConfiguration()
    files = {role: (fonts.folder() / fonts.ROLES[role]).as_uri() for role in FACES}
    faces = "".join(f"@font-face {{ font-family: {role}; src: url({url}) }}" for role, url in files.items())
    rules = (
        "@page { size: 210mm 297mm; margin: 0 } body { margin: 0; font-kerning: none }"
        "section { position: relative; height: 296.9mm; break-after: page; overflow: hidden }"
        "p { position: absolute; margin: 0; white-space: pre; line-height: 1 }"
    )
    return CSS(string=faces + rules, font_config=config), config


def drawn(*papers: Paper) -> bytes:
    """The pages as PDF."""
    sections = "".join(
        f"<section>{''.join(_words(p) for p in paper.parts.values() if isinstance(p, Words))}</section>"
        for paper in papers
    )
    css, config = _style()
    document = HTML(string=f"<html lang=zh><body>{sections}").write_pdf(stylesheets=[css], font_config=config)
    with pikepdf.open(io.BytesIO(document)) as file:
        for page, paper in zip(file.pages, papers, strict=True):
            bars = "".join(_bar(part) for part in paper.parts.values() if isinstance(part, Bar))
            page.contents_add(in_mm(bars + paper.raw), prepend=True)
        return saved(file)


def in_mm(operators: str) -> bytes:
    """PDF operators whose figures are mm from the upper left corner."""
    return f"q {PT:.6f} 0 0 {-PT:.6f} 0 {297 * PT:.4f} cm {operators} Q".encode()


def saved(file: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _words(words: Words) -> str:
    top = words.y - 0.88 * words.size / PT
    spacing = words.cell * PT - words.size if words.cell else 0.0
    side = {
        "left": f"left:{words.x}mm",
        "right": f"right:{210 - words.x}mm",
        "centre": f"left:{words.x - 150}mm;width:300mm;text-align:center",
    }[words.align]
    colour = "#e60012" if words.red else "#000"
    return (
        f'<p style="{side};top:{top}mm;font:{words.size}pt/1 {words.face};letter-spacing:{spacing}pt;'
        f'color:{colour}">{words.text}</p>'
    )


def _bar(bar: Bar) -> str:
    colour = "0.9 0 0.07 rg" if bar.red else "0 g"
    return f"{colour} {bar.left} {bar.top} {bar.right - bar.left} {bar.bottom - bar.top} re f\n"


def ring(x: float, y: float, radius: float) -> str:
    """A red circle line around (x, y), 1 mm thick, whose outer radius is given."""
    r = radius - 0.5
    k = 0.5523 * r
    return (
        f"0.9 0 0.07 RG 1 w {x + r} {y} m "
        f"{x + r} {y + k} {x + k} {y + r} {x} {y + r} c {x - k} {y + r} {x - r} {y + k} {x - r} {y} c "
        f"{x - r} {y - k} {x - k} {y - r} {x} {y - r} c {x + k} {y - r} {x + r} {y - k} {x + r} {y} c s\n"
    )


@cache
def ink(text: str, size: float) -> tuple[float, float]:
    """How far the title font's ink reaches above and below the baseline, in mm."""
    font = TTFont(fonts.folder() / fonts.ROLES["title"])
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    boxes = []
    for char in text:
        pen = BoundsPen(glyphs)
        glyphs[names[ord(char)]].draw(pen)
        boxes.append(pen.bounds)
    scale = size / font["head"].unitsPerEm / PT
    return max(box[3] for box in boxes) * scale, -min(box[1] for box in boxes) * scale


def row(number: int) -> float:
    """Baseline of a row, counted from 0."""
    return FIRST + number * PITCH


def body(first: int, count: int) -> dict[str, Words]:
    """Full lines of body from this row on."""
    return {f"body{place}": Words(letters.SMOOTH, y=row(first + place), cell=CELL) for place in range(count)}


MARK = "岳阳市君山区民政局"
TITLE = "关于第五十一号提案的答复"
_UP, _DOWN = ink(MARK + "文件", 40.0)
_LETTER_UP, _LETTER_DOWN = ink(MARK, 40.0)
_UPPER = 30 + _LETTER_UP + _LETTER_DOWN + 4
_NUMBER_Y = _UPPER + 2.35 + 4.875 + 0.88 * 16 / PT

FILE = Paper(
    {
        "mark": Words(MARK + "文件", 106, 72 + _UP, 40, "title", "centre", red=True),
        "number": Words("君民复字〔2021〕6号", 106, row(7), align="centre"),
        "rule": Bar(28, row(7) + 0.12 * 16 / PT + 4, 184, row(7) + 0.12 * 16 / PT + 4.7, red=True),
        "title": Words(TITLE, 106, row(10) + 0.6, 22, "title", "centre"),
        "addressee": Words("区政协社会法制和民族宗教委员会：", y=row(12), cell=CELL),
        **body(13, 9),
    }
)

LETTER = Paper(
    {
        "mark": Words(MARK, 106, 30 + _LETTER_UP, 40, "title", "centre", red=True),
        "upper1": Bar(21, _UPPER, 191, _UPPER + 1, red=True),
        "upper2": Bar(21, _UPPER + 2, 191, _UPPER + 2.35, red=True),
        "number": Words("君民复字〔2021〕6号", 184, _NUMBER_Y, align="right"),
        "title": Words(TITLE, 106, _NUMBER_Y + 3 * PITCH, 22, "title", "centre"),
        "addressee": Words("区政协社会法制和民族宗教委员会：", y=row(8), cell=CELL),
        **body(9, 13),
        "lower1": Bar(21, 274.65, 191, 275, red=True),
        "lower2": Bar(21, 276, 191, 277, red=True),
    }
)

DATE_X = 184 - 4 * CELL
DATE = "2021年5月25日"
_DATE_WIDTH = (3 + 0.5 * 7) * 16 / PT
DATE_MIDDLE = DATE_X - _DATE_WIDTH / 2
_FOOT = 14 / PT

# A last page: two lines of body, name and date with room for a seal, 版记.
LAST = Paper(
    {
        **body(0, 2),
        "name": Words(MARK, DATE_MIDDLE, row(4), align="centre"),
        "date": Words(DATE, DATE_X, row(5), align="right"),
        "rule1": Bar(28, 243.65, 184, 244),
        "copies": Words("抄送：区政府办公室，区政协提案委员会。", 28 + _FOOT, 250.23, 14),
        "rule2": Bar(28, 252.7, 184, 252.95),
        "printer": Words("岳阳市君山区民政局办公室", 28 + _FOOT, 259.18, 14),
        "printed": Words("2021年5月25日印发", 184 - _FOOT, 259.18, 14, align="right"),
        "rule3": Bar(28, 261.65, 184, 262),
        "page": Words("— 2 —", 28 + _FOOT, 270.91, 14, "song"),
    }
)
SEAL_Y = row(4) + PITCH / 2 - 0.38 * 16 / PT - 3
SEALED = replace(LAST, raw=ring(DATE_MIDDLE, SEAL_Y, 21))
UNSEALED = LAST.but(
    name=Words(MARK, 184 - 2 * CELL, row(3), align="right"),
    date=Words(DATE, 184 - 2 * CELL - 9 * 16 / PT + 2 * CELL, row(4)),
)


def said(*papers):
    """(rule, page, measured, wanted) of every departure."""
    departures = measure(drawn(*papers))
    assert all(sentence(one) for one in departures)
    return [(one.rule, one.page, one.measured, one.wanted) for one in departures]


def only(rule, measured, wanted, papers, page=1, tolerance=0.1):
    """The one departure that these pages have."""
    ((found, at, figure, right),) = said(*papers)
    assert (found, at) == (rule, page)
    expected = measured if isinstance(measured, str) else pytest.approx(measured, abs=tolerance)
    assert figure == expected
    assert right == (wanted if isinstance(wanted, str) else pytest.approx(wanted, abs=0.05))
