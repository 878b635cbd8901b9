"""The only door to proposals, attachments and assignments: who sees which, who may do what.

What one may not know of is not found (404); what one may see and not do is refused (403).
"""

from typing import Any, TypeVar

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Dispatcher, Post, Role
from proposals.models import Assignment, Attachment, Cosigner, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState

CaseRow = TypeVar("CaseRow", Proposal, Assignment)
# What is not sent yet is its writers' own; one that never was sent stays so when it is withdrawn.
UNSEEN_BY_REVIEWERS = (ProposalState.DRAFT, ProposalState.COSIGNING)
SEEN_BY_DISPATCHERS = (
    ProposalState.FILED,
    ProposalState.MERGED,
    ProposalState.ASSIGNED,
    ProposalState.IN_HAND,
    ProposalState.ANSWERED,
    ProposalState.REOPENED,
    ProposalState.CLOSED,
)
SIGNING = (Cosigner.State.INVITED, Cosigner.State.ACCEPTED)


def visible_to(post: Post) -> QuerySet[Proposal]:
    """Return the proposals that this post may know of."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(assembly_id=post.assembly_id)
    if post.role in PROPOSER_ROLES:
        own = _filed_or_signed_by(post)
        # A merged proposal is answered in its lead, so its proposers read that as well.
        led = Proposal.objects.filter(own, merged_into__isnull=False).values("merged_into")
        return rows.filter(own | Q(pk__in=led))
    if post.role == Role.REVIEWER:
        unsent = Q(state__in=UNSEEN_BY_REVIEWERS) | Q(state=ProposalState.WITHDRAWN, submitted_at=None)
        return rows.filter(~unsent | Q(entered_by__isnull=False))
    if post.role == Role.DISPATCHER:
        return rows.filter(state__in=SEEN_BY_DISPATCHERS)
    if post.role in BUREAU_ROLES:
        own_parts = assignments_visible_to(post)
        led = Proposal.objects.filter(merged_into__in=own_parts.values("proposal")).values("pk")
        return rows.filter(Exists(own_parts.filter(proposal=OuterRef("pk"))) | Q(pk__in=led))
    return rows.none()


def filed_by(post: Post) -> QuerySet[Proposal]:
    """Return the proposals that this filer's body or this member files first."""
    rows: QuerySet[Proposal] = Proposal.objects.filter(assembly_id=post.assembly_id)
    if post.role == Role.FILER:
        return rows.filter(committee_id=post.committee_id)
    return rows.filter(member__user_id=post.user_id) if post.role == Role.MEMBER else rows.none()


def takes_part(post: Post, proposal: Proposal) -> bool:
    """Say whether the post is among those who file the proposal, sign it or are asked to."""
    if post.role not in PROPOSER_ROLES:
        return False
    return bool(Proposal.objects.filter(_filed_or_signed_by(post), pk=proposal.pk).exists())


def _filed_or_signed_by(post: Post) -> Q:
    """The proposals that a filer's body or a member filed, signed, or is asked to sign."""
    asked: Any = Cosigner.objects.filter(state__in=SIGNING)
    if post.role == Role.FILER:
        signed = asked.filter(committee_id=post.committee_id)
        return Q(committee_id=post.committee_id) | Q(pk__in=signed.values("proposal"))
    signed = asked.filter(member__user_id=post.user_id)
    return Q(member__user_id=post.user_id) | Q(pk__in=signed.values("proposal"))


def assignments_visible_to(post: Post) -> QuerySet[Assignment]:
    """Return the assignments that this post may know of; one that was taken back is gone for its bureau."""
    rows: QuerySet[Assignment] = Assignment.objects.filter(assembly_id=post.assembly_id)
    if post.role in BUREAU_ROLES:
        return rows.filter(bureau_id=post.bureau_id).exclude(state=AssignmentState.RECALLED)
    if post.role in (Role.DISPATCHER, Role.REVIEWER):
        return rows
    return rows.none()


@rules.predicate
def files_for_it(post: Post, proposal: Proposal) -> bool:
    """The filer of its body, the member whose own it is, or the reviewer who enters it from paper."""
    if post.role == Role.FILER:
        return proposal.committee_id is not None and post.committee_id == proposal.committee_id
    if post.role == Role.MEMBER:
        return proposal.member is not None and post.user_id == proposal.member.user_id
    return post.role == Role.REVIEWER and proposal.entered_by_id is not None and proposal.is_editable


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


