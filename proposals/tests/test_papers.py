"""Printed forms of a case: what they say, to whom, and that nothing is made up."""

import datetime as dt
import re
from urllib.parse import unquote

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import translation

from office import clock, printing
from organizations.models import ListItem, Question, Role, Session
from proposals import papers, papers_answer, policies, services
from proposals.models import Assignment, Chase, Decline, Extension
from tests.factories import World, bureau, committee, post

PHONE = "0730-5551234"
Part = Assignment.Part


def text_of(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    return words_of(response.content)


def words_of(pdf):
    """What the pages say, cell by cell."""
    pages = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))


def paper(client, name, pk, **query):
    return client.get(reverse(f"proposals:paper_{name}", args=[pk] if pk else []), query)


def chinese(label):
    with translation.override("zh-hans"):
        return re.sub(r"\s", "", str(label))


@pytest.fixture
def helper(world):
    """A second bureau and its clerk."""
    helping = bureau(world.assembly, name="君山区财政局", short_name="区财政局")
    return post(world.assembly, Role.CLERK, bureau=helping, phone="0730-0000300")


@pytest.fixture
def led(world, helper):
    """A case with a lead bureau and a co-handling one."""
    proposal = world.filed(contact_phone=PHONE)
    with world.scope():
        return services.proposal_assign(
            proposal_id=proposal.pk,
            post=world.dispatcher,
            lead=world.bureau,
            co=[helper.bureau],
            note="请当面沟通。",
        )


# ---- the proposal form


def test_the_proposal_form_says_what_was_filed(world, browser):
    proposal = world.filed(contact_phone=PHONE)
    text = text_of(paper(browser(world.reviewer), "proposal", proposal.pk))
    for word in (
        world.assembly.name,
        f"第{proposal.number}号",
        "推进协商民主，优化基层自治",
        world.committee.name,
        "专门委员会提案",
        "认识不一，制度不全。",
        "1.强化协商意识",
        "2.建立议事会制度",
        "■是",
        PHONE,
        "审查决定",
    ):
        assert word in text, word


def test_a_draft_prints_without_a_number_and_leaves_the_review_open(world, browser):
    text = text_of(paper(browser(world.filer), "proposal", world.draft().pk))
    assert "审查人（签字）" in text
    assert "None" not in text


def test_how_to_reach_the_proposer_is_not_for_everyone(world, browser):
    proposal = world.assigned(contact_phone=PHONE).proposal
    for role in ("filer", "reviewer", "clerk", "leader"):
        assert PHONE in text_of(paper(browser(world.posts[role]), "proposal", proposal.pk)), role
    assert PHONE not in text_of(paper(browser(world.dispatcher), "proposal", proposal.pk))


def test_first_opinions_are_the_reviewers_own(world, browser):
    proposal = world.submitted()
    with world.scope():
        services.proposal_examine(
            proposal_id=proposal.pk, post=world.reviewer, verdict="file", text="内容具体，拟予立案。"
        )
    assert "拟予立案" in text_of(paper(browser(world.reviewer), "proposal", proposal.pk))
    assert "拟予立案" not in text_of(paper(browser(world.filer), "proposal", proposal.pk))


def test_a_reason_for_not_filing_is_on_the_form(world, browser):
    proposal = world.submitted()
    with world.scope():
        reason = ListItem.objects.filter(list="refusal").first()
        services.proposal_refuse(
            proposal_id=proposal.pk, post=world.reviewer, reason=reason, note="另见来函。"
        )
    text = text_of(paper(browser(world.filer), "proposal", proposal.pk))
    assert reason.label in text
    assert "另见来函。" in text


def test_an_old_return_does_not_stand_as_the_decision(world, browser):
    proposal = world.submitted()
    with world.scope():
        services.proposal_return(proposal_id=proposal.pk, post=world.reviewer, note="请补充。")
        services.proposal_submit(proposal_id=proposal.pk, post=world.filer)
    assert "请补充" not in text_of(paper(browser(world.reviewer), "proposal", proposal.pk))


def test_cosigners_who_signed_are_named_and_others_are_not(world, browser):
    members = [post(world.assembly, Role.MEMBER) for _ in range(2)]
    proposal = world.draft()
    with world.scope():
        services.proposal_invite(proposal_id=proposal.pk, post=world.filer, members=members)
        signing = proposal.cosigners.get(member=members[0])
        services.cosigner_answer(cosigner_id=signing.pk, post=members[0], signs=True)
    text = text_of(paper(browser(world.filer), "proposal", proposal.pk))
    assert f"{members[0].user.name}委员" in text
    assert members[1].user.name not in text


