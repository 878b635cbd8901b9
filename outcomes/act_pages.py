"""How the pages of outcomes ask for what an act needs, and do it. No rule lives here."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import kept
from office.pages import ActForm, Done, perform_form
from organizations.posts import OfficeRequest

show_or_do = require_http_methods(["GET", "HEAD", "POST"])


def asked(
    request: OfficeRequest,
    form: ActForm,
    act: Callable[..., Any],
    *,
    done: Done,
    back: str,
    template: str = "act.html",
    **page: Any,
) -> HttpResponse:
    """Show the page of an act with its form, or do the act with what the form brought and go back."""
    posted = request.method == "POST"

    def do(values: dict[str, Any]) -> Any:
        given = {name: value for name, value in values.items() if name != "version_seen"}
        return act(post=request.post, **given)

    if posted and (response := perform_form(form, request, do, done=done, back=back)):
        return response
    page = {"url": back, "button": page.get("heading", "")} | page | {"form": form}
    return render(request, template, page, status=422 if posted else 200)


def sent(request: OfficeRequest) -> Any:
    """Return what a page's form is made from: what was posted, else what was typed before a sign-out."""
    return request.POST if request.method == "POST" else kept.take_back(request)
