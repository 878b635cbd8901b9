"""The latest day of each step of a bureau's sign-off: worked back from the deadline, told to the bureau alone."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import translation

from office import clock
from office.calendar import Days
from proposals import deadlines
from proposals.models import Assignment, Proposal
from replies import chain, selectors, services
from tests.factories import World, bureau, post

START = dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
DUE = dt.date(2026, 5, 6)


@pytest.fixture
def dated(world: World) -> Callable:
    """A reply in some state whose case is due on 6 May 2026, the day after the holiday of 1 to 5 May."""

    def make(state: str):
        with clock.at(START):
            reply = getattr(world, state)()
        with world.scope():
            Assignment.objects.filter(pk=reply.assignment_id).update(due_on=DUE)
        return world.fresh(reply)

    return make


def steps(world: World, reply) -> list[chain.ChainStep]:
    with world.scope(), translation.override("en"):
        return chain.chain_of(world.fresh(reply.assignment), reply, Days.of(world.assembly.pk))


def test_each_step_has_its_latest_day_before_the_holiday(world: World, dated: Callable):
    with world.scope():
        found = deadlines.latest_days(dated("drafting").assignment, Days.of(world.assembly.pk))
    # Backwards by hand: the issue has 6 May, 30 and 29 April; the signature 28, 27, 24; the check 23, 22, 21.
    assert [(name, day.isoformat()) for name, day in found.items()] == [
        ("draft", "2026-04-20"),
        ("check", "2026-04-23"),
        ("sign", "2026-04-28"),
        ("issue", "2026-05-06"),
    ]


@pytest.mark.parametrize(
    ("state", "now"), [("drafting", 0), ("in_review", 1), ("awaiting_signature", 2), ("signed", 3)]
)
def test_the_step_that_waits_is_the_current_one(world: World, dated: Callable, state: str, now: int):
    with clock.at(START):
        found = steps(world, dated(state))
    assert [step.state for step in found] == ["done"] * now + ["now"] + ["todo"] * (3 - now)
    assert [step.by for step in found] == ["by 20 Apr", "by 23 Apr", "by 28 Apr", "by 6 May"]
    assert [step.said for step in found[:now]] == ["done on 1 Apr"] * now
    assert [step.lamp.state for step in found if step.lamp] == ["fine"]


def test_what_is_late_says_so(world: World, dated: Callable):
    reply = dated("drafting")
    with clock.at(START + dt.timedelta(days=21)):  # 22 April: two days after the draft should have gone up
        [draft, *_rest] = steps(world, reply)
        assert (draft.lamp.state, draft.lamp.text) == ("late", "2 days late")
        with world.scope():
            services.reply_send(reply_id=reply.pk, post=world.clerk)
        assert steps(world, world.fresh(reply))[0].said == "done late on 22 Apr"


def test_a_return_begins_the_chain_again(world: World, dated: Callable):
    reply = dated("in_review")
    with clock.at(START), world.scope():
        services.reply_return(
            reply_id=reply.pk, post=world.checker, step="check_return", note="第二点没有答。", version_seen=1
        )
        assert [step.state for step in steps(world, world.fresh(reply))] == ["now", "todo", "todo", "todo"]


def test_an_answered_case_has_no_steps_left(world: World):
    assert steps(world, world.issued()) == []


def test_cases_keep_the_numbers_of_their_own_day(world: World):
    old = world.assigned()
    world.assembly.check_days, world.assembly.sign_days, world.assembly.issue_days = 1, 0, 2
    world.assembly.save()
    new = world.assigned()
    assert old.rules["steps"] == {"check": 3, "sign": 3, "issue": 3}
    assert new.rules["steps"] == {"check": 1, "sign": 0, "issue": 2}
    days = Days()
    with world.scope():
        Assignment.objects.update(due_on=dt.date(2026, 3, 27), counted_from=dt.date(2026, 3, 2), rules={})
        assert deadlines.latest_days(world.fresh(old), days)["draft"] == dt.date(2026, 3, 16)
        new = world.fresh(new)
        new.rules = {"steps": {"check": 1, "sign": 0, "issue": 2}}
        assert [day.day for day in deadlines.latest_days(new, days).values()] == [24, 25, 25, 27]


def test_an_opinion_is_drafted_and_signed(world: World):
    part = world.assigned()
    part.part, part.rules = Assignment.Part.CO, {"steps": {"check": 9, "sign": 2, "issue": 9}}
    part.counted_from, part.due_on = dt.date(2026, 3, 2), dt.date(2026, 3, 27)
    found = deadlines.latest_days(part, Days())
    assert [(name, day.day) for name, day in found.items()] == [("draft", 25), ("sign", 27)]


def test_nothing_is_due_any_more_when_the_case_was_answered_by_others(world: World):
    part = world.signed_in()
    with world.scope():
        assert chain.chain_of(part, None, Days())
        Proposal.objects.filter(pk=part.proposal_id).update(state="answered")
        assert chain.chain_of(world.fresh(part), None, Days()) == []


def test_no_step_is_due_before_the_case_came(world: World):
    part = world.assigned()
    part.counted_from, part.due_on = dt.date(2026, 3, 26), dt.date(2026, 3, 27)
    assert {day.day for day in deadlines.latest_days(part, Days()).values()} == {26, 27}


def test_the_desk_names_the_latest_day(world: World, dated: Callable):
    dated("in_review")
    with translation.override("en"), world.scope():
        with clock.at(START):
            assert selectors.to_do(world.checker)[0].detail.endswith(" · to be checked by 23 Apr")
        with clock.at(START + dt.timedelta(days=30)):
            assert "to be checked by 23 Apr · 8 days late" in selectors.to_do(world.checker)[0].detail


def test_a_reply_not_begun_names_the_day_of_the_draft(world: World):
    with clock.at(START):
        part = world.signed_in()
    with world.scope():
        Assignment.objects.filter(pk=part.pk).update(due_on=DUE)
    with translation.override("en"), world.scope(), clock.at(START):
        [row] = selectors.to_do(world.clerk)
        assert row.detail == "signed in on 1 Apr · to be sent up by 20 Apr"


def test_the_pages_of_the_bureau_show_it_and_no_others(world: World, dated: Callable, browser: Callable):
    reply = dated("in_review")
    case = reverse("desk:case", args=[reply.proposal_id])
    own = [world.clerk, world.checker, world.leader, world.sealkeeper]
    stranger = post(world.assembly, "clerk", bureau=bureau(world.assembly))
    review = reverse("replies:review", args=[reply.pk])
    with clock.at(START):
        for someone in own:
            for page in (case, review):
                html = browser(someone).get(page).content.decode()
                assert "by 23 Apr" in html, someone
                assert 'aria-current="step"' in html
        for someone in (world.filer, world.reviewer, world.dispatcher, stranger):
            assert "by 23 Apr" not in browser(someone).get(case).content.decode()


def test_the_drafting_page_shows_it(world: World, dated: Callable, browser: Callable):
    reply = dated("drafting")
    with clock.at(START):
        html = browser(world.clerk).get(reverse("replies:draft", args=[reply.pk])).content.decode()
    assert "by 20 Apr" in html
