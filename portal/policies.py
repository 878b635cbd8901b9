"""The only door to what is published: the public sees what is live, the proposals committee decides what is."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django_scopes import scopes_disabled

from organizations.models import Assembly, Post, Role
from portal.models import Publication, PublishedLetter
from proposals import policies as proposals
from proposals.models import Proposal


def may_publish(post: Post) -> bool:
    """The proposals committee publishes, and takes back what it published."""
    return post.role == Role.REVIEWER


def require_publisher(post: Post) -> None:
    """Raise PermissionDenied for a post that does not publish."""
    if not may_publish(post):
        raise PermissionDenied


def proposal_or_404(post: Post, pk: int) -> Proposal:
    """Return a proposal that this post may decide to publish."""
    found = proposals.get_or_404(post, pk)
    require_publisher(post)
    return found


def publication_or_404(post: Post, pk: int) -> Publication:
    """Return a publication that this post may take back."""
    row = Publication.objects.filter(assembly_id=post.assembly_id, pk=pk).select_related("proposal").first()
    if row is None or not proposals.visible_to(post).filter(pk=row.proposal_id).exists():
        raise Http404
    require_publisher(post)
    return row


# ---- the public


def assembly_or_404(code: str) -> Assembly:
    """Return the assembly with this division code."""
    row = Assembly.objects.filter(code=code).first()
    if row is None:
        raise Http404
    return row


def assemblies_that_publish() -> QuerySet[Assembly]:
    """Return the assemblies of which something can be read."""
    with scopes_disabled():
        live = Publication.objects.filter(withdrawn_at=None).values("assembly")
        return Assembly.objects.filter(pk__in=live).order_by("code")


def live(assembly: Assembly | None = None) -> QuerySet[Publication]:
    """Return what everyone can read, newest first: of one assembly, or of all (outside any scope)."""
    rows: QuerySet[Publication] = Publication.objects.filter(withdrawn_at=None)
    return rows.filter(assembly=assembly) if assembly else rows


def public_or_404(assembly: Assembly, pk: int) -> Publication:
    """Return a publication of this assembly, live or withdrawn: the page says of the latter that it is gone."""
    row: Publication | None = Publication.objects.filter(assembly=assembly, pk=pk).first()
    if row is None:
        raise Http404
    return row


def letter_or_404(publication: Publication, order: int) -> PublishedLetter:
    """Return the public copy of one letter of a live publication."""
    row: PublishedLetter | None = publication.letters.filter(order=order).first()
    if row is None:
        raise Http404
    return row
