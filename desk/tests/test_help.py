"""The page of the states says all that the tables say, to any post."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from desk.help_views import TABLES, chapter_of
from desk.states_picture import Arrow, picture
from organizations.models import Role
from organizations.posts import SESSION_KEY
from tests.factories import World


@pytest.fixture
def world(db):
    return World()


@pytest.mark.parametrize("role", ["clerk", "auditor", "filer"])
def test_the_page_shows_every_state_and_every_step_with_a_role(world, client, role):
    client.force_login(getattr(world, role).user)
    session = client.session
    session[SESSION_KEY] = getattr(world, role).pk
    session.save()
    shown = client.get(reverse("desk:help_states")).content.decode()
    assert shown.count("<h1") == 1
    assert " style=" not in shown
    for table in TABLES:
        for label in table.states.labels:
            assert escape(str(label)) in shown
        for step in table:
            for role_of_step in step.by:
                assert escape(str(step.label)) in shown
                assert escape(str(Role(role_of_step).label)) in shown


def test_each_table_says_every_way_in_words():
    for table in TABLES:
        rows = {row.label: row.ways for row in chapter_of(table).rows}
        assert len(rows) == len(table.states.values)
        for step in table:
            for source in step.source:
                to = str(table.states(step.target).label)
                ways = [way for way in rows[str(table.states(source).label)] if way.to == to]
                assert any(way.what == str(step.label) or not step.by for way in ways)
                assert all(way.who and way.what for way in ways)


def test_the_picture_draws_each_way_once_and_escapes_names():
    drawn = picture(["a <b>", "c"], [Arrow(0, 1), Arrow(1, 0), Arrow(1, 1)], "states")
    assert "a &lt;b&gt;" in drawn
    assert drawn.count('class="head"') == 2
    assert drawn.count('class="way back"') == 1
