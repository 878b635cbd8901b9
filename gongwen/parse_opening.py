"""What stands above the body of a letter in its natural order: red head, number and marks, title, addressees.

Takes the lines that it understands off the front and leaves the rest. Judges and repairs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gongwen.document import MAX_TITLE_CHARACTERS
from gongwen.text import level
from gongwen.typed import BODY_OR_PERSON, MAX_NAME, date_line, is_name, persons_in, strip_empty

_ROOM = "[ \u3000]?"
_FIGURES = "[0-9０-９]"
_NUMBER = re.compile(
    rf"([^\s〔【﹝\[［（(]{{1,20}}{_ROOM}[〔【﹝\[［（(](?:{_FIGURES}{{2,4}}|[〇○零一二三四五六七八九]{{4}})[〕】﹞\]］）)]"
    rf"{_ROOM}第?{_ROOM}(?:{_FIGURES}{{1,5}}|[一二三四五六七八九十百]{{1,5}}){_ROOM}号"
    r"|(?!.*(?:关于|对|提案|建议|议案))[^\W\d_a-zA-Z]{2,12}(?:19|20)[0-9]{2}年第?[0-9]{1,5}号)(.*)"
)
_LABEL = "(?:(?:{})[：:])?"
_MARKS = {
    "copy_number": re.compile("(?:份号[：:])?([0-9]{6})"),
    "secrecy": re.compile("((?:绝密|机密|秘密)(?:★.{1,8})?)"),
    "urgency": re.compile(_LABEL.format("紧急程度") + "((?:特|加|紧|平)急件?|急件|特提)"),
    "result_class": re.compile(_LABEL.format("(?:办理|答复)?(?:结果|类别|分类)") + "([A-Z]类?)"),
    "disclosure": re.compile(
        _LABEL.format("是否(?:同意)?公开|公开(?:属性|方式|意见|情况)")
        + "((?:此件)?[^，。：]{0,4}公开(?:发布)?)"
    ),
}
_SIGNERS = re.compile(r"(.*?)签发人[：:](.{1,80})")
_RED_HEAD = re.compile(r"(?!.*(?:关于|[转印]发|传达|学习|贯彻))([^\W\d_a-zA-Z]*)文件")
_MAX_ISSUERS = 10
_MAX_HEAD_LINE = 300

_SENTENCE_MARKS = re.compile("[。！？；…]")
_ANNOUNCES = re.compile("如下|以下|收悉|答复|现将")
_KIND = re.compile(
    "(?:答复|函|通知|通报|意见|报告|请示|批复|决定|公告|通告|纪要|方案|说明)(?:[（(].*[）)])?$"
)
_CONTACT = re.compile(
    "[（(]?[^，。；：:]{0,16}(?:联系|承办|经办|负责人|电话|传真|地址|邮编|邮箱|手机)[^，。；：:]{0,12}[：:]"
)

_MAX_TITLE_LINES = 4


def says_whom_to_ask(line: str) -> bool:
    """Whether the line is a contact line by its first words."""
    return bool(_CONTACT.match(line))


def take_head(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """What stands above the title: marks, red head, number, signers, on lines that hold nothing else.

    A line that says something else than what is given is no part of the head. Where there is a red head and
    no form is given, the form is file.
    """
    found: dict[str, Any] = {}
    strip_empty(lines)
    while lines:
        facts, count = _head_facts(lines[0]), 1
        if not facts:
            facts, count = _red_head(lines, given)
        if not facts or found.keys() & facts.keys() or _contradicts(facts, given):
            break
        found |= facts
        del lines[:count]
        strip_empty(lines)
    return found


def _contradicts(facts: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    return any(given.get(name, value) != value for name, value in facts.items())


def _head_facts(line: str) -> dict[str, Any]:
    """The facts that the line consists of; none where anything else stands in it."""
    if len(line) > _MAX_HEAD_LINE:
        return {}
    facts: dict[str, Any] = {}
    signed = _SIGNERS.fullmatch(line)
    if signed:
        facts["signers"] = persons_in(signed[2])
        line = signed[1]
    number = _NUMBER.fullmatch(line.strip(" \u3000"))
    if number:
        facts["doc_number"] = number[1]
        line = number[2]
    for word in re.sub(r"\s*([★：:])\s*", r"\1", line).split():
        matches = ((name, pattern.fullmatch(word)) for name, pattern in _MARKS.items())
        name, match = next(((name, match) for name, match in matches if match), ("", None))
        if match is None or name in facts:
            return {}
        facts[name] = match[1]
    return facts


def _red_head(lines: list[str], given: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The red head and how many lines it takes: names the last of which ends in 文件, or names above a
    document number. Only above a number can it stand in a form that is given and is not file."""
    names = 0
    while names < min(len(lines), _MAX_ISSUERS) and is_name(lines[names]):
        names += 1
    head, count = _ending_in_file(lines, names)
    if count and _number_follows(lines, count):
        return {"letterhead": head, "form": given.get("form", "file")}, count
    if given.get("form", "file") == "file" and head.endswith("文件"):
        return {"letterhead": head, "form": "file"}, count
    return {}, 0


