"""The fixes of findings carried out: on a letter, and on the text that the letter was read from.

Finds nothing itself, and changes nothing but what the findings say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from gongwen import parse, repair, text
from gongwen.check import findings_of_text
from gongwen.document import Letter
from gongwen.findings import Case, Edit, Finding, texts, with_texts
from gongwen.front_matter import divide

# One fix may uncover the next, such as a number behind a mark put right; more rounds than this are no letter.
_ROUNDS = 30


def apply(letter: Letter, findings: Iterable[Finding]) -> Letter:
    """The letter with the fixes of these findings. Of two that touch the same characters the first wins.

    A fix is taken whole or not at all; one that was made for another text may fit nowhere and is left out.
    """
    return with_texts(letter, changed_texts(letter, findings))


def changed_texts(letter: Letter, findings: Iterable[Finding]) -> dict[str, str]:
    """Place and new text of everything that these fixes change."""
    now = dict(texts(letter))
    taken = {place: _Taken(len(content)) for place, content in now.items()}
    edits: dict[str, list[Edit]] = defaultdict(list)
    for finding in findings:
        if finding.fix and all(one.place in taken and taken[one.place].is_free(one) for one in finding.fix):
            for one in finding.fix:
                taken[one.place].take(one)
                edits[one.place].append(one)
    changed = {place: edited(now[place], some) for place, some in edits.items()}
    return {place: content for place, content in changed.items() if content != now[place]}


def edited(content: str, edits: Iterable[Edit]) -> str:
    """The text after these edits, which do not overlap."""
    parts, at = [], 0
    for one in sorted(edits, key=lambda one: (one.start, one.end)):
        parts += [content[at : one.start], one.text]
        at = one.end
    return "".join([*parts, content[at:]])


class _Taken:
    """Which characters of a text, and which gaps between them, edits have been promised."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.characters = bytearray(length)
        self.gaps = bytearray(length + 1)

    def is_free(self, edit: Edit) -> bool:
        if not 0 <= edit.start <= edit.end <= self.length:
            return False
        if edit.start == edit.end:
            inside = 0 < edit.start < self.length and all(self.characters[edit.start - 1 : edit.start + 1])
            return not self.gaps[edit.start] and not inside
        return not any(self.characters[edit.start : edit.end]) and not any(
            self.gaps[edit.start + 1 : edit.end]
        )

    def take(self, edit: Edit) -> None:
        self.characters[edit.start : edit.end] = b"\x01" * (edit.end - edit.start)
        if edit.start == edit.end:
            self.gaps[edit.start] = 1


def fixed(letter: Letter, case: Case | None = None) -> Letter:
    """The letter with every fix carried out, until nothing is left that has one."""
    for _ in range(_ROUNDS):
        changed = changed_texts(letter, findings_of_text(letter, case))
        if not changed:
            break
        letter = with_texts(letter, changed)
    return letter


def fixed_text(source: str, case: Case | None = None, folder: Path | None = None) -> str:
    """The text of a letter with every fix carried out in its own lines.

    Empty lines, indents and line ends stay, and of the front matter all but the values mended. The files
    that it names lie in `folder`. LetterError: as parse.read.
    """
    front, below = _divided(source)
    letter = parse.read(source, folder)
    if repair.looks_scraped(below) and letter.language != "zh-Hant":
        below = repair.repair(below)
        letter = parse.read(front + below, folder)
    mended = fixed(letter, case)
    if letter.doc_number != mended.doc_number:
        below = _with_doc_number(below, letter.doc_number, mended.doc_number)
    return _with_values(front, letter, mended) + with_lines(below, _lines(letter), _lines(mended))


def _with_values(front: str, letter: Letter, mended: Letter) -> str:
    """The front matter with each mended value in the place of the one that stands there."""
    after = dict(texts(mended))
    for place, value in texts(letter):
        given = place.partition(":")[0] not in ("paragraphs", "attachments")
        if given and value != after.get(place, value) and front.count(value) == 1:
            front = front.replace(value, after[place])
    return front


def _divided(source: str) -> tuple[str, str]:
    """The front matter with its rules as it stands, and the text below it."""
    plain = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _front, below = divide(plain)
    above = plain[: len(plain) - len(below)].count("\n")
    lines = re.split("(\r\n|[\n\r])", source)
    kept = "".join(lines[: 2 * above])
    if above:  # the closing rule itself, without its line end
        kept += lines[2 * above]
    return kept, source[len(kept) :]


def _lines(letter: Letter) -> list[str]:
    """The lines of a letter's text in their natural order; what fixes change stands in them."""
    return [*letter.title.split("\n"), *letter.text_paragraphs, *letter.contacts]


def _with_doc_number(below: str, old: str, new: str) -> str:
    """The number is a part of its line: class and disclosure stand beside it."""
    match = re.match(rf"\s*(?:[^\r\n]{{0,40}}[\r\n]+){{0,4}}?[ \u3000]*({re.escape(old)})", below)
    return below[: match.start(1)] + new + below[match.end(1) :] if match and old else below


_LINE_END = re.compile("(\r\n|[\n\r\v\f\x85\u2028\u2029])")


def with_lines(source: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The text with these lines in the place of those, found in their order; all else stays as it stands.

    A line is known by its text without indent and without what cannot be printed; what `before` names and
    the text has not is passed over.
    """
    parts = _LINE_END.split(source)
    bare = [text.clean(part).strip(" \u3000") for part in parts]
    there = set(bare)
    pairs = [pair for pair in zip(before, after, strict=False) if pair[0] and pair[0] in there]
    number = 0
    for spot in range(0, len(parts), 2):
        if number < len(pairs) and bare[spot] == pairs[number][0]:
            if pairs[number][0] != pairs[number][1]:
                parts[spot] = _with_middle(parts[spot], pairs[number][1])
            number += 1
    return "".join(parts)


def _with_middle(line: str, said: str) -> str:
    lead = line[: len(line) - len(line.lstrip())]
    return lead + said + line[len(line.rstrip()) :]
