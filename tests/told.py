"""What tests of notices do again and again: tell, choose a way, open a browser, take a right away."""

from django.test import Client

from office import notices
from office.models import NoticeChoice
from organizations.posts import SESSION_KEY
from proposals import policies

visible_to = policies.visible_to


def tell(world, case, *posts, **facts) -> int:
    """Notify these posts about a case."""
    facts = {"who": "区民政局", "title": "议事会"} | facts
    url = f"/proposals/{case.pk}/"
    with world.scope():
        return notices.notify(kind="test.said", thread=f"proposal:{case.pk}", posts=posts, url=url, **facts)


def chooses(post, way: str, email: str = "clerk@example.org") -> None:
    type(post.user).objects.filter(pk=post.user_id).update(email=email)
    NoticeChoice.objects.update_or_create(user=post.user, group="test", defaults={"way": way})


def browser(post, language: str = "en") -> Client:
    """A signed-in browser in which the post is worn."""
    type(post.user).objects.filter(pk=post.user_id).update(language=language)
    client = Client()
    client.force_login(post.user)
    session = client.session
    session[SESSION_KEY] = post.pk
    session.save()
    return client


def take_away(world, case) -> None:
    """The dispatching office knows a filed case; nobody but its writers knows a draft."""
    with world.scope():
        type(case).objects.filter(pk=case.pk).update(state="draft", submitted_at=None, number=None)