def _ending_in_file(lines: list[str], names: int) -> tuple[str, int]:
    """The names with 文件 behind the last of them or on the next line, else the names alone; and their lines."""
    last = _RED_HEAD.fullmatch(lines[names]) if names < len(lines) else None
    if not last or len(last[1]) > MAX_NAME or not (BODY_OR_PERSON.search(last[1]) or (names and not last[1])):
        return "\n".join(lines[:names]), names
    head = "\n".join(lines[: names + bool(last[1])]) + ("" if last[1] else "文件")
    return head, names + 1


def _number_follows(lines: list[str], place: int) -> bool:
    below = next(filter(None, lines[place:]), "")
    return "doc_number" in _head_facts(below)


def take_opening(lines: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Title lines and addressees, as far as they are not given."""
    strip_empty(lines)
    found: dict[str, Any] = {}
    start, end = (0, 0) if "addressees" in given else _addressee_lines(lines, "title" in given)
    if end:
        found["addressees"] = _names(lines[start:end])
    if "title" not in given:
        title = lines[:start] if end else lines[: _title_length(lines)]
        found["title"] = "\n".join(filter(None, title))
        end = end or len(title)
    del lines[:end]
    return found


def _addressee_lines(lines: list[str], title_given: bool) -> tuple[int, int]:
    """First and last + 1 of the lines of addressees, the last of which ends in a colon; 0, 0 without any."""
    last = next((place for place, line in enumerate(lines) if not _may_open(line)), len(lines))
    end = next((place for place in range(last) if lines[place].endswith(("：", ":"))), None)
    if end is None or not _are_names(lines[end]):
        return 0, 0
    start = 0 if title_given else _title_end(lines, end)
    if (
        not all(map(_are_names, lines[start:end]))
        or len(list(filter(None, lines[:start]))) > _MAX_TITLE_LINES
    ):
        return 0, 0
    end += 1
    while end < last and lines[end].endswith(("：", ":")) and _are_names(lines[end]):
        end += 1
    return start, end


def _title_end(lines: list[str], colon: int) -> int:
    """Where the addressees begin: behind a line that says what kind of letter it is, or an empty line."""
    kinds = [place for place in range(colon) if _says_kind(lines[place])]
    if kinds:
        return kinds[-1] + 1
    empty = [place for place in range(colon) if not lines[place]]
    if empty:
        return empty[-1] + 1
    start = colon
    while start and lines[start - 1].endswith(("、", "，")):
        start -= 1
    return start


def _says_kind(line: str) -> bool:
    return len(line) <= MAX_TITLE_CHARACTERS and bool(_KIND.search(re.sub("[ \u3000]", "", line)))


def _may_open(line: str) -> bool:
    """Whether the line can be one of the title or the addressees: no sentence, heading, row or note of the body."""
    return (
        not _SENTENCE_MARKS.search(line) and not level(line) and not line.startswith(("|", "附件：", "附件:"))
    )


def _are_names(line: str) -> bool:
    """Whether the line is made of names; one with a comma must end every name as bodies and persons do."""
    line = line.rstrip("：: ")
    names = list(filter(None, re.split("[、，,]", line)))
    if _ANNOUNCES.search(line) or any(len(name) > MAX_NAME for name in names):
        return False
    return not re.search("[，,]", line) or all(map(BODY_OR_PERSON.search, names))


def _names(lines: list[str]) -> tuple[str, ...]:
    names = (name.strip(" \u3000") for line in lines for name in re.split("[、，,：:]", line))
    return tuple(filter(None, names))


def _title_length(lines: list[str]) -> int:
    """How many lines the title of a letter without addressees takes."""
    opening = []
    for line in lines[:_MAX_TITLE_LINES]:
        if not _may_open(line) or date_line(line) or says_whom_to_ask(line) or len(line) > MAX_NAME:
            break
        opening.append(line)
    kinds = [place for place, line in enumerate(opening) if _says_kind(line)]
    return kinds[-1] + 1 if kinds else min(len(opening), 1)
