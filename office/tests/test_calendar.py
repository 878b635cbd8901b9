"""Deadlines: working days over the State Council's holidays, months, fixed dates, caps, estimates, lamps."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from office import calendar, clock
from office.calendar import Days, Due, due_from, explain, lamp, rule_facts
from office.models import CalendarDay, DeadlineRule

Unit = DeadlineRule.Unit
KNOWN = Days(
    {row.day: (row.kind, row.name) for year in range(2019, 2027) for row in calendar.official_days(year)}
)


def compute_due(*, start: dt.date, rule: DeadlineRule, days: Days) -> Due:
    return due_from(start=start, rule=rule_facts(rule), days=days)


def working(length: int) -> DeadlineRule:
    return DeadlineRule(step="reply", unit=Unit.WORKING_DAYS, length=length)


def months(length: int, **facts: int) -> DeadlineRule:
    return DeadlineRule(step="reply", unit=Unit.MONTHS, length=length, **facts)


def due(start: str, rule: DeadlineRule) -> str:
    return compute_due(start=dt.date.fromisoformat(start), rule=rule, days=KNOWN).date.isoformat()


@pytest.mark.parametrize(
    ("start", "length", "wanted"),
    [
        # Spring Festival 2021: off 11 to 17 February; Sunday the 7th and Saturday the 20th were worked.
        ("2021-02-05", 1, "2021-02-07"),
        ("2021-02-10", 1, "2021-02-18"),
        ("2021-02-10", 3, "2021-02-20"),
        ("2021-02-10", 4, "2021-02-22"),
        # National Day 2021: off 1 to 7 October; Sunday 26 September and Saturday 9 October were worked.
        ("2021-09-24", 1, "2021-09-26"),
        ("2021-09-30", 2, "2021-10-09"),
        ("2021-09-30", 3, "2021-10-11"),
        # A week without any holiday.
        ("2021-03-05", 1, "2021-03-08"),
        ("2021-03-05", 10, "2021-03-19"),
    ],
)
def test_working_days_follow_the_announced_calendar(start: str, length: int, wanted: str):
    assert due(start, working(length)) == wanted


@pytest.mark.parametrize(
    ("start", "length", "wanted"),
    [
        ("2021-02-26", 3, "2021-05-26"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2021-08-31", 1, "2021-09-30"),
        ("2021-12-31", 1, "2022-01-31"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: str, length: int, wanted: str):
    assert due(start, months(length)) == wanted


def test_calendar_days_are_counted_as_they_come():
    assert due("2021-02-05", DeadlineRule(unit=Unit.DAYS, length=10)) == "2021-02-15"


@pytest.mark.parametrize(
    ("start", "wanted"),
    [("2021-02-26", "2021-05-25"), ("2021-05-24", "2021-05-25"), ("2021-05-25", "2022-05-25")],
)
def test_a_fixed_date_is_the_next_one(start: str, wanted: str):
    assert due(start, DeadlineRule(unit=Unit.FIXED, fixed_month=5, fixed_day=25)) == wanted


def test_no_date_lies_beyond_the_cap():
    rule = DeadlineRule(unit=Unit.FIXED, fixed_month=5, fixed_day=25, latest_months=6)
    found = compute_due(start=dt.date(2021, 6, 1), rule=rule, days=KNOWN)
    assert found.date == dt.date(2021, 12, 1)
    assert found.how["capped_months"] == 6
    assert due("2021-02-26", months(5, latest_months=6)) == "2021-07-26"


def test_a_year_that_is_not_announced_makes_an_estimate():
    found = compute_due(start=dt.date(2026, 12, 28), rule=working(10), days=KNOWN)
    assert found.how["estimated_years"] == [2027]
    assert compute_due(start=dt.date(2026, 12, 1), rule=working(10), days=KNOWN).how["estimated_years"] == []


def test_an_act_at_half_past_midnight_counts_from_that_day():
    """At 00:30 in Beijing it still is the day before in UTC."""
    half_past_midnight = dt.datetime(2021, 2, 25, 16, 30, tzinfo=dt.UTC)
    with clock.at(half_past_midnight):
        assert clock.today() == dt.date(2021, 2, 26)
        assert compute_due(start=clock.today(), rule=months(3), days=KNOWN).date == dt.date(2021, 5, 26)


@given(
    start=st.dates(dt.date(2019, 1, 1), dt.date(2027, 6, 30)),
    length=st.integers(min_value=1, max_value=120),
)
def test_a_deadline_in_working_days_is_a_working_day(start: dt.date, length: int):
    found = compute_due(start=start, rule=working(length), days=KNOWN)
    assert KNOWN.is_working(found.date)
    assert KNOWN.working_days_between(start, found.date) == length


@given(
    start=st.dates(dt.date(2019, 1, 1), dt.date(2027, 6, 30)),
    unit=st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS]),
    length=st.integers(min_value=1, max_value=60),
)
def test_a_longer_rule_never_ends_earlier(start: dt.date, unit: str, length: int):
    shorter, longer = (
        compute_due(start=start, rule=DeadlineRule(unit=unit, length=n), days=KNOWN).date
        for n in (length, length + 1)
    )
    assert start < shorter < longer


@given(
    start=st.dates(dt.date(2019, 1, 1), dt.date(2027, 6, 30)),
    later=st.integers(min_value=0, max_value=40),
    length=st.integers(min_value=1, max_value=60),
)
def test_a_later_start_never_ends_earlier(start: dt.date, later: int, length: int):
    first, second = (
        compute_due(start=day, rule=working(length), days=KNOWN).date
        for day in (start, start + dt.timedelta(later))
    )
    assert first <= second


@pytest.mark.parametrize(
    ("today", "state", "text"),
    [
        ("2021-05-03", "fine", "15 working days left"),
        ("2021-05-18", "soon", "5 working days left"),
        ("2021-05-24", "soon", "1 working day left"),
        ("2021-05-25", "soon", "due today"),
        ("2021-05-26", "late", "1 day late"),
        ("2021-05-30", "late", "5 days late"),
    ],
)
def test_a_lamp_says_how_urgent_it_is(today: str, state: str, text: str):
    with translation.override("en"):
        shown = lamp(due=dt.date(2021, 5, 25), today=dt.date.fromisoformat(today), warn_days=7, days=KNOWN)
    assert (shown.state, shown.text) == (state, text)


def test_the_way_to_a_date_is_told():
    with translation.override("en"), clock.at(dt.datetime(2021, 3, 1, tzinfo=dt.UTC)):
        lines = explain(compute_due(start=dt.date(2021, 2, 10), rule=working(4), days=KNOWN).how)
    assert len(lines) == 5
    assert "10" in lines[0]
    assert lines[0].startswith("Counted from")
    assert lines[1] == "Rule: 4 working days."
    assert lines[2].startswith("Left out: ")
    assert "\u6625\u8282" in lines[2]
    assert lines[3].startswith("Worked although a weekend: ")
    assert lines[4].startswith("Due on ")


def test_estimated_and_capped_dates_say_so():
    with translation.override("en"):
        estimate = explain(compute_due(start=dt.date(2026, 12, 28), rule=working(10), days=KNOWN).how)
        rule = DeadlineRule(unit=Unit.DAYS, length=400, latest_months=6)
        capped = explain(compute_due(start=dt.date(2021, 2, 26), rule=rule, days=KNOWN).how)
    assert estimate[-1].startswith("Estimated: the holidays of 2027")
    assert "Never beyond 6 months." in capped


def test_many_weekends_are_counted_and_not_listed():
    with translation.override("en"):
        left_out = explain(compute_due(start=dt.date(2021, 3, 1), rule=working(30), days=KNOWN).how)[2]
        few = explain(compute_due(start=dt.date(2021, 3, 1), rule=working(6), days=KNOWN).how)[2]
    # Four weekends in March and that of 10 April; 3 to 5 April is a festival.
    assert left_out == "Left out: \u6e05\u660e 3 Apr to 5 Apr; 10 days on weekends."
    assert few == "Left out: weekend 6 Mar to 7 Mar."


def test_neighbouring_days_left_out_are_told_as_one_stretch():
    with translation.override("en"):
        left_out = explain(compute_due(start=dt.date(2021, 2, 10), rule=working(1), days=KNOWN).how)[2]
    assert left_out.count("\u6625\u8282") == 1
    assert " to " in left_out


@pytest.mark.parametrize(
    ("month", "day", "field"),
    [(13, 1, "fixed_month"), (2, 30, "fixed_day"), (2, 29, "fixed_day"), (None, 1, "fixed_month")],
)
def test_a_fixed_date_exists_in_every_year(month: int | None, day: int, field: str):
    with pytest.raises(ValidationError) as wrong:
        DeadlineRule(unit=Unit.FIXED, fixed_month=month, fixed_day=day).clean()
    assert list(wrong.value.message_dict) == [field]


def test_a_rule_without_a_length_is_refused():
    with pytest.raises(ValidationError) as wrong:
        DeadlineRule(unit=Unit.MONTHS).clean()
    assert list(wrong.value.message_dict) == ["length"]


def test_the_announced_days_have_chinese_names():
    rows = calendar.official_days(2021)
    spring = [row for row in rows if row.day == dt.date(2021, 2, 12)]
    assert [(row.kind, row.name) for row in spring] == [(CalendarDay.Kind.HOLIDAY, "\u6625\u8282")]
    assert calendar.official_days(2099) == []
    assert calendar.official_years()[-1] >= 2026
