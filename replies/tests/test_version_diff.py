"""What a person would mark of a change, and how long the marking takes. [-taken out-] {+put in+}."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replies.changes import parts, passages, sizes
from replies.version_diff import KEPT, PUT_IN, TAKEN_OUT, Change, differences
from tests.texts import COMMON, PAIRS, SAMPLE, edited, text_of

SIGNS = {TAKEN_OUT: "[-{}-]", KEPT: "{}", PUT_IN: "{{+{}+}}"}


def shown(changes: list[Change]) -> str:
    return "".join(SIGNS[op].format(text) for op, text in changes)


def before_of(marks: str) -> str:
    return _without(marks, "{+", "+}").replace("[-", "").replace("-]", "")


def after_of(marks: str) -> str:
    return _without(marks, "[-", "-]").replace("{+", "").replace("+}", "")


def _without(marks: str, opens: str, closes: str) -> str:
    while opens in marks:
        head, _opens, rest = marks.partition(opens)
        marks = head + rest.partition(closes)[2]
    return marks


# Each says both texts: what stands in the signs was taken out or put in.
AS_A_PERSON_MARKS = [
    # single characters and words
    "一、强意识，从基层[-做-]{+抓+}起。",
    "我局将[-后段-]{+年底前+}推广。",
    "{+不断+}强化民主协商意识。",
    "强化民主协商意识{+和责任意识+}。",
    "感谢您对{+我区+}民政工作的关心和支持！",
    "[-进一步-]完善议事规则。",
    "各{+个+}村{+和+}居都要建立议事会。",
    "[-加强-]{+推进+}工作[-力-]{+进+}度",
    # numbers, sums, dates: each whole
    "定于[-2021-]{+2022+}年开工。",
    "于[-2021-]{+2022+}年[-5-]{+6+}月完成。",
    "增长[-3.5%-]{+3.8%+}。",
    "投入[-120-]{+1,250+}万元。",
    "联系电话：0730-[-4160101-]{+4160102+}",
    "君民提〔2021〕[-3-]{+13+}号",
    "投资[-0.5亿-]{+5000万+}元。",
    "属[-B-]{+A+}类。",
    "于[-五-]{+六+}月[-二十五-]{+一+}日答复，补助[-一百二十万-]{+一百五十万+}元。",
    "承办人：[-葛\U000e0100-]{+葛\U000e0101+}某",
    # clauses of a list, cut where a clause begins
    "一是加强领导，二是{+强化培训，三是+}落实经费。",
    "由区民政局{+、区财政局+}负责。",
    "张三、[-李四-]{+赵六+}、王五",
    "建立议事会[-、理事会-]和监事会。",
    "落实经费，{+加强督查，+}确保按期完成。",
    # no scattered leftovers between two new phrases
    "[-甲的乙-]{+丙的丁+}",
    "[-下一步，我们将认真研究您的建议，积极争取上级资金支持，尽快启动该项目建设-]"
    "{+目前该路段已列入明年养护计划，预计二季度完工+}。",
    "一、[-我区农村公路建设起步晚、标准低-]{+全区的路网已经基本成形+}。",
    # what was kept on purpose in a sentence that was written anew
    "我局[-将积极协调相关部门，进一步加大资金投入力度，改善-]{+已会同交通、财政等部门，落实资金1200万元，+}"
    "农村道路通行条件{+明显改善+}。",
    "{+今后，+}我们将[-在今后的工作中，-]认真吸纳您的意见，[-不断-]改进工作方法，{+不断+}提高服务{+质量和+}水平。",
    "[-由于-]{+因+}资金缺口较大，[-该-]项目[-暂时无法-]{+今年暂不+}实施[-，-]{+；+}我局将积极[-向上-]争取{+上级+}资金"
    "{+，条件成熟后及时启动+}。",
    "该路段全长3.2公里[-，路面-]{+、+}宽5米，[-2019年建成-]{+建成于2019年+}",
    "[-2021-]{+2022+}年，投入资金[-100-]{+150+}万元，受益群众[-3000-]{+3500+}人",
    # sentences that changed places
    "一是[-加大宣传力度。二是-]加强日常巡查。{+二是加大宣传力度。+}三是严格执法。",
    # punctuation
    "关心[-和-]{+、+}支持",
    "《关于推进协商民主的意见》[-（试行）-]",
    "工作推进顺利[-，-]{+。+}下一步",
    # paragraphs: whole ones, their breaks, their places
    "同时，我局将加大宣传。\n{+同时，我局将开展培训。\n+}感谢您的建议。",
    "第一段在此。{+\n第二段是新的。+}",
    "第一段在此。\n[-第二段不要了。\n-]第三段在此。",
    "第一段的内容在此。[-\n-]第二段有别的话。",
    "第一段的内容在此。{+\n+}第二段有别的话。",
    "{+感谢您对民政工作的支持。\n+}首先说明情况。\n然后说明打算。[-\n感谢您对民政工作的支持。-]",
    # nothing, or all of it
    "{+新的一稿。+}",
    "[-旧的一稿。-]",
    "没有改动。",
]


@pytest.mark.parametrize("marks", AS_A_PERSON_MARKS)
def test_a_change_is_marked_as_a_person_marks_it(marks: str):
    assert shown(differences(before_of(marks), after_of(marks))) == marks


# The published sample as a clerk and an office that checks would work on it; each is one edit of the whole letter.
IN_THE_SAMPLE = [
    ["摸索了一些好的[-工作方-]{+做+}法，取得了[-很好的成绩-]{+较好成效+}。"],
    ["我局党组高度重视，[-召开-]专题[-会议进行了-]研究，"],
    ["来评议。[-让老百姓有自治的责任感和当家做主的荣誉感-]{+切实增强群众的主人翁意识+}。"],
    ["管理模式等。{+目前已在12个村（居）推开。+}还有些村（居）"],
    ["事半功倍的效果[-，会有真正当家做主的幸福感-]。"],
    [
        "我局[-会根据-]{+将认真吸收+}你们的建议，[-结合我们已经取得的-]{+总结已有+}经验[-来-]{+，+}"
        "做好基层政权[-的相关-]{+建设各项+}工作。"
    ],
    [
        "[-后段-]{+年底前+}，我局将{+在全区+}推广这些行之有效的方法和模式，"
        "[-继续组织开展工作思路的创新，在全区范围内，征集全面推进-]{+面向各村（居）征集+}民主协商的好"
        "[-方-]{+做+}法、金点子，{+评选一批+}优秀范例[-或模式，有力促进基层协商民主工作-]。"
    ],
    ["{+四、抓督查，促落实见效。我局每季度督查一次，结果在全区通报。\n+}[-四-]{+五+}、建机制"],
    ["制度，[-对-]{+是+}巩固", "协商民主[-。-]这个", "2021年[-5-]{+6+}月[-25-]{+1+}日"],
    [
        "从基层[-做-]{+抓+}起。[-强化民主协商意识，主要在-]{+重点抓好+}两个层面[-，-]{+：+}一是[-强化-]{+增强+}"
        "村（居）{+“+}两委{+”+}班子的群众意识，[-提高-]{+牢固树立+}“协商于民、协商为民”的"
        "[-思想认识。-]{+理念；+}二是[-强化-]{+增强+}居民当家做主的主人翁意识，推[-进-]{+动+}协商民主[-真正-]落到实处。"
    ],
    ["让居民懂得[-在制度的范围内-]，既有[-充分-]自主权，又有[-必要的-]制度约束。{+\n+}充分发挥议事会的作用"],
    ["承办人[-及联系人-]电话：[-贾-]{+申+}济民 0730-[-8178696-]{+8178697+}"],
]


@pytest.mark.parametrize("edits", IN_THE_SAMPLE)
def test_the_published_letter_is_marked_as_a_person_marks_it(edits: list[str]):
    marks = SAMPLE
    for edit in edits:
        assert marks.count(before_of(edit)) == 1
        marks = marks.replace(before_of(edit), edit)
    assert shown(differences(SAMPLE, after_of(marks))) == marks


def test_paragraphs_that_changed_places_are_marked_whole_and_said_to_be_moved():
    two, three = "二、健全制度，用规矩管理各项事务。", "三、创新模式，寻找各种有效办法。"
    found = differences(f"开头。\n{two}\n{three}\n结尾。", f"开头。\n二{three[1:]}\n三{two[1:]}\n结尾。")
    moved = [part for part in parts(found) if part.is_moved]
    assert [part.is_new for part in moved] == [True, False]
    assert [shown(part.changes) for part in moved] == [f"{{+二{three[1:]}+}}", f"[-{three}-]"]


def test_unchanged_paragraphs_are_folded_between_changed_ones():
    before = "\n".join(f"第{n}段的内容。" for n in range(1, 20))
    found = parts(differences(before, before.replace("第5段", "第五段").replace("第18段", "第十八段")))
    assert [len(part.unchanged) for part in found] == [4, 0, 12, 0, 1]


def test_a_break_that_was_lost_between_kept_words_has_a_sign():
    assert [shown(line) for line in passages(differences("甲乙。\n丙丁。", "甲乙。丙丁。"))] == [
        "甲乙。[-¶-]"
    ]


@given(st.text("的一二了，。\n15a", max_size=60), st.text("的一二了，。\n15a", max_size=60))
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost_or_made_up(before: str, after: str):
    found = differences(before, after)
    assert "".join(text for op, text in found if op != PUT_IN) == before
    assert "".join(text for op, text in found if op != TAKEN_OUT) == after
    assert all(text for _op, text in found)
    if before == after:
        assert sizes(found) == (0, 0)
    # Every character of either text stands in some part of the page.
    assert len(passages(found)) <= len(parts(found))


@given(st.integers(1, 60), st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_scattered_edits_stay_small(edits: int, seed: int):
    found = differences(SAMPLE, edited(SAMPLE, edits, seed))
    put_in, taken_out = sizes(found)
    assert put_in + taken_out <= 40 * edits


@pytest.mark.parametrize("name", PAIRS)
def test_five_thousand_characters_take_less_than_fifty_milliseconds(name: str):
    before, after = PAIRS[name]
    best = 1.0
    for _ in range(5):
        started = time.process_time()
        differences(before, after)
        best = min(best, time.process_time() - started)
    assert best < 0.05


def test_a_text_far_beyond_any_letter_is_compared_as_well():
    before, after = text_of(COMMON, 60, 11, 100_000), text_of(COMMON, 60, 12, 100_000)
    started = time.process_time()
    found = differences(before, after)
    assert time.process_time() - started < 2
    assert "".join(text for op, text in found if op != PUT_IN) == before
    edits = edited(before, 100, 13)
    assert sum(sizes(differences(before, edits))) < 5000
