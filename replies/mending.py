"""What a fix of the check would change in a draft, as a page shows it, and the draft after it. Writes nothing."""

import hashlib
from collections.abc import Iterable, Sequence

from gongwen import fixes
from gongwen.document import Letter
from gongwen.findings import Edit, Finding, texts
from replies.changes import KEPT, Change, differences

ALL = "all"

# What is shown around a change, and how much of a fix is shown: it may touch a thousand places.
_AROUND = 12  # characters
_LONG = 60  # characters: beyond it an edit is a whole paragraph, whose changes are looked for
_MOST = 24  # changes of one fix

_GAP = "…"


def key_of(finding: Finding, letter: Letter) -> str:
    """Return a name for the finding's fix that lasts as long as the text around it, wherever that moves."""
    before = dict(texts(letter))
    parts = [(before[one.place], one.start, one.end, one.text) for one in finding.fix]
    return f"{finding.rule}.{hashlib.sha256(repr(parts).encode()).hexdigest()[:12]}"


def can_be_mended(finding: Finding) -> bool:
    """Say whether the clerk may take the fix over: it lies in the text alone, not in what the system writes."""
    places = [one.place.split(":") for one in finding.fix]
    return any(place[0] == "paragraphs" and len(place) == 2 for place in places)


def shown(finding: Finding, letter: Letter) -> list[list[Change]]:
    """Return the changed passages of the text, each with a little of what stands around."""
    before = dict(texts(letter))
    passages: dict[str, list[Edit]] = {}
    for one in finding.fix[:_MOST]:
        if one.place.startswith("paragraphs:"):
            passages.setdefault(one.place, []).append(one)
    return [_shortened(_changes(before[place], edits)) for place, edits in passages.items()]


def _changes(content: str, edits: Iterable[Edit]) -> list[Change]:
    found: list[Change] = []
    at = 0
    for one in edits:
        found.append((KEPT, content[at : one.start]))
        old = content[one.start : one.end]
        found += differences(old, one.text) if len(old) > _LONG else [(-1, old), (1, one.text)]
        at = one.end
    return [change for change in [*found, (KEPT, content[at:])] if change[1]]


def _shortened(changes: Sequence[Change]) -> list[Change]:
    """What is kept, cut down to what stands next to a change."""
    last = len(changes) - 1
    return [
        (op, _cut(text, opens=spot == 0, closes=spot == last) if op == KEPT else text)
        for spot, (op, text) in enumerate(changes[: 4 * _MOST])
    ]


def _cut(text: str, *, opens: bool, closes: bool) -> str:
    if opens:
        return text if len(text) <= _AROUND + 2 else _GAP + text[-_AROUND:]
    if closes:
        return text if len(text) <= _AROUND + 2 else text[:_AROUND] + _GAP
    return text if len(text) <= 2 * _AROUND + 2 else text[:_AROUND] + _GAP + text[-_AROUND:]


def mended(body: str, letter: Letter, findings: Iterable[Finding]) -> str:
    """Return the draft with these fixes carried out in its own lines; what is no part of it stays."""
    after = fixes.apply(letter, findings)
    return fixes.with_lines(body, letter.text_paragraphs, after.text_paragraphs)
