"""Pages of the remarks: note one, one with all that followed on it, all of a reply."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from office.pages import Done, perform, perform_form
from organizations.posts import OfficeRequest
from replies import policies, remark_policies, remark_selectors
from replies import remark_services as services
from replies.models import Remark, Reply
from replies.remark_forms import FollowForm, RemarkForm
from replies.workflow import ReplyState

# The verbs on one remark, by the name of the button that was pressed.
VERBS: dict[str, tuple[Any, str | Promise]] = {
    "answer": (services.remark_answer, gettext_lazy("Your answer stands beside the remark.")),
    "settle": (services.remark_settle, gettext_lazy("The remark is settled.")),
    "reopen": (services.remark_reopen, gettext_lazy("The remark is open again.")),
}


@require_http_methods(["GET", "POST"])
def add(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note a remark on a paragraph of the newest version; ?place= names it, 0 the letter as a whole."""
    reply = policies.get_or_404(request.post, pk)
    remark_policies.require(request.post, reply)
    back = reverse("replies:review", args=[pk])
    typed = kept.take_back(request) if request.method == "GET" else None
    newest = reply.newest
    fresh = {"place": request.GET.get("place", "0"), "version_seen": newest.number if newest else None}
    form = RemarkForm(request.POST or None, initial=typed.dict() if typed else fresh)
    place = form["place"].value() or "0"
    answer = request.method == "POST" and perform_form(
        form,
        request,
        lambda _facts: services.remark_add(reply_id=pk, post=request.post, **form.facts()),
        done=_("The remark is noted."),
        back=f"{back}#p{place}" if place.isascii() and place.isdecimal() else back,
    )
    return answer or _form_page(request, reply, form, back)


def _form_page(request: OfficeRequest, reply: Reply, form: RemarkForm, back: str) -> HttpResponse:
    context = {
        "heading": pgettext("act", "Remark"),
        "button": _("Note the remark"),
        "about": reply.proposal.short_title,
        "url": back,
        "form": form,
    }
    return render(request, "act.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def remark(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a remark with what followed on it; answer it, settle it, open it again."""
    found = remark_policies.get_or_404(request.post, pk)
    if request.method == "POST":
        remark_policies.require(request.post, found.reply)
        return _followed(request, found)
    return _remark_page(request, found, FollowForm(initial=kept.take_back(request)))


def _followed(request: OfficeRequest, found: Remark) -> HttpResponse:
    form = FollowForm(request.POST)
    verb, done = VERBS.get(request.POST.get("act", ""), VERBS["answer"])
    if "HX-Request" in request.headers and form.is_valid():
        _perform(request, found, form, verb, done)
        return _panel(request, found.reply)
    answer = perform_form(
        form,
        request,
        lambda facts: verb(remark_id=found.pk, post=request.post, text=facts["text"], key=facts["key"]),
        done=done,
        back=_back(request, found.reply) + f"#remark-{found.pk}",
    )
    return answer or _remark_page(request, found, form)


def _perform(request: OfficeRequest, found: Remark, form: FollowForm, verb: Any, done: Done) -> None:
    """Do it within the drafting desk, whose own form stays as it is; the panel shows the messages."""
    facts = form.cleaned_data
    perform(
        request,
        lambda: verb(remark_id=found.pk, post=request.post, text=facts["text"], key=facts["key"]),
        done=done,
        back=request.path,
    )


def _panel(request: OfficeRequest, reply: Reply) -> HttpResponse:
    context = remark_selectors.margin_of(request.post, reply) | {"reply": reply, "refreshed": True}
    return render(request, "replies/remark_panel.html", context)


def _back(request: OfficeRequest, reply: Reply) -> str:
    if policies.may(request.post, "edit", reply):
        return reverse("replies:draft", args=[reply.pk])
    return reverse("replies:review", args=[reply.pk])


def _remark_page(request: OfficeRequest, found: Remark, form: FollowForm) -> HttpResponse:
    reply = found.reply
    if reply.state == ReplyState.ISSUED and not form.is_bound:
        return redirect(reverse("replies:remarks", args=[reply.pk]) + f"#remark-{found.pk}")
    context = remark_selectors.margin_of(request.post, reply)
    context["one"] = next(one for one in context["noted"] if one.remark.pk == found.pk)
    context |= {"reply": reply, "proposal": reply.proposal, "form": form, "follow_form": form}
    context["back"] = _back(request, reply)
    return render(request, "replies/remark.html", context, status=422 if form.is_bound else 200)


@require_safe
def remarks(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show every remark on a reply, of all its versions."""
    reply = policies.get_or_404(request.post, pk)
    context = remark_selectors.margin_of(request.post, reply) | {"reply": reply, "proposal": reply.proposal}
    return render(request, "replies/remark_all.html", context)
