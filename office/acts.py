"""Acts happen once: each act from a page carries a key; the same key a second time changes nothing."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from office import clock
from office.models import ActKey
from office.workflow import Refused

if TYPE_CHECKING:
    from organizations.models import Post


class AlreadyDone(Exception):
    """This very act was done before: nothing was changed, and nothing is wrong."""


class Stale(Refused):
    """The page showed an older version than the newest one."""

    def __init__(self) -> None:
        super().__init__(
            _("Someone changed this in the meantime. Nothing was done; look at it again as it stands now.")
        )


def new_key() -> str:
    """Return a key for a form that is being shown."""
    return uuid.uuid4().hex


@contextmanager
def act(*, post: "Post", key: str = "") -> Iterator[None]:
    """Open the one transaction of an act; raises AlreadyDone when its key was used before.

    Without a key (commands, tests) the act is simply done.
    """
    with transaction.atomic():
        if key:
            _row, fresh = ActKey.objects.get_or_create(
                assembly_id=post.assembly_id, key=key, defaults={"post": post, "at": clock.now()}
            )
            if not fresh:
                raise AlreadyDone
        yield


def refuse_stale(seen: int | None, newest: int) -> None:
    """Raise Stale unless the version that the person was shown is the newest (None: no page was shown)."""
    if seen is not None and seen != newest:
        raise Stale
