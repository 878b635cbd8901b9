"""The desk and the case page: read-only, each for the post that is worn."""

from django.http import HttpResponse
from django.shortcuts import render

from desk import case, selectors
from organizations.posts import OfficeRequest
from proposals import policies


def home(request: OfficeRequest) -> HttpResponse:
    """Show what waits for this post, what it has sent, and the next sensible thing when nothing waits."""
    return render(request, "desk/home.html", {"desk": selectors.desk_of(request.post)})


def show_case(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a case whole: where it stands, who has it, what this post may do, the text, the story."""
    proposal = policies.get_or_404(request.post, pk)
    return render(request, "desk/case.html", case.page_of(request.post, proposal))
