"""The scraped form made a clean text, and clean texts left alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen.repair import looks_scraped, repair
from gongwen.tests import letters

RAW = (Path(__file__).parent / "data" / "junshan-51.raw.txt").read_text(encoding="utf-8")

CLEAN = [
    letters.SAMPLE,
    letters.SAMPLE.replace("\n", "\r\n"),
    "会议定于2021年5月25日（星期二）14:30召开，见https://example.org/a(b),c?d=1。\n",
    "采用 GB/T 9704-2012（PDF），约1,200.50元、3.5%，邮箱 a.b@example.org。",
    "按照 Word (docx) 格式，版本 v2.0, build 7 beta。",
    "面积（ha）与时间（min）见下表",
    "乾隆年间张乾的著作，慰藉、狼藉与樊於期，宫商角徵羽，瞭望。",
    "毕昇、朱镕基、冯喆（zhé）、钱锺书。",
    "区民政局（jiè zhī）与甲（a b）",
    "此件公开发布。只有錢鍾書一名保留原貌，其余文字一律使用规范汉字，这是出版单位与作者本人多次商定的办法，请各有关单位在引用时照此办理，不得自行改动，特此说明。",
    "",
]


def test_the_scraped_sample_becomes_the_clean_one_character_by_character():
    assert looks_scraped(RAW)
    assert repair(RAW) == letters.SAMPLE


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_text_comes_back_as_it_was(text):
    assert repair(text) == text
    assert not looks_scraped(text)


@pytest.mark.parametrize(
    ("scraped", "clean"),
    [
        ("對(duì)君山區(qū)政協(xié)", "对君山区政协"),
        ("你們(men)的(de)會(huì)議", "你们的会议"),
        ("對（duì）君山區（qū）的（de）會（huì）", "对君山区的会"),
        ("銀行(yín háng)與(yǔ)學(xué)校", "银行与学校"),
        ("長(zhǎng)度單位米(m)", "长度单位米（m）"),
        ("藥品甲(a)型、乙(e)型說(shuō)明", "药品甲（a）型、乙（e）型说明"),
        ("會【huì】議", "会【huì】议"),
        ("綠(lǜ)色女(nǚ)性", "绿色女性"),
        ("區(qu\u0304)長(zha\u030cng)", "区长"),
        ("村(居)兩委", "村（居）两委"),
        ("見(jiàn)附件(PDF)", "见附件（PDF）"),
        ("報(bào)告(report)", "报告（report）"),
        ("第5(wǔ)號(hào)", "第5(wǔ)号"),
    ],
)
def test_readings_go_only_behind_a_chinese_character_and_only_syllables(scraped, clean):
    assert repair(scraped) == clean


def test_a_unit_in_brackets_is_no_reading():
    assert repair("面积(ha)与时间(min)") == "面积（ha）与时间（min）"
    said = "地块面积(ha)、长度(m)、历时(min)见下表。"
    assert not looks_scraped(said)
    assert repair(said) == "地块面积（ha）、长度（m）、历时（min）见下表。"


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("乾隆與乾坤，餅乾與乾燥", "乾隆与乾坤，饼干与干燥"),
        ("著作、著名、顯著", "著作、著名、显著"),
        ("憑藉、藉口，狼藉、慰藉", "凭借、借口，狼藉、慰藉"),
        ("對於、關於，樊於期", "对于、关于，樊於期"),
        ("徵求意見，宮商角徵羽", "征求意见，宫商角徵羽"),
        ("瞭解情況，登高瞭望", "了解情况，登高瞭望"),
        ("錢鍾書、鐘錶、朱鎔基", "钱锺书、钟表、朱镕基"),
        ("皇后、從此以後、提案后", "皇后、从此以后、提案后"),
        ("老干部、幹部、乾淨、干涉", "老干部、干部、干净、干涉"),
        ("年年有餘，頭髮、發展", "年年有余，头发、发展"),
        ("里程與這裡，範圍與范先生", "里程与这里，范围与范先生"),
    ],
)
def test_words_and_names_that_a_table_of_characters_would_spoil(traditional, simplified):
    assert repair(traditional) == simplified


def test_half_width_marks_alone_are_repaired_but_not_scraped():
    assert repair("收悉,现答复如下:") == "收悉，现答复如下："
    assert not looks_scraped("收悉,现答复如下:")


def test_line_ends_stay_and_only_several_repaired_lines_get_the_last_one():
    assert repair("答復(fù)\r\n你們好,\r\n謝謝") == "答复\r\n你们好，\r\n谢谢\r\n"
    assert repair("答复\n谢谢") == "答复\n谢谢"


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.one_of(st.sampled_from("對会(dìma)，,.:\"' \r\n乾A1"), st.characters(codec=None)), max_size=60)
)
def test_what_is_repaired_stays_as_it_is(text):
    once = repair(text)
    assert repair(once) == once


@pytest.mark.parametrize("text", ["對(duì)" * 30_000, "(" * 100_000, "會,會" * 30_000, "a," * 40_000])
def test_much_text_takes_little_time(text):
    started = time.process_time()
    repair(text)
    assert time.process_time() - started < 20
