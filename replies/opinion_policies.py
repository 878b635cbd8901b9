"""The only door to opinions of co-handling bureaus: who sees which, who may do what. No proposer sees any."""

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from organizations.models import BUREAU_ROLES, Post, Role
from proposals import policies as proposal_policies
from proposals.models import ENDED, Assignment, Proposal
from proposals.workflow import AssignmentState
from replies.models import Opinion
from replies.opinion_workflow import OPINION, OpinionState

OFFICES = (Role.DISPATCHER, Role.REVIEWER)


def visible_to(post: Post) -> QuerySet[Opinion]:
    """Return the opinions whose text this post may read.

    Its bureau reads it from the draft on; once given, so do the bureaus that answer the proposal and the offices.
    """
    rows: QuerySet[Opinion] = Opinion.objects.filter(assembly_id=post.assembly_id)
    given = Q(state=OpinionState.GIVEN)
    if post.role in OFFICES:
        return rows.filter(given)
    if post.role in BUREAU_ROLES:
        answering = _answering(post).values("proposal")
        return rows.filter(Q(bureau_id=post.bureau_id) | (given & Q(proposal__in=answering)))
    return rows.none()


def of_own_bureau(post: Post) -> QuerySet[Opinion]:
    """Return the opinions that this post's bureau writes or wrote."""
    rows: QuerySet[Opinion] = Opinion.objects.filter(assembly_id=post.assembly_id)
    return rows.filter(bureau_id=post.bureau_id) if post.role in BUREAU_ROLES else rows.none()


def co_parts_visible_to(post: Post, proposal: Proposal) -> QuerySet[Assignment]:
    """Return the co-handling assignments of a case of which this post may know how far the opinion is."""
    rows: QuerySet[Assignment] = proposal.assignments.exclude(state__in=ENDED)
    rows = rows.filter(part=Assignment.Part.CO).select_related("bureau").order_by("pk")
    if post.role in OFFICES or _answering(post).filter(proposal=proposal).exists():
        return rows
    return rows.filter(bureau_id=post.bureau_id) if post.role in BUREAU_ROLES else rows.none()


def _answering(post: Post) -> QuerySet[Assignment]:
    """The assignments by which the post's bureau owes the proposers a letter."""
    if post.role not in BUREAU_ROLES:
        return Assignment.objects.none()
    rows = proposal_policies.assignments_visible_to(post).exclude(state__in=ENDED)
    return rows.exclude(part=Assignment.Part.CO)


@rules.predicate
def is_in_its_bureau(post: Post, opinion: Opinion) -> bool:
    return post.role in BUREAU_ROLES and post.bureau_id == opinion.bureau_id


@rules.predicate
def is_open_draft(post: Post, opinion: Opinion) -> bool:
    return opinion.state == OpinionState.DRAFTING


@rules.predicate
def did_not_write_it(post: Post, opinion: Opinion) -> bool:
    """Nobody signs what they wrote or sent up, whatever post they wear."""
    sent = opinion.sent_by is not None and opinion.sent_by.user_id == post.user_id
    return not sent and not opinion.writers.filter(pk=post.user_id).exists()


RULES = rules.RuleSet()
RULES.add_rule("edit", proposal_policies.wears(Role.CLERK) & is_in_its_bureau & is_open_draft)
for step in OPINION:
    allowed = proposal_policies.wears(*step.by) & is_in_its_bureau
    RULES.add_rule(step.name, allowed & did_not_write_it if step.name == "give" else allowed)


def may(post: Post, action: str, opinion: Opinion) -> bool:
    """Say whether this post may do this ("edit", "give" …) with an opinion that it sees."""
    return action == "view" or bool(RULES.test_rule(action, post, opinion))


def may_start(post: Post, assignment: Assignment) -> bool:
    """A clerk of the co-handling bureau drafts the one opinion that it owes, once it has signed in."""
    owes = not assignment.answers and assignment.state == AssignmentState.SIGNED_IN
    begun = Opinion.objects.filter(assignment=assignment).exists()
    return post.role == Role.CLERK and post.bureau_id == assignment.bureau_id and owes and not begun


def require(post: Post, action: str, opinion: Opinion) -> None:
    """Raise PermissionDenied unless the post may."""
    if not may(post, action, opinion):
        raise PermissionDenied


def require_clerk(post: Post, opinion: Opinion) -> None:
    """Raise PermissionDenied unless the post writes the bureau's opinions, whatever state this one is in."""
    if post.role != Role.CLERK or not is_in_its_bureau(post, opinion):
        raise PermissionDenied


def get_or_404(post: Post, pk: int, action: str = "view") -> Opinion:
    """Return an opinion for this action: Http404 for what one may not know of, else PermissionDenied."""
    related = (
        "proposal__session",
        "proposal__assembly",
        "proposal__committee",
        "proposal__member__user",
        "assignment__bureau",
        "assignment__dispatcher",
        "bureau",
        "clerk__user",
        "sent_by__user",
        "signed_by__user",
        "returned_by__user",
        "returned_by__bureau",
    )
    opinion = visible_to(post).select_related(*related).filter(pk=pk).first()
    if opinion is None:
        raise Http404
    require(post, action, opinion)
    return opinion


def barred_as_writer(post: Post, opinion: Opinion) -> bool:
    """Say whether this post's signature is due and only its own words stand against it."""
    due = opinion.state == OpinionState.AWAITING_SIGNATURE and post.role == Role.LEADER
    return bool(due and is_in_its_bureau(post, opinion) and not did_not_write_it(post, opinion))
