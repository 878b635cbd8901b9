"""Real competitors: threads with their own database connections, started at one moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections
from django_scopes import scope

Result = TypeVar("Result")


def at_once(assembly: Any, acts: list[Callable[[], Result]], crowd: int = 50) -> list[Result | Exception]:
    """Run all acts at the same moment, each in its own thread and scope; an exception is a result too."""
    gate = threading.Barrier(min(crowd, len(acts)))

    def one(act: Callable[[], Result]) -> Result | Exception:
        gate.wait(timeout=60)
        try:
            with scope(assembly=assembly):
                return act()
        except Exception as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=gate.parties) as pool:
        return list(pool.map(one, acts))
