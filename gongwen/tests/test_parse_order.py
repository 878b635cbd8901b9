"""The natural order of a letter without front matter: red head, attachments, joint issuers, note, imprint."""

from __future__ import annotations

import datetime
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongwen.check import check
from gongwen.document import Attachment, LetterError, Table
from gongwen.parse import read

DAY = datetime.date(2021, 5, 25)
BODY = "关于第51号提案的答复\n王某某委员：\n提案收悉。"

FULL = """\
000001
机密★1年
特急

岳阳市君山区民政局
岳阳市君山区财政局文件

君民复字〔2021〕6号　　　签发人：冯广兴　王　五

对君山区政协五届五次会议第51号提案的
答 复

区政协社会法制和民族宗教委员会：
　　你们提出的提案收悉，现答复如下：
表1 采纳情况
| 序号 | 建议 |
|---|---|
| 1 | 优化基层自治 |
　　特此答复。

　　附件：1. 君山区村级议事会名单
　　　　　2. 经费安排表

岳阳市君山区民政局
岳阳市君山区财政局
2021年5月25日
（联系人：贾济民，电话：0730-8178696）

附件1

君山区村级议事会名单

一、采桑湖镇
甲、乙。

附件2：
经费安排
| 镇 | 元 |
| 甲 | 1 |

抄送：区政府办公室，区政协提案委员会（三份、留底）。
岳阳市君山区民政局办公室　　　2021年5月26日印发
共印30份
"""


def test_a_letter_with_everything_is_read_from_top_to_bottom():
    letter = read(FULL)
    assert (letter.form, letter.copy_number, letter.secrecy, letter.urgency) == (
        "file",
        "000001",
        "机密★1年",
        "特急",
    )
    assert letter.letterhead == "岳阳市君山区民政局\n岳阳市君山区财政局文件"
    assert (letter.doc_number, letter.signers) == ("君民复字〔2021〕6号", ("冯广兴", "王五"))
    assert letter.title == "对君山区政协五届五次会议第51号提案的\n答 复"
    assert letter.addressees == ("区政协社会法制和民族宗教委员会",)
    assert letter.paragraphs == (
        "你们提出的提案收悉，现答复如下：",
        Table((("序号", "建议"), ("1", "优化基层自治")), "表1 采纳情况"),
        "特此答复。",
    )
    assert letter.issuers == ("岳阳市君山区民政局", "岳阳市君山区财政局")
    assert (letter.date, letter.note, letter.contacts) == (DAY, "联系人：贾济民，电话：0730-8178696", ())
    assert letter.attachments == (
        Attachment("君山区村级议事会名单", ("一、采桑湖镇", "甲、乙。")),
        Attachment("经费安排表", (Table((("镇", "元"), ("甲", "1"))),)),
    )
    assert letter.copies_to == ("区政府办公室", "区政协提案委员会（三份、留底）")
    assert (letter.printed_by, letter.printed_on) == ("岳阳市君山区民政局办公室", datetime.date(2021, 5, 26))
    assert letter.copies == 30


# Head


@pytest.mark.parametrize(
    ("head", "facts"),
    [
        ("份号：000012", {"copy_number": "000012"}),
        ("秘密", {"secrecy": "秘密"}),
        ("绝密★长期 特急", {"secrecy": "绝密★长期", "urgency": "特急"}),
        ("机密 ★ 1年\n加急", {"secrecy": "机密★1年", "urgency": "加急"}),
        ("君民〔2021〕6号 签发人:冯广兴、贾济民", {"signers": ("冯广兴", "贾济民")}),
        ("签发人：冯广兴\n君民〔2021〕6号", {"doc_number": "君民〔2021〕6号", "signers": ("冯广兴",)}),
        ("区民政局文件", {"letterhead": "区民政局文件", "form": "file"}),
        ("区民政局\n区财政局\n文件", {"letterhead": "区民政局\n区财政局文件", "form": "file"}),
        ("特急\n区民政局文件\n君民〔2021〕6号", {"urgency": "特急", "letterhead": "区民政局文件"}),
        (
            "区民政局\n君民〔2021〕6号",
            {"letterhead": "区民政局", "form": "file", "doc_number": "君民〔2021〕6号"},
        ),
        (
            "君民〔2021〕6号    B类    同意公开    急件",
            {"result_class": "B类", "disclosure": "同意公开", "urgency": "急件"},
        ),
        ("是否同意公开：同意公开\n办理结果： B类", {"result_class": "B类", "disclosure": "同意公开"}),
    ],
)
def test_what_stands_above_the_title(head, facts):
    letter = read(f"{head}\n{BODY}")
    assert {name: getattr(letter, name) for name in facts} == facts
    assert (letter.title, letter.addressees) == ("关于第51号提案的答复", ("王某某委员",))


