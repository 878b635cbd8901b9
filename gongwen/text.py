"""Text as people type it, made ready for a letter: paragraphs, heading levels, full-width punctuation.

Knows nothing of fonts, lines or pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

NUMERAL = "[一二三四五六七八九十百]+"
HAN = "[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"

# GB/T 9704-2012 7.3.3: the four levels of headings.
_LEVELS = (
    re.compile(f"{NUMERAL}\u3001"),
    re.compile(f"[\uff08(]{NUMERAL}[\uff09)]"),
    re.compile(r"[0-9]{1,4}[.\uff0e](?![0-9])"),
    re.compile(r"[\uff08(][0-9]{1,4}[\uff09)]"),
)

_HEADING_END = re.compile("[\u3002\uff01\uff1f][\u201d\u2019\uff09]?")


def clean(text: str) -> str:
    """The text without what cannot be printed; other kinds of space become plain ones.

    Control and format characters, NUL and lone surrogates go; the ideographic space stays.
    """
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(char: str) -> str:
    if " " <= char <= "~" or char == "\u3000":
        return char
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f\x85":
        return " "
    return "" if category in ("Cc", "Cf", "Cs") else char


def paragraphs(text: str) -> tuple[str, ...]:
    """Split what a person typed into paragraphs: no empty ones, no indents, nothing unprintable."""
    lines = re.split("\r\n|[\n\r\v\f\x85\u2028\u2029]", text)
    kept = (clean(line).strip(" \u3000") for line in lines)
    return tuple(line for line in kept if line)


def level(paragraph: str) -> int:
    """The level of the heading that opens the paragraph: 1 一、 2 （一） 3 1. 4 （1）, else 0."""
    for number, pattern in enumerate(_LEVELS, start=1):
        if pattern.match(paragraph):
            return number
    return 0


def heading_mark(paragraph: str) -> str:
    """The mark itself, such as 一、 or （3）; empty where the paragraph has no heading."""
    found = (pattern.match(paragraph) for pattern in _LEVELS)
    return next((match.group() for match in found if match), "")


def split_heading(paragraph: str) -> tuple[str, str]:
    """Heading sentence and the rest of a run-in paragraph; the first is empty without a heading."""
    if not level(paragraph):
        return "", paragraph
    end = _HEADING_END.search(paragraph)
    return (paragraph[: end.end()], paragraph[end.end() :]) if end else (paragraph, "")


FULL_WIDTH_MARKS = frozenset(
    "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff08\uff09\u300a\u300b\u3008\u3009"
    "\u201c\u201d\u2018\u2019\u3010\u3011\u3014\u3015\u300c\u300d\u300e\u300f\u2026\u2014"
)

_WIDE = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "!": "\uff01", "?": "\uff1f"}
_STOP = "\u3002"
_OPENING_NUMERAL = re.compile(f" *{NUMERAL}")

# Where a mark belongs to a machine, not to a sentence. Marks at the very end are the sentence's again.
# Bounded before :// and @, so that a line without any costs no time that grows with its square.
_MACHINE = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]{0,30}://|www\.)[!-~]*[A-Za-z0-9/=#&_-]"
    r"|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)


def covered(text: str, pattern: re.Pattern[str]) -> bytearray:
    """For each character 1 where a match of the pattern covers it, else 0."""
    inside = bytearray(len(text) + 1)
    for match in pattern.finditer(text):
        inside[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return inside


def of_machines(text: str) -> bytearray:
    """For each character 1 where it belongs to an address of the web or of mail, else 0."""
    return covered(text, _MACHINE)


def is_chinese(char: str) -> bool:
    """Whether the character is a Chinese one or a full-width mark."""
    return _chinese(char)


def is_han(char: str) -> bool:
    """Whether the character is a Chinese one (any plane), or 〇."""
    return char == "\u3007" or (
        unicodedata.category(char) == "Lo" and unicodedata.east_asian_width(char) == "W"
    )


def widen(text: str) -> tuple[str, int]:
    """Put half-width punctuation right where it stands beside Chinese: (text, number of marks changed).

    Marks inside numbers, times, addresses of the web, Latin words, heading marks and telephone numbers
    stay. A space typed after a widened mark goes with it. (GB/T 15834-2011)
    """
    done = [_widen_line(line) for line in text.split("\n")]
    return "\n".join(line for line, _ in done), sum(count for _, count in done)


def _widen_line(line: str) -> tuple[str, int]:
    chars = list(line)
    free = [True] * len(chars)
    for match in _MACHINE.finditer(line):
        free[match.start() : match.end()] = [False] * len(match.group())
    before = chars[:]
    _widen_quotes(chars, free)
    _widen_brackets(chars, free)
    opening = _OPENING_NUMERAL.match(line)
    mark = opening.end() if opening else -1
    for place, char in enumerate(chars):
        if free[place] and char in _WIDE and _belongs_to_chinese(chars, place):
            chars[place] = _WIDE[char]
        elif free[place] and char == "." and place != mark and _ends_sentence(chars, place):
            chars[place] = _STOP
    count = sum(old != new for old, new in zip(before, chars, strict=True))
    return "".join(_without_spaces(before, chars)), count


def _neighbour(chars: list[str], place: int) -> str:
    return chars[place] if 0 <= place < len(chars) else ""


def _chinese(char: str) -> bool:
    return bool(char) and (char in FULL_WIDTH_MARKS or is_han(char))


def _belongs_to_chinese(chars: list[str], place: int) -> bool:
    before, after = _neighbour(chars, place - 1), _neighbour(chars, place + 1)
    return _chinese(before) or (_chinese(after) and before != "")


def _ends_sentence(chars: list[str], place: int) -> bool:
    before, after = _neighbour(chars, place - 1), _neighbour(chars, place + 1)
    return _chinese(before) and (after in ("", " ", "\u3000", '"') or _chinese(after))


def _widen_quotes(chars: list[str], free: list[bool]) -> None:
    quotes = [place for place, char in enumerate(chars) if char == '"' and free[place]]
    for first, last in zip(quotes[::2], quotes[1::2], strict=False):
        around = [_neighbour(chars, spot) for spot in (first - 1, first + 1, last - 1, last + 1)]
        if any(map(_chinese, around)):
            chars[first], chars[last] = "\u201c", "\u201d"


def _widen_brackets(chars: list[str], free: list[bool]) -> None:
    waiting: list[int] = []
    # How many Chinese characters stand before each place; a bracket is only ever widened beside one of them.
    chinese = list(accumulate(map(_chinese, chars), initial=0))
    for place, char in enumerate(chars):
        if char == "(" and free[place]:
            waiting.append(place)
        elif char == ")" and free[place]:
            first = waiting.pop() if waiting else None
            if first is None:
                chars[place] = "\uff09" if _chinese(_neighbour(chars, place - 1)) else ")"
            elif chinese[first + 1] < chinese[place] or _brackets_beside_chinese(chars, first, place):
                chars[first], chars[place] = "\uff08", "\uff09"
    for first in waiting:
        if _chinese(_neighbour(chars, first - 1)) or _chinese(_neighbour(chars, first + 1)):
            chars[first] = "\uff08"


def _brackets_beside_chinese(chars: list[str], first: int, last: int) -> bool:
    before, after = _neighbour(chars, first - 1), _neighbour(chars, last + 1)
    belongs_to_word = before.isascii() and (before.isalnum() or before == "/")
    opens_telephone = (
        after.isascii()
        and after.isdigit()
        and all(chars[place].isdigit() for place in range(first + 1, last))
    )
    return not belongs_to_word and not opens_telephone and (_chinese(before) or _chinese(after))


def _without_spaces(before: list[str], chars: list[str]) -> Iterator[str]:
    widened = False
    for old, char in zip(before, chars, strict=True):
        if not (widened and char == " "):
            yield char
        widened = old != char and char not in "\u201c\uff08"