# ---- the bureaus' parts


def test_the_notice_tells_each_bureau_its_own_part(world, browser, helper, led):
    first, second = led
    text = text_of(paper(browser(world.clerk), "assignment", first.pk))
    for word in (first.bureau.name, "主办单位", "会办单位", "君山区财政局", "请当面沟通。", "答复函", "回执"):
        assert word in text, word
    assert chinese(Part.LEAD.label) in text
    assert f"{first.due_on.year}年{first.due_on.month}月{first.due_on.day}日" in text
    assert (
        f"{first.decline_by.year}年{first.decline_by.month}月{first.decline_by.day}日前书面申请退办" in text
    )
    text = text_of(paper(browser(helper), "assignment", second.pk))
    assert "会办意见" in text
    assert f"送主办单位{first.bureau.name}" in text
    assert "答复函" not in text


def test_the_receipt_is_filled_once_signed_in(world, browser):
    assignment = world.signed_in()
    text = text_of(paper(browser(world.dispatcher), "assignment", assignment.pk))
    today = clock.today()
    assert f"{today.year}年{today.month}月{today.day}日" in text
    assert world.clerk.user.name in text


def test_a_notice_that_was_taken_back_is_not_printed(world, browser):
    assignment = world.assigned()
    with world.scope():
        services.assignment_recall(assignment_id=assignment.pk, post=world.dispatcher)
    assert paper(browser(world.dispatcher), "assignment", assignment.pk).status_code == 404


def test_a_merged_case_names_every_proposer(world, browser):
    other = committee(world.assembly, name="民建君山区委员会")
    lead, merged = world.filed(), world.filed(title="另一件提案")
    with world.scope():
        type(merged).objects.filter(pk=merged.pk).update(committee=other)
        services.proposal_merge(proposal_id=merged.pk, post=world.reviewer, lead=lead)
        [assignment] = services.proposal_assign(proposal_id=lead.pk, post=world.dispatcher, sole=world.bureau)
    text = text_of(paper(browser(world.clerk), "assignment", assignment.pk))
    assert world.committee.name in text
    assert other.name in text
    assert f"并案：第{merged.number}号" in text


def test_a_request_not_to_handle_it_and_the_decision(world, browser, helper):
    assignment = world.assigned()
    with world.scope():
        decline = services.assignment_decline(
            assignment_id=assignment.pk, post=world.clerk, reason="不属本局职责。", suggested=helper.bureau
        )
    text = text_of(paper(browser(world.clerk), "decline", decline.pk))
    for word in (world.bureau.name, "不属本局职责。", helper.bureau.name, world.clerk.user.name, "□同意改派"):
        assert word in text, word
    with world.scope():
        services.decline_decide(
            assignment_id=assignment.pk,
            post=world.dispatcher,
            decision="reassign",
            note="同意。",
            bureau=helper.bureau,
        )
    for who in (world.clerk, world.dispatcher, world.reviewer):
        text = text_of(paper(browser(who), "decline", decline.pk))
        assert "同意退办，改派区财政局办理" in text
        assert world.dispatcher.user.name in text


def test_a_request_that_was_refused(world, browser):
    assignment = world.assigned()
    with world.scope():
        decline = services.assignment_decline(
            assignment_id=assignment.pk, post=world.clerk, reason="不属本局职责。"
        )
        services.decline_decide(
            assignment_id=assignment.pk,
            post=world.dispatcher,
            decision="insist",
            note="三定规定明确由你局负责。",
        )
    text = text_of(paper(browser(world.clerk), "decline", decline.pk))
    assert "不同意退办" in text
    assert "三定规定明确由你局负责。" in text


@pytest.mark.parametrize("grants", [True, False])
def test_a_request_for_more_time_and_the_decision(world, browser, grants):
    assignment = world.signed_in()
    before = assignment.due_on
    with world.scope():
        extension = services.extension_ask(
            assignment_id=assignment.pk, post=world.clerk, reason="涉及多部门协调。"
        )
    text = text_of(paper(browser(world.clerk), "extension", extension.pk))
    assert f"原定期限{before.year}年{before.month}月{before.day}日" in text
    assert "□同意延期" in text
    with world.scope():
        services.extension_decide(
            extension_id=extension.pk, post=world.dispatcher, grants=grants, note="请抓紧。"
        )
    text = text_of(paper(browser(world.dispatcher), "extension", extension.pk))
    until = world.fresh(extension).until
    assert f"原定期限{before.year}年{before.month}月{before.day}日" in text
    words = f"同意延期，办理期限延至{until.year}年{until.month}月{until.day}日"
    assert (words in text) is grants
    assert ("不同意延期，仍按原定期限办理" in text) is not grants


