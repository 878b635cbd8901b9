"""What the office forgets, and what it never does: the log, what is unread, what still waits to go out."""

import datetime as dt

import pytest
from django_scopes import scopes_disabled

from office import clock, notices, pruning, tick
from office.models import Event, Notice, Outgoing, Reminder
from tests import factories
from tests.told import chooses, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
LATER = dt.timedelta(days=100)


def prune(world) -> int:
    with world.scope():
        return pruning.prune(world.assembly)


def read_all(world) -> None:
    with world.scope():
        notices.mark_all_read(world.dispatcher)


def kept(model) -> int:
    with scopes_disabled():
        return model.objects.count()


def test_what_was_read_long_ago_goes_and_nothing_happens_twice(world):
    case = world.filed()
    tell(world, case, world.dispatcher)
    read_all(world)
    tell(world, case, world.dispatcher)  # and was never read
    events = kept(Event)
    assert prune(world) == 0
    with clock.at(clock.now() + LATER):
        assert prune(world) == 1
        assert prune(world) == 0
    with scopes_disabled():
        assert [row.read_at for row in Notice.objects.all()] == [None]
    assert kept(Event) == events


def test_messages_go_when_they_were_sent_or_given_up(world):
    chooses(world.dispatcher, "mail")
    case = world.filed()
    for _n in range(3):
        tell(world, case, world.dispatcher)
    with scopes_disabled():
        sent, given_up, waiting = Outgoing.objects.order_by("pk")
        Outgoing.objects.filter(pk=sent.pk).update(sent_at=clock.now())
        Outgoing.objects.filter(pk=given_up.pk).update(failed_at=clock.now())
    with clock.at(clock.now() + LATER):
        assert prune(world) == 2
    with scopes_disabled():
        assert list(Outgoing.objects.values_list("pk", flat=True)) == [waiting.pk]


def test_a_reminder_is_not_given_again_because_its_key_is_old(world):
    world.assembly.reminder_days = "600,3"
    with world.scope():
        notices.once(world.assembly.pk, "answer:1:2028-01-01:600")
        with clock.at(clock.now() + dt.timedelta(days=599)):
            assert prune(world) == 0
            assert not notices.once(world.assembly.pk, "answer:1:2028-01-01:600")
        with clock.at(clock.now() + dt.timedelta(days=602)):
            assert prune(world) == 1
    world.assembly.reminder_days = ""
    with world.scope():
        notices.once(world.assembly.pk, "another")
        with clock.at(clock.now() + dt.timedelta(days=399)):
            assert prune(world) == 0


def test_each_assembly_forgets_its_own(world):
    other = factories.World()
    for one in (world, other):
        with one.scope():
            notices.once(one.assembly.pk, "key")
    with clock.at(clock.now() + pruning.REMINDERS + dt.timedelta(days=1)):
        assert prune(world) == 1
    assert kept(Reminder) == 1


def test_the_clock_does_it():
    assert ("old notices and messages", pruning.prune) in tick.JOBS
