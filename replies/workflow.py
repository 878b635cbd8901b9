"""Every transition of a reply: from, to, who, guard, sentence.

A return voids every approval given; an approval belongs to one version; nobody approves what they wrote.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from office.workflow import Refused, Step, Table
from organizations.models import Role

if TYPE_CHECKING:
    from replies.models import Reply


class ReplyState(models.TextChoices):
    DRAFTING = "drafting", pgettext_lazy("reply", "being drafted")
    IN_REVIEW = "in_review", pgettext_lazy("reply", "being checked")
    AWAITING_SIGNATURE = "awaiting_signature", pgettext_lazy("reply", "awaiting signature")
    SIGNED = "signed", pgettext_lazy("reply", "signed, to be issued")
    ISSUED = "issued", pgettext_lazy("reply", "issued")


def has_no_faults(reply: "Reply") -> None:
    """Refuse to send up a letter that could not be printed as it stands."""
    from replies.checks import faults_of

    if faults := faults_of(reply):
        raise Refused(gettext("First put this right:"), *(fault.text for fault in faults))


S = ReplyState
REPLY = Table(
    "reply",
    ReplyState,
    [
        Step(
            "send",
            (S.DRAFTING,),
            S.IN_REVIEW,
            (Role.CLERK,),
            _("Send for checking"),
            _("sent version {version} for checking"),
            guard=has_no_faults,
        ),
        Step(
            "pass",
            (S.IN_REVIEW,),
            S.AWAITING_SIGNATURE,
            (Role.CHECKER,),
            _("Pass on for signature"),
            _("checked version {version} and passed it on for signature"),
            guard=has_no_faults,
        ),
        Step(
            "check_return",
            (S.IN_REVIEW,),
            S.DRAFTING,
            (Role.CHECKER,),
            _("Return to the clerk"),
            _("returned version {version} to the clerk"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "sign",
            (S.AWAITING_SIGNATURE,),
            S.SIGNED,
            (Role.LEADER,),
            pgettext_lazy("act", "Sign"),
            _("signed version {version}"),
            guard=has_no_faults,
            confirm=_("Your signature stays on record for good, even if the letter is returned later."),
        ),
        Step(
            "sign_return",
            (S.AWAITING_SIGNATURE,),
            S.DRAFTING,
            (Role.LEADER,),
            _("Return for changes"),
            _("returned version {version} instead of signing"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "issue",
            (S.SIGNED,),
            S.ISSUED,
            (Role.SEALKEEPER,),
            _("Number and issue"),
            _("issued version {version} as {doc_number}"),
            page=True,
            confirm=_("It gets its number. Neither the number nor the letter can be changed afterwards."),
        ),
        Step(
            "issue_return",
            (S.SIGNED,),
            S.DRAFTING,
            (Role.SEALKEEPER, Role.LEADER),
            _("Return before issue"),
            _("returned version {version} before it was issued"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "recall",
            (S.IN_REVIEW,),
            S.DRAFTING,
            (Role.CLERK,),
            pgettext_lazy("act", "Take back"),
            _("took version {version} back before it was checked"),
            kind="quiet",
        ),
        Step(
            "pass_recall",
            (S.AWAITING_SIGNATURE,),
            S.IN_REVIEW,
            (Role.CHECKER,),
            _("Take back to checking"),
            _("took version {version} back from the leader"),
            kind="quiet",
        ),
    ],
)

OTHER_SENTENCES = {
    "reply.create": _("began to draft the reply"),
    "reply.restore": _("put the draft back to version {version}"),
    "reply.restore_save": _("put the draft back to how it was saved on {saved_on} at {saved_at}"),
    "letter.print": _("the letter was made: {pages} pages"),
}
