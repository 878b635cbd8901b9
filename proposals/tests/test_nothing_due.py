"""Once a case is answered nothing is due in it any more, whatever opinion of a co-handling bureau is still out."""

import datetime as dt

import pytest
from django.urls import reverse

from office import clock
from office.models import Event, Notice
from office.workflow import Refused
from organizations.models import Post
from proposals import dates_selectors, dispatch_selectors, filters, services, telling
from proposals.models import Proposal
from tests.factories import bureau, post


@pytest.fixture
def out(world):
    """The co-handler's part: its opinion is still out, the lead bureau has answered."""
    part = world.opinion_out()
    assert (part.state, world.fresh(part.proposal).state) == ("signed_in", "answered")
    return part


def clerk_of(part):
    return Post.objects.get(bureau=part.bureau_id, role="clerk")


def later(part, days=1):
    return clock.at(clock.now() + (part.due_on - clock.today()) + dt.timedelta(days))


def test_nobody_is_reminded_of_it(world, out):
    with world.scope():
        told = Notice.objects.count()
        for days in (-7, 0, 1, 30):
            with later(out, days):
                assert telling.reminders(world.assembly) == 0
        assert Notice.objects.count() == told


def test_nobody_is_reminded_to_decide_on_a_request_in_it(world, out):
    with world.scope():
        services.assignment_decline(assignment_id=out.pk, post=clerk_of(out), reason="不属本局职责。")
        with later(out):
            assert telling.reminders(world.assembly) == 0


def test_it_is_not_urged_and_not_in_the_table_of_dates(world, out, browser):
    with world.scope(), later(out):
        assert out.pk not in {row.assignment.pk for row in dates_selectors.dates_of(world.dispatcher)}
        assert out.bureau not in dates_selectors.bureaus_in(world.dispatcher)
        assert not any(row.may_chase for row in dates_selectors.chosen_of(world.dispatcher, [str(out.pk)]))
        parts = dispatch_selectors.parts_of(world.dispatcher, world.fresh(out.proposal))
        assert "chase" not in {act.get("name") for part in parts for act in part.acts}
        with pytest.raises(Refused):
            services.chase_send(assignment_id=out.pk, post=world.dispatcher, text="请抓紧办理。")
        assert not Event.objects.filter(act="chase.send").exists()
    assert browser(world.dispatcher).get(reverse("proposals:dates")).status_code == 200


def test_no_other_bureau_is_asked_for_an_opinion_on_it(world, out):
    with world.scope():
        services.assignment_decline(assignment_id=out.pk, post=clerk_of(out), reason="不属本局职责。")
        for decision in ("reassign", "join"):
            with pytest.raises(Refused):
                services.decline_decide(
                    assignment_id=out.pk,
                    post=world.dispatcher,
                    decision=decision,
                    bureau=bureau(world.assembly),
                )
        services.decline_decide(
            assignment_id=out.pk, post=world.dispatcher, decision="insist", note="本案已答复。"
        )
        services.assignment_recall(assignment_id=out.pk, post=world.dispatcher)
    assert world.fresh(out).state == "recalled"
    assert world.fresh(out.proposal).state == "answered"


def late_cases():
    return set(Proposal.objects.filter(filters.is_late()).values_list("pk", flat=True))


def test_an_answered_case_is_not_late_and_a_second_answer_that_is_out_is(world, out):
    again = world.reopened()
    with world.scope(), clock.at(clock.now() + dt.timedelta(400)):
        assert late_cases() == {again.proposal_id}


def test_a_case_without_a_bureau_again_says_so_in_its_history(world):
    part = world.assigned()
    with world.scope():
        services.assignment_recall(assignment_id=part.pk, post=world.dispatcher)
        acts = list(Event.objects.filter(thread=f"proposal:{part.proposal_id}").values_list("act", flat=True))
    assert world.fresh(part.proposal).state == "filed"
    assert acts[-2:] == ["assignment.recall", "proposal.unassign"]


def test_a_bureau_that_never_signed_in_is_left_alone_as_well(world):
    part, other = world.signed_in(), bureau(world.assembly)
    post(world.assembly, "clerk", bureau=other)
    with world.scope():
        added = services.assignment_add(proposal_id=part.proposal_id, post=world.dispatcher, bureau=other)
    world.answered(part)
    with world.scope(), later(added, 30):
        assert telling.reminders(world.assembly) == 0
