"""How many rows several questions have together: the navigation asks on every page, so in one query."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet


def total(questions: Iterable[QuerySet[Any]]) -> int:
    """Return how many rows these querysets have together. One query, none where nothing can be found."""
    keys = [rows.order_by().values("pk") for rows in questions]
    return int(keys[0].union(*keys[1:], all=True).count()) if keys else 0
