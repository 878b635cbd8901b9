"""What measure says of a letter's end: names, date, seal, imprint, and what stands outside the type area.

Finding these parts is for gongwen.closing. Tolerances are those of a file that no press has moved yet.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from gongwen.areas import BODY_PT, CELL_MM, LEFT_MM, PITCHES_MM, RIGHT_MM, is_a4, page_number
from gongwen.closing import Imprint, Signature
from gongwen.departure import Departure, at, edges, off, on_page
from gongwen.elements import RULE_MM, Head, Part, em_bottom, em_top, parts_of
from gongwen.lines import MM, Line, Page
from gongwen.shapes import BAR, PICTURE, Shape

SIDE_TOLERANCE_MM = 0.6
SEALED_RIGHT_MM = RIGHT_MM - 4 * CELL_MM  # 7.3.5.1, 7.3.5.3
UNSEALED_RIGHT_MM = RIGHT_MM - 2 * CELL_MM  # 7.3.5.2
DATE_AFTER_NAME_MM = 2 * CELL_MM
SEAL_TOLERANCE_MM = 0.5
LINE_MM, SEAL_TOP_TOLERANCE_MM = PITCHES_MM[0], 0.3
FOOT_PT, FOOT_TOLERANCE_PT = 14.0, 0.3
FOOT_CELL_MM = FOOT_PT * MM
FOOT_TOLERANCE_MM = 0.7  # so that a character of 16 points will do as well as one of 14
RULE_WEIGHTS_MM, WEIGHT_TOLERANCE_MM = (0.35, 0.25), 0.06  # 7.4.1: first and last, middle
TOP_MM, BOTTOM_MM, AREA_TOLERANCE_MM = 37.0, 262.0, 0.3
OUTSIDE_MM = 1.0  # 5.1 gives the head margin so much
_QR_MM = 35.0
_BESIDE_MM = 0.3


def closing(found: Signature | None) -> Iterator[Departure]:
    """Every departure of names, date and seal (7.3.5)."""
    if not found:
        return
    yield from _alone(found)
    yield from _places(found)
    yield from _seal(found)


def _alone(signature: Signature) -> Iterator[Departure]:
    """Never "此页无正文": some of the body stands on the page of the date (7.3.5.5)."""
    above, page = signature.above, signature.page
    excused = above is not None and "此页无正文" in above.text
    if excused or (page.number > 1 and (above is None or em_top(above) < TOP_MM - OUTSIDE_MM)):
        yield at("signature-alone", page, signature.date.line, 0, 1)


def _places(signature: Signature) -> Iterator[Departure]:
    """Sealed: the date four characters from the right and the name centred over it. Not sealed: the date
    begins two characters after the name, and what is longer ends two from the right. Which of both is meant
    shows by the seal, else by what is nearer."""
    date, name = signature.date, signature.names[-1] if signature.names else None
    if name is None or _is_stamped(signature):
        right = min((SEALED_RIGHT_MM, UNSEALED_RIGHT_MM), key=lambda wanted: abs(date.right - wanted))
        yield from off("date-right", signature.page, date.line, date.right, right, SIDE_TOLERANCE_MM)
        return
    centred = abs(_name_over(signature).centre - date.centre)
    if signature.seal or centred < abs(date.left - name.left - DATE_AFTER_NAME_MM):
        yield from _sealed(signature)
    else:
        yield from _unsealed(signature)


def _is_stamped(signature: Signature) -> bool:
    """Whether a name in red stands for a hand's stamp (7.3.5.3)."""
    return any(glyph.red for name in signature.names for glyph in name.glyphs)


def _sealed(signature: Signature) -> Iterator[Departure]:
    date, name = signature.date, _name_over(signature)
    at_edge = abs(name.right - RIGHT_MM) <= SIDE_TOLERANCE_MM  # too long a name takes the date along
    if not at_edge:
        wanted = SEALED_RIGHT_MM
        yield from off("date-right", signature.page, date.line, date.right, wanted, SIDE_TOLERANCE_MM)
    yield from off("name-centre", signature.page, name.line, name.centre, date.centre, SIDE_TOLERANCE_MM)


def _name_over(signature: Signature) -> Part:
    """Of the names right above the date the one that is nearest to it; neighbours may stand close together."""
    line, date = signature.names[-1].line, signature.date
    parts = [*parts_of(line), *parts_of(line, _BESIDE_MM)]
    return min(parts, key=lambda part: abs(part.centre - date.centre))


def _unsealed(signature: Signature) -> Iterator[Departure]:
    date, names = signature.date, signature.names
    right = max(date.right, *(name.right for name in names))
    whole = any(abs(name.left - LEFT_MM) <= SIDE_TOLERANCE_MM for name in names)  # too long to keep two free
    if not whole:
        wanted = UNSEALED_RIGHT_MM
        yield from off("name-right", signature.page, names[-1].line, right, wanted, SIDE_TOLERANCE_MM)
    if not any(abs(date.left - name.left - DATE_AFTER_NAME_MM) <= SIDE_TOLERANCE_MM for name in names):
        wanted = names[-1].left + DATE_AFTER_NAME_MM
        yield from off("date-left", signature.page, date.line, date.left, wanted, SIDE_TOLERANCE_MM)


