"""Deadlines: computed from the assembly's rules and its table of days, with the way there kept for the page.

Dates are computed, never typed. A day in a year without any row in the table counts by its weekday and
makes the date an estimate.
"""

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from chinese_calendar import constants
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from office import clock
from office.models import CalendarDay, DeadlineRule


@dataclass(frozen=True)
class Days:
    """The assembly's days, loaded once: those that differ from their weekday, and the years that are known."""

    exceptions: dict[dt.date, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, assembly_id: int) -> "Days":
        rows = CalendarDay.objects.filter(assembly_id=assembly_id).values_list("day", "kind", "name")
        return cls({day: (kind, name) for day, kind, name in rows})

    @property
    def known_years(self) -> set[int]:
        return {day.year for day in self.exceptions}

    def is_working(self, day: dt.date) -> bool:
        kind, _name = self.exceptions.get(day, ("", ""))
        return kind == CalendarDay.Kind.WORKDAY or (not kind and day.weekday() < 5)

    def working_days_between(self, after: dt.date, until: dt.date) -> int:
        """Count the working days after one date up to and including another."""
        return sum(self.is_working(after + dt.timedelta(n)) for n in range(1, (until - after).days + 1))


@dataclass(frozen=True)
class Due:
    """A computed date and how it came about (small JSON values, kept with the row that has the date)."""

    date: dt.date
    how: dict[str, Any]


@dataclass(frozen=True)
class Lamp:
    """How urgent a date is, for the eye (state: late, soon or fine) and in words."""

    state: str
    text: str
    date: dt.date


def compute_due(*, start: dt.date, rule: DeadlineRule, days: Days) -> Due:
    """Return the last day for a step that starts on `start`, which itself is not counted (Civil Code, art. 201)."""
    how: dict[str, Any] = {
        "start": start.isoformat(),
        "unit": rule.unit,
        "length": rule.length,
        "left_out": [],
        "worked": [],
    }
    reckon = {
        DeadlineRule.Unit.WORKING_DAYS: _after_working_days,
        DeadlineRule.Unit.DAYS: _after_days,
        DeadlineRule.Unit.MONTHS: _after_months,
        DeadlineRule.Unit.FIXED: _on_fixed_date,
    }[DeadlineRule.Unit(rule.unit)]
    date = reckon(start, rule, days, how)
    if rule.latest_months and date > (latest := add_months(start, rule.latest_months)):
        date, how["capped_months"] = latest, rule.latest_months
    how["estimated_years"] = [y for y in range(start.year, date.year + 1) if y not in days.known_years]
    return Due(date, how | {"date": date.isoformat()})


def _after_working_days(start: dt.date, rule: DeadlineRule, days: Days, how: dict[str, Any]) -> dt.date:
    day, left = start, rule.length or 0
    while left:
        day += dt.timedelta(1)
        kind, name = days.exceptions.get(day, ("", ""))
        if days.is_working(day):
            left -= 1
            if kind:
                how["worked"].append([day.isoformat(), name])
        else:
            how["left_out"].append([day.isoformat(), name])
    return day


def _after_days(start: dt.date, rule: DeadlineRule, days: Days, how: dict[str, Any]) -> dt.date:
    return start + dt.timedelta(rule.length or 0)


def _after_months(start: dt.date, rule: DeadlineRule, days: Days, how: dict[str, Any]) -> dt.date:
    return add_months(start, rule.length or 0)


def _on_fixed_date(start: dt.date, rule: DeadlineRule, days: Days, how: dict[str, Any]) -> dt.date:
    this_year = dt.date(start.year, rule.fixed_month or 12, rule.fixed_day or 31)
    return this_year if this_year > start else this_year.replace(year=start.year + 1)


