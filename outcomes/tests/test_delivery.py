"""Letters reach their proposers: which day, which way, who confirms, and the time to judge that follows from it."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from django.urls import reverse

from office import clock
from office.acts import AlreadyDone
from office.models import Event
from office.workflow import Refused
from organizations.models import Role
from outcomes import policies, services
from outcomes.models import Delivery, Feedback
from outcomes.tests.test_judging import answered, ask, merged
from replies.models import IssuedLetter
from tests.factories import World, item


def note(world: World, letter: IssuedLetter, **facts: Any) -> list[Delivery]:
    given = {"copies": letter.copies.all(), "post": world.sealkeeper, "delivered_on": clock.today()}
    given["way"] = item(world.assembly, "delivery_way", "post")
    return services.delivery_note(letter=letter, **(given | facts))


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"clerk", "sealkeeper"}))
def test_only_who_sends_letters_notes_it(world: World, role: str):
    letter = answered(world)
    with world.scope(), pytest.raises(PermissionDenied):
        note(world, letter, post=getattr(world, role))


def test_another_assembly_notes_nothing(world: World):
    letter = answered(world)
    other = World()
    with world.scope(), pytest.raises(PermissionDenied):
        note(world, letter, post=other.sealkeeper)


@pytest.mark.parametrize("days", [-1, 1])
def test_no_day_before_the_letter_or_after_today(world: World, days: int):
    letter = answered(world)
    with world.scope(), pytest.raises(Refused):
        note(world, letter, delivered_on=clock.today() + dt.timedelta(days))
    with world.scope():
        assert not Delivery.objects.exists()


def test_all_copies_in_one_act_and_once(world: World):
    with world.scope():
        letter, _writers = merged(world)
        first = letter.copies.get(order=1)
        assert [row.copy for row in note(world, letter, copies=[first], key="a")] == [first]
        with pytest.raises(AlreadyDone):
            note(world, letter, copies=[first], key="a")
        # One of the three went out already: nothing of this act stays.
        with pytest.raises(Refused):
            note(world, letter, key="b")
        assert Delivery.objects.count() == 1
        note(world, letter, copies=letter.copies.filter(delivery=None), key="b")
        assert Delivery.objects.count() == 3
        assert Event.objects.filter(act="letter.deliver").count() == 3


def test_a_copy_of_another_letter_is_left_alone(world: World):
    one, other = answered(world), answered(world)
    with world.scope():
        assert note(world, one, copies=list(other.copies.all())) == []


def test_the_receipt_is_the_proposers_own(world: World):
    with world.scope():
        letter, writers = merged(world)
        copies = list(letter.copies.order_by("order"))
        with pytest.raises(Refused):
            services.delivery_confirm(copy=copies[0], post=writers[0])
        note(world, letter)
        for who in (writers[1], world.clerk, world.reviewer):
            with pytest.raises((PermissionDenied, Http404)):
                services.delivery_confirm(copy=copies[0], post=who)
        row = services.delivery_confirm(copy=copies[0], post=writers[0])
        assert (row.received_on, row.received_by) == (clock.today(), writers[0].user.name)
        # A second time says the same and is not told twice.
        services.delivery_confirm(copy=copies[0], post=writers[0])
        assert Event.objects.filter(act="letter.receive").count() == 1
        assert list(policies.deliveries_visible_to(writers[1])) == [copies[1].delivery]


def test_with_a_name_the_receipt_is_confirmed_on_that_day(world: World):
    letter = answered(world)
    with world.scope():
        [row] = note(world, letter, received_by="岳小舟")
        assert (row.received_by, row.received_on) == ("岳小舟", clock.today())


def test_the_time_to_judge_counts_from_the_receipt(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        asked_until = row.due_on
        note(world, letter)
        row.refresh_from_db()
        assert row.due_on == asked_until
        with clock.at(clock.now() + dt.timedelta(7)):
            services.delivery_confirm(copy=row.copy, post=world.filer)
        row.refresh_from_db()
        assert row.due_on > asked_until
        assert Event.objects.filter(act="feedback.redate").count() == 1


def test_the_page_says_when_nothing_is_left_to_deliver(world: World, client: Client):
    letter = answered(world)
    with world.scope():
        note(world, letter)
    client.force_login(world.sealkeeper.user)
    url = reverse("outcomes:deliver", args=[letter.pk])
    assert client.get(url).status_code == 302
    assert client.post(url, {"delivered_on": "x"}).status_code == 302


def test_an_early_receipt_takes_no_time_away(world: World):
    letter = answered(world)
    with world.scope():
        note(world, letter, received_by="岳小舟")
        with clock.at(clock.now() + dt.timedelta(40)):
            [row] = ask(world, letter)
            assert row.due_on > clock.today() + dt.timedelta(14)
            assert Feedback.objects.get().is_open
