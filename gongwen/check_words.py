"""Rules of language: doubled words, two scripts in one text, text copied from the web, 您 and 你们.

What is natural in Chinese and only looks doubled (天天, 研究研究, 一个一个) is listed here, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongwen import repair, text
from gongwen.document import Letter
from gongwen.findings import Edit, Finding, Spans, body, finding, is_reply, mendable, texts, with_fix
from gongwen.variants import converted, is_foreign


def findings(letter: Letter) -> Iterator[Finding]:
    """All findings of these rules, in the order of the page."""
    yield from _mixed_scripts(letter)
    for place, paragraph in body(letter):
        yield from _doubled(place, paragraph)
    yield from _you(letter)


# Doubled words

# A word of one character that is never written twice: what may stand before it, and what may follow it, so that
# the two belong to different words (总和和, 进行了了解, 的的确确). 对, 为, 与 and their like are not here: 对对外开放,
# 为为民服务 and 与与我区 are good Chinese.
_TWICE = {
    "的": ("目标打", "确士"),
    "了": ("不小草甚为除明", "解结却断事然如"),
    "和": ("总缓温谐平调饱共求暖柔", "美气睦"),
    "及": ("以涉普", "时早格第物其至"),
    "我": ("自", ""),
    "们": ("", ""),
    "于": ("关对由等属位处基终至鉴限便利用", "都"),
    "但": ("", "凡"),
    "也": ("", ""),
    "很": ("", ""),
    "已": ("而", ""),
    "这": ("", ""),
    "在": ("现存所正实潜内", "建校岗职编册线场产任家外内地押读研营用役握逃"),
    "是": ("但可于只就还总要凡若倒正硬", "非"),
}
_ONE = re.compile("|".join(f"{char}{{2,}}" for char in _TWICE))

_PHRASE = re.compile(f"({text.HAN}{{2,6}}?)\\1+")
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿两几")
# Verbs and adverbs that are said twice, and words whose second half begins the next one (工作工作组).
_SAID_TWICE = frozenset(
    re.findall(
        "..",
        "研究讨论商量考虑了解学习交流锻炼休息打听介绍解决活动商议参谋比较整理关心照顾帮助体验认识尝试检查打扫"
        "收拾回顾反思梳理非常很多好多十分许多永远慢慢多多谢谢常常渐渐大家",
    )
)
_SUFFIXES = "性化者型类部局"
_NEXT_WORD = "组队者人生卡委局室会部处科员所站日证费家厅院办群商界部长期区"


def _doubled(place: str, paragraph: str) -> Iterator[Finding]:
    spans: Spans = []
    for match in _ONE.finditer(paragraph):
        word = match.group()[0]
        before, after = _TWICE[word]
        if _free(paragraph, match, before, after):
            spans.append((*match.span(), word))
    for match in _PHRASE.finditer(paragraph):
        if not _is_natural(paragraph, match):
            spans.append((*match.span(), match[1]))
    spans = _apart(sorted(spans))
    if spans:
        yield mendable("words-doubled", place, paragraph, spans)


def _free(paragraph: str, match: re.Match[str], before: str, after: str) -> bool:
    """Neither neighbour binds the two to different words."""
    left, right = paragraph[: match.start()][-1:], paragraph[match.end() : match.end() + 1]
    return not (left and left in before) and not (right and right in after)


def _is_natural(paragraph: str, match: re.Match[str]) -> bool:
    phrase = match[1]
    after = paragraph[match.end() : match.end() + 1]
    return (
        len(set(phrase)) == 1
        or phrase[0] in "每逐几"  # 逐户逐户
        or ("一" in phrase and len(phrase) <= 3)  # 一个一个, 未成年人一人一档
        or all(char in _NUMERALS for char in phrase)  # 二〇二〇
        or (bool(after) and after in _SUFFIXES)  # 保障保障性住房
        or (len(phrase) == 2 and (phrase in _SAID_TWICE or (bool(after) and after in _NEXT_WORD)))
    )


def _apart(spans: Spans) -> Spans:
    kept: Spans = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


# Scripts


def _mixed_scripts(letter: Letter) -> Iterator[Finding]:
    for place, content in texts(letter):
        foreign = [spot for spot, char in enumerate(content) if is_foreign(char, letter.language)]
        if not foreign:
            continue
        right = converted(content, letter.language)
        if len(right) != len(content):
            right = "".join(converted(char, letter.language)[:1] for char in content)
        spans = [(spot, spot + 1, right[spot]) for spot in foreign if right[spot] != content[spot]]
        if spans:
            yield mendable("mixed-script", place, content, spans, expected="".join(s[2] for s in spans[:20]))


_BY_REPAIR = ("title", "addressees", "paragraphs", "contacts", "note", "attachments", "copies_to")


def scraped(letter: Letter) -> Iterator[Finding]:
    """One finding for the whole letter, at its first paragraph that is concerned; its fix is what repair makes."""
    if letter.language == "zh-Hant":
        return
    parts = [(place, said) for place, said in texts(letter) if place.partition(":")[0] in _BY_REPAIR]
    whole = "\n".join(said.replace("\n", "\v") for _place, said in parts)
    if not repair.looks_scraped(whole):
        return
    repaired = [line.replace("\v", "\n") for line in repair.repair(whole).split("\n")]
    fix = [
        Edit(place, 0, len(said), right)
        for (place, said), right in zip(parts, repaired, strict=False)
        if right != said
    ]
    if fix:
        found = "".join(dict.fromkeys(char for char in whole if is_foreign(char, letter.language)))
        at = next((edit for edit in fix if edit.place.startswith("paragraphs")), fix[0])
        told = finding("scraped", at.place, (0, at.end), found=found)
        yield with_fix(told, fix)


# 您 and 你们

_ONE_PERSON = re.compile(f"[{text.HAN[1:-1]}·]{{2,10}}?(?:委员|代表|先生|女士|同志|主席|主任|老师|教授|院士)")
_MANY = re.compile(
    "^(?:各|全体|诸)|等[0-9一二三四五六七八九十]*[名位人]?(?:委员|代表|同志)?$|(?:委员|代表|先生|女士|同志)[和与及]"
    "|^.{2,4}[和与及].{2,4}(?:委员|代表|同志)$"
)
_BODY = re.compile("(?:会|组|局|办|室|部|厅|院|委|府|党|盟|社|团|公司|单位|中心)$")
_QUOTED = re.compile("“[^“”]{0,500}”|《[^《》]{0,500}》|「[^「」]{0,500}」")
_TO_ONE = re.compile(
    "您[（(]你们[）)]|你们[（(]您[）)]|你们|贵委(?![员会])|你(?=提出|的提案|的建议|的关心|对我|对本|反映|好[！，。])"
)
_TO_MANY = re.compile("您[（(]你们[）)]|你们[（(]您[）)]|您们?")


def _you(letter: Letter) -> Iterator[Finding]:
    """您 to one person, 你们 to several or to a body; what is quoted is not said to the addressee.

    Many offices say 你 to one person throughout; only beside 您 is it a slip.
    """
    names = [name for name in letter.addressees if name.strip()]
    to_one, to_many = _speaks_to(names)
    if not to_one and not to_many:
        yield from _you_mixed(letter)
        return
    rule, pattern, right = ("you-to-one", _TO_ONE, "您") if to_one else ("you-to-many", _TO_MANY, "你们")
    says_nin = any("您" in _QUOTED.sub("", paragraph) for _place, paragraph in body(letter))
    for place, paragraph in body(letter):
        quoted = text.covered(paragraph, _QUOTED)
        found = (m for m in pattern.finditer(paragraph) if not quoted[m.start()])
        spans = [(*m.span(), right) for m in found if says_nin or m.group() != "你"]
        if spans:
            yield mendable(rule, place, paragraph, spans, addressee=names[0], expected=right)


def _speaks_to(names: list[str]) -> tuple[bool, bool]:
    """(one person, several or a body); neither where the name tells nothing."""
    if len(names) != 1:
        return False, len(names) > 1
    name = re.sub(r"[（(].*?[）)]|\s", "", names[0]).removeprefix("尊敬的")
    if _MANY.search(name):
        return False, True
    return bool(_ONE_PERSON.fullmatch(name)), bool(_BODY.search(name))


def _you_mixed(letter: Letter) -> Iterator[Finding]:
    if not is_reply(letter):
        return
    said: dict[str, tuple[str, tuple[int, int]]] = {}
    for place, paragraph in body(letter):
        quoted = text.covered(paragraph, _QUOTED)
        for match in re.finditer("您|你们", paragraph):
            if not quoted[match.start()]:
                said.setdefault(match.group(), (place, match.span()))
    if len(said) == 2:
        place, span = list(said.values())[1]
        yield finding("you-mixed", place, span, found=" ".join(said))
