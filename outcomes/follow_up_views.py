"""Pages of the follow-up letter: write it, look at it before it goes, print the copies."""

import functools

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office.printing import answer, unkept
from organizations.posts import OfficeRequest
from outcomes import papers, policies, selectors, services
from outcomes.act_pages import asked, sent, show_or_do
from outcomes.forms import FollowUpForm
from outcomes.models import Commitment


@show_or_do
@unkept
def write(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write to the proposers how a promise was kept; with `look` only show the pages."""
    row = policies.commitment_or_404(request.post, pk, to_change=True)
    back = reverse("outcomes:commitment", args=[pk])
    if row.done_on is None:
        messages.info(request, _("Note first that the promise was kept."))
        return redirect(back)
    form = FollowUpForm(sent(request), initial={"text": selectors.progress_of(row)})
    if "look" in request.POST and form.is_valid():
        return _looked_at(request, row, form)
    act = functools.partial(services.follow_up_send, commitment=row)
    done = _("The letter is ready: print it and send it out. The proposers can read it here.")
    page = {"row": row, "copies": list(row.letter.copies.order_by("order"))}
    return asked(request, form, act, done=done, back=back, template="outcomes/follow_up.html", **page)


def _looked_at(request: OfficeRequest, row: Commitment, form: FollowUpForm) -> HttpResponse:
    text, dated = form.cleaned_data["text"], form.cleaned_data["dated"]
    made = services.follow_up_made(row, request.post, text=text, dated=dated)
    return answer(papers.follow_ups(made, is_draft=True), papers.follow_up_name(made))


@require_safe
@unkept
def letters(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the copies of a follow-up letter that this post may read as one PDF; with `copy`, that one alone."""
    row = policies.follow_up_or_404(request.post, pk)
    chosen = papers.chosen(row, request.GET.get("copy", ""))
    return answer(papers.follow_ups(row, chosen), papers.follow_up_name(row))
