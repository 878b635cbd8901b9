"""Questions of those who publish: what waits, what cannot be published and why, what is out."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organizations.models import Post
from portal import drafts, policies
from portal.drafts import Candidate
from portal.models import Publication
from proposals import policies as proposals
from proposals.models import Proposal
from proposals.selectors import DeskRow


@dataclass(frozen=True)
class Board:
    """The answered proposals of an assembly, sorted by what can be done with them."""

    waiting: list[Candidate] = field(default_factory=list)
    live: list[Candidate] = field(default_factory=list)
    kept_back: list[Candidate] = field(default_factory=list)
    withdrawn: list[Candidate] = field(default_factory=list)


def board_of(post: Post) -> Board:
    """Return what the proposals committee sees on its page of publications, nearest day first."""
    board = Board()
    for one in drafts.candidates(drafts.answered(proposals.visible_to(post))):
        if one.waits:
            board.waiting.append(one)
        elif one.is_live:
            board.live.append(one)
        elif one.why_not:
            board.kept_back.append(one)
        else:
            board.withdrawn.append(one)
    board.waiting.sort(key=_nearest_first)
    for rows in (board.live, board.kept_back, board.withdrawn):
        rows.sort(key=lambda one: (one.proposal.session.opens, one.proposal.number or 0), reverse=True)
    return board


def _nearest_first(one: Candidate) -> tuple[dt.date, int]:
    return one.due_on or dt.date.max, one.proposal.number or 0


def candidate_of(post: Post, proposal: Proposal) -> Candidate | None:
    """Return the proposal as a candidate; None while it is not answered."""
    rows = drafts.answered(proposals.visible_to(post).filter(pk=proposal.pk))
    return next(iter(drafts.candidates(rows)), None)


def to_do(post: Post) -> list[DeskRow]:
    """Return one row for everything that may be published and is not, with the nearest day."""
    if not policies.may_publish(post):
        return []
    rows = drafts.answered(drafts.waiting(proposals.visible_to(post)))
    waiting = sorted(drafts.candidates(rows), key=_nearest_first)
    if not waiting:
        return []
    first, count = waiting[0], len(waiting)
    title = ngettext("Publish %(n)d answered proposal", "Publish %(n)d answered proposals", count)
    url = reverse("portal:board")
    return [
        DeskRow(
            number=None,
            title=title % {"n": count},
            who="",
            url=url,
            stands=_("The proposers and the letters allow it"),
            lamp=first.lamp,
            act_label=_("Look and publish"),
            act_url=url,
            urgency=first.due_on or dt.date.max,
        )
    ]


def to_do_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `to_do` shows, to be counted: all that waits is one row there."""
    if not policies.may_publish(post):
        return []
    waiting = drafts.waiting(proposals.visible_to(post))
    return [Proposal.objects.filter(pk__in=waiting.values("pk")[:1])]


def panel_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return what the case page shows of its publication: the row (live or not), and a link for who publishes."""
    row = Publication.objects.filter(proposal=proposal).select_related("assembly").first()
    acts: list[dict[str, Any]] = []
    if policies.may_publish(post) and (row or drafts.is_answered(proposal)):
        label = _("Publication") if row else _("Publish")
        url = reverse("portal:decide", args=[proposal.pk])
        acts.append({"label": label, "url": url, "method": "get", "kind": "quiet", "hidden": {}})
    return {"publication": row, "acts": acts}
