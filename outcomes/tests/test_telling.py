"""Who hears what after an answer, and that judgements and promises are reminded of once."""

import datetime as dt

from office import clock
from office.models import Notice
from outcomes import services, telling
from replies.models import IssuedLetter
from tests.factories import World


def remind(world, day):
    moment = dt.datetime.combine(day, dt.time(9), clock.now().tzinfo)
    with clock.at(moment):
        return telling.reminders(world.assembly)


def test_whoever_is_asked_hears_of_it_and_is_reminded_until_it_is_answered(db):
    world = World()
    letter_of = world.issued()
    with world.scope():
        letter = IssuedLetter.objects.get(reply=letter_of)
        [asked] = services.feedback_ask(letter=letter, post=world.reviewer)
        told = Notice.objects.filter(post=world.filer).values_list("kind", "url")
        assert ("feedback.asked", asked.get_absolute_url()) in told
        assert remind(world, asked.due_on) == 1
        assert remind(world, asked.due_on) == 0
        answers = {str(one["id"]): (one["choices"] or [""])[0] for one in asked.questions}
        services.feedback_give(
            feedback=asked,
            judgement=asked.judgements[0]["id"],
            answers=answers,
            post=world.filer,
            came="desk",
        )
        assert remind(world, asked.due_on + dt.timedelta(1)) == 0
        assert "feedback.in" in Notice.objects.filter(post=world.clerk).values_list("kind", flat=True)


def test_a_promise_is_reminded_of_until_it_is_kept(db):
    world = World()
    reply = world.issued()
    with world.scope():
        letter = IssuedLetter.objects.get(reply=reply)
        due = letter.dated + dt.timedelta(100)
        promise = services.commitment_add(
            letter=letter, post=world.clerk, text="年底前建成。", due_on=due, owner="基建股"
        )
        assert [remind(world, due - dt.timedelta(n)) for n in (30, 15, 15, 7)] == [0, 1, 0, 1]
        services.commitment_done(commitment=promise, post=world.clerk, day=clock.today())
        assert remind(world, due) == 0
