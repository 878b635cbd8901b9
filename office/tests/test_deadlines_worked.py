"""Worked examples of deadlines, each counted by hand over the State Council's days of 2025 and 2026.

Off in 2025: 1 Jan; 28 Jan to 4 Feb; 4 to 6 Apr; 1 to 5 May; 31 May to 2 Jun; 1 to 8 Oct.
Worked: 26 Jan (Sun), 8 Feb (Sat), 27 Apr (Sun), 28 Sep (Sun), 11 Oct (Sat).
Off in 2026: 1 to 3 Jan; 15 to 23 Feb; 4 to 6 Apr; 1 to 5 May; 19 to 21 Jun; 25 to 27 Sep; 1 to 7 Oct.
Worked: 4 Jan (Sun), 14 Feb (Sat), 28 Feb (Sat), 9 May (Sat), 20 Sep (Sun), 10 Oct (Sat).
"""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import calendar
from office.models import DeadlineRule
from office.tests.test_calendar import KNOWN

Unit = DeadlineRule.Unit


def rule(unit, length=None, **facts):
    return calendar.rule_facts(DeadlineRule(unit=unit, length=length, pauses=True)) | facts


def working(n, **facts):
    return rule(Unit.WORKING_DAYS, n, **facts)


def days(n, **facts):
    return rule(Unit.DAYS, n, **facts)


def months(n, **facts):
    return rule(Unit.MONTHS, n, **facts)


def fixed(month, day, **facts):
    return rule(Unit.FIXED, fixed_month=month, fixed_day=day, **facts)


def span(first, last):
    return dt.date.fromisoformat(first), last and dt.date.fromisoformat(last)


EXAMPLES = [
    # --- working days; the starting day is not counted
    # Mon 20 Jan. 21, 22, 23, 24 are 1 to 4; Sat 25 off; Sun 26 worked, 5.
    ("2025-01-20", working(5), {}, "2025-01-26"),
    # As above to 26 Jan (5); 27 is 6; off to 4 Feb; 5, 6, 7 are 7 to 9; Sat 8 worked, 10.
    ("2025-01-20", working(10), {}, "2025-02-08"),
    # The eve of the festival: off to 4 Feb, Wed 5 is 1.
    ("2025-01-27", working(1), {}, "2025-02-05"),
    # Thu 3 Apr; Fri 4 to Sun 6 off; Mon 7 is 1.
    ("2025-04-03", working(1), {}, "2025-04-07"),
    # Fri 25 Apr; Sat 26 off; Sun 27 worked, 1; 28 and 29 are 2 and 3.
    ("2025-04-25", working(3), {}, "2025-04-29"),
    # Wed 30 Apr; 1 to 5 May off; 6 and 7 are 1 and 2.
    ("2025-04-30", working(2), {}, "2025-05-07"),
    # Fri 30 May; 31 May to 2 Jun off; Tue 3 is 1.
    ("2025-05-30", working(1), {}, "2025-06-03"),
    # Fri 26 Sep; 27 off; Sun 28 worked, 1; 29, 30 are 2, 3; off to 8 Oct; 9, 10 are 4, 5.
    ("2025-09-26", working(5), {}, "2025-10-10"),
    # One more: Sat 11 Oct is worked.
    ("2025-09-26", working(6), {}, "2025-10-11"),
    # Over the turn of the year: 31 Dec is 1; 1 to 3 Jan off; Sun 4 worked, 2; Mon 5 is 3.
    ("2025-12-30", working(3), {}, "2026-01-05"),
    # Fri 13 Feb; Sat 14 worked, 1; 15 to 23 off; Tue 24 is 2.
    ("2026-02-13", working(2), {}, "2026-02-24"),
    # As above; 25, 26, 27 are 3 to 5.
    ("2026-02-13", working(5), {}, "2026-02-27"),
    # As above; Sat 28 worked, 6.
    ("2026-02-13", working(6), {}, "2026-02-28"),
    # Begun in the holiday: the rest of it is off, Tue 24 is 1.
    ("2026-02-16", working(1), {}, "2026-02-24"),
    # Mon 2 Mar: 3 to 6 are 4, 9 to 13 make 9, 16 to 20 make 14, Mon 23 is 15.
    ("2026-03-02", working(15), {}, "2026-03-23"),
    # 1, 2, 3 Apr are 1 to 3; 4 to 6 off; 7 to 10 are 4 to 7; 13, 14, 15 are 8 to 10.
    ("2026-03-31", working(10), {}, "2026-04-15"),
    # 30 Apr is 1; 1 to 5 May off; 6 and 7 are 2 and 3.
    ("2026-04-29", working(3), {}, "2026-05-07"),
    # Fri 8 May is 1; Sat 9 worked, 2.
    ("2026-05-07", working(2), {}, "2026-05-09"),
    # 19 to 21 Jun off; Mon 22 is 1.
    ("2026-06-18", working(1), {}, "2026-06-22"),
    # Sat 19 Sep off; Sun 20 worked, 1; 21 to 24 are 2 to 5.
    ("2026-09-18", working(5), {}, "2026-09-24"),
    # 1 to 7 Oct off; 8, 9, Sat 10 worked are 1 to 3; 11 off; 12 to 16 are 4 to 8; 17, 18 off; 19, 20 are 9, 10.
    ("2026-09-30", working(10), {}, "2026-10-20"),
    # 29, 30, 31 Dec are 1 to 3; 2027 is not announced: Fri 1 Jan counts by its weekday, 4; Mon 4 is 5.
    ("2026-12-28", working(5), {}, "2027-01-04"),
    # --- calendar days; a day off at the end stays
    ("2026-02-10", days(7), {}, "2026-02-17"),
    # Four days of December are left after the 28th minus one: 29, 30, 31 are 3, then 1 to 4 Jan.
    ("2025-12-28", days(7), {}, "2026-01-04"),
    # A leap year: 26, 27, 28, 29 Feb are 4; 1, 2, 3 Mar are 5 to 7.
    ("2028-02-25", days(7), {}, "2028-03-03"),
    # --- months
    ("2026-03-02", months(3), {}, "2026-06-02"),
    ("2025-11-30", months(3), {}, "2026-02-28"),  # February has no 30th: its last day
    ("2023-11-30", months(3), {}, "2024-02-29"),  # in a leap year the 29th
    ("2024-02-29", months(12), {}, "2025-02-28"),
    ("2025-10-31", months(1), {}, "2025-11-30"),
    ("2025-12-31", months(2), {}, "2026-02-28"),
    ("2026-01-31", months(5, latest_months=6), {}, "2026-06-30"),
    # --- fixed dates
    ("2026-02-26", fixed(5, 25), {}, "2026-05-25"),
    ("2026-05-25", fixed(5, 25), {}, "2027-05-25"),  # on the very day: the next one
    ("2026-06-10", fixed(5, 25, latest_months=6), {}, "2026-12-10"),  # never beyond six months
    # --- extensions
    # To 10 Jun, one month more: 10 Jul, which is just six months.
    ("2026-01-10", months(5, latest_months=6), {"extension": months(1), "extended": 1}, "2026-07-10"),
    # Twice would be 10 Aug: the cap holds.
    ("2026-01-10", months(5, latest_months=6), {"extension": months(1), "extended": 2}, "2026-07-10"),
    # To 20 Feb; five working days more: 24 to 27 are 1 to 4, Sat 28 worked, 5.
    ("2026-01-20", months(1), {"extension": working(5), "extended": 1}, "2026-02-28"),
    # --- pauses
    # 3, 4, 5 Mar are 1 to 3; Fri 6 to Mon 9 stand still; 10 to 13 are 4 to 7; 16, 17, 18 are 8 to 10.
    ("2026-03-02", working(10), {"pauses": [span("2026-03-06", "2026-03-10")]}, "2026-03-18"),
    # Ten days of pause from 6 to 15 Mar: 2 Jun becomes 12 Jun.
    ("2026-03-02", months(3), {"pauses": [span("2026-03-06", "2026-03-16")]}, "2026-06-12"),
    # Seven days of pause: 25 May becomes 1 Jun.
    ("2026-02-26", fixed(5, 25), {"pauses": [span("2026-03-02", "2026-03-09")]}, "2026-06-01"),
    # A rule that does not stand still.
    ("2026-03-02", months(3, pauses=False), {"pauses": [span("2026-03-06", "2026-03-16")]}, "2026-06-02"),
    # A pause that has not ended does not move the date yet.
    ("2026-03-02", months(3), {"pauses": [span("2026-03-06", None)]}, "2026-06-02"),
    # Two pauses that overlap, 6 to 11 and 10 to 15 Mar, are ten days together.
    (
        "2026-03-02",
        months(3),
        {"pauses": [span("2026-03-06", "2026-03-12"), span("2026-03-10", "2026-03-16")]},
        "2026-06-12",
    ),
    # A pause that begins when the date is over.
    ("2026-03-02", months(1), {"pauses": [span("2026-04-10", "2026-04-20")]}, "2026-04-02"),
]


