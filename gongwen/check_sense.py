"""Rules of sense: the letter against its case, its opening and closing, its class, numbers of persons.

What a word means is guessed here; so these are warnings and hints, except where the case itself is the witness.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from gongwen.document import Letter
from gongwen.findings import Case, Edit, Finding, body, finding, first, is_reply, texts, with_fix
from gongwen.private import CARD, IDENTITY, MOBILE
from gongwen.text import covered
from gongwen.variants import converted


def findings(letter: Letter, case: Case | None) -> Iterator[Finding]:
    """All findings of these rules, in the order of the page."""
    if case:
        yield from _addressees(letter, case)
        yield from _session(letter, case)
        yield from _quoted_title(letter, case)
    yield from _numbers(letter, case)
    yield from _frame(letter)
    yield from _class(letter)
    yield from _persons(letter)


# The case

_TITLES = re.compile("(?:委员|代表|先生|女士|同志|主席|主任|老师|教授|院士)$")
_SEVERAL = re.compile("等[0-9一二三四五六七八九十]*[名位人]?(?:委员|代表|同志)?$")


def _addressees(letter: Letter, case: Case) -> Iterator[Finding]:
    known = [_bare_name(name) for name in case.proposers if name.strip()]
    if not known:
        return
    for number, name in enumerate(letter.addressees, start=1):
        bare = _bare_name(name)
        if bare and not any(_same_name(bare, other) for other in known):
            place = f"addressees:{number}"
            yield finding("addressee-not-proposer", place, found=name, expected="、".join(case.proposers))


def _bare_name(name: str) -> str:
    name = re.sub(r"[（(].*?[）)]|[\s：:]", "", name).removeprefix("尊敬的")
    return _TITLES.sub("", _SEVERAL.sub("", name))


def _same_name(one: str, other: str) -> bool:
    """The same, or a body with its place in front or without it; names of persons are too short for that."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= 4 and long.endswith(short))


_SESSION = re.compile("([一二三四五六七八九十]+)[届屆](?:([一二三四五六七八九十]+)次)?")


def _session(letter: Letter, case: Case) -> Iterator[Finding]:
    wanted, found = _SESSION.search(case.session), _SESSION.search(letter.title)
    if not wanted or not found:
        return
    for group in (1, 2):
        if found[group] and wanted[group] and found[group] != wanted[group]:
            told = finding(
                "session-in-title", "title", found.span(), found=found.group(), expected=wanted.group()
            )
            yield with_fix(told, [Edit("title", *found.span(group), wanted[group])])
            return


_RECEIVED = re.compile("收悉|收到|收阅|悉知|提出的")


def _quoted_title(letter: Letter, case: Case) -> Iterator[Finding]:
    """The first name in 《》 of the passage that says what was received is the proposal's."""
    wanted = converted(case.title.strip(), letter.language)
    for place, paragraph in list(body(letter))[:3]:
        match = re.search("《([^《》]{1,200})》", paragraph)
        if wanted and match and _RECEIVED.search(paragraph):
            if not _same_title(match[1], wanted):
                told = finding("title-quoted", place, match.span(1), found=match[1], expected=wanted)
                yield with_fix(told, [Edit(place, *match.span(1), wanted)])
            return


def _same_title(one: str, other: str) -> bool:
    """But for marks and for 关于…的建议 around it."""
    bare = [re.sub(r"[\W_]|^关于|的?(?:建议|提案)$", "", title) for title in (one, other)]
    return bare[0] in bare[1] or bare[1] in bare[0]


_OF_PROPOSAL = re.compile(r"第?\s*(?P<number>[0-9]{1,6})\s*号\s*(?:的?\s*(?:提案|建议|议案))")
_LISTED = re.compile(r"第?\s*[0-9]{1,6}(?:\s*号?\s*[、，和及]\s*第?\s*[0-9]{1,6})+\s*号")


# 《…》（第51号）
_BEHIND_TITLE = re.compile(r"》\s*[（(]\s*(?:提案|建议|议案)?\s*第?\s*(?P<number>[0-9]{1,6})\s*号\s*[）)]")
_TITLE = re.compile("《[^《》]{0,200}》")


def _unquoted(pattern: re.Pattern[str], said: str) -> Iterator[re.Match[str]]:
    """Where the pattern stands outside the titles that the text quotes."""
    quoted = covered(said, _TITLE)
    return (match for match in pattern.finditer(said) if not quoted[match.start()])


