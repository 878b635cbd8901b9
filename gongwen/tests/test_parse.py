"""Letters read from text: the sample as it is, front matter, and whatever else people write."""

from __future__ import annotations

import datetime
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen.check import check
from gongwen.document import Letter, LetterError
from gongwen.parse import read
from gongwen.tests import letters

BARE = replace(letters.PLAIN, doc_number="", result_class="", disclosure="")
LINES = letters.SAMPLE.splitlines()
BODY = "\n".join(LINES[3:-3])
DAY = datetime.date(2021, 5, 25)


def error(text: str) -> LetterError:
    with pytest.raises(LetterError) as caught:
        read(text)
    return caught.value


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", letters.SAMPLE])


# The natural order


def test_the_sample_goes_in_as_it_is():
    letter = read(letters.SAMPLE)
    assert letter == BARE
    assert (letter.title.count("\n"), len(letter.addressees), len(letter.contacts)) == (1, 1, 2)
    assert (letter.form, letter.date, len(letter.paragraphs)) == ("plain", DAY, 8)
    assert check(letter) == []


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + letters.SAMPLE,
        letters.SAMPLE.replace("\n", "\r\n"),
        letters.SAMPLE.replace("\n", "\r"),
        letters.SAMPLE.replace("\n", "\n\n"),
        "\n \n" + letters.SAMPLE.replace("\n", "\n　　") + "\n　　\n",
        letters.SAMPLE.replace("2021年5月25日", "2021 年 05 月 25 日"),
        letters.SAMPLE.replace("2021年5月25日", "2021-05-25"),
        "---\n---\n" + letters.SAMPLE,
        "---\ndate:\n---\n" + letters.SAMPLE,
    ],
)
def test_marks_of_files_indents_empty_lines_and_forms_of_the_date_change_nothing(text):
    assert read(text) == BARE


@pytest.mark.parametrize(
    "head",
    [
        "君民复字〔2021〕6号　　　　B类　同意公开",
        "君民复字〔2021〕6号  B类\n同意公开",
        "B类 同意公开\n\n君民复字〔2021〕6号",
    ],
)
def test_number_and_marks_above_the_title(head):
    assert read(f"{head}\n{letters.SAMPLE}") == letters.PLAIN


def test_a_number_in_wrong_brackets_is_read_for_check_to_find():
    letter = read(f"君民复字[2021]06号\n{letters.SAMPLE}")
    assert letter.doc_number == "君民复字[2021]06号"
    assert {finding.rule for finding in check(letter)} == {"doc-number-brackets", "doc-number-zero"}


def test_a_title_that_names_a_number_is_a_title():
    title = "君政发〔2021〕6号文件的说明"
    assert read(f"{title}\n区民政局：\n{BODY}").title == title


@pytest.mark.parametrize(
    ("said", "addressees"),
    [
        ("王某某委员:", ("王某某委员",)),
        ("王某某委员、李某某委员：", ("王某某委员", "李某某委员")),
        ("王某某委员、\n李某某委员：", ("王某某委员", "李某某委员")),
        ("王某某委员\n李某某委员：", ("王某某委员", "李某某委员")),
        ("王某某委员：\n李某某委员：", ("王某某委员", "李某某委员")),
        ("各镇人民政府，各街道办事处，区直各单位：", ("各镇人民政府", "各街道办事处", "区直各单位")),
        ("、".join(f"第{number}镇人民政府" for number in range(60)) + "：", None),
    ],
)
def test_addressees_by_mark_or_by_line(said, addressees):
    letter = read("\n".join([*LINES[:2], said, *LINES[3:]]))
    assert letter.title == BARE.title
    assert letter.addressees == addressees or (addressees is None and len(letter.addressees) == 60)
    assert letter.paragraphs == BARE.paragraphs


def test_an_empty_line_parts_a_title_of_any_kind_from_addressees_by_line():
    letter = read(f"致全区政协委员的\n一封信\n\n王某某委员\n李某某委员：\n{BODY}")
    assert (letter.title, len(letter.addressees)) == ("致全区政协委员的\n一封信", 2)


