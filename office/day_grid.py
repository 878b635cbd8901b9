"""The way to a date as a picture: each day from the start to the last one, counted or left out and why.

Drawn from the facts kept with the date (office.calendar.due_from), so that it shows what was counted then.
"""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from office.models import DeadlineRule

START, COUNT, WORKED, RUN = "start", "count", "worked", "run"
WEEKEND, HOLIDAY, STILL, MORE, DUE = "weekend", "holiday", "still", "more", "due"
# The sign in the picture and what it means, in the order of the key below it.
SIGNS: dict[str, tuple[str | Promise, str | Promise]] = {
    START: (
        pgettext_lazy("sign of a day", "from"),
        gettext_lazy("counted from this day, itself not included"),
    ),
    COUNT: ("1 2 3", gettext_lazy("working day, counted")),
    WORKED: (pgettext_lazy("sign of a day", "work"), gettext_lazy("weekend that is worked, counted")),
    RUN: ("·", gettext_lazy("calendar day, counted")),
    WEEKEND: ("–", gettext_lazy("weekend, left out")),
    HOLIDAY: (pgettext_lazy("sign of a day", "off"), gettext_lazy("holiday, left out")),
    STILL: (pgettext_lazy("sign of a day", "still"), gettext_lazy("stood still while a request was open")),
    MORE: (pgettext_lazy("sign of a day", "more"), gettext_lazy("more time that was granted")),
    DUE: (pgettext_lazy("sign of a day", "due"), gettext_lazy("the last day")),
}
# The days of the week above the columns, in one or two letters.
HEADS = (
    pgettext_lazy("column of a calendar", "Mo"),
    pgettext_lazy("column of a calendar", "Tu"),
    pgettext_lazy("column of a calendar", "We"),
    pgettext_lazy("column of a calendar", "Th"),
    pgettext_lazy("column of a calendar", "Fr"),
    pgettext_lazy("column of a calendar", "Sa"),
    pgettext_lazy("column of a calendar", "Su"),
)
# Months in which nothing but calendar days passes are told in a line from so many on.
SHORT = 2


@dataclass(frozen=True)
class GridDay:
    """One day of the picture; a day before the start or after the end has no state."""

    number: int
    state: str = ""
    sign: str = ""
    words: str = ""
    name: str = ""  # of the holiday


@dataclass(frozen=True)
class GridMonth:
    """One month: its weeks on the way, from Monday on, None for days of another month; or only a line of words."""

    title: str
    weeks: list[list[GridDay | None]] = field(default_factory=list)
    is_estimated: bool = False


@dataclass(frozen=True)
class Picture:
    """The months, the key of the signs that occur in them, and the names above the columns."""

    months: list[GridMonth]
    key: list[tuple[str, str, str]]
    heads: list[tuple[str, str]]


def picture_of(how: dict[str, Any]) -> Picture | None:
    """Return the picture of the way to a date; None for facts that say too little (of very old cases)."""
    if not how or not {"start", "date", "unit"} <= set(how):
        return None
    days = dict(_days(how))
    states = {day.state for day in days.values()}
    key = [(state, str(sign), str(words)) for state, (sign, words) in SIGNS.items() if state in states]
    heads = [(str(head), str(WEEKDAYS[place])) for place, head in enumerate(HEADS)]
    return Picture(_months(how, days), key, heads)


def _days(how: dict[str, Any]) -> Iterator[tuple[dt.date, GridDay]]:
    """Each day from the start to the date."""
    start, end = (dt.date.fromisoformat(how[name]) for name in ("start", "date"))
    is_working = how["unit"] == DeadlineRule.Unit.WORKING_DAYS
    names = {iso: (kind, name) for kind in ("left_out", "worked") for iso, name in how.get(kind, [])}
    day, counted = start, 0
    while day <= end:
        iso = day.isoformat()
        kind, name = names.get(iso, ("", ""))
        if day == start:
            state = START
        elif any(begins <= iso < ends for begins, ends in how.get("pauses", [])):
            state = STILL
        elif kind == "left_out":
            state = HOLIDAY if name else WEEKEND
        elif _is_extra(how, iso, counted):
            state = MORE
        elif is_working:
            counted += 1
            state = WORKED if kind == "worked" else COUNT
        else:
            state = RUN
        yield day, _day(day, state, counted, name, is_last=day == end)
        day += dt.timedelta(1)


def _is_extra(how: dict[str, Any], iso: str, counted: int) -> bool:
    """Whether a day belongs to the time that was granted on top of the rule's."""
    if not how.get("extensions"):
        return False
    if before := how.get("without_extension"):
        return bool(iso > before)
    return bool(how["unit"] == DeadlineRule.Unit.WORKING_DAYS and counted >= (how.get("length") or 0))


def _day(day: dt.date, state: str, counted: int, name: str, *, is_last: bool) -> GridDay:
    sign, words = (str(part) for part in SIGNS[state])
    if state in (COUNT, WORKED):
        sign = f"{counted} {sign}" if state == WORKED else str(counted)
        told = _("working day %(n)s") if state == COUNT else _("working day %(n)s, a weekend that is worked")
        words = told % {"n": counted}
    elif state == HOLIDAY:
        words = pgettext("day", "%(holiday)s, left out") % {"holiday": name}
    if is_last:
        due = f"{counted} {SIGNS[DUE][0]}" if state in (COUNT, WORKED) else str(SIGNS[DUE][0])
        return GridDay(day.day, DUE, due, f"{SIGNS[DUE][1]}{_('; ')}{words}", name)
    return GridDay(day.day, state, sign, words, name)


def _months(how: dict[str, Any], days: dict[dt.date, GridDay]) -> list[GridMonth]:
    """The months with something to see; those between in which only calendar days pass, in one line."""
    firsts = sorted({day.replace(day=1) for day in days})
    months: list[GridMonth] = []
    for is_plain, group in groupby(firsts, lambda first: _is_plain(first, days)):
        found = list(group)
        if is_plain and len(found) >= SHORT:
            months.append(GridMonth(_stretch(found[0], found[-1])))
        else:
            months += [_month(first, days, how.get("estimated_years", [])) for first in found]
    return months


def _is_plain(first: dt.date, days: dict[dt.date, GridDay]) -> bool:
    return all(day in days and days[day].state == RUN for day in _all_of(first))


def _all_of(first: dt.date) -> list[dt.date]:
    length = calendar.monthrange(first.year, first.month)[1]
    return [first.replace(day=number) for number in range(1, length + 1)]


def _stretch(first: dt.date, last: dt.date) -> str:
    span = {"first": _title(first), "last": _title(last)}
    return _("%(first)s to %(last)s: every day is counted.") % span


def _title(first: dt.date) -> str:
    return date_format(first, "YEAR_MONTH_FORMAT")


def _month(first: dt.date, days: dict[dt.date, GridDay], estimated: list[int]) -> GridMonth:
    cells: list[GridDay | None] = [None] * first.weekday()
    cells += [days.get(day, GridDay(day.day)) for day in _all_of(first)]
    cells += [None] * (-len(cells) % 7)
    weeks = [cells[at : at + 7] for at in range(0, len(cells), 7)]
    seen = [week for week in weeks if any(day and day.state for day in week)]
    return GridMonth(_title(first), seen, first.year in estimated)
