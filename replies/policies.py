"""The only door to replies and letters: who sees which, who may do what.

A draft belongs to its bureau. The issued letter is seen by everyone who may see the case.
"""

import rules
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Post, Role
from proposals import policies as proposal_policies
from proposals.models import Assignment
from proposals.workflow import AssignmentState
from replies.models import Approval, DraftSave, IssuedLetter, LetterCopy, Reply, ReplyVersion
from replies.workflow import REPLY, ReplyState


def visible_to(post: Post) -> QuerySet[Reply]:
    """Return the replies whose drafting this post may follow: those of its own bureau."""
    rows: QuerySet[Reply] = Reply.objects.filter(assembly_id=post.assembly_id)
    return rows.filter(bureau_id=post.bureau_id) if post.role in BUREAU_ROLES else rows.none()


def letters_visible_to(post: Post) -> QuerySet[IssuedLetter]:
    """Return the issued letters that this post may read: those of the cases that it sees.

    A proposer's are those with a copy of the own.
    """
    cases = proposal_policies.visible_to(post).values("pk")
    rows: QuerySet[IssuedLetter] = IssuedLetter.objects.filter(assembly_id=post.assembly_id)
    rows = rows.filter(reply__proposal__in=cases)
    if post.role in PROPOSER_ROLES:
        return rows.filter(pk__in=_own_copies(post).values("letter"))
    return rows


def copies_visible_to(post: Post, letter: IssuedLetter | None = None) -> QuerySet[LetterCopy]:
    """Return the copies (of a letter) that this post sees: a proposer sees the own ones, others see all."""
    rows: QuerySet[LetterCopy] = LetterCopy.objects.filter(assembly_id=post.assembly_id)
    if post.role in PROPOSER_ROLES:
        rows = _own_copies(post)
    return rows.filter(letter=letter).order_by("order") if letter else rows.order_by("pk")


def _own_copies(post: Post) -> QuerySet[LetterCopy]:
    """The copies addressed to a filer's body, or to the member, whichever post the member held then."""
    rows: QuerySet[LetterCopy] = LetterCopy.objects.filter(assembly_id=post.assembly_id)
    if post.role == Role.FILER:
        return rows.filter(committee_id=post.committee_id) if post.committee_id else rows.none()
    return rows.filter(member__user_id=post.user_id)


@rules.predicate
def is_in_its_bureau(post: Post, reply: Reply) -> bool:
    return post.role in BUREAU_ROLES and post.bureau_id == reply.bureau_id


@rules.predicate
def is_open_draft(post: Post, reply: Reply) -> bool:
    return reply.state == ReplyState.DRAFTING


@rules.predicate
def did_not_write_it(post: Post, reply: Reply) -> bool:
    """Nobody approves a version that they wrote, whatever post they wear (DOMAIN: a reply's life)."""
    newest = reply.newest
    return newest is not None and not newest.writers.filter(pk=post.user_id).exists()


def wears(*roles: str) -> rules.predicates.Predicate:
    """A post of one of these roles."""
    return rules.predicate(lambda post, obj: post.role in roles)


APPROVING = ("pass", "sign")
RULES = rules.RuleSet()
RULES.add_rule("edit", wears(Role.CLERK) & is_in_its_bureau & is_open_draft)
for step in REPLY:
    allowed = wears(*step.by) & is_in_its_bureau
    RULES.add_rule(step.name, allowed & did_not_write_it if step.name in APPROVING else allowed)


def may(post: Post, action: str, reply: Reply) -> bool:
    """Say whether this post may do this ("edit", "sign" …) with a reply that it sees."""
    return action == "view" or bool(RULES.test_rule(action, post, reply))


def may_start(post: Post, assignment: Assignment) -> bool:
    """A clerk of the bureau drafts the reply that the bureau owes: one, and one more when the case is reopened."""
    owes = assignment.answers and assignment.state in (AssignmentState.SIGNED_IN, AssignmentState.REOPENED)
    ready = owes and not assignment.replies.filter(round=assignment.round).exists()
    return post.role == Role.CLERK and post.bureau_id == assignment.bureau_id and ready


def assignment_to_answer_or_404(post: Post, pk: int) -> Assignment:
    """Return an assignment that the post's bureau answers; only its clerks begin a reply."""
    assignment = proposal_policies.assignment_or_404(post, pk)
    if post.role != Role.CLERK:
        raise PermissionDenied
    return assignment


def require_clerk(post: Post, reply: Reply) -> None:
    """Raise PermissionDenied unless the post writes the bureau's replies, whatever state this one is in."""
    if post.role != Role.CLERK or not is_in_its_bureau(post, reply):
        raise PermissionDenied


def require(post: Post, action: str, reply: Reply) -> None:
    """Raise PermissionDenied unless the post may."""
    if not may(post, action, reply):
        raise PermissionDenied


def get_or_404(post: Post, pk: int, action: str = "view") -> Reply:
    """Return a reply for this action: Http404 for what one may not know of, else PermissionDenied."""
    related = (
        "proposal__committee",
        "proposal__member__user",
        "proposal__session",
        "proposal__assembly",
        "assignment",
        "bureau",
        "clerk__user",
    )
    reply = visible_to(post).select_related(*related, "result_class", "disclosure").filter(pk=pk).first()
    if reply is None:
        raise Http404
    reply.reader = post
    require(post, action, reply)
    return reply


def state_or_404(reply: Reply, name: str) -> DraftSave | ReplyVersion:
    """Return a state of a reply that the post sees, by its name in addresses: "s7" a save, "v2" a version."""
    found: DraftSave | ReplyVersion | None = None
    kind, number = name[:1], name[1:]
    if kind in ("s", "v") and number.isascii() and number.isdecimal() and len(number) < 8:
        rows = reply.saves if kind == "s" else reply.versions
        found = rows.select_related("result_class", "disclosure").filter(number=int(number)).first()
    if found is None:
        raise Http404
    return found


def letter_or_404(post: Post, pk: int) -> IssuedLetter:
    """Return an issued letter, or Http404 when the post may not know of it."""
    related = ("reply__proposal__session", "reply__assignment", "reply__corrects", "bureau")
    letter = letters_visible_to(post).select_related(*related).filter(pk=pk).first()
    if letter is None:
        raise Http404
    return letter


def copy_or_404(post: Post, letter: IssuedLetter, order: str = "") -> LetterCopy:
    """Return the copy of this order, or the first that the post sees; Http404 for one it may not know of."""
    rows = copies_visible_to(post, letter).select_related("proposal__session")
    wanted = (
        rows.filter(order=int(order)) if order.isascii() and order.isdecimal() and len(order) < 5 else rows
    )
    copy = wanted.first()
    if copy is None:
        raise Http404
    return copy


def decided_by(post: Post, reply: Reply) -> QuerySet[Approval]:
    """Return the decisions that this very person has taken on the reply, newest first."""
    return Approval.objects.filter(version__reply=reply, post__user_id=post.user_id).order_by("-pk")
