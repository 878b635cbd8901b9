"""What every test may use."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest


def pytest_report_header() -> str:
    """Say which database the run is about: both logs look the same otherwise."""
    return f"database: {urlsplit(os.environ.get('DATABASE_URL', 'sqlite://')).scheme}"


@pytest.fixture(scope="session", autouse=True)
def _signed_in_by_password() -> Iterator[None]:
    """Client.force_login stands for a sign-in by password just now, and leaves in the session what that leaves."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in

    def note(request: Any, user: Any, **_more: Any) -> None:
        if not request.path:  # a request that no browser made
            record_authentication(request, user, method="password")

    user_logged_in.connect(note)
    yield
    user_logged_in.disconnect(note)
