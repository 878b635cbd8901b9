"""Which characters are written in traditional or in simplified texts alone, and the one form for the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

# Traditional forms that the standard characters of 2013 keep for names and places, outside GB 2312.
KEPT_IN_NAMES = frozenset("昇陞濛椏釐")


@cache
def is_foreign(char: str, language: str) -> bool:
    """Whether a text in this language never has the character, as another form of it is written there.

    What the old character set of the language has (GB 2312, Big5) lives on in names and old words.
    """
    to, charset = ("zh-Hant", "big5") if language == "zh-Hant" else ("zh-Hans", "gb2312")
    return char not in KEPT_IN_NAMES and converted(char, to) != char and not _encodes(char, charset)


def _encodes(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def converted(text: str, language: str) -> str:
    """The text in the characters of this language (zh-Hans or zh-Hant), by phrases and characters."""
    return _converter("s2t" if language == "zh-Hant" else "t2s")(text)


@cache
def _converter(way: str) -> Callable[[str], str]:
    """Loaded when a text first needs it."""
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC(way).convert
    return convert
