"""A reply is judged: who may, each way in, one proposer or several, and what follows for the case."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django_scopes import scope

from office import clock, events
from office.models import Event
from office.workflow import Refused
from organizations.models import BUREAU_ROLES, ListItem, Post, Question, Role
from outcomes import policies, services
from outcomes.models import Commitment, Feedback
from proposals import services as proposals
from proposals.models import Assignment, Cosigner, Proposal
from proposals.workflow import ProposalState
from replies import services as replies
from replies.models import IssuedLetter
from tests.factories import World, item, post

PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NOT_PROPOSERS = sorted({str(role) for role in Role} - {"filer", "member"})


def letter_of(world: World, assignment: Assignment) -> IssuedLetter:
    """The assignment's next letter, from the first word to its number; the caller is in the scope."""
    reply = replies.reply_create(assignment_id=assignment.pk, post=world.clerk)
    replies.reply_save(
        reply_id=reply.pk,
        post=world.clerk,
        body=f"{reply.body}\n一、强意识，从基层做起。",
        result_class=item(world.assembly, "result_class", "B"),
        disclosure=item(world.assembly, "disclosure", "open"),
    )
    replies.reply_send(reply_id=reply.pk, post=world.clerk)
    replies.reply_pass(reply_id=reply.pk, post=world.checker)
    replies.reply_sign(reply_id=reply.pk, post=world.leader)
    return replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())


def filed_by(world: World, writer: Post) -> Proposal:
    fields: dict = {"title": "推进协商民主", "background": "近年来。", "analysis": "认识不一。"}
    fields |= {"contact_name": "岳小舟", "contact_phone": "0730-0000101", "consents_to_publish": True}
    made = proposals.proposal_create(post=writer)
    proposals.proposal_save(proposal_id=made.pk, post=writer, fields=fields, suggestions=["建立议事会制度"])
    proposals.proposal_submit(proposal_id=made.pk, post=writer)
    return proposals.proposal_file(proposal_id=made.pk, post=world.reviewer)


def answered(world: World) -> IssuedLetter:
    reply = world.issued()
    with world.scope():
        return IssuedLetter.objects.get(reply=reply)


def ask(world: World, letter: IssuedLetter) -> list[Feedback]:
    services.feedback_ask(letter=letter, post=world.reviewer)
    return list(Feedback.objects.filter(letter=letter).order_by("copy__order"))


def choices(row: Feedback, key: str = "satisfied") -> dict[str, Any]:
    """A whole answer with this judgement."""
    judgement = item(row.assembly, "judgement", key)
    given = {str(q["id"]): q["choices"][0] if q["choices"] else "好" for q in row.questions}
    return {"judgement": judgement.pk, "answers": given}


def judge(row: Feedback, by: Post, key: str = "satisfied") -> Feedback:
    return services.feedback_give(feedback=row, post=by, came="desk", **choices(row, key))


def state_of(letter: IssuedLetter) -> Proposal:
    return Proposal.objects.get(pk=letter.reply.proposal_id)


# ---- who may


@pytest.mark.parametrize("role", NOT_PROPOSERS)
@pytest.mark.parametrize("came", ["desk", "link", "paper"])
def test_nobody_judges_for_a_proposer(world: World, role: str, came: str):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        if (role, came) == ("reviewer", "paper"):
            return
        scan = SimpleUploadedFile("a.pdf", PAPER)
        with pytest.raises((PermissionDenied, Http404)):
            services.feedback_give(
                feedback=row, post=getattr(world, role), came=came, scan=scan, **choices(row)
            )
        row.refresh_from_db()
        assert row.state == Feedback.State.ASKED


@pytest.mark.parametrize("role", [str(role) for role in BUREAU_ROLES])
def test_a_bureau_sees_nothing_until_it_is_in(world: World, role: str):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        assert not policies.feedback_visible_to(getattr(world, role)).exists()
        judge(row, world.filer)
        assert policies.feedback_visible_to(getattr(world, role)).get().judgement == "满意"


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"reviewer"}))
def test_only_the_reviewers_ask(world: World, role: str):
    letter = answered(world)
    with world.scope(), pytest.raises(PermissionDenied):
        services.feedback_ask(letter=letter, post=getattr(world, role))


