"""Advice before the submission: it speaks where a text is plainly weak, is silent on sound ones, never blocks."""

from typing import Any

import pytest
from django.urls import reverse

from office.acts import new_key
from proposals.advice import Advice, advice_on, is_several_matters, is_vague
from proposals.models import Proposal

SOUND: dict[str, Any] = {
    "title": "关于加强农村养老服务的提案",
    "background": "我区现有60岁以上老人8.6万人，其中农村老人占七成。",
    "analysis": "资金来源分散，各部门各自下拨，难以形成合力。护理人员年龄偏大，流动频繁。",
    "suggestions": [
        "由区民政局牵头，每个中心村建一处照料中心。",
        "对持证护理员每月补贴300元，列入年度预算。",
    ],
}


def told(**changes: Any) -> list[Advice]:
    return advice_on(**(SOUND | changes))


def test_a_sound_proposal_gets_none():
    assert told() == []


def test_empty_fields_are_left_to_the_must_haves():
    assert advice_on(title="", background="", analysis="", suggestions=[]) == []


@pytest.mark.parametrize(
    "title",
    [
        "关于加强农村养老服务和关于改善乡村道路的提案",
        "关于加强农村养老服务以及推进学校食堂改造的提案",
        "加强农村养老服务；改善乡村道路",
    ],
)
def test_several_matters_in_a_title(title):
    assert is_several_matters(title)
    assert told(title=title)[0].field == "title"


@pytest.mark.parametrize(
    "title",
    [
        "关于加强和改进农村养老服务的提案",
        "推进协商民主，优化基层自治",
        "关于促进教育、科技、人才融合发展的建议",
        "关于以文塑旅、以旅彰文推进文旅融合的提案",
        "关于加强老旧小区消防设施以及电动车充电管理的提案",
        "关于完善“一老一小”服务，并建立长效机制的提案",
    ],
)
def test_one_matter_is_not_taken_for_several(title):
    assert not is_several_matters(title)


@pytest.mark.parametrize(
    "text",
    ["加强领导，提高认识", "高度重视养老工作", "进一步加大投入力度", "完善体制机制，强化责任落实"],
)
def test_a_suggestion_that_names_nothing(text):
    assert is_vague(text) or len(text) < 15
    assert [one.place for one in told(suggestions=[SOUND["suggestions"][0], text])] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "由区民政局牵头建立村级照料中心",
        "在君山大道加装路灯12盏，年内完工。",
        "将护理员培训列入年度预算并公开结果",
        "完善农村公路养护制度，明确乡镇养护责任和经费标准。",
    ],
)
def test_a_concrete_suggestion_is_left_alone(text):
    assert told(suggestions=[text]) == []


def test_a_suggestion_that_counts_points_can_be_split():
    text = "一是由区民政局牵头建照料中心；二是对持证护理员每月补贴300元。"
    [advice] = told(suggestions=[text])
    assert advice.split == 1
    assert advice.anchor == "suggestion-1"


@pytest.mark.parametrize("text", ["涉及××个村，资金XX万元。", "已建成____处。", "有（此处填数字）个村。"])
def test_blanks_that_were_not_filled_in(text):
    [advice] = told(background=text)
    assert advice.field == "background"


def test_a_thin_analysis_and_too_many_suggestions():
    [thin] = told(analysis="钱不够。")
    assert thin.anchor == "id_analysis"
    many = [f"由区民政局在第{n}个中心村建一处照料中心。" for n in range(9)]
    [advice] = told(suggestions=many)
    assert "9" in advice.text


def test_half_a_title_form_is_told_and_an_own_form_is_not():
    assert told(title="关于农村养老服务")[0].field == "title"
    assert told(title="推进协商民主，优化基层自治") == []


def test_the_same_suggestion_twice():
    [advice] = told(suggestions=[SOUND["suggestions"][0]] * 2)
    assert advice.place == 2


# ---- on the page


@pytest.fixture
def filer(world, browser):
    return browser(world.filer)


def fields(draft: Proposal, **changes: Any) -> dict[str, Any]:
    return {"version_seen": draft.lock_version, "key": new_key()} | changes


def test_the_page_shows_needs_and_advice_and_the_piece_alone(world, filer):
    draft = world.draft(contact_phone="", suggestions=["加强领导，提高认识"])
    for name in ("edit", "advice"):
        page = filer.get(reverse(f"proposals:{name}", args=[draft.pk])).content.decode()
        assert 'href="#id_contact_phone"' in page
        assert 'href="#suggestion-1"' in page


def test_nothing_is_said_about_an_empty_draft(world, filer):
    draft = world.draft(title="", background="", analysis="", suggestions=[])
    page = filer.get(reverse("proposals:advice", args=[draft.pk])).content.decode()
    assert not page.strip()


def test_advice_never_blocks(world, filer):
    draft = world.draft(suggestions=["加强领导"], analysis="钱不够。")
    response = filer.post(reverse("proposals:edit", args=[draft.pk]), fields(draft, act="submit"))
    assert response.status_code == 302
    with world.scope():
        assert Proposal.objects.get(pk=draft.pk).state == "submitted"


def test_one_press_splits_a_suggestion(world, filer):
    draft = world.draft(
        suggestions=["原有的第一条建议", "一是建立照料中心；二是稳定护理队伍。", "最后一条建议"]
    )
    act = fields(draft, act="split:2", title="顺便改的标题")
    assert filer.post(reverse("proposals:edit", args=[draft.pk]), act).status_code == 302
    with world.scope():
        kept = Proposal.objects.get(pk=draft.pk)
        texts = [one.text for one in kept.suggestions.all()]
    assert kept.title == "顺便改的标题"
    assert texts == ["原有的第一条建议", "建立照料中心。", "稳定护理队伍。", "最后一条建议"]


@pytest.mark.parametrize("act", ["split:1", "split:9", "split:x", "split:"])
def test_splitting_what_cannot_be_split_changes_nothing(world, filer, act):
    draft = world.draft(suggestions=["由区民政局牵头建一处照料中心"])
    assert filer.post(reverse("proposals:edit", args=[draft.pk]), fields(draft, act=act)).status_code == 302
    with world.scope():
        assert Proposal.objects.get(pk=draft.pk).lock_version == draft.lock_version


def test_the_help_is_for_who_writes(world, browser):
    draft = world.draft()
    address = reverse("proposals:advice", args=[draft.pk])
    assert browser(world.clerk).get(address).status_code == 404
