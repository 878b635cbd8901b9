"""What changed between two states of a reply, character by character. Knows no page and writes nothing."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from organizations.models import ListItem, Post
from replies import policies
from replies.models import DraftSave, Reply, ReplyVersion
from replies.version_diff import KEPT, PUT_IN, TAKEN_OUT, Change, differences
from replies.workflow import ReplyState

__all__ = ["KEPT", "PUT_IN", "TAKEN_OUT", "Change", "Comparison", "Part", "differences"]

# Whatever has a text, a class and a disclosure.
State = Reply | ReplyVersion | DraftSave
# Where paragraphs were joined or divided.
PARAGRAPH_SIGN = "\u00b6"
_HEADING = re.compile("^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]+[.．、])")
_MOVED_FROM = 10  # characters: that a shorter line stands elsewhere is chance


@dataclass(frozen=True)
class Part:
    """A changed paragraph with its changes, or a run of unchanged ones that a page folds."""

    changes: list[Change] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    is_moved: bool = False

    @property
    def is_new(self) -> bool:
        """Of a moved paragraph: this is its new place."""
        return any(op == PUT_IN for op, _text in self.changes)


@dataclass(frozen=True)
class Comparison:
    """What a page shows of two states: a heading, the parts of the text, changed facts (name, old, new)."""

    heading: str
    parts: list[Part] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    count: int = 0
    put_in: int = 0
    taken_out: int = 0

    @property
    def passages(self) -> list[list[Change]]:
        """The changed paragraphs alone."""
        return [part.changes for part in self.parts if part.changes]


def passages(changes: list[Change]) -> list[list[Change]]:
    """Return the paragraphs in which something changed, each as its own list of changes."""
    return [line for line in _lines(changes) if _is_changed(line)]


def parts(changes: list[Change]) -> list[Part]:
    """Return the whole text by paragraphs: those that changed one by one, what lies between them as one part."""
    found: list[Part] = []
    moved = _moved(changes)
    for is_changed, lines in groupby(_lines(changes), key=_is_changed):
        if is_changed:
            found += [Part(line, is_moved=_core(line) in moved) for line in lines]
        elif kept := [text for line in lines if (text := "".join(text for _op, text in line)).strip()]:
            found.append(Part(unchanged=kept))
    return found


def sizes(changes: Iterable[Change]) -> tuple[int, int]:
    """Count the characters that were put in and that were taken out."""
    counted: Counter[int] = Counter()
    for op, text in changes:
        counted[op] += len(text)
    return counted[PUT_IN], counted[TAKEN_OUT]


def _is_changed(line: list[Change]) -> bool:
    return any(op != KEPT for op, _text in line)


def _moved(changes: list[Change]) -> set[str]:
    """The paragraphs that were taken out in one place and put in in another, without their numbering."""
    lines = [line for line in _lines(changes) if _core(line)]
    out = {_core(line) for line in lines if any(op == TAKEN_OUT for op, _text in line)}
    return out & {_core(line) for line in lines if any(op == PUT_IN for op, _text in line)}


def _core(line: list[Change]) -> str:
    """What was put in or taken out of a line that knows only one of both; nothing where that is little."""
    changed = {op for op, _text in line if op != KEPT}
    kept = sum(len(text) for op, text in line if op == KEPT)
    core = _HEADING.sub("", "".join(text for op, text in line if op != KEPT))
    return core if len(changed) == 1 and kept <= 4 and len(core) >= _MOVED_FROM else ""


def _lines(changes: list[Change]) -> list[list[Change]]:
    """The changes by paragraph; a sign stands where the text on both sides of a new or lost break was kept."""
    lines: list[list[Change]] = [[]]
    breaks: list[int] = []
    for op, text in changes:
        first, *others = text.split("\n")
        lines[-1].append((op, first))
        for other in others:
            breaks.append(op)
            lines.append([(op, other)])
    lines = [[change for change in line if change[1]] for line in lines]
    for spot, op in enumerate(breaks):
        if op != KEPT and all(any(one == KEPT for one, _text in line) for line in lines[spot : spot + 2]):
            lines[spot].append((op, PARAGRAPH_SIGN))
    return lines


def places(changes: list[Change]) -> int:
    """Count the places that changed: what is taken out and put in at one spot counts once."""
    return sum(changed for changed, _group in groupby(changes, key=lambda change: change[0] != KEPT))


def compare(before: State, after: State, heading: str = "") -> Comparison:
    """Return what changed from one state to another."""
    found = differences(before.body, after.body)
    facts = [
        (_("Result class"), _label(before.result_class), _label(after.result_class)),
        (_("Disclosure of the reply"), _label(before.disclosure), _label(after.disclosure)),
    ]
    changed = [fact for fact in facts if fact[1] != fact[2]]
    return Comparison(heading, parts(found), changed, places(found) + len(changed), *sizes(found))


def _label(item: ListItem | None) -> str:
    return str(item) if item else _("not chosen yet")


def since_last_look(post: Post, reply: Reply) -> Comparison | None:
    """Return what changed since this person last decided on the reply, else since the version before.

    While the reply is being drafted, the draft stands against what was last sent up. None: there is
    nothing to compare with yet.
    """
    versions = {v.number: v for v in reply.versions.select_related("result_class", "disclosure")}
    if reply.state == ReplyState.DRAFTING:
        newest = versions.get(len(versions))
        if newest is None and reply.corrects:
            return _against_the_wrong(reply)
        return newest and compare(newest, reply, _("Changed in the draft since version %d") % newest.number)
    decided = policies.decided_by(post, reply).values_list("version__number", flat=True).first()
    if decided:
        return compare(versions[decided], reply, _("Changed since you decided on version %d") % decided)
    before = versions.get(len(versions) - 1)
    if before is None and reply.corrects:
        return _against_the_wrong(reply)
    return before and compare(before, reply, _("Changed since version %d") % before.number)


def _against_the_wrong(reply: Reply) -> Comparison | None:
    """The first version of a letter that puts another right stands against that one's text."""
    wrong = reply.corrects
    return wrong and compare(wrong.version, reply, _("Changed since %s") % wrong)
