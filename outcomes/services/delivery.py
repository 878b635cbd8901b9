"""Verbs of delivery: note how letters went out, confirm and prove that they were received."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from office import clock
from office.acts import act
from office.workflow import Refused
from organizations.models import ListItem, Post
from outcomes import policies
from outcomes.models import Delivery
from outcomes.services.asking import redate
from outcomes.services.base import record, refuse_bad_scan
from proposals import services as proposals
from proposals.models import Proposal
from replies.models import IssuedLetter, LetterCopy, LetterVoid


def delivery_note(
    *,
    letter: IssuedLetter,
    copies: Iterable[LetterCopy],
    post: Post,
    way: ListItem,
    delivered_on: dt.date,
    received_by: str = "",
    note: str = "",
    receipt: UploadedFile | None = None,
    key: str = "",
) -> list[Delivery]:
    """Note how and when copies of a letter were delivered (送达); with who received them, when that is known.

    One receipt (回执) may stand for all of them: a sheet that several signed.
    """
    policies.require(policies.may_deliver(post, letter))
    if delivered_on < letter.dated or delivered_on > clock.today():
        raise Refused(_("The day of delivery lies between the date of the letter and today."))
    if receipt:
        refuse_bad_scan(receipt, letter.assembly)
        if not received_by.strip():
            raise Refused(_("Write who received it: the receipt says so."))
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        if LetterVoid.objects.filter(letter=letter).exists():
            raise Refused(_("%(letter)s is void: send the letter in its place.") % {"letter": letter})
        chosen = letter.copies.filter(pk__in=[copy.pk for copy in copies])
        if chosen.exclude(delivery=None).exists():
            raise Refused(_("This letter has been delivered already."))
        by = received_by.strip()
        signed = {"received_by": by, "received_on": delivered_on if by else None}
        facts = {"way": way, "delivered_on": delivered_on, "note": note.strip()} | signed
        rows = [_delivered(copy, case, post, facts) for copy in chosen.order_by("order")]
        if receipt:
            _keep_receipt(rows, case, post, receipt)
    return rows


def _delivered(copy: LetterCopy, case: Proposal, post: Post, facts: dict[str, Any]) -> Delivery:
    row = Delivery.objects.create(assembly_id=copy.assembly_id, copy=copy, post=post, at=clock.now(), **facts)
    told = {"name": copy.name, "way": row.way.label, "day": row.delivered_on.isoformat(), "note": row.note}
    record(post, "letter.deliver", row, case, **told)
    redate(copy, case, post)
    return row


def _keep_receipt(
    rows: list[Delivery], case: Proposal, post: Post, receipt: UploadedFile, note: str = ""
) -> None:
    """One file, kept once, for one delivery or for several."""
    stored: Any = receipt
    for row in rows:
        row.receipt, row.receipt_name = stored, (receipt.name or "")[-200:]
        row.save(update_fields=["receipt", "receipt_name"])
        stored = row.receipt.name
        facts = {"name": row.copy.name, "scan": row.receipt_name, "note": note}
        record(post, "letter.receipt", row, case, **facts)


def delivery_receipt(
    *,
    delivery: Delivery,
    post: Post,
    received_by: str = "",
    received_on: dt.date | None = None,
    note: str = "",
    receipt: UploadedFile | None = None,
    key: str = "",
) -> Delivery:
    """Enter a receipt that came back later: who received the letter and when, the scan, or both.

    Who received it is written once; a scan may be replaced by a better one, and the log names both.
    """
    policies.require(policies.may_deliver(post, delivery.copy.letter))
    if receipt:
        refuse_bad_scan(receipt, delivery.assembly)
    with act(post=post, key=key):
        case = proposals.locked(delivery.copy.letter.reply.proposal_id)
        row = Delivery.objects.select_related("copy").get(pk=delivery.pk)
        if row.received_on is None:
            told = {} if receipt else {"note": note.strip()}
            _receive(row, case, post, by=received_by.strip(), day=received_on, told=told)
        elif not receipt:
            raise Refused(_("Attach the scan of the receipt."))
        row.note = "\n".join(filter(None, (row.note, note.strip())))
        row.save(update_fields=["note"])
        if receipt:
            _keep_receipt([row], case, post, receipt, note.strip())
    return row


def _receive(
    row: Delivery, case: Proposal, post: Post, *, by: str, day: dt.date | None, told: dict[str, str]
) -> None:
    """Who received a letter and when, and the time to judge that follows from it."""
    if not by or day is None:
        raise Refused(_("Write who received it, and when."))
    if day < row.delivered_on or day > clock.today():
        raise Refused(_("The day of the receipt lies between the delivery and today."))
    row.received_by, row.received_on = by, day
    row.save(update_fields=["received_by", "received_on"])
    record(post, "letter.receive", row, case, name=row.copy.name, day=day.isoformat(), **told)
    redate(row.copy, case, post)


def delivery_confirm(*, copy: LetterCopy, post: Post, key: str = "") -> Delivery:
    """Confirm on the proposer's own desk that the letter was received."""
    policies.own_copy_or_404(post, copy.pk)
    with act(post=post, key=key):
        case = proposals.locked(copy.letter.reply.proposal_id)
        row = Delivery.objects.select_related("copy").filter(copy=copy).first()
        if row is None:
            raise Refused(_("The bureau has not noted yet that it sent this letter."))
        if row.received_on is None:
            _receive(row, case, post, by=post.user.name, day=clock.today(), told={})
    return row
