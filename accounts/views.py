"""Pages about oneself: language, type size; and the page for a form whose key has expired."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import services
from accounts.models import User


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if safe else "/")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages: for the person when signed in, for the browser otherwise."""
    chosen = request.POST.get("language", "")
    response = _back(request)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 24 * 3600, samesite="Lax")
        if request.user.is_authenticated:
            services.user_set_language(user=request.user, language=chosen)
    return response


@require_POST
def large_type(request: HttpRequest) -> HttpResponse:
    """Switch between 16 and 20 pixel type, kept for the person."""
    services.user_toggle_large_type(user=cast(User, request.user))
    return _back(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was too old to be sent, and how to keep what was typed."""
    return render(request, "403_csrf.html", status=403)
