"""Signing several replies at once: the list with its checkboxes, and what became of each afterwards."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.second_factor import proven_by
from office.acts import new_key
from office.pages import ActForm
from organizations import proof_views
from organizations.models import Role
from organizations.posts import OfficeRequest
from replies import sign_many_selectors as selectors
from replies import sign_many_services as services

SESSION_KEY = "signed_many"
PAIR = re.compile(r"([0-9]{1,12}):([0-9]{1,8})")
CONFIRM = gettext_lazy("Each signature stays on record for good, even if a letter is returned later.")


class ManyForm(ActForm):
    """Which versions were chosen: "reply:version", each from its checkbox."""

    chosen = forms.Field(
        widget=forms.MultipleHiddenInput, error_messages={"required": gettext_lazy("Choose what you sign.")}
    )

    def clean_chosen(self) -> list[services.Chosen]:
        """What is no pair of numbers was not sent by the page."""
        pairs = [PAIR.fullmatch(value) for value in self.cleaned_data["chosen"]]
        found = [(int(pair[1]), int(pair[2])) for pair in pairs if pair]
        if not found:
            raise forms.ValidationError(self.fields["chosen"].error_messages["required"])
        return found


@require_http_methods(["GET", "POST"])
def sign_many(request: OfficeRequest) -> HttpResponse:
    """List what awaits the signature of this leader; sign what was chosen of it."""
    if request.post.role != Role.LEADER:
        raise PermissionDenied
    if request.method == "POST":
        return _chosen(request)
    act: dict[str, Any] = {"name": "sign", "confirm": CONFIRM}
    proof_views.prepare(request, [act], ("sign",))
    rows = selectors.waiting_for(request.post)
    context = {"rows": rows, "act": act, "key": new_key(), "opened": sum(not row.why_not for row in rows)}
    return render(request, "replies/sign_many.html", context)


def _chosen(request: OfficeRequest) -> HttpResponse:
    form = ManyForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.fields["chosen"].error_messages["required"])
        return redirect("replies:sign_many")
    chosen = form.cleaned_data["chosen"]
    n = len(chosen)
    label = ngettext("Sign %(n)d reply", "Sign %(n)d replies", n) % {"n": n}
    back = reverse("replies:sign_many")
    if asked := proof_views.asked(request, label=label, about=_("Sign several"), back=back, explain=CONFIRM):
        return asked
    outcomes = services.sign_many(
        post=request.post, chosen=chosen, proof=proven_by(request), key=form.cleaned_data["key"]
    )
    request.session[SESSION_KEY] = {"post": request.post.pk, "rows": [one.facts() for one in outcomes]}
    return redirect("replies:sign_many_done")


@require_safe
def done(request: OfficeRequest) -> HttpResponse:
    """Say which of the chosen replies were signed, and of the others why not."""
    if request.post.role != Role.LEADER:
        raise PermissionDenied
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["post"] != request.post.pk:
        return redirect("replies:sign_many")
    signed = sum(row["is_signed"] for row in kept["rows"])
    context = {"rows": kept["rows"], "signed": signed, "refused": len(kept["rows"]) - signed}
    context["left"] = len(selectors.waiting_for(request.post))
    return render(request, "replies/sign_many_done.html", context)
