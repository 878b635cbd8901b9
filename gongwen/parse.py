"""A letter read from text: optional YAML front matter, then the natural order of a letter.

Judges nothing: what a letter lacks or has wrong is for check to find. Repairs nothing.
"""

from __future__ import annotations

import re
from typing import Any

from gongwen.document import MAX_TITLE_CHARACTERS, Letter
from gongwen.front_matter import DATE, date_of, divide, facts_of, lines_of
from gongwen.text import level

_DATE_TO_COME = re.compile("(?:[0-9]{4})? *年 *[0-9]{0,2} *月 *[0-9]{0,2} *日")

_NUMBER = re.compile(r"([^\s〔\[［（(]{1,20}[〔\[［（(][0-9]{2,4}[〕\]］）)]第?[0-9]{1,5}号)(.*)")
_CLASS = re.compile("[A-Z]类?")
_DISCLOSURE = re.compile("(?:此件)?[^，。：]{0,4}公开(?:发布)?")

_SENTENCE_MARKS = re.compile("[。！？；…]")
_ANNOUNCES = re.compile("如下|以下|收悉|答复|现将")
_KIND = re.compile(
    "(?:答复|函|通知|通报|意见|报告|请示|批复|决定|公告|通告|纪要|方案|说明)(?:[（(].*[）)])?$"
)
_BODY_OR_PERSON = re.compile(
    "(?:委|局|办|部|厅|院|会|组|处|科|室|府|区|市|县|乡|镇|村|街道|社|团|队|站|所|校|中心|公司|单位|部门"
    "|委员|代表|同志|先生|女士|主席|主任)$"
)
_CONTACT = re.compile(
    "[（(]?[^，。；：:]{0,16}(?:联系|承办|经办|负责人|电话|传真|地址|邮编|邮箱|手机)[^，。；：:]{0,12}[：:]"
)

_MAX_TITLE_LINES = 4
_MAX_NAME = 40
_MAX_LINES_AFTER_DATE = 8
_MAX_CONTACT = 100


def read(text: str) -> Letter:
    """The letter that the text says. What the front matter gives is not looked for in the text below it.

    Keys: form, doc_number, result_class, disclosure, letterhead, title, printed_by, watermark
    (texts; a line break in title is the chosen break); signers, addressees, contacts, copies_to (lists, or
    one text: contacts by lines, the others by lines or 、); issuers likewise;
    date, printed_on (2021-05-25 or 2021年5月25日). Without form the letter is plain.
    LetterError: bad-front-matter (line) · front-matter-too-long (characters, limit) · unknown-key,
    duplicate-key, bad-value (all: key).
    """
    front, body = divide(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    given = facts_of(front)
    facts = {"form": "plain", "title": "", "addressees": (), "date": None}
    return Letter(**{**facts, **_read_body(body, given), **given})


def _read_body(body: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the text below the front matter says: first its head and foot, and the rest is paragraphs."""
    lines = lines_of(body)
    found = {} if "doc_number" in given else _take_head(lines)
    found |= _take_opening(lines, given)
    found |= _take_date(lines, given)
    if "contacts" not in given and "contacts" not in found:
        found["contacts"] = _take_contacts(lines)
    return {**found, "paragraphs": tuple(filter(None, lines))}


def _strip_empty(lines: list[str]) -> None:
    del lines[: next((place for place, line in enumerate(lines) if line), len(lines))]
    while lines and not lines[-1]:
        del lines[-1]


def _take_head(lines: list[str]) -> dict[str, Any]:
    """Number at the left, class and disclosure mark at the right of the first line, or on lines of their own."""
    found: dict[str, Any] = {}
    _strip_empty(lines)
    while lines:
        facts = _head_facts(lines[0])
        if not facts or found.keys() & facts.keys():
            break
        found |= facts
        del lines[0]
        _strip_empty(lines)
    return found


def _head_facts(line: str) -> dict[str, str]:
    """The facts that the line consists of; none where anything else stands in it."""
    match = _NUMBER.fullmatch(line)
    facts = {"doc_number": match[1]} if match else {}
    for word in (match[2] if match else line).split():
        name = next((name for name, pattern in _MARKS.items() if pattern.fullmatch(word)), "")
        if not name or name in facts:
            return {}
        facts[name] = word
    return facts


_MARKS = {"result_class": _CLASS, "disclosure": _DISCLOSURE}


def _take_opening(lines: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Title lines and addressees, as far as the front matter does not give them."""
    _strip_empty(lines)
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
    """Whether the line can be one of the title or the addressees: no sentence and no heading of the body."""
    return not _SENTENCE_MARKS.search(line) and not level(line)


def _are_names(line: str) -> bool:
    """Whether the line is made of names; one with a comma must end every name as bodies and persons do."""
    line = line.rstrip("：: ")
    names = list(filter(None, re.split("[、，,]", line)))
    if _ANNOUNCES.search(line) or any(len(name) > _MAX_NAME for name in names):
        return False
    return not re.search("[，,]", line) or all(map(_BODY_OR_PERSON.search, names))


def _names(lines: list[str]) -> tuple[str, ...]:
    names = (name.strip(" \u3000") for line in lines for name in re.split("[、，,：:]", line))
    return tuple(filter(None, names))


def _title_length(lines: list[str]) -> int:
    """How many lines the title of a letter without addressees takes."""
    opening = []
    for line in lines[:_MAX_TITLE_LINES]:
        if not _may_open(line) or DATE.fullmatch(line) or _CONTACT.match(line) or len(line) > _MAX_NAME:
            break
        opening.append(line)
    kinds = [place for place, line in enumerate(opening) if _says_kind(line)]
    return kinds[-1] + 1 if kinds else min(len(opening), 1)


def _take_date(lines: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """The date near the end, contact lines under it, and where the form prints one the issuing body above it."""
    _strip_empty(lines)
    place = (
        None if "date" in given else _date_place(lines, 0 if "contacts" in given else _MAX_LINES_AFTER_DATE)
    )
    if place is None:
        return {}
    match = DATE.fullmatch(lines[place])
    found: dict[str, Any] = {"date": date_of("date", match) if match else None}
    if "contacts" not in given:
        found["contacts"] = tuple(filter(None, lines[place + 1 :]))
    del lines[place:]
    if "issuers" not in given:
        found["issuers"] = _take_issuer(lines)
    return found


def _date_place(lines: list[str], most_after: int) -> int | None:
    after = 0
    for place in reversed(range(len(lines))):
        line = lines[place]
        if len(line) > _MAX_CONTACT or after > most_after:
            return None
        if DATE.fullmatch(line) or _DATE_TO_COME.fullmatch(line):
            return place
        after += bool(line)
    return None


def _take_issuer(lines: list[str]) -> tuple[str, ...]:
    _strip_empty(lines)
    name = lines[-1] if lines else ""
    if len(name) > _MAX_NAME or level(name) or not re.fullmatch(r"[^\W\d_a-zA-Z]+", name):
        return ()
    return (lines.pop(),) if _BODY_OR_PERSON.search(name) else ()


def _take_contacts(lines: list[str]) -> tuple[str, ...]:
    """The last lines of a letter without date, as far as they say whom to ask."""
    _strip_empty(lines)
    start = len(lines)
    while start and _CONTACT.match(lines[start - 1]) and not lines[start - 1].endswith("。"):
        start -= 1
    contacts = tuple(lines[start:])
    del lines[start:]
    return contacts
