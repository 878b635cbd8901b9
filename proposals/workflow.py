"""Every transition of a proposal and of an assignment: from, to, who, guard, sentence.

An assigned proposal's state follows from its assignments: those steps have nobody in `by`.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from office.workflow import Refused, Step, Table
from organizations.models import Role

if TYPE_CHECKING:
    from proposals.models import Proposal


class ProposalState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("proposal", "draft")
    SUBMITTED = "submitted", pgettext_lazy("proposal", "awaiting review")
    RETURNED = "returned", pgettext_lazy("proposal", "returned for changes")
    FILED = "filed", pgettext_lazy("proposal", "filed")
    NOT_FILED = "not_filed", pgettext_lazy("proposal", "not filed")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")
    ASSIGNED = "assigned", pgettext_lazy("proposal", "assigned")
    IN_HAND = "in_hand", pgettext_lazy("proposal", "in hand")
    ANSWERED = "answered", pgettext_lazy("proposal", "answered")


class AssignmentState(models.TextChoices):
    NEW = "new", pgettext_lazy("assignment", "awaiting sign-in")
    SIGNED_IN = "signed_in", pgettext_lazy("assignment", "signed in")
    REPLIED = "replied", pgettext_lazy("assignment", "replied")
    RECALLED = "recalled", pgettext_lazy("assignment", "taken back")


def is_complete(proposal: "Proposal") -> None:
    """Refuse a proposal that lacks what the review needs."""
    from proposals.checks import gaps_of

    if gaps := gaps_of(proposal):
        raise Refused(gettext("Not submitted yet."), *(gap.text for gap in gaps))


S, A = ProposalState, AssignmentState
PROPOSAL = Table(
    "proposal",
    ProposalState,
    [
        Step(
            "submit",
            (S.DRAFT, S.RETURNED),
            S.SUBMITTED,
            (Role.FILER,),
            _("Submit to the proposals committee"),
            _("submitted the proposal"),
            guard=is_complete,
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
            (Role.DISPATCHER,),
            _("Assign to a bureau"),
            _("assigned it to {bureau}, to be answered by {due}"),
            page=True,
        ),
        Step(
            "recall",
            (S.SUBMITTED,),
            S.DRAFT,
            (Role.FILER,),
            pgettext_lazy("act", "Take back"),
            _("took the proposal back before its review"),
            kind="quiet",
        ),
        Step(
            "withdraw",
            (S.DRAFT, S.RETURNED, S.SUBMITTED, S.FILED),
            S.WITHDRAWN,
            (Role.FILER,),
            _("Withdraw the proposal"),
            _("withdrew the proposal"),
            page=True,
            kind="danger",
        ),
        Step("begin", (S.ASSIGNED,), S.IN_HAND, (), "", _("is in hand")),
        Step("unassign", (S.ASSIGNED,), S.FILED, (), "", _("awaits another assignment")),
        Step("answer", (S.IN_HAND,), S.ANSWERED, (), "", _("has been answered")),
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
            "recall",
            (A.NEW,),
            A.RECALLED,
            (Role.DISPATCHER,),
            _("Take the assignment back"),
            _("took the assignment to {bureau} back"),
            kind="quiet",
        ),
        Step("reply", (A.SIGNED_IN,), A.REPLIED, (), "", _("replied")),
    ],
)

OTHER_SENTENCES = {
    "proposal.create": _("began a draft"),
    "attachment.add": _("attached “{name}”"),
    "attachment.remove": _("removed the attachment “{name}”"),
}
