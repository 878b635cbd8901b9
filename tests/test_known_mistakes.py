"""Mistakes that offices have met in other systems, each by its name: none of them happens here."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from accounts import kept
from desk import case as case_page
from desk import selectors as desk
from gongwen.tests.reading import page_texts, squeeze
from office import clock
from office.models import Event
from office.workflow import Refused
from organizations.models import BUREAU_ROLES, Role
from organizations.posts import SESSION_KEY
from outcomes import policies as outcome_policies
from outcomes import services as outcomes
from proposals import policies
from proposals import services as proposals
from proposals.models import Chase, Proposal
from proposals.tests.test_steps import part_stage, stage
from proposals.workflow import ProposalState
from replies import opinion_policies, opinion_services
from replies import services as replies
from replies.models import IssuedLetter, LetterFile
from tests.factories import World, bureau, item, post
from tests.proposers import ManyProposers, is_to, name_of
from tests.rows import every_row

WORDS = ("推进协商民主", "改造老旧小区和背街小巷，完善社区养老托育服务，补齐民生短板", "增设公交站点")


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
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


def judge(feedback, who, came="desk", scan=None):
    answers = {str(one["id"]): (one["choices"] or ["好"])[0] for one in feedback.questions}
    judgement = feedback.judgements[0]["id"]
    return outcomes.feedback_give(
        feedback=feedback, judgement=judgement, answers=answers, post=who, came=came, scan=scan
    )


def test_a_return_burns_no_number(world):
    reply = world.signed()
    with world.scope():
        replies.reply_return(reply_id=reply.pk, post=world.sealkeeper, step="issue_return", note="请核实数据")
        other = world.issued(title="另一件提案")
        assert IssuedLetter.objects.get(reply=other).number == 1


def test_neither_a_return_of_a_proposal_or_an_opinion_nor_a_refused_issue_burns_a_number(world):
    first, reply, opinion = world.submitted(), world.signed(), world.opinion("awaiting_signature")
    with world.scope():
        proposals.proposal_return(proposal_id=first.pk, post=world.reviewer, note="请改。")
        assert world.filed().number == 3  # after the reply's and the opinion's
        tomorrow = clock.today() + dt.timedelta(1)
        with pytest.raises(Refused):
            replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=tomorrow)
        letter = replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        opinion_services.opinion_return(opinion_id=opinion.pk, post=world.leader, note="请补充依据")
        opinion_services.opinion_send(opinion_id=opinion.pk, post=world.clerk)
        given = opinion_services.opinion_sign(opinion_id=opinion.pk, post=world.leader)
        assert (letter.number, given.number) == (1, 1)


def test_an_opinion_is_not_lost_after_its_circulation(world):
    """Not by a return, not once it is given, and not when the case it was given for is answered."""
    opinion = world.opinion("awaiting_signature")
    lead = proposals_of(opinion).bureau
    people = [post(world.assembly, str(role), bureau=lead) for role in BUREAU_ROLES]
    with world.scope():
        opinion_services.opinion_return(opinion_id=opinion.pk, post=world.leader, note="请补充依据")
        assert world.fresh(opinion).body == opinion.body
        opinion_services.opinion_send(opinion_id=opinion.pk, post=world.clerk)
        assert not opinion_policies.visible_to(people[0]).exists()
        opinion_services.opinion_sign(opinion_id=opinion.pk, post=world.leader)
        assert opinion_policies.visible_to(people[0]).get().body == opinion.body
        proposals.assignment_sign_in(assignment_id=proposals_of(opinion).pk, post=people[0])
    own = {role: getattr(world, role) for role in BUREAU_ROLES}
    world.posts |= dict(zip(BUREAU_ROLES, people, strict=True))
    world.answered(proposals_of(opinion))
    for who in (*own.values(), *people, world.reviewer, world.dispatcher):
        page = signed_in(who).get(reverse("replies:opinion", args=[opinion.pk]))
        assert opinion.body.split("。")[0] in page.content.decode(), who


def proposals_of(opinion):
    """The part of the bureau that leads the case of an opinion."""
    with scopes_disabled():
        return opinion.proposal.assignments.get(part="lead")


def test_one_reject_leaves_the_tasks_of_others(world):
    first, second = world.in_review(title="第一件"), world.in_review(title="第二件")
    with world.scope():
        assert waiting_for(world.checker) == {first.proposal.title, second.proposal.title}
        replies.reply_return(reply_id=first.pk, post=world.checker, step="check_return", note="请补充")
        assert waiting_for(world.checker) == {second.proposal.title}
        assert first.proposal.title in waiting_for(world.clerk)


def test_one_bureaus_reject_leaves_the_other_bureaus_tasks(world):
    """A case that two bureaus answer, each on its own; and a co-handler's opinion in it."""
    other, case = bureau(world.assembly), world.filed(title="分办的提案")
    people = [post(world.assembly, str(role), bureau=other) for role in BUREAU_ROLES]
    with world.scope():
        own, theirs = proposals.proposal_assign(
            proposal_id=case.pk, post=world.dispatcher, split=[world.bureau, other]
        )
        for part, clerk in ((own, world.clerk), (theirs, people[0])):
            proposals.assignment_sign_in(assignment_id=part.pk, post=clerk)
            text = item(world.assembly, "result_class", "B"), item(world.assembly, "disclosure", "open")
            reply = replies.reply_create(assignment_id=part.pk, post=clerk)
            values = {"body": f"{reply.body}\n一、强意识。", "result_class": text[0], "disclosure": text[1]}
            replies.reply_save(reply_id=reply.pk, post=clerk, **values)
            replies.reply_send(reply_id=reply.pk, post=clerk)
        replies.reply_return(reply_id=reply.pk, post=people[1], step="check_return", note="请补充")
        assert waiting_for(people[1]) == set()
        assert waiting_for(people[0]) == waiting_for(world.checker) == {"分办的提案"}
        assert waiting_for(world.clerk) == set()


