"""The only door to proposals, attachments and assignments: who sees which, who may do what.

What one may not know of is not found (404); what one may see and not do is refused (403).
"""

from typing import TypeVar

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from organizations.models import BUREAU_ROLES, Post, Role
from proposals.models import Assignment, Attachment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState

CaseRow = TypeVar("CaseRow", Proposal, Assignment)
UNSEEN_BY_REVIEWERS = (ProposalState.DRAFT,)
SEEN_BY_DISPATCHERS = (
    ProposalState.FILED,
    ProposalState.ASSIGNED,
    ProposalState.IN_HAND,
    ProposalState.ANSWERED,
)


def visible_to(post: Post) -> QuerySet[Proposal]:
    """Return the proposals that this post may know of."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(assembly_id=post.assembly_id)
    if post.role == Role.FILER:
        return rows.filter(committee_id=post.committee_id)
    if post.role == Role.REVIEWER:
        return rows.exclude(state__in=UNSEEN_BY_REVIEWERS).exclude(
            state=ProposalState.WITHDRAWN, submitted_at=None
        )
    if post.role == Role.DISPATCHER:
        return rows.filter(state__in=SEEN_BY_DISPATCHERS)
    if post.role in BUREAU_ROLES:
        return rows.filter(Exists(assignments_visible_to(post).filter(proposal=OuterRef("pk"))))
    return rows.none()


def assignments_visible_to(post: Post) -> QuerySet[Assignment]:
    """Return the assignments that this post may know of; one that was taken back is gone for its bureau."""
    rows: QuerySet[Assignment] = Assignment.objects.filter(assembly_id=post.assembly_id)
    if post.role in BUREAU_ROLES:
        return rows.filter(bureau_id=post.bureau_id).exclude(state=AssignmentState.RECALLED)
    if post.role == Role.DISPATCHER:
        return rows
    return rows.none()


@rules.predicate
def files_for_it(post: Post, proposal: Proposal) -> bool:
    return post.role == Role.FILER and post.committee_id == proposal.committee_id


@rules.predicate
def is_in_its_assembly(post: Post, obj: Proposal | Assignment) -> bool:
    return post.assembly_id == obj.assembly_id


@rules.predicate
def is_in_its_bureau(post: Post, assignment: Assignment) -> bool:
    return post.bureau_id == assignment.bureau_id


@rules.predicate
def is_still_open(post: Post, proposal: Proposal) -> bool:
    return proposal.is_editable


def wears(*roles: str) -> rules.predicates.Predicate:
    """A post of one of these roles."""
    return rules.predicate(lambda post, obj: post.role in roles)


RULES = rules.RuleSet()
RULES.add_rule("proposal.edit", files_for_it & is_still_open)
for step in PROPOSAL:
    own = files_for_it if Role.FILER in step.by else is_in_its_assembly
    RULES.add_rule(f"proposal.{step.name}", wears(*step.by) & own)
for step in ASSIGNMENT:
    own = is_in_its_bureau if Role.CLERK in step.by else is_in_its_assembly
    RULES.add_rule(f"assignment.{step.name}", wears(*step.by) & own)


def may(post: Post, action: str, obj: Proposal | Assignment) -> bool:
    """Say whether this post may do this ("submit", "edit" …) with an object that it sees."""
    noun = obj._meta.model_name
    return action == "view" or RULES.test_rule(f"{noun}.{action}", post, obj)


def may_create(post: Post) -> bool:
    """A filer begins proposals for the own committee."""
    return post.role == Role.FILER


def require(post: Post, action: str, obj: Proposal | Assignment) -> None:
    """Raise PermissionDenied unless the post may."""
    if not may(post, action, obj):
        raise PermissionDenied


def get_or_404(post: Post, pk: int, action: str = "view") -> Proposal:
    """Return a proposal for this action.

    Http404 when the post may not know of it, PermissionDenied when it may not do this.
    """
    related = ("session", "committee", "category", "suggested_bureau", "assembly")
    return _through_the_door(post, visible_to(post).select_related(*related).filter(pk=pk), action)


def assignment_or_404(post: Post, pk: int, action: str = "view") -> Assignment:
    """Return an assignment for this action, or raise as `get_or_404` does."""
    rows = assignments_visible_to(post).select_related("proposal", "bureau")
    return _through_the_door(post, rows.filter(pk=pk), action)


def attachment_or_404(post: Post, pk: int, action: str = "view") -> Attachment:
    """Return an attachment of a proposal that the post may treat so."""
    attachment = Attachment.objects.filter(pk=pk, proposal__in=visible_to(post)).first()
    if attachment is None:
        raise Http404
    require(post, action, attachment.proposal)
    return attachment


def _through_the_door(post: Post, rows: QuerySet[CaseRow], action: str) -> CaseRow:
    obj = rows.first()
    if obj is None:
        raise Http404
    require(post, action, obj)
    return obj
