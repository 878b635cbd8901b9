"""Running numbers: no gap, no double, given back by a rollback."""

import pytest
from django.db import transaction
from django_scopes import scope

from office import numbering
from office.numbering import take_number
from office.tests.threads import at_once
from tests import factories


def take(assembly, key: str = "a", **options) -> int:
    with scope(assembly=assembly), transaction.atomic():
        return take_number(assembly_id=assembly.pk, key=key, **options)


@pytest.mark.django_db
def test_numbers_follow_each_other():
    assembly = factories.assembly()
    assert [take(assembly) for _n in range(3)] == [1, 2, 3]


@pytest.mark.django_db
def test_each_series_and_each_assembly_counts_for_itself():
    one, other = factories.assembly(), factories.assembly()
    assert [take(one, "a"), take(one, "b"), take(other, "a"), take(one, "a")] == [1, 1, 1, 2]


@pytest.mark.django_db
def test_the_first_number_opens_a_series_and_says_nothing_later():
    assembly = factories.assembly()
    assert [take(assembly, first=51), take(assembly, first=99)] == [51, 52]


@pytest.mark.django_db
def test_a_series_is_open_once_it_has_given_a_number():
    assembly = factories.assembly()
    with scope(assembly=assembly):
        assert not numbering.is_open(assembly_id=assembly.pk, key="a")
        take(assembly)
        assert numbering.is_open(assembly_id=assembly.pk, key="a")


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back():
    assembly = factories.assembly()
    assert take(assembly) == 1

    @transaction.atomic
    def fail() -> None:
        assert take(assembly) == 2
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert take(assembly) == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_is_not_given_outside_a_transaction():
    assembly = factories.assembly()
    with scope(assembly=assembly), pytest.raises(transaction.TransactionManagementError):
        take_number(assembly_id=assembly.pk, key="a")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_fifty_numbers_without_gap():
    assembly = factories.assembly()
    numbers = at_once(50, assembly, lambda _n: take(assembly, first=51))
    assert sorted(numbers) == list(range(51, 101))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_failures_between_them_leave_no_gap():
    assembly = factories.assembly()

    def take_or_fail(number: int) -> int:
        with transaction.atomic():
            taken = take_number(assembly_id=assembly.pk, key="a")
            if number % 3 == 0:
                raise ZeroDivisionError
            return taken

    found = at_once(24, assembly, take_or_fail)
    numbers = [n for n in found if isinstance(n, int)]
    assert sum(isinstance(n, ZeroDivisionError) for n in found) == 8
    assert sorted(numbers) == list(range(1, 17))
