"""Pages of a letter that no longer holds: declare it void, begin the one that puts it right."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from accounts.second_factor import proven_by
from office.pages import ActForm, perform, perform_form
from organizations import proof_views
from organizations.posts import OfficeRequest
from replies import policies, void_policies, void_services
from replies.forms import VoidForm


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: OfficeRequest, pk: int) -> HttpResponse:
    """Declare an issued letter void, with the reason that stays on record."""
    letter = void_policies.letter_to_void_or_404(request.post, pk)
    back, posted = reverse("replies:letter", args=[pk]), request.method == "POST"
    if not posted and letter.voided:
        return redirect(back)
    facts = {"label": _("Declare the letter void"), "about": str(letter), "back": back}
    if asked := proof_views.asked(request, **facts):
        return asked
    form = VoidForm(request.POST if posted else kept.take_back(request))

    def declare(values: dict[str, Any]) -> None:
        given = {"reason": values["reason"], "key": values["key"], "proof": proven_by(request)}
        void_services.letter_void(letter_id=pk, post=request.post, **given)

    done = _("The letter is void. Its number stays on record; the clerk writes another letter in its place.")
    if posted and (response := perform_form(form, request, declare, done=done, back=back)):
        return response
    return render(request, "act.html", _page(form, facts), status=422 if posted else 200)


def _page(form: ActForm, facts: dict[str, Any]) -> dict[str, Any]:
    explain = _(
        "The letter stays as it went out and can still be read, marked as void. The proposers are told. "
        "Whoever checks the printed letter sees that it does not hold."
    )
    confirm = _("Declare %s void? This cannot be taken back.") % facts["about"]
    page = {"heading": facts["label"], "button": facts["label"], "kind": "danger", "explain": explain}
    return page | {"about": facts["about"], "url": facts["back"], "form": form, "confirm": confirm}


@require_POST
def correct(request: OfficeRequest, pk: int) -> HttpResponse:
    """Begin the letter in the place of this one, and go to its desk."""
    letter = void_policies.letter_to_correct_or_404(request.post, pk)
    key = request.POST.get("key", "")[:40]
    response = perform(
        request,
        lambda: void_services.correction_create(letter_id=pk, post=request.post, key=key),
        done=_("Begun from the text of %s. It goes the whole way and gets its own number.") % letter,
        back=reverse("replies:letter", args=[pk]),
    )
    begun = policies.visible_to(request.post).filter(corrects=letter).first()
    return redirect("replies:draft", begun.pk) if begun else response