def test_a_judgement_is_not_seen_by_the_bureau_before_it_is_in(world):
    with world.scope():
        feedback = asked(world)
        bureau_posts = [getattr(world, role) for role in BUREAU_ROLES]
        for who in bureau_posts:
            assert not outcome_policies.feedback_visible_to(who).exists()
            assert not any(line.act.startswith("feedback") for line in story_of(who, feedback.case_id))
        judge(feedback, world.filer)
        for who in bureau_posts:
            assert outcome_policies.feedback_visible_to(who).get() == feedback


def test_no_verdict_is_seen_before_it_is_final(world):
    """What the first review advises decides nothing, and a letter that is only signed is no answer."""
    case = world.submitted()
    with world.scope():
        advice = {"verdict": "refuse", "text": "与往届提案重复，建议不予立案。"}
        proposals.proposal_examine(proposal_id=case.pk, post=world.reviewer, **advice)
        assert any(line.act == "proposal.examine" for line in story_of(world.reviewer, case.pk))
        assert not any(line.act == "proposal.examine" for line in story_of(world.filer, case.pk))
    page = signed_in(world.filer).get(case.get_absolute_url()).content.decode()
    assert advice["text"] not in page
    reply = world.signed(title="已签发、未印发的答复")
    page = signed_in(world.filer).get(reply.proposal.get_absolute_url()).content.decode()
    assert "强化民主协商意识" not in page


def story_of(who, case_id):
    return desk.story_for(who, policies.get_or_404(who, case_id))


@pytest.mark.slow
def test_the_catalogue_misses_no_row(world):
    """Read back from the PDF, over several pages: each number with its title and its proposer, once."""
    many = ManyProposers(world)
    many.answered()
    made = [world.filed(title=f"第{n}件提案，{WORDS[n % len(WORDS)]}") for n in range(40)]
    made += [world.issued(title="已答复的提案").proposal, world.opinion_out(title="会办未复的提案").proposal]
    made.append(world.reopened().proposal)
    with world.scope():
        proposals.proposal_withdraw(proposal_id=made[5].pk, post=world.filer, note="不再需要。")
        rows = list(Proposal.objects.filter(number__isnull=False).order_by("number"))
    response = signed_in(world.reviewer).get(reverse("proposals:paper_catalogue"))
    pages = page_texts(response.content)
    text = squeeze("".join(pages))
    assert len(pages) > 2
    assert len(rows) == 4 + len(made) == max(row.number for row in rows)
    assert f"共{len(rows)}件" in text
    for row in rows:
        with world.scope():
            names = row.proposer_name
        found = re.findall(rf"{row.number}{re.escape(squeeze(row.title))}\D{{0,4}}{re.escape(names)}", text)
        assert len(found) == 1, (row.number, row.title)


def test_no_letter_goes_to_the_wrong_addressee(world, django_capture_on_commit_callbacks):
    """A case of two bodies and a member with one of a member and a body merged into it: five letters, read back."""
    many = ManyProposers(world)
    with django_capture_on_commit_callbacks(execute=True):
        letter = many.answered()
    with world.scope():
        files = list(LetterFile.objects.filter(letter=letter).select_related("copy").order_by("copy__order"))
    names = [name_of(who) for who in (*many.cases, *many.strangers.values())]
    assert sorted(file.copy.name for file in files) == sorted(name_of(who) for who in many.cases)
    for who, case in many.cases.items():
        [file] = [file for file in files if is_to(file.copy, who)]
        text = squeeze("".join(page_texts(file.pdf.read())))
        you = "您" if who.role == Role.MEMBER else "你们"
        head = f"第{case.number}号提案的答复{name_of(who)}：{you}提出的《{squeeze(case.title)}》"
        assert head in text, (name_of(who), text[:200])
        assert [name for name in names if name in text] == [name_of(who)]


