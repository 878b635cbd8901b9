"""What the case page shows, gathered for one post. Writes nothing and decides nothing: policies do."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from desk import selectors
from office.pages import offers
from organizations.models import BUREAU_ROLES, Post, Role
from outcomes import selectors as outcomes
from portal import selectors as portal
from proposals import dispatch_selectors as dispatch
from proposals import papers, policies
from proposals import review_selectors as review
from proposals import selectors as proposals
from proposals.dispatch_selectors import PartRow
from proposals.models import Proposal
from proposals.workflow import PROPOSAL
from replies import chain
from replies import selectors as replies


def page_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return the context of the case page for this post."""
    panel = replies.panel_of(post, proposal)
    outcome = outcomes.panel_of(post, proposal)
    published = portal.panel_of(post, proposal)
    parts = dispatch.parts_of(post, proposal)
    own = [act for part in parts for act in part.acts if _is_own(post, part)]
    shown = parts[0].assignment if parts else None
    return {
        "proposal": proposal,
        "suggestions": list(proposal.suggestions.all()),
        "attachments": list(proposal.attachments.all()),
        "assignment": shown,
        "parts": [_own(post, part) if _is_own(post, part) else part for part in parts],
        "contacts": dispatch.contacts_of(post, proposal),
        "steps": proposals.steps_of(proposal, shown),
        "acts": _acts(post, proposal)
        + panel["acts"]
        + own
        + dispatch.add_act(post, proposal)
        + outcome["acts"]
        + published["acts"],
        "panel": panel,
        "outcome": outcome,
        "publication": published["publication"],
        "papers": papers.offers_for(post, proposal),
        "story": selectors.story_for(post, proposal),
        "sees_contact": _sees_contact(post, proposal),
        **review.signers_of(proposal),
        **review.marks_of(post, proposal),
    }


def _is_own(post: Post, part: PartRow) -> bool:
    """What the own bureau does stands with the other acts of the page, not beside its row."""
    return post.bureau_id == part.assignment.bureau_id


def _own(post: Post, part: PartRow) -> PartRow:
    return replace(part, acts=[], chain=chain.own_chain(post, part.assignment))


def _sees_contact(post: Post, proposal: Proposal) -> bool:
    """How to reach the proposers is for those who review and handle the case, and for themselves."""
    return post.role in (Role.REVIEWER, *BUREAU_ROLES) or policies.takes_part(post, proposal)


def _acts(post: Post, proposal: Proposal) -> list[dict[str, Any]]:
    acts = []
    if policies.may(post, "edit", proposal):
        acts.append(_link(_("Edit the draft"), reverse("proposals:edit", args=[proposal.pk])))
    acts += offers(
        PROPOSAL,
        proposal,
        may=lambda name: policies.may(post, name, proposal) and _is_offered(name, proposal),
        url_prefix="proposals:",
        version=proposal.lock_version,
    )
    if policies.may(post, "mark", proposal) and proposal.submitted_at:
        acts.append(_link(_("Set marks"), reverse("proposals:mark", args=[proposal.pk])))
    return acts


def _is_offered(name: str, proposal: Proposal) -> bool:
    """A meeting is recorded only where two replies did not settle the case."""
    return name != "settle" or (proposal.round > 1 and outcomes.is_unmet(proposal))


def _link(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "method": "get", "kind": "quiet", "hidden": {}}