def test_there_are_forty():
    assert len(EXAMPLES) >= 40


@pytest.mark.parametrize(("start", "facts", "more", "wanted"), EXAMPLES)
def test_worked_example(start, facts, more, wanted):
    found = calendar.due_from(start=dt.date.fromisoformat(start), rule=facts, days=KNOWN, **more)
    assert found.date.isoformat() == wanted
    assert calendar.explain(found.how)[-1 if not found.how["estimated_years"] else -2]


def test_only_a_date_in_working_days_is_an_estimate_beyond_the_known_years():
    start = dt.date(2026, 12, 28)
    assert calendar.due_from(start=start, rule=working(5), days=KNOWN).how["estimated_years"] == [2027]
    assert calendar.due_from(start=start, rule=months(3), days=KNOWN).how["estimated_years"] == []


def test_a_chain_is_worked_back_from_the_legal_date():
    steps = [("draft", 5), ("check", 2), ("sign", 1), ("issue", 1)]
    # Wed 6 May 2026, after the holiday of 1 to 5 May: signed by 30 Apr, checked by 29, drafted by 27.
    found = calendar.chain_dates(start=dt.date(2026, 4, 1), due=dt.date(2026, 5, 6), steps=steps, days=KNOWN)
    assert [day.isoformat() for day in found.values()] == [
        "2026-04-27",
        "2026-04-29",
        "2026-04-30",
        "2026-05-06",
    ]


DATES = st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30))
RULES = st.one_of(
    st.integers(1, 60).map(working), st.integers(1, 200).map(days), st.integers(1, 12).map(months)
)


@given(DATES, RULES, st.integers(1, 40), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_pause_never_makes_a_date_earlier(start, facts, after, length):
    pause = (start + dt.timedelta(after), start + dt.timedelta(after + length))
    plain = calendar.due_from(start=start, rule=facts, days=KNOWN)
    paused = calendar.due_from(start=start, rule=facts, days=KNOWN, pauses=[pause])
    assert paused.date >= plain.date
    assert calendar.explain(paused.how)


@given(DATES, st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_a_longer_rule_never_ends_earlier_and_ends_on_a_working_day(start, n):
    short = calendar.due_from(start=start, rule=working(n), days=KNOWN).date
    assert calendar.due_from(start=start, rule=working(n + 1), days=KNOWN).date > short
    assert KNOWN.is_working(short)
