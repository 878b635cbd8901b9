"""The lines of a written proposal told apart: title, background, analysis, suggestions, and what is left over.

Nothing is dropped but numbers, and headings that only name their part. Knows no file and no database.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from proposals.points import PLAIN, mark_of, points_in

LONGEST_HEADING = 34
HEAD_LINES = 15  # so far down a title may stand
LONGEST_META = 120
LONGEST_TITLE_LINE = 60

# ---- the words of headings


WORDS = json.loads((Path(__file__).parent / "data" / "headings.json").read_text(encoding="utf-8"))


def any_of(name: str) -> str:
    """A pattern for the words of a list, the longest first."""
    return "(?:" + "|".join(sorted(WORDS[name], key=len, reverse=True)) + ")"


TITLE_LABEL = any_of("title")
_LABELLED_TITLE = re.compile(
    rf"【?(?:案[ \u3000]+由|标[ \u3000]+题|{TITLE_LABEL})"
    r"(?:[】 \u3000]*[:：][ \u3000]*|】|[ \u3000]+|$)(.*)",
    re.S,
)
BACKGROUND = any_of("background")
ANALYSIS = any_of("analysis")
SUGGESTION = any_of("suggestion")
BODY = any_of("body")
FILLER = any_of("filler")
KINDS = {"background": BACKGROUND, "analysis": ANALYSIS, "suggestion": SUGGESTION, "body": BODY}
_VOCABULARY = f"(?:{BACKGROUND}|{ANALYSIS}|{SUGGESTION}|{BODY}|{FILLER})"
_STRICT = re.compile(f"{_VOCABULARY}+")
_LABEL = re.compile(rf"({_VOCABULARY}+)(?:[】\]〕][：:]?|[：:])")
_LABEL_OR_STOP = re.compile(rf"({_VOCABULARY}+)[】\]〕：:。]")
_LAST = re.compile(f"(?:(?P<suggestion>{SUGGESTION})|(?P<analysis>{ANALYSIS})|(?P<background>{BACKGROUND}))$")

META = any_of("meta")
_META_PAIR = re.compile(rf"({META})[ \u3000]*[:：][ \u3000]*")
_NAMES = ("联系人", "提案人", "提案者", "第一提案人", "领衔提案人", "姓名")
_PHONES = ("联系电话", "联系手机", "手机", "手机号", "手机号码", "电话", "电话号码", "联系方式")
_PHONE = re.compile(r"(?:\+?86[- ]?)?(?:1\d{10}|1\d{2}[- ]\d{4}[- ]\d{4}|0\d{2,3}[-—－ ]?\d{7,8}|\d{7,8})")
_HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")
_BYLINE = re.compile("委员|支部|总支|委员会|专委|小组|工商联|界别|界$|代表$|作者|撰稿")
_SPACE = re.compile(r"[ \t\u3000\u00a0]+")

_HEAD_MARK = re.compile("[【\\[〔◆■●▲※*#＊★]+[ \u3000]*")

# ---- sentences that lead over, and what closes a text

_TO_SUGGESTIONS = re.compile(
    "(?:建议如下|(?:以下|如下)[^。：:]{0,8}(?:建议|对策|意见|措施)|(?:几点|几条|几个)[^。：:]{0,4}建议|(?:为此|因此|特|特此|故)[，,]?建议)"
    "[：:。]?$"
)
_TO_ANALYSIS = re.compile("(?:存在|面临)[^。：:]{0,16}(?:问题|不足|困难|短板)[^。：:]{0,8}[：:]$")
_SENTENCE_END = re.compile("(?<=[。！？；])")
_DATE = re.compile(
    r"(?:\d{4}|[二〇○零一九0-9]{4})年(?:\d{1,2}|[十一二三四五六七八九]{1,2})月(?:(?:\d{1,2}|[十一二三四五六七八九]{1,3})日)?"
)
_CLOSING = re.compile(
    "(?:以上|上述|妥否|当否|特此)[^。]{0,20}(?:请|供|妥否|当否|采纳|审议|参考|提案)[^。]{0,20}[。！]?$"
)
_FORM_HEAD = re.compile(
    ".*(?:提案表|提案纸|提案笺|提案登记表|会议提案|委员会提案|会提案|提案格式)(?:（.*）|\\(.*\\))?$|^提案$"
)
_TITLE_END = re.compile("(?:提案|建议|议案|建议案|意见|对策|思考|调研报告)(?:[（(].{0,12}[)）])?$")


@dataclass(frozen=True)
class Parts:
    """What a written proposal says, part by part; `left` is what has no place in them.

    `has_headings`: parts were told apart; else the whole text stands in `background`. `has_losses`: the file
    held pictures or the like, which are not text.
    """

    title: str = ""
    background: str = ""
    analysis: str = ""
    suggestions: list[str] = field(default_factory=list)
    left: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    has_headings: bool = False
    has_losses: bool = False


@dataclass(frozen=True)
class _Heading:
    kind: str
    level: str  # the kind of its number; empty without one
    words: str
    rest: str
    is_strict: bool


def is_label(text: str) -> bool:
    """Say whether a cell of a form names what stands beside it."""
    words = _bare(_SPACE.sub("", text))
    return bool(re.fullmatch(f"{TITLE_LABEL}|{META}", words) or _STRICT.fullmatch(words))


def is_short_label(text: str) -> bool:
    """Say whether a cell names something that stands on one line with it: the title, a name, a number."""
    return bool(re.fullmatch(f"{TITLE_LABEL}|{META}", _bare(_SPACE.sub("", text))))


def _bare(words: str) -> str:
    """Words without brackets, remarks in brackets and the colon behind."""
    words = re.sub(r"[（(].*?[)）]", "", words.strip(" \u3000"))
    return words.strip("【】[]〔〕：:。、*# \u3000")


def tell_apart(lines: Iterable[str], *, has_losses: bool = False) -> Parts:
    """Return the parts that the lines of a proposal make."""
    kept = [line.strip(" \t\u3000\u00a0").replace("\u00a0", " ") for line in lines]
    return _Reader([line for line in kept if line]).read(has_losses)


class _Reader:
    """Goes through the lines once: first the head with the title, then part after part, then the tail."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.texts: dict[str, list[str]] = {"background": [], "analysis": [], "suggestion": []}
        self.left: list[str] = []
        self.facts: dict[str, str] = {}
        self.title = ""
        self.kind, self.level, self.item_level = "", "", ""
        self.begun: set[str] = set()

    def read(self, has_losses: bool) -> Parts:
        body = self._take_meta(self._without_tail(self._without_head(self.lines)))
        for at, line in enumerate(body):
            self._place(line, body[at + 1] if at + 1 < len(body) else "")
        suggestions, leads = _items(self.texts["suggestion"], self.item_level)
        return Parts(
            title=self.title,
            background="\n".join(self.texts["background"]),
            analysis="\n".join(self.texts["analysis"]),
            suggestions=suggestions,
            left="\n".join([*self.left, *leads]),
            contact_name=self._fact(_NAMES, re.compile("[\u4e00-\u9fff·]{2,5}")),
            contact_phone=self._fact(_PHONES, _PHONE),
            has_headings=bool(self.begun & {"background", "analysis", "suggestion"}),
            has_losses=has_losses,
        )

    # -- the head

    def _without_head(self, lines: list[str]) -> list[str]:
        """Find the title, with a label or without; lines above it that are no text are left over."""
        for at, line in enumerate(lines):
            found = _LABELLED_TITLE.fullmatch(line) if at < HEAD_LINES else None
            rest = [found[1], *lines[at + 1 :]] if found and found[1] else lines[at + 1 :]
            if found and rest and _is_title_line(rest[0]):
                return lines[:at] + self._take_title(rest)
        for at, line in enumerate(lines[:HEAD_LINES]):
            if line.startswith("关于") and _is_title_line(line) and self._is_whole_title(lines[at : at + 3]):
                return self._above(lines[:at]) + self._take_title(lines[at:])
        first = next((at for at, line in enumerate(lines) if not _is_form_head(line)), len(lines))
        if first < len(lines) - 1 and _looks_like_title(lines[first], lines[first + 1]):
            return self._above(lines[:first]) + self._take_title(lines[first:])
        return lines

    def _above(self, lines: list[str]) -> list[str]:
        self.left += [line for line in lines if _is_form_head(line)]
        return [line for line in lines if not _is_form_head(line)]

    def _is_whole_title(self, lines: list[str]) -> bool:
        return any(_TITLE_END.search("".join(lines[: n + 1])) for n in range(len(lines)))

    def _take_title(self, lines: list[str]) -> list[str]:
        """Take the title off the lines: two or three when only together they end as a title does."""
        count = 1
        if not _TITLE_END.search(lines[0]):
            for n in (2, 3):
                more = lines[1:n]
                fits = len(more) == n - 1 and all(_continues_title(line) for line in more)
                if fits and _TITLE_END.search(more[-1]):
                    count = n
                    break
        while count < len(lines) and re.match("[—─-]{2}", lines[count]) and len(lines[count]) < 40:
            count += 1
        self.title = "".join(lines[:count])
        while count < len(lines) - 1 and _is_byline(lines[count]):
            self.left.append(lines[count])
            count += 1
        return lines[count:]

    # -- the tail, names and numbers

    def _without_tail(self, lines: list[str]) -> list[str]:
        """Leave out the date with the name above it, the closing words and what follows 附件."""
        end = len(lines)
        while end:
            line = lines[end - 1].translate(PLAIN)
            is_date = bool(_DATE.fullmatch(_SPACE.sub("", line)))
            if not (is_date or _CLOSING.match(line) or _meta_of(line) or re.match("附件?[：:]", line)):
                break
            end -= 1
            above = lines[end - 1] if end else ""
            if (
                is_date
                and 0 < len(above) <= 25
                and not re.search("[。；：:]", above)
                and not mark_of(above)[0]
            ):
                end -= 1
        self.left += [line for line in lines[end:] if not _meta_of(line)]
        return lines[:end] + [line for line in lines[end:] if _meta_of(line)]

    def _take_meta(self, lines: list[str]) -> list[str]:
        rest: list[str] = []
        for line in lines:
            pairs = _meta_of(line)
            if not pairs:
                if _is_form_head(line) and not rest:
                    self.left.append(line)
                else:
                    rest.append(line)
                continue
            for label, value in pairs:
                self.facts.setdefault(label, value)
            self.left.append(line)
        return rest

    def _fact(self, labels: tuple[str, ...], pattern: re.Pattern[str]) -> str:
        for label in labels:
            value = _SPACE.sub(" ", self.facts.get(label, "").translate(PLAIN)).strip()
            if found := pattern.fullmatch(value.replace(" ", "")) or pattern.fullmatch(value):
                return found[0]
        return ""

    # -- the parts

    def _place(self, line: str, following: str) -> None:
        if heading := self._heading(line):
            self._begin(heading)
        elif self._leads_over(line, following):
            return
        else:
            self.texts[self.kind or "background"].append(line)

    def _heading(self, line: str) -> _Heading | None:
        level, text = mark_of(line)
        if self.kind == "suggestion" and level not in ("", "chapter", self.level):
            return None
        for found in (_strict_heading(level, text), _loose_heading(level, text)):
            if found and self._fits(found):
                return found
        return None

    def _fits(self, heading: _Heading) -> bool:
        """An item is no heading: within a part only what stands as high as the part's own heading."""
        if not self.begun:
            return heading.is_strict or heading.level in ("chapter", "section")
        if heading.is_strict and heading.level in ("", "chapter"):
            return heading.kind != self.kind or heading.level == self.level
        return heading.level == self.level and heading.level != "" and self.kind != "suggestion"

    def _begin(self, heading: _Heading) -> None:
        kind = heading.kind
        if kind == "mixed":
            kind = "analysis" if self.texts["background"] else "background"
        if kind == "body":
            if heading.rest:
                self.texts[self.kind or "background"].append(heading.rest)
            return
        is_first = kind not in self.begun
        self.kind, self.level = kind, heading.level
        if kind == "suggestion":
            self.item_level = heading.level
        self.begun.add(kind)
        if not (heading.is_strict and is_first):
            (self.left if kind == "suggestion" else self.texts[kind]).append(heading.words)
        if heading.rest:
            self.texts[kind].append(heading.rest)

    def _leads_over(self, line: str, following: str) -> bool:
        """Begin the next part at a sentence such as 为此，提出如下建议： when items follow."""
        if self.kind == "suggestion" or not mark_of(following)[0]:
            return False
        sentences = [one for one in _SENTENCE_END.split(line) if one]
        last = sentences[-1] if sentences else ""
        if _TO_SUGGESTIONS.search(last):
            kind = "suggestion"
        elif self.kind != "analysis" and "analysis" not in self.begun and _TO_ANALYSIS.search(last):
            kind = "analysis"
        else:
            return False
        if before := "".join(sentences[:-1]):
            self.texts[self.kind or "background"].append(before)
        self.kind, self.level = kind, ""
        self.begun.add(kind)
        (self.left if kind == "suggestion" else self.texts[kind]).append(last)
        return True


