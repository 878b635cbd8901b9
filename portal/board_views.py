"""Pages of who publishes: everything that is answered, one proposal as the public will read it, taking it back."""

import functools
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from office.acts import new_key
from office.pages import ActForm, perform, perform_form
from office.printing import unkept
from organizations.posts import OfficeRequest
from portal import drafts, policies, reading, selectors, services
from portal.models import Publication
from proposals.models import Proposal
from replies.preview_views import pdf_answer
from replies.public_copy import public_pdf

show_or_do = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = ("waiting", "live", "kept_back", "withdrawn")


class WithdrawForm(ActForm):
    """Why something published is taken back."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays in the history. The public page only says that it is gone."),
    )


@show_or_do
def board(request: OfficeRequest) -> HttpResponse:
    """Show what may be published, what is, and what is not and why; publish the chosen ones."""
    policies.require_publisher(request.post)
    if request.method == "POST":
        return _publish_chosen(request)
    found = selectors.board_of(request.post)
    shown = request.GET.get("show", "waiting")
    shown = shown if shown in SHOWN else "waiting"
    page = Paginator(getattr(found, shown), services.MOST_AT_ONCE).get_page(request.GET.get("page"))
    context = {"page": page, "shown": shown, "chips": _chips(found, shown), "key": new_key()}
    return render(request, "portal/board.html", context | {"publisher": request.post.assembly})


def _chips(found: selectors.Board, shown: str) -> list[dict[str, Any]]:
    labels = (
        pgettext("board", "may be published"),
        pgettext("board", "published"),
        pgettext("board", "kept back"),
        pgettext("board", "taken back"),
    )
    choices = [
        {"value": name, "label": label, "count": len(getattr(found, name)), "active": name == shown}
        for name, label in zip(SHOWN, labels, strict=True)
    ]
    return [{"name": "show", "label": _("Publication"), "choices": choices}]


def _publish_chosen(request: OfficeRequest) -> HttpResponse:
    chosen = {value for value in request.POST.getlist("case") if value.isascii() and value.isdecimal()}
    rows = [policies.proposal_or_404(request.post, int(value)) for value in sorted(chosen)]
    key = request.POST.get("key", "")[:40]
    publish = functools.partial(services.publication_make, cases=rows, post=request.post, key=key)
    return perform(request, publish, done=_told, back=reverse("portal:board"))


def _told(rows: list[Publication]) -> str:
    told = ngettext("%(n)d proposal is published.", "%(n)d proposals are published.", len(rows))
    return told % {"n": len(rows)}


@show_or_do
def decide(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show one proposal exactly as the public will read it, with what stands in the way; publish it."""
    case = policies.proposal_or_404(request.post, pk)
    if request.method == "POST":
        key = request.POST.get("key", "")[:40]
        publish = functools.partial(services.publication_make, cases=[case], post=request.post, key=key)
        return perform(request, publish, done=_told, back=reverse("portal:decide", args=[pk]))
    one = selectors.candidate_of(request.post, case)
    if one is None:
        raise Http404
    return render(request, "portal/decide.html", {"one": one, "key": new_key(), **_as_read(one)})


def _as_read(one: drafts.Candidate) -> dict[str, Any]:
    """The public page's context, of rows that are not kept."""
    letters = [drafts.letter_of(copy, order) for order, copy in enumerate(one.copies, 1)]
    row = Publication(proposal_id=one.proposal.pk, **drafts.words_of(one.proposal))
    return {
        "row": row,
        "letters": [(letter, reading.blocks_of(letter.facts)) for letter in letters],
        "publisher": one.proposal.assembly,
    }


@require_safe
@unkept
def copy_pdf(request: OfficeRequest, pk: int, order: int) -> HttpResponse:
    """Return the public copy of a letter as it would be published now."""
    case: Proposal = policies.proposal_or_404(request.post, pk)
    one = selectors.candidate_of(request.post, case)
    if one is None or not 1 <= order <= len(one.copies):
        raise Http404
    letter = drafts.letter_of(one.copies[order - 1], order)
    pdf, _pages = public_pdf(letter.facts)
    return pdf_answer(pdf, f"{letter}.pdf")


@show_or_do
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take back what was published of a proposal, with a reason."""
    row = policies.publication_or_404(request.post, pk)
    back = reverse("portal:decide", args=[row.proposal_id])
    if not row.is_live:
        return redirect(back)
    posted = request.method == "POST"
    form = WithdrawForm(request.POST if posted else kept.take_back(request))

    def take_back(values: dict[str, Any]) -> None:
        values.pop("version_seen", None)
        services.publication_withdraw(publication=row, post=request.post, **values)

    done = _("It was taken back: the public page says that it is gone.")
    if posted and (response := perform_form(form, request, take_back, done=done, back=back)):
        return response
    page = {"heading": _("Take back what was published"), "button": _("Take it back"), "form": form}
    page |= {"about": row.title, "url": back}
    return render(request, "act.html", page, status=422 if posted else 200)
