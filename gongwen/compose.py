"""Text into lines of cells: where a line breaks and how much room follows each character.

Everything is counted in thousandths of an em ("points" below mean these), because that is the finest step
in which a PDF moves the pen. Knows fonts by their widths, but neither pages nor any markup.
Sources: GB/T 9704-2012 clause 5, GB/T 15834-2011 4.1 and 5.1, GB/T 15835-2011.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from gongwen.fonts import Face, FontSet, MissingGlyphs

CELLS = 28
# 156 mm hold 28 cells of 15.793 pt; a 16 pt character is 0.207 pt wider than its cell.
TRACKING = -13
CELL = 1000 + TRACKING

NO_START = frozenset(
    "\u3002\uff0c\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u3009\u300d\u300f\u3011\u3015\u201d\u2019"
    "\u2026\u2014\u2013\uff5e\u00b7\uff05\u2030\u2103%!,.:;?)]}"
)
NO_END = frozenset("\uff08\u300a\u3008\u300c\u300e\u3010\u3014\u201c\u2018\uffe5([{")
_CLOSING = frozenset(
    "\u3002\uff0c\u3001\uff1b\uff1a\uff01\uff09\u300b\u3009\u300d\u300f\u3011\u3015\u201d\u2019"
)
_OPENING = frozenset("\uff08\u300a\u3008\u300c\u300e\u3010\u3014\u201c\u2018")
_MARKS = _CLOSING | _OPENING

# How far a line may be stretched or drawn together, per gap between two characters.
MOST_DRAWN = 25
MOST_STRETCHED = 300
_UNSEEN = 15
# Digits and Latin words keep their own spacing once their line is stretched by more than this.
_KEEP_WORDS = 30
# Beyond this a long word that just fails to fit is drawn in instead, where the line's marks allow it.
_LOOSE = 60
# A word too long for its line is divided after one of its own marks.
_SEAMS = "/-_?&=."
# Of the empty half of a mark, what may be taken away.
_HALF = 500

_UNIT = re.compile(
    r"[0-9]{2,4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{1,2}月[0-9]{1,2}日"
    r"|[0-9][0-9.,]*[%\uff05\u2030\u2103]"
    r"|\u2014\u2014|\u2026\u2026"
    r"|[!-~\u00a1-\u00b6\u00b8-\u036f\u0370-\u1fff\u2c60-\u2c7f\ua640-\ua7ff]+"
    r"|[ \u3000]+|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Span:
    """Text in one role of type: "fang", "hei", "kai", "song" or "title"."""

    text: str
    role: str = "fang"


@dataclass(frozen=True)
class Piece:
    """Characters of one face, each followed by `spacing` points of room."""

    text: str
    face: Face
    spacing: float


@dataclass(frozen=True)
class Line:
    """One line: `indent` cells, then its pieces; `width` points in all, without the last one's spacing."""

    pieces: tuple[Piece, ...]
    indent: float
    width: float

    @property
    def text(self) -> str:
        """The characters of the line."""
        return "".join(piece.text for piece in self.pieces)

    def indented(self, points: float) -> Line:
        """The line with its indent given in thousandths of an em."""
        return Line(self.pieces, points / CELL, self.width)

    def spread(self, points: float) -> Line:
        """The line with so much more room after each character but the last."""
        pieces = tuple(replace(piece, spacing=piece.spacing + points) for piece in self.pieces)
        return Line(pieces, self.indent, self.width + points * (len(self.text) - 1))


class _Unit:
    """What a line break never splits. `rooms[i]` follows character i: negative where marks share space.

    One is made for nearly every character of a letter, so it holds only what is asked for.
    """

    __slots__ = ("chars", "faces", "first", "is_space", "last", "rooms", "width", "widths")

    def __init__(self, chars: str, faces: Sequence[Face], widths: Sequence[int], width: int) -> None:
        self.chars, self.faces, self.widths, self.width = chars, faces, widths, width
        self.first, self.last = chars[0], chars[-1]
        self.is_space = self.first in " \u3000"
        self.rooms = [TRACKING] * len(chars)


