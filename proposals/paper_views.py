"""Printed forms of a case and of a session, as PDF: each for who may read what it says. No browser keeps them."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from office import printing
from office.printing import unkept
from organizations.models import Session
from organizations.posts import OfficeRequest
from proposals import filters, papers, policies
from proposals.models import ENDED, Chase, Decline, Extension


@require_safe
@unkept
def proposal(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the proposal form (提案表)."""
    case = policies.get_or_404(request.post, pk)
    return printing.sheet("proposal", papers.proposal_context(request.post, case))


@require_safe
@unkept
def assignment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the notice of an assignment (交办通知单); one that has ended is no order any more."""
    part = policies.assignment_or_404(request.post, pk)
    if part.state in ENDED:
        raise Http404
    return printing.sheet("assignment", papers.assignment_context(part))


@require_safe
@unkept
def decline(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return a request not to handle a proposal (退办申请单)."""
    row = papers.row_or_404(Decline, request.post, pk)
    return printing.sheet("decline", papers.decline_context(row))


@require_safe
@unkept
def extension(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return a request for more time (延期申请单)."""
    row = papers.row_or_404(Extension, request.post, pk)
    return printing.sheet("extension", papers.extension_context(row))


@require_safe
@unkept
def chase(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return a reminder to a bureau (催办单)."""
    row = papers.row_or_404(Chase, request.post, pk)
    return printing.sheet("chase", papers.chase_context(row))


@require_safe
@unkept
def catalogue(request: OfficeRequest) -> HttpResponse:
    """Return the catalogue (提案目录) of the session in the address, else of the current one.

    It holds what the list of cases shows under the same address: words, bureau and state narrow it as well.
    """
    sessions = Session.objects.filter(assembly_id=request.post.assembly_id).select_related("assembly")
    wanted = request.GET.get("session", "")
    chosen = {"pk": wanted} if wanted.isdecimal() else {"is_current": True}
    session = sessions.filter(**chosen).first()
    if session is None:
        raise Http404
    asked = filters.cases_for(request)
    return printing.sheet("catalogue", papers.catalogue_context(session, asked.qs))
