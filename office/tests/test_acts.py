"""Acts happen once, however often they are sent."""

import pytest
from django.db import transaction
from django_scopes import scope

from office.acts import AlreadyDone, Stale, act, new_key, refuse_stale
from office.models import ActKey
from office.numbering import take_number
from office.tests.threads import at_once
from tests import factories


@pytest.fixture
def post(db):
    return factories.post(factories.assembly(), "reviewer")


def do(post, key: str) -> int:
    with scope(assembly=post.assembly), act(post=post, key=key):
        return take_number(assembly_id=post.assembly_id, key="done")


def test_the_same_key_a_second_time_changes_nothing(post):
    key = new_key()
    assert do(post, key) == 1
    with pytest.raises(AlreadyDone):
        do(post, key)
    assert do(post, new_key()) == 2


def test_an_act_without_a_key_is_simply_done(post):
    assert [do(post, ""), do(post, "")] == [1, 2]


def test_an_act_that_failed_may_be_sent_again(post):
    key = new_key()
    with pytest.raises(ZeroDivisionError), scope(assembly=post.assembly), act(post=post, key=key):
        raise ZeroDivisionError
    assert do(post, key) == 1


def test_a_key_belongs_to_its_assembly(post):
    other = factories.post(factories.assembly(), "reviewer")
    key = new_key()
    assert [do(post, key), do(other, key)] == [1, 1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_done_once():
    post = factories.post(factories.assembly(), "reviewer")
    key = new_key()
    found = at_once(10, post.assembly, lambda _n: do(post, key))
    assert [n for n in found if isinstance(n, int)] == [1]
    assert sum(isinstance(n, AlreadyDone) for n in found) == 9
    with scope(assembly=post.assembly):
        assert ActKey.objects.filter(key=key).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_act_is_one_transaction():
    post = factories.post(factories.assembly(), "reviewer")
    with scope(assembly=post.assembly), act(post=post):
        assert transaction.get_connection().in_atomic_block


def test_an_old_page_is_refused():
    refuse_stale(None, 3)
    refuse_stale(3, 3)
    with pytest.raises(Stale):
        refuse_stale(2, 3)
