"""Pages of a co-handling bureau's opinion: draft, read and sign, return, the form as PDF."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import kept
from office import printing
from office.acts import Stale
from office.pages import ActForm, perform, perform_form
from office.printing import unkept
from organizations import proof_views
from organizations.posts import OfficeRequest
from replies import changes, policies
from replies import opinion_policies as opinions
from replies import opinion_selectors as selectors
from replies import opinion_services as services
from replies.forms import OpinionForm, ReasonForm, SeenForm
from replies.models import Opinion
from replies.opinion_workflow import OPINION

DESK = "desk:home"
# What binds the office: it needs a second factor and a proof just before (decisions/0012-step-up.md).
SIGNATURES = ("give",)
# Acts that ask for nothing: the service, what the page says afterwards, and where the work goes on.
ACTS: dict[str, tuple[Callable[..., Any], str | Promise, str]] = {
    "send": (
        services.opinion_send,
        gettext_lazy("Sent for signature. Until the leader decides you can take it back."),
        DESK,
    ),
    "give": (services.opinion_sign, gettext_lazy("Signed and given: the lead bureau reads it now."), DESK),
    "recall": (
        services.opinion_recall,
        gettext_lazy("Taken back: the draft is yours again."),
        "replies:opinion_draft",
    ),
}


@require_POST
def start(request: OfficeRequest, pk: int) -> HttpResponse:
    """Begin the opinion on a proposal that was signed in, and go to its draft."""
    assignment = policies.assignment_to_answer_or_404(request.post, pk)
    form = ActForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else ""
    response = perform(
        request,
        lambda: services.opinion_create(assignment_id=assignment.pk, post=request.post, key=key),
        done=_("The opinion is begun."),
        back=assignment.proposal.get_absolute_url(),
    )
    begun = opinions.of_own_bureau(request.post).filter(assignment=assignment).first()
    return redirect("replies:opinion_draft", begun.pk) if begun else response


@require_http_methods(["GET", "POST"])
def draft(request: OfficeRequest, pk: int) -> HttpResponse:
    """Where a clerk writes the opinion; others read it instead."""
    found = opinions.get_or_404(request.post, pk)
    if request.method == "POST":
        return _sent(request, found)
    if not opinions.may(request.post, "edit", found):
        return redirect("replies:opinion", pk)
    typed = kept.take_back(request)
    if typed:
        messages.warning(
            request, _("What you typed before you were signed out is here again, not saved yet.")
        )
    return _desk(request, found, OpinionForm(opinion=found, typed=typed))


def _sent(request: OfficeRequest, found: Opinion) -> HttpResponse:
    """Save first, whatever comes after; the text that was typed comes back with every refusal."""
    opinions.require_clerk(request.post, found)
    form = OpinionForm(request.POST, opinion=found)
    if not form.is_valid():
        return _desk(request, found, form, status=422)
    try:
        saved = services.opinion_save(opinion_id=found.pk, post=request.post, **form.facts())
    except (Stale, PermissionDenied):
        return _overtaken(request, found, form.facts())
    if request.POST.get("act") == "send":
        return _sent_up(request, saved, form)
    messages.success(request, _("Saved."))
    return redirect("replies:opinion_draft", found.pk)


def _sent_up(request: OfficeRequest, saved: Opinion, form: OpinionForm) -> HttpResponse:
    seen = {"key": form.cleaned_data["key"], "version_seen": saved.lock_version}
    service, done, _after = ACTS["send"]
    return perform(
        request,
        lambda: service(opinion_id=saved.pk, post=request.post, **seen),
        done=done,
        back=saved.proposal.get_absolute_url(),
        if_refused=reverse("replies:opinion_draft", args=[saved.pk]),
    )


def _overtaken(request: OfficeRequest, found: Opinion, typed: dict[str, Any]) -> HttpResponse:
    """The opinion moved on while this was typed: show the typed text beside what stands there now."""
    found = opinions.get_or_404(request.post, found.pk)
    passages = changes.passages(changes.differences(found.body, typed["body"]))
    form = OpinionForm(opinion=found, typed=typed)
    return _desk(request, found, form, status=409, overtaken=passages)


def _desk(
    request: OfficeRequest,
    found: Opinion,
    form: OpinionForm,
    *,
    status: int = 200,
    overtaken: list[Any] | None = None,
) -> HttpResponse:
    may_edit = opinions.may(request.post, "edit", found)
    context = selectors.page_of(request.post, found)
    context |= {"form": form, "overtaken": overtaken, "may_edit": may_edit}
    return render(request, "replies/opinion_draft.html", context, status=status)


@require_POST
def autosave(request: OfficeRequest, pk: int) -> HttpResponse:
    """Keep what is being typed; the script on the page reads the answer."""
    found = opinions.get_or_404(request.post, pk)
    form = OpinionForm(request.POST, opinion=found)
    if not opinions.may(request.post, "edit", found):
        return _told(_("This is no draft any more: not saved. Your text is kept on this page."), 403)
    if not form.is_valid():
        return _told(" ".join(str(error) for errors in form.errors.values() for error in errors), 422)
    try:
        found = services.opinion_save(opinion_id=pk, post=request.post, **form.facts())
    except Stale as stale:
        return _told(str(stale), 409)
    saved_at = date_format(timezone.localtime(found.changed_at), "H:i")
    return JsonResponse({"saved_at": saved_at, "version": found.lock_version})


def _told(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


@require_safe
def opinion(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show the opinion to who may read it, with what this post may decide now."""
    found = opinions.get_or_404(request.post, pk)
    context = selectors.page_of(request.post, found)
    proof_views.prepare(request, context["acts"], SIGNATURES)
    return render(request, "replies/opinion.html", context)


