"""What waits for each post about proposals, what it has sent, and where a case stands."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from office import clock
from office.calendar import Days
from office.counting import total
from organizations.models import Role
from proposals import selectors, services
from proposals.models import Proposal
from proposals.workflow import ProposalState
from tests.factories import bureau, committee, item, post

NOTE = "请写明现状，附上数据。"


def returned(world, note=NOTE, **fields):
    case = world.submitted(**fields)
    with world.scope():
        return services.proposal_return(proposal_id=case.pk, post=world.reviewer, note=note)


def rows(world, someone, ask=selectors.to_do):
    with world.scope():
        return ask(someone)


def titles(found):
    return [row.title for row in found]


def test_a_filer_finds_returned_proposals_with_the_last_reason_then_drafts(world):
    world.draft(title="草稿")
    case = returned(world, title="退回的", note="第一次退回")
    with world.scope():
        services.proposal_submit(proposal_id=case.pk, post=world.filer)
        services.proposal_return(proposal_id=case.pk, post=world.reviewer, note=NOTE)
    found = rows(world, world.filer)
    assert titles(found) == ["退回的", "草稿"]
    assert (found[0].reason, found[0].act_url) == (NOTE, reverse("proposals:edit", args=[case.pk]))
    assert world.reviewer.user.name in found[0].reason_head
    assert (found[1].reason, found[1].reason_head) == ("", "")


def test_a_filer_finds_nothing_of_another_committee(world):
    world.draft()
    other = post(world.assembly, Role.FILER, committee=committee(world.assembly))
    assert rows(world, other) == []


def test_a_reviewer_finds_what_was_submitted_oldest_first(world):
    world.submitted(title="新来的")
    with clock.at(timezone.now() - dt.timedelta(3)):
        world.submitted(title="早来的")
    world.draft()
    assert titles(rows(world, world.reviewer)) == ["早来的", "新来的"]


def test_a_dispatcher_finds_what_was_filed_and_not_assigned(world):
    case = world.filed(title="待交办")
    world.assigned(title="已交办")
    (row,) = rows(world, world.dispatcher)
    assert (row.title, row.number) == ("待交办", case.number)
    assert (row.act_url, row.act_method) == (reverse("proposals:assign", args=[case.pk]), "get")


def test_a_clerk_finds_what_must_be_signed_in_with_its_date(world):
    assignment = world.assigned()
    world.signed_in()
    (row,) = rows(world, world.clerk)
    assert row.act_url == reverse("proposals:assignment_sign_in", args=[assignment.pk])
    assert (row.act_method, row.lamp.date, row.urgency) == ("post", assignment.due_on, assignment.due_on)
    assert row.hidden["key"]
    other = post(world.assembly, Role.CLERK, bureau=bureau(world.assembly))
    assert rows(world, other) == []


@pytest.mark.parametrize("role", ["checker", "leader", "sealkeeper", "sysadmin", "secadmin", "auditor"])
def test_others_find_nothing_about_proposals(world, role):
    world.assigned()
    assert rows(world, world.posts[role]) == []
    assert rows(world, world.posts[role], selectors.waiting_for_others) == []


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_the_count_is_the_number_of_rows(world, role):
    for make in (world.draft, world.submitted, world.filed, world.assigned, lambda: returned(world)):
        make()
    someone = world.posts[role]
    with world.scope():
        assert total(selectors.to_do_rows(someone)) == len(rows(world, someone))


def test_a_filer_sees_what_was_sent_and_can_take_back_what_nobody_decided_on(world):
    world.issued(title="已答复")
    submitted, filed, assigned = world.submitted(), world.filed(), world.assigned()
    found = {row.url: row for row in rows(world, world.filer, selectors.waiting_for_others)}
    cases = (submitted, filed, assigned.proposal)
    assert set(found) == {case.get_absolute_url() for case in cases}
    assert found[assigned.proposal.get_absolute_url()].lamp.date == assigned.due_on
    taken_back = [row.act_url for row in found.values() if row.act_label]
    assert taken_back == [reverse("proposals:recall", args=[submitted.pk])]


def test_a_filer_sees_the_answers_of_the_last_30_days(world):
    letter, _waiting = world.issued(title="已答复"), world.assigned()
    case = letter.proposal
    assert [row.url for row in rows(world, world.filer, selectors.answered)] == [case.get_absolute_url()]
    assert rows(world, world.reviewer, selectors.answered) == []
    with world.scope():
        case.assignments.update(replied_on=clock.today() - dt.timedelta(31))
    assert rows(world, world.filer, selectors.answered) == []


def test_a_dispatcher_sees_assignments_and_can_take_back_the_new_ones(world):
    new, begun = world.assigned(title="待签收"), world.signed_in(title="办理中")
    world.issued(title="已答复")
    found = rows(world, world.dispatcher, selectors.waiting_for_others)
    assert set(titles(found)) == {"待签收", "办理中"}
    taken_back = [row.act_url for row in found if row.act_label]
    assert taken_back == [reverse("proposals:assignment_recall", args=[new.pk])]
    assert begun.bureau.short_name in found[0].detail


def test_a_reviewer_sees_what_waits_for_its_writers(world):
    case = returned(world)
    assert [row.url for row in rows(world, world.reviewer, selectors.waiting_for_others)] == [
        case.get_absolute_url()
    ]


@pytest.mark.parametrize("role", ["filer", "reviewer", "dispatcher", "clerk"])
@pytest.mark.parametrize("ask", [selectors.to_do, selectors.waiting_for_others])
def test_the_number_of_queries_does_not_grow_with_the_rows(world, role, ask):
    def queries():
        with CaptureQueriesContext(connection) as found:
            rows(world, world.posts[role], ask)
        return len(found)

    def one_of_each():
        returned(world)
        for make in (world.draft, world.submitted, world.filed, world.assigned):
            make()

    one_of_each()
    few = queries()
    for _ in range(2):
        one_of_each()
    assert queries() == few <= 4


# ---- the lamp


def test_the_lamp_of_an_assignment(world):
    assignment = world.assigned()
    due = assignment.due_on
    with world.scope():
        days = Days.of(world.assembly.pk)
    states = {
        due - dt.timedelta(assignment.warn_days + 1): "fine",
        due - dt.timedelta(assignment.warn_days): "soon",
        due: "soon",
        due + dt.timedelta(1): "late",
    }
    for today, state in states.items():
        assert selectors.lamp_of(assignment, days, today).state == state
    assignment.replied_on = due + dt.timedelta(2)
    assert selectors.lamp_of(assignment, days, due).state == "done"
    assert selectors.lamp_of(None, days, due) is None


# ---- the steps bar


def states_of(proposal, assignment=None):
    return "".join(mark.state[0] for mark in selectors.steps_of(proposal, assignment))


def test_every_state_has_its_place_on_the_bar(world):
    ends = set(selectors.ENDS)
    assert set(selectors.STEP_OF) | ends == set(ProposalState)
    for state in ProposalState:
        with world.scope():
            assert selectors.steps_of(Proposal(state=state, changed_at=clock.now()), None)


def test_the_bar_moves_on_with_the_case(world):
    draft, submitted, filed = world.draft(), world.submitted(), world.filed()
    assigned, in_hand = world.assigned(), world.signed_in()
    answered = world.fresh(world.issued().assignment)
    assert states_of(draft) == "ntttttt"
    assert states_of(submitted) == "dnttttt"
    assert states_of(filed) == "ddntttt"
    assert states_of(world.fresh(assigned.proposal), assigned) == "dddnttt"
    assert states_of(world.fresh(in_hand.proposal), in_hand) == "ddddntt"
    assert states_of(world.fresh(answered.proposal), answered) == "ddddddn"


def test_the_bar_tells_days_who_has_it_and_by_when(world):
    assignment = world.signed_in()
    with world.scope():
        marks = selectors.steps_of(world.fresh(assignment.proposal), assignment)
    today, due = selectors.day_of(clock.today()), selectors.day_of(assignment.due_on)
    assert [mark.detail for mark in marks[:4]] == [today] * 4
    assert marks[4].detail == assignment.bureau.short_name
    assert due in marks[5].detail


def test_the_bar_of_a_case_that_ended_early(world):
    case = world.submitted()
    reason = item(world.assembly, "refusal", "in_court")
    with world.scope():
        refused = services.proposal_refuse(proposal_id=case.pk, post=world.reviewer, reason=reason)
        told, reason.label = reason.label, "另一种说法"
        reason.save()
        marks = selectors.steps_of(world.fresh(refused), None)
        withdrawn = services.proposal_withdraw(proposal_id=world.draft().pk, post=world.filer, note="不提了")
    assert [mark.state for mark in marks] == ["done", "now"]
    assert told in marks[1].detail
    assert states_of(withdrawn) == "n"
