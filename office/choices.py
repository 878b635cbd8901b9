"""How a person wants to hear of things: the e-mail address, and for each group of notices the way."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from office import acts, events
from office.models import NoticeChoice

if TYPE_CHECKING:
    from organizations.models import Post

SENTENCES = {"person.notices": _("chose how to hear of notices")}


def ways_of(user: User) -> dict[str, str]:
    """Return the ways that a person chose, by group; a group that is not there: on the desk."""
    return dict(NoticeChoice.objects.filter(user=user).values_list("group", "way"))


def choose(*, post: "Post", email: str, ways: dict[str, str], key: str = "") -> None:
    """Keep the own address and ways of the person who holds this post."""
    with acts.act(post=post, key=key):
        User.objects.filter(pk=post.user_id).update(email=email)
        for group, way in ways.items():
            NoticeChoice.objects.update_or_create(user_id=post.user_id, group=group, defaults={"way": way})
        events.record(post=post, act="person.notices", subject=post.user, thread=post.user)
