"""Rules of punctuation: width, marks in a row, dashes and dots, the end of a sentence (GB/T 15834-2011).

Every rule is one pass over a text; all spots of a text that break one rule are one finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongwen import text
from gongwen.document import Letter
from gongwen.findings import Edit, Finding, Spans, body, finding, mendable, texts, with_fix

# Widening one mark can make its neighbour stand beside Chinese; longer runs of marks are no sentence.
_ROUNDS = 10


def findings(letter: Letter) -> Iterator[Finding]:
    """All findings of these rules, in the order of the page."""
    for place, content in texts(letter):
        yield from _widths(place, content)
        yield from _straight_quotes(place, content)
    for place, paragraph in body(letter):
        yield from _runs(place, paragraph)
    yield from _ends(letter)


# Width


def _widths(place: str, content: str) -> Iterator[Finding]:
    right, count = text.widen(content)
    for _ in range(_ROUNDS):
        if not count:
            break
        right, count = text.widen(right)
    if right == content:
        return
    spans = [] if count else _replaced(content, right)
    marks = "".join(mark for mark in ',.:;!?()"' if content.count(mark) > right.count(mark))
    changed = sum(content.count(mark) - right.count(mark) for mark in marks)
    data = {"found": marks, "count": changed, "text": right}
    if spans:
        yield mendable("half-width", place, content, spans, **data)
    else:
        yield finding("half-width", place, None, **data)


def _replaced(before: str, after: str) -> Spans:
    """The way from a text to its widened form: marks in the place of marks, spaces that go with them."""
    spans: Spans = []
    at = 0
    for place, char in enumerate(before):
        other = after[at] if at < len(after) else ""
        if char == other:
            at += 1
        elif char == " ":
            spans.append((place, place + 1, ""))
        else:
            spans.append((place, place + 1, other))
            at += 1
    return spans


_STRAIGHT = re.compile("[\"']")


def _straight_quotes(place: str, content: str) -> Iterator[Finding]:
    """Straight quotes beside Chinese; widening leaves those alone that have no partner, and the single ones."""
    machine = text.of_machines(content)
    found = [match.start() for match in _STRAIGHT.finditer(content) if not machine[match.start()]]
    found = [spot for spot in found if _is_quote(content, spot)]
    singles = [spot for spot in found if content[spot] == "'"]
    doubles = [spot for spot in found if content[spot] == '"']
    if singles and len(singles) % 2 == 0:
        spans = [(spot, spot + 1, "‘’"[number % 2]) for number, spot in enumerate(singles)]
        yield mendable("straight-quote", place, content, spans)
    elif singles:
        yield finding("straight-quote", place, (singles[0], singles[0] + 1), found="'")
    # Those with a partner are widened.
    if len(doubles) % 2:
        yield finding("straight-quote", place, (doubles[-1], doubles[-1] + 1), found='"')


def _is_quote(content: str, spot: int) -> bool:
    """Beside Chinese, and no sign of feet, minutes or inches behind a figure."""
    before, after = content[spot - 1 : spot], content[spot + 1 : spot + 2]
    return not before.isdigit() and any(char and text.is_chinese(char) for char in (before, after))


# Marks in a row

_RUN = re.compile("[，、；：。]{2,}")
_ELLIPSIS = re.compile(r"(?<!…)…(?!…)|(?<!…)…{3}(?!…)|。{3,}|\.{3,}|[⋯]{1,2}|[・·]{3,}")
_DASH = re.compile("-{2,}|－{2,}|―{1,2}|─{1,2}|(?<!—)—{3}(?!—)|(?<=[”》）’])一一|一一(?=[“《‘（])")


def _runs(place: str, paragraph: str) -> Iterator[Finding]:
    yield from _in_a_row(place, paragraph)
    machine = text.of_machines(paragraph)
    for rule, pattern, right in (("ellipsis-form", _ELLIPSIS, "……"), ("dash-form", _DASH, "——")):
        spans = [
            (*match.span(), right)
            for match in pattern.finditer(paragraph)
            if not machine[match.start()] and _beside_chinese(paragraph, *match.span())
        ]
        if spans:
            yield mendable(rule, place, paragraph, spans)


def _in_a_row(place: str, paragraph: str) -> Iterator[Finding]:
    """Marks in a row. Of different ones 。 is meant at the end of a paragraph; elsewhere a person must say."""
    runs = [match for match in _RUN.finditer(paragraph) if "。。。" not in match.group()]
    if not runs:
        return
    spans = [(*match.span(), right) for match in runs if (right := _one_mark(match))]
    found = " ".join(dict.fromkeys(match.group() for match in runs))
    if spans:
        yield mendable("marks-doubled", place, paragraph, spans, found=found)
    else:
        yield finding("marks-doubled", place, runs[0].span(), found=found)


def _one_mark(run: re.Match[str]) -> str:
    if len(set(run.group())) == 1:
        return run.group()[0]
    return "。" if "。" in run.group() and run.end() == len(run.string) else ""


def _beside_chinese(paragraph: str, start: int, end: int) -> bool:
    around = (paragraph[start - 1 : start], paragraph[end : end + 1])
    return any(char and (text.is_chinese(char) or char in "。，") for char in around)


# The end

_ENDS = frozenset("。！？；：…—.!?;:")
_CLOSERS = frozenset("”’）》〉」』】〕)\"'")
_NO_SENTENCE = re.compile(
    r"此致|附件?[：:]|附件[0-9]*$|[表图][0-9]|第[0-9]{1,3}页|[（(].*[）)]$|\S{0,12}[：:]\s*[0-9A-Za-z]\S*$"
)
_DATE_FIGURES = r"[\s0-9〇○零一二三四五六七八九十xX×]"
_DATE_LINE = re.compile(f"{_DATE_FIGURES}{{2,12}}年{_DATE_FIGURES}{{1,8}}月{_DATE_FIGURES}{{1,8}}[日号]\\s*$")
_LONGEST_HEADING = 40
_LONGEST_LABEL = 15


def _ends(letter: Letter) -> Iterator[Finding]:
    """A paragraph that is a sentence ends as one. Headings and labels on a line of their own do not."""
    paragraphs = list(body(letter))
    for number, (place, paragraph) in enumerate(paragraphs, start=1):
        bare = paragraph.rstrip().rstrip("".join(_CLOSERS))
        if not bare or bare[-1] in _ENDS or _is_label(paragraph, is_last=number == len(paragraphs)):
            continue
        end = len(paragraph.rstrip())
        last = paragraph[end - 1]
        if text.is_han(last):
            told = finding("sentence-end", place, (end - 1, end), found=last)
            yield with_fix(told, [Edit(place, end, end, "。")])
        elif last in "，、" or (last in _CLOSERS and text.is_han(bare[-1])):
            yield finding("sentence-end", place, (end - 1, end), found=last)


def _is_label(paragraph: str, *, is_last: bool) -> bool:
    if _NO_SENTENCE.match(paragraph) or _DATE_LINE.match(paragraph):
        return True
    if text.level(paragraph) and not re.search("[。！？；]", paragraph):
        return len(paragraph) <= _LONGEST_HEADING and paragraph[-1] not in "，、"
    return not is_last and len(paragraph) <= _LONGEST_LABEL and not re.search("[，。、；]", paragraph)
