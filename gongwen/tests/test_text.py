"""Typed text made ready: paragraphs, levels, punctuation."""

from __future__ import annotations

import time

import pytest

from gongwen import text
from gongwen.tests import letters


def test_paragraphs_lose_indents_empty_lines_and_what_cannot_be_printed():
    typed = "　　第一段。\r\n\r\n  第二\x00段\x07。\u200b\n\t第三\u3000段\ud800。\u2028第四段。\r　　\r\n"
    assert text.paragraphs(typed) == ("第一段。", "第二段。", "第三\u3000段。", "第四段。")


@pytest.mark.parametrize(
    ("paragraph", "level"),
    [
        ("一、强意识，从基层做起。", 1),
        ("十二、其他", 1),
        ("（一）强化", 2),
        ("(二)强化", 2),
        ("1.抓好", 3),
        ("12．抓好", 3),
        ("（1）抓好", 4),
        ("1.5万元已到位", 0),
        ("2021年5月25日", 0),
        ("一是强化", 0),
        ("", 0),
    ],
)
def test_levels(paragraph, level):
    assert text.level(paragraph) == level


def test_heading_of_a_run_in_paragraph_is_its_first_sentence():
    assert text.split_heading("一、强意识，从基层做起。强化民主。") == (
        "一、强意识，从基层做起。",
        "强化民主。",
    )
    assert text.split_heading("一、强意识") == ("一、强意识", "")
    assert text.split_heading("强化民主。") == ("", "强化民主。")


@pytest.mark.parametrize(
    ("typed", "right", "count"),
    [
        ("收悉,现答复如下:", "收悉，现答复如下：", 2),
        ("完成了;对不对?好!", "完成了；对不对？好！", 3),
        ("村(居)两委", "村（居）两委", 2),
        ("予以支持.谢谢", "予以支持。谢谢", 1),
        ("予以支持.", "予以支持。", 1),
        ('从"强意识、健制度"入手', "从“强意识、健制度”入手", 2),
        ('说:"好,行."然后', "说：“好，行。”然后", 5),
        ("你好, 世界", "你好，世界", 1),
        ("(GB/T 9704)规定", "（GB/T 9704）规定", 2),
        ("（一）完成》,好", "（一）完成》，好", 1),
    ],
)
def test_half_width_marks_beside_chinese_are_put_right(typed, right, count):
    assert text.widen(typed) == (right, count)


@pytest.mark.parametrize(
    "typed",
    [
        "共1,234.5万元、时间14:03、比例3:2",
        "见https://a.cn/x?a=1,b:2(c)",
        "邮箱a.b@c.gov.cn",
        'He said, (x): yes; no! why? "quoted".',
        "1.抓好工作",
        "一.强意识",
        "电话(0730)8178696",
        "函数f(x)",
        "传热系数为0.5W/(m²·K)以下",
        "电话：0730-8178696",
    ],
)
def test_marks_that_are_no_punctuation_of_a_chinese_sentence_stay(typed):
    assert text.widen(typed) == (typed, 0)


def test_the_sample_needs_no_widening_and_widening_is_done_once():
    assert text.widen(letters.SAMPLE) == (letters.SAMPLE, 0)
    once, _ = text.widen('你好,(世界)"一".')
    assert text.widen(once) == (once, 0)


@pytest.mark.parametrize(
    "line",
    ["a" * 100_000, "(" * 50_000 + ")" * 50_000, "一." * 50_000, "中, " * 30_000, "a@" + "a-" * 50_000],
    ids=["one word", "nested brackets", "many stops", "many commas", "half an address"],
)
def test_a_line_of_any_length_is_widened_in_a_moment(line):
    """A draft is widened for each preview and inside a transaction: minutes there would stop everybody."""
    started = time.process_time()
    text.widen(line)
    assert time.process_time() - started < 10


def test_figures_beyond_counting_are_no_heading():
    assert text.level("1" * 5000 + ".好") == 0
    assert text.level("\uff08" + "1" * 5000 + "\uff09好") == 0
    assert text.level("2021.好") == 3
