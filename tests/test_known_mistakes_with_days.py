"""Mistakes with days that offices have met in other systems: a reminder too many, a day shifted, a day half typed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from office import calendar, clock, tick
from office.calendar import Days
from office.models import DeadlineRule, Notice
from office.workflow import Refused
from outcomes import services as outcomes
from proposals import dates_selectors, papers
from proposals import services as proposals
from replies import services as replies
from replies.models import IssuedLetter
from tests.factories import World, item
from tests.rows import every_row
from tests.test_known_mistakes import signed_in

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world(db):
    return World()


@pytest.mark.parametrize("out", [False, True])
def test_nothing_is_due_after_the_answer(world, out):
    """No row in the table of dates, no reminder, nobody urged; not for an opinion that is still out either."""
    part = world.opinion_out() if out else world.issued().assignment
    day = world.fresh(part).due_on
    with world.scope():
        told = Notice.objects.count()
        for late in (0, 1, 400):
            with clock.at(clock.now() + (day - clock.today()) + dt.timedelta(late)):
                assert part.pk not in {
                    row.assignment.pk for row in dates_selectors.dates_of(world.dispatcher)
                }
                with pytest.raises(Refused):
                    proposals.chase_send(assignment_id=part.pk, post=world.dispatcher, text="请抓紧办理")
                assert tick.run(lambda said: None) == 0
        assert Notice.objects.count() == told


@pytest.mark.parametrize("hour", [(23, 30), (0, 30)])
def test_the_time_zone_shifts_no_date(world, hour):
    moment = dt.datetime.combine(clock.today(), dt.time(*hour), SHANGHAI)
    with clock.at(moment.astimezone(dt.UTC)):
        assert clock.today() == moment.date()
        part = world.assigned()
        assert part.counted_from == moment.date()
        with world.scope():
            assert papers.assignment_context(part)["assigned_on"] == moment.date()
        reply = world.signed()
        with world.scope():
            assert replies.signed_on(reply) == moment.date()
            yesterday = moment.date() - dt.timedelta(1)
            with pytest.raises(Refused):
                replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=yesterday)
            letter = replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=moment.date())
            assert world.fresh(letter.reply.assignment).replied_on == moment.date()
            [row] = outcomes.feedback_ask(letter=letter, post=world.reviewer)
            assert row.due_how["start"] == moment.date().isoformat()


PARTIAL = ("2026-", "2026-02", "", "2026-02-31", "二月", "0", "２０２６－０３－０５月")


def forms_with_a_date(world):
    """Every page of a case that takes a day: who fills it in, its address, the rest of what is typed, and the day."""
    signed, twice, part = world.signed(), world.answered_twice(), world.signed_in()
    letter = IssuedLetter.objects.get(reply=world.issued())
    words: dict = {
        "people": "岳小舟",
        "said": "已沟通。",
        "note": "已面谈。",
        "text": "建成议事厅",
        "owner": "基建股",
    }
    words |= {"way": item(world.assembly, "contact_way", "phone").pk, "members": world.member.pk}
    promise = outcomes.commitment_add(
        letter=letter, post=world.clerk, text="建厅", due_on=clock.today(), owner="基建股"
    )
    pages = [
        (world.clerk, "proposals:contact_add", part.pk, "held_on"),
        (world.filer, "proposals:invite", world.draft().pk, "until"),
        (world.reviewer, "proposals:settle", twice.pk, "day"),
        (world.sealkeeper, "replies:issue", signed.pk, "dated"),
        (world.clerk, "outcomes:deliver", letter.pk, "delivered_on"),
        (world.clerk, "outcomes:commitment_add", letter.pk, "due_on"),
        (world.clerk, "outcomes:commitment_done", promise.pk, "day"),
    ]
    return [(who, reverse(name, args=[pk]), words, day) for who, name, pk, day in pages]


def test_a_missing_part_of_a_date_does_not_crash_a_page(world):
    with world.scope():
        pages = forms_with_a_date(world)
    slugs = (("days", "day"), ("sessions", "opens"))
    pages += [
        (world.sysadmin, reverse("organizations:setting_new", args=[slug]), {}, day) for slug, day in slugs
    ]
    for who, address, words, day in pages:
        client = signed_in(who)
        assert client.get(address).status_code == 200, address
        before = every_row()
        for typed in PARTIAL:
            response = client.post(address, words | {day: typed, "key": "k"})
            assert response.status_code in (200, 422), (address, typed)
            assert f'id="id_{day}"' in response.content.decode(), (address, typed)
        assert every_row() == before, address


def test_a_missing_part_of_a_date_does_not_crash_the_calculator(world):
    """Rules that came in past the page: no length, no day, a day that this month or this year does not have."""
    wrong: list[dict] = [{"unit": unit, "length": n} for unit in DeadlineRule.Unit for n in (None, 0)]
    wrong += [
        {"unit": "fixed", "fixed_month": month, "fixed_day": day}
        for month in (None, 2, 6, 12)
        for day in (None, 29, 31)
    ]
    with world.scope():
        days = Days.of(world.assembly.pk)
        for facts in wrong:
            DeadlineRule.objects.filter(step="reply").delete()
            rule = DeadlineRule.objects.create(assembly=world.assembly, step="reply", **facts)
            for start in (dt.date(2024, 2, 29), dt.date(2026, 12, 31), clock.today()):
                due = calendar.due_from(start=start, rule=calendar.rule_facts(rule), days=days)
                assert due.date >= start, facts
                assert calendar.explain(due.how), facts
        part = world.signed_in()
    assert part.due_on > clock.today()
    assert signed_in(world.clerk).get(part.proposal.get_absolute_url()).status_code == 200


def test_the_page_of_rules_takes_no_part_of_a_date(world):
    with world.scope():
        rule = DeadlineRule.objects.get(step="contact")
    client, address = (
        signed_in(world.sysadmin),
        reverse("organizations:setting_edit", args=["rules", rule.pk]),
    )
    data = {"step": "contact", "unit": "fixed", "starts": "event", "warn_days": 7, "extensions": 0}
    for month, day in (("2", ""), ("", "5"), ("2", "29"), ("13", "1"), ("六月", "1")):
        response = client.post(address, data | {"fixed_month": month, "fixed_day": day})
        assert response.status_code in (200, 422), (month, day)
        assert world.fresh(rule).unit == rule.unit
