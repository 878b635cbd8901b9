"""Deadlines: computed from the assembly's rules and its table of days, with the way there kept for the page.

Dates are computed, never typed. A day in a year without any row in the table counts by its weekday and
makes the date an estimate.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
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


Pause = tuple[dt.date, dt.date | None]
RULE_FIELDS = (
    "unit",
    "length",
    "fixed_month",
    "fixed_day",
    "latest_months",
    "warn_days",
    "starts",
    "pauses",
    "extensions",
)


def rule_for(assembly_id: int, step: str, *, is_plenary: bool | None) -> DeadlineRule | None:
    """Return the assembly's rule for a step: that for the kind of proposal, else the one for every proposal."""
    rows = DeadlineRule.objects.filter(assembly_id=assembly_id, step=step)
    found = {rule.applies: rule for rule in rows}
    kinds = {True: DeadlineRule.Applies.PLENARY, False: DeadlineRule.Applies.BETWEEN, None: ""}
    return found.get(kinds[is_plenary]) or found.get(DeadlineRule.Applies.ALWAYS)


def rule_facts(rule: DeadlineRule) -> dict[str, Any]:
    """Return a rule as small JSON values, kept with a case so that a rule changed later leaves it alone."""
    return {name: getattr(rule, name) for name in RULE_FIELDS}


def due_from(
    *,
    start: dt.date,
    rule: dict[str, Any],
    days: Days,
    pauses: Sequence[Pause] = (),
    extension: dict[str, Any] | None = None,
    extended: int = 0,
) -> Due:
    """Return the last day for a step that starts on `start`, which itself is not counted (Civil Code, art. 201).

    `rule` and `extension` are facts of rules. Pauses count only where the rule says so, and only once they have
    ended: while one is open the date stays where it is. A pause lasts from its first day up to the day before its last:
    working days in it do not count; calendar days, months and fixed dates move by as many calendar days. Each
    of the `extended` extensions adds the extension's length to the date reached, without pauses. Months end on
    the same day of the month, or on its last day (art. 202). A date is not moved off a day off: the rule says
    what counts. `latest_months` after the start nothing goes, neither by pause nor by extension.
    """
    how: dict[str, Any] = {
        "start": start.isoformat(),
        "unit": rule["unit"],
        "length": rule["length"],
        "left_out": [],
        "worked": [],
        "pauses": [],
        "extensions": [],
    }
    spans = _spans(start, pauses) if rule.get("pauses") else []
    date = _after(start, rule, days, how, spans)
    if rule["unit"] != DeadlineRule.Unit.WORKING_DAYS:
        date = _moved(date, spans, how)
    if extension and extended:
        how["without_extension"] = date.isoformat()
    for _n in range(extended if extension else 0):
        date = _after(date, extension or {}, days, how, [])
        how["extensions"].append(date.isoformat())
    months = rule.get("latest_months")
    if months and date > (latest := add_months(start, months)):
        date, how["capped_months"] = latest, months
        how["extensions"] = [min(day, date.isoformat()) for day in how["extensions"]]
        for part in ("left_out", "worked", "pauses"):
            how[part] = [row for row in how[part] if row[0] <= date.isoformat()]
    years = range(start.year, date.year + 1) if _counts_working_days(rule, extension, extended) else ()
    how["estimated_years"] = [year for year in years if year not in days.known_years]
    return Due(date, how | {"date": date.isoformat()})


def _counts_working_days(rule: dict[str, Any], extension: dict[str, Any] | None, extended: int) -> bool:
    """Only a date counted in working days can move with holidays that are not announced yet."""
    units = [rule["unit"]] + ([extension["unit"]] if extension and extended else [])
    return DeadlineRule.Unit.WORKING_DAYS in units


