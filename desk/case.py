"""What the case page shows, gathered for one post. Writes nothing and decides nothing: policies do."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from desk import selectors
from office import calendar, clock
from office.calendar import Days
from office.pages import offers
from organizations.models import BUREAU_ROLES, Post, Role
from proposals import policies
from proposals import selectors as proposals
from proposals.models import Assignment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState
from replies import selectors as replies


def page_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return the context of the case page for this post."""
    assignment = _current_assignment(proposal)
    panel = replies.panel_of(post, proposal)
    return {
        "proposal": proposal,
        "suggestions": list(proposal.suggestions.all()),
        "attachments": list(proposal.attachments.all()),
        "assignment": assignment,
        "steps": proposals.steps_of(proposal, assignment),
        "lamp": _lamp(assignment),
        "due_lines": calendar.explain(assignment.due_how) if assignment else [],
        "acts": _acts(post, proposal, assignment) + panel["acts"],
        "panel": panel,
        "story": selectors.story_for(post, proposal),
        "sees_contact": post.role in (Role.FILER, Role.REVIEWER, *BUREAU_ROLES),
    }


def _current_assignment(proposal: Proposal) -> Assignment | None:
    rows = proposal.assignments.exclude(state=AssignmentState.RECALLED)
    return rows.select_related("bureau", "signed_in_by__user", "reply__letter").first()


def _lamp(assignment: Assignment | None) -> calendar.Lamp | None:
    if assignment is None or assignment.state == AssignmentState.REPLIED:
        return None
    return proposals.lamp_of(assignment, Days.of(assignment.assembly_id), clock.today())


def _acts(post: Post, proposal: Proposal, assignment: Assignment | None) -> list[dict[str, Any]]:
    acts = []
    if policies.may(post, "edit", proposal):
        acts.append(_link(_("Edit the draft"), reverse("proposals:edit", args=[proposal.pk])))
    acts += offers(
        PROPOSAL,
        proposal,
        may=lambda name: policies.may(post, name, proposal),
        url_prefix="proposals:",
        version=proposal.lock_version,
    )
    if assignment:
        acts += offers(
            ASSIGNMENT,
            assignment,
            may=lambda name: policies.may(post, name, assignment),
            url_prefix="proposals:assignment_",
            version=proposal.lock_version,
        )
    return acts


def _link(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "method": "get", "kind": "quiet", "hidden": {}}
