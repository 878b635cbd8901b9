"""The public pages: the assemblies, what one has published, one proposal with its letters. No account is needed."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django_scopes import scope

from organizations.models import Assembly
from portal import filters, policies, reading
from replies.preview_views import pdf_answer

PAGE_LENGTH = 20


def of_assembly(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a public view in the scope of the assembly that its address names, whoever asks."""

    @login_not_required
    @require_safe
    @wraps(view)
    def scoped(request: HttpRequest, code: str, **values: int) -> HttpResponse:
        assembly = policies.assembly_or_404(code)
        with scope(assembly=assembly):
            return view(request, assembly, **values)

    return scoped


@login_not_required
@require_safe
def assemblies(request: HttpRequest) -> HttpResponse:
    """Show whose proposals can be read; where there is only one assembly, go to its list."""
    found = list(policies.assemblies_that_publish())
    if len(found) == 1:
        return redirect("portal:list", found[0].code)
    return render(request, "portal/assemblies.html", {"assemblies": found})


@of_assembly
def published(request: HttpRequest, assembly: Assembly) -> HttpResponse:
    """Show what an assembly has published, newest first, with filters in the address."""
    asked = filters.asked_of(request.GET, assembly)
    page = Paginator(asked.qs.prefetch_related("letters"), PAGE_LENGTH).get_page(request.GET.get("page"))
    is_asked = any(value for name, value in request.GET.items() if name != "page")
    context = {"publisher": assembly, "asked": asked, "page": page, "is_asked": is_asked}
    return render(request, "portal/list.html", context)


@of_assembly
def case(request: HttpRequest, assembly: Assembly, pk: int) -> HttpResponse:
    """Show one proposal with the letters that answer it; one that was taken back is gone."""
    row = policies.public_or_404(assembly, pk)
    if not row.is_live:
        return _gone(request, assembly)
    letters = [(letter, reading.blocks_of(letter.facts)) for letter in row.letters.all()]
    context = {"publisher": assembly, "row": row, "letters": letters}
    return render(request, "portal/case.html", context)


@of_assembly
def letter_pdf(request: HttpRequest, assembly: Assembly, pk: int, order: int) -> HttpResponse:
    """Return the PDF of a public copy under its document number."""
    row = policies.public_or_404(assembly, pk)
    if not row.is_live:
        return _gone(request, assembly)
    letter = policies.letter_or_404(row, order)
    with letter.pdf.open() as pdf:
        return pdf_answer(pdf.read(), f"{letter}.pdf", download=request.GET.get("download") == "1")


def _gone(request: HttpRequest, assembly: Assembly) -> HttpResponse:
    return render(request, "portal/gone.html", {"publisher": assembly}, status=410)
