"""The office's clockwork: what is done every few minutes without anybody's click. Other apps append jobs."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import transaction
from django_scopes import scope

from office import clock, outgoing
from office.models import TickLock

if TYPE_CHECKING:
    from organizations.models import Assembly

log = logging.getLogger(__name__)

# Name, and what is done for one assembly in a transaction of its own; it returns how much it did. A job that
# runs again at once must do nothing (office.notices.once).
JOBS: list[tuple[str, Callable[["Assembly"], int]]] = []
# A run that died without a word holds the others back no longer than this.
HOLD = dt.timedelta(minutes=30)


def run(say: Callable[[str], object]) -> int:
    """Do every job for every assembly, then the daily mail and the queue; return how many jobs failed.

    One run at a time: a second one says so and does nothing.
    """
    until = _taken_until()
    if until is None:
        say("another run is at work; nothing was done")
        return 0
    try:
        failures = sum(_job(name, job, say) for name, job in JOBS)
        failures += _step("daily mail", lambda: f"{outgoing.gather_digests()} gathered", say)
        return failures + _step("mail and webhook", _send, say)
    finally:
        TickLock.objects.filter(pk=1, until=until).update(until=clock.now())


def _taken_until() -> dt.datetime | None:
    """Take the lock; None where another run has it."""
    now = clock.now()
    TickLock.objects.get_or_create(pk=1, defaults={"until": now})
    taken = TickLock.objects.filter(pk=1, until__lte=now).update(until=now + HOLD)
    return now + HOLD if taken else None


def _job(name: str, job: Callable[["Assembly"], int], say: Callable[[str], object]) -> int:
    done = failures = 0
    for assembly in apps.get_model("organizations", "Assembly").objects.order_by("code"):
        try:
            with scope(assembly=assembly), transaction.atomic():
                done += job(assembly)
        except Exception:
            log.exception("%s failed for %s", name, assembly.code)
            failures += 1
    say(f"{name}: {done} done" + (f", {failures} failed" if failures else ""))
    return failures


def _step(name: str, step: Callable[[], str], say: Callable[[str], object]) -> int:
    try:
        said = step()
    except Exception:
        log.exception("%s failed", name)
        say(f"{name}: failed")
        return 1
    say(f"{name}: {said}")
    return 0


def _send() -> str:
    done, failed = outgoing.send_due()
    return f"{done} done" + (f", {failed} to be tried again or given up" if failed else "")
