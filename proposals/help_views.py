"""Help while a proposal is written: taking text over from Word, advice, proposals on the same subject."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import kept
from office.acts import Stale
from office.workflow import Refused
from organizations.posts import OfficeRequest
from proposals import policies, services
from proposals.act_pages import show_or_do
from proposals.checks import attachment_fault
from proposals.draft_views import fresh, help_on, keep_or_show, page, received_late
from proposals.forms import ProposalForm
from proposals.models import Proposal
from proposals.similar import similar_to
from proposals.word_form import WordForm
from proposals.word_in import parts_of
from proposals.word_parts import Parts

# ---- from Word


@show_or_do
def word(request: OfficeRequest, pk: int) -> HttpResponse:
    """Read a Word file and show its parts beside what is kept; what was typed until then is saved first."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    if request.method != "POST":
        lost = kept.take_back(request)
        return received_late(request, proposal, lost) if lost else redirect("proposals:edit", pk)
    form = ProposalForm(request.POST, proposal=proposal)
    if refused := keep_or_show(request, form):
        return refused
    try:
        parts = _read(request, form.proposal)
    except Refused as refusal:
        form.add_error("word", str(refusal))
        return page(request, form, status=422)
    return _parts_page(request, WordForm(proposal=form.proposal, parts=parts), parts=parts)


def _read(request: OfficeRequest, proposal: Proposal) -> Parts:
    """The parts of the file that was sent; the file is attached if the person wishes."""
    upload = request.FILES.get("word")
    if upload is None:
        raise Refused(_("Choose a Word file (.docx) first."))
    if fault := attachment_fault(upload, proposal.assembly):
        raise Refused(fault)
    parts = parts_of(upload.read())
    if request.POST.get("attach_word"):
        services.attachment_add(proposal_id=proposal.pk, post=request.post, upload=upload)
        messages.info(request, _("“%(name)s” was attached to the proposal.") % {"name": upload.name})
    return parts


@show_or_do
def word_take(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take the corrected parts over into the proposal."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    typed = request.POST if request.method == "POST" else kept.take_back(request)
    if typed is None:
        return redirect("proposals:edit", pk)
    form = WordForm(typed, proposal=proposal)
    if request.method != "POST":
        return _parts_page(request, form)
    return _take(request, form)


def _take(request: OfficeRequest, form: WordForm) -> HttpResponse:
    proposal = form.proposal
    if form.says_what_is_kept():  # a second click
        return redirect("proposals:edit", proposal.pk)
    try:
        services.proposal_save(
            proposal_id=proposal.pk,
            post=request.post,
            fields=form.text,
            suggestions=form.suggestions,
            version_seen=form.cleaned_data.get("version_seen") or 0,
        )
    except Stale:
        form.show_newest(fresh(request, proposal))
        return _parts_page(request, form, status=409, stale=True)
    except PermissionDenied:
        return _parts_page(request, form, status=409, closed=True)
    messages.success(request, _("The text was taken over. Read it through, then submit it."))
    return redirect(f"{reverse('proposals:edit', args=[proposal.pk])}#id_title")


def _parts_page(request: OfficeRequest, form: WordForm, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"form": form, "proposal": form.proposal, "rows": form.rows()}
    return render(request, "proposals/edit_word.html", shown | context, status=status)


# ---- pieces of the page that are fetched anew while someone types


@require_GET
def similar(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show proposals whose titles are like the one being typed."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    found = similar_to(request.post, request.GET.get("title", ""), exclude=proposal.pk)
    return render(request, "proposals/similar.html", {"similar": found})


@require_GET
def advice(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show what the saved text lacks and what could be better."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    return render(request, "proposals/edit_advice.html", help_on(proposal))
