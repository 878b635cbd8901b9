"""What judgements make of a case: bureaus that each answer, second letters with their own date, words for no answer."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django_scopes import scope

from office import clock, events, tick
from office.counting import total
from office.workflow import Refused
from organizations.models import Bureau, Role
from outcomes import selectors, services
from outcomes.models import Feedback
from outcomes.tests.test_judging import (
    PAPER,
    answered,
    ask,
    choices,
    filed_by,
    judge,
    letter_of,
    merged,
    state_of,
)
from proposals import services as proposals
from proposals.models import Assignment
from proposals.workflow import AssignmentState, ProposalState
from replies import services as replies
from replies.models import IssuedLetter
from tests.factories import World, bureau, item, post


def letter_by(world: World, assignment: Assignment) -> IssuedLetter:
    """The first letter of any bureau, by people of that bureau."""
    clerk, checker, leader, sealkeeper = (
        post(world.assembly, role, bureau=assignment.bureau)
        for role in (Role.CLERK, Role.CHECKER, Role.LEADER, Role.SEALKEEPER)
    )
    proposals.assignment_sign_in(assignment_id=assignment.pk, post=clerk)
    reply = replies.reply_create(assignment_id=assignment.pk, post=clerk)
    replies.reply_save(
        reply_id=reply.pk,
        post=clerk,
        body=f"{reply.body}\n一、强意识。",
        result_class=item(world.assembly, "result_class", "A"),
        disclosure=item(world.assembly, "disclosure", "open"),
    )
    replies.reply_send(reply_id=reply.pk, post=clerk)
    replies.reply_pass(reply_id=reply.pk, post=checker)
    replies.reply_sign(reply_id=reply.pk, post=leader)
    return replies.reply_issue(reply_id=reply.pk, post=sealkeeper, dated=clock.today())


def split(world: World) -> list[IssuedLetter]:
    """A case that two bureaus answer, each on its own (分办)."""
    filed = filed_by(world, world.filer)
    second = bureau(world.assembly)
    both = list(Bureau.objects.filter(pk__in=[world.clerk.bureau_id, second.pk]).order_by("pk"))
    parts = proposals.proposal_assign(proposal_id=filed.pk, post=world.dispatcher, split=both)
    return [letter_by(world, part) for part in parts]


def test_both_bureaus_letters_are_judged_before_the_case_closes(world: World):
    with world.scope():
        one, other = split(world)
        [row] = ask(world, one)
        judge(row, world.filer)
        # The second bureau's letter has not been asked about: nothing is settled yet.
        assert state_of(one).state == ProposalState.ANSWERED
        assert list(selectors.to_ask(world.reviewer)) == [other]
        [row] = ask(world, other)
        judge(row, world.filer)
        assert state_of(one).state == ProposalState.CLOSED


def test_only_the_bureau_that_did_not_satisfy_writes_again(world: World):
    with world.scope():
        one, other = split(world)
        [good], [bad] = ask(world, one), ask(world, other)
        judge(bad, world.filer, "dissatisfied")
        judge(good, world.filer)
        states = dict(state_of(one).assignments.values_list("pk", "state"))
        assert states == {
            one.reply.assignment_id: AssignmentState.REPLIED,
            other.reply.assignment_id: AssignmentState.REOPENED,
        }


def test_the_second_letter_has_its_own_number_and_date(world: World):
    letter = answered(world)
    with world.scope():
        first = state_of(letter).assignments.get()
        [row] = ask(world, letter)
        later = clock.now() + dt.timedelta(5)
        with clock.at(later):
            judge(row, world.filer, "dissatisfied")
            again = state_of(letter).assignments.get()
            assert (again.round, again.counted_from) == (2, clock.today())
            assert again.due_on != first.due_on
            second = letter_of(world, again)
            assert (second.number, second.reply.round) == (letter.number + 1, 2)
            # What was said of the first letter stays as it was.
            assert Feedback.objects.get(letter=letter).judgement == "不满意"
            with pytest.raises(Refused):
                judge(row, world.filer)
            [last] = ask(world, second)
            judge(last, world.filer, "dissatisfied")
            assert [case.pk for case in selectors.to_meet(world.reviewer)] == [letter.reply.proposal_id]
            assert total(selectors.to_do_rows(world.reviewer)) == len(selectors.to_do(world.reviewer))


def test_one_not_content_and_the_rest_silent_reopens(world: World):
    with world.scope():
        letter, writers = merged(world)
        rows = ask(world, letter)
        judge(rows[1], writers[1], "dissatisfied")
        with clock.at(clock.now() + dt.timedelta(90)):
            services.feedback_lapse(world.assembly)
        assert state_of(letter).state == ProposalState.REOPENED


def test_no_answer_is_told_as_none(world: World):
    letter = answered(world)
    with world.scope():
        ask(world, letter)
        with clock.at(clock.now() + dt.timedelta(90)):
            services.feedback_lapse(world.assembly)
        told = " ".join(line.text for line in events.story(state_of(letter)))
        assert "no judgement in time" in told
        assert "judged the reply" not in told


def test_the_reviewer_of_another_assembly_enters_nothing(world: World):
    letter = answered(world)
    other = World()
    with world.scope():
        [row] = ask(world, letter)
        with pytest.raises(PermissionDenied):
            services.feedback_ask(letter=letter, post=other.reviewer)
    with scope(assembly=world.assembly), pytest.raises((PermissionDenied, Http404)):
        services.feedback_give(
            feedback=row,
            post=other.reviewer,
            came="paper",
            scan=SimpleUploadedFile("a.pdf", PAPER),
            **choices(row),
        )
    assert world.fresh(row).state == Feedback.State.ASKED


def test_what_was_entered_from_paper_is_told_with_its_scan(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        scan = SimpleUploadedFile("征询意见表.pdf", PAPER)
        services.feedback_give(feedback=row, post=world.reviewer, came="paper", scan=scan, **choices(row))
        told = [line for line in events.story(state_of(letter)) if line.act == "feedback.enter"]
        assert "征询意见表.pdf" in told[0].text
        assert world.reviewer.user.name in told[0].who


def test_many_are_asked_in_one_act_or_none(world: World):
    one, other = answered(world), answered(world)
    with world.scope():
        ask(world, other)
        with pytest.raises(Refused):
            services.feedback_ask_many(letters=[one, other], post=world.reviewer)
        with pytest.raises(Refused):
            services.feedback_ask_many(letters=[], post=world.reviewer)
        assert not Feedback.objects.filter(letter=one).exists()


def test_the_clockwork_lets_it_lapse_once(world: World):
    letter = answered(world)
    with world.scope():
        ask(world, letter)
    said: list[str] = []
    with clock.at(clock.now() + dt.timedelta(90)):
        for _turn in range(2):
            assert tick.run(said.append) == 0
    assert [line for line in said if line.startswith("feedback")] == ["feedback: 1 done", "feedback: 0 done"]
    assert any(line.startswith("invitations") for line in said)
    with world.scope():
        assert (state_of(letter).state, state_of(letter).was_judged) == (ProposalState.CLOSED, False)