def compose(
    spans: Iterable[Span],
    fonts: FontSet,
    *,
    indent: float = 0,
    hang: float = 0,
    cells: float = CELLS,
    to_edge: bool = True,
) -> list[Line]:
    """Break a paragraph into lines of `cells` cells, the first indented by `indent`, others by `hang`.

    Every line but the last is brought to the full measure; with `to_edge` the last too where it lacks less
    than a cell.
    Raises MissingGlyphs.
    """
    units = _units(spans, fonts, round((cells - max(indent, hang)) * CELL))
    lines: list[Line] = []
    start = 0
    while start < len(units):
        inset = hang if lines else indent
        measure = round((cells - inset) * CELL) - TRACKING
        end = _line_end(units, start, measure)
        if _is_torn(units, start, end, measure):
            end = _divided(units, start, end, measure)
        nearly = to_edge and measure - _natural(units[start:end]) < CELL
        runs_on = end < len(units) or nearly or _natural(units[start:end]) > measure
        lines.append(_set(units[start:end], inset, measure if runs_on else None))
        start = end
    return lines


def width(text: str, fonts: FontSet, role: str = "fang", tracking: int = TRACKING) -> int:
    """Width of a text on one line in points, without the room after its last character."""
    faces = [fonts.face(role, char) for char in text]
    if None in faces:
        raise MissingGlyphs(fonts.missing(text))
    advances = (face.advance(char) for face, char in zip(faces, text, strict=True) if face)
    return sum(advances) + tracking * (len(text) - 1)


def line_of(text: str, fonts: FontSet, role: str = "fang", tracking: int = 0) -> Line:
    """A text on one line as it falls. Without tracking a space is as wide as a character (titles).

    Raises MissingGlyphs.
    """
    unit = _unit(text, role, fonts)
    unit.rooms = [
        1000 - wide if char == " " and not tracking else tracking
        for char, wide in zip(unit.chars, unit.widths, strict=True)
    ]
    return Line(tuple(_pieces([unit], [unit.rooms])), 0, sum(unit.widths) + sum(unit.rooms[:-1]))


def _units(spans: Iterable[Span], fonts: FontSet, longest: int) -> list[_Unit]:
    units: list[_Unit] = []
    for span in spans:
        for chars in _UNIT.findall(span.text):
            unit = _unit(chars, span.role, fonts)
            if unit.width <= longest:
                units.append(unit)
            else:
                units += _split(unit, longest)
    for left, right in pairwise(units):
        if left.last in _MARKS and (shared := _shared(left, right)):
            left.rooms[-1] -= shared
            left.width -= shared
    return units


def _unit(chars: str, role: str, fonts: FontSet) -> _Unit:
    return _Unit(chars, *_type(chars, role, fonts))


@lru_cache(maxsize=20_000)
def _type(chars: str, role: str, fonts: FontSet) -> tuple[tuple[Face, ...], tuple[int, ...], int]:
    """Face and width of each character, and the width of all with the room that follows each."""
    faces = tuple(face for char in chars if (face := fonts.face(role, char)))
    if len(faces) < len(chars):
        raise MissingGlyphs(fonts.missing(chars))
    widths = tuple(face.advance(char) for face, char in zip(faces, chars, strict=True))
    return faces, widths, sum(widths) + TRACKING * len(chars)


def _is_torn(units: Sequence[_Unit], start: int, end: int, measure: int) -> bool:
    """Whether a word that goes over leaves more room on its line than stretching can fill."""
    lack = measure - _natural(units[start:end])
    return end < len(units) and lack > MOST_STRETCHED * _gaps(_without_trailing_space(units[start:end]))


