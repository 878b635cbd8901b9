"""The pages of what follows an answer, in a browser: the one-time link, the own desk, paper, desk rows, the case."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from office import clock, events
from office.counting import total
from office.workflow import Refused
from organizations.models import Post, Question, Role
from organizations.posts import SESSION_KEY
from outcomes import papers, policies, selectors, services
from outcomes.models import Commitment, Delivery, Feedback
from outcomes.tests.test_judging import PAPER, answered, ask, choices, judge, merged, state_of
from proposals.workflow import ProposalState
from tests.factories import World, item

Browser = Callable[[Post], Client]


@pytest.fixture
def browser() -> Browser:
    """A signed-in browser in which a post is worn."""

    def signed_in(post: Post) -> Client:
        client = Client()
        client.force_login(post.user)
        session = client.session
        session[SESSION_KEY] = post.pk
        session.save()
        return client

    return signed_in


def typed(row: Feedback, key: str = "satisfied") -> dict[str, Any]:
    facts = choices(row, key)
    answers = {f"q{name}": answer for name, answer in facts["answers"].items()}
    return answers | {"judgement": facts["judgement"]}


def free(row: Feedback) -> str:
    """The field of the question that is answered in own words."""
    return next(f"q{one['id']}" for one in row.questions if one["kind"] == "text")


def test_the_link_takes_one_answer_without_an_account(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        data = typed(row)
    url = reverse("outcomes:by_link", args=[row.token])
    page = Client().get(url)
    assert page.status_code == 200
    assert str(letter) in page.content.decode()
    # The page is for a stranger: nothing of the text, and no way into the site's cases.
    assert "认识不一" not in page.content.decode()
    assert "强意识" not in page.content.decode()
    assert Client().post(url, data | {"judgement": ""}).status_code == 422
    assert Client().post(url, data).status_code == 200
    assert Client().post(url, data).status_code == 410
    assert Client().get(url).status_code == 410
    with world.scope():
        assert Feedback.objects.get().came == "link"
        assert state_of(letter).state == ProposalState.CLOSED


def test_a_guessed_link_is_not_found_and_guessing_is_slowed(world: World):
    cache.clear()
    answers = [Client().get(reverse("outcomes:by_link", args=[f"{n}:guess"])).status_code for n in range(200)]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.parametrize("role", sorted(str(role) for role in Role if role not in ("filer", "reviewer")))
def test_only_the_own_desk_answers_and_only_reviewers_enter(world: World, browser: Browser, role: str):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        data = typed(row)
    for name in ("answer", "paper"):
        url = reverse(f"outcomes:{name}", args=[row.pk])
        scan = {"scan": SimpleUploadedFile("a.pdf", PAPER)} if name == "paper" else {}
        assert browser(getattr(world, role)).post(url, data | scan).status_code in (403, 404)
    assert world.fresh(row).state == Feedback.State.ASKED


def test_the_own_desk(world: World, browser: Browser):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        data = typed(row)
        assert [r.act_url for r in selectors.to_do(world.filer)] == [row.get_absolute_url()]
        assert total(selectors.to_do_rows(world.filer)) == 1
    me = browser(world.filer)
    assert me.get(row.get_absolute_url()).status_code == 200
    wrong = me.post(row.get_absolute_url(), data | {"judgement": "", free(row): "还有一事。"})
    assert wrong.status_code == 422
    assert "还有一事。" in wrong.content.decode()
    assert me.post(row.get_absolute_url(), data).status_code == 302
    with world.scope():
        assert selectors.to_do(world.filer) == []


def test_paper_is_entered_with_its_scan_and_read_by_reviewers_alone(world: World, browser: Browser):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        data = typed(row)
    url = reverse("outcomes:paper", args=[row.pk])
    office = browser(world.reviewer)
    assert 'enctype="multipart/form-data"' in office.get(url).content.decode()
    assert office.post(url, data).status_code == 422
    scan = SimpleUploadedFile("a.pdf", PAPER)
    assert office.post(url, data | {"scan": scan}).status_code == 302
    scan_url = reverse("outcomes:scan", args=[row.pk])
    assert b"".join(office.get(scan_url).streaming_content) == PAPER
    assert browser(world.clerk).get(scan_url).status_code in (403, 404)


def test_the_bureau_delivers_and_the_proposer_confirms(world: World, browser: Browser):
    letter = answered(world)
    with world.scope():
        [copy] = letter.copies.all()
        way = item(world.assembly, "delivery_way", "post")
        facts = {"copies": [copy.pk], "way": way.pk, "delivered_on": clock.today().isoformat()}
        assert any(r.act_url.endswith("/deliver/") for r in selectors.to_do(world.sealkeeper))
    url = reverse("outcomes:deliver", args=[letter.pk])
    for role in ("checker", "leader", "reviewer", "dispatcher", "filer"):
        assert browser(getattr(world, role)).post(url, facts).status_code in (403, 404)
    assert browser(world.sealkeeper).post(url, facts).status_code == 302
    confirm = reverse("outcomes:confirm", args=[copy.pk])
    assert browser(world.member).post(confirm).status_code in (403, 404)
    assert browser(world.filer).post(confirm).status_code == 302
    with world.scope():
        assert Delivery.objects.get().received_on == clock.today()


def test_a_promise_and_how_far_it_has_come(world: World, browser: Browser):
    letter = answered(world)
    clerk = browser(world.clerk)
    facts = {"text": "建成议事厅", "due_on": clock.today().isoformat(), "owner": "王科长"}
    add = reverse("outcomes:commitment_add", args=[letter.pk])
    assert browser(world.checker).post(add, facts).status_code == 403
    assert clerk.post(add, facts).status_code == 302
    with world.scope():
        promise = Commitment.objects.get()
    url = reverse("outcomes:commitment", args=[promise.pk])
    assert clerk.get(url).status_code == 200
    proof = SimpleUploadedFile("a.pdf", PAPER)
    assert clerk.post(url, {"text": "已经开工。", "proof": proof}).status_code == 302
    with world.scope():
        note = promise.notes.get()
    assert clerk.get(reverse("outcomes:commitment_proof", args=[note.pk])).status_code == 200
    done = reverse("outcomes:commitment_done", args=[promise.pk])
    assert clerk.post(done, {"day": clock.today().isoformat()}).status_code == 302
    assert clerk.get(reverse("outcomes:commitments")).status_code == 200


@pytest.mark.parametrize("role", sorted(str(role) for role in Role))
def test_rows_and_panel_for_everyone(world: World, role: str):
    letter = answered(world)
    with world.scope():
        post = getattr(world, role)
        case = state_of(letter)
        for _step in range(2):
            assert total(selectors.to_do_rows(post)) == len(selectors.to_do(post))
            panel = selectors.panel_of(post, case)
            in_bureau_words = role not in ("filer", "reviewer") and panel.get("feedback")
            assert not in_bureau_words
            if not Feedback.objects.exists():
                ask(world, letter)


def test_one_act_asks_for_many(world: World, browser: Browser):
    letters = [answered(world), answered(world)]
    office = browser(world.reviewer)
    url = reverse("outcomes:to_ask")
    assert office.get(url).status_code == 200
    assert office.post(url, {"letter": [letter.pk for letter in letters]}).status_code == 302
    assert browser(world.clerk).get(url).status_code == 403
    with world.scope():
        assert Feedback.objects.count() == 2
        assert services.feedback_lapse(world.assembly) == 0


def test_the_archive_is_for_those_who_keep_the_files(world: World, browser: Browser):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        judge(row, world.filer)
        case = state_of(letter)
    url = reverse("outcomes:archive", args=[case.pk])
    assert browser(world.reviewer).get(url).content.startswith(b"%PDF")
    for role in ("filer", "clerk", "leader", "auditor"):
        assert browser(getattr(world, role)).get(url).status_code in (403, 404)


def test_the_link_works_while_another_assembly_is_signed_in(world: World, browser: Browser):
    letter = answered(world)
    other = World()
    with world.scope():
        [row] = ask(world, letter)
        data = typed(row)
    url = reverse("outcomes:by_link", args=[row.token])
    stranger = browser(other.clerk)
    page = stranger.get(url)
    assert page.status_code == 200
    assert other.assembly.name not in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    wrong = stranger.post(url, data | {"judgement": "999999", free(row): "还有一事。"})
    assert wrong.status_code == 422
    assert "还有一事。" in wrong.content.decode()
    assert stranger.post(url, data).status_code == 200
    with world.scope():
        row.refresh_from_db()
        assert (row.state, row.came, row.entered_by) == (Feedback.State.IN, "link", None)


def test_a_proposer_whose_proposal_was_merged_gets_there_and_back(world: World, browser: Browser):
    with world.scope():
        letter, writers = merged(world)
        rows = ask(world, letter)
    for row, writer in zip(rows, writers, strict=True):
        me = browser(writer)
        page = me.get(row.get_absolute_url())
        assert page.status_code == 200
        assert me.get(reverse("replies:letter", args=[letter.pk])).status_code == 200
        assert me.get(reverse("outcomes:form_pdf", args=[row.pk])).content.startswith(b"%PDF")
        with world.scope():
            data = typed(row)
        assert me.post(row.get_absolute_url(), data, follow=True).status_code == 200
        assert me.get(reverse("outcomes:read", args=[row.pk])).status_code == 200
        others = [one for one in rows if one != row]
        assert {me.get(reverse("outcomes:read", args=[one.pk])).status_code for one in others} == {404}


def test_every_page_is_closed_to_other_assemblies_and_to_nobody(world: World, browser: Browser):
    letter = answered(world)
    other = World()
    with world.scope():
        [row] = ask(world, letter)
        promise = services.commitment_add(
            letter=letter, post=world.clerk, text="建成议事厅", due_on=clock.today(), owner="王科长"
        )
        [copy] = letter.copies.all()
        case = state_of(letter)
    pages = {"answer": row, "paper": row, "read": row, "scan": row, "form_pdf": row, "deliver": letter}
    pages |= {"commitment": promise, "commitment_done": promise, "commitment_add": letter, "archive": case}
    for name, subject in pages.items():
        url = reverse(f"outcomes:{name}", args=[subject.pk])
        assert Client().get(url).status_code == 302, name
        for role in Role:
            assert browser(getattr(other, str(role))).get(url).status_code == 404, (name, role)
    confirm = reverse("outcomes:confirm", args=[copy.pk])
    assert browser(other.filer).post(confirm).status_code == 404


def test_after_the_last_day_the_own_desk_offers_nothing(world: World, browser: Browser):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        data = typed(row)
        Feedback.objects.update(due_on=clock.today() - dt.timedelta(1))
        assert selectors.to_do(world.filer) == []
    me = browser(world.filer)
    assert me.get(row.get_absolute_url()).status_code == 302
    assert me.post(row.get_absolute_url(), data).status_code == 302
    assert Client().get(reverse("outcomes:by_link", args=[row.token])).status_code == 410
    assert world.fresh(row).state == Feedback.State.ASKED
    assert me.get(reverse("outcomes:read", args=[row.pk])).status_code == 200


def test_without_a_question_for_text_there_is_a_place_for_own_words(world: World):
    letter = answered(world)
    with world.scope():
        Question.objects.filter(assembly=world.assembly, kind=Question.Kind.TEXT).update(is_active=False)
        [row] = ask(world, letter)
        data = typed(row)
    url = reverse("outcomes:by_link", args=[row.token])
    assert 'name="remarks"' in Client().get(url).content.decode()
    assert Client().post(url, data | {"remarks": "还有一事。"}).status_code == 200
    with world.scope():
        assert Feedback.objects.get().remarks == "还有一事。"
        told = [line.note for line in events.story(state_of(letter)) if line.act == "feedback.in"]
        assert told == ["还有一事。"]


def test_a_link_that_went_astray_is_withdrawn_and_made_anew(world: World, browser: Browser):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        data, old = typed(row), row.token
        for role in sorted({str(role) for role in Role} - {"reviewer"}):
            with pytest.raises(PermissionDenied):
                services.feedback_relink(feedback=row, post=getattr(world, role))
    first, me = policies.by_link_or_404(old), browser(world.reviewer)
    shown = me.get(reverse("outcomes:read", args=[row.pk])).content.decode()
    assert reverse("outcomes:by_link", args=[old]) in shown
    url = reverse("outcomes:relink", args=[row.pk])
    assert me.get(url).status_code == 200
    page = me.post(url, {"reason": "发错了人"}, follow=True).content.decode()
    new = world.fresh(row).token
    assert reverse("outcomes:by_link", args=[new]) in page
    gone = Client().get(reverse("outcomes:by_link", args=[old]))
    assert gone.status_code == 410
    assert "withdrawn" in gone.content.decode()
    assert str(letter) not in gone.content.decode()
    assert Client().post(reverse("outcomes:by_link", args=[old]), data).status_code == 410
    # Nor does a page that was opened before.
    with world.scope(), pytest.raises(Refused):
        services.feedback_give(feedback=first, post=None, came="link", **choices(row))
    assert Client().post(reverse("outcomes:by_link", args=[new]), data).status_code == 200
    with world.scope():
        row.refresh_from_db()
        assert (row.state, row.link_serial) == (Feedback.State.IN, 1)
        told = [line.note for line in events.story(state_of(letter)) if line.act == "feedback.relink"]
        assert told == ["发错了人"]
        with pytest.raises(Refused):
            services.feedback_relink(feedback=row, post=world.reviewer)


def test_the_printed_form_carries_the_new_link(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        before = papers.questionnaire(row)["link"]
        row = services.feedback_relink(feedback=row, post=world.reviewer)
        again = services.feedback_relink(feedback=row, post=world.reviewer)
        links = {before, papers.questionnaire(row)["link"], papers.questionnaire(again)["link"]}
    assert len(links) == 3


def test_nobody_else_withdraws_a_link(world: World, browser: Browser):
    letter = answered(world)
    other = World()
    with world.scope():
        [row] = ask(world, letter)
    url = reverse("outcomes:relink", args=[row.pk])
    for role in sorted({str(role) for role in Role} - {"reviewer"}):
        assert browser(getattr(world, role)).post(url).status_code in (403, 404)
    assert browser(other.reviewer).post(url).status_code == 404
    assert world.fresh(row).link_serial == 0
