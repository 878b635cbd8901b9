"""Pages of promises: the list, one with its progress, adding one, noting that it was kept."""

import functools
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from office.calendar import Days
from office.printing import unkept
from organizations.posts import OfficeRequest
from outcomes import policies, selectors, services
from outcomes.act_pages import asked, sent, show_or_do
from outcomes.forms import CommitmentForm, DoneForm, NoPromiseForm, NoteForm
from outcomes.models import CommitmentNote


@require_safe
def commitments(request: OfficeRequest) -> HttpResponse:
    """Show the promises that this post may follow, open ones first, nearest day on top."""
    days = Days.of(request.post.assembly_id)
    rows = policies.commitments_visible_to(request.post).select_related("case", "bureau", "letter")
    rows = rows.prefetch_related("follow_ups")
    found = [(row, selectors.lamp_of(row, days)) for row in rows]
    found.sort(key=lambda pair: (pair[0].done_on is not None, pair[0].due_on))
    none = policies.no_promises_visible_to(request.post).select_related("letter", "case", "bureau")
    return render(request, "outcomes/commitments.html", {"rows": found, "none": list(none)})


@show_or_do
def add(request: OfficeRequest, pk: int) -> HttpResponse:
    """List something that a letter promises."""
    letter = policies.letter_or_404(request.post, pk)
    policies.require(policies.may_keep_commitments(request.post, letter.bureau_id))
    form = CommitmentForm(sent(request))
    act = functools.partial(services.commitment_add, letter=letter)
    case = letter.reply.proposal
    page: dict[str, Any] = {
        "heading": _("List a promise"),
        "button": _("List it"),
        "about": f"{letter} {case.short_title}",
    }
    page |= {"explain": _("It stays on the bureau's desk until it is kept, also after the session.")}
    if selectors.unpromised(request.post).filter(pk=pk).exists():
        page |= {"more": "outcomes/nothing.html", "letter": letter}
    done = _("The promise is listed.")
    return asked(request, form, act, done=done, back=case.get_absolute_url(), **page)


@show_or_do
def nothing(request: OfficeRequest, pk: int) -> HttpResponse:
    """State that a letter holds nothing to list as a promise."""
    letter = policies.letter_or_404(request.post, pk)
    policies.require(policies.may_keep_commitments(request.post, letter.bureau_id))
    act = functools.partial(services.commitment_none, letter=letter)
    case = letter.reply.proposal
    page = {"heading": _("There is nothing to list"), "button": _("State that there is nothing")}
    page |= {"about": f"{letter} {case.short_title}", "back": case.get_absolute_url()}
    page |= {
        "explain": _("The class of this reply promises something. A promise listed later takes this back.")
    }
    done = _("It is noted that there is nothing to list.")
    return asked(request, NoPromiseForm(sent(request)), act, done=done, **page)


@show_or_do
def commitment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a promise with its progress; note how it stands."""
    row = policies.commitment_or_404(request.post, pk, to_change=request.method == "POST")
    form = NoteForm(sent(request), request.FILES or None)
    act = functools.partial(services.commitment_note, commitment=row)
    page = selectors.commitment_page(request.post, row) | {"template": "outcomes/commitment.html"}
    back = reverse("outcomes:commitment", args=[pk])
    return asked(request, form, act, done=_("The note was kept."), back=back, **page)


@show_or_do
def done(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note that a promise was kept."""
    row = policies.commitment_or_404(request.post, pk, to_change=True)
    form = DoneForm(request.POST or None, assembly_id=row.assembly_id)
    act = functools.partial(services.commitment_done, commitment=row)
    page = {"heading": _("The promise was kept"), "button": _("Note it as kept"), "about": row.text[:60]}
    back = reverse("outcomes:commitment", args=[pk])
    told = _("The promise is noted as kept. Now tell the proposers: write the follow-up letter.")
    return asked(request, form, act, done=told, back=back, **page)


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