def test_a_paragraph_that_ends_in_a_colon_is_no_addressee():
    letter = read("关于有关情况的说明\n你们的提案收悉，现答复如下：\n一、甲。\n二、乙。")
    assert (letter.title, letter.addressees) == ("关于有关情况的说明", ())
    assert letter.paragraphs == ("你们的提案收悉，现答复如下：", "一、甲。", "二、乙。")


def test_without_date_contact_lines_are_known_by_their_words():
    text = letters.SAMPLE.replace("2021年5月25日\n", "")
    assert read(text) == replace(BARE, date=None)


def test_without_date_and_contacts_everything_below_the_addressee_is_text():
    assert read("\n".join(LINES[:-3])) == replace(BARE, date=None, contacts=())


def test_a_date_still_to_come_is_none():
    assert read(letters.SAMPLE.replace("2021年5月25日", "2021年  月  日")) == replace(BARE, date=None)


def test_a_date_in_the_middle_is_text():
    letter = read("\n".join([*LINES[:3], "2021年5月25日", *LINES[3:-3]]))
    assert (letter.date, letter.paragraphs[0]) == (None, "2021年5月25日")


def test_a_day_that_does_not_exist_is_told():
    assert error(letters.SAMPLE.replace("5月25日\n", "2月30日\n")).data == {"key": "date"}


def test_the_issuing_body_above_the_date_is_taken():
    text = letters.SAMPLE.replace("2021年5月25日", "岳阳市君山区民政局\n2021年5月25日")
    assert read(text) == replace(BARE, issuers=("岳阳市君山区民政局",))


# Front matter

FULL = """---
form: file
doc_number: 君民复字〔2021〕6号
result_class: B类
disclosure: 同意公开
letterhead: 岳阳市君山区民政局文件
signers: 冯广兴
issuers: [岳阳市君山区民政局]
title: |
  对君山区政协五届五次会议第51号提案的
  答 复
addressees: [区政协社会法制和民族宗教委员会]
date: 2021-05-25
contacts:
  - 承办负责人：冯广兴
  - 承办人及联系人电话：贾济民 0730-8178696
copies_to: 区政府办公室、区政协提案委员会
printed_by: 岳阳市君山区民政局办公室
printed_on: 2021年5月25日
---
"""


def test_front_matter_gives_every_fact_and_the_text_below_only_paragraphs():
    assert read(FULL + BODY) == letters.FILE
    assert read("\ufeff" + (FULL + BODY).replace("\n", "\r\n")) == letters.FILE


def test_front_matter_and_the_natural_order_complete_each_other():
    text = front("doc_number: 君民复字〔2021〕6号", "result_class: B类", "disclosure: 同意公开")
    assert read(text) == letters.PLAIN
    assert read(front("watermark: 草稿", "issuers: 民政局")) == replace(
        BARE, watermark="草稿", issuers=("民政局",)
    )


def test_what_the_front_matter_gives_is_not_looked_for_below():
    letter = read(
        f"---\ntitle: 答复\naddressees: 王委员：\ndate: 2021-05-25\ncontacts: []\n---\n{letters.SAMPLE}"
    )
    assert letter == Letter("plain", "答复", ("王委员",), tuple(LINES), DAY)