def test_a_reminder_counts_and_says_how_late_it_was_then(world, browser):
    assignment = world.signed_in()
    with world.scope():
        for days, text in ((-10, "请报进展。"), (3, "请立即办理。")):
            with clock.at(dt.datetime.combine(assignment.due_on + dt.timedelta(days), dt.time(4), dt.UTC)):
                services.chase_send(assignment_id=assignment.pk, post=world.dispatcher, text=text)
        first, second = Chase.objects.order_by("pk")
    text = text_of(paper(browser(world.clerk), "chase", first.pk))
    assert "第1次催办" in text
    assert "请报进展。" in text
    assert "超期" not in text
    text = text_of(paper(browser(world.dispatcher), "chase", second.pk))
    assert "第2次催办" in text
    assert "现已超期3天" in text


# ---- the catalogue


def test_the_catalogue_lists_what_its_reader_may_see(world, browser):
    world.submitted(title="待审的提案")
    world.assigned(title="已交办的提案")
    world.filed(title="已立案的提案")
    text = text_of(paper(browser(world.reviewer), "catalogue", None))
    assert "已交办的提案" in text
    assert "已立案的提案" in text
    assert "待审的提案" not in text
    assert "共2件" in text
    text = text_of(paper(browser(world.clerk), "catalogue", None))
    assert "已交办的提案" in text
    assert "已立案的提案" not in text
    other = post(world.assembly, Role.FILER, committee=committee(world.assembly))
    assert "没有提案" in text_of(paper(browser(other), "catalogue", None))


def test_the_catalogue_follows_the_list_and_its_session(world, browser):
    world.filed(title="甲提案")
    world.assigned(title="乙提案")
    client = browser(world.reviewer)
    text = text_of(paper(client, "catalogue", None, state="filed"))
    assert "甲提案" in text
    assert "乙提案" not in text
    with world.scope():
        today = clock.today()
        older = Session.objects.create(
            assembly=world.assembly,
            name="五届四次会议",
            opens=today,
            closes=today,
            filing_deadline=today,
            is_current=False,
        )
    text = text_of(paper(client, "catalogue", None, session=older.pk))
    assert "五届四次会议" in text
    assert "没有提案" in text
    elsewhere = World()
    assert paper(client, "catalogue", None, session=elsewhere.session.pk).status_code == 404
    assert paper(client, "catalogue", None, session="9" * 30).status_code == 404


def test_the_catalogue_takes_few_queries_however_long(world, django_assert_max_num_queries):
    for n in range(5):
        world.filed(title=f"第{n}件")
    with world.scope(), django_assert_max_num_queries(6):
        session = Session.objects.select_related("assembly").get()
        context = papers.catalogue_context(session, policies.visible_to(world.reviewer))
    assert len(context["rows"]) == 5


# ---- rights, names, languages


def test_nobody_reads_a_form_of_a_case_that_is_not_theirs(world, browser, helper, led):
    first, _second = led
    with world.scope():
        asked = services.assignment_decline(assignment_id=first.pk, post=world.clerk, reason="不属本局。")
        services.assignment_keep(assignment_id=first.pk, post=world.clerk)
        more = services.extension_ask(assignment_id=first.pk, post=world.clerk, reason="协调。")
        urged = services.chase_send(assignment_id=first.pk, post=world.dispatcher, text="请办理。")
    rows = {"assignment": first.pk, "decline": asked.pk, "extension": more.pk, "chase": urged.pk}
    elsewhere = World()
    strangers = [
        elsewhere.reviewer,
        elsewhere.dispatcher,
        elsewhere.clerk,
        world.sysadmin,
        world.filer,
        helper,
    ]
    for name, pk in rows.items():
        assert paper(browser(world.leader), name, pk).status_code == 200
        assert [paper(browser(who), name, pk).status_code for who in strangers] == [404] * 6, name
    strangers = [elsewhere.reviewer, elsewhere.filer, world.sysadmin, world.auditor]
    codes = [paper(browser(who), "proposal", first.proposal_id).status_code for who in strangers]
    assert codes == [404] * 4


