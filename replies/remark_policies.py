"""Who sees the remarks on a reply, and who adds to them. Whoever of the bureau sees the reply sees them all."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from organizations.models import Post, Role
from replies import policies
from replies.models import Remark, Reply

# Those who write, check and sign; the seal keeper reads.
REMARKING = (Role.CLERK, Role.CHECKER, Role.LEADER)


def visible_to(post: Post) -> QuerySet[Remark]:
    """Return the remarks on the replies whose drafting this post may follow."""
    replies = policies.visible_to(post).values("pk")
    rows: QuerySet[Remark] = Remark.objects.filter(assembly_id=post.assembly_id, reply__in=replies)
    return rows


def may(post: Post, reply: Reply) -> bool:
    """Say whether this post may remark on a reply, and answer and settle what others remarked."""
    return post.role in REMARKING and policies.is_in_its_bureau(post, reply)


def require(post: Post, reply: Reply) -> None:
    """Raise PermissionDenied unless the post may remark on the reply."""
    if not may(post, reply):
        raise PermissionDenied


def get_or_404(post: Post, pk: int) -> Remark:
    """Return a remark with its reply, or Http404 when the post may not know of it."""
    related = ("version", "post__user", "post__bureau")
    remark = visible_to(post).select_related(*related).filter(pk=pk).first()
    if remark is None:
        raise Http404
    remark.reply = policies.get_or_404(post, remark.reply_id)
    return remark
