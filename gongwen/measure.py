"""Where a finished PDF departs from GB/T 9704-2012, in millimetres: any PDF, not only our own.

Knows nothing of how the letter was made; reading the file is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from gongwen.areas import (
    BODY_PT,
    BODY_TOLERANCE_PT,
    CELL_MM,
    CELLS,
    FOOT_MM,
    LEFT_MM,
    LEFT_TOLERANCE_MM,
    NUMBER_INSET_MM,
    NUMBER_MM,
    NUMBER_SIDE_TOLERANCE_MM,
    NUMBER_TOLERANCE_MM,
    PAPER_MM,
    PITCH_TOLERANCE_MM,
    PITCHES_MM,
    RIGHT_MM,
    RIGHT_TOLERANCE_MM,
    ROWS,
    Area,
    Turn,
    areas_of,
    body_size,
    is_a4,
    is_body,
    is_flush,
    is_paragraph,
    long_lines,
    near_step,
    page_number,
    steps,
    turns_of,
)
from gongwen.closing import imprint_of, signature_of
from gongwen.compose import NO_END, NO_START
from gongwen.departure import Departure, at
from gongwen.elements import Head, has_red, head_end, head_of, label_of, own_parts
from gongwen.lines import Line, Page, read
from gongwen.measure_foot import closing, imprint, outside
from gongwen.measure_head import head
from gongwen.measure_words import UNITS
from gongwen.text import is_han

__all__ = ["UNITS", "Departure", "measure"]


def measure(pdf: bytes) -> list[Departure]:
    """Every departure, from the first page to the last. Raises gongwen.lines.NotReadable.

    Edges, pitch and places are judged on upright A4 pages only: on other paper there is no telling where
    a line belongs.
    """
    pages = own_parts(read(pdf))
    size = body_size(pages)
    areas = areas_of(pages, size)
    red_head, signature = head_of(pages), signature_of(pages)
    foot = imprint_of(pages)
    names = [name.line for name in signature.names] if signature else []
    turns = [turn for turn in turns_of(areas) if turn.line not in names]
    found = [
        *_paper(pages),
        *_blind_glyphs(pages),
        *_sizes(pages, size),
        *_left_edges(areas, names, head_end(red_head)),
        *_right_edges(areas, turns),
        *_pitches(areas, head_end(red_head)),
        *_rows(areas, turns),
        *_cells(turns),
        *_numbers(areas, len(pages), _first_bears_number(red_head, pages)),
        *_number_order(pages),
        *_starts(areas, turns),
        *_ends(turns),
        *head(red_head, pages),
        *closing(signature),
        *imprint(foot),
        *outside(red_head, foot, pages),
    ]
    return sorted(found, key=lambda one: (one.page, one.line))


def _paper(pages: Sequence[Page]) -> Iterator[Departure]:
    """A4 (4.1); after the first page also on its side, for a table (clause 8)."""
    for page in pages:
        size = (page.width, page.height)
        if not is_a4(size) and not (page.number > 1 and is_a4(size[::-1])):
            wanted = f"{PAPER_MM[0]:.1f} x {PAPER_MM[1]:.1f}"
            yield Departure("page-size", page.number, 0, "", f"{size[0]:.1f} x {size[1]:.1f}", wanted)


def _blind_glyphs(pages: Sequence[Page]) -> Iterator[Departure]:
    for page in pages:
        for line in page.lines:
            if line.blind:
                yield at("glyph-without-text", page, line, line.blind, 0)


def _sizes(pages: Sequence[Page], size: float) -> Iterator[Departure]:
    """3号 for the body (5.2.2); a short line of another size may be anything."""
    for page in pages:
        for line in page.lines:
            judged = is_body(line, size) and (abs(line.size - size) < 0.26 or long_lines([line]))
            if judged and abs(line.size - BODY_PT) > BODY_TOLERANCE_PT:
                yield at("body-size", page, line, line.size, BODY_PT)


def _left_edges(areas: Sequence[Area], names: Sequence[Line], head_mm: float) -> Iterator[Departure]:
    """Long lines begin at the edge or two cells in, but for the names over the date; no line begins outside.

    What stands above `head_mm` on page 1 has places of its own.
    """
    for area in areas:
        for line in area.lines:
            if line in names or (area.page.number == 1 and line.baseline < head_mm):
                continue
            inset = line.left - LEFT_MM
            at_edge = inset < CELL_MM or is_flush(area, line)
            off = at_edge and abs(inset) > LEFT_TOLERANCE_MM and not is_paragraph(inset)
            if off and (inset < 0 or long_lines([line])):
                yield at("left-edge", area.page, line, line.left, LEFT_MM)


def _right_edges(areas: Sequence[Area], turns: Sequence[Turn]) -> Iterator[Departure]:
    """Lines that run on fill the measure; no line goes beyond it."""
    running = {(turn.area.page.number, turn.line.number): turn for turn in turns}
    for area in areas:
        for line in area.lines:
            over = line.right - RIGHT_MM
            turn = running.get((area.page.number, line.number))
            short = turn and -over > RIGHT_TOLERANCE_MM and not _word_went_over(turn)
            if (over > RIGHT_TOLERANCE_MM and not _half_mark(line)) or short:
                yield at("right-edge", area.page, line, line.right, RIGHT_MM)


def _word_went_over(turn: Turn) -> bool:
    """A number or Latin word that is never divided may leave more room than can be spread."""
    return turn.next.text[0].isascii()


def _half_mark(line: Line) -> bool:
    """A closing mark may be set in half a cell at the end: the other half of its box is empty."""
    return line.text[-1] in NO_START and line.right - CELL_MM / 2 <= RIGHT_MM + RIGHT_TOLERANCE_MM


def _pitches(areas: Sequence[Area], head: float) -> Iterator[Departure]:
    """One pitch for the whole text; `head` mm of page 1 are set by rules of their own."""
    near = near_step(areas)
    found = [
        (area, line, step)
        for area in areas
        for line, step in steps(area)
        if step < near and (area.page.number > 1 or line.baseline > head)
    ]
    usual = median([step for _, _, step in found] or PITCHES_MM)
    wanted = min(PITCHES_MM, key=lambda pitch: abs(pitch - usual))
    for area, line, step in found:
        if abs(step - wanted) > PITCH_TOLERANCE_MM:
            yield at("line-pitch", area.page, line, step, wanted)


def _rows(areas: Sequence[Area], turns: Sequence[Turn]) -> Iterator[Departure]:
    """A page of nothing but body whose last line runs on to the next page is full: 22 lines (5.2.3).

    Where only one or two lines went over, the date took them along, so that it does not stand alone; the
    page that they left may be shorter.
    """
    near = near_step(areas)
    last = {turn.area.page.number for turn in turns if turn.line == turn.area.lines[-1]}
    for area, after in pairwise(areas):
        text = [line for line in area.page.lines if not page_number(line)]
        if area.page.number not in last or len(text) != len(area.lines):
            continue
        lent = _opening_run(after, near) <= 2
        if len(text) > ROWS or (len(text) < ROWS and not lent):
            yield Departure("lines-per-page", area.page.number, 0, "", len(text), ROWS)


def _opening_run(area: Area, near: float) -> int:
    """How many lines stand at the top of the page before the first empty one."""
    count = 1
    for line, step in steps(area):
        if line.number != count + 1 or step >= near:
            break
        count += 1
    return count


def _cells(turns: Sequence[Turn]) -> Iterator[Departure]:
    """28 characters on a line of nothing but Chinese ones, less its indent (5.2.3).

    A line whose next begins on a number, or on a character that a mark clings to, had to let it go.
    """
    for turn in turns:
        smooth = all(map(is_han, turn.line.text)) and is_han(turn.next.text[0])
        indent = round((turn.line.left - turn.area.left) / CELL_MM)
        wanted = CELLS - max(0, indent)
        if smooth and turn.next.text[1:2] not in NO_START and len(turn.line.text) != wanted:
            yield at("cells-per-line", turn.area.page, turn.line, len(turn.line.text), wanted)


def _first_bears_number(found: Head | None, pages: Sequence[Page]) -> bool:
    """Whether other pages bear one and page 1 is surely none of the letter form, which has red of its own."""
    letter = found.is_letter if found else has_red(pages[0])
    return not letter and any(page_number(line) for page in pages[1:] for line in page.lines)


def _numbers(areas: Sequence[Area], count: int, first: bool) -> Iterator[Departure]:
    """Odd numbers at the right, even ones at the left, 7 mm below the type area (7.5).

    The letter form's first page bears none, nor need the second of two; a page of text in a longer one does.
    """
    for area in areas:
        numbers = [line for line in area.page.lines if page_number(line)]
        wanted = first if area.page.number == 1 else count > 2
        for line in numbers[-1:]:
            yield from _number_place(area.page, line)
        if not numbers and wanted and long_lines(area.lines):
            yield Departure("page-number-place", area.page.number, 0, "", "", _place(area.page.number)[2])


def _number_order(pages: Sequence[Page]) -> Iterator[Departure]:
    """Each number follows the one before (7.5); attachments may begin anew, blank pages may go uncounted."""
    last: tuple[int, int] | None = None
    for page in pages:
        line = next((line for line in reversed(page.lines) if line.baseline > FOOT_MM), None)
        match = page_number(line) if line else None
        if line and match:
            number = int(match["number"])
            if last and not label_of(page) and not 1 <= number - last[1] <= page.number - last[0]:
                yield at("page-number-order", page, line, str(number), str(last[1] + page.number - last[0]))
            last = page.number, number


def _place(number: int) -> tuple[bool, float, str]:
    """Whether the number stands at the right, its outer edge in mm, and both as words."""
    right = number % 2 == 1
    x = RIGHT_MM - NUMBER_INSET_MM if right else LEFT_MM + NUMBER_INSET_MM
    return right, x, f"{x:.1f}, {NUMBER_MM:.1f}"


def _number_place(page: Page, line: Line) -> Iterator[Departure]:
    match = page_number(line)
    right, x, wanted = _place(int(match["number"]) if match else page.number)
    edge = line.right if right else line.left
    aside = abs(edge - x) > NUMBER_SIDE_TOLERANCE_MM
    if aside or abs(line.middle - NUMBER_MM) > NUMBER_TOLERANCE_MM:
        yield at("page-number-place", page, line, f"{edge:.1f}, {line.middle:.1f}", wanted)


def _starts(areas: Sequence[Area], turns: Sequence[Turn]) -> Iterator[Departure]:
    """Marks that may not begin a line (GB/T 15834 5.1). What a paragraph begins with is its writer's affair."""
    before = {id(turn.next): turn.line.text for turn in turns}
    for area in areas:
        for line in area.lines:
            flush = line.left - area.left < CELL_MM
            if flush and line.text[0] in NO_START and not _start_allowed(line.text, before.get(id(line), "")):
                yield at("forbidden-start", area.page, line, line.text[0], "")


def _start_allowed(text: str, above: str) -> bool:
    """A whole dash of two cells may begin a line; so may a mark that belongs to a divided address."""
    mark = text[0]
    if mark == "\u2014":
        return not above or (text.startswith(mark * 2) and not above.endswith(mark))
    return mark.isascii() and mark != "%" and (not above or above[-1].isascii())


def _ends(turns: Sequence[Turn]) -> Iterator[Departure]:
    for turn in turns:
        mark = turn.line.text[-1]
        latin = mark.isascii() and turn.next.text[0].isascii()
        if mark in NO_END and not latin:
            yield at("forbidden-end", turn.area.page, turn.line, mark, "")
