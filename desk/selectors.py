"""Questions that touch the question and the answer: what waits for a post, what it has sent, a case's story."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from issuing import selectors as issuing
from office import counting, events
from office.events import Line
from organizations.models import BUREAU_ROLES, Post, Role
from outcomes import policies as outcome_policies
from outcomes import selectors as outcomes
from portal import selectors as portal
from proposals import dispatch_selectors as dispatch
from proposals import policies
from proposals import review_selectors as review
from proposals import selectors as proposals
from proposals.models import Proposal
from proposals.selectors import DeskRow
from replies import opinion_policies
from replies import policies as reply_policies
from replies import selectors as replies

# A bureau's drafting is its own; how a proposal was written and reviewed is a matter of its writers and the
# reviewers; what bureaus and those who give them cases settle among themselves is no matter of the proposers.
OWN_ONLY = ("reply.", "opinion.", "feedback.")
REVIEW_ONLY = (
    "proposal.create",
    "proposal.enter",
    "proposal.invite",
    "proposal.reword",
    "proposal.return",
    "proposal.recall",
    "cosigner.",
    "attachment.",
)
# A first review decides nothing yet: its writers hear of the decision alone.
REVIEWERS_ONLY = ("proposal.examine",)
OFFICES_ONLY = (
    "assignment.decline",
    "assignment.keep",
    "assignment.insist",
    "assignment.join",
    "assignment.hand_over",
    "extension.",
    "chase.",
    "proposal.mark",
    "opinion.give",
)
FOR_ALL = ("reply.issue",)


# What lies on a desk, topic by topic: the rows, and how many there are.
Rows = Callable[[Post], list[DeskRow]]
TO_DO: list[Rows] = [
    review.invitations_waiting,
    review.cosigning_waiting,
    proposals.to_do,
    dispatch.declined_waiting,
    dispatch.extensions_waiting,
    replies.to_do,
    outcomes.to_do,
    issuing.to_do,
    portal.to_do,
]
# The same, to be counted in one query.
COUNTED: list[Callable[[Post], list[QuerySet[Any]]]] = [
    review.waiting_rows,
    proposals.to_do_rows,
    dispatch.waiting_rows,
    replies.to_do_rows,
    outcomes.to_do_rows,
    issuing.to_do_rows,
    portal.to_do_rows,
]
WAITING: list[Rows] = [
    proposals.waiting_for_others,
    dispatch.declined_of_bureau,
    replies.waiting_for_others,
]


def to_do_count(post: Post) -> int:
    """Return how many rows wait on a post's desk. One query."""
    return counting.total(rows for questions in COUNTED for rows in questions(post))


@dataclass(frozen=True)
class Desk:
    """What a post finds on its desk: rows to act on, most urgent first, those with others, new answers."""

    to_do: list[DeskRow]
    waiting: list[DeskRow]
    answered: list[DeskRow]


def desk_of(post: Post) -> Desk:
    """Return the desk of a post. The number of queries does not grow with the number of rows."""
    to_do = [row for rows in TO_DO for row in rows(post)]
    waiting = [row for rows in WAITING for row in rows(post)]
    by_date = sorted(to_do, key=_urgency), sorted(waiting, key=_urgency)
    return Desk(*by_date, proposals.answered(post))


def _urgency(row: DeskRow) -> tuple[int, str]:
    """Dated rows first, the nearest date on top; then as the apps gave them."""
    return (0, row.lamp.date.isoformat()) if row.lamp else (1, "")


def story_for(post: Post, proposal: Proposal) -> list[Line]:
    """Return the history of a case as far as this post took part in it, newest first."""
    is_own = policies.takes_part(post, proposal)
    own_papers = _own_papers(post, proposal)
    return [line for line in events.story(proposal) if _is_told(post, line, is_own, own_papers)]


def _own_papers(post: Post, proposal: Proposal) -> set[str]:
    """What the log tells this post alone of, by the log's names: the own drafting, the judgements it may know of."""
    written = reply_policies.visible_to(post).filter(proposal=proposal).only("pk")
    opinions = opinion_policies.of_own_bureau(post).filter(proposal=proposal).only("pk")
    judged = outcome_policies.feedback_visible_to(post).filter(case=proposal).only("pk")
    rows: list[Model] = [*written, *opinions, *judged]
    return {events.reference(row) for row in rows}


def _is_told(post: Post, line: Line, is_own: bool, own_papers: set[str]) -> bool:
    if line.act.startswith(FOR_ALL):
        return True
    if line.act.startswith(OFFICES_ONLY):
        return post.role in (Role.REVIEWER, Role.DISPATCHER, *BUREAU_ROLES)
    if line.act.startswith(OWN_ONLY):
        return line.subject in own_papers
    if line.act.startswith(REVIEWERS_ONLY):
        return post.role == Role.REVIEWER
    if line.act.startswith(REVIEW_ONLY):
        return post.role == Role.REVIEWER or is_own
    return True