@pytest.mark.parametrize(
    "number",
    [
        "君民字〔2024〕6 号",
        "君民字【2024】6号",
        "君民字﹝2024﹞6号",
        "君民字2024年6号",
        "君民字〔２０２４〕６号",
        "君民字〔2024〕六号",
        "君民字 〔2024〕 6号",
        "君民字〔二〇二四〕第6号",
    ],
)
def test_a_number_in_a_wrong_shape_is_kept_as_typed(number):
    letter = read(f"区民政局文件\n{number}　B类\n{BODY}")
    assert (letter.doc_number, letter.result_class, letter.form) == (number, "B类", "file")
    assert (letter.letterhead, letter.title) == ("区民政局文件", "关于第51号提案的答复")
    assert any(finding.rule.startswith("doc-number") for finding in check(letter))


@pytest.mark.parametrize("title", ["关于提案2024年6号", "2024年6号", "对区政协2024年6号"])
def test_a_year_and_number_alone_or_about_something_are_no_document_number(title):
    assert read(f"{title}\n王某某委员：\n提案收悉。").doc_number == ""


@pytest.mark.parametrize("form", ["plain", "letter"])
@pytest.mark.parametrize("head", ["区民政局", "区民政局文件"])
def test_a_red_head_above_a_number_leaves_the_form_as_given(form, head):
    letter = read(f"---\nform: {form}\n---\n{head}\n君民〔2021〕6号\n{BODY}")
    assert (letter.form, letter.letterhead, letter.title) == (form, head, "关于第51号提案的答复")


def test_in_the_letter_form_a_name_above_the_number_is_the_head():
    letter = read(f"---\nform: letter\n---\n区民政局\n君民〔2021〕6号\n{BODY}")
    assert (letter.form, letter.letterhead, letter.doc_number) == ("letter", "区民政局", "君民〔2021〕6号")


@pytest.mark.parametrize("front", ["form: plain", "letterhead: 区财政局"])
def test_a_red_head_that_contradicts_the_front_matter_is_title(front):
    assert read(f"---\n{front}\n---\n区民政局文件\n{BODY}").title == "区民政局文件\n关于第51号提案的答复"


@pytest.mark.parametrize("line", ["关于转发上级文件", "转发《通知》的文件", "2021年文件", "转发省民政厅文件"])
def test_a_title_that_ends_like_a_red_head_is_a_title(line):
    letter = read(f"{line}\n{BODY}")
    assert (letter.form, letter.letterhead) == ("plain", "")
    assert letter.title.startswith(line)


def test_a_number_that_the_front_matter_gives_too_is_read_once():
    letter = read(
        f"---\ndoc_number: 君民〔2021〕6号\nresult_class: B类\n---\n君民〔2021〕6号　B类　同意公开\n{BODY}"
    )
    assert (letter.doc_number, letter.disclosure) == ("君民〔2021〕6号", "同意公开")
    assert letter.title == "关于第51号提案的答复"


# Below the body


@pytest.mark.parametrize(
    "line",
    [
        "二〇二一年五月二十五日",
        "二○二一年五月二十五日",
        "2021.5.25",
        "2021/5/25",
        "2021-5-25",
        "2021年5月25号",
        "２０２１年５月２５日",
        "2021年5月25日。",
    ],
)
def test_the_date_in_any_shape(line):
    letter = read(f"{BODY}\n区民政局\n{line}\n联系人：某某")
    assert (letter.date, letter.issuers, letter.contacts) == (DAY, ("区民政局",), ("联系人：某某",))


@pytest.mark.parametrize(
    ("said", "day"), [("十月十日", (10, 10)), ("十二月三十一日", (12, 31)), ("一月九日", (1, 9))]
)
def test_months_and_days_in_chinese_figures(said, day):
    assert read(f"{BODY}\n二〇二一年{said}").date == datetime.date(2021, *day)


def test_a_date_with_more_on_its_line_is_text():
    assert read(f"{BODY}\n于2021.5.25办结").paragraphs[-1] == "于2021.5.25办结"


