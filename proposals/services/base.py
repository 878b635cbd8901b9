"""What every verb of the question shares: the case lock, a step of the table, the row, the event."""

from typing import Any

from office import clock, events
from organizations.models import Post
from proposals import policies
from proposals.models import Assignment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL


def locked(proposal_id: int) -> Proposal:
    """Return the proposal with its row locked until the transaction ends: the case lock."""
    related = (
        "session",
        "committee",
        "member__user",
        "assembly",
        "suggested_bureau",
        "category",
        "merged_into",
    )
    return Proposal.objects.select_related(*related).select_for_update(of=("self",)).get(pk=proposal_id)


def take(proposal: Proposal, post: Post, name: str, **changes: Any) -> None:
    """Policy, then table, then the row: one step of a locked proposal."""
    policies.require(post, name, proposal)
    PROPOSAL.perform(proposal, name)
    write(proposal, **changes)


def write(proposal: Proposal, **changes: Any) -> None:
    """Keep the changes of a locked proposal, under the next version."""
    changes |= {"lock_version": proposal.lock_version + 1, "changed_at": clock.now()}
    for field, value in changes.items():
        setattr(proposal, field, value)
    proposal.save(update_fields=["state", *changes])


def record(proposal: Proposal, post: Post | None, name: str, **facts: Any) -> None:
    """Write the event of a step of the proposal."""
    events.record(post=post, act=PROPOSAL.act_name(name), subject=proposal, thread=proposal, **facts)


def locked_assignment(assignment_id: int) -> Assignment:
    """Return an assignment with its case locked."""
    proposal_id = Assignment.objects.values_list("proposal_id", flat=True).get(pk=assignment_id)
    proposal = locked(proposal_id)
    assignment = Assignment.objects.select_related("bureau").get(pk=assignment_id)
    assignment.proposal = proposal
    return assignment


def assignment_step(assignment_id: int, post: Post, name: str) -> Assignment:
    """Lock the case, ask the policy, take the step; the caller saves."""
    assignment = locked_assignment(assignment_id)
    policies.require(post, name, assignment)
    ASSIGNMENT.perform(assignment, name)
    return assignment


def record_assignment(assignment: Assignment, post: Post, name: str, **facts: Any) -> None:
    """Write the event of something done with an assignment."""
    act_name = ASSIGNMENT.act_name(name)
    events.record(post=post, act=act_name, subject=assignment, thread=assignment.proposal, **facts)
