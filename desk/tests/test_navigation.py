"""The counts beside the navigation: right after every act, for every role, and cheap on every page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk import selectors
from office import notices
from organizations.models import Role
from organizations.posts import SESSION_KEY
from proposals import services as proposals
from replies import services as replies
from tests.factories import World

pytestmark = pytest.mark.django_db
# The session, the person, the posts; what is to do, in one query; the proposals; the notices and whether their
# cases may be known; for a reviewer, whether another office dispatches.
MOST = {Role.REVIEWER: 8}
MOST_OF_OTHERS = 7


@pytest.fixture
def world() -> World:
    return World()


def browser(post) -> Client:
    client = Client()
    client.force_login(post.user)
    session = client.session
    session[SESSION_KEY] = post.pk
    session.save()
    return client


def everything(world: World) -> None:
    for make in (world.draft, world.submitted, world.filed, world.assigned, world.signed_in, world.drafting):
        make()
    for make in (world.in_review, world.awaiting_signature, world.signed, world.issued):
        make()


@pytest.mark.parametrize("role", Role.values)
def test_a_page_asks_little_for_its_navigation(world: World, role: str):
    everything(world)
    client = browser(world.posts[role])
    page = reverse("office:notice_settings")  # itself one query: the choices of the person
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    assert len(queries) - 1 <= MOST.get(Role(role), MOST_OF_OTHERS)


def test_a_fragment_of_a_page_asks_nothing_for_it(world: World):
    reply = world.drafting()
    client = browser(world.clerk)
    url = reverse("replies:preview", args=[reply.pk]) + "?part=findings"
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers={"X-Requested-With": "fetch"}).status_code == 200
    assert not [query for query in queries if "UNION" in query["sql"] or "office_notice" in query["sql"]]


@pytest.mark.parametrize("role", Role.values)
def test_the_count_is_that_of_the_desk(world: World, role: str):
    everything(world)
    post = world.posts[role]
    with world.scope(), CaptureQueriesContext(connection) as queries:
        count = selectors.to_do_count(post)
    assert len(queries) <= 1
    with world.scope():
        assert count == len(selectors.desk_of(post).to_do)


def test_the_count_is_right_after_the_own_act(world: World):
    reply = world.in_review()
    counted = {}
    for moment in ("before", "after"):
        with world.scope():
            counted[moment] = [selectors.to_do_count(post) for post in (world.checker, world.leader)]
            if moment == "before":
                replies.reply_pass(reply_id=reply.pk, post=world.checker)
    assert counted == {"before": [1, 0], "after": [0, 1]}


def test_requests_are_counted_for_those_who_decide(world: World):
    assignment = world.assigned()
    with world.scope():
        before = selectors.to_do_count(world.dispatcher)
        proposals.assignment_decline(
            assignment_id=assignment.pk, post=world.clerk, reason="不属我局职责范围。"
        )
        assert selectors.to_do_count(world.dispatcher) == before + 1
        assert selectors.to_do_count(world.reviewer) == 0  # there is an office that dispatches
        world.dispatcher.dispatcher.is_active = False
        world.dispatcher.dispatcher.save()
        assert selectors.to_do_count(world.reviewer) == 1 == len(selectors.desk_of(world.reviewer).to_do)


def test_unread_notices_are_counted_in_two_queries(world: World):
    for _n in range(3):
        world.assigned()
    with world.scope(), CaptureQueriesContext(connection) as queries:
        count = notices.unread_count(world.clerk)
    assert (count, len(queries)) == (3, 2)
    with world.scope():
        notices.mark_all_read(world.clerk)
        assert notices.unread_count(world.clerk) == 0
