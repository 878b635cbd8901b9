"""What measure says of a letter's top: red mark, rules, number, signers, corner, title, attachments' labels.

Finding these parts is for gongwen.elements. Tolerances are those of a file that no press has moved yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongwen.areas import CELL_MM, LEFT_MM, PITCHES_MM, RIGHT_MM, is_a4
from gongwen.departure import Departure, at, edges, off, on_page
from gongwen.elements import (
    MIDDLE_MM,
    Head,
    Part,
    em_bottom,
    em_top,
    family,
    head_end,
    ink_bottom,
    ink_top,
    label_of,
    lacks_rule,
    small_title_of,
    title_of,
)
from gongwen.lines import Line, Page
from gongwen.shapes import Shape

MARK_MM, LETTER_MARK_MM, MARK_TOLERANCE_MM = 72.0, 30.0, 0.3  # 7.2.4; 10.1: from the paper's edge
RULE_BELOW_MM = 4.0  # 7.2.7: the red rule under the number; 10.1: under the mark
RULE_TOLERANCE_MM = 0.3
PAIR_LEFT_MM, PAIR_RIGHT_MM = 21.0, 191.0  # 10.1: 170 mm, centred on the type area
PAIR_FOOT_MM = 277.0  # 10.1: 20 mm from the paper's lower edge
SEVEN_EIGHTHS_MM = 7 / 8 * CELL_MM  # 10.1: from the first pair to the number
SIDE_TOLERANCE_MM = 0.5
TITLE_PT, TITLE_TOLERANCE_PT = 22.0, 0.3
TITLE_CHARACTERS = 20
# Two empty lines (7.3.1). Where a line of larger type stands in its own room is free: half a line either way.
TITLE_TOLERANCE_MM = 4.5
_SAME_WEIGHT_MM = 0.05
_TOP_MM, _ROW_TOLERANCE_MM = 37.0, 3.5


def head(found: Head | None, pages: Sequence[Page]) -> Iterator[Departure]:
    """Every departure of the red head, of the titles and of the attachments' labels."""
    if found:
        yield from _mark(found)
        yield from _corner(found)
        yield from _number(found)
        yield from _signers(found)
        yield from _rule(found) if found.rule else _pairs(found)
    elif lacks_rule(pages[0]):
        yield on_page("red-rule-edges", pages[0], "", edges(LEFT_MM, RIGHT_MM))
    yield from _titles(found, pages)
    for page in pages:
        yield from _label(page)


def _mark(head: Head) -> Iterator[Departure]:
    """Centred, its ink 35 mm below the type area (7.2.4), or 30 mm below the paper's edge (10.1)."""
    if not head.mark:
        return
    first = head.mark[0]
    wanted = LETTER_MARK_MM if head.is_letter else MARK_MM
    yield from off("mark-top", head.page, first, ink_top(head.mark), wanted, MARK_TOLERANCE_MM)
    left, right = min(line.left for line in head.mark), max(line.right for line in head.mark)
    yield from off("mark-centre", head.page, first, (left + right) / 2, MIDDLE_MM, SIDE_TOLERANCE_MM)


def _corner(head: Head) -> Iterator[Departure]:
    """Copy number, secrecy and urgency begin at the left edge (7.2.1 to 7.2.3), the last two in 黑体."""
    for part in head.corner:
        yield from off("corner-left", head.page, part.line, part.left, LEFT_MM, SIDE_TOLERANCE_MM)
        if not part.text.isdigit():
            yield from _type("corner-type", head.page, part, "hei", "黑体")


def _type(rule: str, page: Page, part: Part, wanted: str, name: str) -> Iterator[Departure]:
    """Says so where every character's family can be told and none is the wanted one."""
    families = family(part.glyphs)
    if "" not in families and wanted not in families:
        yield at(rule, page, part.line, part.glyphs[0].font.rpartition("+")[2], name)


def _number(head: Head) -> Iterator[Departure]:
    """发文字号: centred, or one character in where there are signers (7.2.5); at the right edge (10.1)."""
    number = head.number
    if not number:
        return
    if head.upper:
        yield from off("number-right", head.page, number.line, number.right, RIGHT_MM, SIDE_TOLERANCE_MM)
        room = em_top(number.line) - head.upper[1].bottom
        yield from off("number-below", head.page, number.line, room, SEVEN_EIGHTHS_MM, SIDE_TOLERANCE_MM)
    elif head.signers:
        wanted = LEFT_MM + CELL_MM
        yield from off("number-left", head.page, number.line, number.left, wanted, SIDE_TOLERANCE_MM)
    else:
        yield from off("number-centre", head.page, number.line, number.centre, MIDDLE_MM, SIDE_TOLERANCE_MM)


