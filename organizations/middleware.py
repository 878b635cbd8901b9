"""Each request is made in a post, and the post sets the tenant: no query reaches another assembly's rows."""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django_scopes import scope

from organizations.models import Post
from organizations.posts import OfficeRequest, posts_of, worn

Handler = Callable[[HttpRequest], HttpResponse]


class PostMiddleware:
    """Set `request.post`, and the scope of its assembly for everything that the request does."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast(OfficeRequest, request)
        request.my_posts = posts_of(request.user) if request.user.is_authenticated else []
        post = worn(request, request.my_posts)
        request.post = cast(Post, post)  # no view that needs one is reached without: see process_view
        if post is None:
            return self.get_response(request)
        with scope(assembly=post.assembly):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Show a person without a post what to do, instead of pages that all would be empty."""
        is_public = not getattr(view_func, "login_required", True)
        needs_post = not is_public and not view_func.__module__.startswith(
            ("allauth.", "accounts.", "django.")
        )
        if request.user.is_authenticated and not cast(OfficeRequest, request).post and needs_post:
            return render(request, "organizations/no_post.html", status=403)
        return None
