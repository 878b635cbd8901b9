"""The letters that are measured: the published sample, a long one, and a thousand that all differ.

Each round turns the clauses of every paragraph round, so that no engine meets a text that it has laid out
before; length and marks stay the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

from gongwen.document import Letter, Picture, Table
from gongwen.tests.letters import FILE, PLAIN
from gongwen.text import level, split_heading

ISSUER = "岳阳市君山区民政局"
CASES = ("sample", "long")

# What stands in brackets or between quotation marks belongs to its clause.
_CLAUSE = re.compile("(?:《[^》]*》|“[^”]*”|（[^）]*）|[^，。；])+")
_NUMERALS = "一二三四五六七八九十"
_LONG_COPIES = 6
_RARE = "㛃𬭚䶮旻晞昉喆镕𠀀"  # the last is in the last of the fallbacks only
_TABLE = Table(
    rows=(
        ("序号", "村（居）", "事项", "议事次数", "办结情况"),
        *((str(n), f"第{n}村", "议事会建设", str(n % 7 + 2), "已办结") for n in range(1, 13)),
    ),
    caption="基层议事会建设情况",
)


def letter_of(case: str, round_number: int, seal: Picture | None) -> Letter:
    """The letter of this case in this round; round 0 of "sample" is the published text itself."""
    body = PLAIN.text_paragraphs if case == "sample" else _long_body()
    turned_body = tuple(turned(one, round_number) if isinstance(one, str) else one for one in body)
    return replace(PLAIN, paragraphs=turned_body, issuers=(ISSUER,), seals=(seal,) if seal else ())


def _long_body() -> tuple[str | Table, ...]:
    """The sample's body some times over, its headings numbered on, with two tables: twelve pages."""
    opening, plan, *points, closing = PLAIN.text_paragraphs
    headed = [turned(point, copy) for copy in range(_LONG_COPIES) for point in points]
    numbered: list[str | Table] = []
    count = 0
    for paragraph in headed:
        count += bool(level(paragraph))
        numbered.append(re.sub("^[一二三四]、", f"{_numeral(count)}、", paragraph))
    numbered[10:10] = [_TABLE]
    numbered[5:5] = [_TABLE]
    return (opening, plan, *numbered, closing)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十") + (
        _NUMERALS[ones - 1] if ones else ""
    )


def turned(paragraph: str, by: int) -> str:
    """The paragraph with its clauses moved on by so many places; heading and marks stay where they are."""
    heading, rest = split_heading(paragraph)
    clauses, marks = _CLAUSE.findall(rest), _CLAUSE.split(rest)
    if not clauses:
        return paragraph
    by %= len(clauses)
    moved = clauses[by:] + clauses[:by]
    return heading + "".join(mark + clause for mark, clause in zip(marks, [*moved, ""], strict=True))


def different(count: int) -> Iterator[Letter]:
    """So many letters, no two alike: 200 to 3,000 characters, some with rare characters, some with tables."""
    for number in range(count):
        yield _different(number)


def warming() -> Letter:
    """A letter that brings in every font and every kind of block once."""
    return replace(PLAIN, paragraphs=(*PLAIN.text_paragraphs, _RARE, _TABLE))


def _different(number: int) -> Letter:
    chance = random.Random(number)  # noqa: S311 (the same letters each time)
    clauses = [clause for one in PLAIN.text_paragraphs for clause in _CLAUSE.findall(split_heading(one)[1])]
    body: list[str | Table] = []
    left = chance.randint(200, 3000)
    while left > 0:
        body.append(_paragraph(chance, clauses, min(left, chance.randint(40, 400))))
        left -= len(str(body[-1]))
    if chance.random() < 0.2:
        body.append(f"联系人：王{chance.choice(_RARE)}。")
    if chance.random() < 0.15:
        body.insert(len(body) // 2, replace(_TABLE, rows=_TABLE.rows[: chance.randint(2, 13)]))
    form = chance.choice((PLAIN, FILE, replace(FILE, form="letter")))
    title = f"对君山区政协五届五次会议第{number + 1}号提案的\n答复"
    return replace(form, title=title, paragraphs=tuple(body), doc_number=f"君民复字〔2021〕{number + 1}号")


def _paragraph(chance: random.Random, clauses: list[str], length: int) -> str:
    text = ""
    while len(text) < length:
        text += chance.choice(clauses) + chance.choice("，，，；。")
    return text[:-1] + "。"
