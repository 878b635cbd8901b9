"""Keeping every save of a draft: which makes a row of its own, and which only lets the last one grow.

Services call it inside their act, with the case locked, after the reply was written.
"""

import datetime as dt

from django.db.models import QuerySet

from office import clock
from organizations.models import Post
from replies.changes import differences, sizes
from replies.models import DraftSave, Reply, ReplyPresence, ReplyVersion

Kind = DraftSave.Kind

# A pause after which the same person begins a new row, and how long one row grows without any.
PAUSE = dt.timedelta(minutes=2)
LONGEST = dt.timedelta(minutes=15)
# Characters: what is pasted, and what is written over beyond a few words, leaves the text before it as a row.
MOST_PUT_IN = 200
MOST_OVERWRITTEN = 30


def keep(
    reply: Reply, post: Post, kind: str = Kind.ITSELF, source: DraftSave | ReplyVersion | None = None
) -> DraftSave:
    """Keep the draft as it stands now; return its row."""
    last = saves_of(reply).order_by("-number").first()
    if last is not None and _is_same(last, reply) and kind in (Kind.ITSELF, Kind.SAVED):
        return _marked(last, post, kind)
    put_in, taken_out = sizes(differences(last.body if last else "", reply.body))
    if last is not None and _goes_on(last, reply, post, kind, put_in, taken_out):
        return _grown(last, reply, kind, taken_out)
    now = clock.now()
    return DraftSave.objects.create(
        assembly_id=reply.assembly_id,
        reply=reply,
        number=next_number(reply),
        version=reply.lock_version,
        kind=kind,
        body=reply.body,
        result_class_id=reply.result_class_id,
        disclosure_id=reply.disclosure_id,
        post=post,
        since=now,
        at=now,
        put_in=put_in,
        taken_out=taken_out,
        from_save=source if isinstance(source, DraftSave) else None,
        from_version=source if isinstance(source, ReplyVersion) else None,
    )


def saves_of(reply: Reply) -> QuerySet[DraftSave]:
    """Return the states that the draft was in, without what was set aside beside it."""
    rows: QuerySet[DraftSave] = reply.saves.exclude(kind=Kind.ASIDE)
    return rows


def next_number(reply: Reply) -> int:
    """Return the number of the row that is kept next."""
    newest = reply.saves.order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def _is_same(save: DraftSave, reply: Reply) -> bool:
    kept = (save.body, save.result_class_id, save.disclosure_id)
    return kept == (reply.body, reply.result_class_id, reply.disclosure_id)


def _marked(last: DraftSave, post: Post, kind: str) -> DraftSave:
    """Who presses Save on what was saved by itself means this very text: it grows no more."""
    if kind == Kind.SAVED and last.kind == Kind.ITSELF and last.post_id == post.pk:
        last.kind = kind
        last.save(update_fields=["kind"])
    return last


def _goes_on(last: DraftSave, reply: Reply, post: Post, kind: str, put_in: int, taken_out: int) -> bool:
    """The same person writes on, without a pause, and nothing worth a row of its own would be lost."""
    now = clock.now()
    return (
        kind in (Kind.ITSELF, Kind.SAVED)
        and last.kind == Kind.ITSELF
        and last.post_id == post.pk
        and now - last.at < PAUSE
        and now - last.since < LONGEST
        and (reply.sent_at is None or reply.sent_at < last.since)
        and put_in <= MOST_PUT_IN
        and last.overwritten + taken_out <= MOST_OVERWRITTEN
        and not _others_began_from(last, reply, post)
    )


def _others_began_from(last: DraftSave, reply: Reply, post: Post) -> bool:
    """Somebody else's page shows this very text: their changes will be told from those made since."""
    rows = ReplyPresence.objects.filter(reply=reply, version__gte=last.version)
    return rows.exclude(user_id=post.user_id).exists()


def _grown(last: DraftSave, reply: Reply, kind: str, taken_out: int) -> DraftSave:
    earlier = saves_of(reply).filter(number__lt=last.number).order_by("-number")
    before = earlier.values_list("body", flat=True).first() or ""
    last.put_in, last.taken_out = sizes(differences(before, reply.body))
    last.body, last.kind, last.at = reply.body, kind, clock.now()
    last.result_class_id, last.disclosure_id = reply.result_class_id, reply.disclosure_id
    last.overwritten += taken_out
    last.version = reply.lock_version
    last.save()
    return last