def _seal(signature: Signature) -> Iterator[Departure]:
    """Centred on the date; the topmost seal begins within one line below the body; none on blank paper."""
    seal, date = signature.seal, signature.date
    for one in signature.seals:
        if one.red and not _on_text(signature.page, one):
            yield on_page("seal-blank", signature.page, one.top, "")
    if not seal:
        return
    centre = (seal.left + seal.right) / 2
    yield from off("seal-centre", signature.page, date.line, centre, date.centre, SEAL_TOLERANCE_MM)
    if signature.above:
        room = min(one.top for one in signature.seals) - em_bottom(signature.above)
        if not -SEAL_TOP_TOLERANCE_MM <= room <= LINE_MM + SEAL_TOP_TOLERANCE_MM:
            yield at("seal-top", signature.page, date.line, room, LINE_MM if room > 0 else 0.0)


def _on_text(page: Page, seal: Shape) -> bool:
    return any(
        seal.top < line.baseline < seal.bottom and line.left < seal.right and line.right > seal.left
        for line in page.lines
    )


def imprint(found: Imprint | None) -> Iterator[Departure]:
    """版记: 4号, one character from either side, its last rule the lower edge of the type area (7.4)."""
    if not found:
        return
    for line in found.lines:
        yield from off("imprint-size", found.page, line, line.size, FOOT_PT, FOOT_TOLERANCE_PT)
        yield from _sides(found.page, line)
    if found.rules:
        yield from _rules(found.page, found.rules)


def _sides(page: Page, line: Line) -> Iterator[Departure]:
    left, right = LEFT_MM + FOOT_CELL_MM, RIGHT_MM - FOOT_CELL_MM
    label = line.text.startswith(("抄送", "主送"))
    columns = len(parts_of(line)) > 1
    if label or columns or line.left < left:
        yield from off("imprint-left", page, line, line.left, left, FOOT_TOLERANCE_MM)
    if columns or line.right > right:
        yield from off("imprint-right", page, line, line.right, right, FOOT_TOLERANCE_MM)


def _rules(page: Page, rules: Sequence[Shape]) -> Iterator[Departure]:
    for place, bar in enumerate(rules):
        if max(abs(bar.left - LEFT_MM), abs(bar.right - RIGHT_MM)) > SIDE_TOLERANCE_MM:
            yield on_page("imprint-rule-edges", page, edges(bar.left, bar.right), edges(LEFT_MM, RIGHT_MM))
        outer = place in (0, len(rules) - 1)
        wanted = RULE_WEIGHTS_MM[0 if outer else 1]
        yield from off("imprint-rule-weight", page, None, bar.height, wanted, WEIGHT_TOLERANCE_MM)
    yield from off("imprint-foot", page, None, rules[-1].bottom, BOTTOM_MM, AREA_TOLERANCE_MM)


def outside(head: Head | None, imprint: Imprint | None, pages: Sequence[Page]) -> Iterator[Departure]:
    """Above and below the type area stands nothing but page numbers, a QR code, and the letter form's mark
    and rules on page 1. The imprint's rules have a rule of their own."""
    judged = {shape for pair in (head.upper, head.lower) for shape in pair or ()} if head else set()
    judged.update(imprint.rules if imprint else ())
    for page in pages:
        if is_a4((page.width, page.height)):
            mine = head if head and head.page is page else None
            yield from _first_number(page, mine)
            yield from _outside_lines(page, mine)
            yield from _outside_shapes(page, judged)


def _first_number(page: Page, head: Head | None) -> Iterator[Departure]:
    """The letter form's first page bears no number (10.1)."""
    if head and head.is_letter:
        for line in page.lines:
            if page_number(line) and em_top(line) > BOTTOM_MM:
                yield at("first-page-number", page, line, line.text, "")


def _outside_lines(page: Page, head: Head | None) -> Iterator[Departure]:
    mark = head.mark if head else ()
    for line in page.lines:
        if line in mark or page_number(line):
            continue
        # A line of larger type may be higher than its row.
        allowed = OUTSIDE_MM + max(0.0, line.size - BODY_PT) * MM / 2
        if em_top(line) < TOP_MM - allowed:
            yield at("outside-area", page, line, em_top(line), TOP_MM)
        elif em_bottom(line) > BOTTOM_MM + allowed:
            yield at("outside-area", page, line, em_bottom(line), BOTTOM_MM)


def _outside_shapes(page: Page, judged: Container[Shape]) -> Iterator[Departure]:
    for shape in page.shapes:
        if shape in judged or not _is_large(shape):
            continue
        if shape.top < TOP_MM - OUTSIDE_MM:
            yield on_page("outside-area", page, shape.top, TOP_MM)
        elif shape.bottom > BOTTOM_MM + OUTSIDE_MM:
            yield on_page("outside-area", page, shape.bottom, BOTTOM_MM)


def _is_large(shape: Shape) -> bool:
    """Whether it is a rule across the page, or a picture larger than a QR code."""
    across = shape.kind == BAR and shape.width > RULE_MM
    within_page = max(shape.width, shape.height) < 200  # else it lies under the whole page
    return across or (shape.kind == PICTURE and within_page and max(shape.width, shape.height) > _QR_MM)
