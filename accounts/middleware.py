"""What happens to each request on account of who sends it: idle sessions, language, the way to the sign-in page."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts import kept

Handler = Callable[[HttpRequest], HttpResponse]
TOUCH_EVERY_SECONDS = 60


class IdleMiddleware:
    """Let a session live while it is used: its end moves on with each request, written once a minute at most."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("touched", 0) > TOUCH_EVERY_SECONDS:
            request.session["touched"] = now
        return self.get_response(request)


class UnkeptMiddleware:
    """Let no browser and no proxy keep a page: the next person at an office machine must not find it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_cache_control(response, private=True, no_store=True)
        return response


class LanguageMiddleware:
    """Speak the language that the person chose, else the one chosen on this browser, else the site's own.

    The browser's wish list is left aside: office machines are often installed in English and their users are not.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(
            settings.LANGUAGE_COOKIE_NAME, ""
        )
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page needs a sign-in unless it says otherwise; text posted after the session's end is kept."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if request.user.is_authenticated:
            request.written_by = kept.mark_for(request.user)  # type: ignore[attr-defined]
        return response

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.headers.get("X-Requested-With") == "fetch":
            return JsonResponse({"message": _("You have been signed out."), "sign_in": sign_in}, status=401)
        return redirect(f"{sign_in}?{urlencode({'next': _page_to_return_to(request)})}")


def _page_to_return_to(request: HttpRequest) -> str:
    """The page asked for; after a POST the page that takes the kept text back, else the one it was sent from."""
    if request.method != "POST" or kept.keep(request):
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    same_site = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure())
    return urlsplit(came_from).path if same_site else "/"