def test_another_member_does_not_judge(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        with pytest.raises((PermissionDenied, Http404)):
            judge(row, world.member)


# ---- the ways in


def test_on_the_own_desk_and_once(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        judge(row, world.filer)
        with pytest.raises(Refused):
            judge(row, world.filer, "dissatisfied")
        case = state_of(letter)
        assert (case.state, case.was_judged) == (ProposalState.CLOSED, True)


def test_by_the_link_once_and_never_by_a_guess(world: World):
    letter = answered(world)
    with world.scope():
        [asked] = ask(world, letter)
    token = asked.token
    row = policies.by_link_or_404(token)
    with scope(assembly=world.assembly):
        services.feedback_give(feedback=row, post=None, came="link", **choices(row))
        with pytest.raises(Refused):
            services.feedback_give(feedback=row, post=None, came="link", **choices(row, "dissatisfied"))
        assert Feedback.objects.get().judgement == "满意"
    for wrong in (
        "",
        "x",
        token[:-1],
        token + "x",
        str(row.pk),
        token.replace(str(row.pk), str(row.pk + 1), 1),
    ):
        with pytest.raises(Http404):
            policies.by_link_or_404(wrong)


def test_a_link_is_over_after_its_last_day(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        with clock.at(clock.now() + dt.timedelta(60)), pytest.raises(Refused):
            services.feedback_give(feedback=row, post=None, came="link", **choices(row))


def test_from_paper_only_with_its_scan(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        with pytest.raises(Refused):
            services.feedback_give(feedback=row, post=world.reviewer, came="paper", **choices(row))
        scan = SimpleUploadedFile("征询意见表.pdf", PAPER)
        services.feedback_give(feedback=row, post=world.reviewer, came="paper", scan=scan, **choices(row))
        row.refresh_from_db()
        assert (row.came, row.entered_by, bool(row.scan)) == ("paper", world.reviewer, True)


def test_a_scan_is_what_its_name_says(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        scan = SimpleUploadedFile("scan.pdf", b"<html><script>alert(1)</script></html>")
        with pytest.raises(Refused):
            services.feedback_give(feedback=row, post=world.reviewer, came="paper", scan=scan, **choices(row))


def test_questions_stay_as_they_were_asked(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        before = row.questions
        Question.objects.filter(assembly=world.assembly).update(text="另一问", options="是\n否")
        ListItem.objects.filter(assembly=world.assembly, list="judgement").update(label="改过", reopens=True)
        judge(row, world.filer)
        row.refresh_from_db()
        assert (row.questions, row.judgement) == (before, "满意")
        assert state_of(letter).state == ProposalState.CLOSED


def test_what_was_not_offered_is_refused(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        facts = choices(row)
        first = next(str(q["id"]) for q in row.questions if q["choices"])
        for wrong in (
            facts | {"judgement": 0},
            facts | {"judgement": item(world.assembly, "result_class", "B").pk},
            facts | {"answers": facts["answers"] | {first: "随便"}},
            facts | {"answers": {}},
        ):
            with pytest.raises(Refused):
                services.feedback_give(feedback=row, post=world.filer, came="desk", **wrong)


# ---- what follows


def test_a_second_letter_and_then_a_meeting(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        judge(row, world.filer, "dissatisfied")
        case = state_of(letter)
        assert (case.state, case.round) == (ProposalState.REOPENED, 2)
        second = letter_of(world, case.assignments.get())
        assert state_of(letter).state == ProposalState.ANSWERED
        [again] = ask(world, second)
        judge(again, world.filer, "dissatisfied")
        assert state_of(letter).state == ProposalState.ANSWERED
        today = clock.today()
        proposals.proposal_settle(proposal_id=case.pk, post=world.reviewer, day=today, note="当面说明。")
        assert state_of(letter).state == ProposalState.CLOSED
        assert events.first_fault(world.assembly.pk) is None


def test_a_second_letter_that_satisfies_closes(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        judge(row, world.filer, "dissatisfied")
        [again] = ask(world, letter_of(world, state_of(letter).assignments.get()))
        judge(again, world.filer)
        assert state_of(letter).state == ProposalState.CLOSED


def test_without_an_answer_it_lapses_once_and_never_as_content(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        assert services.feedback_lapse(world.assembly) == 0
        with clock.at(clock.now() + dt.timedelta((row.due_on - clock.today()).days)):
            assert services.feedback_lapse(world.assembly) == 0
        with clock.at(clock.now() + dt.timedelta((row.due_on - clock.today()).days + 1)):
            assert services.feedback_lapse(world.assembly) == 1
            case, told = state_of(letter), Event.objects.count()
            assert (case.state, case.was_judged) == (ProposalState.CLOSED, False)
            assert services.feedback_lapse(world.assembly) == 0
            assert Event.objects.count() == told
            with pytest.raises(Refused):
                judge(row, world.filer)
        row.refresh_from_db()
        assert (row.state, row.judgement) == (Feedback.State.LAPSED, "")


# ---- several proposers


def merged(world: World) -> tuple[IssuedLetter, list[Post]]:
    """A case of three proposals, each of another proposer, answered by one letter."""
    other = post(world.assembly, Role.MEMBER)
    writers = [world.filer, world.member, other]
    lead, *rest = [filed_by(world, writer) for writer in writers]
    for proposal in rest:
        proposals.proposal_merge(proposal_id=proposal.pk, post=world.reviewer, lead=lead)
    [given] = proposals.proposal_assign(proposal_id=lead.pk, post=world.dispatcher, sole=world.bureau)
    proposals.assignment_sign_in(assignment_id=given.pk, post=world.clerk)
    return letter_of(world, given), writers


def test_all_three_proposers_are_asked_and_waited_for(world: World):
    with world.scope():
        letter, writers = merged(world)
        rows = ask(world, letter)
        assert len(rows) == 3
        for row, writer in itertools.islice(zip(rows, writers, strict=True), 2):
            judge(row, writer)
            assert state_of(letter).state == ProposalState.ANSWERED
        judge(rows[2], writers[2])
        assert state_of(letter).state == ProposalState.CLOSED


def test_one_of_three_reopens_when_all_are_in(world: World):
    with world.scope():
        letter, writers = merged(world)
        rows = ask(world, letter)
        judge(rows[1], writers[1], "dissatisfied")
        assert state_of(letter).state == ProposalState.ANSWERED
        judge(rows[0], writers[0])
        judge(rows[2], writers[2])
        assert state_of(letter).state == ProposalState.REOPENED


def test_one_in_and_two_lapsed_is_judged(world: World):
    with world.scope():
        letter, writers = merged(world)
        rows = ask(world, letter)
        judge(rows[0], writers[0])
        with clock.at(clock.now() + dt.timedelta(90)):
            assert services.feedback_lapse(world.assembly) == 2
        case = state_of(letter)
        assert (case.state, case.was_judged) == (ProposalState.CLOSED, True)


def test_nobody_judges_the_letter_of_another(world: World):
    with world.scope():
        letter, writers = merged(world)
        rows = ask(world, letter)
        with pytest.raises((PermissionDenied, Http404)):
            judge(rows[0], writers[1])
        assert list(policies.feedback_visible_to(writers[1])) == [rows[1]]


def test_only_the_first_proposer_of_each_proposal_counts(world: World):
    world.assembly.feedback_from = "lead"
    world.assembly.save()
    with world.scope():
        made = world.draft()
        members = [world.member]
        proposals.proposal_invite(
            proposal_id=made.pk,
            post=world.filer,
            members=members,
            committees=[],
            until=clock.today() + dt.timedelta(1),
        )
        invited = Cosigner.objects.get(proposal=made)
        proposals.cosigner_answer(cosigner_id=invited.pk, post=world.member, signs=True)
        proposals.proposal_submit(proposal_id=made.pk, post=world.filer)
        filed = proposals.proposal_file(proposal_id=made.pk, post=world.reviewer)
        [given] = proposals.proposal_assign(proposal_id=filed.pk, post=world.dispatcher, sole=world.bureau)
        proposals.assignment_sign_in(assignment_id=given.pk, post=world.clerk)
        letter = letter_of(world, given)
        rows = {row.counts: row for row in ask(world, letter)}
        judge(rows[True], world.filer)
        assert state_of(letter).state == ProposalState.CLOSED


# ---- promises


def test_a_promise_outlives_the_session_and_the_case(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        judge(row, world.filer)
        day = clock.today() + dt.timedelta(500)
        promise = services.commitment_add(
            letter=letter, post=world.clerk, text="建成议事厅", due_on=day, owner="王科长"
        )
        with clock.at(clock.now() + dt.timedelta(501)):
            services.commitment_note(commitment=promise, post=world.clerk, text="已经开工。")
            kept = services.commitment_done(
                commitment=promise,
                post=world.clerk,
                day=clock.today(),
                became=item(world.assembly, "result_class", "A"),
            )
        assert kept.became
        assert Commitment.objects.get().done_on == clock.today() + dt.timedelta(501)
