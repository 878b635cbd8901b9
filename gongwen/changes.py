"""What differs between two forms of a text, character by character, for a page or a terminal to show.

Changes nothing itself; repair and check make the second form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from diff_match_patch import diff_match_patch

# Two long lines that have little in common take minutes to compare exactly; a coarser answer will do.
_SECONDS_A_LINE = 0.5

_LINE = re.compile("[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Change:
    """One place that differs: `removed` stood from character `start` of the text before, `added` is there now.

    Either may be empty. `line` is where that is in the text before, from 1.
    """

    line: int
    start: int
    removed: str
    added: str


def changes(before: str, after: str) -> list[Change]:
    """Every change in the order of the text; texts with as many lines are compared line by line."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    starts = list(accumulate(map(len, old), initial=0))
    if len(old) != len(new):
        return list(_changes(before, after, 0, starts))
    pairs = zip(old, new, starts, strict=False)
    return [
        change
        for one, other, start in pairs
        if one != other
        for change in _changes(one, other, start, starts)
    ]


def _changes(before: str, after: str, start: int, starts: Sequence[int]) -> Iterator[Change]:
    engine = diff_match_patch()
    engine.Diff_Timeout = _SECONDS_A_LINE
    removed = added = ""
    for kind, text in [*engine.diff_main(before, after, False), (engine.DIFF_EQUAL, "")]:
        if kind == engine.DIFF_DELETE:
            removed += text
        elif kind == engine.DIFF_INSERT:
            added += text
        else:
            if removed or added:
                line = max(1, min(bisect_right(starts, start), len(starts) - 1))
                yield Change(line, start, removed, added)
            start += len(removed) + len(text)
            removed = added = ""


def marked(before: str, found: Sequence[Change]) -> list[str]:
    """The lines of the text before that change, with their numbers and the changes in them: [-甲-]{+乙+}."""
    return [
        f"{number}: {_marked(before, list(several))}"
        for number, several in groupby(found, key=lambda one: one.line)
    ]


def _marked(before: str, found: Sequence[Change]) -> str:
    place = before.rfind("\n", 0, found[0].start) + 1
    words = ""
    for change in found:
        removed = f"[-{change.removed}-]" if change.removed else ""
        added = f"{{+{change.added}+}}" if change.added else ""
        words += before[place : change.start] + _visible(removed + added)
        place = change.start + len(change.removed)
    end = before.find("\n", place)
    return words + before[place : len(before) if end < 0 else end]


def _visible(text: str) -> str:
    return text.replace("\r\n", "↵").replace("\n", "↵")
