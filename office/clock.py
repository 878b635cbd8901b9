"""The office's clock: the one place that says what time it is. The demo's history is made by setting it back."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_moment: ContextVar[dt.datetime | None] = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """Return the time of the act in hand, aware."""
    return _moment.get() or timezone.now()


def today() -> dt.date:
    """Return the date in the assembly's time zone (never the date in UTC, which is another one until 8 o'clock)."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let everything inside happen at this moment."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
