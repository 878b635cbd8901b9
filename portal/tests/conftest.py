"""What the tests of the portal share: a world, and a place for files."""

from pathlib import Path
from typing import Any

import pytest

from tests.factories import World


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def world(db: Any) -> World:
    return World()
