"""The event log: written with its act, never changed, and a chain that shows what was done to it."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django_scopes import scope, scopes_disabled

from office import events
from office.models import Event, EventChain
from office.tests.threads import at_once
from tests import factories

TABLE = Event._meta.db_table
TRIGGER = "office_event_is_kept"
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a trigger of PostgreSQL")


def record(assembly, **facts) -> Event:
    with scope(assembly=assembly), transaction.atomic():
        return events.record(post=None, act="test.act", subject=assembly, thread=assembly, **facts)


@pytest.fixture
def assembly(db):
    """An assembly whose chain has five rows."""
    made = factories.assembly()
    for number in range(5 - len(rows(made))):
        record(made, n=number)
    return made


def rows(assembly) -> list[Event]:
    with scopes_disabled():
        return list(Event.objects.filter(assembly_id=assembly.pk).order_by("sequence"))


def tamper(sql: str, values: list) -> None:
    """Do what nobody may: change the table behind the application's back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TRIGGER}")
        cursor.execute(sql, values)


def change(event: Event, **columns: object) -> None:
    sets = ", ".join(f"{name} = %s" for name in columns)
    tamper(f"UPDATE {TABLE} SET {sets} WHERE id = %s", [*columns.values(), event.pk])


def refuses(assembly, sequence: int) -> None:
    """The row is named by the function and by the command."""
    fault = events.first_fault(assembly.pk)
    assert fault
    assert fault.sequence == sequence
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_events", stdout=said)
    assert f"{assembly.code} {assembly.name}: row {sequence}: " in said.getvalue()


def test_an_untouched_chain_is_whole(assembly):
    assert [event.sequence for event in rows(assembly)] == [1, 2, 3, 4, 5]
    assert events.first_fault(assembly.pk) is None
    said = StringIO()
    call_command("verify_events", stdout=said)
    assert f"{assembly.code} {assembly.name}: whole" in said.getvalue()


