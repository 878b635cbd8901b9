"""How a page runs an act: one place that turns refusals and repetitions into messages. No rule lives here."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from office.acts import AlreadyDone, new_key
from office.workflow import Refused, Table

# What a page says after an act: words, or a function that words what the act returned.
Done = str | Promise | Callable[[Any], str]


class ActForm(forms.Form):
    """What every act carries: its key, and the version that the person was shown."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)
    version_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = new_key


def perform(
    request: HttpRequest, act: Callable[[], Any], *, done: Done, back: str, if_refused: str = ""
) -> HttpResponse:
    """Run an act and go back to a page (a refused one: to `if_refused`), with a message of what happened."""
    try:
        result = act()
    except AlreadyDone:
        messages.info(request, _("This was done already; nothing was changed."))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(if_refused or back)
    else:
        messages.success(request, str(done(result) if callable(done) else done))
    return redirect(back)


def perform_form(
    form: forms.BaseForm,
    request: HttpRequest,
    act: Callable[[dict[str, Any]], Any],
    *,
    done: Done,
    back: str,
) -> HttpResponse | None:
    """Run an act with a form's values; None means: show the page again, with the errors on the form."""
    if not form.is_valid():
        return None
    try:
        result = act(form.cleaned_data)
    except AlreadyDone:
        messages.info(request, _("This was done already; nothing was changed."))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    else:
        messages.success(request, str(done(result) if callable(done) else done))
    return redirect(back)


def offers(
    table: Table, obj: Any, *, may: Callable[[str], bool], url_prefix: str, version: int
) -> list[dict[str, Any]]:
    """Return the acts that a post may take on an object where it stands now, for parts/acts.html.

    They are drawn from the rows of the table, so that a page never shows a button without the right.
    """
    return [
        {
            "name": step.name,
            "label": step.label,
            "url": reverse(f"{url_prefix}{step.name}", args=[obj.pk]),
            "method": "get" if step.page else "post",
            "kind": step.kind,
            "confirm": step.confirm,
            "hidden": {"key": new_key(), "version_seen": version},
        }
        for step in table.steps_from(obj.state)
        if step.by and may(step.name)
    ]