def _divided(units: list[_Unit], start: int, end: int, measure: int) -> int:
    """Divide the word that goes over after the last mark of its own that still fits; the line's new end.

    Only an address or a word joined by marks is divided: a number stays whole (GB/T 15835).
    """
    word = units[end]
    room = measure - sum(unit.width for unit in units[start:end]) + TRACKING
    if not any(char.isalpha() for char in word.chars):
        return end
    fits = 0
    for place, char in enumerate(word.chars[:-1]):
        room -= word.widths[place] + TRACKING
        ends = char in _SEAMS and word.chars[place + 1].isalnum()
        fits = place + 1 if ends and room >= 0 else fits
    if not fits:
        return end
    units[end : end + 1] = [_part(word, 0, fits), _part(word, fits, len(word.chars))]
    return end + 1


def _split(unit: _Unit, longest: int) -> list[_Unit]:
    """Pieces of a word longer than a line, broken after a mark of its own where there is one."""
    pieces: list[_Unit] = []
    start, room, seam = 0, longest, 0
    for place, wide in enumerate(unit.widths):
        room -= wide + TRACKING
        if room < 0:
            cut = seam if seam > start else place
            pieces.append(_part(unit, start, cut))
            start, room = cut, longest - sum(unit.widths[cut : place + 1]) - TRACKING * (place + 1 - cut)
        if unit.chars[place] in _SEAMS:
            seam = place + 1
    return [*pieces, _part(unit, start, len(unit.chars))]


def _part(unit: _Unit, start: int, end: int) -> _Unit:
    widths = unit.widths[start:end]
    return _Unit(unit.chars[start:end], unit.faces[start:end], widths, sum(widths) + TRACKING * len(widths))


def _shared(left: _Unit, right: _Unit) -> int:
    """The room that two marks side by side share: they take one and a half cells (GB/T 15834 5.1.10)."""
    if left.last in _CLOSING and right.first in _MARKS:
        return min(_HALF, left.faces[-1].blanks(left.last)[1])
    if left.last in _OPENING and right.first in _OPENING:
        return min(_HALF, right.faces[0].blanks(right.first)[0])
    return 0


def _may_break(units: Sequence[_Unit], place: int) -> bool:
    left, right = units[place - 1], units[place]
    return not (
        left.last in NO_END or right.first in NO_START or right.is_space or unicodedata.combining(right.first)
    )


def _line_end(units: Sequence[_Unit], start: int, measure: int) -> int:
    """Index after the last unit of the line: drawn together first (挤进), else the last go over (推出)."""
    end, room = start, measure + TRACKING
    # A space that just fails to fit stands at the end of the line, where it takes no room.
    while end < len(units) and (room >= units[end].width or (units[end].is_space and room >= 0)):
        room -= units[end].width
        end += 1
    if end >= len(units):
        return end
    end = max(end, start + 1)
    if _may_break(units, end):
        loose = (measure - _natural(units[start:end])) > _LOOSE * _gaps(units[start:end])
        further = _next_break(units, end + 1)
        return further if loose and further and _can_be_drawn(units[start:further], measure) else end
    pushed_in = _next_break(units, end + 1)
    if pushed_in and _can_be_drawn(units[start:pushed_in], measure):
        return pushed_in
    return next((place for place in range(end, start, -1) if _may_break(units, place)), end)


def _next_break(units: Sequence[_Unit], place: int) -> int | None:
    """The next place where a line may end; none within reach of what can be drawn together."""
    for candidate in range(place, min(place + 4, len(units))):
        if _may_break(units, candidate):
            return candidate
    return len(units) if len(units) < place + 4 else None


def _natural(units: Sequence[_Unit]) -> int:
    """Width of a line as it falls; the room after its last character does not count."""
    kept = _without_trailing_space(units)
    return sum(unit.width for unit in kept) - kept[-1].rooms[-1]


def _gaps(units: Sequence[_Unit]) -> int:
    return sum(len(unit.chars) for unit in units) - 1