def _is_form_head(line: str) -> bool:
    text = _SPACE.sub("", line)
    if text.startswith("关于") or len(text) > 40:
        return False
    return bool(_FORM_HEAD.fullmatch(text) or re.search("第.{1,4}届.*第.{1,4}次(?:全体)?会议", text))


def _is_title_line(line: str) -> bool:
    return len(line) <= LONGEST_TITLE_LINE and not re.search("[。；]", line)


def _continues_title(line: str) -> bool:
    return (
        len(line) <= 40 and not re.search("[。；：:]", line) and not mark_of(line)[0] and not _meta_of(line)
    )


def _is_byline(line: str) -> bool:
    """Who wrote it, below the title."""
    is_short = len(line) <= 25 and not re.search("[。，；：:]", line)
    return is_short and not mark_of(line)[0] and bool(_BYLINE.search(line))


def _looks_like_title(line: str, following: str) -> bool:
    """A short first line without a full stop, above something that is longer or a heading."""
    if not _is_title_line(line) or re.search("[：:！？]$", line) or _meta_of(line) or mark_of(line)[0]:
        return False
    if _strict_heading("", line) or len(line) > 45 or re.match("[尊各]", line):
        return False
    return bool(
        len(following) > len(line)
        or _TITLE_END.search(line)
        or following.startswith("——")
        or mark_of(following)[0]
        or _meta_of(following)
        or _strict_heading("", following)
    )