@require_http_methods(["GET", "POST"])
def act(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Send up, sign or take back; the page to look at again when it is refused."""
    found = opinions.get_or_404(request.post, pk, name)
    back = reverse("replies:opinion", args=[pk])
    if request.method == "GET":  # the page that asks who signs, asked for again after its session ended
        return redirect(back)
    if asked := proof_views.asked_before(
        request, OPINION[name], SIGNATURES, about=found.proposal.short_title, back=back
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
            opinion_id=pk,
            post=request.post,
            **form.cleaned_data,
            **proof_views.proof_for(request, name, SIGNATURES),
        ),
        done=done,
        back=reverse(after, args=[] if after == DESK else [pk]),
        if_refused=back,
    )


@require_http_methods(["GET", "POST"])
def send_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return an opinion to the clerk with a reason."""
    found = opinions.get_or_404(request.post, pk, "return")
    if request.method == "GET" and found.state not in OPINION["return"].source:
        return redirect("replies:opinion", pk)
    typed = kept.take_back(request) if request.method == "GET" else None
    initial = {"version_seen": found.version, "note": typed.get("note", "") if typed else ""}
    form = ReasonForm(request.POST or None, initial=initial)
    answer = request.method == "POST" and perform_form(
        form,
        request,
        lambda facts: services.opinion_return(opinion_id=pk, post=request.post, **facts),
        done=_("Returned to the clerk with your reason."),
        back=reverse(DESK),
    )
    return answer or _reason_page(request, found, form)


def _reason_page(request: OfficeRequest, found: Opinion, form: ReasonForm) -> HttpResponse:
    label = OPINION["return"].label
    context = {
        "heading": label,
        "button": label,
        "about": found.proposal.short_title,
        "url": reverse("replies:opinion", args=[found.pk]),
        "form": form,
        "kind": "danger",
        "explain": _("The clerk gets the opinion back with your reason."),
    }
    return render(request, "act.html", context, status=422 if form.is_bound else 200)


@require_safe
@unkept
def opinion_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the form 会办意见函: given with its number, before that as a draft."""
    found = opinions.get_or_404(request.post, pk)
    return printing.sheet("opinion", selectors.paper_context(found))