def _can_be_drawn(units: Sequence[_Unit], measure: int) -> bool:
    excess = _natural(units) - measure
    return excess <= sum(room for _, room in _squeezable(units)) + MOST_DRAWN * _gaps(units)


def _squeezable(units: Sequence[_Unit]) -> list[tuple[int, int]]:
    """(index of the unit whose room shrinks, points at most) for each mark inside the line.

    The mark at the end of the line keeps its whole cell, so that the right edge is one straight line.
    """
    found = []
    for place, unit in enumerate(units[:-1]):
        following = units[place + 1]
        if unit.rooms[-1] < TRACKING:
            continue
        if unit.last in _CLOSING:
            found.append((place, min(_HALF, unit.faces[-1].blanks(unit.last)[1])))
        elif following.first in _OPENING:
            found.append((place, min(_HALF, following.faces[0].blanks(following.first)[0])))
    return found


def _set(units: Sequence[_Unit], indent: float, measure: int | None) -> Line:
    """Give every character its room. Without a measure (last line) the line stays as it falls."""
    kept = _without_trailing_space(units)
    rooms = [list(unit.rooms) for unit in kept]
    excess = _natural(kept) - measure if measure is not None else 0
    if excess > 0:
        _draw_together(kept, rooms, excess)
    elif excess < 0:
        _stretch_out(kept, rooms, -excess)
    if len(kept) < len(units):  # the space is there to be read, and takes no room beyond the edge
        rooms[-1][-1] = -sum(units[-1].widths)
        rooms.append([rooms[-1][-1]] * len(units[-1].chars))
    return Line(tuple(_pieces(units, rooms)), indent, measure or _natural(kept))


def _without_trailing_space(units: Sequence[_Unit]) -> Sequence[_Unit]:
    return units[:-1] if len(units) > 1 and units[-1].is_space else units


def _draw_together(units: Sequence[_Unit], rooms: list[list[int]], excess: int) -> None:
    """A little from every gap, which nobody sees; then from the marks; what is left from every gap again."""
    marks = _squeezable(units)
    total = sum(most for _, most in marks)
    unseen = min(excess, _UNSEEN * _gaps(units))
    taken = min(excess - unseen, total)
    for place, most in marks:
        rooms[place][-1] -= round(most * taken / total)
    _spread(rooms, [(u, c) for u, unit in enumerate(units) for c in range(len(unit.chars))], taken - excess)


def _stretch_out(units: Sequence[_Unit], rooms: list[list[int]], lack: int) -> None:
    """Room between all characters; between words only once it shows; none where it would tear the line."""
    every = [(u, c) for u, unit in enumerate(units) for c in range(len(unit.chars))]
    between = [(u, len(unit.chars) - 1) for u, unit in enumerate(units)]
    for gaps, most in ((every, _KEEP_WORDS), (between, MOST_STRETCHED), (every, MOST_STRETCHED)):
        if lack <= most * (len(gaps) - 1):
            _spread(rooms, gaps, lack)
            return


def _spread(rooms: list[list[int]], gaps: list[tuple[int, int]], amount: int) -> None:
    """Share `amount` over all gaps but the last, in whole points; the first of them take what is left over."""
    if len(gaps) < 2:
        return
    share, more = divmod(amount, len(gaps) - 1)
    for place, (unit, char) in enumerate(gaps):
        rooms[unit][char] += share + (place < more)


def _pieces(units: Sequence[_Unit], rooms: list[list[int]]) -> Iterable[Piece]:
    text, face, spacing = "", units[0].faces[0], rooms[0][0]
    for unit, unit_rooms in zip(units, rooms, strict=True):
        for char, its_face, room in zip(unit.chars, unit.faces, unit_rooms, strict=True):
            # A face is one object in a process; comparing its fields would cost more than all the rest.
            if its_face is not face or room != spacing:
                if text:
                    yield Piece(text, face, spacing)
                text, face, spacing = "", its_face, room
            text += char
    yield Piece(text, face, spacing)
