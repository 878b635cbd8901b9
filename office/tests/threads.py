"""Many at once, with real connections: what the tests of concurrency share."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections
from django_scopes import scope


def at_once(count: int, assembly: Any, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(0)`, `work(1)` … in threads that start together; exceptions are returned, not raised."""
    start = Barrier(count)

    def run(number: int) -> Any:
        try:
            start.wait()
            with scope(assembly=assembly):
                return work(number)
        except Exception as wrong:
            return wrong
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
