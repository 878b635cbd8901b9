"""Which posts a person holds and which one is worn now. Rights follow the post worn."""

from django.http import HttpRequest
from django_scopes import scopes_disabled

from accounts.models import User
from organizations.models import Post

SESSION_KEY = "post"


class OfficeRequest(HttpRequest):
    """A request as views get it: its person wears a post (the middleware sees to it)."""

    user: User
    post: Post
    my_posts: list[Post]


def posts_of(user: User) -> list[Post]:
    """Return the posts that a person holds today, in every assembly."""
    with scopes_disabled():
        held = Post.objects.held().filter(user=user, user__is_active=True)
        return list(held.select_related("user", "assembly", "committee", "bureau", "dispatcher"))


def worn(request: HttpRequest, posts: list[Post]) -> Post | None:
    """Return the post chosen in this session, else the first one held; None for a person without a post."""
    chosen = request.session.get(SESSION_KEY)
    return next((post for post in posts if post.pk == chosen), posts[0] if posts else None)


def wear(request: HttpRequest, post: Post) -> None:
    """Put on another post for the rest of this session."""
    request.session[SESSION_KEY] = post.pk
