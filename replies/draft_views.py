"""The drafting desk: begin, write, save, mend, send up. No decision on a version is taken here."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from office.acts import AlreadyDone, Stale, new_key
from office.pages import ActForm, perform
from office.workflow import Refused
from organizations.posts import OfficeRequest
from replies import (
    checks,
    phrase_views,
    points,
    policies,
    remark_selectors,
    selectors,
    services,
    sheets,
    together_presence,
    together_selectors,
    together_services,
    together_views,
    version_selectors,
)
from replies.forms import DraftForm
from replies.models import Reply
from replies.phrase_forms import KeepForm


@require_POST
def start(request: OfficeRequest, pk: int) -> HttpResponse:
    """Begin the reply to a proposal that was signed in, and go to its desk."""
    assignment = policies.assignment_to_answer_or_404(request.post, pk)
    back = assignment.proposal.get_absolute_url()
    form = ActForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else ""

    def begin() -> None:
        services.reply_create(assignment_id=assignment.pk, post=request.post, key=key)

    done = _("The reply is begun: opening and closing stand there already.")
    response = perform(request, begin, done=done, back=back)
    begun = policies.visible_to(request.post).filter(assignment=assignment, round=assignment.round).first()
    return redirect("replies:draft", begun.pk) if begun else response


@require_http_methods(["GET", "POST"])
def draft(request: OfficeRequest, pk: int) -> HttpResponse:
    """The desk where a clerk writes; others of the bureau read the reply instead."""
    reply = policies.get_or_404(request.post, pk)
    if request.method == "POST":
        return _sent(request, reply)
    if not policies.may(request.post, "edit", reply):
        return redirect("replies:review", pk)
    typed = kept.take_back(request)
    if typed:
        messages.warning(
            request, _("What you typed before you were signed out is here again, not saved yet.")
        )
    form = DraftForm(reply=reply, typed=typed)
    if typed and typed.get("version_seen"):  # what others saved since is not written over
        form.initial["version_seen"] = typed["version_seen"]
    return _desk(request, reply, form)


def _sent(request: OfficeRequest, reply: Reply) -> HttpResponse:
    """Save first, whatever comes after; the text that was typed comes back with every refusal."""
    policies.require_clerk(request.post, reply)
    form = DraftForm(request.POST, reply=reply)
    if not form.is_valid():
        return _desk(request, reply, form, status=422)
    act, _colon, what = request.POST.get("act", "").partition(":")
    by_hand = act not in ("send", "mend")
    try:
        reply = together_services.draft_save(
            reply_id=reply.pk, post=request.post, by_hand=by_hand, **form.facts()
        )
    except (Stale, PermissionDenied):
        return together_views.overtaken(request, reply, form)
    match act:
        case "send":
            return _sent_up(request, reply, form.cleaned_data["key"])
        case "mend":
            return _mended(request, reply.pk, what, reply.lock_version)
        case "phrase" | "earlier":
            return phrase_views.put(request, reply, f"{act}:{what}")
        case "keep":
            answer = phrase_views.keep_marked(request, reply)
            if isinstance(answer, HttpResponse):
                return answer
            return _desk(request, reply, DraftForm(reply=reply), status=422, keep=answer)
    messages.success(request, _("Saved."))
    return redirect("replies:draft", reply.pk)


def _sent_up(request: OfficeRequest, reply: Reply, key: str) -> HttpResponse:
    try:
        services.reply_send(reply_id=reply.pk, post=request.post, version_seen=reply.lock_version, key=key)
    except AlreadyDone:
        messages.info(request, _("This was done already; nothing was changed."))
    except Refused as refusal:
        reply = policies.get_or_404(request.post, reply.pk)
        errors: list[Any] = [*checks.faults_of(reply)] or [{"text": str(refusal)}]
        return _desk(request, reply, DraftForm(reply=reply), status=422, errors=errors)
    else:
        messages.success(request, _("Sent for checking. Until the checker decides you can take it back."))
    return redirect(reply.get_absolute_url())


def _desk(
    request: OfficeRequest,
    reply: Reply,
    form: DraftForm,
    *,
    status: int = 200,
    errors: Iterable[Any] = (),
    keep: KeepForm | None = None,
) -> HttpResponse:
    context = selectors.desk_of(request.post, reply) | sheets.judged(reply)
    context |= {"form": form, "errors": errors}
    context |= points.page_of(reply, form.answers())
    context |= remark_selectors.margin_of(request.post, reply)
    may_edit = policies.may(request.post, "edit", reply)
    context |= {"may_edit": may_edit, "key": new_key()}
    context["undo"] = version_selectors.undo_of(reply) if may_edit else None
    context |= phrase_views.panel(request, reply, keep) if may_edit else {}
    together_presence.begin(reply, request.post)
    context["last_saver"] = together_selectors.last_saver(reply)
    context["others"] = together_presence.told(reply, request.post) if may_edit else []
    return render(request, "replies/draft.html", context, status=status)


@require_POST
def autosave(request: OfficeRequest, pk: int) -> HttpResponse:
    """Keep what is being typed; the script on the page reads the answer."""
    reply = policies.get_or_404(request.post, pk)
    form = DraftForm(request.POST, reply=reply)
    if not policies.may(request.post, "edit", reply):
        return _told(_("This is no draft any more: not saved. Your text is kept on this page."), 403)
    if not form.is_valid():
        return _told(" ".join(str(error) for errors in form.errors.values() for error in errors), 422)
    try:
        reply = together_services.draft_save(reply_id=pk, post=request.post, **form.facts())
    except Stale:
        together_services.set_aside(reply_id=pk, post=request.post, **form.facts())
        return _told(
            _("Somebody else saved meanwhile. Your text is kept in the history, not in the draft."), 409
        )
    saved_at = date_format(timezone.localtime(reply.changed_at), "H:i")
    others = together_presence.told(reply, request.post)
    return JsonResponse({"saved_at": saved_at, "version": reply.lock_version, "others": others})


def _told(message: str, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)


@require_POST
def mend(request: OfficeRequest, pk: int) -> HttpResponse:
    """Carry out a fix of the check in the draft as it is kept."""
    policies.get_or_404(request.post, pk, "edit")
    return _mended(request, pk, request.POST.get("what", ""), _seen(request)["version_seen"])


def _mended(request: OfficeRequest, pk: int, what: str, version_seen: int) -> HttpResponse:
    return perform(
        request,
        lambda: services.reply_mend(reply_id=pk, post=request.post, what=what, version_seen=version_seen),
        done=_mended_words,
        back=reverse("replies:draft", args=[pk]) + "#findings",
    )


def _mended_words(changed: int) -> str:
    return ngettext("%(n)d place was put right.", "%(n)d places were put right.", changed) % {"n": changed}


def _seen(request: OfficeRequest) -> dict[str, Any]:
    """The key and the version of an act from a page; what is no number is not the newest version."""
    form = ActForm(request.POST)
    form.is_valid()
    return {"version_seen": 0} | form.cleaned_data


@require_POST
def send(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send the draft up as it is kept: for a button that stands outside the desk."""
    reply = policies.get_or_404(request.post, pk, "send")
    return perform(
        request,
        lambda: services.reply_send(reply_id=pk, post=request.post, **_seen(request)),
        done=_("Sent for checking. Until the checker decides you can take it back."),
        back=reply.get_absolute_url(),
    )
