"""Questions about the history of a reply: every state it was in, who left it so, and whose words stand where."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from organizations.models import Post
from replies.models import DraftSave, Reply, ReplyVersion
from replies.version_authors import Hand, Marked, marked
from replies.version_diff import KEPT, Change, differences
from replies.version_keeping import saves_of
from replies.workflow import ReplyState

RELATED = ("post__user", "post__bureau", "result_class", "disclosure")
GLIMPSE, AROUND = 24, 6  # characters
MINUTE = dt.timedelta(minutes=1)
BODIES = ("body", "from_save__body", "from_version__body")


@dataclass(frozen=True)
class Row:
    """One state of a reply in the list of its history."""

    state: DraftSave | ReplyVersion
    title: str
    who: Post
    at: dt.datetime
    since: dt.datetime | None = None  # where it grew for a while
    put_in: int = 0
    taken_out: int = 0
    before: str = ""  # the name of the state before it
    is_now: bool = False
    is_second: bool = False  # the newest but one
    glimpse: tuple[Change, ...] = ()  # the beginning of what it changed

    @property
    def name(self) -> str:
        """How addresses name it."""
        return self.state.name

    @property
    def is_version(self) -> bool:
        """It was sent up."""
        return isinstance(self.state, ReplyVersion)


def history_of(reply: Reply) -> list[Row]:
    """Return the saves and the versions of a reply without their text, newest first. Two queries."""
    saves = reply.saves.defer(*BODIES).select_related(*RELATED, "from_save", "from_version")
    versions = reply.versions.defer("body").select_related(
        "sent_by__user", "sent_by__bureau", "result_class", "disclosure"
    )
    # A version that was sent up in the moment of a save came after it.
    states: list[DraftSave | ReplyVersion] = sorted([*saves, *versions], key=_order)
    newest = max((state.number for state in states if _was_draft(state)), default=0)
    rows, before = [], ""
    for state in states:
        source = state.from_save if isinstance(state, DraftSave) and _is_aside(state) else None
        rows.append(_row(state, source.name if source else before, newest))
        before = before if _is_aside(state) else state.name
    if len(rows) > 1:
        rows[-2] = replace(rows[-2], is_second=True)
    return rows[::-1]


def with_glimpses(rows: Iterable[Row]) -> list[Row]:
    """Return the rows of a page with the beginning of what each save changed. One query."""
    shown = list(rows)
    befores = {row.name: _number_before(row) for row in shown if not row.is_version}
    wanted = {row.state.number for row in shown if not row.is_version} | set(befores.values())
    saves = DraftSave.objects.filter(reply=shown[0].state.reply_id, number__in=wanted) if wanted else []
    bodies = {save.number: save.body for save in saves}
    return [
        row
        if row.is_version or befores[row.name] not in bodies
        else replace(row, glimpse=_glimpse(bodies[befores[row.name]], bodies[row.state.number]))
        for row in shown
    ]


def _number_before(row: Row) -> int:
    """The number of the save that a save is looked at against; a version before it reads as the save that it froze."""
    if row.before.startswith("s"):
        return int(row.before[1:])
    return int(row.state.number) - 1


def _is_aside(state: DraftSave | ReplyVersion) -> bool:
    return isinstance(state, DraftSave) and state.kind == DraftSave.Kind.ASIDE


def _was_draft(state: DraftSave | ReplyVersion) -> bool:
    return isinstance(state, DraftSave) and not _is_aside(state)


def _glimpse(before: str, after: str) -> tuple[Change, ...]:
    """The first place that changed, cut short, with a few of the words around it."""
    found = [(KEPT, ""), *differences(before, after), (KEPT, "")]
    first = next((at for at, (op, _text) in enumerate(found) if op != KEPT), 0)
    if not first:
        return ()
    place = list(takewhile(lambda change: change[0] != KEPT, found[first:]))
    cut = [(op, text.strip() if len(text) <= GLIMPSE else f"{text.strip()[:GLIMPSE]}…") for op, text in place]
    head, tail = found[first - 1][1][-AROUND:], found[first + len(place)][1][:AROUND]
    return (KEPT, head.rpartition("\n")[2]), *cut, (KEPT, tail.partition("\n")[0])


def pair(rows: list[Row], first: str, second: str) -> tuple[Row, Row]:
    """Return two rows of a history to compare, the older first; a name that is missing is the one beside it.

    Raises Http404 for a name that is none, and where there is nothing to compare with.
    """
    by_name = {row.name: row for row in rows}
    names = [row.name for row in reversed(rows)]
    if any(name not in by_name for name in (first, second) if name) or len(rows) < 2:
        raise Http404
    second = second or (names[names.index(first) + 1] if first and first != names[-1] else names[-1])
    if not first or first == second:
        first = names[max(0, names.index(second) - 1)]
    older, newer = sorted((first, second), key=names.index)
    return by_name[older], by_name[newer]


def _order(state: DraftSave | ReplyVersion) -> tuple[dt.datetime, bool, int]:
    is_version = isinstance(state, ReplyVersion)
    return moment_of(state), is_version, state.number


def moment_of(state: DraftSave | ReplyVersion) -> dt.datetime:
    """Return when the reply stood like this."""
    return state.sent_at if isinstance(state, ReplyVersion) else state.at


def author_of(state: DraftSave | ReplyVersion) -> Post:
    """Return who left it like this."""
    return state.sent_by if isinstance(state, ReplyVersion) else state.post


def _row(state: DraftSave | ReplyVersion, before: str, newest: int) -> Row:
    title, who, at = title_of(state), author_of(state), moment_of(state)
    if isinstance(state, ReplyVersion):
        return Row(state, title, who, at, before=before)
    return Row(
        state,
        title,
        who,
        at,
        since=state.since if state.at - state.since >= MINUTE else None,
        put_in=state.put_in,
        taken_out=state.taken_out,
        before=before,
        is_now=state.number == newest and state.reply.state == ReplyState.DRAFTING,
    )


def title_of(state: DraftSave | ReplyVersion) -> str:
    """Return what a state is, in words."""
    if isinstance(state, ReplyVersion):
        return _("Sent up as version %d") % state.number
    if _is_aside(state):
        return _("Set aside: typed while somebody else saved")
    if state.from_version:
        return _("Put back to version %d") % state.from_version.number
    if state.from_save:
        at = timezone.localtime(state.from_save.at)
        facts = {"day": date_format(at, "DATE_FORMAT"), "time": f"{at:%H:%M}"}
        return _("Put back to how it was on %(day)s at %(time)s") % facts
    return TITLES[state.kind]()


TITLES: dict[str, Callable[[], str]] = {
    DraftSave.Kind.BEGUN: lambda: _("Begun: opening and closing as the house words them"),
    DraftSave.Kind.ITSELF: lambda: _("Saved by itself while writing"),
    DraftSave.Kind.SAVED: lambda: _("Saved"),
    DraftSave.Kind.MENDED: lambda: _("Put right by the check"),
    DraftSave.Kind.RESTORED: lambda: _("Put back to an earlier state"),
}


def undo_of(reply: Reply) -> Row | None:
    """Return the last save when it put the draft back, so that a page offers the way to what stood before it."""
    if reply.state != ReplyState.DRAFTING:
        return None
    rows = saves_of(reply).defer(*BODIES).select_related(*RELATED, "from_save", "from_version")
    last, before = [*rows.order_by("-number")[:2], None, None][:2]
    if last is None or before is None or last.kind != DraftSave.Kind.RESTORED:
        return None
    return _row(last, before.name, last.number)


def marked_of(reply: Reply, since: ReplyVersion | None = None) -> Marked:
    """Return the reply with everyone's changes by name (花脸稿), from its beginning or from one version on."""
    saves = saves_of(reply).select_related("post__user", "post__bureau")
    versions = reply.versions.select_related("sent_by__user", "sent_by__bureau")
    states: list[DraftSave | ReplyVersion] = sorted([*saves, *versions], key=_order)
    if since is not None:
        states = states[next(at for at, state in enumerate(states) if state == since) :]
    return marked(_hands(states, base_is_nobodys=since is not None))


def _hands(states: Iterable[DraftSave | ReplyVersion], *, base_is_nobodys: bool) -> Iterator[Hand]:
    """What each person left, one after the other; saves of one person in a row count as one."""
    first = True
    for _key, group in groupby(states, key=lambda state: (author_of(state).user_id, _is_house(state))):
        for part in _between_versions(group):
            last = part[-1]
            nobodys = (first and base_is_nobodys) or _is_house(last)
            yield Hand(
                None if nobodys else author_of(last),
                last.body,
                moment_of(part[0]),
                moment_of(last),
                is_sent=isinstance(last, ReplyVersion),
            )
            first = False


def _between_versions(
    states: Iterable[DraftSave | ReplyVersion],
) -> Iterator[list[DraftSave | ReplyVersion]]:
    """Cut after each version: what went up was seen by others, and is not the writer's own affair any more."""
    part: list[DraftSave | ReplyVersion] = []
    for state in states:
        part.append(state)
        if isinstance(state, ReplyVersion):
            yield part
            part = []
    if part:
        yield part


def _is_house(state: DraftSave | ReplyVersion) -> bool:
    return isinstance(state, DraftSave) and state.kind == DraftSave.Kind.BEGUN
