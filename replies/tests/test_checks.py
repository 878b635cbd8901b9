"""The engine's findings as sentences: none without words, none with a hole in them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils.translation import override

import gongwen
from gongwen.check import LEVELS, Case, check
from gongwen.document import Attachment, LetterError, Picture, Table
from gongwen.fonts import MissingGlyphs
from gongwen.tests.letters import FILE, PLAIN
from office.workflow import Refused
from organizations.models import Bureau, LetterProfile
from replies import checks, services
from tests.factories import World


def rules_of_the_engine() -> set[str]:
    """The check's table of rules, and what the document refuses to be set."""
    source = (Path(gongwen.__file__).parent / "document.py").read_text()
    return {*LEVELS, *re.findall(r"LetterError\(\s*\"([a-z-]+)\"", source)}


def test_every_rule_of_the_engine_has_a_sentence():
    assert rules_of_the_engine() == set(checks.SENTENCES)


ONE = replace(PLAIN, addressees=("周望舒委员",))
CASE = Case(("区政协经济科技委员会",), 15, "做好工作", "五届四次会议")

FAULTY = [
    replace(PLAIN, title=" "),
    replace(PLAIN, title="题" * 200),
    replace(PLAIN, addressees=()),
    replace(PLAIN, paragraphs=()),
    replace(PLAIN, paragraphs=("长" * 61_000,)),
    replace(PLAIN, form="poem"),
    replace(PLAIN, paragraphs=(Table((("格",) * 13,)),)),
    replace(PLAIN, attachments=(Attachment("图", (Picture(b"", "gif"),)),)),
    replace(PLAIN, attachments=(Attachment("图", (Picture(b"0" * 20_000_001, "png"),)),)),
    replace(PLAIN, seals=(Picture(b"", "png"),) * 2),
    replace(PLAIN, qr="码" * 100),
    replace(FILE, date=None, doc_number="", result_class="", disclosure="", contacts=()),
    replace(PLAIN, paragraphs=("一、半角,标点.", "（二）跳号。", "（1）越级。", "缺字\ue000。")),
    *(
        replace(PLAIN, doc_number=number)
        for number in ("君民[2021]6号", "君民〔2021〕06号", "君民〔2021〕第6号", "君民〔2021〕6")
    ),
    replace(
        PLAIN,
        paragraphs=(
            "1、于2021-05-25开会。",
            '他说："好。',
            "（未完。",
            "未完）。",
            "（见《规约）》。",
            "“强“意识。",
            "《印发《规约》的通知》。",
            "好，，的...是--的的，总之好，",
            "我们重視您，身份证号11010519491231002X，电话13812345678，卡号6222021234567890128，甲乙丙丁戊己庚辛。",
        ),
        contacts=("甲 13812345678",),
    ),
    replace(PLAIN, paragraphs=("對(duì)君山區(qū)政協(xié)。",)),
    replace(ONE, paragraphs=("你们提出的《推进协商民主》收悉。",)),
    replace(ONE, addressees=("区政协之友",), paragraphs=("您和你们。",)),
    replace(PLAIN, result_class="A类", paragraphs=("你们的第50号提案收悉，目前无法解决。",)),
    replace(PLAIN, result_class="C类", paragraphs=("已经解决。",)),
    replace(PLAIN, paragraphs=("问题很多。",)),
]


def test_every_sentence_finds_its_facts():
    with override("en"):
        found = [(finding, letter) for letter in FAULTY for finding in check(letter, CASE)]
        told = {finding.rule: checks._as_fault(finding, letter).text for finding, letter in found}
    assert set(checks.SENTENCES) - set(told) == set()
    assert all(text and "%" not in text for text in told.values())


def test_hints_are_weaker_than_advice_and_neither_stops_a_reply(world: World):
    reply = world.drafting(body="问题很多,真的。")
    with world.scope():
        reply.body = "问题很多,真的。"
        levels = [fault.level for fault in checks.findings_of(reply)]
        assert levels == sorted(levels, key=("must", "advice", "hint").index)
        assert set(levels) == {"advice", "hint"}
        assert checks.faults_of(reply) == []


def test_a_reply_is_held_against_its_own_case(world: World):
    reply = world.drafting()
    with world.scope():
        reply.body = "你们提出的第99号提案《另一件事》收悉，现答复如下：\n一、将做好。\n谢谢。"
        assert {"number-in-body", "title-quoted"} <= {fault.rule for fault in checks.findings_of(reply)}
        assert checks.case_of(reply).proposers == (world.committee.name,)


def test_the_opening_and_closing_of_the_profile_are_clean(world: World):
    reply = world.drafting(body="一、强意识，从基层做起。今年年底前，我们将强化民主协商意识。")
    with world.scope():
        assert [fault.rule for fault in checks.findings_of(reply)] == ["no-contact"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LetterError("empty-body"), "The letter has no text yet: write the answer."),
        (LetterError("unknown-form", form="x"), "The letter profile names a form that does not exist: “x”."),
        (MissingGlyphs("\ue000"), "(U+E000)"),
    ],
)
def test_why_a_letter_has_no_pages(error: Exception, told: str):
    with override("en"):
        assert told in checks.why_not_set(error)


def test_the_frame_alone_is_no_answer(world: World):
    reply = world.drafting(body="")
    with world.scope():
        assert "only-frame" in [fault.rule for fault in checks.faults_of(reply)]


@pytest.mark.parametrize(
    "opening", ["你们好！\r\n你们提出的《{title}》收悉。", "\u3000\u3000你们提出的《{title}》收悉："]
)
def test_a_frame_of_several_or_indented_lines_is_no_answer_either(world: World, opening: str):
    with world.scope():
        LetterProfile.objects.update(opening=opening)
    reply = world.drafting(body="")
    with world.scope():
        assert "\r" not in reply.body
        assert "only-frame" in [fault.rule for fault in checks.faults_of(reply)]


def test_a_number_that_no_font_can_set_stops_the_draft_already(world: World):
    with world.scope():
        Bureau.objects.update(number_word="君\ue000复字")
    reply = world.drafting()
    with world.scope(), pytest.raises(Refused, match=r"U\+E000"):
        services.reply_send(reply_id=reply.pk, post=world.clerk)
