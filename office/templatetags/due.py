"""For parts/due_how.html: the picture of how a date was reached."""

from typing import Any

from django import template

from office import day_grid

register = template.Library()


@register.filter
def picture(how: Any) -> day_grid.Picture | None:
    """Return the picture of the way to a date from the facts kept with it; None without facts."""
    return day_grid.picture_of(how) if isinstance(how, dict) else None
