"""What an act leaves behind: every row of the house before and after it. A refused act leaves nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404

from office.acts import AlreadyDone
from office.workflow import Refused

REFUSALS = (PermissionDenied, Refused, Http404, AlreadyDone)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def every_row() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables that are the house's own, table by table."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if not model.__module__.startswith("django.")
    ]
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


@contextmanager
def writes_sent() -> Iterator[list[str]]:
    """Gather every statement that could change a row, whether it is kept or taken back later."""
    sent: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield sent


def refusal_of(do: Callable[[], Any]) -> Exception | None:
    """Do an act and return its refusal, or None when it ran.

    What was refused after it had written is compared with what stood before, row by row.
    """
    with transaction.atomic():
        before = transaction.savepoint()
        with writes_sent() as sent:
            try:
                do()
            except REFUSALS as refused:
                refusal: Exception | None = refused
            else:
                refusal = None
        if refusal is None or not sent:
            transaction.savepoint_commit(before)
            return refusal
        left = every_row()
        transaction.savepoint_rollback(before)
        stood = every_row()
        changed = [table for table in stood if stood[table] != left[table]]
        assert not changed, f"refused ({refusal!r}) but left something behind in {changed}"
        return refusal


def runs(do: Callable[[], Any]) -> bool:
    """Say whether an act runs, and undo it. One that runs writes, and one that is refused leaves no row changed."""
    with transaction.atomic():
        with writes_sent() as sent:
            went = refusal_of(do) is None
        assert sent or not went, "an act ran and wrote nothing"
        transaction.set_rollback(True)
    return went