def _meta_of(line: str) -> list[tuple[str, str]]:
    """The pairs of label and value that a line consists of; none when it is text."""
    text = _HAN_SPACE.sub("", line[:LONGEST_META])
    found = list(_META_PAIR.finditer(text))
    if not found or found[0].start() > 0 or len(line) > LONGEST_META or "。" in line:
        return []
    ends = [one.start() for one in found[1:]] + [len(text)]
    return [
        (one[1], text[one.end() : end].strip(" \u3000，,；;")) for one, end in zip(found, ends, strict=True)
    ]


def _strict_heading(level: str, text: str) -> _Heading | None:
    """A heading of nothing but the words of headings, alone on its line or before its text."""
    text = _HEAD_MARK.sub("", text, count=1) if _HEAD_MARK.match(text) else text
    alone = _bare(text)
    if len(text) <= LONGEST_HEADING and _STRICT.fullmatch(_SPACE.sub("", alone)):
        return _of_kind(level, alone, "", is_strict=True)
    found = (_LABEL_OR_STOP if level == "chapter" else _LABEL).match(text[: LONGEST_HEADING + 2])
    if found and text[found.end() :].strip():
        return _of_kind(level, found[1], text[found.end() :].strip(" \u3000"), is_strict=True)
    return None


def _loose_heading(level: str, text: str) -> _Heading | None:
    """A numbered heading with words of its own that ends as a heading does: 我区养老服务存在的问题."""
    words = text.rstrip("：: 　。")
    if not level or len(words) > LONGEST_HEADING or re.search("[。；，]", words):
        return None
    found = _LAST.search(words)
    if not found:
        return None
    return _Heading(str(found.lastgroup), level, words, "", False)


