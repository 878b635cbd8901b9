"""The engine's findings as sentences: none without words, none with a hole in them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils.translation import override

import gongwen
from gongwen.check import check
from gongwen.document import LetterError, missing_parts
from gongwen.fonts import MissingGlyphs
from gongwen.tests.letters import PLAIN
from office.workflow import Refused
from organizations.models import Bureau, LetterProfile
from replies import checks, services
from tests.factories import World

ENGINE = Path(gongwen.__file__).parent


def rules_of_the_engine() -> set[str]:
    """Every rule's id: the words with hyphens in the modules that find and refuse, and the parts that may lack."""
    source = "".join((ENGINE / name).read_text() for name in ("check.py", "document.py", "pdf.py"))
    named = set(re.findall(r"\"([a-z]+(?:-[a-z]+)+)\"", source))
    return named | set(missing_parts(replace(PLAIN, title="", addressees=(), paragraphs=())))


def test_every_rule_of_the_engine_has_a_sentence():
    assert rules_of_the_engine() == set(checks.SENTENCES)


FAULTY = [
    replace(PLAIN, title=" "),
    replace(PLAIN, title="题" * 200),
    replace(PLAIN, addressees=()),
    replace(PLAIN, paragraphs=()),
    replace(PLAIN, paragraphs=("长" * 61_000,)),
    replace(PLAIN, paragraphs=("一、半角,标点.", "（二）跳号。", "（1）越级。", "缺字\ue000。")),
    *(
        replace(PLAIN, doc_number=number)
        for number in ("君民[2021]6号", "君民〔2021〕06号", "君民〔2021〕第6号", "君民〔2021〕6")
    ),
]


def test_every_sentence_finds_its_facts():
    with override("en"):
        told = {
            finding.rule: checks._as_fault(finding).text for letter in FAULTY for finding in check(letter)
        }
    assert set(told) | {"unknown-form"} == set(checks.SENTENCES)
    assert all(text and "%" not in text for text in told.values())


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
