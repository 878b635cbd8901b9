"""Two people in one draft: the sign of life of an open page, and the page of three texts."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from office.acts import Stale
from organizations.posts import OfficeRequest
from replies import (
    points,
    policies,
    together_merge,
    together_presence,
    together_selectors,
    together_services,
)
from replies.forms import DraftForm
from replies.models import DraftSave, Reply


@require_POST
def present(request: OfficeRequest, pk: int) -> JsonResponse:
    """Note that the page is open, and tell who else writes in the draft and which version is kept."""
    reply = policies.get_or_404(request.post, pk, "edit")
    together_presence.seen(reply, request.post)
    return JsonResponse(
        {"version": reply.lock_version, "others": together_presence.told(reply, request.post)}
    )


@require_http_methods(["GET", "POST"])
def together(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """The page on which what was set aside and what is kept become one text."""
    reply = policies.get_or_404(request.post, pk)
    policies.require_clerk(request.post, reply)
    aside = together_selectors.aside_or_404(reply, name)
    if request.method == "POST":
        return _sent(request, reply, aside)
    typed = kept.take_back(request)
    return show(request, reply, aside, typed=DraftForm(typed, reply=reply) if typed else None)


def _sent(request: OfficeRequest, reply: Reply, aside: DraftSave) -> HttpResponse:
    form = DraftForm(request.POST, reply=reply)
    choices = _choices(request.POST, "choice-")
    if not form.is_valid():
        return show(request, reply, aside, typed=form, choices=choices, status=422)
    if request.POST.get("act") == "choose" and form.cleaned_data["version_seen"] == reply.lock_version:
        return _chosen(request, reply, aside, form)
    if request.POST.get("act") == "choose":  # somebody saved once more
        return overtaken(request, reply, form)
    try:
        together_services.draft_save(reply_id=reply.pk, post=request.post, by_hand=True, **form.facts())
    except (Stale, PermissionDenied):
        return overtaken(request, reply, form)
    messages.success(request, _("Saved. Both texts, and what you left out of them, stay in the history."))
    return redirect("replies:draft", reply.pk)


def _chosen(request: OfficeRequest, reply: Reply, aside: DraftSave, form: DraftForm) -> HttpResponse:
    """Put the chosen paragraphs into the text as it stands in the field, changes by hand included."""
    before, now = (_choices(request.POST, prefix) for prefix in ("was-", "choice-"))
    chunks = together_merge.merge(together_selectors.began_from(aside).body, reply.body, aside.body)
    body, missed = together_merge.rechosen(form.cleaned_data["body"], chunks, before, now)
    if missed:
        numbers = "、".join(map(str, missed))
        messages.warning(
            request,
            _("Place %(numbers)s was changed by hand in the text: change it there yourself.")
            % {"numbers": numbers},
        )
    return show(request, reply, aside, typed=form, body=body, choices=now)


def _choices(data: Mapping[str, str], prefix: str) -> dict[int, str]:
    return {
        int(name[len(prefix) :]): value
        for name, value in data.items()
        if name.startswith(prefix)
        and name[len(prefix) :].isdecimal()
        and len(name) < 20
        and value in together_merge.CHOICES
    }


def overtaken(request: OfficeRequest, reply: Reply, form: DraftForm) -> HttpResponse:
    """The reply moved on while this was typed: set it aside, and show all three texts."""
    reply = policies.get_or_404(request.post, reply.pk)
    typed = form.facts()
    if typed["body"] == reply.body and not policies.may(request.post, "edit", reply):
        messages.info(request, _("This was done already; nothing was changed."))
        return redirect("replies:review", reply.pk)
    aside = together_services.set_aside(reply_id=reply.pk, post=request.post, **typed)
    return show(request, reply, aside, status=409)


def show(
    request: OfficeRequest,
    reply: Reply,
    aside: DraftSave,
    *,
    typed: DraftForm | None = None,
    body: str | None = None,
    choices: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page: what each side changed, what to choose, and the text as it will be."""
    together = together_selectors.together_of(reply, aside, choices or {})
    may_edit = policies.may(request.post, "edit", reply)
    fields = together.fields | {"body": together.text if may_edit else aside.body}
    if typed is not None:
        fields |= _typed(typed) | ({"body": body} if body is not None else {})
    form = DraftForm(reply=reply, typed=fields)
    if typed is not None:
        form.initial["version_seen"] = typed["version_seen"].value()
    savers = together_selectors.savers_since(
        reply, together_selectors.began_from(aside), request.post.user_id
    )
    together_presence.begin(reply, request.post)
    reply.body = fields["body"]  # only here: the passages to choose from are those of this text
    context = points.page_of(reply, form.answers()) | {"reply": reply, "proposal": reply.proposal}
    context |= {"form": form, "together": together, "aside": aside, "may_edit": may_edit}
    context |= {"savers": "、".join(savers), "is_own": aside.post.user_id == request.post.user_id}
    return render(request, "replies/together.html", context, status=status)


def _typed(form: DraftForm) -> dict[str, Any]:
    """What stands in a form that was sent, valid or not; a text that did not arrive is none that was emptied."""
    stands = {name: form[name].value() for name in ("body", "result_class", "disclosure")}
    if stands["body"] is None:
        del stands["body"]
    return stands | {"answers": form.answers()}
