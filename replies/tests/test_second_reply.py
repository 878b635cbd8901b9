"""Several letters of one case: of several bureaus, and a second one after a judgement that reopened the case."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from office import clock
from proposals import services as proposal_services
from proposals.models import Assignment, Proposal
from replies import selectors, services
from replies.models import IssuedLetter, Reply
from tests.factories import World, bureau, item, post

Browser = Callable[[Any], Client]


def answered(world: World, assignment: Assignment, posts: dict[str, Any]) -> IssuedLetter:
    """The assignment's letter, from the first word to its number."""
    with world.scope():
        reply = services.reply_create(assignment_id=assignment.pk, post=posts["clerk"])
        services.reply_save(
            reply_id=reply.pk,
            post=posts["clerk"],
            body=f"{reply.body}\n一、强意识，从基层做起。",
            result_class=item(world.assembly, "result_class", "B"),
            disclosure=item(world.assembly, "disclosure", "open"),
        )
        services.reply_send(reply_id=reply.pk, post=posts["clerk"])
        services.reply_pass(reply_id=reply.pk, post=posts["checker"])
        services.reply_sign(reply_id=reply.pk, post=posts["leader"])
        return services.reply_issue(reply_id=reply.pk, post=posts["sealkeeper"], dated=clock.today())


def reopened(world: World) -> Assignment:
    """A case that was answered once and is reopened."""
    reply = world.issued()
    with world.scope():
        proposal = proposal_services.locked(reply.proposal_id)
        assignment = Assignment.objects.get(pk=reply.assignment_id)
        proposal_services.proposal_reopen(proposal=proposal, assignments=[assignment], judgement="不满意")
    return world.fresh(assignment)


@pytest.fixture
def again(world: World) -> Assignment:
    return reopened(world)


def test_a_reopened_case_is_begun_again_from_desk_and_case_page(world: World, again: Assignment):
    with world.scope(), override("en"):
        row = selectors.to_do(world.clerk)[0]
        assert (row.act_label, row.act_url) == ("Draft the second reply", f"/replies/start/{again.pk}/")
        panel = selectors.panel_of(world.clerk, again.proposal)
        assert [act["label"] for act in panel["acts"]] == ["Draft the second reply"]
        assert len(panel["letters"]) == 1
        assert panel["reply"] is None


def test_the_second_draft_names_the_first_letter_and_the_judgement(
    world: World, again: Assignment, browser: Browser
):
    clerk = browser(world.clerk)
    begun = clerk.post(reverse("replies:start", args=[again.pk]), {"key": "k1"})
    with world.scope():
        second = Reply.objects.get(round=2)
        first = IssuedLetter.objects.get()
    assert begun.url == reverse("replies:draft", args=[second.pk])
    page = clerk.get(begun.url).content.decode()
    assert str(first) in page
    assert "不满意" in page


def test_the_second_letter_has_its_own_number_and_settles_the_assignment(world: World, again: Assignment):
    second = answered(world, again, world.posts)
    assignment = world.fresh(again)
    assert second.number == 2
    assert (assignment.state, assignment.replied_on) == ("replied", clock.today())
    assert world.fresh(again.proposal).state == "answered"
    with world.scope():
        for role in ("filer", "clerk", "reviewer", "dispatcher"):
            panel = selectors.panel_of(world.posts[role], world.fresh(again.proposal))
            assert [letter.number for letter in panel["letters"]] == [1, 2]
            assert panel["letter"] == second


def test_both_letters_stand_on_the_case_page(world: World, again: Assignment, browser: Browser):
    second = answered(world, again, world.posts)
    page = browser(world.filer).get(again.proposal.get_absolute_url()).content.decode()
    with world.scope():
        first = IssuedLetter.objects.exclude(pk=second.pk).get()
    assert str(first) in page
    assert str(second) in page
    assert page.index(str(first)) < page.index(f'">{second}')


def test_while_the_second_is_drafted_the_first_can_be_read(world: World, again: Assignment):
    with world.scope():
        services.reply_create(assignment_id=again.pk, post=world.clerk)
        own = selectors.panel_of(world.clerk, again.proposal)
        filer = selectors.panel_of(world.filer, again.proposal)
    assert own["reply"].round == 2
    assert [len(panel["letters"]) for panel in (own, filer)] == [1, 1]
    assert filer["reply"] is None


@pytest.fixture
def split(world: World) -> tuple[Proposal, list[Assignment], dict[str, Any]]:
    """A case that two bureaus answer, each on its own; and the posts of the other bureau."""
    own, other = world.bureau, bureau(world.assembly)
    assert own
    posts = {
        role: post(world.assembly, role, bureau=other)
        for role in ("clerk", "checker", "leader", "sealkeeper")
    }
    proposal = world.filed()
    with world.scope():
        parts = proposal_services.proposal_assign(
            proposal_id=proposal.pk, post=world.dispatcher, split=[own, other]
        )
        for part, clerk in zip(parts, (world.clerk, posts["clerk"]), strict=True):
            proposal_services.assignment_sign_in(assignment_id=part.pk, post=clerk)
    return proposal, parts, posts


def test_separate_bureaus_have_a_letter_each(world: World, split: Any):
    proposal, parts, posts = split
    answered(world, parts[0], world.posts)
    assert world.fresh(proposal).state == "in_hand"
    with world.scope(), override("en"):
        other = selectors.panel_of(posts["clerk"], proposal)
        assert [act["label"] for act in other["acts"]] == ["Draft the reply"]
        assert len(other["letters"]) == 1
    answered(world, parts[1], posts)
    assert world.fresh(proposal).state == "answered"
    with world.scope():
        panel = selectors.panel_of(world.filer, proposal)
        assert [letter.bureau_id for letter in panel["letters"]] == [part.bureau_id for part in parts]


def test_another_bureau_s_draft_is_not_shown(world: World, split: Any):
    proposal, parts, posts = split
    with world.scope():
        services.reply_create(assignment_id=parts[0].pk, post=world.clerk)
        assert selectors.panel_of(posts["leader"], proposal)["reply"] is None
        assert selectors.panel_of(world.leader, proposal)["reply"] is not None


def test_only_the_bureau_that_has_to_answers_again(world: World, split: Any):
    proposal, parts, posts = split
    answered(world, parts[0], world.posts)
    answered(world, parts[1], posts)
    with world.scope():
        locked = proposal_services.locked(proposal.pk)
        again = Assignment.objects.get(pk=parts[1].pk)
        proposal_services.proposal_reopen(proposal=locked, assignments=[again], judgement="不满意")
        assert selectors.to_do(world.clerk) == []
        assert len(selectors.to_do(posts["clerk"])) == 1
    answered(world, world.fresh(again), posts)
    assert world.fresh(proposal).state == "answered"
    with world.scope():
        panel = selectors.panel_of(world.filer, proposal)
        rounds = [(letter.reply.round, letter.bureau_id) for letter in panel["letters"]]
    assert rounds == [(1, parts[0].bureau_id), (1, parts[1].bureau_id), (2, parts[1].bureau_id)]
