"""The history of a reply: every save and version, any two compared, one put back, everyone's changes by name."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from office import printing
from office.acts import new_key
from office.pages import ActForm, perform
from organizations.posts import OfficeRequest
from replies import changes, policies, services, version_papers, version_selectors
from replies.models import Reply, ReplyVersion

PAGE_LENGTH = 50


def _about(request: OfficeRequest, reply: Reply) -> dict[str, Any]:
    """What every page of the history shows around its content."""
    may_restore = policies.may(request.post, "edit", reply)
    return {
        "reply": reply,
        "proposal": reply.proposal,
        "may_restore": may_restore,
        "key": new_key(),
        "undo": version_selectors.undo_of(reply) if may_restore else None,
    }


@require_safe
def history(request: OfficeRequest, pk: int) -> HttpResponse:
    """List every save of the draft and every version, newest first."""
    reply = policies.get_or_404(request.post, pk)
    rows = version_selectors.history_of(reply)
    page = Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
    shown = version_selectors.with_glimpses(page)
    context = _about(request, reply) | {"page": page, "rows": shown}
    return render(request, "replies/version_history.html", context)


@require_safe
def compare(request: OfficeRequest, pk: int) -> HttpResponse:
    """Compare two states: ?a= the older, ?b= the newer; without one of them, with the state beside it."""
    reply = policies.get_or_404(request.post, pk)
    rows = version_selectors.history_of(reply)
    first, second = version_selectors.pair(rows, request.GET.get("a", ""), request.GET.get("b", ""))
    context = _about(request, reply) | {"rows": rows, "first": first, "second": second}
    older, newer = (policies.state_or_404(reply, row.name) for row in (first, second))
    context["changed"] = changes.compare(older, newer)
    return render(request, "replies/version_compare.html", context)


@require_safe
def state(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Show one state whole, with the button that puts the draft back to it."""
    reply = policies.get_or_404(request.post, pk)
    found = policies.state_or_404(reply, name)
    rows = version_selectors.history_of(reply)
    row = next(row for row in rows if row.name == found.name)
    stands = (found.body, found.result_class, found.disclosure)
    is_draft = stands == (reply.body, reply.result_class, reply.disclosure)
    context = _about(request, reply) | {"row": row, "found": found, "is_draft": is_draft}
    context["newest"] = rows[0]
    return render(request, "replies/version_state.html", context)


@require_POST
def restore(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Put the draft back to an earlier state; the page that follows offers the way back."""
    reply = policies.get_or_404(request.post, pk)
    policies.require_clerk(request.post, reply)
    policies.state_or_404(reply, name)
    form = ActForm(request.POST)
    seen = form.cleaned_data if form.is_valid() else {"version_seen": 0}
    return perform(
        request,
        lambda: services.reply_restore(reply_id=pk, post=request.post, state=name, **seen),
        done=_("The draft is put back. What stood there before is kept, and you can go back to it."),
        back=reverse("replies:draft", args=[pk]),
        if_refused=reverse("replies:history", args=[pk]),
    )


def _since(request: OfficeRequest, reply: Reply) -> ReplyVersion | None:
    """The version that ?since= names; everything from the beginning without it."""
    name = request.GET.get("since", "")
    found = policies.state_or_404(reply, name) if name else None
    return found if isinstance(found, ReplyVersion) else None


@require_safe
def marked(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show everyone's changes by name (花脸稿)."""
    reply = policies.get_or_404(request.post, pk)
    since = _since(request, reply)
    context = _about(request, reply) | {"marked": version_selectors.marked_of(reply, since), "since": since}
    context["versions"] = reply.versions.defer("body")
    return render(request, "replies/version_marked.html", context)


@require_safe
@printing.unkept
def marked_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the same as a PDF on A4."""
    reply = policies.get_or_404(request.post, pk)
    return version_papers.marked_sheet(reply, _since(request, reply))