@rules.predicate
def is_second_person(post: Post, assignment: Assignment) -> bool:
    """A request is never decided by the person who made it, whatever post is worn."""
    asked = assignment.declines.filter(decision="").first()
    return asked is None or asked.asked_by.user_id != post.user_id


@rules.predicate
def gives_assignments(post: Post, obj: Proposal | Assignment) -> bool:
    """A dispatcher gives proposals to bureaus; where there is no dispatching office, the reviewers do."""
    if post.role == Role.DISPATCHER:
        return True
    return post.role == Role.REVIEWER and not _offices(post).exists()


def _offices(post: Post) -> QuerySet[Dispatcher]:
    rows: QuerySet[Dispatcher] = Dispatcher.objects.filter(assembly_id=post.assembly_id, is_active=True)
    return rows


DECIDING = ("reassign", "join", "insist")
RULES = rules.RuleSet()
RULES.add_rule("proposal.edit", files_for_it & is_still_open)
RULES.add_rule("proposal.mark", wears(Role.REVIEWER) & is_in_its_assembly)
for step in PROPOSAL:
    own = files_for_it if Role.FILER in step.by else is_in_its_assembly
    allowed = wears(*step.by) & own
    RULES.add_rule(f"proposal.{step.name}", allowed & gives_assignments if step.name == "assign" else allowed)
for step in ASSIGNMENT:
    own = is_in_its_bureau if Role.CLERK in step.by else is_in_its_assembly & gives_assignments
    allowed = wears(*step.by) & own
    RULES.add_rule(
        f"assignment.{step.name}", allowed & is_second_person if step.name in DECIDING else allowed
    )
RULES.add_rule("assignment.add", is_in_its_assembly & gives_assignments)
RULES.add_rule("assignment.chase", is_in_its_assembly & gives_assignments)
RULES.add_rule("assignment.decide_extension", is_in_its_assembly & gives_assignments)
RULES.add_rule("assignment.ask_extension", wears(Role.CLERK) & is_in_its_bureau)
RULES.add_rule("assignment.note_contact", wears(Role.CLERK) & is_in_its_bureau)
RULES.add_rule("assignment.hand_over", wears(Role.CLERK, Role.CHECKER) & is_in_its_bureau)


def may(post: Post, action: str, obj: Proposal | Assignment) -> bool:
    """Say whether this post may do this ("submit", "edit" …) with an object that it sees."""
    noun = obj._meta.model_name
    return action == "view" or RULES.test_rule(f"{noun}.{action}", post, obj)


def may_create(post: Post) -> bool:
    """A filer begins proposals for the own body, a member for themselves."""
    return post.role in PROPOSER_ROLES


def may_enter(post: Post) -> bool:
    """A reviewer enters paper proposals for others (代录)."""
    return post.role == Role.REVIEWER


def may_give_assignments(post: Post) -> bool:
    """Say whether this post gives proposals of its assembly to bureaus."""
    return bool(gives_assignments(post, None))


def if_it_gives(post: Post, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows to a post that gives assignments, none to others; asked together with the rows."""
    if post.role == Role.REVIEWER:
        return rows.exclude(Exists(_offices(post)))
    return rows if post.role == Role.DISPATCHER else rows.none()


def may_watch_dates(post: Post) -> bool:
    """Reviewers and dispatchers see what every bureau owes and by when."""
    return post.role in (Role.REVIEWER, Role.DISPATCHER)


def invitations_to(post: Post) -> QuerySet[Cosigner]:
    """Return the invitations that this post itself answers: nobody signs for another."""
    rows: QuerySet[Cosigner] = Cosigner.objects.filter(assembly_id=post.assembly_id)
    if post.role == Role.MEMBER:
        return rows.filter(member__user_id=post.user_id)
    own = Q(committee=post.committee) if post.role == Role.FILER else Q(pk=None)
    return rows.filter(own)


def invitation_or_404(post: Post, pk: int) -> Cosigner:
    """Return an invitation of this post's own, or Http404."""
    found = invitations_to(post).select_related("proposal", "committee", "member__user").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def require(post: Post, action: str, obj: Proposal | Assignment) -> None:
    """Raise PermissionDenied unless the post may."""
    if not may(post, action, obj):
        raise PermissionDenied


def get_or_404(post: Post, pk: int, action: str = "view") -> Proposal:
    """Return a proposal for this action.

    Http404 when the post may not know of it, PermissionDenied when it may not do this.
    """
    related = ("session", "committee", "member__user", "category", "suggested_bureau", "assembly")
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
