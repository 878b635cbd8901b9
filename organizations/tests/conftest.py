"""An assembly with a post of each role, its neighbour, and a browser for any post."""

import pytest
from django.core.cache import cache
from django.test import Client

from organizations.models import Post
from tests.factories import World


@pytest.fixture(autouse=True)
def _clean_and_quick(db, settings):
    """Sign-in limits are in the cache and end with their test; passwords are kept weakly, for speed."""
    cache.clear()
    # The product's own second: other tests may have made the factories' password with it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def other(db) -> World:
    return World()


@pytest.fixture
def as_post():
    """A browser in which the post's person is signed in; pages are in English, so that words can be found."""

    def sign_in(post: Post) -> Client:
        client = Client()
        type(post.user).objects.filter(pk=post.user_id).update(language="en")
        client.force_login(post.user)
        return client

    return sign_in
