"""What stands above the title on page 1, in each of the three forms.

GB/T 9704-2012 7.2 (文件格式) and 10.1 (信函格式); the plain form is a district's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongwen.compose import Line, line_of, width
from gongwen.document import Letter
from gongwen.fonts import FontSet
from gongwen.paper import (
    BODY,
    CELL_MM,
    HEIGHT_MM,
    LEFT_MM,
    MEASURE_MM,
    MIDDLE_MM,
    PITCH_MM,
    POINTS,
    RIGHT_MM,
    Rule,
    Text,
    Type,
    extent,
    placed,
    placed_around,
    placed_right,
    row_below,
    top_of,
)
from gongwen.text import clean

FILE_WORD = "文件"
_SIGNED_BY = "签发人："
_FIRST_NUMBER_ROW = 7
RULE_BELOW_NUMBER_MM = 4.0
RULE_WEIGHT_MM = 0.7

FILE_MARK_MM, LETTER_MARK_MM = 72.0, 30.0  # upper edge of the red mark's ink
_MARK_PT = 44.0
_JOINT_LEADING = 1.32
# Practice of the 1999 edition: characters of the mark up to 22 mm high and 15 mm wide.
_MARK_CHARACTER_MM = 15.0
_NARROWEST = 60.0
_LETTER_INK_MM = 16.57  # brings the number onto the third row of the grid

# 10.1: 170 mm wide, 4 mm below the mark and 20 mm from the lower edge of the paper, the thick one outside.
DOUBLE_MM, DOUBLE_THICK_MM, DOUBLE_GAP_MM, DOUBLE_THIN_MM = 170.0, 1.0, 1.0, 0.35
_DOUBLE_HEIGHT_MM = DOUBLE_THICK_MM + DOUBLE_GAP_MM + DOUBLE_THIN_MM
_BELOW_MARK_MM, _FROM_FOOT_MM = 4.0, 20.0
_BELOW_DOUBLE_MM = 7 / 8 * BODY / POINTS


@dataclass(frozen=True)
class Head:
    """What stands there, and the row (not always a whole one) on which the title begins."""

    content: list[Text]
    rules: list[Rule]
    row: float


def head(letter: Letter, fonts: FontSet) -> Head:
    """The head of the letter's form. Raises MissingGlyphs."""
    return {"plain": _plain, "file": _file, "letter": _letter}[letter.form](letter, fonts)


def printed(texts: Iterable[str]) -> list[str]:
    """What is left of each text when it is made ready for print; empty ones go."""
    cleaned = (clean(one).strip(" \u3000") for one in texts)
    return [one for one in cleaned if one]


def mark_lines(letter: Letter) -> list[str]:
    """The issuing bodies of the red mark, from top to bottom; the letter form bears the leading one's alone."""
    given = printed(letter.letterhead.split("\n"))
    lines = given or printed(letter.issuers)
    if letter.form == "letter":
        return [line.removesuffix(FILE_WORD) or line for line in lines[:1]]
    if len(lines) == 1 and not given:
        return [lines[0] + FILE_WORD]
    return lines if len(lines) < 2 else [line.removesuffix(FILE_WORD) or line for line in lines]


def issuing(letter: Letter) -> list[str]:
    """The names over the date; where a letter with a red head gives none, those of the head."""
    given = printed(letter.issuers)
    if given or letter.form == "plain":
        return given
    return [line.removesuffix(FILE_WORD) or line for line in mark_lines(letter)]


def _marks(letter: Letter) -> str:
    return " ".join(printed((letter.result_class, letter.disclosure)))


def _one(line: Type) -> Text:
    return Text("P", (line,))


def _left_elements(letter: Letter, fonts: FontSet, row: float, step: float = 1.0) -> list[Text]:
    """份号, 密级和保密期限, 紧急程度: flush left, one a row (7.2.1 to 7.2.3)."""
    found = [(letter.copy_number, "fang"), (letter.secrecy, "hei"), (letter.urgency, "hei")]
    elements = [(text, role) for given, role in found for text in printed([given])]
    return [
        _one(placed(text, fonts, LEFT_MM, row + place * step, role))
        for place, (text, role) in enumerate(elements)
    ]


# Plain


