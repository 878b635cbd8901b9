"""Each request is made in a post, and the post sets the tenant: no query reaches another assembly's rows."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_scopes import scope

from organizations.posts import posts_of, worn

Handler = Callable[[HttpRequest], HttpResponse]


class PostMiddleware:
    """Set `request.post`, and the scope of its assembly for everything that the request does."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.my_posts = [] if isinstance(request.user, AnonymousUser) else posts_of(request.user)  # type: ignore[attr-defined]
        request.post = worn(request, request.my_posts)  # type: ignore[attr-defined]
        if request.post is None:  # type: ignore[attr-defined]
            return self.get_response(request)
        with scope(assembly=request.post.assembly):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Show a person without a post what to do, instead of pages that all would be empty."""
        needs_post = not view_func.__module__.startswith(("allauth.", "accounts.", "django."))
        if request.user.is_authenticated and request.post is None and needs_post:  # type: ignore[attr-defined]
            return render(request, "organizations/no_post.html", status=403)
        return None
