"""Findings on a letter, each rule once right and once wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen.check import check, chinese_numeral, number_value
from gongwen.document import MAX_CHARACTERS
from gongwen.tests import letters


def rules(letter):
    return [finding.rule for finding in check(letter)]


def test_nothing_is_wrong_with_the_sample():
    assert check(letters.PLAIN) == []
    assert check(letters.FILE) == []


def test_a_character_without_a_font_is_named_with_its_place():
    letter = letters.saying(letters.PLAIN, "好。", "这是\U0001f600和\ue000。")
    findings = [finding for finding in check(letter) if finding.rule == "missing-glyph"]
    assert [(f.place, f.level, f.data["code"]) for f in findings] == [
        ("paragraphs:2", "error", "U+E000"),
        ("paragraphs:2", "error", "U+1F600"),
    ]
    assert findings[1].data["name"] == "GRINNING FACE"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"title": " \n"}, "empty-title"),
        ({"addressees": ("", " ")}, "empty-addressee"),
        ({"addressees": ()}, "empty-addressee"),
        ({"paragraphs": ("",)}, "empty-body"),
        ({"title": "长" * 121}, "title-too-long"),
        ({"paragraphs": ("长" * (MAX_CHARACTERS + 1),)}, "letter-too-long"),
        ({"doc_number": "君民复字[2021]6号"}, "doc-number-brackets"),
        ({"doc_number": "君民复字〔21〕6号"}, "doc-number-brackets"),
        ({"doc_number": "君民复字〔2021〕第6号"}, "doc-number-di"),
        ({"doc_number": "君民复字〔2021〕06号"}, "doc-number-zero"),
        ({"doc_number": "君民复字〔2021〕6"}, "doc-number-form"),
        ({"paragraphs": ("好,的。",)}, "half-width"),
        ({"paragraphs": ("一、甲。", "（1）乙。")}, "heading-skipped"),
        ({"paragraphs": ("一、甲。", "三、乙。")}, "heading-misnumbered"),
    ],
)
def test_each_rule(change, rule):
    assert rules(replace(letters.PLAIN, **change)) == [rule]


def test_errors_come_first_and_half_width_offers_the_right_text():
    letter = replace(letters.PLAIN, paragraphs=("好,的.",), doc_number="君民复字〔2021〕06号")
    findings = check(letter)
    assert [finding.level for finding in findings] == ["error", "warning"]
    assert findings[1].data == {"count": 2, "found": ",.", "text": "好，的。"}


@pytest.mark.parametrize(
    "marks", ["一、|（一）|1.|（1）|（2）|2.|（二）|二、|（一）", "一、|1.|2.|二、|1.", "1.|2.|3.", "九、|"]
)
def test_good_orders_of_headings(marks):
    body = tuple(f"{mark}甲。" for mark in marks.split("|"))
    wrong = ["heading-misnumbered"] if marks.startswith("九") else []
    assert rules(letters.saying(letters.PLAIN, *body)) == wrong


def test_numerals():
    assert all(number_value(chinese_numeral(value)) == value for value in range(1, 100))
    assert number_value("一百零二".replace("零", "")) == 102
