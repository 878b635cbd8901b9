"""What the review and co-signing pages, the desk and the case page show of them. Writes nothing."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from organizations.models import Post, Role
from proposals import policies
from proposals.models import Cosigner, Proposal
from proposals.selectors import DeskRow, day_of
from proposals.workflow import ProposalState


def signers_of(proposal: Proposal) -> dict[str, Any]:
    """Return who files a proposal and who was asked to sign it, for proposals/signers.html."""
    rows = proposal.cosigners.select_related("committee", "member__user")
    return {"first_proposer": proposal.proposer_name, "signers": list(rows), "signing": proposal}


def marks_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return merger and review opinions of a case as far as the post may see them."""
    seen = policies.visible_to(post).select_related("committee", "member__user")
    reviews = post.role == Role.REVIEWER
    return {
        "merged": list(seen.filter(merged_into=proposal).order_by("number")),
        "lead": seen.filter(pk=proposal.merged_into_id).first() if proposal.merged_into_id else None,
        "opinions": list(proposal.review_opinions.select_related("post__user")) if reviews else [],
        "sees_not_public": post.role in (Role.REVIEWER, Role.DISPATCHER) or bool(post.bureau_id),
    }


def _open_invitations(post: Post) -> QuerySet[Cosigner]:
    rows = policies.invitations_to(post).filter(state=Cosigner.State.INVITED)
    return rows.filter(proposal__state=ProposalState.COSIGNING)


def invitations_waiting(post: Post) -> list[DeskRow]:
    """Return the proposals that this post is asked to sign, the nearest last day first. One query."""
    related = ("proposal__committee", "proposal__member__user")
    rows = _open_invitations(post).select_related(*related).order_by("proposal__cosign_until", "pk")
    return [_row_to_sign(row) for row in rows]


def _row_to_sign(row: Cosigner) -> DeskRow:
    proposal = row.proposal
    until = proposal.cosign_until
    return DeskRow(
        number=None,
        title=proposal.short_title,
        who=proposal.proposer_name,
        url=reverse("proposals:invitation", args=[row.pk]),
        stands=_("You are asked to sign"),
        detail=_("until %(day)s") % {"day": day_of(until)},
        act_label=pgettext("co-sign", "Read and sign"),
        act_url=reverse("proposals:invitation", args=[row.pk]),
        urgency=until or dt.date.max,
    )


def _gathering(post: Post) -> QuerySet[Proposal]:
    return policies.filed_by(post).filter(state=ProposalState.COSIGNING)


def cosigning_waiting(post: Post) -> list[DeskRow]:
    """Return this post's own proposals that gather signatures, with how many signed. Two queries."""
    rows = _gathering(post).select_related("committee", "member__user").prefetch_related("cosigners")
    return [_row_gathering(case) for case in rows.order_by("cosign_until", "pk")]


def _row_gathering(case: Proposal) -> DeskRow:
    states = [row.state for row in case.cosigners.all()]
    signed, asked = states.count(Cosigner.State.ACCEPTED), states.count(Cosigner.State.INVITED)
    told = _("%(signed)d signed, %(asked)d still asked, until %(day)s")
    return DeskRow(
        number=None,
        title=case.short_title,
        who=case.proposer_name,
        url=case.get_absolute_url(),
        stands=str(case.get_state_display()),
        detail=told % {"signed": signed, "asked": asked, "day": day_of(case.cosign_until)},
        act_label=_("Look and submit"),
        act_url=case.get_absolute_url(),
        urgency=case.cosign_until or dt.date.max,
    )


def waiting_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `invitations_waiting` and `cosigning_waiting` show, to be counted."""
    return [_open_invitations(post), _gathering(post)]
