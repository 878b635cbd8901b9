"""Pages of delivery: how letters reached the proposers, their receipts; and the whole case as one PDF."""

import functools
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from office.pages import ActForm, perform
from office.printing import answer, unkept
from organizations.posts import OfficeRequest
from outcomes import archive as case_files
from outcomes import policies, selectors, services
from outcomes.act_pages import asked, show_or_do
from outcomes.forms import DeliveryForm, ReceiptForm
from proposals import policies as proposals


@require_safe
def deliveries(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show how each copy of a letter reached its proposer, as far as this post may know."""
    letter = policies.letter_or_404(request.post, pk)
    return render(request, "outcomes/deliveries.html", selectors.deliveries_page(request.post, letter))


@show_or_do
def deliver(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note which of a letter's copies went out, how and when."""
    letter = policies.letter_or_404(request.post, pk)
    policies.require(policies.may_deliver(request.post, letter))
    back = reverse("outcomes:deliveries", args=[pk])
    if not selectors.undelivered(request.post).filter(pk=letter.pk).exists():
        messages.info(request, _("Every copy of this letter has been delivered."))
        return redirect(back)
    form = DeliveryForm(request.POST or None, request.FILES or None, letter=letter)
    act = functools.partial(services.delivery_note, letter=letter)
    page: dict[str, Any] = {
        "heading": _("Note the delivery"),
        "about": f"{letter} {letter.reply.proposal.short_title}",
    }
    page |= {"template": "outcomes/upload.html", "done": _("The delivery was noted.")}
    return asked(request, form, act, back=back, **page)


@show_or_do
def receipt(request: OfficeRequest, pk: int) -> HttpResponse:
    """Enter a receipt that came back after the delivery was noted."""
    row = policies.delivery_or_404(request.post, pk)
    policies.require(policies.may_deliver(request.post, row.copy.letter))
    form = ReceiptForm(request.POST or None, request.FILES or None, delivery=row)
    act = functools.partial(services.delivery_receipt, delivery=row)
    page: dict[str, Any] = {"heading": _("Enter the receipt"), "delivery": row}
    page |= {"about": f"{row.copy.letter} {row.copy.name}"}
    page |= {"template": "outcomes/upload.html", "done": _("The receipt was entered.")}
    back = reverse("outcomes:deliveries", args=[row.copy.letter_id])
    return asked(request, form, act, back=back, **page)


@require_safe
@unkept
def receipt_scan(request: OfficeRequest, pk: int) -> FileResponse:
    """Send the scan of a receipt, to be saved and not opened."""
    row = policies.delivery_or_404(request.post, pk)
    policies.require(policies.may_read_receipt(request.post, row))
    if not row.receipt:
        raise Http404
    response = FileResponse(row.receipt.open("rb"), as_attachment=True, filename=row.receipt_name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


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
