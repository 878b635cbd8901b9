"""Which part of a letter is what, from its top: red head, number, signers, title, attachments' labels.

Judges nothing. What cannot be told from a letter that does not have the part is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from gongwen.areas import LEFT_MM, PAPER_MM, PITCHES_MM, RIGHT_MM, is_a4, is_red
from gongwen.lines import COLUMN_MM, MM, Glyph, Line, Page
from gongwen.shapes import BAR, GROUP, PICTURE, Shape

MIDDLE_MM = (LEFT_MM + RIGHT_MM) / 2
RULE_MM = 100.0  # shorter ones are lines of tables, or stand under words

_MARK_PT = 12.0  # of several bodies with long names
_PAIR_GAP_MM = 4.0
_GUEST_MM = 62.0
TITLE_PT = (18.0, 40.0)  # from and to; a watermark is larger
_HALF_PAGE_MM = 148.5

_NUMBER = re.compile(r"\S{1,30}[〔［\[(（][0-9]{4}[〕］\])）]第?[0-9]{1,5}号")
_CORNER = re.compile(r"[0-9]{6}|(?:绝密|机密|秘密)(?:★\S*)?|特急|加急|特提|平急")
_LABEL = re.compile(r"附件[0-9]{0,2}[:：]?")
SIGNED_BY = "签发人"
_FAMILIES = {
    "kai": ("kai", "楷"),
    "fang": ("fang", "仿"),
    "hei": ("hei", "黑"),
    "song": ("song", "simsun", "宋"),
}


@dataclass(frozen=True)
class Part:
    """Characters of one line that stand together, from left to right."""

    line: Line
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """Its characters without spaces."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def left(self) -> float:
        """Left edge of the first em box in mm."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Right edge of the last em box in mm."""
        return self.glyphs[-1].right

    @property
    def centre(self) -> float:
        """Half-way between the edges in mm."""
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Head:
    """The red head of page 1: `rule` in the file form, `upper` and `lower` pairs in the letter form.

    `signers` are the label with the names on its line and then the names below, `corner` copy number,
    secrecy and urgency.
    """

    page: Page
    mark: tuple[Line, ...]
    rule: Shape | None
    upper: tuple[Shape, Shape] | None
    lower: tuple[Shape, Shape] | None
    number: Part | None
    signers: tuple[Part, ...]
    corner: tuple[Part, ...]

    @property
    def is_letter(self) -> bool:
        """Whether this is the letter form (10.1)."""
        return self.rule is None


def em_top(line: Line) -> float:
    """Upper edge of the line's em boxes in mm."""
    return line.baseline - 0.88 * line.size * MM


def em_bottom(line: Line) -> float:
    """Lower edge of the line's em boxes in mm."""
    return line.baseline + 0.12 * line.size * MM


def family(glyphs: Sequence[Glyph]) -> set[str]:
    """The families of type of these characters: kai, fang, hei, song, and "" where a name does not tell."""
    return {_family(glyph.font.rpartition("+")[2].lower()) for glyph in glyphs}


def _family(font: str) -> str:
    return next((name for name, words in _FAMILIES.items() if any(word in font for word in words)), "")


def parts_of(line: Line, gap: float = COLUMN_MM) -> list[Part]:
    """The line parted where the gaps are wider than so many mm, and before 签发人."""
    groups: list[list[Glyph]] = [[line.glyphs[0]]]
    text = "".join(glyph.text for glyph in line.glyphs)
    signed = text.find(SIGNED_BY)
    for place, (before, glyph) in enumerate(pairwise(line.glyphs), start=1):
        if glyph.left - before.right > gap or place == signed:
            groups.append([])
        groups[-1].append(glyph)
    return [Part(line, tuple(group)) for group in groups]


# The head


def head_of(pages: Sequence[Page]) -> Head | None:
    """The red head: mark and one rule for the file form, double rules for the letter form; else none."""
    page = pages[0]
    if not is_a4((page.width, page.height)):
        return None
    rules = [shape for shape in page.shapes if shape.kind == BAR and shape.red and shape.width > RULE_MM]
    pairs = [pair for pair in pairwise(rules) if -0.1 < pair[1].top - pair[0].bottom < _PAIR_GAP_MM]
    upper = next((pair for pair in pairs if pair[0].top < _HALF_PAGE_MM), None)
    lower = next((pair for pair in pairs if pair[0].top > _HALF_PAGE_MM), None)
    if upper:
        mark = _mark(page, upper[0].top)
        corner = _parts_between(page, upper[1].bottom, upper[1].bottom + 5 * PITCHES_MM[0])
        return _head(page, mark, None, upper, lower, corner)
    for rule in rules:
        mark = _mark(page, rule.top)
        if mark and rule.top < 0.7 * page.height:
            return _head(page, mark, rule, None, None, _parts_between(page, 0.0, ink_top(mark)))
    return None


def has_red(page: Page) -> bool:
    """Whether a line of text or a wide rule is red."""
    bars = any(shape.kind == BAR and shape.red and shape.width > RULE_MM for shape in page.shapes)
    return bars or any(is_red(line) for line in page.lines)


def lacks_rule(page: Page) -> bool:
    """Whether a large red mark has a document number below it, but the page no red rule and no picture of one."""
    rules = [shape for shape in page.shapes if shape.red and shape.kind == BAR and shape.width > RULE_MM]
    pictures = [shape for shape in page.shapes if shape.kind == PICTURE and shape.width > RULE_MM]
    mark = [line for line in _mark(page, _HALF_PAGE_MM) if line.size >= TITLE_PT[0] and line.whole]
    if not mark or rules or pictures or not is_a4((page.width, page.height)):
        return False
    below = _parts_between(page, ink_bottom(mark), _HALF_PAGE_MM)
    return any(_NUMBER.fullmatch(part.text) for part in below)