def test_a_form_is_chinese_on_an_english_page_and_leaves_the_page_english(world, browser, led):
    client = browser(world.clerk)
    texts = {}
    for language in ("zh-hans", "en", "zh-hant"):
        type(world.clerk.user).objects.filter(pk=world.clerk.user_id).update(language=language)
        texts[language] = text_of(paper(client, "assignment", led[0].pk))
    assert texts["en"] == texts["zh-hans"] == texts["zh-hant"]
    with translation.override("en"):
        with world.scope():
            papers.assignment_context(led[0])
        assert translation.get_language() == "en"


def test_the_file_has_a_name_that_says_what_it_is(world, browser, led):
    answer = paper(browser(world.clerk), "assignment", led[0].pk)
    name = unquote(answer["Content-Disposition"])
    assert f"提案交办通知单-五届五次会议第{led[0].proposal.number}号-{led[0].bureau.name}.pdf" in name
    assert name.startswith("inline")


def test_a_case_offers_exactly_the_forms_that_open(world, browser, helper, led):
    first, _second = led
    with world.scope():
        services.assignment_decline(assignment_id=first.pk, post=world.clerk, reason="不属本局。")
        services.assignment_keep(assignment_id=first.pk, post=world.clerk)
        services.extension_ask(assignment_id=first.pk, post=world.clerk, reason="协调。")
        services.chase_send(assignment_id=first.pk, post=world.dispatcher, text="请办理。")
    wanted = {"filer": 2, "reviewer": 7, "dispatcher": 7, "clerk": 6}
    for role, count in wanted.items():
        with world.scope():
            offers = papers.offers_for(world.posts[role], first.proposal)
        assert len(offers) == count, role
        assert all(browser(world.posts[role]).get(offer["url"]).status_code == 200 for offer in offers)
    with world.scope():
        assert len(papers.offers_for(helper, first.proposal)) == 3
        assert {Decline.objects.count(), Extension.objects.count()} == {1}


# ---- contexts for the answer's apps


def test_an_opinion_goes_to_the_lead_bureau(world, led):
    first, second = led
    with world.scope():
        draft = papers_answer.opinion_context(second, body="一、同意列入预算。")
        given = papers_answer.opinion_context(
            second,
            body="一、同意列入预算。",
            document_number="君财会字〔2026〕3号",
            signed_by="钱进",
            dated=dt.date(2026, 2, 10),
            contact="孙会",
            phone="0730-0000300",
        )
    assert draft["is_draft"]
    assert not given["is_draft"]
    assert given["to"] == first.bureau.name
    assert given["copies"] == ["区政协提案委员会", "君山区人民政府督查室"]
    text = words_of(printing.pdf_of("opinion", given))
    assert "君财会字〔2026〕3号" in text
    assert "君山区财政局" in text


def test_a_questionnaire_prints_what_was_asked_and_what_was_answered(world):
    proposal = world.filed()
    with world.scope():
        asked = [
            {"id": row.pk, "text": row.text, "kind": row.kind, "choices": row.choices}
            for row in Question.objects.filter(is_active=True)
        ]
        verdicts = [{"label": row.label} for row in ListItem.objects.filter(list="judgement")]
        facts = {
            "to": proposal.proposer_name,
            "bureau": "君山区民政局",
            "document_number": "君民复字〔2026〕6号",
            "replied_on": dt.date(2026, 5, 25),
            "questions": asked,
            "judgements": verdicts,
        }
        empty = papers_answer.questionnaire_context(proposal, **facts, link="/answer/abc/")
        choice, text = (next(row for row in asked if row["kind"] == kind) for kind in ("choice", "text"))
        answers = {str(choice["id"]): choice["choices"][0], str(text["id"]): "办得好，请坚持。"}
        filled = papers_answer.questionnaire_context(
            proposal, **facts, answers=answers, judgement="基本满意", remarks="另有说明。"
        )
    assert [row["text"] for row in empty["questions"] + empty["texts"]] == [row["text"] for row in asked]
    pdf = printing.pdf_of("questionnaire", empty)
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    assert "■" not in words_of(pdf)
    told = words_of(printing.pdf_of("questionnaire", filled))
    assert told.count("■") == 2
    for words in (f"■{choice['choices'][0]}", "■基本满意", "办得好，请坚持。", "另有说明。"):
        assert words in told, words
