"""The only door to batches: the own bureau's people see them, its seal keepers work with them."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from issuing.models import Batch
from organizations.models import BUREAU_ROLES, Post, Role
from replies import policies as replies
from replies.models import Reply
from replies.workflow import ReplyState


def visible_to(post: Post) -> QuerySet[Batch]:
    """Return the batches of the post's own bureau."""
    rows: QuerySet[Batch] = Batch.objects.filter(assembly_id=post.assembly_id)
    return rows.filter(bureau=post.bureau) if post.role in BUREAU_ROLES else rows.none()


def may_issue(post: Post) -> bool:
    """Who numbers and issues the bureau's letters."""
    return post.role == Role.SEALKEEPER


def require_issuer(post: Post) -> None:
    """Raise PermissionDenied for a post that does not issue."""
    if not may_issue(post):
        raise PermissionDenied


def batch_or_404(post: Post, pk: int, *, to_change: bool = False) -> Batch:
    """Return a batch: Http404 for one of another bureau, PermissionDenied for who only reads."""
    row = visible_to(post).select_related("bureau", "post__user").filter(pk=pk).first()
    if row is None:
        raise Http404
    if to_change:
        require_issuer(post)
    return row


def issuable(post: Post) -> QuerySet[Reply]:
    """Return the signed replies that this post may issue now, those in a batch under way left out."""
    if not may_issue(post):
        return Reply.objects.none()
    waiting = Batch.objects.filter(state=Batch.State.RUNNING, items__state="waiting").values("items__reply")
    rows = replies.visible_to(post).filter(state=ReplyState.SIGNED).exclude(pk__in=waiting)
    related = ("proposal__committee", "proposal__member__user", "proposal__session", "assignment", "bureau")
    return rows.select_related(*related).order_by("assignment__due_on", "pk")
