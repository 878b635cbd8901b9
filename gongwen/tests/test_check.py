"""Findings on a letter: what is whole and clean has none; order, places, cost, and text that nobody would write."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen import fixes, parse
from gongwen.check import check
from gongwen.document import MAX_CHARACTERS, Attachment, Table
from gongwen.findings import ERROR, LEVELS, Case, texts
from gongwen.tests import letters
from gongwen.text import is_han

CLEAN = sorted((Path(__file__).parent / "data" / "clean").glob("*.txt"))
CASE = Case(
    proposers=("区政协社会法制和民族宗教委员会",),
    number=51,
    title="推进协商民主，优化基层自治",
    session="五届五次会议",
)


def rules(letter, case=None):
    return [finding.rule for finding in check(letter, case)]


def test_nothing_is_wrong_with_the_sample_with_its_case_or_without():
    for letter in (letters.PLAIN, letters.FILE, parse.read(letters.SAMPLE)):
        assert check(letter) == []
        assert check(letter, CASE) == []


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_nothing_is_wrong_with_letters_as_offices_write_them(path):
    source = path.read_text(encoding="utf-8")
    letter = parse.read(source)
    assert letter.addressees
    assert letter.contacts
    assert check(letter) == []
    assert fixes.fixed_text(source) == source


def test_a_table_is_no_sentence():
    table = Table((("项目", "完成日期"), ("泵站改造", "2021-05-25"), ("渠道清淤", "待定")), "表1 年度安排")
    letter = replace(
        letters.PLAIN, paragraphs=(*letters.PLAIN.paragraphs[:4], table, *letters.PLAIN.paragraphs[4:])
    )
    assert check(letter) == []


def test_in_a_table_and_in_attachments_marks_are_looked_at_and_mended_in_their_place():
    table = Table((("项目", "说明"), ("泵站", "改造,扩建")))
    letter = replace(
        letters.PLAIN,
        paragraphs=(*letters.PLAIN.paragraphs, table),
        attachments=(Attachment("进度表", ("说明:甲。", table)),),
    )
    assert [f.place for f in check(letter)] == [
        "paragraphs:9:rows:2:2",
        "attachments:1:blocks:1",
        "attachments:1:blocks:2:rows:2:2",
    ]
    mended = fixes.fixed(letter)
    assert check(mended) == []
    assert mended.attachments[0].blocks[1].rows[1][1] == "改造，扩建"


def test_a_character_without_a_font_is_named_with_its_place():
    letter = letters.saying(letters.PLAIN, "收悉，现答复如下：", "计划这是\U0001d11e和\ue000，谢谢。")
    findings = [finding for finding in check(letter) if finding.rule == "missing-glyph"]
    assert [(f.place, f.level, f.data["code"], f.start) for f in findings] == [
        ("paragraphs:2", ERROR, "U+1D11E", 4),
        ("paragraphs:2", ERROR, "U+E000", 6),
    ]
    assert findings[0].data["name"] == "MUSICAL SYMBOL G CLEF"


@pytest.mark.parametrize(
    ("change", "rule", "place"),
    [
        ({"title": " \n"}, "empty-title", "title"),
        ({"addressees": ("", " ")}, "empty-addressee", "addressees"),
        ({"addressees": ()}, "empty-addressee", "addressees"),
        ({"paragraphs": ("",)}, "empty-body", "paragraphs"),
        ({"title": "长" * 121}, "title-too-long", "title"),
        ({"paragraphs": ("长" * (MAX_CHARACTERS + 1),)}, "letter-too-long", "paragraphs"),
        ({"form": "poem"}, "unknown-form", "form"),
    ],
)
def test_what_no_letter_can_do_without(change, rule, place):
    findings = check(replace(letters.PLAIN, **change))
    assert [(f.rule, f.level, f.place) for f in findings] == [(rule, ERROR, place)]


def test_errors_come_first_then_warnings_then_hints():
    letter = replace(
        letters.FILE,
        date=None,
        paragraphs=(*letters.FILE.paragraphs, "好,的。"),
        doc_number="君民〔2021〕06号",
    )
    assert rules(letter) == ["doc-number-zero", "half-width", "no-date"]


def test_findings_of_one_level_stand_in_the_order_of_the_letter():
    body = ("你们的提案收悉,答复如下：", "我们的的工作,在2021-05-25完成", "我们我们将努力,谢谢。")
    findings = check(letters.saying(letters.PLAIN, *body))
    spots = [(finding.place, finding.start) for finding in findings]
    assert spots == sorted(spots)
    assert len(findings) == 7


@pytest.mark.parametrize(
    "body",
    [
        letters.SMOOTH * 2140,
        "（" * 10_000 + "）" * 10_000,
        "（《" * 5000 + "）》" * 5000,
        "“" * 59_000,
        "《" * 29_000 + "》" * 29_000,
        "，。" * 29_000,
        "中, " * 19_000,
        "," * 58_000 + "中",
        "二〇" * 29_000,
        "工作" * 29_000,
        "您（你们）" * 9000,
        "1" * 59_000,
        "中,的的\n" * 9000,
        "一、（\n（二）\n" * 5000,
    ],
    ids=lambda body: body[:4].strip(),
)
def test_much_text_takes_little_time(body):
    letter = letters.saying(letters.PLAIN, *body.split("\n"))
    started = time.process_time()
    check(letter)
    assert time.process_time() - started < 8


# Any text at all

_PIECES = st.one_of(
    st.sampled_from(
        [
            *(
                "一、",
                "（一）",
                "1.",
                "1、",
                "（1）",
                "1）",
                "您",
                "你们",
                "我们我们",
                "的的",
                "了了",
                "工作工作",
                "會議",
            ),
            *(
                "對(duì)",
                "2021-05-25",
                "2021年05月25日",
                "二〇二一年五月三日",
                "收悉",
                "第51号提案",
                "第52号提案",
                "《甲》",
            ),
            *("無", "...", "。。。", "--", "一一", "\n", " ", "\u3000", "中", "a", "0"),
            *"…—'\"，。：；,.:;()（）“”‘’《》〈〉",
        ]
    ),
    st.characters(codec="utf-8"),
)
_TEXT = st.lists(_PIECES, max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(_TEXT, st.sampled_from(["zh-Hans", "zh-Hant"]), st.booleans())
def test_any_text_is_checked_and_mended_once_and_no_character_is_lost_unnamed(said, language, with_case):
    case = CASE if with_case else None
    letter = replace(letters.saying(letters.PLAIN, *said.split("\n")), language=language, contacts=(said,))
    findings = check(letter, case)
    assert {finding.rule for finding in findings} <= set(LEVELS)
    for finding in findings:
        now = dict(texts(letter))
        mended = fixes.apply(letter, [finding])
        for place, after in texts(mended):
            gone = {
                char for char in now[place] if now[place].count(char) > after.count(char) and is_han(char)
            }
            assert gone <= set(finding.data.get("found", "")), finding
    whole = fixes.fixed(letter, case)
    assert fixes.fixed(whole, case) == whole
    assert not any(finding.fix for finding in check(whole, case))


@settings(max_examples=150, deadline=None)
@given(_TEXT)
def test_the_text_of_a_letter_is_mended_once(said):
    source = f"答复\n区民政局：\n{said}\n2021年5月25日\n"
    try:
        once = fixes.fixed_text(source)
    except ValueError:  # front matter or a day that does not exist
        return
    assert fixes.fixed_text(once) == once
