"""Pages of delivery: note how letters reached the proposers, confirm a receipt; and the whole case as one PDF."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from office.pages import ActForm, perform, perform_form
from office.printing import answer, unkept
from organizations.posts import OfficeRequest
from outcomes import archive as case_files
from outcomes import policies, selectors, services
from outcomes.forms import DeliveryForm
from proposals import policies as proposals


@require_http_methods(["GET", "POST"])
def deliver(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note which of a letter's copies went out, how and when."""
    letter = policies.letter_or_404(request.post, pk)
    policies.require(policies.may_deliver(request.post, letter))
    case = letter.reply.proposal
    if not selectors.undelivered(request.post).filter(pk=letter.pk).exists():
        messages.info(request, _("Every copy of this letter has been delivered."))
        return redirect(case)
    form = DeliveryForm(request.POST or None, letter=letter)

    def note(values: dict[str, Any]) -> None:
        values.pop("version_seen", None)
        services.delivery_note(letter=letter, post=request.post, **values)

    done = _("The delivery was noted.")
    if request.method == "POST" and (
        response := perform_form(form, request, note, done=done, back=case.get_absolute_url())
    ):
        return response
    page = {"heading": _("Note the delivery"), "button": _("Note the delivery"), "form": form}
    page |= {"about": f"{letter} {case.short_title}", "url": case.get_absolute_url()}
    return render(request, "act.html", page, status=422 if request.method == "POST" else 200)


@require_POST
def confirm(request: OfficeRequest, pk: int) -> HttpResponse:
    """Confirm that the letter was received."""
    copy = policies.own_copy_or_404(request.post, pk)
    form = ActForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else ""
    return perform(
        request,
        lambda: services.delivery_confirm(copy=copy, post=request.post, key=key),
        done=_("Thank you: the receipt is noted."),
        back=copy.letter.reply.proposal.get_absolute_url(),
    )


@require_safe
@unkept
def archive(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the whole case in order as one PDF."""
    proposal = proposals.get_or_404(request.post, pk)
    policies.require(policies.may_read_archive(request.post))
    if not case_files.can_be_archived(proposal):
        raise Http404
    return answer(case_files.pdf_of_case(request.post, proposal), case_files.name_of(proposal))
