"""The handling sheet (办理单) of a case as PDF: it tells the same story as the case page, to the same reader."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from desk import selectors
from office import printing
from organizations.posts import OfficeRequest
from proposals import papers, policies


@require_safe
@printing.unkept
def handling(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return every step of a case on one sheet."""
    proposal = policies.get_or_404(request.post, pk)
    with printing.in_chinese():
        context = papers.handling_context(request.post, proposal, selectors.story_for(request.post, proposal))
    return printing.sheet("handling", context)
