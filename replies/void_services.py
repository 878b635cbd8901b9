"""Verbs of a letter that no longer holds: declare it void, begin the letter that puts it right.

The letter itself is never touched. Void is a row of its own; the number stays taken.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import clock, events
from office.acts import act
from office.workflow import Refused
from organizations import signing
from organizations.models import Post
from proposals import services as proposal_services
from replies import void_policies as policies
from replies.models import DraftSave, IssuedLetter, LetterVoid, PointAnswer, Reply
from replies.version_keeping import keep

EVENT_SENTENCES = {
    "letter.void": gettext_lazy("declared {doc_number} void"),
    "letter.replace": gettext_lazy("{doc_number} is void: {replaced_by} takes its place"),
    "reply.correct": gettext_lazy("began the letter that puts {doc_number} right"),
}


def _locked(letter_id: int) -> IssuedLetter:
    """Return the letter with its case locked until the transaction ends."""
    rows = IssuedLetter.objects.select_related("reply__assignment", "version", "bureau")
    letter = rows.get(pk=letter_id)
    letter.reply.proposal = proposal_services.locked(letter.reply.proposal_id)
    return rows.get(pk=letter_id)


def letter_void(*, letter_id: int, post: Post, reason: str, key: str = "", proof: str = "") -> LetterVoid:
    """Declare an issued letter void, with a reason. It keeps its number; the bureau owes another letter."""
    if not reason.strip():
        raise Refused(_("Give the reason: it stays on record with the number."))
    with act(post=post, key=key):
        letter = _locked(letter_id)
        policies.require_void(post, letter)
        if letter.voided:
            raise Refused(_("This letter is void already."))
        signing.require(post, proof)
        row = _void(letter, post, reason.strip())
        facts: dict[str, Any] = {"doc_number": str(letter), "note": row.reason, "is_return": True}
        facts |= signing.facts_of(proof)
        events.record(post=post, act="letter.void", subject=letter, thread=letter.reply.proposal, **facts)
    return row


def replaced(letter: IssuedLetter, by: IssuedLetter, post: Post) -> None:
    """Note in the transaction of an issue that the new letter takes the place of this one."""
    if not letter.voided:
        _void(letter, post, str(by))
    facts = {"doc_number": str(letter), "replaced_by": str(by)}
    events.record(post=post, act="letter.replace", subject=letter, thread=by.reply.proposal, **facts)


def _void(letter: IssuedLetter, post: Post, reason: str) -> LetterVoid:
    return LetterVoid.objects.create(
        assembly_id=letter.assembly_id, letter=letter, reason=reason, post=post, at=clock.now()
    )


def correction_create(*, letter_id: int, post: Post, key: str = "") -> Reply:
    """Begin the letter that puts an issued one right, from its text; it goes the whole way to its own number.

    Until it is issued the old letter holds, unless it was declared void.
    """
    with act(post=post, key=key):
        letter = _locked(letter_id)
        policies.require_correct(post, letter)
        if not policies.can_be_corrected(letter):
            raise Refused(_("A letter that puts this one right was begun already, or a newer one answers."))
        reply = _begun(letter, post)
        keep(reply, post, DraftSave.Kind.BEGUN)
        facts = {"doc_number": str(letter)}
        events.record(post=post, act="reply.correct", subject=reply, thread=reply.proposal, **facts)
    return reply


def _begun(letter: IssuedLetter, post: Post) -> Reply:
    old, now = letter.reply, clock.now()
    reply = Reply(
        assembly_id=old.assembly_id,
        proposal=old.proposal,
        assignment=old.assignment,
        round=old.round,
        corrects=letter,
        bureau=letter.bureau,
        clerk=post,
        body=letter.version.body,
        result_class_id=letter.version.result_class_id,
        disclosure_id=letter.version.disclosure_id,
        created_at=now,
        changed_at=now,
    )
    reply.save()
    # Their words stand in it still, so that none of them decides on it.
    reply.writers.set(letter.version.writers.all())
    for answer in PointAnswer.objects.filter(reply=old):
        answer.pk, answer.reply = None, reply
        answer.save(force_insert=True)
    return reply
