"""A letter onto pages: head, title, addressees, body, signature block, attachments, 版记, page numbers.

Puts together what the modules of these parts settle; draws nothing. Geometry: GB/T 9704-2012 clauses 4 to 7, 10.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import count

from gongwen import text
from gongwen.compose import Line, Span, compose, line_of
from gongwen.document import Attachment, Block, Letter, Picture, Table
from gongwen.flow import Atom, Blank, Caption, OneLine, OneRow, Spot, fill, paginate
from gongwen.fonts import FontSet
from gongwen.heads import Head, head, printed
from gongwen.imprint import foot_holds, imprint
from gongwen.paper import (
    BODY,
    FOOT,
    LEFT_MM,
    LOWER_MM,
    MEASURE_MM,
    MIDDLE_MM,
    PITCH_MM,
    POINTS,
    RIGHT_MM,
    ROWS,
    TITLE,
    TOP_MM,
    Figure,
    Sheet,
    Text,
    Type,
    baseline_of,
    middle_of,
    paragraph,
    placed,
)
from gongwen.prepared import pages_of, proportion
from gongwen.tables import set_table
from gongwen.tails import attachments_note, closing_lines, signature_block
from gongwen.titles import break_title

_NUMBER_MM = 269.0  # the dash, 7 mm below the type area (7.5)
_FOOT_EM = FOOT / POINTS
_LABEL = "附件"
_TITLE_TOLERANCE = 0.05  # rows
_OPENING = -1000  # number of the addressees' paragraph; the body's are not negative


def pages(letter: Letter, fonts: FontSet) -> list[Sheet]:
    """Every page of the letter. Raises MissingGlyphs, and LetterError for a picture that cannot be read."""
    top = head(letter, fonts)
    title = break_title(letter.title)
    addressees = _addressees(letter)
    row = _title_row(top, len(title)) + 1
    opening = [OneLine(_OPENING, line) for line in paragraph(addressees + "：", fonts)]
    # 主送 goes to the 版记 where it would push the body off page 1 (7.3.2).
    at_foot = row + len(opening) >= ROWS and foot_holds(letter, addressees, fonts)
    spots, tail_row, tail_page = _settle(letter, [] if at_foot else opening, row, fonts)
    sheets = [Sheet() for _ in range(max(len(spots), tail_page + 1))]
    sheets[0].content += [*top.content, _title(title, top.row, "H1", fonts)]
    sheets[0].rules += top.rules
    for sheet, page in zip(sheets, spots, strict=False):
        fill(sheet, page)
    end = _close(sheets, letter, tail_row, tail_page, fonts)
    for number, attachment in enumerate(letter.attachments, start=1):
        if attachment.blocks:
            end = _attach(sheets, attachment, number if len(letter.attachments) > 1 else 0, fonts)
    _set_imprint(sheets, letter, end, addressees if at_foot else "", fonts)
    _number(sheets, fonts, skip_first=letter.form == "letter")
    return sheets


# Above the body


def _addressees(letter: Letter) -> str:
    return "、".join(name.rstrip(":\uff1a \u3000") for name in printed(letter.addressees))


def _title_row(top: Head, lines: int) -> int:
    """The first row below the title, on the grid wherever the title stands."""
    return math.ceil(top.row + lines - _TITLE_TOLERANCE)


def _title(lines: Sequence[str], row: float, tag: str, fonts: FontSet) -> Text:
    """Lines of 2号 title type in the middle of the type area (7.3.1)."""
    placed_lines = []
    for place, words in enumerate(lines):
        line = line_of(words, fonts, "title")
        x = MIDDLE_MM - line.width / 1000 * TITLE / POINTS / 2
        placed_lines.append(Type(line, x, baseline_of(row + place, TITLE), TITLE))
    return Text(tag, tuple(placed_lines))


# Body and signature block


def _atoms(blocks: Iterable[Block], fonts: FontSet) -> list[Atom]:
    atoms: list[Atom] = []
    for number, one in enumerate(blocks):
        if isinstance(one, Table):
            atoms += _table_atoms(one, fonts)
        elif isinstance(one, str):
            for words in printed([one]):
                tag, lines = _paragraph(words, fonts)
                atoms += [OneLine(number, line, tag) for line in lines]
    return atoms


def _paragraph(words: str, fonts: FontSet) -> tuple[str, list[Line]]:
    """Structure type and lines; of a run-in paragraph only the heading sentence is in heading type."""
    heading, rest = text.split_heading(words)
    level = text.level(words)
    role = {1: "hei", 2: "kai"}.get(level, "fang")
    spans = [Span(heading, role), Span(rest)]
    tag = f"H{level + 1}" if level and not rest else "P"
    return tag, compose([span for span in spans if span.text], fonts, indent=2)


def _table_atoms(table: Table, fonts: FontSet) -> list[Atom]:
    settled = set_table(table, fonts)
    atoms: list[Atom] = []
    for caption in printed([table.caption]):
        line = compose([Span(caption, "hei")], fonts)[0]
        indent = max(0.0, (MEASURE_MM - line.width / 1000 * BODY / POINTS) / 2)
        atoms.append(Caption(line.indented(indent / (BODY / POINTS) * 1000), settled))
    return [*atoms, *(OneRow(settled, row) for row in settled.rows)]


def _settle(
    letter: Letter, opening: Sequence[Atom], row: int, fonts: FontSet
) -> tuple[list[list[Spot]], int, int]:
    """The body on its pages, and row and page where the signature block begins.

    Where the block does not fit below the body, the body's last two lines go over with it (one where two do
    not belong together), so that no date stands on a page without body.
    """
    body = _atoms(letter.paragraphs, fonts)
    note = _note_atoms(letter, fonts)
    together, end = paginate([*opening, *body, *note], row)
    goes = _going_over(body)
    over, over_end = paginate([*body[len(body) - goes :], *note], 0)
    for tail in _tail_rows(letter, fonts):
        may_go = len(over) == 1 and over_end + tail <= ROWS
        if end + tail <= ROWS and (_has_body(together[-1]) or not may_go):
            return together, end, len(together) - 1
        if may_go:
            stays, _ = paginate([*opening, *body[: len(body) - goes]], row)
            return [*stays, *over], over_end, len(stays)
    return together, 0, len(together)


def _has_body(page: Sequence[Spot]) -> bool:
    """Whether the page has anything but addressees and the attachments' names."""
    return any(not isinstance(spot.atom, OneLine) or spot.atom.paragraph >= 0 for spot in page)


