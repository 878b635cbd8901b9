"""Rules of form: what the letter lacks, the document number, headings, dates in the text.

GB/T 9704-2012 7.2.5, 7.3.3, 7.3.5.4 and 10.1; what is practice and not the standard's is a hint.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

from gongwen import text
from gongwen.document import Letter
from gongwen.findings import Edit, Finding, Spans, body, finding, is_reply, mendable, with_fix

_DIGITS = "一二三四五六七八九"
_NUMBER = re.compile(r"[^\s0-9〔〕]+〔(?P<year>[0-9]{4})〕(?P<number>[1-9][0-9]*)号")


def findings(letter: Letter) -> Iterator[Finding]:
    """All findings of these rules, in the order of the page."""
    yield from _absent(letter)
    yield from _doc_number(letter)
    yield from _headings(letter)
    for place, paragraph in body(letter):
        yield from _heading_mark(place, paragraph)
        yield from _dates(place, paragraph)


def _absent(letter: Letter) -> Iterator[Finding]:
    """The district's own form has its first line or has it not: none of the three is missing without the others."""
    marks = {
        "no-doc-number": letter.doc_number,
        "no-class": letter.result_class,
        "no-disclosure": letter.disclosure,
    }
    wanted = letter.form != "plain" or letter.result_class.strip() or letter.disclosure.strip()
    for rule, value in marks.items():
        if wanted and not value.strip() and (rule == "no-doc-number" or is_reply(letter)):
            yield finding(rule, rule.removeprefix("no-").replace("-", "_").replace("class", "result_class"))
    if letter.date is None:
        yield finding("no-date", "date")
    if is_reply(letter) and not "".join((*letter.contacts, letter.note)).strip():
        yield finding("no-contacts", "contacts")


def _doc_number(letter: Letter) -> Iterator[Finding]:
    """发文字号: word, year in six-corner brackets, number without 第 and without leading zero, 号 (7.2.5)."""
    number = letter.doc_number
    if not number.strip() or _NUMBER.fullmatch(number.strip()):
        return
    whole = (len(number) - len(number.lstrip()), len(number.rstrip()))
    wrong: list[tuple[str, Spans]] = []
    if not re.search("〔[0-9]{4}〕", number):
        wrong.append(("doc-number-brackets", _year_in_brackets(number)))
    if "第" in number:
        wrong.append(
            ("doc-number-di", [(m.start(), m.end(), "") for m in re.finditer("第(?=[0-9])", number)])
        )
    if zero := re.search(r"(?<![0-9])0+(?=[1-9][0-9]*号)", number):
        wrong.append(("doc-number-zero", [(*zero.span(), "")]))
    elif re.search(r"(?:^|[^0-9])0[0-9]*号", number):
        wrong.append(("doc-number-zero", []))
    for rule, spans in wrong or [("doc-number-form", _completed(number))]:
        fix = tuple(Edit("doc_number", *span) for span in spans)
        told = finding(rule, "doc_number", spans[0][:2] if spans else whole, found=number.strip())
        yield with_fix(told, fix)


def _year_in_brackets(number: str) -> Spans:
    year = re.search(r"[\[［(（【〔〖{]\s*((?:19|20)[0-9]{2})\s*[\]］)）】〕〗}]", number)
    return [(*year.span(), f"〔{year[1]}〕")] if year else []


def _completed(number: str) -> Spans:
    """Without spaces, and with the 号 that is missing, if the number is right then."""
    right = "".join(number.split())
    right += "" if right.endswith("号") else "号"
    return [(0, len(number), right)] if _NUMBER.fullmatch(right) else []


# Headings


class Heading(NamedTuple):
    place: str
    mark: str
    level: int
    value: int
    announced: bool  # the paragraph before ends in a colon


def _headings(letter: Letter) -> Iterator[Finding]:
    """Levels in order 一、 （一） 1. （1）, each counting from 1 under its parent.

    一、 may be followed by 1. at once, a short letter may begin with 1., and what a colon announces may be a
    list with any mark; all are common practice. The first wrong number of a run of siblings carries the fix for
    all of them.
    """
    found = _marks(letter)
    counts, mended = [0] * 5, [False] * 5
    deepest = 0
    for spot, (place, mark, level, value, announced) in enumerate(found):
        span = (0, len(mark))
        skips = level > deepest + 1 and (deepest, level) not in ((0, 3), (1, 3))
        if skips and not announced:
            yield finding("heading-skipped", place, span, found=mark, expected=_mark(deepest + 1, 1))
        if announced and value == 1:
            counts[level] = 0
        expected = counts[level] + 1
        if value != expected:
            told = finding("heading-misnumbered", place, span, found=mark, expected=_mark(level, expected))
            fix = () if mended[level] else _renumbered(found, spot, expected)
            mended[level] = True
            yield with_fix(told, fix)
        counts[level], deepest = value, level
        counts[level + 1 :], mended[level + 1 :] = [0] * (4 - level), [False] * (4 - level)


# （一）、（二）项均已完成。 speaks of headings and is none.
_SEVERAL_MARKS = re.compile(
    rf"[（(](?:{text.NUMERAL}|[0-9]{{1,4}})[）)]\s*[、，和及与至到—－-]*\s*[（(][一二三四五六七八九十0-9]"
)


def _marks(letter: Letter) -> list[Heading]:
    found, before = [], ""
    for place, paragraph in body(letter):
        if (level := text.level(paragraph)) and not _SEVERAL_MARKS.match(paragraph):
            mark = text.heading_mark(paragraph)
            found.append(Heading(place, mark, level, _value(mark), before.endswith("：")))
        before = paragraph
    return found


