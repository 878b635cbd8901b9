"""How a page asks for what an act needs, for a case and for an assignment. No rule lives here."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import kept
from office.pages import ActForm, Done, perform_form
from organizations.posts import OfficeRequest
from proposals import policies
from proposals.forms import CaseForm
from proposals.models import Proposal
from proposals.workflow import PROPOSAL

show_or_do = require_http_methods(["GET", "HEAD", "POST"])


def act_page(
    request: OfficeRequest,
    pk: int,
    name: str,
    form_class: type[CaseForm],
    service: Callable[..., Any],
    done: Done,
    explain: str,
    **context: Any,
) -> HttpResponse:
    """Ask for what an act needs (GET), do it (POST); text from before a sign-out is in the fields again."""
    proposal = policies.get_or_404(request.post, pk, name)
    step, back = PROPOSAL[name], proposal.get_absolute_url()
    posted = request.method == "POST"
    if not posted and proposal.state not in step.source:
        messages.info(request, _not_now(proposal))
        return redirect(back)
    initial = context.pop("initial", None)
    form = form_class(request.POST if posted else lost_text(request), proposal=proposal, initial=initial)
    if posted:
        act = _act_on(service, pk, request)
        if response := perform_form(form, request, act, done=done, back=back):
            return response
        form.show_newest()
    page = {"heading": step.label, "button": step.label, "kind": step.kind, "url": back, "form": form}
    page |= {"about": heading_of(proposal), "explain": explain, **context}
    return render(request, "act.html", page, status=422 if posted else 200)


def _act_on(service: Callable[..., Any], pk: int, request: OfficeRequest) -> Callable[[dict[str, Any]], Any]:
    return lambda values: service(proposal_id=pk, post=request.post, **values)


def lost_text(request: OfficeRequest) -> Any:
    if lost := kept.take_back(request):
        told = _("What you typed before you were signed out is here again. It was not sent yet.")
        messages.info(request, told)
    return lost


def _not_now(proposal: Proposal) -> str:
    state = str(proposal.get_state_display())
    return _("This cannot be done now: it stands at “%(state)s”.") % {"state": state}


def heading_of(proposal: Proposal) -> str:
    """Return how a page names a case: its number, once it has one, and its title."""
    if proposal.number is None:
        return proposal.short_title
    return _("No. %(n)d %(title)s") % {"n": proposal.number, "title": proposal.short_title}


def asked(
    request: OfficeRequest,
    form: ActForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    label: str | Promise,
    about: Proposal,
    done: Done,
    explain: str = "",
    kind: str = "main",
    **context: Any,
) -> HttpResponse:
    """Show the page of an act on an assignment, or do it with what the form brought."""
    back = about.get_absolute_url()
    if request.method == "POST" and (answer := perform_form(form, request, act, done=done, back=back)):
        return answer
    if request.method == "POST" and isinstance(form, CaseForm):
        form.show_newest()
    page = {"heading": label, "button": label, "kind": kind, "url": back, "form": form}
    page |= {"about": heading_of(about), "explain": explain, **context}
    return render(request, "act.html", page, status=422 if request.method == "POST" else 200)


def sent(request: OfficeRequest) -> Any:
    """Return what a page's form is made from: what was posted, else what was typed before a sign-out."""
    return request.POST if request.method == "POST" else lost_text(request)
