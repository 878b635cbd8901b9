"""Running numbers without gap or double, on SQLite and PostgreSQL.

The series' row is locked by the update that takes the number; a rollback of the caller gives it back.
"""

from django.db import transaction
from django.db.models import F

from office.models import NumberSeries


def take_number(*, assembly_id: int, key: str, first: int = 1) -> int:
    """Return the next number of a series inside the caller's transaction; `first` opens a new series.

    Take it last, when the number is due. Raises TransactionManagementError outside a transaction,
    where a failure after the call would burn the number.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken in the transaction that uses it")
    series, _new = NumberSeries.objects.get_or_create(
        assembly_id=assembly_id, key=key, defaults={"next": first}
    )
    NumberSeries.objects.filter(pk=series.pk).update(next=F("next") + 1)
    return NumberSeries.objects.values_list("next", flat=True).get(pk=series.pk) - 1


def is_open(*, assembly_id: int, key: str) -> bool:
    """Say whether a series has given a number already, after which its first number stays as it is."""
    return NumberSeries.objects.filter(assembly_id=assembly_id, key=key).exists()


def expected_number(*, assembly_id: int, key: str, first: int = 1) -> int:
    """Return the number that the next taker would get now, without taking it: for a page, never for a row."""
    series = NumberSeries.objects.filter(assembly_id=assembly_id, key=key).values_list("next", flat=True)
    return series.first() or first
