"""Rules of brackets and quotation marks: each has its partner, and none stands inside its own kind.

GB/T 15834-2011 4.8 (quotation marks), 4.9 (brackets), 4.15 (marks of titles).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gongwen import text
from gongwen.document import Letter
from gongwen.findings import Finding, Spans, finding, mendable, texts

_PAIRS = {
    "（": "）",
    "《": "》",
    "〈": "〉",
    "“": "”",
    "‘": "’",
    "【": "】",
    "〔": "〕",
    "「": "」",
    "『": "』",
    "(": ")",
}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
# Brackets of both widths are partners here: their width is another rule.
_SAME_KIND = {"(": "（", ")": "）"}
_ENUMERATED = re.compile(r"(?:^|[\s，；。：])[0-9a-zA-Z]{1,2}[）)]")
_INNER = {"“": "‘’", "《": "〈〉"}


def findings(letter: Letter) -> Iterator[Finding]:
    """Each paragraph is whole, but a quotation of several paragraphs opens each of them and ends with the last."""
    everything = list(texts(letter))
    for (place, content), (_place, after) in pairwise([*everything, ("", "")]):
        if any(char in content for char in "“《") and (told := _same_quote(place, content)):
            yield told
        else:
            yield from _unpaired(place, content, after)


def _same_quote(place: str, content: str) -> Finding | None:
    """The same quote mark where its partner is meant, or one pair inside another of its kind."""
    for opener, rule in (("“", "quote-twice"), ("《", "title-mark-nested")):
        if spans := _twice_around(content, opener):
            return mendable(rule, place, content, spans, expected=opener)
        right = _nested(content, opener)
        if right is None and opener == "“":
            right = _alternating(content)
        spans = [(spot, spot + 1, char) for spot, char in (right or {}).items() if content[spot] != char]
        if spans:
            return mendable(rule, place, content, spans, expected=spans[0][2])
    return None


def _twice_around(content: str, opener: str) -> Spans:
    """Both marks typed twice around the same words."""
    closer = _PAIRS[opener]
    words = f"[^{opener}{closer}]*"
    found = re.finditer(f"(?<!{opener}){opener}{opener}{words}{closer}{closer}(?!{closer})", content)
    ends = (((m.start(), m.start() + 2, opener), (m.end() - 2, m.end(), closer)) for m in found)
    return [span for pair in ends for span in pair]


def _nested(content: str, opener: str) -> dict[int, str] | None:
    """What each mark of this kind should be: by turns outer and inner, by depth. None where they do not pair."""
    pair, inner = opener + _PAIRS[opener], _INNER[opener]
    right: dict[int, str] = {}
    waiting: list[str] = []
    for spot, char in enumerate(content):
        if char == pair[0]:
            turn = inner if waiting and waiting[-1] == pair[1] else pair
            right[spot] = turn[0]
            waiting.append(turn[1])
        elif char == inner[0]:
            waiting.append(char)
        elif char == pair[1]:
            if not waiting or waiting[-1] == inner[0]:
                return None
            right[spot] = waiting.pop()
        elif char == inner[1] and waiting and waiting[-1] == inner[0]:
            waiting.pop()
    return None if waiting else right


def _alternating(content: str) -> dict[int, str]:
    """“ and ” by turns, where one of them stands twice in a row and the number comes out even."""
    marks = [spot for spot, char in enumerate(content) if char in "“”"]
    if len(marks) % 2 or all(content[one] != content[other] for one, other in pairwise(marks)):
        return {}
    return {spot: "“”"[number % 2] for number, spot in enumerate(marks)}


def _unpaired(place: str, content: str, after: str) -> Iterator[Finding]:
    """What opens without an end or ends without a beginning: the first of each kind."""
    waiting, alone, crossed = _matched(content)
    if (
        waiting
        and content[waiting[0]] in "“「"
        and after.startswith(content[waiting[0]])
        and len(waiting) == 1
    ):
        waiting = []
    if crossed:
        spot, expected = crossed[0]
        data = {"found": content[spot], "expected": expected}
        if spans := _swapped(content, crossed):
            yield mendable("bracket-crossed", place, content, spans, **data)
        else:
            yield finding("bracket-crossed", place, (spot, spot + 1), **data)
    if waiting:
        spot = waiting[-1]
        opener = content[spot]
        yield finding("bracket-unclosed", place, (spot, spot + 1), found=opener, expected=_PAIRS[opener])
    if alone:
        spot = alone[0]
        closer = content[spot]
        yield finding("bracket-unopened", place, (spot, spot + 1), found=closer, expected=_OPENERS[closer])


def _matched(content: str) -> tuple[list[int], list[int], list[tuple[int, str]]]:
    """Openers without a closer, closers without an opener, closers of another kind than is due (with that one)."""
    free = text.covered(content, _ENUMERATED)
    waiting: list[int] = []
    alone: list[int] = []
    crossed: list[tuple[int, str]] = []
    open_now = dict.fromkeys(map(_kind, _PAIRS), 0)
    for spot, char in enumerate(content):
        if char in _PAIRS:
            waiting.append(spot)
            open_now[_kind(char)] += 1
        elif char in _OPENERS and not _is_apostrophe(content, spot):
            opener = _kind(_OPENERS[char])
            if not open_now[opener]:
                alone += [] if free[spot] else [spot]
                continue
            if _kind(content[waiting[-1]]) != opener:
                crossed.append((spot, _PAIRS[content[waiting[-1]]]))
                _bring_up(content, waiting, opener)
            open_now[opener] -= 1
            waiting.pop()
    return waiting, alone, crossed


def _kind(char: str) -> str:
    return _SAME_KIND.get(char, char)


def _bring_up(content: str, waiting: list[int], opener: str) -> None:
    """Put the last opener of this kind on top; only near ones are looked for, so that no depth takes long."""
    for back in range(len(waiting) - 1, max(-1, len(waiting) - 50), -1):
        if _kind(content[waiting[back]]) == opener:
            waiting.append(waiting.pop(back))
            return


def _swapped(content: str, crossed: list[tuple[int, str]]) -> Spans:
    """Two closers side by side in the wrong order, the other way round."""
    return [
        (spot, spot + 2, expected + content[spot])
        for spot, expected in crossed
        if content[spot + 1 : spot + 2] == expected
    ]


def _is_apostrophe(content: str, spot: int) -> bool:
    before, after = content[spot - 1 : spot], content[spot + 1 : spot + 2]
    return content[spot] == "’" and before.isascii() and before.isalnum() and (after + "a")[0].isascii()