def _note_atoms(letter: Letter, fonts: FontSet) -> list[Atom]:
    """附件说明, one empty row below the body (7.3.4)."""
    names = attachments_note(letter, fonts)
    lines = [OneLine(-number, line) for number, lines in enumerate(names, start=1) for line in lines]
    return [Blank(), *lines] if lines else []


def _going_over(body: Sequence[Atom]) -> int:
    if len(body) > 2 and isinstance(body[-1], OneLine) and isinstance(body[-2], OneLine):
        return 2 if body[-1].paragraph == body[-2].paragraph else 1
    return 1


def _tail_rows(letter: Letter, fonts: FontSet) -> tuple[int, int]:
    """Rows that should stay together, and those that must: signature block with and without what follows it."""
    block = signature_block(letter, fonts).rows
    return block + sum(map(len, closing_lines(letter, fonts))), block


def _close(sheets: list[Sheet], letter: Letter, row: int, page: int, fonts: FontSet) -> int:
    """Signature block, note and contact lines; the first free row of the last page."""
    block = signature_block(letter, fonts)
    sheets[page].content += [one.moved(row * PITCH_MM) for one in block.content]
    lines = [
        OneLine(number, line) for number, part in enumerate(closing_lines(letter, fonts)) for line in part
    ]
    spots, end = paginate(lines, row + block.rows)
    for spot, sheet in zip(spots, _from(sheets, page), strict=False):
        fill(sheet, spot)
    return end if lines else row + block.rows