def _numbers(letter: Letter, case: Case | None) -> Iterator[Finding]:
    """第51号: in the title as the case has it, in the opening as the title has it or the case."""
    in_title = next(_unquoted(_OF_PROPOSAL, letter.title), None)
    if _LISTED.search(letter.title):
        return  # one letter for several proposals
    known = case.number if case else None
    if in_title and known is not None and int(in_title["number"]) != known:
        yield _other_number("number-in-title", "title", in_title, known)
    expected = known if known is not None else in_title and int(in_title["number"])
    if expected is not None:
        yield from first(
            _other_number("number-in-body", place, match, expected)
            for place, paragraph in list(body(letter))[:3]
            if _RECEIVED.search(paragraph) and not _LISTED.search(paragraph)
            for match in (*_unquoted(_OF_PROPOSAL, paragraph), *_BEHIND_TITLE.finditer(paragraph))
            if int(match["number"]) != expected
        )


def _other_number(rule: str, place: str, match: re.Match[str], expected: int) -> Finding:
    span = match.span("number")
    told = finding(rule, place, span, found=match["number"], expected=expected)
    return with_fix(told, (Edit(place, *span, str(expected)),))


# Opening and closing

_RECEIPT_WORDS = re.compile("悉|收到|收阅")
_ANSWER_WORDS = re.compile(
    "(?:答复|回复|函复|汇报|说明|函告|反馈|报告)如下|如下(?:答复|回复|说明)|作(?:出)?答复"
)
_THANKS = re.compile("谢|欢迎|希望|关心|支持|指导|监督|建议")


def _frame(letter: Letter) -> Iterator[Finding]:
    """收悉, 现答复如下 and thanks are what every reply says (practice; no standard asks for it)."""
    paragraphs = [said for said in body(letter) if said[1].strip()]
    if not paragraphs or not is_reply(letter):
        return
    opening = "".join(paragraph for _place, paragraph in paragraphs[:3])
    if not _RECEIPT_WORDS.search(opening):
        yield finding("no-opening", paragraphs[0][0], expected="收悉")
    if not _ANSWER_WORDS.search(opening):
        yield finding("no-answer-phrase", paragraphs[0][0], expected="现答复如下")
    if not any(_THANKS.search(paragraph) for _place, paragraph in paragraphs[-3:]):
        yield finding("no-thanks", paragraphs[-1][0])


# Class: A solved, B being solved or planned, C not to be solved now (the usual meaning of the letters)

_NOT_NOW = re.compile(
    "暂(?:时)?(?:不能|无法|不具备|未能|难以|不宜|缓)|(?:尚|还|仍)(?:未|没有)(?:得到)?(?:解决|落实|完成)|不具备[^，。；]{0,8}条件"
    "|(?:目前|现阶段|短期内|近期|我局|我委|我办)[^，。；]{0,10}(?:无法|不能|难以)"
    "|(?:无法|不能|难以)(?:予以)?(?:解决|实施|办理|落实|安排|建设|采纳|满足|纳入|推进|实现)"
    "|(?:列入|纳入)[^，。；]{0,16}(?:计划|规划)(?!.{0,12}(?:完成|建成|实施完|竣工|解决))"
)
_DONE = re.compile(
    "(?<![未没待不若如])(?:已|已经)(?:得到)?(?:全部|基本|彻底|全面|妥善|圆满)?(?:得到)?(?:解决|办结|落实到位)"
    "|(?:得到|予以)(?:了)?(?:全面|彻底|圆满|妥善|全部)解决"
)
_NOT_YET = re.compile("[未没待难若如]|不能|希望|争取|力争|确保|推动|努力|尽快|直至|直到|使|让")
_PLAN = re.compile(
    "[0-9一二三四五六七八九十〇]年|[0-9一二三四五六七八九十]月|[月季年]底|年内|明年|今年|下半年|计划|规划|拟|将|下一步|后段|"
    "正在|逐步|推进|力争|争取|预计|安排|启动|筹|立项|会(?:同|根据|通过|继续)|进一步|继续|着手|起草|编制|研究|尽快|强化|加强|建立"
)


def _class(letter: Letter) -> Iterator[Finding]:
    mark = letter.result_class.strip()
    kind = mark[:1].upper()
    if kind == "A":
        yield from _contradicting("class-a-open", letter, _NOT_NOW, mark)
    elif kind == "C":
        yield from _contradicting("class-c-done", letter, _DONE, mark)
    elif kind == "B":
        paragraphs = [paragraph for _place, paragraph in body(letter)]
        if "".join(paragraphs).strip() and not any(map(_PLAN.search, paragraphs)):
            yield finding("class-b-undated", "result_class", found="", mark=mark)