@pytest.mark.parametrize(
    ("line", "rule", "key"),
    [
        ("colour: red", "unknown-key", "colour"),
        ("paragraphs: [甲]", "unknown-key", "paragraphs"),
        ("<<: {title: 甲}", "unknown-key", "<<"),
        ("12: 甲", "unknown-key", "12"),
        ("title: 51", "bad-value", "title"),
        ("title: [甲, 乙]", "bad-value", "title"),
        ("doc_number: 2021", "bad-value", "doc_number"),
        ("watermark: no", "bad-value", "watermark"),
        ("letterhead: {name: 甲}", "bad-value", "letterhead"),
        ("addressees: 5", "bad-value", "addressees"),
        ("signers: [[甲]]", "bad-value", "signers"),
        ("contacts: [12345678901]", "bad-value", "contacts"),
        ("copies_to: {a: b}", "bad-value", "copies_to"),
        ("date: 25.5.2021", "bad-value", "date"),
        ("date: 2021-02-30", "bad-value", "date"),
        ("date: 2021-05-25 10:00:00", "bad-value", "date"),
        ("date: [2021-05-25]", "bad-value", "date"),
        ("printed_on: 2021年13月1日", "bad-value", "printed_on"),
        ("signature: 乙", "unknown-key", "signature"),
        ("title: 甲\ntitle: 乙", "duplicate-key", "title"),
        ("title: !!python/object/apply:os.system [id]", "bad-value", "title"),
        ("title: !!int x", "bad-value", "title"),
    ],
)
def test_a_wrong_key_or_value_is_told_by_its_key(line, rule, key):
    assert (error(front(line)).rule, error(front(line)).data) == (rule, {"key": key})


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("- a\n", 2),
        ("form: file\ntitle: [甲\n", 5),
        ("甲\n", 2),
        ("[a]: b\n", 2),
        ('title: "\\UFFFFFFFF"\n', 1),
        ("[" * 3_000, 1),
        ("title: *x\n", 2),
    ],
)
def test_front_matter_that_is_no_list_of_keys_is_told_by_its_line(block, line):
    found = error(f"---\n{block}\n---\n甲")
    assert (found.rule, found.data) == ("bad-front-matter", {"line": line})


def test_front_matter_without_end_or_beyond_measure():
    assert error("---\ntitle: 甲\n").rule == "bad-front-matter"
    assert error(front("title: " + "长" * 30_000)).rule == "front-matter-too-long"


@pytest.mark.parametrize("before", [" ", "\ufeff\ufeff", "\n \ufeff\n　", "\ufeff "])
@pytest.mark.parametrize("end", ["---", " ---"])
def test_what_cannot_be_seen_before_the_front_matter_changes_nothing(before, end):
    assert read(f"{before}---\nwatermark: 草稿\n{end}\n{letters.SAMPLE}") == replace(BARE, watermark="草稿")


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("signers: 张三 李四", {"signers": ("张三", "李四")}),
        ("signers: 张三　王　五，李四", {"signers": ("张三", "王五", "李四")}),
        ("signers: [王 五]", {"signers": ("王 五",)}),
        ("issuers: 甲局，乙局", {"issuers": ("甲局", "乙局")}),
        ("issuers: 甲局, 乙局、丙局", {"issuers": ("甲局", "乙局", "丙局")}),
    ],
)
def test_names_on_one_line_of_the_front_matter(line, facts):
    letter = read(front(line))
    assert {name: getattr(letter, name) for name in facts} == facts


# Any text at all

YAML = ("---\n", "title: ", "date: ", "- ", "{", "[", "&a ", "*a", "!!int ", '"\\U')
MARKS = ("\n", "\r\n", "：\n", "、", "，", "。", "\u3000", "\x00", "\ud800")
PARTS = ("2021年2月30日", "2021年5月25日\n", "君民复字〔2021〕6号", "答 复\n", "联系人：", "一、")
PIECES = st.sampled_from(YAML + MARKS + PARTS)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(st.characters(codec=None), max_size=8), max_size=25).map("".join))
def test_any_text_is_a_letter_or_a_letter_error(text):
    for said in (text, f"---\n{text}\n---\n{text}"):
        try:
            letter = read(said)
        except LetterError:
            continue
        assert isinstance(letter, Letter)
        assert all(letter.paragraphs)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("甲乙丙，。、：；（）12答复\n", max_size=30), max_size=12).map("\n".join))
def test_no_character_is_lost_but_marks_between_names(text):
    try:
        letter = read(text)
    except LetterError:
        return
    said = letter.title + "".join(letter.addressees + letter.paragraphs + letter.contacts)
    assert sorted(set(said) - {"\n"}) == sorted(set(said) & set(text) - {"\n"})
    assert sum(char not in "，、：\n" for char in text) == sum(char not in "，、：\n" for char in said)


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 500_000,
        "甲" * 500_000,
        "函（" * 300_000 + "\n甲：",
        "年" + " " * 500_000,
        "甲" + " " * 500_000 + "乙",
        "甲：\n" * 20_000,
        "甲、" * 100_000,
    ],
)
def test_a_megabyte_takes_little_time(text):
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 12
