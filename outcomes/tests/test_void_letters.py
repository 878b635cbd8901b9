"""What follows a letter goes by the one that holds: no questionnaire, delivery or closing by a void one."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from office import clock
from office.workflow import Refused
from outcomes import selectors, services
from outcomes.models import Feedback
from outcomes.tests.test_judging import answered, ask, judge, state_of
from proposals.workflow import ProposalState
from replies import services as replies
from replies import void_services
from replies.models import IssuedLetter
from tests.factories import World, item


def void(world: World, letter: IssuedLetter) -> None:
    void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="印错。")


def in_its_place(world: World, letter: IssuedLetter) -> IssuedLetter:
    reply = void_services.correction_create(letter_id=letter.pk, post=world.clerk)
    replies.reply_send(reply_id=reply.pk, post=world.clerk)
    replies.reply_pass(reply_id=reply.pk, post=world.checker)
    replies.reply_sign(reply_id=reply.pk, post=world.leader)
    return replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())


def test_nobody_is_asked_about_a_void_letter(world: World):
    letter = answered(world)
    with world.scope():
        assert list(selectors.to_ask(world.reviewer)) == [letter]
        void(world, letter)
        assert not selectors.to_ask(world.reviewer)
        with pytest.raises(Refused, match="void"):
            services.feedback_ask(letter=letter, post=world.reviewer)
        newer = in_its_place(world, letter)
        assert list(selectors.to_ask(world.reviewer)) == [newer]


def test_a_questionnaire_about_it_is_over(world: World, client: Client):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        link = reverse("outcomes:by_link", args=[row.token])
        void(world, letter)
        assert not selectors.questionnaires(world.filer)
        with pytest.raises(Refused):
            judge(Feedback.objects.get(pk=row.pk), world.filer)
    assert client.get(link).status_code == 410


def test_the_case_closes_by_the_letter_that_holds(world: World):
    letter = answered(world)
    with world.scope():
        ask(world, letter)
        void(world, letter)
        with clock.at(clock.now() + dt.timedelta(60)):
            services.feedback_lapse(world.assembly)
            assert state_of(letter).state == ProposalState.ANSWERED
            newer = in_its_place(world, letter)
            assert state_of(letter).state == ProposalState.ANSWERED
            [row] = ask(world, newer)
            judge(row, world.filer)
        assert state_of(letter).state == ProposalState.CLOSED


def test_a_void_letter_is_not_sent(world: World):
    letter = answered(world)
    with world.scope():
        assert list(selectors.undelivered(world.clerk)) == [letter]
        void(world, letter)
        assert not selectors.undelivered(world.clerk)
        way = item(world.assembly, "delivery_way", "post")
        with pytest.raises(Refused, match="void"):
            services.delivery_note(
                letter=letter,
                copies=letter.copies.all(),
                post=world.clerk,
                way=way,
                delivered_on=clock.today(),
            )


def test_a_second_reply_goes_on_from_the_letter_that_holds(world: World):
    letter = answered(world)
    with world.scope():
        newer = in_its_place(world, letter)
        [row] = ask(world, newer)
        judge(row, world.filer, "dissatisfied")
        part = state_of(letter).assignments.get()
        assert (part.state, part.round) == ("reopened", 2)
        again = replies.reply_create(assignment_id=part.pk, post=world.clerk)
        assert again.corrects is None
        from replies.selectors import first_letter_of

        assert first_letter_of(again) == newer
