"""Verbs of a batch: begin, stop, go on. Each letter is issued by the service that issues a single one."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from issuing import policies, worker
from issuing.models import Batch, BatchItem
from office import clock, events
from office.acts import act
from office.workflow import Refused
from organizations.models import Post
from replies.models import Reply

MOST = 500
EVENT_SENTENCES = {
    "batch.begin": gettext_lazy("began to issue {n} letters at once, dated {dated}"),
    "batch.stop": gettext_lazy("stopped issuing letters: {left} are left"),
    "batch.go_on": gettext_lazy("went on issuing letters: {left} are left"),
}


def batch_begin(
    *, replies: Sequence[Reply], dated: dt.date, post: Post, proof: str = "", key: str = ""
) -> Batch:
    """Begin to issue these signed replies, in this order; the work is done beside the page (worker.start).

    Raises Refused where one is not signed, or not the own bureau's, or in a batch under way.
    """
    policies.require_issuer(post)
    if not replies:
        raise Refused(_("Choose at least one reply."))
    if len(replies) > MOST:
        raise Refused(_("Choose at most %(n)d replies at once.") % {"n": MOST})
    if dated > clock.today():
        raise Refused(_("The letter cannot be dated in the future."))
    with act(post=post, key=key):
        found = {reply.pk: reply for reply in policies.issuable(post).filter(pk__in=[r.pk for r in replies])}
        if len(found) != len({reply.pk for reply in replies}):
            raise Refused(_("One of them is not signed any more, or is being issued already: look again."))
        batch = Batch.objects.create(
            assembly_id=post.assembly_id,
            bureau_id=post.bureau_id,  # type: ignore[misc]  # who issues has one
            post=post,
            proof=proof,
            dated=dated,
            made_at=clock.now(),
        )
        BatchItem.objects.bulk_create(
            BatchItem(
                assembly_id=post.assembly_id,
                batch=batch,
                order=order,
                reply=reply,
                version=reply.newest.number,  # type: ignore[union-attr]
            )
            for order, reply in enumerate((found[pk] for pk in dict.fromkeys(r.pk for r in replies)), 1)
        )
        _record(batch, post, "begin", n=len(found), dated=dated.isoformat())
        transaction.on_commit(lambda: worker.start(batch.pk, batch.assembly_id))
    return batch


def batch_stop(*, batch: Batch, post: Post, key: str = "") -> Batch:
    """Stop after the letter that is being issued; what is issued stays so."""
    with act(post=post, key=key):
        row = _locked(batch, post)
        if not row.is_running:
            raise Refused(_("It is not under way."))
        row.state = Batch.State.CANCELLED
        row.save(update_fields=["state"])
        _record(row, post, "stop", left=_left(row))
    return row


def batch_go_on(*, batch: Batch, post: Post, proof: str = "", key: str = "") -> Batch:
    """Go on with a batch that was stopped."""
    with act(post=post, key=key):
        row = _locked(batch, post)
        if row.state != Batch.State.CANCELLED or not _left(row):
            raise Refused(_("There is nothing left to go on with."))
        row.state, row.post, row.proof = Batch.State.RUNNING, post, proof
        row.lease_until = None
        row.save(update_fields=["state", "post", "proof", "lease_until"])
        _record(row, post, "go_on", left=_left(row))
        transaction.on_commit(lambda: worker.start(row.pk, row.assembly_id))
    return row


def _locked(batch: Batch, post: Post) -> Batch:
    policies.batch_or_404(post, batch.pk, to_change=True)
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _left(batch: Batch) -> int:
    return batch.items.filter(state=BatchItem.State.WAITING).count()


def _record(batch: Batch, post: Post, name: str, **facts: Any) -> None:
    events.record(post=post, act=f"batch.{name}", subject=batch, thread=batch, **facts)
