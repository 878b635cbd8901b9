"""The event log: one append-only chain per assembly. Writing, reading as sentences, verifying.

Each row carries the digest of the row before it, so an edited or missing row shows at the next verification.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from office import clock
from office.models import Event, EventChain

if TYPE_CHECKING:
    from organizations.models import Post

# Sentences by act, filled by each app when it is ready: what the history says, with the facts as {names}.
SENTENCES: dict[str, str | Promise] = {}
# What is done after each event, in the same transaction (office.notices.follow).
FOLLOWERS: list[Callable[[Event, "Post | None"], None]] = []


@dataclass(frozen=True)
class Line:
    """One event as a person reads it."""

    when: dt.datetime
    who: str
    text: str
    note: str
    act: str
    version: int | None
    is_return: bool
    subject: str = ""  # the object acted upon: "reply:12"


@dataclass(frozen=True)
class Fault:
    """The first bad row of a chain: its sequence number and what is wrong with it."""

    sequence: int
    reason: str


def reference(obj: models.Model) -> str:
    """Return how the log names an object: "reply:12"."""
    return f"{obj._meta.model_name}:{obj.pk}"


def canonical(facts: dict[str, Any]) -> str:
    """Return facts as JSON with one spelling: sorted keys, no blanks, characters as they are."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(event: Event) -> str:
    """Return the SHA-256 over everything that the row says, the row before it included."""
    row = {
        "assembly": event.assembly_id,
        "sequence": event.sequence,
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "post": event.post_id,
        "actor": event.actor,
        "on_behalf": event.on_behalf,
        "act": event.act,
        "subject": event.subject,
        "thread": event.thread,
        "facts": event.facts,
        "previous": event.previous,
    }
    return hashlib.sha256(canonical(row).encode()).hexdigest()


def record(
    *,
    post: "Post | None",
    act: str,
    subject: models.Model,
    thread: models.Model,
    on_behalf: str = "",
    **facts: Any,
) -> Event:
    """Write one event in the caller's transaction; the assembly is the subject's own.

    A person belongs to no assembly: what is done to an account stands in the log of the one who does it.

    Facts are small JSON values. Raises TransactionManagementError outside a transaction: an event without
    its act, or an act without its event, must not exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an event is written in the transaction of its act")
    assembly_id = getattr(subject, "assembly_id", None) or post.assembly_id  # type: ignore[union-attr]
    chain = _locked_chain(assembly_id)
    event = Event(
        assembly_id=assembly_id,
        sequence=chain.sequence + 1,
        at=clock.now(),
        post=post,
        actor=in_site_language(lambda: str(post)) if post else "",
        on_behalf=on_behalf,
        act=act,
        subject=reference(subject),
        thread=reference(thread),
        facts=canonical(facts),
        previous=chain.digest,
    )
    event.digest = digest_of(event)
    event.save()
    EventChain.objects.filter(pk=chain.pk).update(sequence=event.sequence, digest=event.digest)
    for follow in FOLLOWERS:
        follow(event, post)
    return event


def in_site_language(said: Callable[[], str]) -> str:
    """Return words for the log: in the site's language, whatever language the person who acts has chosen."""
    with translation.override(settings.LANGUAGE_CODE):
        return said()


def _locked_chain(assembly_id: int) -> EventChain:
    EventChain.objects.get_or_create(assembly_id=assembly_id)
    return EventChain.objects.select_for_update().get(assembly_id=assembly_id)


def story(thread: models.Model) -> list[Line]:
    """Return the history of a case as sentences, newest first. One query."""
    events = Event.objects.of_thread(reference(thread)).filter(act__in=SENTENCES)
    return [sentence(event) for event in reversed(events)]


def sentence(event: Event) -> Line:
    """Return one event as a sentence in the language of the page."""
    facts = _facts_of(event)
    return Line(
        when=event.at,
        who=event.actor or _("The system"),
        text=str(SENTENCES[event.act]).format_map(Told(facts)),
        note=facts.get("note", ""),
        act=event.act,
        version=facts.get("version"),
        is_return=bool(facts.get("is_return")),
        subject=event.subject,
    )


_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _facts_of(event: Event) -> dict[str, Any]:
    """Return the facts; none of a row that somebody spoiled, so that the page which shows it still opens."""
    try:
        return dict(json.loads(event.facts))
    except (TypeError, ValueError):
        return {}


class Told(dict[str, Any]):
    """Facts as a sentence tells them: dates in the page's way, a fact that a row lacks as nothing."""

    def __getitem__(self, key: str) -> Any:
        value = self.get(key, "")
        try:
            # The spelling of our own facts alone: "20250101" is a date for Python and may be a user's name.
            return (
                date_format(dt.date.fromisoformat(value), "DATE_FORMAT") if _DAY.fullmatch(value) else value
            )
        except (TypeError, ValueError):
            return value


def first_fault(assembly_id: int) -> Fault | None:
    """Walk one assembly's chain and return its first bad row, or None when it is whole."""
    with scopes_disabled():
        previous, expected = "", 1
        for event in _rows(assembly_id):
            if event is None:
                return Fault(expected, _("the row was changed"))
            if event.sequence != expected:
                return Fault(expected, _("the row is missing"))
            if event.previous != previous:
                return Fault(event.sequence, _("the row does not follow the one before it"))
            if not _is_as_written(event):
                return Fault(event.sequence, _("the row was changed"))
            previous, expected = event.digest, expected + 1
        return _fault_at_the_end(assembly_id, previous, expected)


def _is_as_written(event: Event) -> bool:
    try:
        return event.digest == digest_of(event)
    except (AttributeError, TypeError, ValueError):
        return False  # a value of a kind that was never written, such as a time that is none


def _rows(assembly_id: int) -> Iterator[Event | None]:
    """The rows in their order; None, and an end, at one that the database cannot even read."""
    rows = Event.objects.filter(assembly_id=assembly_id).order_by("sequence")
    read = 0
    try:
        for event in rows.iterator(chunk_size=2000):
            yield event
            read += 1
    except DatabaseError:
        yield from _rows_one_by_one(rows, read)


def _rows_one_by_one(rows: models.QuerySet[Event], read: int) -> Iterator[Event | None]:
    try:
        for place in range(read, rows.count()):
            yield rows[place]
    except DatabaseError:
        yield None


def _fault_at_the_end(assembly_id: int, last_digest: str, expected: int) -> Fault | None:
    chain = EventChain.objects.filter(assembly_id=assembly_id).first()
    recorded = (chain.sequence, chain.digest) if chain else (0, "")
    if recorded[0] >= expected:
        return Fault(expected, _("the row is missing"))
    if recorded != (expected - 1, last_digest):
        return Fault(expected - 1, _("the end of the chain does not match its last row"))
    return None
