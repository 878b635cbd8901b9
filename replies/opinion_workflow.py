"""Every transition of a co-handling bureau's opinion: from, to, who, guard, sentence. The author never signs."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from office.workflow import Refused, Step, Table
from organizations.models import Role

if TYPE_CHECKING:
    from replies.models import Opinion


class OpinionState(models.TextChoices):
    DRAFTING = "drafting", pgettext_lazy("opinion", "being drafted")
    AWAITING_SIGNATURE = "awaiting_signature", pgettext_lazy("opinion", "awaiting signature")
    GIVEN = "given", pgettext_lazy("opinion", "given")


def is_complete(opinion: "Opinion") -> None:
    """Refuse what could not be given as it stands: no part to give it for, no text, no word for its number."""
    if opinion.assignment.answers:
        raise Refused(gettext("Your bureau answers this proposal itself now: write the reply instead."))
    if not opinion.body.strip():
        raise Refused(gettext("Write the opinion first."))
    if not opinion.bureau.opinion_word:
        raise Refused(
            gettext(
                "Your bureau has no word for the numbers of its opinions yet: "
                "ask the administrator to enter one in the settings."
            )
        )


S = OpinionState
OPINION = Table(
    "opinion",
    OpinionState,
    [
        Step(
            "send",
            (S.DRAFTING,),
            S.AWAITING_SIGNATURE,
            (Role.CLERK,),
            _("Send for signature"),
            _("sent the opinion for signature"),
            guard=is_complete,
        ),
        Step(
            "give",
            (S.AWAITING_SIGNATURE,),
            S.GIVEN,
            (Role.LEADER,),
            _("Sign and give the opinion"),
            _("signed and gave the opinion {doc_number}"),
            guard=is_complete,
            confirm=_("It gets its number and goes to the lead bureau. It cannot be changed afterwards."),
        ),
        Step(
            "return",
            (S.AWAITING_SIGNATURE,),
            S.DRAFTING,
            (Role.LEADER,),
            _("Return for changes"),
            _("returned the opinion instead of signing"),
            page=True,
            kind="danger",
            is_return=True,
        ),
        Step(
            "recall",
            (S.AWAITING_SIGNATURE,),
            S.DRAFTING,
            (Role.CLERK,),
            pgettext_lazy("act", "Take back"),
            _("took the opinion back before it was signed"),
            kind="quiet",
        ),
    ],
)

OTHER_SENTENCES = {"opinion.create": _("began to draft the opinion")}