def test_each_proposer_opens_the_own_letter_and_strangers_none(world, django_capture_on_commit_callbacks):
    many = ManyProposers(world)
    with django_capture_on_commit_callbacks(execute=True):
        letter = many.answered()
    for address in ("replies:letter", "replies:letter_pdf", "replies:letters_pdf"):
        for why, who in many.strangers.items():
            assert signed_in(who).get(reverse(address, args=[letter.pk])).status_code == 404, why
    for who in many.cases:
        response = signed_in(who).get(reverse("replies:letters_pdf", args=[letter.pk]))
        text = squeeze("".join(page_texts(response.getvalue())))
        assert [name for name in map(name_of, many.cases) if f"{name}：" in text] == [name_of(who)]


def test_choosing_all_rows_touches_only_those_that_one_may_touch(world):
    own, elsewhere, draft = world.filed(), World().filed(), world.draft()

    def dispatched(who, *cases):
        data: dict = {"chosen": [case.pk for case in cases]}
        for case in cases:
            data |= {f"{case.pk}-way": "sole", f"{case.pk}-bureau": world.bureau.pk}
            data |= {f"{case.pk}-note": "", f"{case.pk}-key": f"key{case.pk}"}
        signed_in(who).post(reverse("proposals:dispatch"), data)
        return [world.fresh(case).state for case in (own, elsewhere, draft)]

    untouched = [ProposalState.FILED, ProposalState.FILED, ProposalState.DRAFT]
    assert dispatched(world.clerk, own, elsewhere, draft) == untouched
    assert dispatched(world.dispatcher, elsewhere, draft) == untouched
    assert dispatched(world.dispatcher, own, elsewhere, draft) == [ProposalState.ASSIGNED, *untouched[1:]]


def test_urging_all_rows_urges_only_those_that_one_may_urge(world):
    parts = [world.signed_in(), World().signed_in(), world.issued().assignment]
    data = {
        "chosen": [part.pk for part in parts],
        "text": "请抓紧办理。",
        "do": "send",
    }
    for who in (world.clerk, world.reviewer, world.dispatcher):
        signed_in(who).post(reverse("proposals:chase_many"), data)
    with scopes_disabled():
        assert list(Chase.objects.values_list("assignment", flat=True)) == [parts[0].pk]


def every_stage(world):
    """A case in each state that any table knows, under the name of the state."""
    stages = ("draft", "submitted", "filed")
    cases = [getattr(world, stage)(title=stage) for stage in stages]
    parts = ("assigned", "signed_in", "drafting", "in_review", "awaiting_signature", "signed", "issued")
    cases += [getattr(world, stage)(title=stage).proposal for stage in parts]
    cases += [stage(world, state) for state in ("cosigning", "returned", "merged", "reopened", "answered")]
    cases += [part_stage(world, state).proposal for state in ("declining", "reassigned", "given", "recalled")]
    return [*cases, *(world.opinion(state).proposal for state in ("drafting", "awaiting_signature"))]


@pytest.mark.slow
def test_no_button_is_shown_without_the_right(world):
    wrong = []
    for case in every_stage(world):
        for who in world.posts.values():
            with world.scope():
                seen = policies.visible_to(who).filter(pk=case.pk).first()
                page = case_page.page_of(who, seen) if seen else {"acts": [], "parts": []}
            for act in [*page["acts"], *(act for part in page["parts"] for act in part.acts)]:
                wrong += _refused(who, case, act)
    assert not wrong


def _refused(who, case, act):
    """Press a button and undo what it did; what comes back when it is refused."""
    client = signed_in(who)
    with transaction.atomic():
        response = getattr(client, act["method"])(act["url"], act.get("hidden", {}))
        transaction.set_rollback(True)
    return [(who.role, case.title, act["url"])] if response.status_code in (403, 404, 405) else []


def test_who_took_part_keeps_the_history(world):
    """Each reads what they did themselves, after the case has long gone on to others, and what came of it."""
    reply = world.issued()
    for role in ("filer", "reviewer", "dispatcher", "clerk", "checker", "leader", "sealkeeper"):
        who = getattr(world, role)
        with world.scope():
            told = [line.act for line in story_of(who, reply.proposal_id)]
            did = Event.objects.filter(thread=f"proposal:{reply.proposal_id}", post=who)
            own = set(did.values_list("act", flat=True))
        assert own, role
        assert own <= set(told), (role, own - set(told))
        assert "reply.issue" in told, role


