"""Letters that no longer hold: void with a reason, put right by another, and what follows from both."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from gongwen.tests.reading import body_text, read, squeeze
from office import clock, events
from office.models import Notice
from office.workflow import Refused
from organizations.models import LetterProfile, Post
from replies import letters, selectors, services, void_services
from replies.models import IssuedLetter, LetterVoid, Reply
from tests.factories import World

Browser = Callable[[Post], Client]
WHY = "印错了日期。"


def issued(world: World) -> IssuedLetter:
    with world.scope():
        return IssuedLetter.objects.get(reply=world.issued())


def void(world: World, letter: IssuedLetter, post: Post | None = None) -> LetterVoid:
    with world.scope():
        return void_services.letter_void(letter_id=letter.pk, post=post or world.leader, reason=WHY)


def corrected(world: World, letter: IssuedLetter) -> IssuedLetter:
    """The letter in its place, from the draft to the issue."""
    with world.scope():
        reply = void_services.correction_create(letter_id=letter.pk, post=world.clerk)
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        services.reply_sign(reply_id=reply.pk, post=world.leader)
        return services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())


def fresh(world: World, letter: IssuedLetter) -> IssuedLetter:
    with world.scope():
        return IssuedLetter.objects.select_related("void", "correction__letter", "reply").get(pk=letter.pk)


@pytest.mark.parametrize("role", ["leader", "sealkeeper"])
def test_leader_and_seal_keeper_declare_a_letter_void_for_good(world: World, role: str):
    letter = issued(world)
    row = void(world, letter, getattr(world, role))
    after = fresh(world, letter)
    assert after.voided == row
    assert (str(after), after.facts, after.facts_sha256) == (str(letter), letter.facts, letter.facts_sha256)
    with world.scope():
        with pytest.raises(Refused):
            void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="再来")
        story = [line.act for line in events.story(letter.reply.proposal)]
        assert story[0] == "letter.void"
    with pytest.raises(TypeError):
        row.delete()


@pytest.mark.parametrize("role", ["clerk", "checker", "reviewer", "dispatcher", "filer"])
def test_nobody_else_does(world: World, role: str):
    letter = issued(world)
    with world.scope(), pytest.raises(PermissionDenied):
        void_services.letter_void(letter_id=letter.pk, post=getattr(world, role), reason=WHY)


def test_a_void_needs_a_reason(world: World):
    letter = issued(world)
    with world.scope(), pytest.raises(Refused, match="reason"):
        void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="  ")


def test_the_page_asks_declares_and_shows_it(world: World, browser: Browser):
    letter = issued(world)
    page = reverse("replies:letter_void", args=[letter.pk])
    assert browser(world.clerk).get(page).status_code == 403
    leader = browser(world.leader)
    assert "Declare the letter void" in leader.get(page).content.decode()
    assert leader.post(page, {"key": "k", "reason": ""}).status_code == 422
    assert leader.post(page, {"key": "k", "reason": WHY}).url == reverse("replies:letter", args=[letter.pk])
    shown = browser(world.filer).get(reverse("replies:letter", args=[letter.pk])).content.decode()
    assert "This letter is void" in shown
    assert WHY in shown
    case = browser(world.filer).get(letter.reply.get_absolute_url()).content.decode()
    assert WHY in case


def test_the_proposers_and_the_clerk_hear_of_it(world: World):
    letter = issued(world)
    void(world, letter)
    with world.scope():
        told = Notice.objects.filter(kind="letter.void").values_list("post", flat=True)
        assert {world.filer.pk, world.reviewer.pk, world.clerk.pk} <= set(told)


def test_a_void_letter_waits_on_the_clerk_s_desk_for_another(world: World, browser: Browser):
    letter = issued(world)
    with world.scope():
        assert not selectors.to_do(world.clerk)
    void(world, letter)
    with world.scope():
        [row] = selectors.to_do(world.clerk)
        assert row.act_url == reverse("replies:letter_correct", args=[letter.pk])
        assert sum(rows.count() for rows in selectors.to_do_rows(world.clerk)) == 1
    clerk = browser(world.clerk)
    answer = clerk.post(row.act_url, {"key": "k"})
    with world.scope():
        begun = Reply.objects.get(corrects=letter)
    assert answer.url == reverse("replies:draft", args=[begun.pk])
    assert begun.body == letter.version.body
    assert clerk.get(answer.url).status_code == 200
    assert browser(world.leader).post(row.act_url, {"key": "l"}).status_code == 403


def test_what_puts_it_right_names_it_and_takes_its_place(world: World):
    letter = issued(world)
    newer = corrected(world, letter)
    old = fresh(world, letter)
    assert newer.number == letter.number + 1
    assert (old.replaced_by, old.voided.reason) == (newer, str(newer))
    assert str(letter) in newer.facts["note"]
    said = squeeze(body_text(read(letters.pdf_of(letters.letter_of(newer.facts)))))
    assert str(letter) in said
    with world.scope():
        assert world.fresh(letter.reply.proposal).state == "answered"
        told = [line.act for line in events.story(letter.reply.proposal)][:2]
        assert set(told) == {"letter.replace", "reply.issue"}


def test_the_old_letter_holds_until_the_new_one_is_issued(world: World):
    letter = issued(world)
    with world.scope():
        void_services.correction_create(letter_id=letter.pk, post=world.clerk)
        assert fresh(world, letter).voided is None
        with pytest.raises(Refused, match="begun already"):
            void_services.correction_create(letter_id=letter.pk, post=world.clerk)


def test_who_wrote_the_wrong_letter_does_not_sign_the_right_one(world: World):
    letter = issued(world)
    with world.scope():
        reply = void_services.correction_create(letter_id=letter.pk, post=world.clerk)
        assert set(letter.version.writers.all()) <= set(reply.writers.all())


def test_a_correction_can_be_put_right_too(world: World):
    first = issued(world)
    second = corrected(world, first)
    third = corrected(world, fresh(world, second))
    assert fresh(world, second).replaced_by == third
    with world.scope(), pytest.raises(Refused):
        void_services.correction_create(letter_id=first.pk, post=world.clerk)


def test_copies_bear_a_code_of_their_own_where_the_profile_says_so(world: World):
    letter = issued(world)
    with world.scope():
        [copy] = letter.copies.all()
        assert copy.check_code
        assert copy.facts["verify"].endswith(reverse("portal:verify_letter", args=[copy.check_code]))
        LetterProfile.objects.update(has_check_code=False)
    other = issued(world)
    with world.scope():
        [copy] = other.copies.all()
        assert copy.check_code == ""
        assert "verify" not in copy.facts
