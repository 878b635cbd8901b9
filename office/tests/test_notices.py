"""Notices: who gets one, what the guard hides, the pages, and reminders that are given once."""

import datetime as dt

import pytest
from django.db import transaction
from django.urls import reverse

from office import clock, events, notices
from office.models import Event, Notice, NoticeChoice, Outgoing
from office.tests.threads import at_once
from tests import factories
from tests.told import browser, chooses, take_away, tell

LIST, READ, SETTINGS = (reverse(f"office:{name}") for name in ("notices", "notices_read", "notice_settings"))
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]


def test_a_notice_goes_to_posts_that_are_held_by_people_who_may_sign_in(world):
    case = world.filed()
    ended = factories.post(world.assembly, factories.Role.REVIEWER, until=clock.today() - dt.timedelta(1))
    closed = factories.post(world.assembly, factories.Role.REVIEWER)
    type(closed.user).objects.filter(pk=closed.user_id).update(is_active=False)
    assert tell(world, case, world.reviewer, world.dispatcher, ended, closed) == 2
    with world.scope():
        assert set(Notice.objects.values_list("post", flat=True)) == {world.reviewer.pk, world.dispatcher.pk}


def test_the_person_who_did_the_act_gets_none_under_any_post(world):
    case = world.filed()
    second = factories.post(world.assembly, factories.Role.DISPATCHER, user=world.reviewer.user)
    with world.scope():
        told = notices.notify(
            kind="test.said",
            thread=f"proposal:{case.pk}",
            posts=[world.reviewer, second],
            url="/",
            by=world.reviewer,
        )
    assert told == 0


def test_an_event_is_followed_in_its_own_transaction(world):
    case = world.submitted()
    notices.ROUTES["proposal.file"] = lambda event: [
        notices.Call("test.said", [world.filer, world.reviewer], event.thread, "/x/", {"who": event.actor})
    ]
    with world.scope():
        with transaction.atomic():
            factories.proposal_services.proposal_file(proposal_id=case.pk, post=world.reviewer)
            assert Notice.objects.count() == 1
            transaction.set_rollback(True)
        assert not Notice.objects.exists()
        factories.proposal_services.proposal_file(proposal_id=case.pk, post=world.reviewer)
        notice = Notice.objects.get()
    assert (notice.post, notice.thread, notice.url) == (world.filer, f"proposal:{case.pk}", "/x/")


def test_the_guard_hides_on_the_page_and_in_the_count(world):
    case = world.filed()
    tell(world, case, world.dispatcher)
    page = browser(world.dispatcher)
    with world.scope():
        assert notices.unread_count(world.dispatcher) == 1
    assert "said something about 议事会" in page.get(LIST).content.decode()
    take_away(world, case)
    with world.scope():
        assert notices.unread_count(world.dispatcher) == 0
        key = Notice.objects.get().pk
    assert "said something" not in page.get(LIST).content.decode()
    assert page.post(reverse("office:notice_open", args=[key])).status_code == 404
    page.post(READ)
    with world.scope():
        assert Notice.objects.get().read_at is None


def test_what_has_no_guard_is_hidden(world):
    case = world.filed()
    tell(world, case, world.dispatcher)
    notices.GUARDS.clear()
    with world.scope():
        assert notices.unread_count(world.dispatcher) == 0


def test_opening_marks_as_read_and_leads_to_the_case(world):
    case = world.filed()
    tell(world, case, world.dispatcher)
    tell(world, case, world.dispatcher, title="路灯")
    with world.scope():
        key = Notice.objects.latest("pk").pk
    url = reverse("office:notice_open", args=[key])
    page = browser(world.dispatcher)
    assert page.get(url).status_code == 405
    assert browser(world.reviewer).post(url).status_code == 404
    answer = page.post(url)
    assert (answer.status_code, answer["Location"]) == (302, f"/proposals/{case.pk}/")
    text = page.get(LIST).content.decode()
    assert text.index("议事会") < text.index("路灯"), "unread first"
    page.post(READ)
    with world.scope():
        assert notices.unread_count(world.dispatcher) == 0


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_pages_open_in_every_language(world, language):
    page = browser(world.dispatcher, language)
    assert page.get(LIST).status_code == 200  # without a notice
    tell(world, world.filed(), world.dispatcher)
    assert page.get(LIST).status_code == 200
    assert page.get(SETTINGS).status_code == 200


def test_another_assembly_has_its_own_notices(world):
    other = factories.World()
    tell(world, world.filed(), world.dispatcher)
    with world.scope():
        key = Notice.objects.get().pk
    page = browser(other.dispatcher)
    assert "said something" not in page.get(LIST).content.decode()
    assert page.post(reverse("office:notice_open", args=[key])).status_code == 404


def test_a_person_chooses_the_way_and_the_log_knows(world):
    page = browser(world.clerk)
    answer = page.post(SETTINGS, {"email": "", "group_test": "mail"})
    assert answer.status_code == 200
    assert "Give your e-mail address" in answer.content.decode()
    assert page.post(SETTINGS, {"email": "a@example.org", "group_test": "mail"}).status_code == 302
    choice = NoticeChoice.objects.get()
    assert (choice.user.email, choice.group, choice.way) == ("a@example.org", "test", "mail")
    with world.scope():
        assert events.sentence(Event.objects.latest("sequence")).text == "chose how to hear of notices"


def test_who_chose_nothing_or_has_no_address_gets_no_mail(world):
    case = world.filed()
    chooses(world.dispatcher, "mail", email="")
    tell(world, case, world.dispatcher, world.reviewer)
    with world.scope():
        assert Notice.objects.count() == 2
        assert not Outgoing.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_once_is_once_for_many_at_the_same_time(world):
    def remind(_number: int) -> bool:
        with transaction.atomic():
            return notices.once(world.assembly.pk, "due:7:3")

    assert sorted(at_once(4, world.assembly, remind)) == [False, False, False, True]
    with world.scope():
        assert notices.once(world.assembly.pk, "due:7:0")
