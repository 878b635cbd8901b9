"""Verbs of the follow-up letter (后续答复函): what it will print, and sending it, once and for all."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from office import clock
from office.acts import act
from office.printing import in_chinese
from office.workflow import Refused
from organizations.models import Post
from outcomes import policies
from outcomes.models import Commitment, FollowUp
from outcomes.services.base import record
from proposals import services as proposals
from proposals.papers import reviewers_of
from replies.models import LetterCopy


def follow_up_send(
    *, commitment: Commitment, post: Post, text: str, dated: dt.date, key: str = ""
) -> FollowUp:
    """Tell each proposer of the letter that promised, in a letter of their own, how the promise was kept.

    Every printed fact is copied. It is never changed; another one may follow.
    """
    policies.require(policies.may_keep_commitments(post, commitment.bureau_id))
    if not text.strip():
        raise Refused(_("Write what was done."))
    with act(post=post, key=key):
        case = proposals.locked(commitment.case_id)
        row = Commitment.objects.select_related("bureau", "letter__version__result_class").get(
            pk=commitment.pk
        )
        if row.done_on is None:
            raise Refused(_("Note first that the promise was kept."))
        if dated < row.done_on or dated > clock.today():
            raise Refused(_("The date of the letter lies between the day it was kept and today."))
        letter = follow_up_made(row, post, text=text, dated=dated)
        letter.save()
        names = "、".join(one["name"] for one in letter.addressees)
        facts = {"text": row.text, "names": names, "note": letter.text}
        record(post, "commitment.tell", letter, case, **facts)
    return letter


@in_chinese()
def follow_up_made(commitment: Commitment, post: Post, *, text: str, dated: dt.date) -> FollowUp:
    """Return the letter as it would be sent now, not kept: also for looking at it before."""
    letter, case = commitment.letter, commitment.case
    facts = {
        "assembly": case.assembly.name,
        "place": case.assembly.short_name,
        "bureau": commitment.bureau.name,
        "document_number": str(letter),
        "replied_on": letter.dated.isoformat(),
        "promise": commitment.text,
        "due_on": commitment.due_on.isoformat(),
        "done_on": commitment.done_on.isoformat() if commitment.done_on else "",
        "before": str(letter.version.result_class),
        "after": commitment.became or str(letter.version.result_class),
        "contact": post.user.name,
        "phone": post.phone,
        "copy_to": reviewers_of(case),
    }
    copies = letter.copies.select_related("proposal__session").order_by("order")
    return FollowUp(
        assembly_id=commitment.assembly_id,
        commitment=commitment,
        text=text.strip(),
        dated=dated,
        facts=facts,
        addressees=[_addressee(copy) for copy in copies],
        post=post,
        at=clock.now(),
    )


def _addressee(copy: LetterCopy) -> dict[str, Any]:
    proposal = copy.proposal
    return {
        "copy": copy.pk,
        "name": copy.name,
        "you": "您" if copy.kind == LetterCopy.Kind.PERSON else "你们",
        "session": proposal.session.name,
        "number": proposal.number,
        "title": proposal.title.strip(),
    }