@pytest.mark.parametrize(
    ("said", "issuers"),
    [
        ("区民政局\n区财政局\n区委组织部", ("区民政局", "区财政局", "区委组织部")),
        ("区民政局　　区财政局", ("区民政局", "区财政局")),
        ("区民政局\n\n区财政局\n", ("区民政局", "区财政局")),
        ("区民政局（盖章）", ("区民政局",)),
        ("区民政局 (章)　　区财政局（公章）", ("区民政局", "区财政局")),
        ("君山区“双减”办", ("君山区“双减”办",)),
    ],
)
def test_joint_issuers_stand_above_the_date_in_their_order(said, issuers):
    letter = read(f"{BODY}\n{said}\n2021年5月25日")
    assert (letter.issuers, letter.paragraphs) == (issuers, ("提案收悉。",))


@pytest.mark.parametrize(
    "end",
    [
        "区民政局 2021年5月25日",
        "区民政局　　2021年5月25日。",
        "区民政局（盖章） 2021.5.25",
        "2021年5月25日\n区民政局",
    ],
)
def test_the_issuing_body_on_the_line_of_the_date_or_below_it(end):
    letter = read(f"{BODY}\n{end}\n联系人：某某")
    assert (letter.date, letter.issuers, letter.contacts) == (DAY, ("区民政局",), ("联系人：某某",))
    assert letter.paragraphs == ("提案收悉。",)


@pytest.mark.parametrize("line", ["已报区民政局，2021年5月25日", "报送时间 2021年5月25日"])
def test_a_date_behind_what_is_no_name_is_text(line):
    assert read(f"{BODY}\n{line}").paragraphs[-1] == line


def test_a_person_below_the_date_is_a_contact_line():
    assert read(f"{BODY}\n2021年5月25日\n贾主任").contacts == ("贾主任",)


@pytest.mark.parametrize(
    ("end", "rest"),
    [
        ("区民政局\n区财政局\n2021年5月25日", ()),
        ("区民政局（章）　　区财政局\n2021年5月25日", ()),
        ("区财政局\n2021年5月25日", ()),
        ("区委办\n区民政局\n2021年5月25日", ("区委办",)),
        ("2021年5月25日\n区民政局", ()),
    ],
)
def test_issuers_given_in_the_front_matter_are_taken_off_the_closing(end, rest):
    letter = read(f"---\nissuers: [区民政局, 区财政局]\n---\n{BODY}\n{end}")
    assert (letter.issuers, letter.date) == (("区民政局", "区财政局"), DAY)
    assert letter.paragraphs == ("提案收悉。", *rest)


@pytest.mark.parametrize(
    "end", ["区民政局\n2021年5月25日", "区民政局 2021.5.25", "区民政局\n2021年5月25日\n联系人：某某"]
)
@pytest.mark.parametrize("front", ["issuers: 区民政局", "contacts: 联系人：某某", "watermark: 草稿"])
def test_a_date_given_in_the_front_matter_is_taken_off_the_closing(end, front):
    letter = read(f"---\ndate: 2021-05-25\n{front}\n---\n{BODY}\n{end}")
    assert (letter.date, letter.issuers, letter.paragraphs) == (DAY, ("区民政局",), ("提案收悉。",))


@pytest.mark.parametrize("day", ["2021年5月26日", "2021年2月30日"])
def test_another_date_than_the_given_one_is_text(day):
    letter = read(f"---\ndate: 2021-05-25\nissuers: 区民政局\n---\n{BODY}\n区民政局 {day}")
    assert (letter.date, letter.paragraphs) == (DAY, ("提案收悉。", f"区民政局 {day}"))


def test_a_closing_without_date_says_the_given_issuers_once_more():
    front = "---\nissuers: [区民政局, 区财政局]\ndate: 2021-05-25\n---\n"
    assert read(f"{front}{BODY}\n区民政局\n区财政局").paragraphs == ("提案收悉。",)


