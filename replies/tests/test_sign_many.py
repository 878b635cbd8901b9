"""Signing several at once: only what was opened, each its own signature; and many at one letter: one signature."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from office.acts import AlreadyDone
from office.events import first_fault, story
from office.workflow import Refused
from organizations.models import LetterProfile, Role
from replies import services, sign_many_selectors, sign_many_services
from replies.models import Approval, Reply, ReplyLook
from tests.factories import PASSWORD, World, post
from tests.threads import at_once

Browser = Callable[..., Client]
PAGE = "replies:sign_many"


def opened(leader: Client, *replies: Reply) -> None:
    for reply in replies:
        assert leader.get(reverse("replies:review", args=[reply.pk])).status_code == 200


def sign(leader: Client, *replies: Reply, version: int = 1, **more: Any):
    chosen = [f"{reply.pk}:{version}" for reply in replies]
    return leader.post(reverse(PAGE), {"chosen": chosen, "key": "k1"} | more, follow=True)


def states(world: World, *replies: Reply) -> list[str]:
    return [world.fresh(reply).state for reply in replies]


def test_what_was_opened_is_signed_each_with_its_own_event(world: World, browser: Browser):
    replies = [world.awaiting_signature() for _n in range(3)]
    leader = browser(world.leader)
    opened(leader, *replies[:2])
    page = leader.get(reverse(PAGE)).content.decode()
    assert page.count("disabled") == 1
    assert "2 of 3 opened" in page
    page = sign(leader, *replies).content.decode()
    assert "2 signed, 1 not signed" in page
    assert "You have not opened this version yet" in page
    assert states(world, *replies) == ["signed", "signed", "awaiting_signature"]
    with world.scope():
        assert Approval.objects.filter(decision="signed").count() == 2
        for reply in replies[:2]:
            assert "reply.sign" in [line.act for line in story(reply.proposal)]
    assert "1 reply still awaits your signature" in page


def test_a_look_is_noted_once_and_only_where_this_person_is_to_sign(world: World, browser: Browser):
    reply = world.awaiting_signature()
    for who in (world.leader, world.leader, world.clerk, world.checker):
        opened(browser(who), reply)
    browser(world.leader).head(reverse("replies:review", args=[reply.pk]))
    with world.scope():
        assert [look.user_id for look in ReplyLook.objects.all()] == [world.leader.user_id]


def test_a_newer_version_has_to_be_opened_again(world: World, browser: Browser):
    reply = world.awaiting_signature()
    leader = browser(world.leader)
    opened(leader, reply)
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.leader, step="sign_return", note="请改。")
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
    assert "in the meantime" in sign(leader, reply, version=1).content.decode()
    assert "not opened this version" in sign(leader, reply, version=2, key="k2").content.decode()
    assert states(world, reply) == ["awaiting_signature"]


def test_a_letter_that_reads_otherwise_since_has_to_be_opened_again(world: World, browser: Browser):
    reply = world.awaiting_signature()
    leader = browser(world.leader)
    opened(leader, reply)
    with world.scope():
        profile = LetterProfile.objects.get(bureau=None)
        profile.contacts = "联系电话：0730-0000999"
        profile.save()
    assert "The letter was changed since you opened it" in sign(leader, reply).content.decode()
    opened(leader, reply)
    assert "1 signed" in sign(leader, reply, key="k2").content.decode()


def test_own_words_wait_for_somebody_else(world: World, browser: Browser):
    reply = world.awaiting_signature()
    with world.scope():
        both = post(world.assembly, Role.LEADER, world.clerk.user, bureau=world.bureau)
        assert sign_many_selectors.waiting_for(both) == []
        [outcome] = sign_many_services.sign_many(post=both, chosen=[(reply.pk, 1)])
    assert (outcome.is_signed, "you wrote in it" in outcome.why) == (False, True)


def test_what_one_may_not_know_of_is_left_out_without_a_word(world: World, browser: Browser):
    other = World()
    theirs = other.awaiting_signature(title="别处的提案")
    assert "别处的提案" not in sign(browser(world.leader), theirs).content.decode()
    with world.scope():
        assert sign_many_services.sign_many(post=world.leader, chosen=[(theirs.pk, 1)]) == []


def test_nothing_chosen_signs_nothing_and_others_may_not(world: World, browser: Browser):
    world.awaiting_signature()
    for form in ({"key": "k1"}, {"key": "k1", "chosen": ["x", "²:1"]}):
        page = browser(world.leader).post(reverse(PAGE), form, follow=True)
        assert "Choose what you sign." in page.content.decode()
    for role in ("clerk", "checker", "sealkeeper", "filer"):
        assert browser(world.posts[role]).get(reverse(PAGE)).status_code == 403


def test_a_second_click_changes_nothing(world: World, browser: Browser):
    reply = world.awaiting_signature()
    leader = browser(world.leader)
    opened(leader, reply)
    for _click in range(2):
        assert "1 signed" in sign(leader, reply).content.decode()
    with world.scope():
        assert Approval.objects.filter(decision="signed").count() == 1


def test_a_second_factor_comes_first_where_the_assembly_wants_one(browser: Browser, db: Any):
    world = World(needs_second_factor=True)
    replies = [world.awaiting_signature() for _n in range(2)]
    leader = browser(world.leader)
    opened(leader, *replies)
    assert sign(leader, *replies).status_code == 422
    assert states(world, *replies) == ["awaiting_signature"] * 2


def test_without_a_fresh_proof_the_page_asks_and_signs_then(world: World, browser: Browser, settings: Any):
    replies = [world.awaiting_signature() for _n in range(2)]
    leader = browser(world.leader)
    opened(leader, *replies)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    page = sign(leader, *replies).content.decode()
    assert page.count('name="chosen"') == 2  # the page that asks carries every choice along
    assert states(world, *replies) == ["awaiting_signature"] * 2
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    sign(leader, *replies, proof=PASSWORD)
    assert states(world, *replies) == ["signed"] * 2


def test_from_the_desk_a_signature_takes_three_taps(world: World, browser: Browser):
    reply = world.awaiting_signature()
    leader = browser(world.leader)
    review = reverse("replies:review", args=[reply.pk])
    assert f'href="{review}"' in leader.get(reverse("desk:home")).content.decode()  # the first tap
    page = leader.get(review).content.decode()
    address = reverse("replies:sign", args=[reply.pk])
    bar = page[page.index('class="act-bar"') :]
    assert f'action="{address}"' in bar  # the second; the third says yes, or proves who it is
    assert leader.post(address, {"key": "k1", "version_seen": 1}).status_code in (200, 302)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_leaders_with_double_clicks_give_one_signature():
    world = World()
    reply = world.awaiting_signature()
    leaders = [world.leader, *(post(world.assembly, Role.LEADER, bureau=world.bureau) for _n in range(49))]
    clicks = [
        partial(services.reply_sign, reply_id=reply.pk, post=leader, version_seen=1, key=f"click-{leader.pk}")
        for leader in leaders
        for _click in range(2)
    ]
    results = at_once(world.assembly, clicks)
    signed = [result for result in results if isinstance(result, Approval)]
    assert len(signed) == 1
    assert all(isinstance(result, Refused | AlreadyDone | Approval) for result in results)
    with world.scope():
        assert Approval.objects.filter(version__reply=reply, decision="signed").count() == 1
        assert [line.act for line in story(reply.proposal)].count("reply.sign") == 1
    assert world.fresh(reply).state == "signed"
    assert first_fault(world.assembly.pk) is None
