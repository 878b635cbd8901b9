"""A text as it stands on the web made a clean one: readings out, simplified characters, full-width marks.

Knows nothing of what the lines mean; whoever asks for it compares and decides.
"""

from __future__ import annotations

import re
import unicodedata

from gongwen.text import HAN, widen
from gongwen.variants import converted, is_foreign

_HAN_RUN = re.compile(f"{HAN}+")

# One syllable of Mandarin without its tone, loosely: what matters is that PDF, cm or a word is none.
_SYLLABLE = re.compile(
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:[iuü]?(?:a|ai|ao|an|ang)|[iu]ong|ong|[uüv]?[eo]|[ui]e|ei|eng?|er|ou|io|iu|ui|[iuüv]n?|ing|[üv]an)"
    "|m|ng?|hm|hng"
)
_IN_BRACKETS = re.compile(
    rf"(?<={HAN})[(\uff08]([^\s()\uff08\uff09]{{1,12}}(?: [^\s()\uff08\uff09]{{1,12}}){{0,7}})[)\uff09]"
)
_TONES = "\u0304\u0301\u030c\u0300"

# What the neutral tone leaves without a mark; any other toneless bracket may be a unit or a label.
_NEUTRAL_SOUNDS = (
    "de的地得 le了 zhe着著 guo过過 men们們 ma吗嗎嘛 ne呢 ba吧 a啊 ya呀 zi子 me么麼麽 ge个個 "
    "shang上 xia下 li里裡裏 tou头頭 bian边邊 mian面 er儿兒 lai来來 qu去 qi起 kai开開"
)
_NEUTRAL = {(char, sound) for sound, chars in re.findall(r"([a-z]+)(\S+)", _NEUTRAL_SOUNDS) for char in chars}

# A writer names the sound of a rare name in full-width brackets once or twice, a page of readings everywhere.
_MANY_READINGS = 3

# Share of traditional characters from which a text is one; a name or a quotation stays below it.
_TRADITIONAL_SHARE = 0.05
_SIMPLIFIED = "zh-Hans"

# Widening one mark can make its neighbour stand beside Chinese; longer runs of marks are no sentence.
_ROUNDS = 10


def looks_scraped(text: str) -> bool:
    """Whether the text has readings in brackets behind its characters, or is in traditional characters."""
    return bool(_readings(text)) or _is_traditional(text)


def repair(text: str) -> str:
    """The text without readings, in simplified characters, with full-width punctuation beside Chinese.

    A clean text comes back as it was. Line ends stay as they are; only where something was repaired, the
    last of several lines gets the end that it lacks.
    """
    before, after = text, _repair_once(text)
    for _ in range(_ROUNDS):
        if after == before:
            break
        before, after = after, _repair_once(after)
    return after if after == text else _end_last_line(after)


def _repair_once(text: str) -> str:
    text = _without_readings(text)
    if _is_traditional(text):
        text = _HAN_RUN.sub(lambda run: converted(run.group(), _SIMPLIFIED), text)
    return re.sub(r"[^\r\n]+", lambda line: widen(line.group())[0], text)


def _end_last_line(text: str) -> str:
    if "\n" not in text or text.endswith("\n"):
        return text
    return text + ("\r\n" if "\r\n" in text else "\n")


def _without_readings(text: str) -> str:
    places = {match.start() for match in _readings(text)}
    return _IN_BRACKETS.sub(lambda match: "" if match.start() in places else match.group(), text)


def _readings(text: str) -> list[re.Match[str]]:
    """The brackets that only say how the characters before them are read, such as 對(duì)."""
    found = list(_IN_BRACKETS.finditer(text))
    toned = [match for match in found if _is_toned(match)]
    many = len({match[1] for match in toned}) >= _MANY_READINGS
    certain = [match for match in toned if many or _is_certain(match)]
    if not certain:
        return []
    starts = {match.start() for match in certain}
    return [match for match in found if match.start() in starts or _is_neutral(match)]


def _is_toned(match: re.Match[str]) -> bool:
    """Syllables, as many as characters at least, and one of them with its tone."""
    syllables = match[1].split(" ")
    before = match.string[max(0, match.start() - len(syllables)) : match.start()]
    return (
        bool(re.fullmatch(f"{HAN}{{{len(syllables)}}}", before))
        and all(_SYLLABLE.fullmatch(_toneless(syllable)) for syllable in syllables)
        and _toneless(match[1]) != unicodedata.normalize("NFC", match[1].lower())
    )


def _is_certain(match: re.Match[str]) -> bool:
    """In half-width brackets, or behind a character that no writer of simplified ones would type."""
    return match.group()[0] == "(" or is_foreign(match.string[match.start() - 1], _SIMPLIFIED)


def _is_neutral(match: re.Match[str]) -> bool:
    return (match.string[match.start() - 1], match[1]) in _NEUTRAL


def _toneless(syllable: str) -> str:
    spelled = unicodedata.normalize("NFD", syllable.lower())
    return unicodedata.normalize("NFC", "".join(char for char in spelled if char not in _TONES))


def _is_traditional(text: str) -> bool:
    han = "".join(_HAN_RUN.findall(text))
    signs = {char for char in set(han) if is_foreign(char, _SIMPLIFIED)}
    return bool(signs) and sum(char in signs for char in han) >= _TRADITIONAL_SHARE * len(han)
