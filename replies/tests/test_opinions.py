"""The opinion of a co-handling bureau: its life, who reads it, its number, and that it reaches no proposer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from office import clock, events
from office.acts import Stale
from office.counting import total
from office.workflow import Refused
from organizations.models import Bureau, Role
from proposals import services as proposal_services
from proposals.models import Assignment
from replies import opinion_policies, opinion_selectors, selectors
from replies import opinion_services as services
from replies.models import Opinion
from tests.factories import World, bureau, post

Browser = Callable[[Any], Client]
TEXT = "一、同意列入预算。\n二、安排专项经费。"
BUREAU = (Role.CLERK, Role.CHECKER, Role.LEADER, Role.SEALKEEPER)


class Pair:
    """A case with a lead bureau (the world's) and a co-handling one, both signed in."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.co = bureau(world.assembly, name="君山区财政局", short_name="财政局", opinion_word="君财会字")
        self.posts = {str(role): post(world.assembly, role, bureau=self.co) for role in BUREAU}
        self.clerk, self.leader = self.posts["clerk"], self.posts["leader"]
        proposal = world.filed()
        with world.scope():
            self.lead_part, self.part = proposal_services.proposal_assign(
                proposal_id=proposal.pk, post=world.dispatcher, lead=world.bureau, co=[self.co]
            )
            proposal_services.assignment_sign_in(assignment_id=self.lead_part.pk, post=world.clerk)
            proposal_services.assignment_sign_in(assignment_id=self.part.pk, post=self.clerk)

    def drafting(self, body: str = TEXT) -> Opinion:
        with self.world.scope():
            opinion = services.opinion_create(assignment_id=self.part.pk, post=self.clerk)
            return services.opinion_save(opinion_id=opinion.pk, post=self.clerk, body=body)

    def sent(self) -> Opinion:
        opinion = self.drafting()
        with self.world.scope():
            return services.opinion_send(opinion_id=opinion.pk, post=self.clerk)

    def given(self) -> Opinion:
        opinion = self.sent()
        with self.world.scope():
            return services.opinion_sign(opinion_id=opinion.pk, post=self.leader)


@pytest.fixture
def pair(world: World) -> Pair:
    return Pair(world)


def test_a_signed_opinion_has_its_number_its_facts_and_settles_the_part(pair: Pair):
    given = pair.world.fresh(pair.given())
    year = clock.today().year
    assert given.document_number == str(given) == f"君财会字〔{year}〕1号"
    assert (given.signed_by, given.dated) == (pair.leader, clock.today())
    assert given.facts["body"] == TEXT
    part = pair.world.fresh(pair.part)
    assert (part.state, part.replied_on) == ("given", clock.today())
    with pair.world.scope():
        story = [line.act for line in events.story(given.proposal)]
    assert "opinion.give" in story


def test_numbers_of_opinions_are_a_series_of_their_own(world: World):
    world.issued()
    first, second = Pair(world), None
    first.given()
    with world.scope():
        proposal = world.filed()
        parts = proposal_services.proposal_assign(
            proposal_id=proposal.pk, post=world.dispatcher, lead=world.bureau, co=[first.co]
        )
        second = parts[1]
        proposal_services.assignment_sign_in(assignment_id=second.pk, post=first.clerk)
    first.part = second
    assert first.given().number == 2


def test_without_a_word_nothing_is_sent_or_signed(pair: Pair):
    opinion = pair.drafting()
    with pair.world.scope(), translation.override("en"):
        Bureau.objects.filter(pk=pair.co.pk).update(opinion_word="")
        with pytest.raises(Refused, match="no word for the numbers of its opinions"):
            services.opinion_send(opinion_id=opinion.pk, post=pair.clerk)
    assert pair.world.fresh(opinion).state == "drafting"


def test_an_empty_opinion_is_not_sent(pair: Pair):
    opinion = pair.drafting("  ")
    with pair.world.scope(), translation.override("en"), pytest.raises(Refused, match="Write the opinion"):
        services.opinion_send(opinion_id=opinion.pk, post=pair.clerk)


def test_the_author_never_signs(pair: Pair):
    opinion = pair.sent()
    own = post(pair.world.assembly, "leader", user=pair.clerk.user, bureau=pair.co)
    with pair.world.scope():
        with pytest.raises(PermissionDenied):
            services.opinion_sign(opinion_id=opinion.pk, post=own)
        assert opinion_policies.barred_as_writer(own, opinion)
        assert total(opinion_selectors.to_do_rows(own)) == 0


def test_only_its_own_leader_signs(pair: Pair):
    opinion = pair.sent()
    with pair.world.scope():
        for other in (pair.world.leader, pair.clerk, pair.posts["checker"], pair.world.dispatcher):
            with pytest.raises(PermissionDenied):
                services.opinion_sign(opinion_id=opinion.pk, post=other)


def test_a_return_brings_its_reason_and_a_recall_takes_it_back(pair: Pair, browser: Browser):
    opinion = pair.sent()
    page = browser(pair.leader).post(
        reverse("replies:opinion_return", args=[opinion.pk]), {"version_seen": 1, "note": "请补数据。"}
    )
    assert page.status_code == 302
    assert (
        "请补数据。"
        in browser(pair.clerk).get(reverse("replies:opinion_draft", args=[opinion.pk])).content.decode()
    )
    with pair.world.scope():
        row = selectors.to_do(pair.clerk)[0]
        assert row.reason == "请补数据。"
        services.opinion_send(opinion_id=opinion.pk, post=pair.clerk)
        services.opinion_recall(opinion_id=opinion.pk, post=pair.clerk)
        with pytest.raises(Refused):
            services.opinion_return(opinion_id=opinion.pk, post=pair.leader, note=" ")
    assert pair.world.fresh(opinion).state == "drafting"


def test_a_leader_decides_on_what_was_shown(pair: Pair):
    opinion = pair.sent()
    with pair.world.scope():
        services.opinion_recall(opinion_id=opinion.pk, post=pair.clerk)
        services.opinion_send(opinion_id=opinion.pk, post=pair.clerk)
        with pytest.raises(Stale):
            services.opinion_sign(opinion_id=opinion.pk, post=pair.leader, version_seen=1)


def test_a_given_opinion_is_done_for_good(pair: Pair):
    opinion = pair.given()
    with pair.world.scope():
        for verb, wearer in (
            (services.opinion_sign, pair.leader),
            (services.opinion_send, pair.clerk),
            (services.opinion_recall, pair.clerk),
        ):
            with pytest.raises((Refused, PermissionDenied)):
                verb(opinion_id=opinion.pk, post=wearer)


READERS = {"drafting": {"co"}, "sent": {"co"}, "given": {"co", "clerk", "dispatcher", "reviewer"}}


@pytest.mark.parametrize("state", READERS)
def test_who_reads_it(pair: Pair, browser: Browser, state: str):
    opinion = getattr(pair, state)()
    wearers = {"co": pair.posts["checker"]} | {
        role: pair.world.posts[role]
        for role in ("clerk", "dispatcher", "reviewer", "filer", "member", "settings")
        if role in pair.world.posts
    }
    for name in ("replies:opinion", "replies:opinion_pdf"):
        address = reverse(name, args=[opinion.pk])
        shown = {who for who, worn in wearers.items() if browser(worn).get(address).status_code == 200}
        assert shown == READERS[state]
    stranger = post(pair.world.assembly, "clerk", bureau=bureau(pair.world.assembly))
    assert browser(stranger).get(reverse("replies:opinion", args=[opinion.pk])).status_code == 404


def test_the_lead_bureau_sees_what_is_missing_and_then_the_text(pair: Pair, browser: Browser):
    with pair.world.scope():
        from replies import services as reply_services

        reply = reply_services.reply_create(assignment_id=pair.lead_part.pk, post=pair.world.clerk)
    address = reverse("replies:draft", args=[reply.pk])
    opinion = pair.sent()
    before = browser(pair.world.clerk).get(address).content.decode()
    assert "君山区财政局" in before
    assert "The opinion has not come yet." in before
    assert "安排专项经费" not in before
    with pair.world.scope():
        services.opinion_sign(opinion_id=opinion.pk, post=pair.leader)
    for page in (address, reverse("replies:review", args=[reply.pk])):
        wearer = pair.world.clerk if page == address else pair.world.leader
        assert "安排专项经费" in browser(wearer).get(page).content.decode()


def test_the_case_page_shows_offices_the_state_and_proposers_nothing(pair: Pair):
    opinion = pair.sent()
    with pair.world.scope():
        [part] = selectors.panel_of(pair.world.dispatcher, opinion.proposal)["co_parts"]
        assert (part.opinion, part.is_given) == (None, False)
        assert selectors.panel_of(pair.world.filer, opinion.proposal)["co_parts"] == []
        assert selectors.panel_of(pair.world.filer, opinion.proposal)["template"] == ""


def test_desk_rows_of_the_bureau(pair: Pair):
    with pair.world.scope():
        start = selectors.to_do(pair.clerk)[0]
        assert start.act_url == reverse("replies:opinion_start", args=[pair.part.pk])
        assert total(selectors.to_do_rows(pair.clerk)) == 1
    opinion = pair.sent()
    with pair.world.scope():
        assert selectors.to_do(pair.clerk) == []
        assert selectors.waiting_for_others(pair.clerk)[0].act_url.endswith("/recall/")
        assert selectors.to_do(pair.leader)[0].act_url == reverse("replies:opinion", args=[opinion.pk])
        assert total(selectors.to_do_rows(pair.leader)) == 1
        services.opinion_sign(opinion_id=opinion.pk, post=pair.leader)
        assert selectors.to_do(pair.leader) == selectors.waiting_for_others(pair.clerk) == []


def test_pages_lead_from_the_beginning_to_the_signature(pair: Pair, browser: Browser):
    clerk, leader = browser(pair.clerk), browser(pair.leader)
    begun = clerk.post(reverse("replies:opinion_start", args=[pair.part.pk]), {"key": "k1"})
    with pair.world.scope():
        opinion = Opinion.objects.get()
    draft = reverse("replies:opinion_draft", args=[opinion.pk])
    assert begun.url == draft
    assert clerk.get(draft).status_code == 200
    saved = clerk.post(
        reverse("replies:opinion_autosave", args=[opinion.pk]), {"body": TEXT, "version_seen": 1}
    )
    assert saved.json()["version"] == 2
    behind = clerk.post(draft, {"body": "别的", "version_seen": 1})
    assert behind.status_code == 409
    assert "别的" in behind.content.decode()
    sent = clerk.post(draft, {"body": TEXT, "version_seen": 2, "act": "send", "key": "k2"})
    assert sent.status_code == 302
    page = leader.get(reverse("replies:opinion", args=[opinion.pk]))
    assert [act["name"] for act in page.context["acts"]] == ["give", "return"]
    signed = leader.post(reverse("replies:opinion_give", args=[opinion.pk]), {"version_seen": 1, "key": "k3"})
    assert signed.status_code == 302
    assert pair.world.fresh(opinion).state == "given"


def test_a_late_save_is_refused_with_words(pair: Pair, browser: Browser):
    opinion = pair.sent()
    answer = browser(pair.clerk).post(
        reverse("replies:opinion_autosave", args=[opinion.pk]), {"body": "迟到", "version_seen": 2}
    )
    assert answer.status_code == 403
    assert "not saved" in answer.json()["message"]


def test_the_form_says_what_was_given(pair: Pair):
    draft = pair.sent()
    with pair.world.scope():
        assert opinion_selectors.paper_context(pair.world.fresh(draft))["is_draft"]
        given = services.opinion_sign(opinion_id=draft.pk, post=pair.leader)
        Bureau.objects.filter(pk=pair.co.pk).update(name="改名后的局")
        context = opinion_selectors.paper_context(Opinion.objects.select_related("bureau").get(pk=given.pk))
    assert (context["bureau"], context["document_number"]) == ("君山区财政局", given.document_number)
    assert context["signed_by"] == pair.leader.user.name
    assert context["to"] == pair.world.bureau.name


def test_a_bureau_that_answers_owes_no_opinion(world: World):
    assignment: Assignment = world.signed_in()
    with world.scope(), pytest.raises(Refused):
        services.opinion_create(assignment_id=assignment.pk, post=world.clerk)


def test_the_number_of_queries_does_not_grow_with_opinions(pair: Pair):
    def count(question: Any, wearer: Any) -> int:
        with pair.world.scope(), CaptureQueriesContext(connection) as queries:
            question(wearer)
        return len(queries)

    def counts() -> list[int]:
        return [
            count(question, wearer)
            for question in (selectors.to_do, selectors.waiting_for_others)
            for wearer in (pair.clerk, pair.leader)
        ]

    def one_more(state: str) -> None:
        with pair.world.scope():
            proposal = pair.world.filed()
            parts = proposal_services.proposal_assign(
                proposal_id=proposal.pk, post=pair.world.dispatcher, lead=pair.world.bureau, co=[pair.co]
            )
            pair.part = proposal_services.assignment_sign_in(assignment_id=parts[1].pk, post=pair.clerk)
        opinion = getattr(pair, state)() if state else None
        if state == "sent" and opinion and opinion.pk % 2:
            with pair.world.scope():
                services.opinion_return(opinion_id=opinion.pk, post=pair.leader, note="请改。")

    for state in ("drafting", "sent", "sent", ""):
        one_more(state)
    once = counts()
    for state in ("drafting", "sent", "sent", ""):
        one_more(state)
    assert counts() == once
