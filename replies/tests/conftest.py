"""What the tests of replies share: a world, a browser for a post, and a place for files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from organizations.models import Post
from organizations.posts import SESSION_KEY
from tests.factories import World


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    # English is what the sources say, so that a test reads as the code does.
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def world(db: Any) -> World:
    return World()


@pytest.fixture
def browser() -> Callable[[Post], Client]:
    """A signed-in browser in which a post is worn."""

    def signed_in(post: Post) -> Client:
        client = Client()
        client.force_login(post.user)
        session = client.session
        session[SESSION_KEY] = post.pk
        session.save()
        return client

    return signed_in
