"""The log page: the auditor's alone, in pages of a hundred, with a check of the chain."""

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django_scopes import scopes_disabled

from office import events
from office.models import Event
from organizations import selectors
from organizations.models import Role

LOG, CHECK = (reverse(f"organizations:{name}") for name in ("log", "log_check"))


@pytest.fixture
def client(world, as_post):
    return as_post(world.auditor)


def record(world, act: str = "settings.change", **facts) -> None:
    with world.scope(), transaction.atomic():
        events.record(post=world.sysadmin, act=act, subject=world.assembly, thread=world.assembly, **facts)


def rows(answer) -> list[Event]:
    return [row.event for row in answer.context["page"].rows]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_only_the_auditor_reads_it(world, as_post, role: str):
    client = as_post(world.posts[role])
    assert client.get(LOG).status_code == 403
    assert client.post(CHECK).status_code == 403


def test_it_holds_the_own_assemblys_acts_newest_first(client, world, other):
    record(other, what="elsewhere")
    world.filed()
    answer = client.get(LOG)
    sequences = [event.sequence for event in rows(answer)]
    assert sequences == sorted(sequences, reverse=True)
    assert {event.assembly_id for event in rows(answer)} == {world.assembly.pk}
    assert b"elsewhere" not in answer.content
    assert rows(answer)[0].act == "proposal.file"


def test_it_shows_act_post_subject_and_digest(client, world):
    record(world, what="this", note="before and after")
    page, event = client.get(LOG).content.decode(), rows(client.get(LOG))[0]
    assert "changed the settings: this" in page
    assert "before and after" in page
    assert str(world.sysadmin) in page
    assert f"assembly {world.assembly.pk}" in page
    assert f">{event.digest[:8]}<" in page


def test_what_is_said_in_a_case_stays_in_the_case(client, world):
    record(world, "proposal.return", note="the reason for it")
    assert b"the reason for it" not in client.get(LOG).content


def test_an_act_without_a_sentence_is_shown_by_its_name(client, world):
    record(world, "test.unknown")
    assert b"test.unknown" in client.get(LOG).content


def test_a_hundred_a_page_and_the_older_ones_behind(client, world, monkeypatch):
    monkeypatch.setattr(selectors, "LOG_PAGE", 3)
    for number in range(6):
        record(world, what=str(number))
    first = client.get(LOG)
    second = client.get(LOG, {"before": first.context["page"].older})
    assert f"before={first.context['page'].older}" in first.content.decode()
    seen = [event.sequence for event in rows(first) + rows(second)]
    assert seen == [7, 6, 5, 4, 3, 2]
    third = client.get(LOG, {"before": second.context["page"].older})
    assert [event.sequence for event in rows(third)] == [1]
    assert third.context["page"].older is None


def test_it_is_filtered_by_act_and_person(client, world):
    world.filed()
    record(world, what="this")
    assert {event.act for event in rows(client.get(LOG, {"about": "settings"}))} == {"settings.change"}
    by_reviewer = rows(client.get(LOG, {"who": world.reviewer.user.name}))
    assert {event.act for event in by_reviewer} == {"proposal.file"}
    nothing = client.get(LOG, {"about": "settings", "who": world.reviewer.user.name})
    assert rows(nothing) == []
    assert b"The log holds no such act." in nothing.content


@pytest.mark.parametrize(
    "asked", [{"about": "nonsense"}, {"before": "x"}, {"before": "9" * 30}, {"who": "x" * 99}]
)
def test_an_address_that_makes_no_sense_does_no_harm(client, asked: dict):
    assert client.get(LOG, asked).status_code == 200


def test_the_check_says_that_the_chain_is_whole(client, world):
    record(world)
    assert b"The chain is whole" in client.post(CHECK, follow=True).content


def test_the_check_names_the_row_that_was_changed(client, world):
    record(world)
    with scopes_disabled():
        last = Event.objects.filter(assembly=world.assembly).latest("sequence")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()
            cursor.execute("ALTER TABLE office_event DISABLE TRIGGER office_event_is_kept")
        cursor.execute("UPDATE office_event SET actor = 'nobody' WHERE id = %s", [last.pk])
    answer = client.post(CHECK, follow=True)
    assert f"The chain is broken at number {last.sequence}" in answer.content.decode()


def test_the_check_is_sent_not_fetched(client):
    assert client.get(CHECK).status_code == 405


def test_a_page_of_the_log_is_one_query(client, world, django_assert_num_queries):
    for number in range(5):
        record(world, what=str(number))
    with world.scope(), django_assert_num_queries(1):
        selectors.log_page(world.auditor)