def _of_kind(level: str, words: str, rest: str, *, is_strict: bool) -> _Heading | None:
    """Which part the words name; of background and analysis together the one that is still to come."""
    flat = _SPACE.sub("", words)
    has = [kind for kind, pattern in KINDS.items() if re.search(pattern, flat)]
    if not has:
        return None
    if re.search(f"^(?:{FILLER})*{ANALYSIS}", flat) and "background" not in has:
        kind = "analysis"
    elif "background" in has and "analysis" in has:
        kind = "mixed"
    elif "suggestion" in has and "background" not in has and "analysis" not in has:
        kind = "suggestion"
    else:
        kind = has[0]
    return _Heading(kind, level, words, rest, is_strict)


# ---- suggestions


def _items(lines: list[str], level: str) -> tuple[list[str], list[str]]:
    """The suggestions of a part's lines, and the sentences that only lead to them; level: of the part itself."""
    leads = []
    while (
        lines
        and (re.search("[：:]$", lines[0]) or _TO_SUGGESTIONS.search(lines[0]))
        and not mark_of(lines[0])[0]
    ):
        leads.append(lines[0])
        lines = lines[1:]
    marks = [mark_of(line)[0] for line in lines]
    first = next((mark for mark in marks if mark), "")
    if not first:
        return (points_in(lines[0]) if len(lines) == 1 else list(lines)), leads
    items: list[str] = []
    for line, mark in zip(lines, marks, strict=True):
        if not items or mark in (first, level or first):
            items.append(mark_of(line)[1] if mark else line)
        else:
            items[-1] += f"\n{line}"
    return (points_in(lines[0]) if len(lines) == 1 else items), leads
