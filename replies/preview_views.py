"""The draft's pages: the fragment beside the text, the pictures, the PDF. No browser keeps them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from organizations.posts import OfficeRequest
from replies import checks, letters, policies, sheets
from replies.addressees import Addressee, addressees_of
from replies.models import Reply

unkept = cache_control(private=True, no_store=True)


@require_safe
@unkept
def preview(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the pages, or with ?part=findings what the check found, of the text as it is kept."""
    reply = policies.get_or_404(request.post, pk)
    template = "replies/findings.html" if request.GET.get("part") == "findings" else "replies/preview.html"
    context = {"reply": reply, "refreshed": True, "may_edit": policies.may(request.post, "edit", reply)}
    return render(request, template, sheets.judged(reply) | context)


@require_safe
@unkept
def page(request: OfficeRequest, pk: int, number: int) -> HttpResponse:
    """Return one page of the draft as PNG."""
    reply = policies.get_or_404(request.post, pk)
    try:
        return picture(letters.pdf_of(letters.draft_letter(reply)), number)
    except sheets.NOT_SET:
        raise Http404 from None


def picture(pdf: bytes, number: int) -> HttpResponse:
    """Answer with one page of a PDF as PNG; Http404 for a page that it does not have."""
    try:
        return HttpResponse(letters.page_picture(pdf, number), content_type="image/png")
    except IndexError:
        raise Http404 from None


@require_safe
@unkept
def draft_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the draft's PDF, marked as a draft on each page and in its name; ?copy= names the addressee."""
    reply = policies.get_or_404(request.post, pk)
    try:
        pdf = letters.pdf_of(letters.draft_letter(reply, _addressee(request, reply)))
    except sheets.NOT_SET as error:
        messages.error(request, checks.why_not_set(error))
        return redirect("replies:draft", pk)
    return pdf_answer(pdf, f"\u8349\u7a3f-\u7b2c{reply.proposal.number}\u53f7.pdf")


def _addressee(request: OfficeRequest, reply: Reply) -> Addressee:
    """Who gets the letter with the number in ?copy=, else who files first."""
    wanted = request.GET.get("copy", "1")
    found = addressees_of(reply.proposal)
    if not (wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted[:6]) <= len(found)):
        raise Http404
    return found[int(wanted[:6]) - 1]


def pdf_answer(pdf: bytes, name: str, *, download: bool = False) -> HttpResponse:
    """Answer with a PDF under its own name, shown by the browser or downloaded."""
    disposition = content_disposition_header(download, name) or "inline"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})