def _from(sheets: list[Sheet], page: int) -> Iterable[Sheet]:
    """The sheets from this one on, new ones as they are asked for."""
    for place in count(page):
        if place == len(sheets):
            sheets.append(Sheet())
        yield sheets[place]


# Attachments


def _attach(sheets: list[Sheet], attachment: Attachment, number: int, fonts: FontSet) -> int:
    """附件 on pages of its own, label on the first row, title on the third (7.3.7); the last page's free row."""
    sheets.append(Sheet())
    sheet = sheets[-1]
    label = f"{_LABEL}{number or ''}"
    sheet.content.append(Text("P", (placed(label, fonts, LEFT_MM, 0, "hei"),)))
    document = [block for block in attachment.blocks if isinstance(block, Picture) and block.kind == "pdf"]
    row = 1
    if attachment.title.strip() and not document:
        lines = break_title(attachment.title)
        sheet.content.append(_title(lines, 2, "H2", fonts))
        row = 2 + len(lines) + 1
    for block in _runs(attachment.blocks):
        if isinstance(block, Picture):
            row = _attach_picture(sheets, block, row, f"{label} {attachment.title}".strip())
        else:
            spots, row = paginate(_atoms(block, fonts), row)
            for spot, one in zip(spots, _from(sheets, len(sheets) - 1), strict=False):
                fill(one, spot)
    return row


def _runs(blocks: Sequence[Block]) -> list[Picture | list[Block]]:
    """Pictures one by one, what flows between them together."""
    runs: list[Picture | list[Block]] = []
    for block in blocks:
        if isinstance(block, Picture):
            runs.append(block)
        elif runs and isinstance(runs[-1], list):
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _attach_picture(sheets: list[Sheet], picture: Picture, row: int, alt: str) -> int:
    """A picture as wide as the type area, or a document page by page in the whole of it."""
    if picture.kind == "pdf":
        for page in range(1, pages_of(picture) + 1):
            if page > 1 or row > 1:
                sheets.append(Sheet())
                row = 0
            top = TOP_MM + row * PITCH_MM + (PITCH_MM / 4 if row else 2.5)
            name = f"{alt}（第{page}页）"
            turned = proportion(picture, page) > 1
            figure = Figure(picture, LEFT_MM, top, MEASURE_MM, LOWER_MM - top, name, page, turned=turned)
            sheets[-1].content.append(figure)
            row = 1
        return ROWS
    height = MEASURE_MM / proportion(picture)
    if row > 4 and row + height / PITCH_MM > ROWS:
        sheets.append(Sheet())
        row = 0
    top = TOP_MM + row * PITCH_MM + 2.5
    fitted = min(height, LOWER_MM - top)
    width = fitted * proportion(picture)
    sheets[-1].content.append(Figure(picture, MIDDLE_MM - width / 2, top, width, fitted, alt))
    return min(ROWS, math.ceil(row + (fitted + 2.5) / PITCH_MM + 0.2))


# 版记 and page numbers


def _set_imprint(sheets: list[Sheet], letter: Letter, row: int, addressees: str, fonts: FontSet) -> None:
    found = imprint(letter, fonts, addressed=bool(addressees), addressees=addressees)
    if not found:
        return
    if found.top < middle_of(row - 1) + BODY / POINTS / 2 + 2:
        sheets.append(Sheet())
    sheets[-1].content += found.content
    sheets[-1].rules += found.rules


def _number(sheets: Sequence[Sheet], fonts: FontSet, *, skip_first: bool) -> None:
    """Odd numbers at the right, even ones at the left, one 4号 character in (7.5); a letter's first page has none."""
    face = fonts.chains["song"][0]
    _, low, _, high = face.ink("—")
    baseline = _NUMBER_MM + (low + high) / 2000 * _FOOT_EM
    for number, sheet in enumerate(sheets, start=1):
        if skip_first and number == 1:
            continue
        line = line_of(f"— {number} —", fonts, "song", tracking=1)
        wide = line.width / 1000 * _FOOT_EM
        x = RIGHT_MM - _FOOT_EM - wide if number % 2 else LEFT_MM + _FOOT_EM
        sheet.number = Type(line, x, baseline, FOOT)
