"""The page where a proposal is written. Whatever else is wrong, what was typed is saved first."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import kept
from office.acts import AlreadyDone, Stale, new_key
from office.pages import perform
from office.workflow import Refused
from organizations.models import Post
from organizations.posts import OfficeRequest
from proposals import policies, selectors, services
from proposals.act_pages import show_or_do
from proposals.advice import advice_of
from proposals.checks import gaps_of, title_gaps
from proposals.forms import ProposalForm
from proposals.models import Proposal
from proposals.points import split_points
from proposals.similar import similar_to
from proposals.views import carried


@show_or_do
def new(request: OfficeRequest) -> HttpResponse:
    """Offer to begin a proposal (GET writes nothing), begin one (POST)."""
    if not policies.may_create(request.post):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "proposals/new.html", {"key": new_key()})
    draft: Proposal | None = None
    try:
        draft = services.proposal_create(post=request.post, key=carried(request)["key"])
    except AlreadyDone:
        draft = selectors.last_draft(request.post)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("proposals:edit", draft.pk) if draft else redirect("proposals:list")


@show_or_do
def edit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Write a proposal: show it, or save it and then attach, remove or submit as the pressed button says."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    if request.method == "POST":
        return _received(request, proposal)
    if not proposal.is_editable:
        messages.info(request, _closed(proposal))
        return redirect(proposal)
    if lost := kept.take_back(request):
        return received_late(request, proposal, lost)
    return page(request, ProposalForm(proposal=proposal))


@require_POST
def autosave(request: OfficeRequest, pk: int) -> JsonResponse:
    """Save while someone types; answers when it was saved and the new version, or why it was not."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    form = ProposalForm(request.POST, proposal=proposal)
    try:
        proposal = _keep(form, request.post)
    except Stale as stale:
        return JsonResponse({"message": str(stale)}, status=409)
    except PermissionDenied:
        return JsonResponse({"message": _closed(fresh(request, proposal))}, status=403)
    if form.errors:
        return JsonResponse({"message": " ".join(_sentences(form))}, status=422)
    saved_at = timezone.localtime(proposal.changed_at).strftime("%H:%M")
    return JsonResponse({"saved_at": saved_at, "version": proposal.lock_version})


def _sentences(form: ProposalForm) -> list[str]:
    return [str(sentence) for sentences in form.errors.values() for sentence in sentences]


def _keep(form: ProposalForm, post: Post) -> Proposal:
    """Save what was typed. The same text again changes nothing, so a repeated request is no conflict."""
    if form.says_what_is_kept() and form.proposal.is_editable:
        return form.proposal
    return services.proposal_save(
        proposal_id=form.proposal.pk,
        post=post,
        fields=form.text,
        suggestions=form.suggestions,
        version_seen=form.cleaned_data.get("version_seen", 0),
    )


def _received(request: OfficeRequest, proposal: Proposal) -> HttpResponse:
    """Text first, then files, then the submission; what is wrong is shown at its field with the text kept."""
    form = ProposalForm(request.POST, proposal=proposal)
    if refused := keep_or_show(request, form):
        return refused
    _attach(request, form)
    act = request.POST.get("act", "")
    if act.startswith("split:"):
        return _split(request, form, act.removeprefix("split:"))
    submits = act == "submit"
    form.tell(gaps_of(form.proposal) if submits else title_gaps(form.proposal))
    if form.errors:
        return page(request, form, status=422)
    if submits:
        return _submit(request, form)
    return redirect(f"{reverse('proposals:edit', args=[proposal.pk])}{_place(request)}")


def keep_or_show(request: OfficeRequest, form: ProposalForm) -> HttpResponse | None:
    """Save the text; when that is refused return the page with the text in its fields and the reason."""
    try:
        form.proposal = _keep(form, request.post)
    except Stale:
        form.proposal = fresh(request, form.proposal)
        return page(request, form, status=409, newest=ProposalForm(proposal=form.proposal))
    except PermissionDenied:
        form.proposal = fresh(request, form.proposal)
        if form.says_what_is_kept():
            messages.info(request, _("This was done already; nothing was changed."))
            return redirect(form.proposal)
        return page(request, form, status=409, closed=_closed(form.proposal))
    return None


