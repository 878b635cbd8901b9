"""Who hears what of a case, and that reminders come once and never after the answer."""

import datetime as dt

import pytest
from django.utils import translation

from office import clock, notices, tick
from office.models import Notice, Outgoing
from proposals import services, telling
from proposals.models import Assignment
from tests.factories import bureau, item, post


def kinds(world, wearer):
    with world.scope():
        return list(Notice.objects.filter(post=wearer).order_by("pk").values_list("kind", flat=True))


def test_each_step_is_told_to_whom_it_concerns_and_to_nobody_else(world):
    world.signed_in()
    assert kinds(world, world.filer) == ["case.filed"]
    assert kinds(world, world.reviewer) == ["case.submitted"]
    assert kinds(world, world.clerk) == ["part.new"]
    for role in ("member", "checker", "leader", "sealkeeper", "sysadmin", "auditor"):
        assert kinds(world, world.posts[role]) == [], role


def test_a_request_and_what_was_decided_on_it_reach_the_other_side(world):
    assignment = world.assigned()
    other, new_clerk = bureau(world.assembly), None
    new_clerk = post(world.assembly, "clerk", bureau=other)
    with world.scope():
        services.assignment_decline(assignment_id=assignment.pk, post=world.clerk, reason="不属本局职责。")
        services.decline_decide(
            assignment_id=assignment.pk, post=world.dispatcher, decision="reassign", bureau=other
        )
    assert kinds(world, world.dispatcher) == ["part.declined"]
    assert kinds(world, world.clerk) == ["part.new", "part.decided"]
    assert kinds(world, new_clerk) == ["part.new"]


def test_an_invitation_reaches_only_those_invited(world):
    case, other = world.draft(), post(world.assembly, "member")
    with world.scope():
        services.proposal_invite(proposal_id=case.pk, post=world.filer, members=[world.member])
    assert kinds(world, world.member) == ["case.invited"]
    assert kinds(world, other) == []


def remind(world, day):
    moment = dt.datetime.combine(day, dt.time(9), clock.now().tzinfo)
    with world.scope(), clock.at(moment):
        return telling.reminders(world.assembly)


@pytest.mark.parametrize(("before", "told"), [(20, 0), (15, 1), (14, 1), (7, 1), (3, 1), (0, 1), (-1, 2)])
def test_reminders_come_by_the_assemblys_days(world, before, told):
    assignment = world.signed_in()
    contact(world, assignment)
    assert remind(world, assignment.due_on - dt.timedelta(before)) == told
    assert remind(world, assignment.due_on - dt.timedelta(before)) == 0  # a second tick


def contact(world, assignment):
    with world.scope():
        services.contact_add(
            assignment_id=assignment.pk,
            post=world.clerk,
            way=item(world.assembly, "contact_way", "phone"),
            held_on=clock.today(),
            people="岳小舟",
            said="已说明。",
        )


def test_what_is_late_is_told_again_after_the_assemblys_interval(world):
    assignment = world.signed_in()
    contact(world, assignment)
    late = [remind(world, assignment.due_on + dt.timedelta(n)) for n in range(1, 16)]
    assert late == [2, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 2]


def test_nothing_is_sent_about_what_has_been_answered(world):
    reply = world.issued()
    with world.scope():
        due = Assignment.objects.get(pk=reply.assignment_id).due_on
    assert remind(world, due) == remind(world, due + dt.timedelta(30)) == 0


def test_a_contact_is_asked_for_until_it_is_noted(world):
    assignment = world.signed_in()
    assert remind(world, assignment.contact_by) == 1
    contact(world, assignment)
    assert remind(world, assignment.contact_by + dt.timedelta(1)) == 0


def test_a_notice_is_gone_when_its_reader_may_not_see_the_case_any_more(world):
    assignment = world.assigned()
    with world.scope():
        assert notices.unread_count(world.clerk) == 1
        services.assignment_recall(assignment_id=assignment.pk, post=world.dispatcher)
        assert notices.unread_count(world.clerk) == 0


def test_every_notice_is_worded_in_the_language_of_its_reader(world):
    world.signed_in()
    with world.scope():
        for row in Notice.objects.all():
            for language, words in (("zh-hans", "提案"), ("en", "No.")):
                with translation.override(language):
                    assert notices.sentence(row), words
        assert not Outgoing.objects.exists()  # the desk alone, unless somebody chose more


def test_the_clock_knows_its_jobs():
    names = [name for name, _job in tick.JOBS]
    assert {"reminders", "invitations", "feedback"} <= set(names)