def _plain(letter: Letter, fonts: FontSet) -> Head:
    """Number at the left, class and disclosure at the right of one line, or of two where one cannot hold both."""
    content = _left_elements(letter, fonts, 0)
    row = len(content)
    number, marks = "".join(printed([letter.doc_number])), _marks(letter)
    if number and marks and extent(number, fonts) + extent(marks, fonts) + CELL_MM > MEASURE_MM:
        content.append(_one(placed_right(marks, fonts, RIGHT_MM, row)))
        row, marks = row + 1, ""
    line = [placed(number, fonts, LEFT_MM, row)] if number else []
    line += [placed_right(marks, fonts, RIGHT_MM, row)] if marks else []
    content += [Text("P", tuple(line))] if line else []
    row += bool(line)
    return Head(content, [], row + 2 if row else 0)


# 文件格式


def _file(letter: Letter, fonts: FontSet) -> Head:
    """Red mark, number two blank lines below it, signers, red rule 4 mm below the number (7.2.4 to 7.2.7)."""
    content = _left_elements(letter, fonts, 0)
    marks, signers = _marks(letter), _signers(printed(letter.signers), fonts)
    beside = letter.marks_at == "number" and not signers
    if marks and not beside:
        content.append(_one(placed_right(marks, fonts, RIGHT_MM, 0)))
    mark, foot = _file_mark(mark_lines(letter), fonts)
    content += mark
    row = max(_FIRST_NUMBER_ROW, math.ceil(row_below(foot) + 2 - 0.3)) + max(0, len(signers) - 1)
    content += _number_rows(letter, signers, row, fonts)
    if marks and beside:
        content.append(_one(placed_right(marks, fonts, RIGHT_MM, row)))
    y = top_of(row) + BODY / POINTS + RULE_BELOW_NUMBER_MM
    return Head(content, [Rule(LEFT_MM, y, MEASURE_MM, RULE_WEIGHT_MM, red=True)], row + 3)


def _number_rows(
    letter: Letter, signers: Sequence[Sequence[tuple[str, str, float]]], row: int, fonts: FontSet
) -> list[Text]:
    """发文字号: centred, or one cell from the left and level with the last of the signers (7.2.5, 7.2.6).

    A number that would run into the signers has the row to itself, and they stand above it.
    """
    number = "".join(printed([letter.doc_number]))
    left = LEFT_MM + CELL_MM
    crowded = bool(number and signers) and left + extent(number, fonts) + CELL_MM > signers[-1][0][2]
    texts: list[Text] = []
    for place, parts in enumerate(signers, start=row - len(signers) + 1 - crowded):
        line = [placed(text, fonts, x, place, role) for text, role, x in parts]
        if number and place == row:
            line.insert(0, placed(number, fonts, left, row))
        texts.append(Text("P", tuple(line)))
    if number and (crowded or not signers):
        alone = placed(number, fonts, left, row) if crowded else placed_around(number, fonts, MIDDLE_MM, row)
        texts.append(_one(alone))
    return texts


def _signers(names: Sequence[str], fonts: FontSet) -> list[list[tuple[str, str, float]]]:
    """签发人 in 楷体 at the right with one cell to spare, two names a row: (text, role, x in mm) of each row."""
    if not names:
        return []
    pairs = [" ".join(names[place : place + 2]) for place in range(0, len(names), 2)]
    left = RIGHT_MM - CELL_MM - max(extent(pair, fonts, "kai") for pair in pairs)
    rows = [[(pair, "kai", left)] for pair in pairs]
    rows[0].insert(0, (_SIGNED_BY, "fang", left - extent(_SIGNED_BY, fonts) - (CELL_MM - BODY / POINTS)))
    return rows


def _file_mark(names: Sequence[str], fonts: FontSet) -> tuple[list[Text], float]:
    """发文机关标志, its ink beginning 35 mm below the type area's upper edge; the height where it ends (7.2.4)."""
    if not names:
        return [], FILE_MARK_MM
    if len(names) > 1:
        return _joint_mark(names, fonts)
    size = min(_MARK_PT, MEASURE_MM * POINTS / (width(names[0], fonts, "title", 0) / 1000 + 1))
    line, foot = _mark_line(names[0], fonts, size, 100, FILE_MARK_MM)
    return [_one(line)], foot


def _mark_line(name: str, fonts: FontSet, size: float, narrow: float, ink_top: float) -> tuple[Type, float]:
    """One line of the mark centred over the type area, and the lower edge of its ink."""
    low, high = _ink(name, fonts)
    em = size / POINTS
    line = line_of(name, fonts, "title")
    wide = line.width / 1000 * em * narrow / 100
    baseline = ink_top + high * em
    return Type(line, MIDDLE_MM - wide / 2, baseline, size, True, narrow), baseline - low * em


