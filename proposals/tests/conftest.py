"""What the tests of proposals share: a world with one assembly, and browsers of its people."""

import pytest
from django.test import Client

from organizations.posts import SESSION_KEY
from tests.factories import World


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def browser():
    """Return the browser of someone who wears a post: browser(world.filer)."""

    def sign_in(post):
        client = Client()
        client.force_login(post.user)
        session = client.session
        session[SESSION_KEY] = post.pk
        session.save()
        return client

    return sign_in