def test_who_gave_a_case_away_keeps_its_history(world):
    """The clerk who handed it over, and the bureau that another one replaced."""
    part, next_clerk = world.signed_in(), post(world.assembly, Role.CLERK, bureau=world.bureau)
    with world.scope():
        proposals.assignment_hand_over(assignment_id=part.pk, post=world.clerk, clerk=next_clerk)
        assert "assignment.sign_in" in [line.act for line in story_of(world.clerk, part.proposal_id)]
    gone = part_stage(world, "reassigned")
    with world.scope():
        told = [line.act for line in story_of(world.clerk, gone.proposal_id)]
    assert {"assignment.decline", "assignment.reassign"} <= set(told)


def test_what_was_entered_for_others_is_theirs(world):
    """From the entry to the letter and its judgement: the one who typed it in owns nothing of it."""
    with world.scope():
        pk = proposals.proposal_enter(post=world.reviewer, committee=world.committee).pk
        scan = SimpleUploadedFile("提案原件.pdf", b"%PDF-1.4", content_type="application/pdf")
        proposals.attachment_add(proposal_id=pk, post=world.reviewer, upload=scan)
        fields: dict = {"title": "代录的提案", "background": "近年来探索。", "analysis": "认识不一。"}
        fields |= {"contact_name": "岳小舟", "contact_phone": "0730-0000101", "consents_to_publish": True}
        proposals.proposal_save(
            proposal_id=pk, post=world.reviewer, fields=fields, suggestions=["强化协商意识"]
        )
        proposals.proposal_submit(proposal_id=pk, post=world.reviewer)
        case = proposals.proposal_file(proposal_id=pk, post=world.reviewer)
        assert (case.committee, case.proposer_name) == (world.committee, world.committee.name)
        assert policies.filed_by(world.filer).get() == case
        assert not policies.filed_by(world.reviewer).exists()
        [part] = proposals.proposal_assign(proposal_id=pk, post=world.dispatcher, sole=world.bureau)
        proposals.assignment_sign_in(assignment_id=part.pk, post=world.clerk)
        letter = IssuedLetter.objects.get(reply=world.answered(part))
        assert [copy.committee for copy in letter.copies.all()] == [world.committee]
        [feedback] = outcomes.feedback_ask(letter=letter, post=world.reviewer)
        with pytest.raises((PermissionDenied, Http404)):
            judge(feedback, world.reviewer)
        assert judge(feedback, world.filer).state == "in"


def test_the_letter_is_printed_after_the_commit(world, django_capture_on_commit_callbacks):
    reply = world.signed()
    with world.scope(), django_capture_on_commit_callbacks() as after:
        letter = replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        assert not LetterFile.objects.filter(letter=letter).exists()
    assert after
    with world.scope():
        for job in after:
            job()
        assert LetterFile.objects.filter(letter=letter).count() == letter.copies.count() == 1


def test_nothing_is_printed_or_told_of_an_issue_that_was_never_committed(
    world, django_capture_on_commit_callbacks
):
    reply = world.signed()
    before = every_row()
    with world.scope(), django_capture_on_commit_callbacks(execute=True) as after, transaction.atomic():
        replies.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        transaction.set_rollback(True)
    assert after == []
    assert every_row() == before


def test_a_bureau_never_gives_the_judgement_of_a_proposer(world):
    """Not on the desk, not from paper, not by the link while it wears a post; nor on the pages."""
    with world.scope():
        feedback = asked(world)
        scan = SimpleUploadedFile("征询意见表.pdf", b"%PDF-1.4", content_type="application/pdf")
        for role in (*BUREAU_ROLES, "dispatcher"):
            for came in ("desk", "paper", "link"):
                with pytest.raises((PermissionDenied, Http404)):
                    judge(feedback, getattr(world, role), came, scan)
        with pytest.raises((PermissionDenied, Http404)):
            judge(feedback, world.reviewer)
    for role in (*BUREAU_ROLES, "dispatcher"):
        client = signed_in(getattr(world, role))
        for name in ("answer", "paper", "read", "form_pdf"):
            address = reverse(f"outcomes:{name}", args=[feedback.pk])
            assert {client.get(address).status_code, client.post(address).status_code} <= {403, 404, 405}
        page = client.get(feedback.case.get_absolute_url()).content.decode()
        assert feedback.token not in page
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


@pytest.mark.slow
def test_a_page_has_one_main_act(world):
    """On the whole page of a case as it is drawn: no second button of that look."""
    for case in every_stage(world):
        for who in world.posts.values():
            with world.scope():
                seen = policies.visible_to(who).filter(pk=case.pk).exists()
            if seen:
                page = signed_in(who).get(case.get_absolute_url()).content.decode()
                page = re.sub(r"(?s)<(dialog|template)\b.*?</\1>", "", page)
                assert page.count("btn-primary") <= 1, (who.role, case.title, case.state)
                assert page.count("data-main-act") == page.count("btn-primary"), (who.role, case.title)
