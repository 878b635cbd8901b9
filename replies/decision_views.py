"""Where a checker and a leader look and decide, and where the seal keeper issues. No drafting here."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import kept
from office import clock
from office.pages import perform, perform_form
from organizations.posts import OfficeRequest
from replies import policies, selectors, services, sheets
from replies.forms import IssueForm, ReasonForm, SeenForm
from replies.models import Reply
from replies.workflow import REPLY, ReplyState

DESK = "desk:home"

# Acts that ask for nothing: the service, what the page says afterwards, and where the work goes on.
ACTS: dict[str, tuple[Callable[..., Any], str | Promise, str]] = {
    "pass": (services.reply_pass, gettext_lazy("Passed on for signature."), DESK),
    "sign": (services.reply_sign, gettext_lazy("Signed. The seal keeper numbers and issues it now."), DESK),
    "recall": (services.reply_recall, gettext_lazy("Taken back: the draft is yours again."), "replies:draft"),
    "pass_recall": (services.reply_pass_recall, gettext_lazy("Taken back to checking."), "replies:review"),
}


@require_safe
def review(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show the reply to whoever in the bureau follows it, with what this post may decide now."""
    reply = policies.get_or_404(request.post, pk)
    if reply.state == ReplyState.ISSUED:
        return redirect("replies:letter", reply.letter.pk)
    context = selectors.review_of(request.post, reply) | sheets.judged(reply)
    return render(request, "replies/review.html", context)


@require_POST
def act(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Pass, sign or take back; the page to look at again when it is refused, the desk when it is done."""
    policies.get_or_404(request.post, pk, name)
    service, done, after = ACTS[name]
    back = reverse("replies:review", args=[pk])
    form = SeenForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.fields["version_seen"].error_messages["required"])
        return redirect(back)
    return perform(
        request,
        lambda: service(reply_id=pk, post=request.post, **form.cleaned_data),
        done=done,
        back=reverse(after, args=[] if after == DESK else [pk]),
        if_refused=back,
    )


@require_http_methods(["GET", "POST"])
def send_back(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Return a version to the clerk with a reason."""
    reply = policies.get_or_404(request.post, pk, name)
    if request.method == "GET" and reply.state not in REPLY[name].source:
        return _too_late(request, reply)
    form = ReasonForm(request.POST or None, initial=_seen(reply) | _kept(request))
    answer = request.method == "POST" and perform_form(
        form,
        request,
        lambda facts: services.reply_return(reply_id=pk, post=request.post, step=name, **facts),
        done=_("Returned to the clerk with your reason."),
        back=reverse(DESK),
    )
    explain = _("The clerk gets it back with your reason; approvals given so far become void.")
    return answer or _asked(request, reply, name, form, kind="danger", explain=explain)


@require_http_methods(["GET", "POST"])
def issue(request: OfficeRequest, pk: int) -> HttpResponse:
    """Number, date and issue the signed version."""
    reply = policies.get_or_404(request.post, pk, "issue")
    if request.method == "GET" and reply.state not in REPLY["issue"].source:
        return _too_late(request, reply)
    signed = services.signed_on(reply)
    span = {"first": signed, "last": max(signed, clock.today())}
    form = IssueForm(request.POST or None, initial=_seen(reply) | {"dated": signed}, **span)
    answer = request.method == "POST" and perform_form(
        form,
        request,
        lambda facts: services.reply_issue(reply_id=pk, post=request.post, **facts),
        done=lambda letter: _("Issued as %s. The letter can be printed and sent.") % letter,
        back=reply.get_absolute_url(),
    )
    return answer or _asked(request, reply, "issue", form, **_issue_page(reply, signed))


def _issue_page(reply: Reply, signed: dt.date) -> dict[str, Any]:
    """What the page of the issue shows beside its date: the number to expect, and the pages."""
    expected = services.expected_doc_number(reply.bureau, signed.year)
    explain = _("It gets the bureau's next number, presumably %s.") % expected
    return sheets.judged(reply) | {"explain": explain, "more": "replies/pages_to_issue.html"}


def _too_late(request: OfficeRequest, reply: Reply) -> HttpResponse:
    stands = ReplyState(reply.state).label
    messages.error(request, _("This cannot be done now: it stands at “%(state)s”.") % {"state": stands})
    return redirect("replies:review", reply.pk)


def _seen(reply: Reply) -> dict[str, Any]:
    newest = reply.newest
    return {"version_seen": newest.number if newest else None}


def _kept(request: OfficeRequest) -> dict[str, str]:
    """The reason that was typed before the session ended."""
    typed = kept.take_back(request) if request.method == "GET" else None
    return {"note": typed.get("note", "")} if typed else {}


def _asked(request: OfficeRequest, reply: Reply, name: str, form: SeenForm, **more: Any) -> HttpResponse:
    """Show the page of an act; after a refusal with what was typed, and for the version as it stands now."""
    if form.is_bound:
        # The refusal sends the reader to the newest version; what is sent after that is about that one.
        form.data = request.POST.copy()
        form.data["version_seen"] = _seen(reply)["version_seen"]
    label = REPLY[name].label
    context = {
        "heading": label,
        "button": label,
        "about": reply.proposal.short_title,
        "url": reverse("replies:review", args=[reply.pk]),
        "form": form,
        "reply": reply,
        "confirm": REPLY[name].confirm,
    }
    return render(request, "act.html", context | more, status=422 if form.is_bound else 200)