def test_contacts_given_in_the_front_matter_are_taken_off_the_closing():
    front = "---\ncontacts: 联系人：某某 1\n---\n"
    letter = read(f"{front}{BODY}\n区民政局\n2021年5月25日\n联系人:某某　1\n电话：2")
    assert (letter.date, letter.issuers, letter.contacts) == (DAY, ("区民政局",), ("联系人：某某 1",))
    assert letter.paragraphs == ("提案收悉。", "电话：2")
    letter = read(f"{front}{BODY}\n附件：名单\n2021年5月25日\n电话：2")
    assert (letter.attachments, letter.paragraphs[-1]) == ((Attachment("名单"),), "电话：2")
    assert read(f"{front}{BODY}\n联系人：某某 1").paragraphs == ("提案收悉。",)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("附件：名单", ("名单",)),
        ("附件: 名单", ("名单",)),
        ("附件：1. 名单\n2. 经费安排表", ("名单", "经费安排表")),
        ("附件：1．名单；\n　　2．经费安排表。", ("名单", "经费安排表")),
        ("附件：1.名单；2.经费安排表", ("名单", "经费安排表")),
        ("附件：\n1. 名单\n\n2. 经费安排表", ("名单", "经费安排表")),
        ("附件1：名单\n附件2：经费安排表", ("名单", "经费安排表")),
        ("附件：1. 2021年名单\n2. 《办法》", ("2021年名单", "《办法》")),
    ],
)
@pytest.mark.parametrize(
    "end", ["\n\n区民政局\n2021年5月25日", "\n2021年5月25日\n联系人：某某", "\n联系人：某某", ""]
)
def test_names_of_attachments_below_the_body(said, names, end):
    letter = read(f"{BODY}\n{said}{end}")
    assert tuple(one.title for one in letter.attachments) == names
    assert all(one.blocks == () for one in letter.attachments)
    assert letter.paragraphs == ("提案收悉。",)


def test_numbered_paragraphs_without_a_label_are_text():
    letter = read(f"{BODY}\n附件：见另页。\n以上。\n1. 甲\n2. 乙\n2021年5月25日")
    assert letter.attachments == ()
    assert letter.paragraphs[-2:] == ("1. 甲", "2. 乙")


@pytest.mark.parametrize(
    "note", ["联系人：贾济民，电话：0730-8178696", "此件公开发布", "电话（区号0730）：1"]
)
def test_a_line_in_brackets_below_the_date_is_the_note(note):
    letter = read(f"{BODY}\n2021年5月25日\n（{note}）\n承办人：某某")
    assert (letter.note, letter.contacts) == (note, ("承办人：某某",))


def test_without_a_date_only_a_line_that_says_whom_to_ask_is_a_note():
    assert read(f"{BODY}\n（联系人：某某，电话：1）").note == "联系人：某某，电话：1"
    assert read(f"{BODY}\n（此件公开发布）").paragraphs[-1] == "（此件公开发布）"


def test_two_brackets_on_a_line_are_a_contact_line():
    assert read(f"{BODY}\n2021年5月25日\n（甲）（乙）").contacts == ("（甲）（乙）",)


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        ("抄送：区政府办公室、区政协。", {"copies_to": ("区政府办公室", "区政协")}),
        ("抄送:区政府办公室，区政协；区委", {"copies_to": ("区政府办公室", "区政协", "区委")}),
        ("抄送：区政府办公室、\n　　　区政协，区委。", {"copies_to": ("区政府办公室", "区政协", "区委")}),
        ("抄送：区政协。\n区民政局办公室 2021年5月25日印发", {"copies_to": ("区政协",), "printed_on": DAY}),
        ("区民政局办公室 2021年5月25日印发", {"printed_by": "区民政局办公室", "printed_on": DAY}),
        ("2021年5月25日 印发", {"printed_by": "", "printed_on": DAY}),
        ("区民政局办公室　2021-05-25印发。", {"printed_by": "区民政局办公室", "printed_on": DAY}),
        ("（共印 30 份）", {"copies": 30}),
    ],
)
def test_lines_of_the_imprint(said, facts):
    letter = read(f"{BODY}\n2021年5月25日\n联系人：某某\n{said}")
    assert {name: getattr(letter, name) for name in facts} == facts
    assert (letter.date, letter.contacts, letter.paragraphs) == (DAY, ("联系人：某某",), ("提案收悉。",))


def test_the_imprint_may_stand_before_the_attachments():
    letter = read(f"{BODY}\n2021年5月25日\n抄送：区政协。\n共印3份\n附件\n名单\n甲。")
    assert (letter.copies_to, letter.copies, letter.attachments) == (
        ("区政协",),
        3,
        (Attachment("名单", ("甲。",)),),
    )


def test_what_the_front_matter_gives_of_the_foot_is_not_looked_for():
    letter = read(
        f"---\nissuers: 区民政局\ncopies: 5\nnote: 甲\n---\n{BODY}\n区财政局\n2021年5月25日\n（乙）\n共印3份"
    )
    assert (letter.issuers, letter.copies, letter.note) == (("区民政局",), 5, "甲")
    assert letter.paragraphs == ("提案收悉。", "区财政局")
    assert letter.contacts == ("（乙）", "共印3份")


