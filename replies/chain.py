"""The bureau's steps to a signed letter, each with its latest day; told to the bureau alone. Reads only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from office import calendar, clock
from office.calendar import Days, Lamp
from organizations.models import Post
from proposals import deadlines
from proposals.deadlines import CHECK, DRAFT, ISSUE, SIGN
from proposals.dispatch_selectors import UNANSWERED
from proposals.models import Assignment
from proposals.selectors import day_of
from proposals.workflow import ANSWERED
from replies import opinion_policies, policies
from replies.models import Approval, Opinion, Reply
from replies.workflow import ReplyState

LABELS: dict[str, str | Promise] = {
    DRAFT: pgettext_lazy("step of a reply", "Draft sent up"),
    CHECK: pgettext_lazy("step of a reply", "Checked"),
    SIGN: pgettext_lazy("step of a reply", "Signed"),
    ISSUE: pgettext_lazy("step of a reply", "Issued"),
}
# Which step a reply in this state waits for; an opinion knows the first and the third.
WAITS_FOR: dict[str, str] = {
    ReplyState.DRAFTING: DRAFT,
    ReplyState.IN_REVIEW: CHECK,
    ReplyState.AWAITING_SIGNATURE: SIGN,
    ReplyState.SIGNED: ISSUE,
}
WANTED: dict[str, str | Promise] = {
    DRAFT: gettext_lazy("to be sent up by %(day)s"),
    CHECK: gettext_lazy("to be checked by %(day)s"),
    SIGN: gettext_lazy("to be signed by %(day)s"),
    ISSUE: gettext_lazy("to be issued by %(day)s"),
}
Paper = Reply | Opinion


@dataclass(frozen=True)
class ChainStep:
    """One step with its latest day: done, now or todo; what is late says so in `said` or by its lamp."""

    label: str
    by: str
    state: str
    said: str = ""
    lamp: Lamp | None = None


def chain_of(assignment: Assignment, paper: Paper | None, days: Days) -> list[ChainStep]:
    """Return the steps of an answer that is owed, with the days by which they must be done; else nothing."""
    dates = deadlines.latest_days(assignment, days)
    now = _waiting_step(assignment, paper)
    if now not in dates:
        return []
    names, done = list(dates), _done_on(paper)
    at = names.index(now)
    return [_step(name, dates[name], place - at, done.get(name), days) for place, name in enumerate(names)]


def _waiting_step(assignment: Assignment, paper: Paper | None) -> str:
    """Which step is to be done now; nothing where no answer is owed any more."""
    case = (paper or assignment).proposal
    if assignment.state not in UNANSWERED or case.state in ANSWERED:
        return ""
    return WAITS_FOR.get(paper.state, "") if paper else DRAFT


def _step(name: str, by: dt.date, place: int, done: dt.date | None, days: Days) -> ChainStep:
    label, latest = str(LABELS[name]), pgettext("latest day", "by %(day)s") % {"day": day_of(by)}
    if place == 0:
        lamp = calendar.lamp(due=by, today=clock.today(), warn_days=1, days=days)
        return ChainStep(label, latest, "now", lamp=lamp)
    if place > 0:
        return ChainStep(label, latest, "todo")
    if done is None:
        return ChainStep(label, latest, "done", said=pgettext("step", "done"))
    words = pgettext("step", "done late on %(day)s") if done > by else pgettext("step", "done on %(day)s")
    return ChainStep(label, latest, "done", said=words % {"day": day_of(done)})


def _done_on(paper: Paper | None) -> dict[str, dt.date]:
    """On which day the steps were done that stand now."""
    if isinstance(paper, Opinion):
        return {DRAFT: _date(paper.sent_at)} if paper.sent_at else {}
    newest = paper.newest if paper and paper.state != ReplyState.DRAFTING else None
    if newest is None:
        return {}
    stand = Approval.objects.filter(version=newest, is_void=False)
    decided = {row.decision: _date(row.at) for row in stand}
    named = {CHECK: Approval.Decision.PASSED, SIGN: Approval.Decision.SIGNED}
    return {DRAFT: _date(newest.sent_at)} | {
        step: decided[key] for step, key in named.items() if key in decided
    }


def _date(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def own_chain(post: Post, assignment: Assignment) -> list[ChainStep]:
    """Return the chain of an assignment for a post of its bureau, for the case page; nothing for others."""
    if not post.bureau_id or post.bureau_id != assignment.bureau_id or assignment.state not in UNANSWERED:
        return []
    rows: Any = policies.visible_to(post) if assignment.answers else opinion_policies.of_own_bureau(post)
    paper = rows.filter(assignment=assignment).order_by("-pk").first()
    if isinstance(paper, Reply) and paper.round != assignment.round:
        paper = None
    return chain_of(assignment, paper, Days.of(assignment.assembly_id))


def _latest_in_words(assignment: Assignment, paper: Paper | None, days: Days) -> str:
    """By when the step that a paper waits for must be done; nothing where there is none."""
    name = _waiting_step(assignment, paper)
    dates = deadlines.latest_days(assignment, days)
    if name not in dates:
        return ""
    lamp = calendar.lamp(due=dates[name], today=clock.today(), warn_days=0, days=days)
    words = str(WANTED[name]) % {"day": day_of(lamp.date)}
    return f"{words} · {lamp.text}" if lamp.state == "late" else words


def with_latest(
    facts: dict[str, Any], assignment: Assignment, paper: Paper | None, days: Days
) -> dict[str, Any]:
    """Return the facts of a desk's row with the latest day of the step that waits there; no paper: the draft."""
    parts = [facts.get("detail", ""), _latest_in_words(assignment, paper, days)]
    return facts | {"detail": " · ".join(filter(None, parts))}