def _contradicting(rule: str, letter: Letter, words: re.Pattern[str], mark: str) -> Iterator[Finding]:
    """The first words of the text that say the opposite of the class."""
    for place, paragraph in body(letter):
        for match in words.finditer(paragraph):
            is_excused = _is_settled if rule == "class-a-open" else _is_elsewhere
            if not is_excused(match):
                yield finding(rule, place, match.span(), found=match.group(), mark=mark)
                return


# The sentence goes on: …，已全部解决。 Or it tells of the past: 此前…，过去…
_SETTLED = re.compile(
    "(?<![未没待])(?:已|已经)(?:全部|基本|彻底|全面|妥善|圆满|都|均)?(?:得到|予以)?(?:了)?(?:全面|彻底|妥善|圆满)?"
    "(?:解决|办结|落实到位|满足|具备)|(?<![未没待])已(?:经)?全部|现(?:已|均已|在已|都已)"
)
_PARTLY = re.compile("部分|少数|个别|一期|仅")
_PAST = re.compile("此前|以前|之前|过去|曾|原先|当时|一度")
_PRESENT = re.compile("目前|现阶段|现在|短期内|近期|[尚仍还]")
_ELSEWHERE = re.compile("其[他它余](?:的|区|县|市|省|地|城|乡|镇|街|单位)|外[地省市县区]|兄弟|周边|邻近|别的")


def _is_settled(match: re.Match[str]) -> bool:
    before, after = _sentence_around(match)
    is_past = bool(_PAST.search(before)) and not _PRESENT.search(before + match.group())
    return is_past or bool(_SETTLED.search(after) and not _PARTLY.search(after))


def _is_elsewhere(match: re.Match[str]) -> bool:
    """Not here, or not yet."""
    before, _after = _sentence_around(match)
    return bool(_NOT_YET.search(re.split("[，；]", before)[-1]) or _ELSEWHERE.search(before))


def _sentence_around(match: re.Match[str]) -> tuple[str, str]:
    """What its sentence says before and after it; of long ones only what is near."""
    said = match.string
    before = re.split("[。！？；]", said[max(0, match.start() - 60) : match.start()])[-1]
    return before, re.split("[。！？]", said[match.end() : match.end() + 80])[0]


# Numbers of persons

_ACCOUNT = re.compile("账|帐|卡|户")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _persons(letter: Letter) -> Iterator[Finding]:
    """What the public copy would carry on; the contact lines are meant to name a telephone of the office."""
    if not is_public(letter.disclosure):
        return
    for place, said in texts(letter):
        field = place.partition(":")[0]
        if field in ("paragraphs", "attachments"):
            yield from _numbers_of_persons(place, said)
        elif field in ("contacts", "note") and (match := MOBILE.search(said)):
            yield finding("mobile-in-contacts", place, match.span(), found=_masked(match.group()))


def is_public(disclosure: str) -> bool:
    """Whether the mark lets the letter be published."""
    return "公开" in disclosure and not re.search("[不免非未缓]|依申请", disclosure)


def _numbers_of_persons(place: str, said: str) -> Iterator[Finding]:
    rules = (
        ("id-number", IDENTITY, _is_identity),
        ("mobile-number", MOBILE, None),
        ("bank-card", CARD, _is_card),
    )
    for rule, pattern, holds in rules:
        matches = [match for match in pattern.finditer(said) if not holds or holds(match)]
        if matches:
            found = " ".join(_masked(match.group()) for match in matches[:3])
            yield finding(rule, place, matches[0].span(), found=found)


def _masked(number: str) -> str:
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _is_identity(match: re.Match[str]) -> bool:
    """GB 11643: a date of birth and a check character."""
    number = match.group().upper()
    total = sum(int(figure) * weight for figure, weight in zip(number, _WEIGHTS, strict=False))
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return "10X98765432"[total % 11] == number[-1]


def _is_card(match: re.Match[str]) -> bool:
    """16 to 19 figures with a check figure (Luhn), of a Chinese card or named as an account."""
    figures = [int(char) for char in match.group() if char.isdigit()]
    doubled = [sum(divmod(2 * figure, 10)) for figure in figures[-2::-2]]
    before = match.string[max(0, match.start() - 12) : match.start()]
    return (
        len(figures) >= 16
        and (sum(figures[-1::-2]) + sum(doubled)) % 10 == 0
        and (match.group().startswith("62") or bool(_ACCOUNT.search(before)))
    )
