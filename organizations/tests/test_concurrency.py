"""Giving and ending posts while their holders work: nobody waits for each other in a circle."""

import threading
import time
from functools import partial

import pytest
from django.db import transaction

from office import clock, events
from organizations import services
from organizations.models import Role
from tests.factories import World, post
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _acts_for_a_while(holder, assembly, begun: threading.Event) -> None:
    """An act that has written its event and not yet ended, while the security administrator comes along."""
    with transaction.atomic():
        events.record(post=holder, act="test.act", subject=assembly, thread=assembly)
        begun.set()
        time.sleep(0.5)


def test_a_post_may_be_ended_while_its_holder_acts():
    world, begun = World(), threading.Event()
    clerk = post(world.assembly, Role.CLERK)

    def end() -> None:
        # Waits for the other only where the database lets two write at once.
        begun.wait(timeout=10)
        services.post_end(by=world.secadmin, post=clerk, day=clock.today())

    acts = partial(_acts_for_a_while, clerk, world.assembly, begun)
    assert at_once(world.assembly, [acts, end]) == [None, None]
    assert world.fresh(clerk).until == clock.today()
