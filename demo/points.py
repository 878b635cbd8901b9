"""The demo's answers to the suggestions: a verdict by the class of the reply, and the paragraph that is most alike."""

import datetime as dt
from difflib import SequenceMatcher

from office import clock
from replies import points
from replies.models import Reply

WHY_NOT = "受资金和政策条件限制，目前还不能办，待条件具备后再作研究。"
WHY_PARTLY = "先在有条件的地方试行，其余的视效果再定。"
OWNER = "业务股"


def answers_to(reply: Reply, paragraphs: list[str], mark: str, *, is_done: bool) -> points.Typed:
    """Return an answer for every suggestion; while the reply is still being drafted the last one is missing."""
    asked = points.suggestions_of(reply)
    lines = paragraphs[1:-1] or paragraphs
    answered = asked if is_done or len(asked) < 2 else asked[:-1]
    return {
        one.pk: _answer(_verdict(mark, place, len(asked)), _most_alike(one.text, lines))
        for place, one in enumerate(answered)
    }


def _verdict(mark: str, place: int, count: int) -> str:
    is_last = place == count - 1
    if mark == "A":
        return "adopted"
    if mark == "B":
        return "planned" if is_last else "adopted"
    return "not_adopted" if is_last else "partly"


def _answer(verdict: str, passage: str) -> dict[str, str]:
    day = clock.today() + dt.timedelta(150)
    reasons = {"partly": WHY_PARTLY, "not_adopted": WHY_NOT}
    planned = {"due": day.isoformat(), "owner": OWNER} if verdict == "planned" else {"due": "", "owner": ""}
    return {"verdict": verdict, "passage": passage, "reason": reasons.get(verdict, "")} | planned


def _most_alike(text: str, lines: list[str]) -> str:
    return max(lines, key=lambda line: SequenceMatcher(None, text, line, autojunk=False).ratio())
