"""Notices: who hears that something was done or falls due. Other apps register the words, the guards and the routes.

A notice is shown, counted and sent only as long as its post may know of the case: the guard is asked each time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.functional import Promise

from office import clock
from office.events import Told
from office.models import Event, Notice, Reminder
from office.queueing import enqueue

if TYPE_CHECKING:
    from organizations.models import Post

# Sentences by kind of notice, with the facts as {names}.
WORDS: dict[str, str | Promise] = {}
# The group of each kind, and the label of each group: people choose by group how they hear.
GROUP_OF: dict[str, str] = {}
GROUPS: dict[str, str | Promise] = {}
# By noun of the thread ("proposal"): the rows that a post may know of. A noun without a guard is hidden.
GUARDS: dict[str, Callable[["Post"], QuerySet[Any]]] = {}


@dataclass(frozen=True)
class Call:
    """What follows from an event: these posts get a notice of this kind."""

    kind: str
    posts: Iterable["Post"]
    thread: str
    url: str
    facts: dict[str, Any] = field(default_factory=dict)


# By act of the event log: who hears of it.
ROUTES: dict[str, Callable[[Event], Iterable[Call]]] = {}


def register_group(key: str, label: str | Promise) -> None:
    """Name a group of notices, as it stands on the page where people choose."""
    GROUPS[key] = label


def register(kind: str, sentence: str | Promise, *, group: str) -> None:
    """Give a kind of notice its sentence (lazy, with the facts as {names}) and its group."""
    if group not in GROUPS:
        raise LookupError(f"register the group {group!r} before the notice {kind!r}")
    WORDS[kind] = sentence
    GROUP_OF[kind] = group


def notify(
    *, kind: str, thread: str, posts: Iterable["Post"], url: str, by: "Post | None" = None, **facts: Any
) -> int:
    """Write a notice for each of these posts that is held now, and return how many were written.

    The person who did the act (`by`) gets none. Mail and webhook are queued in the same transaction.
    """
    return _notify(Call(kind, posts, thread, url, facts), by)


def follow(event: Event, post: "Post | None") -> None:
    """Write the notices that follow from an event, in its transaction."""
    if route := ROUTES.get(event.act):
        for call in route(event):
            _notify(call, post)


@transaction.atomic
def _notify(call: Call, by: "Post | None") -> int:
    group = GROUP_OF[call.kind]
    keys = {post.pk for post in call.posts}
    if not keys:
        return 0
    held = apps.get_model("organizations", "Post").objects.held().filter(pk__in=keys, user__is_active=True)
    if by:
        held = held.exclude(user=by.user_id)
    notices = Notice.objects.bulk_create(
        Notice(
            assembly_id=post.assembly_id,
            post=post,
            kind=call.kind,
            facts=call.facts,
            url=call.url,
            thread=call.thread,
            at=clock.now(),
        )
        for post in held.order_by("pk")
    )
    enqueue(notices, group)
    return len(notices)


def once(assembly_id: int, key: str) -> bool:
    """Say whether this is the first time that the key is named; the caller's transaction keeps the answer."""
    _row, fresh = Reminder.objects.get_or_create(
        assembly_id=assembly_id, key=key, defaults={"at": clock.now()}
    )
    return fresh


def notices_of(post: "Post") -> QuerySet[Notice]:
    """Return the notices that this post may read now: unread first, then the newest."""
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    return (
        visible(Notice.objects.filter(post=post), post).annotate(is_read=is_read).order_by("is_read", "-pk")
    )


def unread_count(post: "Post") -> int:
    """Return how many notices wait to be read by this post. One query, and one for each noun that they are about."""
    rows = Notice.objects.filter(post=post, read_at=None, kind__in=list(WORDS))
    counted = dict(rows.order_by().values_list("thread").annotate(Count("pk")))
    return sum(counted.get(thread, 0) for thread in _known(counted, post))


def visible(rows: QuerySet[Notice], post: "Post") -> QuerySet[Notice]:
    """Leave out the notices about what this post may not know of (any longer)."""
    threads = rows.order_by().values_list("thread", flat=True).distinct()
    return rows.filter(thread__in=_known(threads, post), kind__in=list(WORDS))


def _known(threads: Iterable[str], post: "Post") -> list[str]:
    """Of these threads the ones that the post may know of; "" is about no case and always told."""
    asked: dict[str, list[int]] = defaultdict(list)
    for thread in filter(None, threads):
        noun, _colon, key = thread.partition(":")
        asked[noun].append(int(key))
    seen = [""]
    for noun, keys in asked.items():
        if guard := GUARDS.get(noun):
            seen += [f"{noun}:{key}" for key in guard(post).filter(pk__in=keys).values_list("pk", flat=True)]
    return seen


def sentence(notice: Notice) -> str:
    """Return what a notice says, on one line, in the language that is active."""
    return " ".join(str(WORDS[notice.kind]).format_map(Told(notice.facts)).split())


def mark_read(post: "Post", pk: int) -> Notice | None:
    """Note that the post has read one of its notices, and return it; None where it may not read such a one."""
    notice = notices_of(post).filter(pk=pk).first()
    if notice:
        Notice.objects.filter(pk=pk, read_at=None).update(read_at=clock.now())
    return notice


def mark_all_read(post: "Post") -> int:
    """Note that the post has read everything on its page, and return how many were new."""
    return visible(Notice.objects.filter(post=post, read_at=None), post).update(read_at=clock.now())