def _head(
    page: Page,
    mark: tuple[Line, ...],
    rule: Shape | None,
    upper: tuple[Shape, Shape] | None,
    lower: tuple[Shape, Shape] | None,
    corner: Sequence[Part],
) -> Head:
    between = _parts_between(page, ink_bottom(mark), rule.top) if rule else corner
    number = next((part for part in reversed(between) if _NUMBER.fullmatch(part.text)), None)
    return Head(
        page=page,
        mark=mark,
        rule=rule,
        upper=upper,
        lower=lower,
        number=number,
        signers=tuple(_signers(between, number)) if rule else (),
        corner=tuple(part for part in corner if _CORNER.fullmatch(part.text)),
    )


def _mark(page: Page, above: float) -> tuple[Line, ...]:
    return tuple(
        line for line in page.lines if line.size >= _MARK_PT and line.baseline < above and is_red(line)
    )


def ink_top(mark: Sequence[Line]) -> float:
    """Upper edge of the ink of these lines in mm."""
    return min(glyph.top for line in mark for glyph in line.glyphs)


def ink_bottom(mark: Sequence[Line]) -> float:
    """Lower edge of the ink of these lines in mm."""
    return max(glyph.bottom for line in mark for glyph in line.glyphs)


def _parts_between(page: Page, top: float, bottom: float) -> list[Part]:
    return [part for line in page.lines if top < line.baseline < bottom for part in parts_of(line)]


def _signers(between: Sequence[Part], number: Part | None) -> Iterator[Part]:
    label = next((part for part in between if part.text.startswith(SIGNED_BY)), None)
    if label:
        yield label
        for part in between:
            if part.line.number > label.line.number and part is not number:
                yield part


def head_end(head: Head | None) -> float:
    """Down to here in mm page 1 is head, whose lines keep places of their own; 0 without a head."""
    if not head:
        return 0.0
    end = head.rule.bottom if head.rule else max(bar.bottom for bar in head.upper or head.lower or ())
    title = title_of(head.page, end)
    return em_top(title[0]) if title else end


# Title, labels


def title_of(page: Page, below: float) -> list[Line]:
    """The first lines of large black type below this height that follow one another."""
    lines: list[Line] = []
    for line in page.lines:
        large = TITLE_PT[0] <= line.size <= TITLE_PT[1] and not any(glyph.red for glyph in line.glyphs)
        if large and line.baseline > below:
            lines.append(line)
        elif lines:
            break
    return lines


def small_title_of(page: Page, below: float) -> list[Line]:
    """What is surely the title though its type is too small: centred right above the addressee, in another face."""
    lines = [line for line in page.lines if line.baseline > below]
    place = next((place for place, line in enumerate(lines) if _is_addressee(line)), 0)
    title: list[Line] = []
    for line in reversed(lines[:place]):
        if not _is_small_title(line, lines[place]):
            break
        title.insert(0, line)
    return title


def _is_addressee(line: Line) -> bool:
    return line.text.endswith(("：", ":")) and line.whole and abs(line.left - LEFT_MM) < 1


def _is_small_title(line: Line, addressee: Line) -> bool:
    centred = abs((line.left + line.right) / 2 - MIDDLE_MM) < 1.5 and line.left > LEFT_MM + 5
    fits = addressee.size - 0.3 <= line.size < TITLE_PT[0] and line.whole and len(line.text) > 3
    faces = [{glyph.font.rpartition("+")[2] for glyph in one.glyphs} for one in (line, addressee)]
    number = any(_NUMBER.fullmatch(part.text) for part in parts_of(line))
    return centred and fits and not faces[0] & faces[1] and not is_red(line) and not number


def label_of(page: Page) -> Line | None:
    """附件 with its number on the page's first line, or just above a title."""
    first = page.lines[:1]
    titled = [line for line, after in pairwise(page.lines) if TITLE_PT[0] <= after.size <= TITLE_PT[1]]
    return next((line for line in [*first, *titled] if _LABEL.fullmatch(_squeeze(line.text))), None)


def own_parts(pages: Sequence[Page]) -> list[Page]:
    """The pages without what belongs to documents that were put into an attachment as they are."""
    found: list[Page] = []
    attached = False
    for page in pages:
        attached = attached or (page.number > 1 and label_of(page) is not None)
        found.append(_own(page) if attached else page)
    return found


def _own(page: Page) -> Page:
    guests = [shape for shape in page.shapes if shape.kind == GROUP and _is_guest(shape)]
    if not guests:
        return page
    lines = tuple(line for line in page.lines if not any(_holds(guest, line) for guest in guests))
    shapes = tuple(shape for shape in page.shapes if not any(_within(shape, guest) for guest in guests))
    return replace(page, lines=lines, shapes=shapes)


def _is_guest(group: Shape) -> bool:
    """Larger than a seal, but not the whole page: some programs put every page into a group."""
    return min(group.width, group.height) > _GUEST_MM and group.height < 0.95 * PAPER_MM[1]


def _holds(guest: Shape, line: Line) -> bool:
    return guest.top - 1 < line.baseline < guest.bottom + 1 and guest.left - 1 < line.left < guest.right


def _within(shape: Shape, guest: Shape) -> bool:
    return guest.top - 1 < shape.top and shape.bottom < guest.bottom + 1


def _squeeze(text: str) -> str:
    return "".join(text.split())
