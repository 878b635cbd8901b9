"""Verbs of promises: list them or say that there are none, note how they stand, note that they were kept."""

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from office import clock
from office.acts import act
from office.models import Event
from office.workflow import Refused
from organizations.models import ListItem, Post
from outcomes import policies
from outcomes.models import Commitment, CommitmentNote, NoPromise
from outcomes.services.base import record, refuse_bad_scan
from proposals import services as proposals
from proposals.models import Proposal
from replies.models import IssuedLetter


def commitment_add(
    *, letter: IssuedLetter, post: Post, text: str, due_on: dt.date, owner: str, key: str = ""
) -> Commitment:
    """List something that a letter promises, with its day and who sees to it (承诺)."""
    policies.require(policies.may_keep_commitments(post, letter.bureau_id))
    if not text.strip() or not owner.strip():
        raise Refused(_("Write what was promised, and who sees to it."))
    if due_on < letter.dated:
        raise Refused(_("The day lies before the letter: give a later one."))
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        NoPromise.objects.filter(letter=letter).delete()  # the log keeps it
        return _listed(letter, post, text=text.strip(), due_on=due_on, owner=owner.strip(), case=case)


def _listed(
    letter: IssuedLetter, post: Post, *, text: str, due_on: dt.date, owner: str, case: Proposal
) -> Commitment:
    row = Commitment.objects.create(
        assembly_id=letter.assembly_id,
        letter=letter,
        case=case,
        bureau_id=letter.bureau_id,
        text=text,
        due_on=due_on,
        owner=owner,
        post=post,
        at=clock.now(),
    )
    record(post, "commitment.add", row, case, text=row.text, due=due_on.isoformat())
    return row


def commitment_none(*, letter: IssuedLetter, post: Post, reason: str, key: str = "") -> NoPromise:
    """State that a letter whose class promises something holds nothing to list, and why."""
    policies.require(policies.may_keep_commitments(post, letter.bureau_id))
    if not reason.strip():
        raise Refused(_("Write why there is nothing to list."))
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        if not letter.version.result_class.promises:
            raise Refused(_("The class of this reply promises nothing: nothing needs to be said."))
        if letter.commitments.exists() or NoPromise.objects.filter(letter=letter).exists():
            raise Refused(_("A promise is listed already, or it was said that there is none."))
        row = NoPromise.objects.create(
            assembly_id=letter.assembly_id,
            letter=letter,
            case=case,
            bureau_id=letter.bureau_id,
            reason=reason.strip(),
            post=post,
            at=clock.now(),
        )
        record(post, "commitment.none", row, case, letter=str(letter), note=row.reason)
    return row


def commitment_note(
    *, commitment: Commitment, post: Post, text: str, proof: UploadedFile | None = None, key: str = ""
) -> CommitmentNote:
    """Note how far a promise has come, with proof where there is one."""
    policies.require(policies.may_keep_commitments(post, commitment.bureau_id))
    if not text.strip():
        raise Refused(_("Write how far it has come."))
    if proof:
        refuse_bad_scan(proof, commitment.assembly)
    with act(post=post, key=key):
        case = proposals.locked(commitment.case_id)
        note = CommitmentNote(
            assembly_id=commitment.assembly_id,
            commitment=commitment,
            text=text.strip(),
            proof_name=(proof.name or "")[-200:] if proof else "",
            post=post,
            at=clock.now(),
        )
        if proof:
            note.proof = proof
        note.save()
        record(post, "commitment.note", commitment, case, text=commitment.text, note=note.text)
    return note


def commitment_done(
    *, commitment: Commitment, post: Post, day: dt.date, became: ListItem | None = None, key: str = ""
) -> Commitment:
    """Note that a promise was kept on a day; the result class that the reply has with it, where it changed."""
    policies.require(policies.may_keep_commitments(post, commitment.bureau_id))
    if day > clock.today():
        raise Refused(_("The day lies in the future: note it when it is done."))
    if day < commitment.letter.dated:
        raise Refused(_("The day lies before the letter: give a later one."))
    with act(post=post, key=key):
        case = proposals.locked(commitment.case_id)
        row = Commitment.objects.get(pk=commitment.pk)
        if row.done_on:
            raise Refused(_("This promise was noted as kept already."))
        row.done_on, row.became = day, str(became) if became else ""
        row.save(update_fields=["done_on", "became"])
        record(post, "commitment.done", row, case, text=row.text, day=day.isoformat(), note=row.became)
    return row


def promises_of_letter(event: Event, _post: Post | None) -> None:
    """List what a letter plans as promises, in the transaction of its issue: each with its day and its owner.

    A second letter that plans the same again lists nothing twice.
    """
    if event.act != "reply.issue":
        return
    related = ("reply__proposal", "reply__clerk", "version")
    letter = IssuedLetter.objects.select_related(*related).get(reply=int(event.subject.partition(":")[2]))
    case = letter.reply.proposal
    for point in letter.version.points:
        if point["verdict"] != "planned":
            continue
        day = dt.date.fromisoformat(point["due"])
        known = Commitment.objects.filter(
            case=case, bureau=letter.bureau_id, text=point["suggestion"], due_on=day
        )
        if not known.exists():
            facts = {"text": point["suggestion"], "owner": point["owner"], "due_on": day}
            _listed(letter, letter.reply.clerk, case=case, **facts)
