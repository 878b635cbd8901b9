"""Each rule of the check: it fires at its place, its fix mends it, and what only looks alike is left alone."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from gongwen import fixes
from gongwen.check import check
from gongwen.check_form import chinese_numeral, number_value
from gongwen.findings import ERROR, HINT, LEVELS, Case
from gongwen.tests import letters

FRAME = (
    "你们提出的《推进协商民主，优化基层自治》收悉，现答复如下：",
    "感谢你们的关心，下一步我们将继续努力。",
)


def saying(*paragraphs, **facts):
    """A letter to a committee, whole but for these paragraphs between opening and closing, and these facts."""
    return replace(letters.PLAIN, **{"paragraphs": (FRAME[0], *paragraphs, FRAME[1])} | facts)


def to_one(*paragraphs, **facts):
    """The same to one person."""
    frame = [part.replace("你们", "您") for part in FRAME]
    whole = {"addressees": ("周望舒委员",), "paragraphs": (frame[0], *paragraphs, frame[1])}
    return replace(letters.PLAIN, **whole | facts)


def only(letter, case=None):
    """The one finding on the letter."""
    findings = check(letter, case)
    assert len(findings) == 1, findings
    assert findings[0].level == LEVELS[findings[0].rule]
    return findings[0]


def rules(letter, case=None):
    return [finding.rule for finding in check(letter, case)]


def test_the_frame_itself_is_clean():
    assert check(saying()) == []
    assert check(to_one()) == []


# One paragraph: what is wrong in it (between ⟦ and ⟧, the first spot), and how it stands when mended.
MENDED = [
    ("date-form", "已于⟦2021-05-25⟧开工。", "已于2021年5月25日开工。"),
    ("date-form", "已于⟦2021.5.25⟧开工，2022/1/1完工。", "已于2021年5月25日开工，2022年1月1日完工。"),
    ("date-form", "已于⟦2021年05月25日⟧开工。", "已于2021年5月25日开工。"),
    ("date-form", "已于⟦2021年05月⟧开工。", "已于2021年5月开工。"),
    ("date-form", "已于⟦二〇二一年五月二十五日⟧开工。", "已于2021年5月25日开工。"),
    ("date-form", "已于⟦二零二一年十二月⟧开工。", "已于2021年12月开工。"),
    ("date-form", "已于⟦5月05日⟧开工，06月1日完工。", "已于5月5日开工，6月1日完工。"),
    ("date-form", "已于⟦2021年5月25号⟧，完工。", "已于2021年5月25日，完工。"),
    ("heading-mark", "⟦（一）、⟧强化意识。", "（一）强化意识。"),
    ("heading-mark", "⟦1、⟧强化意识。", "1.强化意识。"),
    ("heading-mark", "⟦1．⟧强化意识。", "1.强化意识。"),
    ("heading-mark", "⟦一.⟧强化意识。", "一、强化意识。"),
    ("heading-mark", "⟦一 ⟧强化意识。", "一、强化意识。"),
    ("half-width", "好⟦,⟧的.", "好，的。"),
    ("half-width", "村⟦(⟧居)两委", "村（居）两委"),
    ("straight-quote", "做到⟦'⟧固基层'不放松。", "做到‘固基层’不放松。"),
    ("bracket-crossed", "（见《村规民约⟦）》⟧已经公布。", "（见《村规民约》）已经公布。"),
    ("quote-twice", "从“强意识⟦“⟧入手。", "从“强意识”入手。"),
    ("quote-twice", "有人说：“要从⟦“⟧强意识”入手。”", "有人说：“要从‘强意识’入手。”"),
    ("quote-twice", "做到⟦““⟧固基层””。", "做到“固基层”。"),
    ("title-mark-nested", "印发《关于落实⟦《⟧纲要》的通知》。", "印发《关于落实〈纲要〉的通知》。"),
    ("marks-doubled", "已经办好⟦，，⟧请放心。", "已经办好，请放心。"),
    ("marks-doubled", "已经办好⟦。。⟧", "已经办好。"),
    ("marks-doubled", "已经办好⟦，。⟧", "已经办好。"),
    ("ellipsis-form", "修路、架桥⟦...⟧一件不少。", "修路、架桥……一件不少。"),
    ("ellipsis-form", "修路、架桥⟦。。。⟧一件不少。", "修路、架桥……一件不少。"),
    ("ellipsis-form", "修路、架桥⟦…⟧一件不少。", "修路、架桥……一件不少。"),
    ("dash-form", "头等大事⟦--⟧修路。", "头等大事——修路。"),
    ("dash-form", "这就是“四方五步”⟦一一⟧一种好办法。", "这就是“四方五步”——一种好办法。"),
    ("sentence-end", "我局高度重视，召开专题会议进行了研⟦究⟧", "我局高度重视，召开专题会议进行了研究。"),
    ("sentence-end", "一、强意识。强化民主协商意⟦识⟧", "一、强意识。强化民主协商意识。"),
    ("words-doubled", "我们⟦的的⟧工作。", "我们的工作。"),
    ("words-doubled", "已经完成⟦了了⟧。", "已经完成了。"),
    ("words-doubled", "⟦我们我们⟧将继续努力。", "我们将继续努力。"),
    ("words-doubled", "推进⟦基层自治基层自治⟧工作。", "推进基层自治工作。"),
    ("words-doubled", "⟦高度重视高度重视高度重视⟧这项工作。", "高度重视这项工作。"),
    ("mixed-script", "我局高度重視这项工作，把群众的事情办好办实，让大家满意，让百姓有话语权。", None),
]


@pytest.mark.parametrize(("rule", "marked", "mended"), MENDED, ids=lambda value: str(value)[:16])
def test_a_rule_finds_its_place_and_its_fix_mends_it(rule, marked, mended):
    start, end = marked.find("⟦"), marked.find("⟧") - 1
    said = marked.replace("⟦", "").replace("⟧", "")
    letter = saying(said)
    found = only(letter)
    assert (found.rule, found.place) == (rule, "paragraphs:2")
    if start >= 0:
        assert (found.start, found.end) == (start, end)
    after = fixes.apply(letter, [found])
    assert after == fixes.fixed(letter)
    assert check(after) == []
    if mended:
        assert after.paragraphs[1] == mended


# What no rule may call wrong.
CLEAN = [
    "按GB/T 9704-2012和DB43/T 2021.5执行，电话0730-2021525，文件见《2021-05-25会议纪要》。",
    "版本v2021.5.25，地址192.168.1.1，编号2021-05-25-7，2021年13月不存在。",
    "本办法自2021年5月25日起施行，《二〇二一年五月三日公告》同时废止，“2021.5.25”工作组撤销。",
    "二〇二〇年以来，二十一世纪二十年代，一百一十人，三三两两，五五分成。",
    "1、2号楼已完工，3、4号楼正在建设。",
    "一方面加强领导，一是强化意识，三年来成效明显。",
    "1.5万元已经到位，（一期）工程完工，5G基站建成。",
    "会议于14:03开始，比例为3:2，共1,234.50元，见https://a.cn/x?a=1,b:2(c)。",
    "他说：“老人们讲‘要办实事’。”",
    "印发《关于落实〈纲要〉的通知》和《村规民约》。",
    "这里有两种情况：a）新建；b）改造；（c）维持。",
    "墙长5'30，屏幕24'。",
    "It's OK，don’t worry，他这样说。",
    "真的好吗？！好！！办得到……吗？",
    "2019—2021年，北京—上海，岳阳-长沙，10%~15%，2～3年。",
    "对意见一一答复，一一对应，逐条逐项落实。",
    "好——真好……很好。",
    "详见http://a.cn/a--b...c。",
    "以推进自治为目的的活动，有目的的安排，的的确确有效，进行了了解，草草了了。",
    "人人参与，天天检查，常常走访，刚刚完成，稳稳当当，家家户户，看看试试，等等。",
    "研究研究、商量商量，一个一个解决，一步一步推进，未成年人一人一档，理工大学大学生，很多很多人，一户一户走访。",
    "派驻扶贫工作工作组，联系政协政协委员，把把关口，从从容容，以及及时办理，参与与会人员讨论。",
    "可以以点带面，总和和均值，为了了却心愿，大家的事情大家来办，做不做、做什么、怎么做。",
    "北京天安门，乾隆年间，毕昇、朱镕基、冯喆、刘堃、张昇、李陞。",
    "负责人为李和平，工作在在建项目上进行，针对对口帮扶，成就就在眼前，自由由法律保障，5月5日，10月20日。",
    "（此项工作由区财政局负责）",
    "坚持对对外开放和为为民服务的项目给予支持，与与我区相邻的县合作，保障保障性住房供应，服务民生服务民生类项目。",
    "2024年5月2号楼竣工，2024年5月2号线开通。",
    "图纸2024-05-01A，软件2024.5.20版本，编号2024/5/20B。",
    "一 二 三级公路均已列养。",
    "（一）、（二）项均已完成。",
    "（三）和（四）项均已完成。",
    "传热系数不大于0.5W/(m²·K)时合格。",
    "附件：村规民约",
    "此致",
    "联系电话：0730-8178696",
    "网址：https://www.example.gov.cn",
    "工作开展情况",
    "“自己的事自己办。”",
    "如下表所示：",
    "（二期工程已开工，三期正在设计。）",
]


@pytest.mark.parametrize("said", CLEAN, ids=lambda said: said[:12])
def test_what_only_looks_wrong_is_left_alone(said):
    letter = saying(said)
    assert check(letter) == []
    assert fixes.fixed(letter) == letter


@pytest.mark.parametrize(
    ("rule", "said", "spot"),
    [
        ("straight-quote", '做到"固基层。', 2),
        ("bracket-unclosed", "我区（县、市的事情。", 2),
        ("bracket-unclosed", "从“强意识入手。", 1),
        ("bracket-unclosed", "根据《村规民约的规定。", 2),
        ("bracket-unopened", "我区县、市）的事情。", 5),
        ("bracket-unopened", "根据村规民约》的规定。", 6),
        ("bracket-crossed", "（见《村规民约）已经公布》。", 7),
        ("marks-doubled", "已经办好，、请放心。", 4),
        ("sentence-end", "我局高度重视，召开专题会议进行了研究，", 18),
        ("sentence-end", "我局高度重视，召开专题会议（详见纪要）", 18),
    ],
)
def test_what_only_a_person_can_mend_has_its_place(rule, said, spot):
    found = only(saying(said))
    assert (found.rule, found.place, found.start, found.fix) == (rule, "paragraphs:2", spot, ())


def test_a_quotation_of_several_paragraphs_opens_each_of_them():
    assert check(saying("他说：“这是第一段。", "“这是第二段。”")) == []
    assert rules(saying("他说：“这是第一段。", "这是第二段。”")) == ["bracket-unclosed", "bracket-unopened"]


# Form


@pytest.mark.parametrize(
    ("number", "rule", "mended"),
    [
        ("君民复字[2021]6号", "doc-number-brackets", "君民复字〔2021〕6号"),
        ("君民复字（2021）6号", "doc-number-brackets", "君民复字〔2021〕6号"),
        ("君民复字〔21〕6号", "doc-number-brackets", None),
        ("君民复字〔2021〕第6号", "doc-number-di", "君民复字〔2021〕6号"),
        ("君民复字〔2021〕06号", "doc-number-zero", "君民复字〔2021〕6号"),
        ("君民复字〔2021〕0号", "doc-number-zero", None),
        ("君民复字〔2021〕6", "doc-number-form", "君民复字〔2021〕6号"),
        ("君民复字〔2021〕 6 号", "doc-number-form", "君民复字〔2021〕6号"),
        ("民政局", "doc-number-brackets", None),
    ],
)
def test_the_document_number(number, rule, mended):
    letter = saying(doc_number=number)
    found = only(letter)
    assert (found.rule, found.level, found.place) == (rule, ERROR, "doc_number")
    assert fixes.fixed(letter).doc_number == (mended or number)


def test_several_faults_of_a_document_number_are_mended_together():
    letter = saying(doc_number="君民复字[2021]第06号")
    assert rules(letter) == ["doc-number-brackets", "doc-number-di", "doc-number-zero"]
    assert fixes.fixed(letter).doc_number == "君民复字〔2021〕6号"


@pytest.mark.parametrize(
    ("facts", "rule", "place"),
    [
        ({"date": None}, "no-date", "date"),
        ({"doc_number": " "}, "no-doc-number", "doc_number"),
        ({"result_class": ""}, "no-class", "result_class"),
        ({"disclosure": ""}, "no-disclosure", "disclosure"),
        ({"contacts": ()}, "no-contacts", "contacts"),
    ],
)
def test_what_a_whole_letter_has_is_missed_as_a_hint(facts, rule, place):
    found = only(replace(letters.FILE, **facts))
    assert (found.rule, found.level, found.place) == (rule, HINT, place)


def test_what_only_a_reply_has_is_not_missed_in_a_notice():
    notice = replace(letters.FILE, title="关于召开会议的通知", result_class="", disclosure="", contacts=())
    assert check(notice) == []
    assert check(replace(letters.FILE, contacts=(), note="（联系人：甲；电话：0730-8178696）")) == []
    assert check(replace(letters.PLAIN, doc_number="", result_class="", disclosure="")) == []


@pytest.mark.parametrize(
    ("marks", "rule", "spot"),
    [
        ("一、|（1）", "heading-skipped", 1),
        ("（一）|（二）", "heading-skipped", 0),
        ("一、|三、", "heading-misnumbered", 1),
        ("一、|（一）|（三）|二、", "heading-misnumbered", 2),
        ("九、", "heading-misnumbered", 0),
    ],
)
def test_wrong_orders_of_headings(marks, rule, spot):
    found = only(replace(saying(), paragraphs=_headed(marks)))
    assert (found.rule, found.place, found.start) == (rule, f"paragraphs:{spot + 2}", 0)


def _headed(marks):
    return ("你们的提案收悉，答复如下。", *(f"{mark}甲。" for mark in marks.split("|")), "谢谢你们，将努力。")


@pytest.mark.parametrize(
    "marks",
    ["一、|（一）|1.|（1）|（2）|2.|（二）|二、|（一）", "一、|1.|2.|二、|1.", "1.|2.|3.", "一、|二、"],
)
def test_good_orders_of_headings(marks):
    assert check(replace(saying(), paragraphs=_headed(marks))) == []


def test_what_a_colon_announces_is_a_list_that_counts_for_itself():
    body = ("一、甲有：", "（1）乙；", "（2）丙。", "还有：", "（1）丁；", "（2）戊。", "二、己。")
    assert check(saying(*body)) == []


def test_the_first_wrong_number_carries_the_fix_for_its_siblings():
    letter = replace(saying(), paragraphs=_headed("一、|三、|（一）|四、|七、"))
    mended = fixes.fixed(letter)
    assert [paragraph[:2] for paragraph in mended.paragraphs[1:-1]] == [
        "一、",
        "二、",
        "（一",
        "三、",
        "四、",
    ]
    assert check(mended) == []


def test_marks_of_headings_that_number_on():
    letter = saying("一、甲。", "1、乙。", "2、丙。", "1）丁。")
    assert rules(letter) == ["heading-mark"] * 3
    assert [p[:3] for p in fixes.fixed(letter).paragraphs[1:-1]] == ["一、甲", "1.乙", "2.丙", "（1）"]


def test_numerals():
    assert all(number_value(chinese_numeral(value)) == value for value in range(1, 100))
    assert number_value("一百零二".replace("零", "")) == 102


# Scripts


def test_a_simplified_letter_with_traditional_characters_and_the_reverse():
    said = "我局高度重視这项工作，把群众的事情办好办实，让大家都满意，让百姓有话语权。"
    found = only(saying(said))
    assert (found.rule, found.data["found"], found.data["expected"], found.start) == (
        "mixed-script",
        "視",
        "视",
        5,
    )
    traditional = replace(
        letters.PLAIN,
        language="zh-Hant",
        title="關於第51號提案的答復",
        addressees=("區政協委員會",),
        paragraphs=("你們的提案收悉，現答復如下：", "我們将認真研究。", "感謝你們的關心。"),
        contacts=("承辦人：甲",),
        disclosure="同意公開",
        result_class="B類",
        doc_number="君民復字〔2021〕6號",
    )
    found = [f for f in check(traditional) if f.rule == "mixed-script"]
    assert [(f.place, f.data["found"], f.data["expected"]) for f in found] == [("paragraphs:2", "将", "將")]


def test_a_scraped_letter_is_one_finding_with_the_repaired_text():
    letter = saying("對(duì)君山區(qū)政協(xié)的關(guān)心,我們(men)表示感謝(xiè)。")
    found = only(letter)
    assert (found.rule, found.place) == ("scraped", "paragraphs:2")
    assert fixes.apply(letter, [found]).paragraphs[1] == "对君山区政协的关心，我们表示感谢。"


# 您 and 你们


@pytest.mark.parametrize(
    ("letter", "rule", "mended"),
    [
        (to_one("请你们放心。"), "you-to-one", "请您放心。"),
        (to_one("您（你们）提出的问题。"), "you-to-one", "您提出的问题。"),
        (to_one("你提出的问题。"), "you-to-one", "您提出的问题。"),
        (saying("请您放心，您好。"), "you-to-many", "请你们放心，你们好。"),
        (saying("您们提出的问题。"), "you-to-many", "你们提出的问题。"),
        (saying("您提出的问题。", addressees=("甲委员", "乙委员")), "you-to-many", "你们提出的问题。"),
        (saying("您提出的问题。", addressees=("周望舒等3名委员",)), "you-to-many", "你们提出的问题。"),
        (saying("您提出的问题。", addressees=("周望舒委员和程远山委员",)), "you-to-many", "你们提出的问题。"),
        (saying("您提出的问题。", addressees=("各位委员",)), "you-to-many", "你们提出的问题。"),
    ],
)
def test_one_person_is_addressed_in_one_way_and_several_in_another(letter, rule, mended):
    found = only(letter)
    assert (found.rule, found.place, found.data["addressee"]) == (rule, "paragraphs:2", letter.addressees[0])
    assert fixes.fixed(letter).paragraphs[1] == mended


@pytest.mark.parametrize(
    "letter",
    [
        to_one("有人说：“你们办得好。”", addressees=("李和平委员",)),
        to_one("你追我赶，你中有我。", addressees=("尊敬的周望舒委员",)),
        to_one("好。", addressees=("买买提·艾力委员（民建）",)),
        saying("有人说：“谢谢您！”《您好》。"),
        saying("贵委提出的问题。"),
        to_one("贵委员提出的问题，贵委会商有关部门。"),
        to_one(paragraphs=("你提出的提案收悉，现答复如下：", "你的建议很好，下一步将落实，感谢你的关心。")),
        to_one("好。", addressees=("区政协之友",)),
    ],
)
def test_words_to_others_are_not_judged(letter):
    assert check(letter) == []


def test_two_ways_in_one_letter_are_told_even_if_nobody_knows_the_addressee():
    found = only(to_one("请你们放心。", addressees=("区政协之友",)))
    assert (found.rule, found.place, found.start) == ("you-mixed", "paragraphs:2", 1)


# The case

CASE = Case(
    proposers=("区政协社会法制和民族宗教委员会", "周望舒"),
    number=51,
    title="推进协商民主，优化基层自治",
    session="五届五次会议",
)


@pytest.mark.parametrize(
    ("letter", "rule", "place"),
    [
        (saying(addressees=("区政协经济科技委员会",)), "addressee-not-proposer", "addressees:1"),
        (to_one(addressees=("程远山委员",)), "addressee-not-proposer", "addressees:1"),
        (saying(title="关于区政协五届五次会议第15号提案的答复"), "number-in-title", "title"),
        (saying(title="关于区政协五届四次会议第51号提案的答复"), "session-in-title", "title"),
        (
            replace(saying(), paragraphs=("你们的第15号提案收悉，答复如下：", FRAME[1])),
            "number-in-body",
            "paragraphs:1",
        ),
        (
            replace(saying(), paragraphs=(FRAME[0].replace("》", "》（第15号）"), FRAME[1])),
            "number-in-body",
            "paragraphs:1",
        ),
        (
            replace(saying(), paragraphs=(FRAME[0].replace("基层", "乡村"), FRAME[1])),
            "title-quoted",
            "paragraphs:1",
        ),
    ],
)
def test_the_letter_is_held_against_its_case(letter, rule, place):
    found = only(letter, CASE)
    assert (found.rule, found.place) == (rule, place)
    assert rules(letter) in ([], ["number-in-body"])  # the title's number alone is a witness as well
    assert check(fixes.fixed(letter, CASE), CASE) == ([] if found.fix else [found])


@pytest.mark.parametrize(
    ("letter", "case"),
    [
        (to_one(), CASE),
        (to_one(addressees=("周望舒等委员",), paragraphs=FRAME), CASE),
        (saying(addressees=("君山区政协社会法制和民族宗教委员会",)), CASE),
        (saying(title="关于五届五次会议第51、52号提案的答复"), CASE),
        (saying("与第15号提案一并办理。"), CASE),
        (saying(), replace(CASE, title="关于推进协商民主、优化基层自治的建议")),
        (saying(), Case()),
        (saying(title="关于做好工作的答复"), CASE),
    ],
)
def test_what_agrees_with_the_case(letter, case):
    assert check(letter, case) == []


def test_a_number_in_a_quoted_title_is_not_the_proposals():
    opening = "你们提出的《关于第15号提案办理情况的建议》（第51号）收悉，答复如下："
    assert check(replace(saying(), paragraphs=(opening, FRAME[1]))) == []


def test_without_a_case_the_titles_number_is_the_witness():
    letter = replace(saying(), paragraphs=("你们的第15号提案收悉，答复如下：", FRAME[1]))
    found = only(letter)
    assert (found.rule, found.data["found"], found.data["expected"]) == ("number-in-body", "15", 51)


# Opening, closing, class


def test_opening_and_closing_are_missed_as_hints_and_in_a_reply_alone():
    letter = replace(saying(), paragraphs=("我局计划做好这项工作。",))
    assert rules(letter) == ["no-opening", "no-answer-phrase", "no-thanks"]
    assert rules(replace(letter, title="关于召开会议的通知")) == []


@pytest.mark.parametrize(
    ("mark", "said", "rule", "found"),
    [
        ("A类", "因资金不足，目前无法解决。", "class-a-open", "目前无法"),
        ("A类", "过去已修通，目前无法解决拓宽，一期已完工。", "class-a-open", "目前无法"),
        ("A类", "目前无法全部解决，部分已解决。", "class-a-open", "目前无法"),
        ("A类", "该路段暂不能拓宽。", "class-a-open", "暂不能"),
        ("A类", "已列入2022年度建设计划。", "class-a-open", "列入2022年度建设计划"),
        ("C类", "这个问题已经解决。", "class-c-done", "已经解决"),
        ("C类", "问题已得到妥善解决。", "class-c-done", "已得到妥善解决"),
    ],
)
def test_a_text_that_contradicts_its_class(mark, said, rule, found):
    one = only(saying(said, result_class=mark))
    assert (one.rule, one.place, one.data["found"], one.data["mark"]) == (rule, "paragraphs:2", found, mark)
    assert (one.start, one.end) == (said.find(found), said.find(found) + len(found))


def test_a_class_of_plans_without_any_plan():
    body = ("你们的提案收悉，答复如下：", "问题很多。", "谢谢你们。")
    found = only(replace(saying(), paragraphs=body))
    assert (found.rule, found.place) == ("class-b-undated", "result_class")
    assert check(replace(saying(), paragraphs=(*body[:2], "年底前完成，谢谢你们。"))) == []


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("A类", "解决了群众无法就近就医的问题，已列入去年计划并全部完成。"),
        ("A类", "此前停车位不足，群众无法满足停车需要。新增车位200个。"),
        ("A类", "因资金不足暂不能拓宽的路段，经多方筹措，已全部解决。"),
        ("A类", "过去暂不具备条件，现已满足。"),
        ("C类", "其他区的同类问题已经解决，外地也是如此，兄弟县市已得到妥善解决。"),
        ("C类", "问题尚未得到解决，希望早日得到全面解决，条件成熟后争取使其得到彻底解决。"),
        ("D类", "目前无法解决。"),
        ("", "目前无法解决。"),
    ],
)
def test_words_that_do_not_contradict_the_class(mark, said):
    assert not [rule for rule in rules(saying(said, result_class=mark)) if rule.startswith("class-")]


# Numbers of persons

IDENTITY = "11010519491231002X"
CARD = "6222021234567890128"


def luhn(number):
    """The number with its check figure."""
    figures = [int(char) for char in number]
    total = sum(sum(divmod(2 * one, 10)) for one in figures[::-2]) + sum(figures[-2::-2])
    return number + str(-total % 10)


@pytest.mark.parametrize(
    ("said", "rule", "masked"),
    [
        (f"申请人身份证号{IDENTITY}。", "id-number", "110***********002X"),
        ("请拨打13812345678。", "mobile-number", "138****5678"),
        ("请拨打138-1234-5678。", "mobile-number", "138******5678"),
        (f"卡号{luhn('622202123456789012')}。", "bank-card", None),
        (f"账号：{luhn('430602123456789')}。", "bank-card", None),
    ],
)
def test_numbers_of_persons_in_a_letter_that_is_published(said, rule, masked):
    found = only(saying(said))
    assert (found.rule, found.place, said[found.start].isdigit()) == (rule, "paragraphs:2", True)
    assert not found.fix
    assert masked in (None, found.data["found"])
    for disclosure in ("不予公开", "依申请公开"):
        assert check(saying(said, disclosure=disclosure)) == []


@pytest.mark.parametrize(
    "said",
    [
        "电话0730-8178696、12345，编号13812345678901，投资13812345678元，110105194912310021。",
        f"项目代码{luhn('430602123456789')}，{luhn('622202123456789012')[:-1]}7，统一社会信用代码91430600MA4L123456。",
    ],
)
def test_other_long_numbers(said):
    assert check(saying(said)) == []


def test_a_mobile_number_of_the_contact_is_a_hint():
    found = only(saying(contacts=("承办人：贾济民 13812345678",)))
    assert (found.rule, found.level, found.place) == ("mobile-in-contacts", HINT, "contacts:1")


# Fixes


def test_of_two_fixes_that_touch_the_first_wins_and_a_fix_for_another_text_is_left_out():
    letter = saying("我们的的工作,好.")
    findings = check(letter)
    assert fixes.apply(letter, [*findings, *findings]) == fixes.apply(letter, findings)
    assert fixes.apply(letters.saying(letters.PLAIN, "短"), findings) == letters.saying(letters.PLAIN, "短")
    assert fixes.apply(letter, findings).paragraphs[1] == "我们的工作，好。"


def test_a_text_keeps_indents_and_line_ends():
    source = (
        "\ufeff---\r\nform: file\r\ntitle: 关于某事的通知,第一号\r\n---\r\n\r\n　　区民政局：\r\n\r\n　　好,的.  \r\n"
        "1、甲。\r\n2021-05-25\r\n联系人:贾\r\n"
    )
    assert fixes.fixed_text(source) == source.replace("好,的.", "好，的。").replace("1、", "1.").replace(
        "人:", "人："
    ).replace("通知,", "通知，")


def test_a_value_of_the_front_matter_is_mended_where_it_stands():
    source = f"---\ndoc_number: 君民复字〔2021〕06号\nresult_class: B类\n---\n{letters.SAMPLE}"
    assert fixes.fixed_text(source) == source.replace("06号", "6号")


def test_a_document_number_is_mended_where_it_stands():
    source = "君民复字[2021]第06号　　B类　同意公开\n" + letters.SAMPLE
    assert fixes.fixed_text(source) == "君民复字〔2021〕6号　　B类　同意公开\n" + letters.SAMPLE


def test_a_scraped_text_becomes_the_clean_one():
    raw = (Path(__file__).parent / "data" / "junshan-51.raw.txt").read_text(encoding="utf-8")
    assert fixes.fixed_text(raw) == letters.SAMPLE
    assert fixes.fixed_text(letters.SAMPLE) == letters.SAMPLE


@pytest.mark.parametrize("line", ["2021-05-25", "2021年05月25日", "二〇二一年五月二十五日", "2021年5月25日"])
def test_a_line_that_is_only_a_date_gets_no_stop(line):
    body = (*FRAME, line)
    assert fixes.fixed(replace(saying(), paragraphs=body)).paragraphs == (*FRAME, "2021年5月25日")


def test_a_date_is_no_fault_of_the_day():
    assert check(saying("已于2021年2月29日、2021-02-30开工。", date=datetime.date(2021, 5, 25))) == []
