"""Questions that touch the question and the answer: what waits for a post, what it has sent, a case's story."""

from dataclasses import dataclass

from office import events
from office.events import Line
from organizations.models import BUREAU_ROLES, Post, Role
from proposals import selectors as proposals
from proposals.models import Proposal
from proposals.selectors import DeskRow
from replies import selectors as replies

# A bureau's drafting is its own; how a proposal was reviewed is a matter of its writers and the reviewers.
BUREAU_ONLY = ("reply.",)
REVIEW_ONLY = ("proposal.create", "proposal.return", "proposal.recall", "attachment.")
FOR_ALL = ("reply.issue",)


@dataclass(frozen=True)
class Desk:
    """What a post finds on its desk: rows to act on, most urgent first, those with others, new answers."""

    to_do: list[DeskRow]
    waiting: list[DeskRow]
    answered: list[DeskRow]


def desk_of(post: Post) -> Desk:
    """Return the desk of a post. The number of queries does not grow with the number of rows."""
    to_do = proposals.to_do(post) + replies.to_do(post)
    waiting = proposals.waiting_for_others(post) + replies.waiting_for_others(post)
    by_date = sorted(to_do, key=_urgency), sorted(waiting, key=_urgency)
    return Desk(*by_date, proposals.answered(post))


def _urgency(row: DeskRow) -> tuple[int, str]:
    """Dated rows first, the nearest date on top; then as the apps gave them."""
    return (0, row.lamp.date.isoformat()) if row.lamp else (1, "")


def story_for(post: Post, proposal: Proposal) -> list[Line]:
    """Return the history of a case as far as this post took part in it, newest first."""
    return [line for line in events.story(proposal) if _is_told(post, line.act)]


def _is_told(post: Post, act: str) -> bool:
    if act.startswith(FOR_ALL):
        return True
    if act.startswith(BUREAU_ONLY):
        return post.role in BUREAU_ROLES
    if act.startswith(REVIEW_ONLY):
        return post.role in (Role.FILER, Role.REVIEWER)
    return True
