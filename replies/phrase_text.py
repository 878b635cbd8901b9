"""Where a phrase goes in a draft: pure text, no rows. The desk's script does the same (static/js/phrases.js)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from organizations.models import Phrase

GAP = "\u00d7\u00d7"  # what a phrase has where the clerk fills something in
Group = Phrase.Group

# How a first line opens a letter and a last line closes it, in whatever words.
OPENS = re.compile("收悉|答复如下")
THANKS = re.compile("(?:再次|最后|衷心|在此|，)*感谢")


@dataclass(frozen=True)
class Frame:
    """Opening and closing as the profile words them, and the phrases that may stand in their place."""

    opening: str
    closing: str
    openings: Sequence[str] = field(default_factory=tuple)
    closings: Sequence[str] = field(default_factory=tuple)


def placed(body: str, text: str, group: int, frame: Frame) -> str:
    """Return the draft with a passage in it: an opening or thanks in its place, anything else before the closing."""
    if group == Group.LETTER:
        return framed(text, frame)
    end = len(body)
    if group == Group.OPENING:
        start, end = _opening(body, frame) or (0, 0)
    elif group == Group.THANKS:
        start, end = _closing(body, frame) or (end, end)
    else:
        start, _end = _closing(body, frame) or (end, end)
        end = start
    return _lines(body[:start], text, body[end:])


def framed(text: str, frame: Frame) -> str:
    """Return a whole letter between opening and closing, where it does not bring its own."""
    opening = "" if frame.opening in text else frame.opening
    return _lines(opening, text, "" if frame.closing in text else frame.closing)


def has_answer(body: str, frame: Frame) -> bool:
    """Say whether something was written besides opening and closing."""
    start, end = _closing(body, frame) or (0, 0)
    body = body[:start] + body[end:]
    start, end = _opening(body, frame) or (0, 0)
    return bool((body[:start] + body[end:]).strip())


def _opening(body: str, frame: Frame) -> tuple[int, int] | None:
    """Where the draft opens: with what the house words, else with a first line that reads like it."""
    first = body.strip().partition("\n")[0]
    known = _last_of(body, (frame.opening, *frame.openings))
    return known or (_last_of(body, [first]) if OPENS.search(first) else None)


def _closing(body: str, frame: Frame) -> tuple[int, int] | None:
    """Where the draft closes: with what the house words, else with a last line of thanks."""
    last = body.strip().rpartition("\n")[2]
    known = _last_of(body, (frame.closing, *frame.closings))
    return known or (_last_of(body, [last]) if THANKS.match(last) else None)


def _last_of(body: str, passages: Sequence[str]) -> tuple[int, int] | None:
    """Where the last of these passages stands that has its lines for itself; the longest where two end there."""
    around = f"\n{body}\n"
    found = [
        (at + len(passage), -at)
        for passage in passages
        if passage.strip() and (at := around.rfind(f"\n{passage}\n")) >= 0
    ]
    end, at = max(found, default=(0, 0))
    return (-at, end) if found else None


def _lines(*parts: str) -> str:
    return "\n".join(part.strip("\n") for part in parts if part.strip())
