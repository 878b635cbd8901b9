"""What changed between two states of a reply, character by character. Knows no page and writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from diff_match_patch import diff_match_patch
from django.utils.translation import gettext as _

from organizations.models import ListItem, Post
from replies import policies
from replies.models import Reply, ReplyVersion
from replies.workflow import ReplyState

# (op, text) as diff-match-patch has it: -1 taken out, 0 kept, 1 put in.
Change = tuple[int, str]
KEPT = 0


@dataclass(frozen=True)
class Comparison:
    """What a page shows of two states: a heading, changed paragraphs, changed facts (name, old, new)."""

    heading: str
    passages: list[list[Change]] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)
    count: int = 0


def differences(before: str, after: str) -> list[Change]:
    """Return the way from one text to the other, tidied to what a reader would call a change."""
    engine = diff_match_patch()
    engine.Diff_Timeout = 2.0  # seconds; beyond it the answer is coarser, never wrong
    found: list[Change] = engine.diff_main(before, after)
    engine.diff_cleanupSemantic(found)
    return found


def passages(changes: list[Change]) -> list[list[Change]]:
    """Return the paragraphs in which something changed, each as its own list of changes."""
    return [line for line in _lines(changes) if any(op != KEPT for op, _text in line)]


def _lines(changes: list[Change]) -> Iterator[list[Change]]:
    line: list[Change] = []
    for op, text in changes:
        *whole, rest = text.split("\n")
        for part in whole:
            line.append((op, part))
            yield [change for change in line if change[1]]
            line = []
        line.append((op, rest))
    yield [change for change in line if change[1]]


def places(changes: list[Change]) -> int:
    """Count the places that changed: what is taken out and put in at one spot counts once."""
    return sum(changed for changed, _group in groupby(changes, key=lambda change: change[0] != KEPT))


def compare(before: ReplyVersion | Reply, after: ReplyVersion | Reply, heading: str) -> Comparison:
    """Return what changed from one state to another."""
    found = differences(before.body, after.body)
    facts = [
        (_("Result class"), _label(before.result_class), _label(after.result_class)),
        (_("Disclosure of the reply"), _label(before.disclosure), _label(after.disclosure)),
    ]
    changed = [fact for fact in facts if fact[1] != fact[2]]
    return Comparison(heading, passages(found), changed, places(found) + len(changed))


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
        return newest and compare(newest, reply, _("Changed in the draft since version %d") % newest.number)
    decided = policies.decided_by(post, reply).values_list("version__number", flat=True).first()
    if decided:
        return compare(versions[decided], reply, _("Changed since you decided on version %d") % decided)
    before = versions.get(len(versions) - 1)
    return before and compare(before, reply, _("Changed since version %d") % before.number)