def _signers(head: Head) -> Iterator[Departure]:
    """签发人: names in 楷体, one character free at the right, the last level with the number (7.2.6)."""
    if not head.signers:
        return
    label, *below = head.signers
    wanted = RIGHT_MM - CELL_MM
    right = max(part.right for part in head.signers)
    yield from off("signers-right", head.page, label.line, right, wanted, SIDE_TOLERANCE_MM)
    names = Part(label.line, label.glyphs[4:]) if len(label.glyphs) > 4 else None
    for part in [*([names] if names else []), *below]:
        yield from _type("signers-type", head.page, part, "kai", "楷体")


def _rule(head: Head) -> Iterator[Departure]:
    """The red rule as wide as the type area, 4 mm below the number (7.2.7)."""
    rule = head.rule
    if not rule:
        return
    yield from _edges("red-rule-edges", head.page, rule, LEFT_MM, RIGHT_MM)
    above = head.number or (head.signers[-1] if head.signers else None)
    if above:
        room = rule.top - em_bottom(above.line)
        yield from off("red-rule-below", head.page, above.line, room, RULE_BELOW_MM, RULE_TOLERANCE_MM)


def _edges(rule: str, page: Page, bar: Shape, left: float, right: float) -> Iterator[Departure]:
    if max(abs(bar.left - left), abs(bar.right - right)) > SIDE_TOLERANCE_MM:
        yield on_page(rule, page, edges(bar.left, bar.right), edges(left, right))


def _pairs(head: Head) -> Iterator[Departure]:
    """The two double rules of the letter form (10.1)."""
    for pair, thick_first in ((head.upper, True), (head.lower, False)):
        for bar in pair or ():
            yield from _edges("double-rule-edges", head.page, bar, PAIR_LEFT_MM, PAIR_RIGHT_MM)
        if pair:
            yield from _weights(head.page, pair, thick_first)
    if head.upper and head.mark:
        room = head.upper[0].top - ink_bottom(head.mark)
        yield from off("double-rule-below", head.page, head.mark[-1], room, RULE_BELOW_MM, RULE_TOLERANCE_MM)
    if head.lower:
        foot = head.lower[1].bottom
        yield from off("double-rule-foot", head.page, None, foot, PAIR_FOOT_MM, RULE_TOLERANCE_MM)
    else:
        yield on_page("double-rule-foot", head.page, "", PAIR_FOOT_MM)


def _weights(page: Page, pair: tuple[Shape, Shape], thick_first: bool) -> Iterator[Departure]:
    first, second = (bar.height for bar in pair)
    thicker = first - second if thick_first else second - first
    if thicker < _SAME_WEIGHT_MM:
        wanted = "thick above thin" if thick_first else "thin above thick"
        yield on_page("double-rule-weights", page, f"{first:.2f} above {second:.2f}", wanted)


def _titles(head: Head | None, pages: Sequence[Page]) -> Iterator[Departure]:
    """The title of page 1 and those of attachments: 2号, centred, within the measure (7.3.1)."""
    for page in pages:
        if not is_a4((page.width, page.height)) or (page.number > 1 and not label_of(page)):
            continue
        below = head_end(head) - 1 if page.number == 1 else 0.0
        title = title_of(page, below) or (small_title_of(page, below) if page.number == 1 else [])
        for line in title:
            yield from _title_line(page, line)
        if head and title and page.number == 1:
            yield from _title_place(head, title[0])


def _title_line(page: Page, line: Line) -> Iterator[Departure]:
    yield from off("title-size", page, line, line.size, TITLE_PT, TITLE_TOLERANCE_PT)
    yield from off("title-centre", page, line, (line.left + line.right) / 2, MIDDLE_MM, SIDE_TOLERANCE_MM)
    characters = sum(0.5 if glyph.text.isascii() else 1.0 for glyph in line.glyphs)
    if characters > TITLE_CHARACTERS:
        yield at("title-length", page, line, characters, TITLE_CHARACTERS)


def _title_place(head: Head, title: Line) -> Iterator[Departure]:
    """Two empty lines below the red rule (7.3.1), or below what stands above the title (10.1)."""
    pitch = PITCHES_MM[0]
    if head.rule:
        room = em_top(title) - head.rule.bottom
        yield from off("title-below", head.page, title, room, 2 * pitch, TITLE_TOLERANCE_MM)
        return
    above = head.page.lines[title.number - 2] if title.number > 1 else None
    if above and above not in head.mark:
        step = title.baseline - above.baseline
        yield from off("title-below", head.page, title, step - pitch, 2 * pitch, TITLE_TOLERANCE_MM)


def _label(page: Page) -> Iterator[Departure]:
    """附件: on the first line of its page, at the left edge, in 黑体 (7.3.7)."""
    line = label_of(page)
    if line and is_a4((page.width, page.height)):
        yield from off("attachment-left", page, line, line.left, LEFT_MM, SIDE_TOLERANCE_MM)
        yield from off("attachment-top", page, line, em_top(line), _TOP_MM, _ROW_TOLERANCE_MM)
        yield from _type("attachment-type", page, Part(line, line.glyphs[:2]), "hei", "黑体")
