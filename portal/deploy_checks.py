"""What `manage.py check --deploy` says of the address that stands on printed letters."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Warning

HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0", None)  # noqa: S104 (compared with, not listened on)


def leads_here_only(app_configs: Any, **_more: Any) -> list[CheckMessage]:
    """Warn of an address that only this machine can reach: the codes on letters would lead nowhere for good."""
    if urlsplit(settings.SITE_URL).hostname not in HERE:
        return []
    hint = "Set SITE_URL to the address under which the public reaches this site, before the first letter."
    told = (
        f"SITE_URL is {settings.SITE_URL}: the codes that are printed on letters lead to this machine only."
    )
    return [Warning(told, hint=hint, id="portal.W001")]