def add_months(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later; where that month is too short, its last day (Civil Code, art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def explain(how: dict[str, Any]) -> list[str]:
    """Return the way to a date as sentences in the language of the page."""
    lines = [_("Counted from %(day)s, the day itself not included.") % {"day": _day(how["start"])}]
    lines.append(_length_sentence(how))
    if how["left_out"]:
        lines.append(_("Left out: %(days)s.") % {"days": _ranges(how["left_out"])})
    if how["worked"]:
        lines.append(_("Worked although a weekend: %(days)s.") % {"days": _ranges(how["worked"])})
    if months := how.get("capped_months"):
        lines.append(
            ngettext("Never beyond %(n)d month.", "Never beyond %(n)d months.", months) % {"n": months}
        )
    lines.append(_("Due on %(day)s.") % {"day": _day(how["date"])})
    if years := how["estimated_years"]:
        lines.append(
            _("Estimated: the holidays of %(years)s are not in the calendar yet.")
            % {"years": get_text_list([str(year) for year in years], _("and"))}
        )
    return lines


def _length_sentence(how: dict[str, Any]) -> str:
    n = how["length"] or 0
    match how["unit"]:
        case DeadlineRule.Unit.WORKING_DAYS:
            return ngettext("Rule: %(n)d working day.", "Rule: %(n)d working days.", n) % {"n": n}
        case DeadlineRule.Unit.DAYS:
            return ngettext("Rule: %(n)d calendar day.", "Rule: %(n)d calendar days.", n) % {"n": n}
        case DeadlineRule.Unit.MONTHS:
            return ngettext("Rule: %(n)d month.", "Rule: %(n)d months.", n) % {"n": n}
    return _("Rule: the assembly's fixed date.")


def _day(iso: str) -> str:
    return date_format(dt.date.fromisoformat(iso), pgettext("date format, another year", "j M Y"))


def _ranges(days: list[list[str]]) -> str:
    """Join neighbouring days of one name: “Spring Festival 11 to 17 Feb; Saturday 20 Feb”."""
    runs: list[tuple[dt.date, dt.date, str]] = []
    for iso, name in days:
        day = dt.date.fromisoformat(iso)
        label = name or _("weekend")
        if runs and runs[-1][1] == day - dt.timedelta(1) and runs[-1][2] == label:
            runs[-1] = (runs[-1][0], day, label)
        else:
            runs.append((day, day, label))
    return _("; ").join(_run(*run) for run in runs)


def _run(first: dt.date, last: dt.date, label: str) -> str:
    short = [date_format(day, pgettext("date format", "j M")) for day in (first, last)]
    span = short[0] if first == last else _("%(first)s to %(last)s") % {"first": short[0], "last": short[1]}
    return f"{label} {span}"


def day_in_words(day: dt.date) -> str:
    """Return a day as pages write it, as parts/day.html does: with the year when it is not this one."""
    if day.year == clock.today().year:
        return date_format(day, pgettext("date format", "j M"))
    return date_format(day, pgettext("date format, another year", "j M Y"))


def lamp(*, due: dt.date, today: dt.date, warn_days: int, days: Days) -> Lamp:
    """Return how urgent a date is today: late, soon (within `warn_days` calendar days) or fine."""
    left = (due - today).days
    if left < 0:
        return Lamp("late", ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}, due)
    working = days.working_days_between(today, due)
    text = ngettext("%(n)d working day left", "%(n)d working days left", working) % {"n": working}
    if left == 0:
        text = _("due today")
    return Lamp("soon" if left <= warn_days else "fine", text, due)


def official_days(year: int) -> list[CalendarDay]:
    """Return the State Council's days of a year as unsaved rows without an assembly (empty: not announced)."""
    rows = []
    for source, kind in (
        (constants.holidays, CalendarDay.Kind.HOLIDAY),
        (constants.workdays, CalendarDay.Kind.WORKDAY),
    ):
        names = {day: name for day, name in source.items() if day.year == year}
        rows += [CalendarDay(day=day, kind=kind, name=_chinese_name(name)) for day, name in names.items()]
    return rows


def official_years() -> list[int]:
    """Return the years whose holidays are known to the calendar's source."""
    return sorted({day.year for day in constants.holidays})


def _chinese_name(name: str) -> str:
    return next((h.chinese for h in constants.Holiday if h.value == name), name)
