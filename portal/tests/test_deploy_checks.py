"""A site whose printed codes would lead nowhere is told before its first letter."""

import pytest
from django.core.checks import run_checks


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("", True),
        ("https://dafu.example.org", False),
    ],
)
def test_an_address_that_only_this_machine_reaches_is_named(settings, address: str, warned: bool):
    settings.SITE_URL = address
    found = [one.id for one in run_checks(include_deployment_checks=True)]
    assert ("portal.W001" in found) is warned
