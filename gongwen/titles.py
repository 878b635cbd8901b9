"""Where a title breaks: at the places a person chose, else by words into a tidy shape.

GB/T 9704-2012 7.3.1: 2号 type, centred, words whole, a trapezoid or a diamond and never an hour-glass.
"""

from __future__ import annotations

import re
from functools import cache

from gongwen.compose import NO_END, NO_START
from gongwen.text import clean

# 156 mm hold 20 characters of 22 pt.
LONGEST_LINE = 20

# What stays whole: a short name in 《》, digits with what they count, Latin words, common words of the trade.
_WHOLE = re.compile(
    r"《[^《》]{1,16}》|第?[0-9]+(?:号(?:提案|建议|议案)?|[届次年月日])?|[!-~]+"
    r"|[一二三四五六七八九十]+届(?:[一二三四五六七八九十]+次(?:全体)?会议)?|[一二三四五六七八九十]+次(?:全体会议|会议)?|委员会|人民政府|答复函|关于|会议|提案|政协|办理|情况|答复|意见|建议|工作|问题|."
)


def break_title(title: str) -> list[str]:
    """The lines of a title, top to bottom. Each "\\n" stays a break; a line too long is broken further."""
    chosen = (clean(line).strip(" \u3000") for line in title.split("\n"))
    return [line for part in chosen if part for line in _balanced(part)]


def _measure(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _balanced(text: str) -> list[str]:
    if _measure(text) <= LONGEST_LINE:
        return [text]
    words = _words(text)
    count = -int(-_measure(text) // LONGEST_LINE)
    for lines in range(count, count + 3):
        found = _best_break(tuple(words), lines)
        if found:
            return found
    return [text[i : i + LONGEST_LINE] for i in range(0, len(text), LONGEST_LINE)]


def _words(text: str) -> list[str]:
    """The title in pieces that stay whole, marks bound to the side they belong to."""
    words: list[str] = []
    for piece in _WHOLE.findall(text):
        if words and (piece[0] in NO_START or piece in "的地得" or words[-1][-1] in NO_END):
            words[-1] += piece
        else:
            words.append(piece)
    return [part for word in words for part in _cut(word)]


def _cut(word: str) -> list[str]:
    return [word[i : i + LONGEST_LINE] for i in range(0, len(word), LONGEST_LINE)]


def _best_break(words: tuple[str, ...], lines: int) -> list[str] | None:
    """The break into that many lines whose lengths are the most even, none shaped like an hour-glass."""
    ideal = _measure("".join(words)) / lines

    @cache
    def ways(start: int, left: int) -> tuple[tuple[str, ...], ...]:
        if left == 1:
            rest = "".join(words[start:])
            return ((rest,),) if 0 < _measure(rest) <= LONGEST_LINE else ()
        found = []
        for end in range(start + 1, len(words)):
            line = "".join(words[start:end])
            if _measure(line) > LONGEST_LINE:
                break
            if _measure(line) >= ideal * 0.5:
                found += [(line, *rest) for rest in ways(end, left - 1)]
        return tuple(sorted(found, key=lambda way: _cost(way, ideal))[:40])

    best = ways(0, lines)
    return list(best[0]) if best else None


def _cost(way: tuple[str, ...], ideal: float) -> float:
    sizes = [_measure(line) for line in way]
    waist = any(
        before > size < after for before, size, after in zip(sizes, sizes[1:], sizes[2:], strict=False)
    )
    starts_weak = sum(line[0] in "的和与及等" for line in way[1:])
    return sum((size - ideal) ** 2 for size in sizes) + 100 * waist + 10 * starts_weak
