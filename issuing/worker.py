"""The work at a batch: one letter after another, each in a transaction of its own, by one worker at a time.

A worker holds the batch by a lease that it renews with every letter. One that was killed lets it run out; whoever looks
at the batch then starts another (`start`), and so does `manage.py run_batches`. A letter and its mark in the batch are
one transaction, so none is issued twice and none is forgotten.
"""

import logging
import threading
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django_scopes import scope

from issuing.models import LEASE, Batch, BatchItem
from office import clock
from office.workflow import Refused
from replies import services as replies

log = logging.getLogger(__name__)


def start(batch_id: int, assembly_id: int) -> None:
    """Begin to work at a batch beside the request; safe to call again while somebody is at it."""
    threading.Thread(
        target=_alone, args=(batch_id, assembly_id), daemon=True, name=f"batch-{batch_id}"
    ).start()


def _alone(batch_id: int, assembly_id: int) -> None:
    try:
        run(batch_id, assembly_id)
    except Exception:
        log.exception("batch %s broke off; it is taken up again when somebody looks at it", batch_id)
    finally:
        connection.close()


def run(batch_id: int, assembly_id: int) -> int:
    """Work at a batch until it is finished or stopped; return how many letters this worker issued."""
    me, issued = uuid.uuid4().hex, 0
    with scope(assembly=assembly_id):
        if not _takes(batch_id, me):
            return 0
        while item := _next(batch_id, me):
            issued += _issue(item, me)
    return issued


def _takes(batch_id: int, me: str) -> bool:
    """Take the batch unless somebody is at it."""
    free = Q(lease_until=None) | Q(lease_until__lt=clock.now())
    rows = Batch.objects.filter(free, pk=batch_id, state=Batch.State.RUNNING)
    return bool(rows.update(worker=me, lease_until=clock.now() + LEASE))


def _next(batch_id: int, me: str) -> BatchItem | None:
    """Hold the batch for one letter more, and return it; at the end the batch is finished."""
    mine = Batch.objects.filter(pk=batch_id, worker=me, state=Batch.State.RUNNING)
    if not mine.update(lease_until=clock.now() + LEASE):
        Batch.objects.filter(pk=batch_id, worker=me).update(lease_until=None)
        return None
    rows = BatchItem.objects.filter(batch=batch_id, state=BatchItem.State.WAITING)
    item: BatchItem | None = rows.select_related("batch__post__user").order_by("order").first()
    if item is None:
        mine.update(state=Batch.State.DONE, ended_at=clock.now(), lease_until=None)
    return item


def _issue(item: BatchItem, me: str) -> int:
    """Issue one reply and mark it; what is refused is marked with the reason."""
    try:
        with transaction.atomic():
            if not _holds(item, me):
                return 0
            batch = item.batch
            letter = replies.reply_issue(
                reply_id=item.reply_id,
                post=batch.post,
                dated=max(batch.dated, replies.signed_on(item.reply)),
                version_seen=item.version,
                proof=batch.proof,
            )
            _mark(item, state=BatchItem.State.ISSUED, letter=letter)
    except (Refused, PermissionDenied) as refusal:
        _mark(item, state=BatchItem.State.REFUSED, said=str(refusal))
        return 0
    return 1


def _holds(item: BatchItem, me: str) -> bool:
    """Lock the batch's row: nobody else took it over, and this reply is still to be done."""
    mine = Batch.objects.select_for_update().filter(pk=item.batch_id, worker=me).exists()
    return mine and BatchItem.objects.filter(pk=item.pk, state=BatchItem.State.WAITING).exists()


def _mark(item: BatchItem, **values: Any) -> None:
    BatchItem.objects.filter(pk=item.pk, state=BatchItem.State.WAITING).update(**values)
