"""The picture of how a date was reached: every day from the start to the end, counted or left out and why."""

import datetime as dt

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from office import calendar, day_grid
from office.calendar import Days, due_from
from office.day_grid import GridDay, Picture
from office.models import DeadlineRule

Unit = DeadlineRule.Unit
KNOWN = Days({row.day: (row.kind, row.name) for year in (2025, 2026) for row in calendar.official_days(year)})
ONE_MONTH = {"unit": Unit.MONTHS, "length": 1}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def rule(unit: str, length: int, **facts) -> dict:
    return {"unit": unit, "length": length} | facts


def days_of(picture: Picture | None) -> dict[tuple[str, int], GridDay]:
    """The days that mean something, by month and number."""
    assert picture
    cells = ((month.title, day) for month in picture.months for week in month.weeks for day in week)
    return {(title, day.number): day for title, day in cells if day and day.state}


def picture(start: str, facts: dict, **more) -> Picture | None:
    return day_grid.picture_of(
        due_from(start=dt.date.fromisoformat(start), rule=facts, days=KNOWN, **more).how
    )


def test_working_days_are_numbered_and_holidays_named():
    # From Thu 30 April 2026: 1 to 5 May are off, Sat 9 May is worked. 6, 7, 8, 9, 11 May.
    found = days_of(picture("2026-04-30", rule(Unit.WORKING_DAYS, 5)))
    assert found["April 2026", 30].state == "start"
    assert [found["May 2026", n].state for n in range(1, 6)] == ["holiday"] * 5
    assert "left out" in found["May 2026", 1].words
    assert found["May 2026", 1].name == "\u52b3\u52a8\u8282"
    assert [found["May 2026", n].sign for n in (6, 7, 8)] == ["1", "2", "3"]
    assert (found["May 2026", 9].state, found["May 2026", 9].sign) == ("worked", "4 work")
    assert found["May 2026", 10].state == "weekend"
    last = found["May 2026", 11]
    assert (last.state, last.words) == ("due", "the last day; working day 5")
    assert last.sign == "5 due"
    assert len(found) == 12


def test_weeks_outside_the_way_are_left_out():
    shown = picture("2026-03-18", rule(Unit.WORKING_DAYS, 1))
    assert shown
    [month] = shown.months
    assert [[day.number for day in week if day] for week in month.weeks] == [[16, 17, 18, 19, 20, 21, 22]]


def test_a_pause_stands_still():
    found = days_of(
        picture(
            "2026-03-02",
            rule(Unit.WORKING_DAYS, 5, pauses=True),
            pauses=[(dt.date(2026, 3, 4), dt.date(2026, 3, 9))],
        )
    )
    assert [n for (_month, n), day in found.items() if day.state == "still"] == [4, 5, 6, 7, 8]
    assert found["March 2026", 9].sign == "2"
    assert found["March 2026", 12].words == "the last day; working day 5"


@pytest.mark.parametrize("unit", [Unit.WORKING_DAYS, Unit.DAYS])
def test_more_time_is_shown_as_such(unit: str):
    found = days_of(picture("2026-03-02", rule(unit, 3), extension=rule(Unit.DAYS, 4), extended=1))
    assert [n for (_month, n), day in found.items() if day.state == "more"] == [6, 7, 8]
    assert found["March 2026", 9].words == "the last day; more time that was granted"


def test_whole_months_of_calendar_days_are_one_line():
    shown = picture("2026-01-15", rule(Unit.MONTHS, 5))
    assert shown
    assert [month.title for month in shown.months] == [
        "January 2026",
        "February 2026 to May 2026: every day is counted.",
        "June 2026",
    ]
    assert [bool(month.weeks) for month in shown.months] == [True, False, True]


def test_a_year_of_unknown_holidays_says_so():
    shown = picture("2026-12-28", rule(Unit.WORKING_DAYS, 6))
    assert shown
    assert [(month.title, month.is_estimated) for month in shown.months] == [
        ("December 2026", False),
        ("January 2027", True),
    ]


def test_the_key_names_only_what_is_there():
    shown = picture("2026-03-02", rule(Unit.WORKING_DAYS, 2))
    assert shown
    assert [state for state, _sign, _words in shown.key] == ["start", "count", "due"]


@pytest.mark.parametrize("how", [None, {}, {"lines": []}, "text"])
def test_without_facts_there_is_no_picture(how):
    from office.templatetags.due import picture as shown

    assert shown(how) is None


def test_facts_of_before_there_were_pauses_are_drawn_too():
    how = {"start": "2026-03-02", "date": "2026-03-05", "unit": "working_days", "length": 2}
    how |= {"extensions": ["2026-03-05"]}
    assert [day.state for day in days_of(day_grid.picture_of(how)).values()] == [
        "start",
        "count",
        "count",
        "due",
    ]


UNITS = st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS])


@given(
    st.dates(dt.date(2025, 1, 1), dt.date(2026, 6, 30)),
    UNITS,
    st.integers(1, 40),
    st.integers(1, 30),
    st.integers(0, 20),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_every_day_is_drawn_once_and_the_last_is_due(start, unit, length, after, still, extended):
    length = min(length, 6) if unit == Unit.MONTHS else length
    pause = (start + dt.timedelta(after), start + dt.timedelta(after + still))
    due = due_from(
        start=start,
        rule=rule(unit, length, pauses=True),
        days=KNOWN,
        pauses=[pause],
        extension=ONE_MONTH,
        extended=int(extended),
    )
    days = dict(day_grid._days(due.how))
    assert list(days) == [start + dt.timedelta(n) for n in range((due.date - start).days + 1)]
    assert [day for day, cell in days.items() if cell.state == "due"] == [due.date]
    numbers = [cell for cell in days.values() if cell.state in ("count", "worked")]
    if unit == Unit.WORKING_DAYS:
        assert len(numbers) == length - (not extended)
    else:
        assert not numbers


def test_the_part_is_a_table_that_reads_aloud():
    how = due_from(start=dt.date(2026, 4, 30), rule=rule(Unit.WORKING_DAYS, 5), days=KNOWN).how
    html = render_to_string(
        "parts/due_how.html", {"day": dt.date(2026, 5, 11), "lines": calendar.explain(how), "how": how}
    )
    assert html.count("<table") == html.count("<caption") == 2
    assert '<th scope="col" abbr="Monday">' in html
    assert '<span class="visually-hidden"> working day 1</span>' in html
    assert "<table" not in render_to_string("parts/due_how.html", {"day": dt.date(2026, 5, 11), "lines": []})
