"""Questions about batches: how far one is, its letters, what waits for the seal keeper."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from issuing import policies
from issuing.models import Batch, BatchItem
from organizations.models import Post
from proposals.selectors import DeskRow
from replies.models import LetterCopy

Item = BatchItem.State


@dataclass(frozen=True)
class Progress:
    """How far a batch is."""

    total: int
    issued: int
    refused: int

    @property
    def left(self) -> int:
        return self.total - self.issued - self.refused

    @property
    def percent(self) -> int:
        return round(100 * (self.total - self.left) / self.total) if self.total else 100


def progress_of(batch: Batch) -> Progress:
    """Return how far a batch is. One query."""
    counts = batch.items.aggregate(
        total=Count("pk"),
        issued=Count("pk", Q(state=Item.ISSUED)),
        refused=Count("pk", Q(state=Item.REFUSED)),
    )
    return Progress(**counts)


def items_of(batch: Batch) -> QuerySet[BatchItem]:
    """Return what is in a batch, with what the page shows of each."""
    rows: QuerySet[BatchItem] = batch.items.select_related("reply__proposal", "letter__bureau")
    return rows.order_by("order")


def copies_of(batch: Batch) -> list[LetterCopy]:
    """Return every copy of the letters that a batch has issued, in the order of the batch."""
    letters = batch.items.filter(state=Item.ISSUED).order_by("order").values_list("letter", flat=True)
    place = {pk: n for n, pk in enumerate(letters)}
    rows = LetterCopy.objects.filter(letter__in=place)
    related = ("letter__bureau", "letter__reply", "proposal__session", "proposal__assembly", "file")
    return sorted(rows.select_related(*related), key=lambda copy: (place[copy.letter_id], copy.order))


def to_do(post: Post) -> list[DeskRow]:
    """Return the batches of the own bureau that are under way or stopped."""
    return [_row(batch) for batch in unfinished(post)]


def to_do_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `to_do` shows, to be counted."""
    return [unfinished(post)]


def unfinished(post: Post) -> QuerySet[Batch]:
    """Return the batches that have letters left, for who issues them."""
    rows = policies.visible_to(post) if policies.may_issue(post) else Batch.objects.none()
    rows = rows.filter(items__state=Item.WAITING).exclude(state=Batch.State.DONE)
    return rows.distinct().order_by("pk")


def _row(batch: Batch) -> DeskRow:
    found = progress_of(batch)
    return DeskRow(
        number=None,
        title=_("%(n)d of %(all)d letters of a batch are left") % {"n": found.left, "all": found.total},
        who="",
        url=batch.get_absolute_url(),
        stands=batch.get_state_display(),
        act_label=_("Look at the batch"),
        act_url=reverse("issuing:batch", args=[batch.pk]),
        urgency=batch.dated,
    )
