"""Issued letters: the page, the PDF, its pictures; and the versions that led there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.posts import OfficeRequest
from replies import changes, policies, selectors, services, sheets
from replies.forms import CompareForm
from replies.models import IssuedLetter, LetterFile
from replies.preview_views import pdf_answer, picture, unkept


def file_of(letter: IssuedLetter) -> LetterFile:
    """Return the letter's file; where a crash after the issue left it without one, it is made now."""
    return services.letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id)


@require_safe
def letter(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an issued letter to everyone who may see its case."""
    found = policies.letter_or_404(request.post, pk)
    file = file_of(found)
    context = {"letter": found, "file": file, "sheets": sheets.of_letter(found, file)}
    context["sees_drafts"] = policies.visible_to(request.post).filter(pk=found.reply_id).exists()
    return render(request, "replies/letter.html", context)


@require_safe
@unkept
def letter_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the letter's PDF under its document number; ?download=1 saves it instead of showing it."""
    found = policies.letter_or_404(request.post, pk)
    with file_of(found).pdf.open() as pdf:
        return pdf_answer(pdf.read(), f"{found}.pdf", download=request.GET.get("download") == "1")


@require_safe
@unkept
def letter_page(request: OfficeRequest, pk: int, number: int) -> HttpResponse:
    """Return one page of the letter as PNG."""
    with file_of(policies.letter_or_404(request.post, pk)).pdf.open() as pdf:
        return picture(pdf.read(), number)


@require_safe
def versions(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show every version with the decisions on it, and what changed between any two."""
    reply = policies.get_or_404(request.post, pk)
    found = selectors.versions_of(reply)
    numbers = list(found)
    default = {"a": numbers[-2], "b": numbers[-1]} if len(numbers) > 1 else {}
    form = CompareForm(request.GET or default, numbers=numbers)
    comparison = None
    if form.is_valid():
        first, second = (found[form.cleaned_data[side]] for side in ("a", "b"))
        comparison = changes.compare(first, second, "")
    context = {"reply": reply, "proposal": reply.proposal, "versions": list(reversed(found.values()))}
    return render(request, "replies/versions.html", context | {"form": form, "comparison": comparison})
