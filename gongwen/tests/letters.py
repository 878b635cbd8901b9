"""Letters to test with: the published sample and variations of it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from gongwen.document import Letter

SAMPLE = (Path(__file__).parent / "data" / "junshan-51.txt").read_text(encoding="utf-8")
_LINES = SAMPLE.splitlines()

PLAIN = Letter(
    form="plain",
    title="\n".join(_LINES[:2]),
    addressees=(_LINES[2].removesuffix("："),),
    paragraphs=tuple(_LINES[3:-3]),
    date=datetime.date(2021, 5, 25),
    doc_number="君民复字〔2021〕6号",
    result_class="B类",
    disclosure="同意公开",
    contacts=tuple(_LINES[-2:]),
)

FILE = replace(
    PLAIN,
    form="file",
    letterhead="岳阳市君山区民政局文件",
    signers=("冯广兴",),
    issuers=("岳阳市君山区民政局",),
    copies_to=("区政府办公室", "区政协提案委员会"),
    printed_by="岳阳市君山区民政局办公室",
    printed_on=datetime.date(2021, 5, 25),
)

# 28 characters without a mark: a line that nothing disturbs.
SMOOTH = "推进协商民主优化基层自治做好基层政权建设工作服务人民群众"


def with_lines(letter: Letter, count: int) -> Letter:
    """The letter with one paragraph of exactly `count` full lines."""
    return replace(letter, paragraphs=((SMOOTH * count)[: 28 * count - 2],))


def saying(letter: Letter, *paragraphs: str) -> Letter:
    """The letter with this body."""
    return replace(letter, paragraphs=paragraphs)
