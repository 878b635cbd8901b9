"""A letter onto the grid of 28 cells by 22 lines: which line stands on which row of which page.

Draws nothing: it gives markup whose every text is escaped, so that nothing typed becomes markup.
Geometry: GB/T 9704-2012 clauses 4 to 7. Widths in thousandths of an em where no unit is named.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from gongwen import text
from gongwen.compose import CELL, CELLS, TRACKING, Line, Span, compose, width
from gongwen.document import Letter
from gongwen.fonts import FontSet
from gongwen.markup import MM, PITCH_MM, Part, blank, block, room, row, title_line
from gongwen.titles import break_title

ROWS = 22
TOP_MM = 34.562  # first line box; its character touches the type area's top edge at 37 mm
_MEASURE = CELLS * CELL - TRACKING
BODY = 16.0
FOOT = 14.0

# The file form's head takes ten rows: mark, number on the eighth, red rule, two blank ones.
HEAD_ROWS = 10
_NUMBER_ROW = 7
_NUMBER_BOTTOM_MM = 37 + _NUMBER_ROW * PITCH_MM + BODY / MM
MARK_INK_MM = 72.0
RULE_MM = _NUMBER_BOTTOM_MM + 4.0
RULE_WEIGHT_MM = 0.7
_SIGNED_BY = "签发人："

# A seal of 42 mm, its centre 3 mm above the middle of name and date, has its top within a line of the body
# and its foot above the contact lines when two rows before and one row after stay empty (7.3.5.1).
_ROWS_BEFORE_DATE = 2
_ROWS_AFTER_DATE = 1
_DATE_RIGHT = 4
_LONGEST_DATE = "2021年12月31日"

FOOT_PITCH_MM = 8.7
_FOOT_CELLS = 30  # of 4号, with one character free on either side
THICK_MM, THIN_MM = 0.35, 0.25
_FOOT_BOTTOM_MM = TOP_MM + ROWS * PITCH_MM - 262.0


@dataclass(frozen=True)
class _Tail:
    """What follows the body on its last page: markup and the rows it takes."""

    html: str
    rows: int


def page_html(letter: Letter, fonts: FontSet) -> str:
    """The whole letter as markup for the type engine. Raises MissingGlyphs."""
    head, rows = _head(letter, fonts)
    body = [_paragraph_lines(paragraph, fonts) for paragraph in _clean(letter.text_paragraphs)]
    tail = _tail(letter, fonts)
    used, moved = _settle(rows, [len(lines) for lines in body], tail.rows)
    title = escape(" ".join(text.clean(letter.title).split()))
    created = f'<meta name="dcterms.created" content="{letter.date}">' if letter.date else ""
    return (
        f'<!DOCTYPE html><html lang="{escape(letter.language)}"><head><title>{title}</title>{created}</head>'
        f"<body>{head}{_body(body, moved, fonts)}{tail.html}{_imprint(letter, fonts, used)}</body></html>"
    )


def _clean(texts: Iterable[str]) -> list[str]:
    cleaned = (text.clean(one).strip(" \u3000") for one in texts)
    return [one for one in cleaned if one]


def _paragraph_lines(paragraph: str, fonts: FontSet) -> list[Line]:
    heading, rest = text.split_heading(paragraph)
    role = {1: "hei", 2: "kai"}.get(text.level(paragraph), "fang")
    spans = [Span(heading, role), Span(rest)]
    return compose([span for span in spans if span.text], fonts, indent=2)


# Above the body


def _head(letter: Letter, fonts: FontSet) -> tuple[str, int]:
    """Everything above the body, and the rows it takes."""
    top, rows = _file_head(letter, fonts) if letter.form == "file" else _plain_head(letter, fonts)
    title = break_title(letter.title)
    lines = "\n".join(title_line(line, fonts) for line in title)
    rows += len(title)
    top += f"<h1>{lines}</h1>{blank(1)}"
    if _addressed_at_foot(letter, fonts):
        return top, rows + 1
    addressees = compose([Span(_addressees(letter) + "\uff1a")], fonts)
    return f"{top}{block(addressees, fonts)}", rows + 1 + len(addressees)


def _addressees(letter: Letter) -> str:
    return "\u3001".join(name.rstrip(":\uff1a \u3000") for name in _clean(letter.addressees))


def _addressed_at_foot(letter: Letter, fonts: FontSet) -> bool:
    """Whether 主送 moves to the 版记 because it would push the body off page 1 (7.3.2)."""
    if letter.form != "file":
        return False
    addressees = compose([Span(_addressees(letter) + "\uff1a")], fonts)
    return HEAD_ROWS + len(break_title(letter.title)) + 1 + len(addressees) >= ROWS


def _plain_head(letter: Letter, fonts: FontSet) -> tuple[str, int]:
    """Number at the left, class and disclosure at the right of one line (two where one cannot hold both)."""
    number = text.clean(letter.doc_number).strip()
    marks = " ".join(_clean((letter.result_class, letter.disclosure)))
    if not number and not marks:
        return "", 0
    right = _MEASURE - width(marks, fonts) if marks else 0
    if number and marks and width(number, fonts) + CELL > right:
        stacked = row([(marks, "fang", max(0.0, right))], fonts) + row([(number, "fang", 0.0)], fonts)
        return stacked + blank(2), 4
    parts: list[Part] = [(number, "fang", 0.0)] if number else []
    parts += [(marks, "fang", right)] if marks else []
    return row(parts, fonts) + blank(2), 3


def _file_head(letter: Letter, fonts: FontSet) -> tuple[str, int]:
    """Class and disclosure in the corner, red mark, number, signers, red rule: ten rows (7.2.4 to 7.2.7)."""
    marks = " ".join(_clean((letter.result_class, letter.disclosure)))
    corner = row([(marks, "fang", _MEASURE - width(marks, fonts))], fonts) if marks else blank(1)
    mark, end = _mark(text.clean(letter.letterhead).strip(), fonts)
    rows = _number_rows(letter, fonts)
    lines = "".join(row(parts, fonts) if parts else blank(1) for parts in rows)
    above = room((_NUMBER_ROW + 1 - len(rows)) * PITCH_MM - end)
    before_rule = room(RULE_MM - TOP_MM - (_NUMBER_ROW + 1) * PITCH_MM)
    after_rule = room(HEAD_ROWS * PITCH_MM - (RULE_MM - TOP_MM) - RULE_WEIGHT_MM)
    rule = f'{before_rule}<div class="rule"></div>{after_rule}'
    return f"{corner}{mark}{above}{lines}{rule}", HEAD_ROWS


def _number_rows(letter: Letter, fonts: FontSet) -> list[list[Part]]:
    """发文字号: centred, or one cell from the left and level with the last of the signers (7.2.5)."""
    *above, last = _signer_rows(_clean(letter.signers), fonts) or [[]]
    number = text.clean(letter.doc_number).strip()
    if number:
        left = CELL if last else (_MEASURE - width(number, fonts)) / 2
        last = [(number, "fang", left), *last]
    return [*above, last]


def _mark(mark: str, fonts: FontSet) -> tuple[str, float]:
    """发文机关标志 below the corner's row, and how many mm below the first line box it ends.

    Its ink begins 35 mm below the type area's top edge; 44 points high, less where 156 mm ask for it (7.2.4).
    """
    if not mark:
        return "", PITCH_MM
    size = min(44.0, 156 * MM / (width(mark, fonts, "title", 0) / 1000 + 1))
    faces = [face for char in mark if (face := fonts.face("title", char))]
    ink = max(face.ink(char)[3] for face, char in zip(faces, mark, strict=True))
    top = MARK_INK_MM - TOP_MM - (880 - ink) * size / 1000 / MM
    style = f"font-size:{size:.3f}pt;line-height:{size:.3f}pt"
    return (
        f'{room(top - PITCH_MM)}<p class="mark" style="{style}">{title_line(mark, fonts)}</p>',
        top + size / MM,
    )


def _signer_rows(names: Sequence[str], fonts: FontSet) -> list[list[Part]]:
    """签发人 at the right with one cell to spare, two names a row (7.2.6)."""
    if not names:
        return []
    pairs = [" ".join(names[place : place + 2]) for place in range(0, len(names), 2)]
    left = _MEASURE - CELL - max(width(pair, fonts, "kai") for pair in pairs)
    rows: list[list[Part]] = [[(pair, "kai", left)] for pair in pairs]
    rows[0].insert(0, (_SIGNED_BY, "fang", left - width(_SIGNED_BY, fonts) - TRACKING))
    return rows


# Body and what follows it


def _settle(head: int, paragraphs: Sequence[int], tail: int) -> tuple[int, int]:
    """(rows used on the last page, body lines that move over to it), so that no date stands without body.

    Without a move the last page ends where body and tail end. Where the tail does not fit under the body,
    the body's last two lines go along with it (one where two do not belong together).
    """
    lines = sum(paragraphs)
    end = (head + lines - 1) % ROWS + 1
    if end + tail <= ROWS:
        return end + tail, 0
    together = paragraphs[-1] >= 2 and lines > 2 and tail + 2 <= ROWS
    moved = 2 if together else 1
    return (moved + tail - 1) % ROWS + 1, moved


def _body(paragraphs: Sequence[Sequence[Line]], moved: int, fonts: FontSet) -> str:
    parts = [block(lines, fonts) for lines in paragraphs]
    if not moved:
        return "".join(parts)
    last = paragraphs[-1]
    stays, goes = last[: len(last) - moved], last[len(last) - moved :]
    parts[-1] = block(stays, fonts) if stays else ""
    return "".join(parts) + block(goes, fonts, "over")


def chinese_date(date: datetime.date | None) -> str:
    """成文日期 in Arabic figures without leading zeros (7.3.5.4); empty for a draft."""
    return f"{date.year}年{date.month}月{date.day}日" if date else ""


def _tail(letter: Letter, fonts: FontSet) -> _Tail:
    """Name, date with room for a wet seal, contact lines."""
    signed = _signed(letter, fonts)
    contacts = [compose([Span(line)], fonts, indent=2, hang=2) for line in _clean(letter.contacts)]
    parts = [blank(_ROWS_BEFORE_DATE), *signed]
    rows = _ROWS_BEFORE_DATE + len(signed)
    if contacts:
        parts += [blank(_ROWS_AFTER_DATE), *(block(lines, fonts) for lines in contacts)]
        rows += _ROWS_AFTER_DATE + sum(map(len, contacts))
    return _Tail("".join(parts), rows)


def _signed(letter: Letter, fonts: FontSet) -> list[str]:
    """署名 centred over the date, which has four cells at its right (7.3.5.1); one string for each row."""
    name = "".join(_clean(letter.issuers[:1]))
    date = chinese_date(letter.date)
    name_width = width(name, fonts) if name else 0
    date_width = width(date or _LONGEST_DATE, fonts)
    centre = min((CELLS - _DATE_RIGHT) * CELL - date_width / 2, _MEASURE - name_width / 2)
    rows = [row([(name, "fang", max(0.0, centre - name_width / 2))], fonts)] if name else []
    return [*rows, row([(date, "fang", centre - date_width / 2)], fonts) if date else blank(1)]


# 版记


def _imprint(letter: Letter, fonts: FontSet, used: int) -> str:
    """版记 at the foot of the last page: its last rule is the lower edge of the type area (7.4)."""
    copies, lines = _copies(letter, fonts) if letter.form == "file" else ("", 0)
    printed = _printed(letter, fonts) if letter.form == "file" else ""
    if not copies and not printed:
        return ""
    thin = '<div class="thin"></div>' if copies and printed else ""
    rules = 2 * THICK_MM + bool(thin) * THIN_MM
    height = (lines + bool(printed)) * FOOT_PITCH_MM + rules + _FOOT_BOTTOM_MM
    over = used + math.ceil(height / PITCH_MM) > ROWS
    above = (ROWS if over else ROWS - used) * PITCH_MM - height
    return (
        f'<div class="imprint{" over" if over else ""}">{room(above)}<div class="thick"></div>'
        f'{copies}{thin}{printed}<div class="thick"></div></div>'
    )


def _copies(letter: Letter, fonts: FontSet) -> tuple[str, int]:
    """抄送, and above it 主送 where page 1 had no room for it (no rule between the two); number of lines."""
    copies = _clean(letter.copies_to)
    lists = [("主送：", _addressees(letter))] if _addressed_at_foot(letter, fonts) else []
    lists += [("抄送：", "，".join(copies))] if copies else []
    blocks = [
        compose([Span(f"{label}{names}。")], fonts, hang=len(label), cells=_FOOT_CELLS)
        for label, names in lists
    ]
    return "".join(block(lines, fonts) for lines in blocks), sum(map(len, blocks))


def _printed(letter: Letter, fonts: FontSet) -> str:
    """印发机关 at the left, the day of printing at the right, one 4号 character from either edge."""
    office = text.clean(letter.printed_by).strip()
    day = f"{chinese_date(letter.printed_on)}印发" if letter.printed_on else ""
    parts: list[Part] = [(office, "fang", 0.0)] if office else []
    if day:
        measure = 156 * MM / FOOT * 1000 - 2000
        parts.append((day, "fang", measure - width(day, fonts)))
    return row(parts, fonts) if parts else ""
