"""Every transition of a proposal and of an assignment: from, to, who, guard, sentence.

An assigned proposal's state follows from its assignments: those steps have nobody in `by`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from office.workflow import Refused, Step, Table
from organizations.models import PROPOSER_ROLES, Role

if TYPE_CHECKING:
    from proposals.models import Proposal


class ProposalState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("proposal", "draft")
    COSIGNING = "cosigning", pgettext_lazy("proposal", "gathering signatures")
    SUBMITTED = "submitted", pgettext_lazy("proposal", "awaiting review")
    RETURNED = "returned", pgettext_lazy("proposal", "returned for changes")
    FILED = "filed", pgettext_lazy("proposal", "filed")
    NOT_FILED = "not_filed", pgettext_lazy("proposal", "not filed")
    REFERRED = "referred", pgettext_lazy("proposal", "referred")
    MERGED = "merged", pgettext_lazy("proposal", "merged into another")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")
    ASSIGNED = "assigned", pgettext_lazy("proposal", "assigned")
    IN_HAND = "in_hand", pgettext_lazy("proposal", "in hand")
    ANSWERED = "answered", pgettext_lazy("proposal", "answered")
    REOPENED = "reopened", pgettext_lazy("proposal", "reopened")
    CLOSED = "closed", pgettext_lazy("proposal", "closed")


class AssignmentState(models.TextChoices):
    NEW = "new", pgettext_lazy("assignment", "awaiting sign-in")
    SIGNED_IN = "signed_in", pgettext_lazy("assignment", "signed in")
    DECLINING = "declining", pgettext_lazy("assignment", "declined, to be decided")
    REPLIED = "replied", pgettext_lazy("assignment", "replied")
    GIVEN = "given", pgettext_lazy("assignment", "opinion given")
    REOPENED = "reopened", pgettext_lazy("assignment", "to be answered again")
    REASSIGNED = "reassigned", pgettext_lazy("assignment", "given to another bureau")
    RECALLED = "recalled", pgettext_lazy("assignment", "taken back")


def is_complete(proposal: "Proposal") -> None:
    """Refuse a proposal that lacks what the review needs."""
    from proposals.checks import gaps_of

    if gaps := gaps_of(proposal):
        raise Refused(gettext("Not submitted yet."), *(gap.text for gap in gaps))


def is_not_assigned(proposal: "Proposal") -> None:
    """Refuse to take a merger apart once a bureau has the lead proposal."""
    if proposal.merged_into and proposal.merged_into.state != ProposalState.FILED:
        raise Refused(gettext("The lead proposal has been assigned: the merger stays as it is."))


def leads_no_other(proposal: "Proposal") -> None:
    """Refuse what would leave merged proposals without their lead."""
    if proposal.merged.exists():
        raise Refused(gettext("Other proposals are merged into this one: undo the merger first."))


# What follows the answers says here whether the second one was judged, and did not satisfy.
IS_UNMET: list[Callable[["Proposal"], bool]] = []


def has_no_answer_left(proposal: "Proposal") -> None:
    """Refuse to settle a case by a meeting while an answer, or its judgement, can still help."""
    if proposal.round < 2 or not all(is_unmet(proposal) for is_unmet in IS_UNMET):
        raise Refused(gettext("A meeting is recorded only after the second reply was judged."))


S, A = ProposalState, AssignmentState
# Nothing is due any more in these: an opinion that is still out keeps no answer back, and nobody is reminded of it.
ANSWERED = (S.ANSWERED, S.CLOSED)
ASSIGNERS = (Role.DISPATCHER, Role.REVIEWER)
PROPOSAL = Table(
    "proposal",
    ProposalState,
    [
        Step(
            "submit",
            (S.DRAFT, S.RETURNED, S.COSIGNING),
            S.SUBMITTED,
            (*PROPOSER_ROLES, Role.REVIEWER),
            _("Submit to the proposals committee"),
            _("submitted the proposal"),
            guard=is_complete,
        ),
        Step(
            "invite",
            (S.DRAFT, S.RETURNED, S.COSIGNING),
            S.COSIGNING,
            PROPOSER_ROLES,
            _("Invite co-signers"),
            _("invited {names} to sign by {until}"),
            guard=is_complete,
            page=True,
            kind="quiet",
        ),
        Step(
            "reword",
            (S.COSIGNING,),
            S.DRAFT,
            PROPOSER_ROLES,
            _("Change the text"),
            _("took the text back for changes: signatures given so far are void"),
            confirm=_("Who has signed already must sign the new text again."),
            kind="quiet",
        ),
        Step(
            "file",
            (S.SUBMITTED,),
            S.FILED,
            (Role.REVIEWER,),
            _("File and number"),
            _("filed it as No. {number}"),
            confirm=_("It gets the next number of the session. The number cannot be given back."),
        ),
        Step(
            "examine",
            (S.SUBMITTED,),
            S.SUBMITTED,
            (Role.REVIEWER,),
            _("Note the first review"),
            _("reviewed it first: {verdict}"),
            page=True,
            kind="quiet",
        ),
        Step(
            "return",
            (S.SUBMITTED,),
            S.RETURNED,
            (Role.REVIEWER,),
            _("Return for changes"),
            _("returned it for changes"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "refer",
            (S.SUBMITTED,),
            S.REFERRED,
            (Role.REVIEWER,),
            _("Refer elsewhere"),
            _("did not file it but referred it: {to}"),
            page=True,
            kind="quiet",
            is_return=True,
        ),
        Step(
            "refuse",
            (S.SUBMITTED,),
            S.NOT_FILED,
            (Role.REVIEWER,),
            _("Do not file"),
            _("did not file it: {reason}"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "assign",
            (S.FILED,),
            S.ASSIGNED,
            ASSIGNERS,
            _("Assign to bureaus"),
            _("assigned it to {bureau}, to be answered by {due}"),
            page=True,
        ),
        Step(
            "merge",
            (S.FILED,),
            S.MERGED,
            (Role.REVIEWER,),
            _("Merge into another proposal"),
            _("merged it into No. {lead}"),
            guard=leads_no_other,
            page=True,
            kind="quiet",
        ),
        Step(
            "unmerge",
            (S.MERGED,),
            S.FILED,
            (Role.REVIEWER,),
            _("Undo the merger"),
            _("undid the merger with No. {lead}"),
            guard=is_not_assigned,
            kind="quiet",
        ),
        Step(
            "recall",
            (S.SUBMITTED,),
            S.DRAFT,
            PROPOSER_ROLES,
            pgettext_lazy("act", "Take back"),
            _("took the proposal back before its review"),
            kind="quiet",
        ),
        Step(
            "withdraw",
            (S.DRAFT, S.RETURNED, S.COSIGNING, S.SUBMITTED, S.FILED),
            S.WITHDRAWN,
            PROPOSER_ROLES,
            _("Withdraw the proposal"),
            _("withdrew the proposal"),
            guard=leads_no_other,
            page=True,
            kind="danger",
        ),
        Step("begin", (S.ASSIGNED,), S.IN_HAND, (), "", _("is in hand")),
        Step("unassign", (S.ASSIGNED, S.IN_HAND), S.FILED, (), "", _("awaits another assignment")),
        Step("answer", (S.IN_HAND, S.REOPENED), S.ANSWERED, (), "", _("has been answered")),
        Step("reopen", (S.ANSWERED,), S.REOPENED, (), "", _("is reopened: {judgement}"), is_return=True),
        Step("close", (S.ANSWERED,), S.CLOSED, (), "", _("is closed: {how}")),
        Step(
            "settle",
            (S.ANSWERED,),
            S.CLOSED,
            (Role.REVIEWER,),
            _("Record the meeting and close"),
            _("recorded a meeting on {day} and closed the case"),
            guard=has_no_answer_left,
            page=True,
        ),
    ],
)

ASSIGNMENT = Table(
    "assignment",
    AssignmentState,
    [
        Step(
            "sign_in",
            (A.NEW,),
            A.SIGNED_IN,
            (Role.CLERK,),
            pgettext_lazy("act", "Sign in"),
            _("signed the proposal in"),
        ),
        Step(
            "decline",
            (A.NEW, A.SIGNED_IN),
            A.DECLINING,
            (Role.CLERK,),
            pgettext_lazy("assignment", "Decline"),
            _("asked not to handle it"),
            page=True,
            kind="quiet",
            is_return=True,
        ),
        Step(
            "keep",
            (A.DECLINING,),
            A.SIGNED_IN,
            (Role.CLERK,),
            _("Handle it after all"),
            _("took the request back and handles the proposal"),
            kind="quiet",
        ),
        Step(
            "reassign",
            (A.DECLINING,),
            A.REASSIGNED,
            ASSIGNERS,
            _("Give it to another bureau"),
            _("agreed and gave it to {bureau} instead, to be answered by {due}"),
            page=True,
        ),
        Step(
            "join",
            (A.DECLINING,),
            A.NEW,
            ASSIGNERS,
            _("Add another bureau"),
            _("left it with {own} and added {bureau}, due {due}"),
            page=True,
            kind="quiet",
        ),
        Step(
            "insist",
            (A.DECLINING,),
            A.NEW,
            ASSIGNERS,
            _("Refuse the request"),
            _("refused the request of {own}"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "recall",
            (A.NEW,),
            A.RECALLED,
            ASSIGNERS,
            _("Take the assignment back"),
            _("took the assignment to {bureau} back"),
            kind="quiet",
        ),
        Step("reply", (A.SIGNED_IN, A.REOPENED), A.REPLIED, (), "", _("replied")),
        Step("give", (A.SIGNED_IN,), A.GIVEN, (), "", _("gave its opinion")),
        Step("reopen", (A.REPLIED,), A.REOPENED, (), "", _("has to answer again")),
    ],
)

OTHER_SENTENCES = {
    "proposal.create": _("began a draft"),
    "proposal.enter": _("entered a paper proposal for {proposer}"),
    "proposal.mark": _("changed the marks: {what}"),
    "proposal.lead": _("No. {number} was merged into it"),
    "proposal.unlead": _("No. {number} is no longer merged into it"),
    "attachment.add": _("attached “{name}”"),
    "attachment.remove": _("removed the attachment “{name}”"),
    "cosigner.accept": _("{name} signed"),
    "cosigner.decline": _("{name} did not sign"),
    "cosigner.withdraw": _("{name} took the signature back"),
    "cosigner.lapse": _("the invitation of {names} has lapsed"),
    "assignment.add": _("added {bureau} ({part}), due {due}"),
    "assignment.hand_over": _("handed the case to {clerk}"),
    "extension.ask": _("asked for more time, until {until}"),
    "extension.grant": _("gave more time, until {until}"),
    "extension.refuse": _("gave no more time"),
    "contact.add": _("noted a contact with the proposers ({way}, {day})"),
    "contact.none": _("noted why there was no contact"),
    "chase.send": _("urged {bureau} to answer"),
}
