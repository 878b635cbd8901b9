"""Word at the drafting desk: a file that becomes text, and any state of a reply or an issued letter as .docx."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from gongwen.document import LetterError
from gongwen.fonts import MissingGlyphs
from office.acts import Stale
from office.pages import ActForm
from office.workflow import Refused
from organizations.posts import OfficeRequest
from replies import checks, letters, policies, services, sheets, together_views, word_in, word_out
from replies.forms import LONGEST_BODY, DraftForm
from replies.models import Reply
from replies.preview_views import unkept


class TakeForm(ActForm):
    """The text of a Word file as it was corrected, and where it goes."""

    text = forms.CharField(
        label=_("Text of the file"),
        strip=False,
        validators=[MaxLengthValidator(LONGEST_BODY)],
        widget=forms.Textarea({"class": "form-control long", "rows": 20, "data-widen": ""}),
        error_messages={"required": _("There is no text to take over.")},
    )
    where = forms.ChoiceField(
        label=_("Where it goes"),
        choices=[
            ("instead", _("In place of the text of the draft, which stays in the history")),
            ("after", _("After the text of the draft, before the closing")),
        ],
        initial="instead",
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "POST"])
def word(request: OfficeRequest, pk: int) -> HttpResponse:
    """Read a Word file and show what came; nothing is changed before the clerk takes it."""
    reply = policies.get_or_404(request.post, pk, "edit")
    if request.method != "POST":
        return redirect("replies:draft", pk)
    try:
        found = word_in.read(request.FILES.get("word"), reply.bureau.name)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("replies:draft", args=[pk]) + "#word")
    initial = {"text": found.body, "version_seen": reply.lock_version, "where": "instead"}
    return _page(request, reply, TakeForm(initial=initial), found)


@require_http_methods(["GET", "POST"])
def take(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take the text over into the draft."""
    reply = policies.get_or_404(request.post, pk, "edit")
    typed = request.POST if request.method == "POST" else kept.take_back(request)
    if typed is None:
        return redirect("replies:draft", pk)
    form = TakeForm(typed)
    if request.method != "POST" or not form.is_valid():
        return _page(request, reply, form, status=422 if request.method == "POST" else 200)
    text = form.cleaned_data["text"].replace("\r\n", "\n").strip("\n")
    _opening, closing = letters.opening_and_closing(reply)
    body = word_in.with_it(reply.body, text, closing, in_place=form.cleaned_data["where"] == "instead")
    return _taken(request, reply, body, form.cleaned_data["version_seen"] or 0)


def _taken(request: OfficeRequest, reply: Reply, body: str, version_seen: int) -> HttpResponse:
    facts: dict[str, Any] = {"body": body, "result_class": reply.result_class, "disclosure": reply.disclosure}
    by_hand: dict[str, Any] = {"reply_id": reply.pk, "post": request.post, "by_hand": True}
    try:
        services.reply_save(
            version_seen=version_seen, **by_hand, **facts | {"body": reply.body}
        )  # kept as it is
        services.reply_save(version_seen=version_seen, **by_hand, **facts)
    except (Stale, PermissionDenied):
        data = facts | {"version_seen": version_seen}
        data |= {name: getattr(reply, f"{name}_id") or "" for name in ("result_class", "disclosure")}
        form = DraftForm(data, reply=reply)
        form.is_valid()
        return together_views.overtaken(request, reply, form)
    messages.success(
        request, _("The text of the file is in the draft. What stood there stays in the history.")
    )
    return redirect("replies:draft", reply.pk)


def _page(
    request: OfficeRequest,
    reply: Reply,
    form: TakeForm,
    found: word_in.FromWord | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"reply": reply, "proposal": reply.proposal, "form": form, "found": found}
    return render(request, "replies/word_in.html", context, status=status)


@require_safe
@unkept
def draft_docx(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the draft as it stands now, as .docx."""
    reply = policies.get_or_404(request.post, pk)
    try:
        return word_out.answer(word_out.of_draft(reply), word_out.draft_name(reply))
    except sheets.NOT_SET as error:
        return _not_set(request, reply, error)


@require_safe
@unkept
def state_docx(request: OfficeRequest, pk: int, name: str) -> HttpResponse:
    """Return one save or version as .docx."""
    reply = policies.get_or_404(request.post, pk)
    state = policies.state_or_404(reply, name)
    try:
        return word_out.answer(word_out.of_state(reply, state), word_out.draft_name(reply, state))
    except sheets.NOT_SET as error:
        return _not_set(request, reply, error)


def _not_set(request: OfficeRequest, reply: Reply, error: LetterError | MissingGlyphs) -> HttpResponse:
    messages.error(request, checks.why_not_set(error))
    return redirect("replies:history", reply.pk)


@require_safe
@unkept
def letter_docx(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return an issued letter as .docx: to those who may have its PDF, as the addressee in ?copy= gets it."""
    letter = policies.letter_or_404(request.post, pk)
    copy = policies.copy_or_404(request.post, letter, request.GET.get("copy", ""))
    several = policies.copies_visible_to(request.post, letter).count() > 1
    return word_out.answer(
        word_out.of_copy(copy), f"{letter}-{copy.name}.docx" if several else f"{letter}.docx"
    )