def _spans(start: dt.date, pauses: Sequence[Pause]) -> list[tuple[dt.date, dt.date]]:
    """The pauses that ended, from the day after the start on, joined where they overlap, in order."""
    first = start + dt.timedelta(1)
    closed = sorted((max(a, first), b) for a, b in pauses if b and b > max(a, first))
    joined: list[tuple[dt.date, dt.date]] = []
    for begins, ends in closed:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _after(
    start: dt.date,
    rule: dict[str, Any],
    days: Days,
    how: dict[str, Any],
    spans: list[tuple[dt.date, dt.date]],
) -> dt.date:
    match rule["unit"]:
        case DeadlineRule.Unit.WORKING_DAYS:
            return _after_working_days(start, rule["length"] or 0, days, how, spans)
        case DeadlineRule.Unit.DAYS:
            return start + dt.timedelta(rule["length"] or 0)
        case DeadlineRule.Unit.MONTHS:
            return add_months(start, rule["length"] or 0)
    this_year = _fixed_date(start.year, rule)
    return this_year if this_year > start else _fixed_date(start.year + 1, rule)


def _fixed_date(year: int, rule: dict[str, Any]) -> dt.date:
    """The fixed date of a year; the last day of the month where the rule names no day that it has."""
    month = rule["fixed_month"] or 12
    return dt.date(year, month, min(rule["fixed_day"] or 31, calendar.monthrange(year, month)[1]))


def _after_working_days(
    start: dt.date, length: int, days: Days, how: dict[str, Any], spans: list[tuple[dt.date, dt.date]]
) -> dt.date:
    day, left, seen = start, length, set()
    while left:
        day += dt.timedelta(1)
        kind, name = days.exceptions.get(day, ("", ""))
        if span := next((span for span in spans if span[0] <= day < span[1]), None):
            seen.add(span)
        elif days.is_working(day):
            left -= 1
            if kind:
                how["worked"].append([day.isoformat(), name])
        else:
            how["left_out"].append([day.isoformat(), name])
    how["pauses"] += [[a.isoformat(), b.isoformat()] for a, b in sorted(seen)]
    return day


def _moved(date: dt.date, spans: list[tuple[dt.date, dt.date]], how: dict[str, Any]) -> dt.date:
    """The date, moved by each pause that began before it was over."""
    for begins, ends in spans:
        if begins <= date:
            date += ends - begins
            how["pauses"].append([begins.isoformat(), ends.isoformat()])
    return date


def chain_dates(
    *, start: dt.date, due: dt.date, steps: Sequence[tuple[str, int]], days: Days
) -> dict[str, dt.date]:
    """Return the latest day of each step of a chain, worked back from the legal date in working days.

    `steps` are (name, working days that the step itself may take), in their order; the last one ends on `due`.
    No day lies before `start`: a chain that is late already says today for every step.
    """
    found, day = {}, due
    while not days.is_working(day):
        day -= dt.timedelta(1)
    for name, length in reversed(steps):
        found[name] = max(day, start)
        for _n in range(length):
            day -= dt.timedelta(1)
            while not days.is_working(day):
                day -= dt.timedelta(1)
    return {name: found[name] for name, _length in steps}


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
    for begins, ends in how.get("pauses", []):
        span = {"first": _day(begins), "last": _day(ends)}
        lines.append(_("It stood still from %(first)s until %(last)s, while a request was open.") % span)
    for date in how.get("extensions", []):
        lines.append(_("More time was granted, until %(day)s.") % {"day": _day(date)})
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


# So many weekends are told one by one; the picture of the days shows more of them (office.day_grid).
WEEKENDS_TOLD = 3


def _ranges(days: list[list[str]]) -> str:
    """Join neighbouring days of one name: “Spring Festival 11 to 17 Feb; weekend 20 to 21 Feb”."""
    runs: list[tuple[dt.date, dt.date, str]] = []
    for iso, name in days:
        day = dt.date.fromisoformat(iso)
        if runs and runs[-1][1] == day - dt.timedelta(1) and runs[-1][2] == name:
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    weekends = [run for run in runs if not run[2]]
    if len(weekends) <= WEEKENDS_TOLD:
        return _("; ").join(_run(*run) for run in runs)
    count = sum((last - first).days + 1 for first, last, _name in weekends)
    told = [_run(*run) for run in runs if run[2]]
    return _("; ").join(
        [*told, ngettext("%(n)d day on weekends", "%(n)d days on weekends", count) % {"n": count}]
    )


def _run(first: dt.date, last: dt.date, name: str) -> str:
    label = name or _("weekend")
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