@pytest.mark.parametrize(
    "columns",
    [
        {"facts": '{"n":99}'},
        {"actor": "somebody else"},
        {"on_behalf": "somebody"},
        {"act": "test.other"},
        {"subject": "assembly:0"},
        {"thread": "assembly:0"},
        {"at": "2000-01-01 00:00:00+00:00"},
        {"digest": "0" * 64},
        {"previous": "0" * 64},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_an_edited_row_is_named(assembly, columns):
    change(rows(assembly)[2], **columns)
    refuses(assembly, 3)


def test_an_edited_row_with_a_digest_made_anew_shows_at_the_next(assembly):
    event = rows(assembly)[2]
    event.facts = '{"n":99}'
    change(event, facts=event.facts, digest=events.digest_of(event))
    refuses(assembly, 4)


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_deleted_row_is_named(assembly, sequence):
    tamper(f"DELETE FROM {TABLE} WHERE id = %s", [rows(assembly)[sequence - 1].pk])
    refuses(assembly, sequence)


def test_a_log_emptied_whole_is_named(assembly):
    tamper(f"DELETE FROM {TABLE} WHERE assembly_id = %s", [assembly.pk])
    refuses(assembly, 1)


def test_an_inserted_row_is_named(assembly):
    """Behind the last one, with a digest that fits: the end of the chain knows better."""
    last = rows(assembly)[-1]
    forged = Event(
        assembly_id=assembly.pk,
        sequence=6,
        at=dt.datetime(2021, 5, 25, tzinfo=dt.UTC),
        act="test.act",
        subject="assembly:1",
        thread="assembly:1",
        facts="{}",
        previous=last.digest,
    )
    forged.digest = events.digest_of(forged)
    with scopes_disabled():
        forged.save()
    refuses(assembly, 6)


def test_a_row_pushed_between_two_is_named(assembly):
    third, fourth = rows(assembly)[2:4]
    tamper(
        f"UPDATE {TABLE} SET sequence = sequence + 10 WHERE assembly_id = %s AND sequence > 3", [assembly.pk]
    )
    tamper(
        f"UPDATE {TABLE} SET sequence = sequence - 9 WHERE assembly_id = %s AND sequence > 13", [assembly.pk]
    )
    with scopes_disabled():
        forged = Event.objects.get(pk=fourth.pk)
        forged.pk, forged.sequence, forged.facts, forged._state.adding = None, 4, '{"n":99}', True
        forged.previous = third.digest
        forged.digest = events.digest_of(forged)
        forged.save()
    refuses(assembly, 5)


def test_another_assembly_is_not_blamed(assembly):
    other = factories.assembly()
    change(rows(assembly)[0], facts="{}")
    assert events.first_fault(other.pk) is None


@only_postgresql
@pytest.mark.parametrize("verb", [f"UPDATE {TABLE} SET facts = '{{}}'", f"DELETE FROM {TABLE}"])
def test_the_database_itself_refuses_changes(assembly, verb):
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{verb} WHERE assembly_id = %s", [assembly.pk])
    assert events.first_fault(assembly.pk) is None


def test_the_model_refuses_changes(assembly):
    event = rows(assembly)[0]
    with scope(assembly=assembly):
        with pytest.raises(TypeError):
            event.save()
        with pytest.raises(TypeError):
            event.delete()
        with pytest.raises(TypeError):
            Event.objects.filter(pk=event.pk).update(facts="{}")
        with pytest.raises(TypeError):
            Event.objects.filter(pk=event.pk).delete()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    assembly = factories.assembly()
    with scope(assembly=assembly), pytest.raises(transaction.TransactionManagementError):
        events.record(post=None, act="test.act", subject=assembly, thread=assembly)


def test_an_act_that_fails_leaves_no_event(assembly):
    @transaction.atomic
    def fail() -> None:
        record(assembly)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(rows(assembly)) == 5
    assert events.first_fault(assembly.pk) is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_writers_at_once_keep_one_chain():
    assembly = factories.assembly()
    before = len(rows(assembly))
    found = at_once(20, assembly, lambda number: record(assembly, n=number).sequence)
    assert sorted(found) == list(range(before + 1, before + 21))
    assert events.first_fault(assembly.pk) is None
    with scopes_disabled():
        assert EventChain.objects.get(assembly_id=assembly.pk).sequence == before + 20


def test_what_is_done_to_an_account_stands_in_the_log_of_who_does_it(assembly):
    post = factories.post(assembly, "secadmin")
    with scope(assembly=assembly), transaction.atomic():
        event = events.record(post=post, act="test.act", subject=post.user, thread=post.user)
    assert (event.assembly_id, event.subject) == (assembly.pk, f"user:{post.user.pk}")


def test_a_row_reads_as_a_sentence(assembly, monkeypatch):
    monkeypatch.setitem(events.SENTENCES, "test.act", "did {what}, {nothing}")
    event = record(assembly, what="this", note="because", version=3, is_return=True)
    line = events.sentence(event)
    assert (line.text, line.note, line.version, line.is_return) == ("did this, ", "because", 3, True)
    with scope(assembly=assembly):
        assert events.story(assembly)[0] == line


def test_facts_have_one_spelling():
    assert events.canonical({"b": 1, "a": "\u7b54"}) == '{"a":"\u7b54","b":1}'


only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL keeps the kinds of columns"
)


@only_sqlite
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "no time at all"),
        ("facts", b"\xff\xfe"),
        ("actor", b"somebody"),
        ("sequence", "third"),
        ("post_id", "nobody"),
        ("assembly_id", 0),
    ],
    ids=str,
)
def test_a_row_with_a_value_of_another_kind_is_named(assembly, column, value):
    with connection.constraint_checks_disabled():
        change(rows(assembly)[2], **{column: value})
        refuses(assembly, 3)
        tamper(f"DELETE FROM {TABLE}", [])


@only_sqlite
def test_a_row_that_cannot_be_read_is_named(assembly):
    third = rows(assembly)[2]
    tamper(f"UPDATE {TABLE} SET facts = CAST(%s AS TEXT) WHERE id = %s", [b"\xff\xfe", third.pk])
    refuses(assembly, 3)


def test_two_rows_changed_for_each_other_are_named(assembly):
    second, third = rows(assembly)[1:3]
    for event, sequence in ((second, 99), (third, 2), (second, 3)):
        change(event, sequence=sequence)
    refuses(assembly, 2)


def test_a_spoiled_row_is_still_shown(assembly, monkeypatch):
    monkeypatch.setitem(events.SENTENCES, "test.act", "did {what}")
    change(rows(assembly)[2], facts="{not json")
    assert "did " in _texts(assembly)


def _texts(assembly) -> set[str]:
    with scope(assembly=assembly):
        return {line.text for line in events.story(assembly)}


@pytest.mark.parametrize("said", ["20250101", "2025-W01-1", "{act.__class__}", "100%", "{0}"])
def test_a_fact_is_told_as_it_was_written(assembly, monkeypatch, said):
    monkeypatch.setitem(events.SENTENCES, "test.act", "did {what}")
    record(assembly, what=said)
    assert f"did {said}" in _texts(assembly)
