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
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.second_factor import proven_by
from office import clock
from office.pages import perform, perform_form
from organizations import proof_views
from organizations.posts import OfficeRequest
from replies import (
    policies,
    remark_selectors,
    selectors,
    services,
    sheets,
    sign_many_selectors,
    sign_many_services,
)
from replies.forms import IssueForm, SeenForm
from replies.models import Reply
from replies.remark_forms import ReturnForm
from replies.workflow import REPLY, ReplyState

DESK = "desk:home"
# What binds the office: it needs a second factor and a proof just before (decisions/0012-step-up.md).
SIGNATURES = ("sign", "issue")

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
    if request.method == "GET":
        sign_many_services.look(reply=reply, post=request.post)
    context = selectors.review_of(request.post, reply) | sheets.judged(reply)
    context |= remark_selectors.margin_of(request.post, reply)
    context["together"] = sign_many_selectors.together(request.post, reply)
    _name_remarks(context["acts"], len(context["open_remarks"]))
    proof_views.prepare(request, context["acts"], SIGNATURES)
    return render(request, "replies/review.html", context)


def _name_remarks(acts: list[dict[str, Any]], n: int) -> None:
    """A return that can be made of the open remarks says so on its button."""
    for one in acts:
        if n and one.get("name") and REPLY[one["name"]].is_return:
            said = ngettext("%(act)s with %(n)d remark", "%(act)s with %(n)d remarks", n)
            one["label"] = said % {"act": one["label"], "n": n}


@require_http_methods(["GET", "POST"])
def act(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Pass, sign or take back; the page to look at again when it is refused, the desk when it is done."""
    reply = policies.get_or_404(request.post, pk, name)
    back = reverse("replies:review", args=[pk])
    if request.method == "GET":  # the page that asks who signs, asked for again after its session ended
        return redirect(back)
    if asked := proof_views.asked_before(
        request, REPLY[name], SIGNATURES, about=reply.proposal.short_title, back=back
    ):
        return asked
    service, done, after = ACTS[name]
    form = SeenForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.fields["version_seen"].error_messages["required"])
        return redirect(back)
    return perform(
        request,
        lambda: service(
            reply_id=pk,
            post=request.post,
            **form.cleaned_data,
            **proof_views.proof_for(request, name, SIGNATURES),
        ),
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
    remarks = remark_selectors.open_on(reply)
    form = ReturnForm(request.POST or None, remarks=remarks, initial=_seen(reply) | _kept(request))
    answer = request.method == "POST" and perform_form(
        form,
        request,
        lambda facts: services.reply_return(reply_id=pk, post=request.post, step=name, **facts),
        done=_("Returned to the clerk with your reason."),
        back=reverse(DESK),
    )
    explain = _("The clerk gets it back with your reason; approvals given so far become void.")
    more = {"explain": explain, "before": "replies/remark_attached.html", "remarks": remarks}
    return answer or _asked(request, reply, name, form, kind="danger", **more)


@require_http_methods(["GET", "POST"])
def issue(request: OfficeRequest, pk: int) -> HttpResponse:
    """Number, date and issue the signed version."""
    reply = policies.get_or_404(request.post, pk, "issue")
    if request.method == "GET" and reply.state not in REPLY["issue"].source:
        return _too_late(request, reply)
    if asked := proof_views.asked_before(
        request, REPLY["issue"], SIGNATURES, about=reply.proposal.short_title, back=request.path
    ):
        return asked
    signed = services.signed_on(reply)
    span = {"first": signed, "last": max(signed, clock.today())}
    form = IssueForm(request.POST or None, initial=_seen(reply) | {"dated": signed}, **span)
    answer = request.method == "POST" and perform_form(
        form,
        request,
        lambda facts: services.reply_issue(reply_id=pk, post=request.post, **facts, proof=proven_by(request)),
        done=lambda letter: _("Issued as %s. The letter can be printed and sent.") % letter,
        back=reply.get_absolute_url(),
    )
    return answer or _asked(request, reply, "issue", form, **_issue_page(request, reply, signed))


def _issue_page(request: OfficeRequest, reply: Reply, signed: dt.date) -> dict[str, Any]:
    """What the page of the issue shows beside its date: the number to expect, and the pages."""
    expected = services.expected_doc_number(reply.bureau, signed.year)
    explain = _("It gets the bureau's next number, presumably %s.") % expected
    first = proof_views.comes_first(request, REPLY["issue"].confirm)
    shown = {"before": "organizations/signing_hint.html", "more": "replies/pages_to_issue.html"}
    return sheets.judged(reply) | first | shown | {"explain": explain}


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
