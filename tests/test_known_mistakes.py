"""Mistakes that offices have met in other systems, each by its name: none of them happens here."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from accounts import kept
from desk import case as case_page
from desk import selectors as desk
from office import calendar, clock
from office.calendar import Days
from office.workflow import Refused
from organizations.models import Role
from organizations.posts import SESSION_KEY
from outcomes import policies as outcome_policies
from outcomes import services as outcomes
from proposals import dates_selectors, papers, policies
from proposals import services as proposals
from proposals.workflow import ProposalState
from replies import opinion_policies, opinion_services
from replies import services as replies
from replies.models import IssuedLetter, LetterFile
from tests.factories import World, bureau, committee, post

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def world(db):
    return World()


def signed_in(who):
    client = Client()
    client.force_login(who.user)
    session = client.session
    session[SESSION_KEY] = who.pk
    session.save()
    return client


def waiting_for(who):
    return {row.title for row in desk.desk_of(who).to_do}


def asked(world):
    letter = IssuedLetter.objects.get(reply=world.issued())
    [feedback] = outcomes.feedback_ask(letter=letter, post=world.reviewer)
    return feedback


def judge(feedback, who):
    answers = {str(one["id"]): (one["choices"] or ["好"])[0] for one in feedback.questions}
    judgement = feedback.judgements[0]["id"]
    return outcomes.feedback_give(
        feedback=feedback, judgement=judgement, answers=answers, post=who, came="desk"
    )


def test_a_return_burns_no_number(world):
    reply = world.signed()
    with world.scope():
        replies.reply_return(reply_id=reply.pk, post=world.sealkeeper, step="issue_return", note="请核实数据")
        other = world.issued(title="另一件提案")
        assert IssuedLetter.objects.get(reply=other).number == 1


def test_an_opinion_is_not_lost_after_its_circulation(world):
    lead = bureau(world.assembly)
    lead_clerk = post(world.assembly, Role.CLERK, bureau=lead)
    case = world.filed()
    with world.scope():
        parts = proposals.proposal_assign(
            proposal_id=case.pk, post=world.dispatcher, lead=lead, co=[world.bureau]
        )
        own = next(part for part in parts if part.part == "co")
        proposals.assignment_sign_in(assignment_id=own.pk, post=world.clerk)
        opinion = opinion_services.opinion_create(assignment_id=own.pk, post=world.clerk)
        opinion_services.opinion_save(opinion_id=opinion.pk, post=world.clerk, body="我局同意。")
        opinion_services.opinion_send(opinion_id=opinion.pk, post=world.clerk)
        opinion_services.opinion_return(opinion_id=opinion.pk, post=world.leader, note="请补充依据")
        assert world.fresh(opinion).body == "我局同意。"
        opinion_services.opinion_send(opinion_id=opinion.pk, post=world.clerk)
        opinion_services.opinion_sign(opinion_id=opinion.pk, post=world.leader)
        assert opinion_policies.visible_to(lead_clerk).get().body == "我局同意。"


def test_one_reject_leaves_the_tasks_of_others(world):
    first, second = world.in_review(title="第一件"), world.in_review(title="第二件")
    with world.scope():
        assert waiting_for(world.checker) == {first.proposal.title, second.proposal.title}
        replies.reply_return(reply_id=first.pk, post=world.checker, step="check_return", note="请补充")
        assert waiting_for(world.checker) == {second.proposal.title}
        assert first.proposal.title in waiting_for(world.clerk)


def test_nothing_is_due_after_the_answer(world):
    part = world.issued().assignment
    with world.scope(), clock.at(clock.now() + dt.timedelta(400)):
        assert part.pk not in {row.assignment.pk for row in dates_selectors.dates_of(world.dispatcher)}
        with pytest.raises(Refused):
            proposals.chase_send(assignment_id=part.pk, post=world.dispatcher, text="请抓紧办理")


def test_a_judgement_is_not_seen_by_the_bureau_before_it_is_in(world):
    with world.scope():
        feedback = asked(world)
        assert not outcome_policies.feedback_visible_to(world.clerk).exists()
        judge(feedback, world.filer)
        assert outcome_policies.feedback_visible_to(world.clerk).get() == feedback


def test_the_catalogue_misses_no_row(world):
    made = [world.filed(title=f"第{n}件提案") for n in range(3)]
    made.append(world.issued(title="已答复的提案").proposal)
    with world.scope():
        context = papers.catalogue_context(world.session, policies.visible_to(world.reviewer))
        assert [row["number"] for row in context["rows"]] == [world.fresh(case).number for case in made]


@pytest.mark.parametrize("hour", [(23, 30), (0, 30)])
def test_the_time_zone_shifts_no_date(world, hour):
    moment = dt.datetime.combine(clock.today(), dt.time(*hour), SHANGHAI)
    with clock.at(moment.astimezone(dt.UTC)):
        assert clock.today() == moment.date()
        part = world.assigned()
        assert part.counted_from == moment.date()


def test_no_letter_goes_to_the_wrong_addressee(world):
    other = committee(world.assembly)
    stranger = post(world.assembly, Role.FILER, committee=other)
    reply = world.issued()
    with world.scope():
        letter = IssuedLetter.objects.get(reply=reply)
        assert [copy.name for copy in letter.copies.all()] == [world.committee.name] or [
            copy.committee_id for copy in letter.copies.all()
        ] == [world.committee.pk]
    address = reverse("replies:letter", args=[letter.pk])
    assert signed_in(stranger).get(address).status_code == 404


def test_choosing_all_rows_touches_only_those_that_one_may_touch(world):
    own, elsewhere = world.filed(), World().filed()
    draft = world.draft()
    data: dict = {"chosen": [own.pk, elsewhere.pk, draft.pk]}
    for case in (own, elsewhere, draft):
        data |= {f"{case.pk}-way": "sole", f"{case.pk}-bureau": world.bureau.pk}
        data |= {f"{case.pk}-note": "", f"{case.pk}-key": f"key{case.pk}"}
    signed_in(world.dispatcher).post(reverse("proposals:dispatch"), data)
    assert world.fresh(elsewhere).state == ProposalState.FILED
    assert world.fresh(draft).state == ProposalState.DRAFT


def every_stage(world):
    stages = ("draft", "submitted", "filed")
    cases = [getattr(world, stage)(title=stage) for stage in stages]
    parts = ("assigned", "signed_in", "drafting", "in_review", "awaiting_signature", "signed", "issued")
    return cases + [getattr(world, stage)(title=stage).proposal for stage in parts]


@pytest.mark.slow
def test_no_button_is_shown_without_the_right(world):
    wrong = []
    for case in every_stage(world):
        for who in world.posts.values():
            with world.scope():
                seen = policies.visible_to(who).filter(pk=case.pk).first()
                acts = case_page.page_of(who, seen)["acts"] if seen else []
            for act in acts:
                wrong += _refused(who, case, act)
    assert not wrong


def _refused(who, case, act):
    """Press a button and undo what it did; what comes back when it is refused."""
    client = signed_in(who)
    with transaction.atomic():
        response = getattr(client, act["method"])(act["url"], act["hidden"])
        transaction.set_rollback(True)
    return [(who.role, case.title, act["url"])] if response.status_code in (403, 404, 405) else []


def test_who_took_part_keeps_the_history(world):
    reply = world.issued()
    for role in ("filer", "reviewer", "dispatcher", "clerk", "checker", "leader", "sealkeeper"):
        with world.scope():
            case = policies.get_or_404(getattr(world, role), reply.proposal_id)
            assert desk.story_for(getattr(world, role), case), role


def test_what_was_entered_for_others_is_theirs(world):
    with world.scope():
        case = proposals.proposal_enter(post=world.reviewer, committee=world.committee)
        assert case.committee == world.committee
        assert policies.filed_by(world.filer).filter(pk=case.pk).exists()
        assert not policies.filed_by(world.reviewer).exists()


def test_a_missing_part_of_a_date_does_not_crash_the_calculator(world):
    with world.scope():
        letter = IssuedLetter.objects.get(reply=world.issued())
    address = reverse("outcomes:deliver", args=[letter.pk])
    for typed in ("2026-", "", "2026-02-31", "二月"):
        response = signed_in(world.clerk).post(address, {"delivered_on": typed})
        assert response.status_code < 500
    rule = {"unit": "working_days", "length": 0}
    with world.scope():
        due = calendar.due_from(
            start=clock.today(), rule=rule | {"starts": "assign"}, days=Days.of(world.assembly.pk)
        )
        assert due.date >= clock.today()


def test_the_letter_is_printed_after_the_commit(world, django_capture_on_commit_callbacks):
    reply = world.signed()
    with world.scope(), django_capture_on_commit_callbacks() as after:
        letter = replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        assert not LetterFile.objects.filter(letter=letter).exists()
    assert after


def test_a_bureau_never_gives_the_judgement_of_a_proposer(world):
    with world.scope():
        feedback = asked(world)
        for role in ("clerk", "checker", "leader", "sealkeeper", "dispatcher", "reviewer"):
            with pytest.raises((PermissionDenied, Http404)):
                judge(feedback, getattr(world, role))
        assert world.fresh(feedback).state == "asked"


@pytest.mark.parametrize("name", ["contact_add", "assignment_decline", "invite"])
def test_what_was_typed_is_kept_when_the_session_ends(world, name):
    words = "与委员电话沟通，委员要求现场查看。"
    who, pk = (world.filer, world.draft().pk) if name == "invite" else (world.clerk, world.signed_in().pk)
    typed = {"said": words, "reason": words, "people": words, "until": "2099-01-02"}
    address, client = reverse(f"proposals:{name}", args=[pk]), Client()
    client.post(address, typed | {"written_by": kept.mark_for(who.user)})
    lost = client.session[kept.SESSION_KEY]
    client = signed_in(who)
    session = client.session
    session[kept.SESSION_KEY] = lost
    session.save()
    shown = client.get(address).content.decode()
    assert ("2099-01-02" if name == "invite" else words) in shown


def test_a_page_has_one_main_act(world):
    for case in every_stage(world):
        for who in world.posts.values():
            with world.scope():
                seen = policies.visible_to(who).filter(pk=case.pk).first()
                acts = case_page.page_of(who, seen)["acts"] if seen else []
            assert len([act for act in acts if act["kind"] == "main"]) <= 1, (who.role, case.title)