def _ink(name: str, fonts: FontSet) -> tuple[float, float]:
    """Lowest and highest point of a name's ink in title type, in ems over the baseline."""
    inks = [face.ink(char) for char in name if (face := fonts.face("title", char))]
    return min(ink[1] for ink in inks) / 1000, max(ink[3] for ink in inks) / 1000


def _joint_mark(names: Sequence[str], fonts: FontSet) -> tuple[list[Text], float]:
    """Several bodies one below the other, justified to one width; 文件 at the right in the middle of them."""
    lines = [line_of(name, fonts, "title") for name in names]
    ems = max(line.width for line in lines) / 1000
    size = min(_MARK_PT * 0.8, MEASURE_MM * POINTS / (ems + 2.5))
    em = size / POINTS
    left = MIDDLE_MM - (ems + 2.5) * em / 2
    top = FILE_MARK_MM + max(_ink(names[0], fonts)[1], _ink(FILE_WORD, fonts)[1]) * em
    leading = _JOINT_LEADING * em
    texts = [
        _one(Type(_justified(line, ems), left, top + place * leading, size, red=True))
        for place, line in enumerate(lines)
    ]
    middle = top + (len(lines) - 1) / 2 * leading
    word = Type(line_of(FILE_WORD, fonts, "title"), left + (ems + 0.5) * em, middle, size, red=True)
    foot = top + (len(lines) - 1) * leading - _ink(names[-1], fonts)[0] * em
    return [*texts, _one(word)], foot


def _justified(line: Line, ems: float) -> Line:
    """The characters spread so that the line is so many ems wide."""
    gaps = len(line.text) - 1
    return line.spread((ems * 1000 - line.width) / gaps) if gaps else line


# 信函格式


def _letter(letter: Letter, fonts: FontSet) -> Head:
    """Mark 30 mm from the paper's edge, double rule 4 mm below it, number at the right 7/8 character below."""
    mark, foot = _letter_mark(mark_lines(letter), fonts)
    upper = foot + _BELOW_MARK_MM
    rules = [*_double(upper, thick_first=True), *_double(HEIGHT_MM - _FROM_FOOT_MM - _DOUBLE_HEIGHT_MM)]
    row = row_below(upper + _DOUBLE_HEIGHT_MM + _BELOW_DOUBLE_MM)
    step = (BODY / POINTS + _BELOW_DOUBLE_MM) / PITCH_MM
    left = _left_elements(letter, fonts, row, step)
    right = _letter_right(letter, fonts, row, step, marks_left=letter.marks_at == "number" and not left)
    elements = max(len(left), len({text.lines[0].baseline for text in right}), 1)
    return Head([*mark, *left, *right], rules, row + (elements - 1) * step + 3)


def _letter_right(letter: Letter, fonts: FontSet, row: float, step: float, *, marks_left: bool) -> list[Text]:
    """The number, and class and disclosure one line below it or at the left of its line."""
    texts = [_one(placed_right(number, fonts, RIGHT_MM, row)) for number in printed([letter.doc_number])]
    marks = _marks(letter)
    if marks and marks_left:
        texts.insert(0, _one(placed(marks, fonts, LEFT_MM, row)))
    elif marks:
        texts.append(_one(placed_right(marks, fonts, RIGHT_MM, row + (step if texts else 0))))
    return texts


def _letter_mark(names: Sequence[str], fonts: FontSet) -> tuple[list[Text], float]:
    """The mark without 文件, its characters narrowed where 156 mm ask for it; where its ink ends in mm."""
    if not names:
        return [], LETTER_MARK_MM + _LETTER_INK_MM
    low, high = _ink(names[0], fonts)
    size = min(_LETTER_INK_MM / (high - low) * POINTS, _MARK_PT * 1.25)
    em = size / POINTS
    count = line_of(names[0], fonts, "title").width / 1000
    narrow = 100 * min(1.0, _MARK_CHARACTER_MM / em, MEASURE_MM / (count * em))
    if narrow < _NARROWEST:
        size, narrow = size * narrow / _NARROWEST, _NARROWEST
    line, foot = _mark_line(names[0], fonts, size, narrow, LETTER_MARK_MM)
    return [_one(line)], foot


def _double(y: float, *, thick_first: bool = False) -> list[Rule]:
    left = MIDDLE_MM - DOUBLE_MM / 2
    weights = (DOUBLE_THICK_MM, DOUBLE_THIN_MM) if thick_first else (DOUBLE_THIN_MM, DOUBLE_THICK_MM)
    second = y + weights[0] + DOUBLE_GAP_MM
    return [
        Rule(left, y, DOUBLE_MM, weights[0], red=True),
        Rule(left, second, DOUBLE_MM, weights[1], red=True),
    ]