def received_late(request: OfficeRequest, proposal: Proposal, lost: QueryDict) -> HttpResponse:
    """The text of a POST that came after the session's end: saved now that its writer is back."""
    form = ProposalForm(lost, proposal=proposal)
    if refused := keep_or_show(request, form):
        return refused
    told = _("What you typed before you were signed out was saved. Files must be chosen again.")
    messages.success(request, told)
    return redirect("proposals:edit", proposal.pk)


def _attach(request: OfficeRequest, form: ProposalForm) -> None:
    for upload in request.FILES.getlist("upload"):
        try:
            services.attachment_add(proposal_id=form.proposal.pk, post=request.post, upload=upload)
        except Refused as refusal:
            form.add_error("upload", str(refusal))


def _submit(request: OfficeRequest, form: ProposalForm) -> HttpResponse:
    key = form.cleaned_data.get("key", "")
    return perform(
        request,
        lambda: services.proposal_submit(
            proposal_id=form.proposal.pk,
            post=request.post,
            version_seen=form.proposal.lock_version,
            key=key,
        ),
        done=_("It was sent to the review. You can take it back until someone has decided on it."),
        back=form.proposal.get_absolute_url(),
    )


def _split(request: OfficeRequest, form: ProposalForm, place: str) -> HttpResponse:
    """Make a suggestion that counts several points as many suggestions, as the advice offers."""
    texts = form.suggestions
    at = int(place) - 1 if place.isdecimal() else -1
    points = split_points(texts[at]) if 0 <= at < len(texts) else []
    if len(points) > 1:
        services.proposal_save(
            proposal_id=form.proposal.pk,
            post=request.post,
            fields={},
            suggestions=[*texts[:at], *points, *texts[at + 1 :]],
            version_seen=form.proposal.lock_version,
        )
        messages.success(
            request, _("The suggestion was split into %(n)d: read them through.") % {"n": len(points)}
        )
    return redirect(f"{reverse('proposals:edit', args=[form.proposal.pk])}#div_id_suggestion")


def _place(request: OfficeRequest) -> str:
    """Where the page opens again: at the part that was worked on."""
    if request.FILES:
        return "#files"
    return "#div_id_suggestion" if request.POST.get("act") == "add" else ""


def fresh(request: OfficeRequest, proposal: Proposal) -> Proposal:
    """Return the proposal as it stands now."""
    return policies.get_or_404(request.post, proposal.pk)


def _closed(proposal: Proposal) -> str:
    state = str(proposal.get_state_display())
    return _("The text cannot be changed now: it stands at “%(state)s”.") % {"state": state}


def page(request: OfficeRequest, form: ProposalForm, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show the page where a proposal is written, with help on what stands written."""
    proposal = form.proposal
    shown = {
        "form": form,
        "proposal": proposal,
        "attachments": list(proposal.attachments.all()),
        "returned": selectors.last_returns([proposal]).get(proposal.pk),
        "similar": similar_to(request.post, str(form["title"].value() or ""), exclude=proposal.pk),
        "key": new_key(),
    }
    return render(request, "proposals/edit.html", shown | help_on(proposal) | context, status=status)


def help_on(proposal: Proposal) -> dict[str, Any]:
    """Return what the saved text lacks and what could be better; nothing while nothing is written."""
    texts = (proposal.title, proposal.background, proposal.analysis)
    if not (any(text.strip() for text in texts) or proposal.suggestions.exists()):
        return {"gaps": [], "advice": []}
    return {"gaps": gaps_of(proposal), "advice": advice_of(proposal)}


# ---- attachments


@require_GET
def attachment(request: OfficeRequest, pk: int) -> FileResponse:
    """Send an attachment under its own name, to be saved and not opened: it is someone else's file."""
    found = policies.attachment_or_404(request.post, pk)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response


@require_POST
def attachment_remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a file off a draft; pressed on the page of the draft, it saves the text first."""
    found = policies.attachment_or_404(request.post, pk, "submit")
    if "version_seen" in request.POST:
        form = ProposalForm(request.POST, proposal=fresh(request, found.proposal))
        if refused := keep_or_show(request, form):
            return refused
    services.attachment_remove(attachment=found, post=request.post)
    messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
    return redirect(f"{reverse('proposals:edit', args=[found.proposal_id])}#files")
