"""Three texts made one, paragraph by paragraph: what a page began from, what is kept now, what was typed.

A paragraph that one side alone changed is taken as that side has it. Where both changed the same place, both texts
stand one after the other until a person chooses. Knows no page and writes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

SAME, MINE, THEIRS, CONFLICT = "same", "mine", "theirs", "conflict"
BOTH = "both"
CHOICES = (THEIRS, MINE, BOTH)
# Beyond this many changed lines a text is not compared line by line: it differs as a whole.
MOST_LINES = 4000

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Chunk:
    """A run of lines: who changed it, and how it reads in each of the three texts."""

    kind: str
    base: Lines
    theirs: Lines
    mine: Lines
    n: int = 0  # of a conflict, from 1

    @property
    def default(self) -> str:
        """What stands in the text before anybody chose: nothing that either side wrote is missing."""
        if self.theirs and self.mine:
            return BOTH
        return THEIRS if self.theirs else MINE

    def lines(self, choice: str = "") -> Lines:
        """Return the lines that stand in the text made one."""
        if self.kind == SAME:
            return self.mine
        if self.kind != CONFLICT:
            return self.mine if self.kind == MINE else self.theirs
        choice = choice if choice in CHOICES else self.default
        if choice == BOTH:
            return self.theirs + self.mine
        return self.theirs if choice == THEIRS else self.mine


def merge(base: str, theirs: str, mine: str) -> list[Chunk]:
    """Return the texts as runs of lines, in order."""
    three = tuple(base.split("\n")), tuple(theirs.split("\n")), tuple(mine.split("\n"))
    head = _common_head(three)
    rest = tuple(lines[head:] for lines in three)
    tail = _common_head(tuple(lines[::-1] for lines in rest))
    middle = tuple(lines[: len(lines) - tail] for lines in rest)
    found = [
        _same(three[0][:head]),
        *_middle(*middle),
        _same(three[0][len(three[0]) - tail :] if tail else ()),
    ]
    return _numbered([chunk for chunk in found if chunk.base or chunk.theirs or chunk.mine])


def text_of(chunks: Sequence[Chunk], choices: Mapping[int, str] | None = None) -> str:
    """Return the text made one, each conflict as it was chosen."""
    chosen = choices or {}
    return "\n".join(line for chunk in chunks for line in chunk.lines(chosen.get(chunk.n, "")))


def conflicts(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the places that both sides changed."""
    return [chunk for chunk in chunks if chunk.kind == CONFLICT]


def rechosen(
    text: str, chunks: Sequence[Chunk], before: Mapping[int, str], now: Mapping[int, str]
) -> tuple[str, list[int]]:
    """Return a text in which other choices were made, and the numbers of those that were edited by hand.

    What else was changed by hand in the text stays.
    """
    if text == text_of(chunks, before):
        return text_of(chunks, now), []
    at, missed = 0, []
    for chunk in conflicts(chunks):
        old, new = (("\n".join(chunk.lines(chosen.get(chunk.n, "")))) for chosen in (before, now))
        place = text.find(old, at) if old else -1
        if place < 0 and old != new:
            missed.append(chunk.n)
        elif place >= 0:
            text = text[:place] + new + text[place + len(old) :]
            at = place + len(new)
    return text, missed


def _same(lines: Lines) -> Chunk:
    return Chunk(SAME, lines, lines, lines)


def _common_head(three: Sequence[Lines]) -> int:
    return sum(1 for _line in takewhile(lambda row: row[0] == row[1] == row[2], zip(*three, strict=False)))


def _middle(base: Lines, theirs: Lines, mine: Lines) -> list[Chunk]:
    """diff3: what both kept of the base parts the places that either changed."""
    if max(map(len, (base, theirs, mine))) > MOST_LINES:
        return [_chunk(base, theirs, mine)]
    in_theirs, in_mine = _matches(base, theirs), _matches(base, mine)
    found: list[Chunk] = []
    done = [0, 0, 0]
    for a in [*(a for a in range(len(base)) if a in in_theirs and a in in_mine), len(base)]:
        b, c = in_theirs.get(a, len(theirs)), in_mine.get(a, len(mine))
        run = base[done[0] : a], theirs[done[1] : b], mine[done[2] : c]
        if any(run):
            found += _refined(_chunk(*run))
        if a < len(base):
            found.append(_same((base[a],)))
        done = [a + 1, b + 1, c + 1]
    return found


def _matches(base: Lines, other: Lines) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + at: block.b + at for block in blocks for at in range(block.size)}


def _chunk(base: Lines, theirs: Lines, mine: Lines) -> Chunk:
    if theirs == mine:
        return Chunk(SAME, base, theirs, mine)
    if base == theirs:
        return Chunk(MINE, base, theirs, mine)
    if base == mine:
        return Chunk(THEIRS, base, theirs, mine)
    if _goes_on(theirs, mine):
        return Chunk(MINE, base, theirs, mine)
    if _goes_on(mine, theirs):
        return Chunk(THEIRS, base, theirs, mine)
    return Chunk(CONFLICT, base, theirs, mine)


def _refined(chunk: Chunk) -> list[Chunk]:
    """Of a place that both changed, what reads alike in both is no question any more."""
    if chunk.kind != CONFLICT:
        return [chunk]
    in_mine = _matches(chunk.theirs, chunk.mine)
    if not in_mine:
        return [chunk]
    found: list[Chunk] = []
    b = c = 0
    for at in [*sorted(in_mine), len(chunk.theirs)]:
        to = in_mine.get(at, len(chunk.mine))
        theirs, mine = chunk.theirs[b:at], chunk.mine[c:to]
        if theirs and mine:
            found.append(_chunk((), theirs, mine))
        elif theirs or mine:
            found.append(_of_one(chunk.base, theirs, mine))
        if at < len(chunk.theirs):
            found.append(_same((chunk.theirs[at],)))
        b, c = at + 1, to + 1
    return found


def _of_one(base: Lines, theirs: Lines, mine: Lines) -> Chunk:
    """What one side alone has: it put it in, or it left it while the other took it out."""
    lines = theirs or mine
    if set(lines) <= set(base):
        return Chunk(MINE if theirs else THEIRS, lines, theirs, mine)
    return Chunk(THEIRS if theirs else MINE, (), theirs, mine)


def _goes_on(shorter: Lines, longer: Lines) -> bool:
    """The longer one holds all of the shorter one and goes on from there: somebody typed on."""
    return bool(shorter) and "\n".join(longer).startswith("\n".join(shorter))


def _numbered(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Join runs of one kind, and count the conflicts."""
    found: list[Chunk] = []
    for chunk in chunks:
        last = found[-1] if found else None
        if last is not None and last.kind == chunk.kind == SAME:
            found[-1] = Chunk(
                SAME, last.base + chunk.base, last.theirs + chunk.theirs, last.mine + chunk.mine
            )
        else:
            n = len(conflicts(found)) + 1 if chunk.kind == CONFLICT else 0
            found.append(Chunk(chunk.kind, chunk.base, chunk.theirs, chunk.mine, n))
    return found
