"""What tests of the office ask for: a world, and words of notices."""

import pytest

from office import notices
from tests import told
from tests.factories import World


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def words(monkeypatch, settings):
    """A kind of notice of the test's own, guarded as proposals are."""
    settings.LANGUAGE_CODE = "en"
    for registry in ("WORDS", "GROUP_OF", "GROUPS", "GUARDS", "ROUTES"):
        monkeypatch.setattr(notices, registry, {})
    notices.register_group("test", "Tests")
    notices.register("test.said", "{who} said something about {title}", group="test")
    notices.GUARDS["proposal"] = told.visible_to