def _value(mark: str) -> int:
    return number_value(re.sub("[^0-9一二三四五六七八九十百]", "", mark))


def _renumbered(found: list[Heading], spot: int, expected: int) -> tuple[Edit, ...]:
    """From this heading on, its siblings under the same parent."""
    edits: list[Edit] = []
    for index in range(spot, len(found)):
        one = found[index]
        if one.level < found[spot].level or (index > spot and one.announced and one.value == 1):
            break
        if one.level == found[spot].level:
            if one.value != expected:
                edits.append(Edit(one.place, 0, len(one.mark), _mark(one.level, expected)))
            expected += 1
    return tuple(edits)


_MARK_FORMS = (
    # （一）、 and （1）. with a mark too many; the brackets are enough.
    (re.compile(rf"([（(](?:{text.NUMERAL}|[0-9]{{1,4}})[）)])[、.．，,](?!\s*[（(])"), lambda m: m[1]),
    # 1、 and 1． for 1.
    (re.compile(r"([0-9]{1,2})(?:、(?![0-9])|．(?![0-9]))(?=[^、\s])"), lambda m: f"{m[1]}."),
    # 1) and 1） for （1）
    (re.compile(r"([0-9]{1,2})[）)](?=[^\s])"), lambda m: f"（{m[1]}）"),
    # 一. and 一 for 一、
    (
        re.compile(rf"({text.NUMERAL})(?:[.．][ \u3000]?|[ \u3000]+)(?={text.HAN})(?!{text.NUMERAL})"),
        lambda m: f"{m[1]}、",
    ),
)


def _heading_mark(place: str, paragraph: str) -> Iterator[Finding]:
    """A heading's mark in another shape than 7.3.3 gives it."""
    for pattern, right in _MARK_FORMS:
        if match := pattern.match(paragraph):
            spans = [(match.start(), match.end(), right(match))]
            yield mendable("heading-mark", place, paragraph, spans, expected=right(match))
            return


def number_value(numeral: str) -> int:
    """The value of a Chinese numeral up to 百, or of Arabic figures."""
    if numeral.isdigit():
        return int(numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS.index(char) + 1
        else:
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
    return total + digit


def chinese_numeral(value: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(value, 10)
    head = "" if not tens else "十" if tens == 1 else _DIGITS[tens - 1] + "十"
    return head + (_DIGITS[ones - 1] if ones else "")


def _mark(level: int, value: int) -> str:
    numeral = chinese_numeral(value) if value < 100 else str(value)
    return (f"{numeral}、", f"（{numeral}）", f"{value}.", f"（{value}）")[level - 1]


# Dates

# 5月2号楼 is a building, 2024.5.20版 an edition.
_DAY = "号(?=$|[^\\w]|[前后起至到止以之上下晚早]|开工|完工|竣工|召开)"
_EDITION = "\\s?(?:版|号|型|款|系列)"
_FIGURES = re.compile(
    r"(?<![0-9A-Za-z.\-/_])((?:19|20)[0-9]{2})(?:"
    r"(?P<sign>[-./])(?P<a>[0-9]{1,2})(?P=sign)(?P<b>[0-9]{1,2})"
    rf"(?![0-9A-Za-z]|[-./_][0-9A-Za-z]|{_EDITION})"
    rf"|年(?P<month>0[1-9]|[0-9]{{1,2}})月(?:(?P<day>[0-9]{{1,2}})(?P<name>日|{_DAY}))?)"
)
_NULLS = "〇零○OＯ0"
_SPELLED = re.compile(
    rf"([一二][{_DIGITS}{_NULLS}]{{3}})年([{_DIGITS}十]{{1,2}})月(?:([{_DIGITS}十]{{1,3}})(?:日|{_DAY}))?"
)
_ZEROED = re.compile(r"(?<![0-9年.])(?:0([1-9])月(0?[1-9]|[12][0-9]|3[01])|([1-9]|1[0-2])月0([1-9]))日")
_NAMES = re.compile("《[^《》]{0,200}》|“[^“”]{0,200}”")


_DATES = (_FIGURES, _SPELLED, _ZEROED)


def _dates(place: str, paragraph: str) -> Iterator[Finding]:
    """Dates of the calendar in another shape than 2021年5月25日; those inside a quoted name stay."""
    kept = text.covered(paragraph, _NAMES)
    spans: Spans = []
    for match in (found for pattern in _DATES for found in pattern.finditer(paragraph)):
        right = _date(match)
        if right and right != match.group() and not kept[match.start()]:
            spans.append((*match.span(), right))
    if spans:
        spans.sort()
        yield mendable("date-form", place, paragraph, spans, expected=spans[0][2])


def _date(match: re.Match[str]) -> str:
    """The date as letters write it; empty where the calendar has no such day."""
    if match.re is _ZEROED:
        return "{}月{}日".format(*(int(part) for part in match.groups() if part))
    if match.re is _SPELLED:
        year = "".join(str(_DIGITS.find(char) + 1) for char in match[1])
        month, day = match[2], match[3]
        values = int(year), number_value(month), number_value(day) if day else None
    else:
        month, day = match["month"] or match["a"], match["day"] or match["b"]
        values = int(match[1]), int(month), int(day) if day else None
    try:
        datetime.date(values[0], values[1], values[2] or 1)
    except ValueError:
        return ""
    return f"{values[0]}年{values[1]}月" + (f"{values[2]}日" if day else "")
