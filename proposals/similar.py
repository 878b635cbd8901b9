"""Proposals on the same subject, by their titles: pairs of characters in common, without the words of every title.

A simple match, only over what the post may see.
"""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F
from django.urls import reverse

from office import clock
from organizations.models import Post
from proposals import policies

YEARS = 5
LEAST = 0.3  # from here on two titles are about one subject
SHORTEST = 4  # characters; less says nothing
LONGEST = 200
_STOP = re.compile(
    "关于|的?(?:建议|提案|意见|思考|对策)$|进一步|切实|着力|大力|全面|持续|不断|积极|有效|加快|加强|加大|推进|推动|促进|提升|提高|完善|优化|"
    "强化|深化|做好|健全|建立|支持|规范|改善|解决|我[区县市省州镇]|全[区县市省州]|[的和与及对在了等]|工作|问题|力度|水平|发展|建设|管理"
)
_NOT_TEXT = re.compile(r"[^\w]|_")


@dataclass(frozen=True)
class Match:
    """A proposal whose title is near: how near (0 to 1), and the words that both have."""

    pk: int
    title: str
    number: int | None
    session: str
    score: float
    why: str

    @property
    def url(self) -> str:
        """Where the case stands."""
        return reverse("desk:case", args=[self.pk])


@lru_cache(maxsize=20_000)
def _pairs(title: str) -> frozenset[str]:
    text = _NOT_TEXT.sub("", _STOP.sub("\n", title[:LONGEST].strip()))
    if len(text) < 2:  # a title of nothing but such words
        text = _NOT_TEXT.sub("", title[:LONGEST])
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def similar_to(post: Post, title: str, *, exclude: int | None = None, limit: int = 5) -> list[Match]:
    """Return proposals of the last years with a title like this one, nearest first."""
    if len(title.strip()) < SHORTEST:
        return []
    mine = _pairs(title)
    since = clock.today() - dt.timedelta(days=366 * YEARS)
    rows = policies.visible_to(post).filter(session__opens__gte=since).exclude(title="").order_by()
    if exclude is not None:
        rows = rows.exclude(pk=exclude)
    near = []
    for pk, other, number, session in rows.values_list(
        "pk", "title", "number", F("session__name")
    ).distinct():
        theirs = _pairs(other)
        score = 2 * len(mine & theirs) / (len(mine) + len(theirs) or 1)
        if score >= LEAST:
            near.append((score, pk, other, number, session))
    near.sort(key=lambda one: (-one[0], -one[1]))
    return [
        Match(pk, other, number, session, round(score, 2), _shared(title, other))
        for score, pk, other, number, session in near[:limit]
    ]


def _shared(title: str, other: str) -> str:
    """The longest words that both titles have, in the order of the first."""
    both = _pairs(title) & _pairs(other)
    words: list[str] = []
    at = 0
    while at < len(title) - 1:
        end = at
        while title[end : end + 2] in both:
            end += 1
        if end > at:
            words.append(title[at : end + 1])
        at = max(end, at + 1)
    return "\u3001".join(dict.fromkeys(words))
