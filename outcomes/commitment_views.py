"""Pages of promises: the list, one with its progress, adding one, noting that it was kept."""

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from office.calendar import Days
from office.pages import perform_form
from office.printing import unkept
from organizations.posts import OfficeRequest
from outcomes import policies, selectors, services
from outcomes.forms import CommitmentForm, DoneForm, NoteForm
from outcomes.models import CommitmentNote

show_or_do = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def commitments(request: OfficeRequest) -> HttpResponse:
    """Show the promises that this post may follow, open ones first, nearest day on top."""
    days = Days.of(request.post.assembly_id)
    rows = policies.commitments_visible_to(request.post).select_related("case", "bureau", "letter")
    found = [(row, selectors.lamp_of(row, days)) for row in rows]
    found.sort(key=lambda pair: (pair[0].done_on is not None, pair[0].due_on))
    return render(request, "outcomes/commitments.html", {"rows": found})


@show_or_do
def add(request: OfficeRequest, pk: int) -> HttpResponse:
    """List something that a letter promises."""
    letter = policies.letter_or_404(request.post, pk)
    policies.require(policies.may_keep_commitments(request.post, letter.bureau_id))
    posted = request.method == "POST"
    form = CommitmentForm(request.POST if posted else kept.take_back(request))
    case = letter.reply.proposal

    def keep(values: dict[str, Any]) -> None:
        values.pop("version_seen", None)
        services.commitment_add(letter=letter, post=request.post, **values)

    done, back = _("The promise is listed."), case.get_absolute_url()
    if posted and (response := perform_form(form, request, keep, done=done, back=back)):
        return response
    page = {"heading": _("List a promise"), "button": _("List it"), "form": form, "url": back}
    page |= {"about": f"{letter} {case.short_title}"}
    page |= {"explain": _("It stays on the bureau's desk until it is kept, also after the session.")}
    return render(request, "act.html", page, status=422 if posted else 200)


@show_or_do
def commitment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a promise with its progress; note how it stands."""
    posted = request.method == "POST"
    row = policies.commitment_or_404(request.post, pk, to_change=posted)
    form = NoteForm(request.POST if posted else kept.take_back(request), request.FILES or None)

    def keep(values: dict[str, Any]) -> None:
        values.pop("version_seen", None)
        services.commitment_note(commitment=row, post=request.post, **values)

    back = reverse("outcomes:commitment", args=[pk])
    if posted and (response := perform_form(form, request, keep, done=_("The note was kept."), back=back)):
        return response
    context = {
        "row": row,
        "lamp": selectors.lamp_of(row, Days.of(row.assembly_id)),
        "notes": list(row.notes.select_related("post__user")),
        "form": form,
        "may_keep": policies.may_keep_commitments(request.post, row.bureau_id) and row.done_on is None,
    }
    return render(request, "outcomes/commitment.html", context, status=422 if posted else 200)


@show_or_do
def done(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note that a promise was kept."""
    row = policies.commitment_or_404(request.post, pk, to_change=True)
    posted = request.method == "POST"
    form = DoneForm(request.POST if posted else None, assembly_id=row.assembly_id)

    def keep(values: dict[str, Any]) -> None:
        values.pop("version_seen", None)
        services.commitment_done(commitment=row, post=request.post, **values)

    back = reverse("outcomes:commitment", args=[pk])
    told = _("The promise is noted as kept.")
    if posted and (response := perform_form(form, request, keep, done=told, back=back)):
        return response
    page = {"heading": _("The promise was kept"), "button": _("Note it as kept"), "form": form}
    page |= {"about": row.text[:60], "url": back}
    return render(request, "act.html", page, status=422 if posted else 200)


@require_safe
@unkept
def proof(request: OfficeRequest, pk: int) -> FileResponse:
    """Send the proof of a note, to be saved and not opened."""
    note = CommitmentNote.objects.filter(
        pk=pk, commitment__in=policies.commitments_visible_to(request.post)
    ).first()
    if note is None or not note.proof:
        raise Http404
    response = FileResponse(note.proof.open("rb"), as_attachment=True, filename=note.proof_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
