"""Issued letters: the page, the PDF, its pictures; and the versions that led there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.posts import OfficeRequest
from replies import changes, letters, policies, selectors, services, sheets, void_selectors
from replies.forms import CompareForm
from replies.models import IssuedLetter, LetterCopy, LetterFile
from replies.preview_views import pdf_answer, picture, unkept


def files_of(letter: IssuedLetter) -> dict[int, LetterFile]:
    """Return the files by their copy; where a crash after the issue left none, they are made now."""
    files = services.letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id)
    return {file.copy_id: file for file in files}


def chosen(request: OfficeRequest, pk: int) -> tuple[IssuedLetter, LetterCopy, LetterFile]:
    """Return a letter, the copy that ?copy= names (else the reader's first), and its file."""
    letter = policies.letter_or_404(request.post, pk)
    copy = policies.copy_or_404(request.post, letter, request.GET.get("copy", ""))
    return letter, copy, files_of(letter)[copy.pk]


@require_safe
def letter(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show an issued letter to everyone who may see its case, as the chosen addressee gets it."""
    found, copy, file = chosen(request, pk)
    context = {"letter": found, "copy": copy, "file": file, "sheets": sheets.of_copy(copy, file)}
    context["copies"] = list(policies.copies_visible_to(request.post, found).select_related("proposal"))
    context["acts"] = void_selectors.acts_on_letter(request.post, found)
    context["sees_drafts"] = policies.visible_to(request.post).filter(pk=found.reply_id).exists()
    return render(request, "replies/letter.html", context)


@require_safe
@unkept
def letter_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return a copy's PDF under its document number; ?download=1 saves it instead of showing it."""
    found, copy, file = chosen(request, pk)
    several = policies.copies_visible_to(request.post, found).count() > 1
    name = f"{found}-{copy.name}.pdf" if several else f"{found}.pdf"
    with file.pdf.open() as pdf:
        return pdf_answer(pdf.read(), name, download=request.GET.get("download") == "1")


@require_safe
@unkept
def letters_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return all copies that this post sees as one PDF to print on both sides."""
    found = policies.letter_or_404(request.post, pk)
    files = files_of(found)
    pdfs = []
    for copy in policies.copies_visible_to(request.post, found):
        with files[copy.pk].pdf.open() as pdf:
            pdfs.append(pdf.read())
    return pdf_answer(letters.bound(pdfs), f"{found}-全部.pdf", download=request.GET.get("download") == "1")


@require_safe
@unkept
def letter_page(request: OfficeRequest, pk: int, number: int) -> HttpResponse:
    """Return one page of a copy as PNG."""
    _letter, _copy, file = chosen(request, pk)
    with file.pdf.open() as pdf:
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