def test_contact_lines_below_the_copies_are_no_names():
    letter = read(f"{BODY}\n2021年5月25日\n抄送：区政协\n联系人：某某")
    assert (letter.copies_to, letter.contacts) == ((), ("抄送：区政协", "联系人：某某"))


def test_a_day_of_printing_that_does_not_exist_is_told():
    with pytest.raises(LetterError) as error:
        read(f"{BODY}\n2021年2月30日印发")
    assert error.value.data == {"key": "printed_on"}


# Attachments' own pages


def pages(text, names="附件：1. 名单\n2. 经费安排表"):
    return read(f"{BODY}\n{names}\n区民政局\n2021年5月25日\n{text}").attachments


@pytest.mark.parametrize("mark", ["附件1", "附件 1", "附件1：", "附件一", "附件", "附件:"])
def test_a_line_that_is_just_the_word_begins_an_attachment(mark):
    assert pages(f"{mark}\n名单\n甲。", "附件：名单") == (Attachment("名单", ("甲。",)),)


def test_pages_go_to_the_name_of_their_number():
    found = pages("附件2\n经费安排表\n甲。")
    assert found == (Attachment("名单"), Attachment("经费安排表", ("甲。",)))


def test_pages_without_a_name_in_the_letter_take_their_first_short_line():
    assert pages("附件\n名 单\n甲。", "") == (Attachment("名 单", ("甲。",)),)
    assert pages("附件\n甲是乙。", "") == (Attachment("", ("甲是乙。",)),)
    assert len(pages("附件3\n花名册\n甲。")) == 3


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("君山区村级议事会名单", "君山区村级议事会\n名单"),
        ("君山区村级议事会名单", "君山区村级议事会 名单"),
        ("《君山区村级议事会名单》", "君山区村级议事会名单"),
        ("村级议事会名单", "君山区村级议事会名单"),
        ("君山区村级议事会名单", "君山区村级议事会花名单"),
    ],
)
def test_a_title_that_resembles_the_name_is_no_text(name, title):
    assert pages(f"附件\n{title}\n甲。", f"附件：{name}") == (Attachment(name, ("甲。",)),)


@pytest.mark.parametrize("line", ["甲镇", "| 镇 | 元 |", "一、甲镇"])
def test_a_first_line_that_is_something_else_is_kept(line):
    [found] = pages(f"附件\n{line}\n乙。", "附件：君山区村级议事会名单")
    assert (found.title, len(found.blocks)) == ("君山区村级议事会名单", 2)


def test_a_draft_without_date_has_attachments_too():
    letter = read(f"{BODY}\n附件：\n1. 名单\n联系人：某某\n附件1\n名单\n甲。")
    assert (letter.attachments, letter.contacts) == ((Attachment("名单", ("甲。",)),), ("联系人：某某",))


def test_the_word_alone_above_the_date_is_text():
    letter = read(f"{BODY}\n附件\n名单\n2021年5月25日")
    assert (letter.attachments, letter.paragraphs[1:]) == ((), ("附件", "名单"))


def test_names_in_the_front_matter_have_their_pages_below():
    letter = read(f"---\nattachments: [名单, 经费安排表]\ndate: 2021-05-25\n---\n{BODY}\n附件1\n名单\n甲。")
    assert letter.attachments == (Attachment("名单", ("甲。",)), Attachment("经费安排表"))
    assert letter.paragraphs == ("提案收悉。",)


# Any text at all

LINES = [line for line in FULL.splitlines() if line] + ["", "附件：", "1. 甲", "附件", "（甲）", "2021-02-30"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=30).map("\n".join))
def test_any_order_of_lines_is_a_letter_or_a_letter_error(text):
    with suppress(LetterError):
        assert all(read(text).paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        "附件1\n" * 200_000,
        "附件1\n甲\n" * 100_000,
        "2021年5月25日\n" + "附件：\n1. 甲\n" * 80_000,
        "共印30份\n" * 100_000,
        "区民政局\n" * 150_000 + "2021年5月25日",
        "抄送：" + "（" * 500_000,
        "（" * 10_000 + "）" * 10_000 + "\n2021年5月25日\n" + "（" * 50,
        "签发人：" * 200_000,
        "甲" * 500_000 + "2021年5月25日印发",
        "| a | b |\n" * 60_000,
        "区民政局文件\n" * 60_000,
    ],
)
def test_a_megabyte_takes_little_time(text):
    started = time.process_time()
    with suppress(LetterError):
        read(text)
    assert time.process_time() - started < 10
