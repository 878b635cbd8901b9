"""The table of dates: what bureaus still owe, how urgent, how often urged; and the words that urge them."""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from office import clock, events
from office.calendar import Days, Lamp, day_in_words
from organizations.models import Bureau, Post
from proposals import policies
from proposals import selectors as proposals
from proposals.dispatch_selectors import HANDLED, UNANSWERED
from proposals.models import Assignment
from proposals.workflow import ANSWERED

CHASE_TEXT = _(
    "Proposal No. {number}, {title}, is to be answered by {due}. Please see to it and tell us how it stands."
)
LATE, SOON = "late", "soon"


@dataclass(frozen=True)
class DateRow:
    """An assignment in the table of dates."""

    assignment: Assignment
    lamp: Lamp
    chases: int
    last_chase: dt.datetime | None
    may_chase: bool


def dates_of(post: Post, *, urgency: str = "", bureau: str = "") -> list[DateRow]:
    """Return what is still to be answered, nearest date first; `urgency` late or soon, `bureau` by its key."""
    rows = unanswered(post).filter(state__in=HANDLED).exclude(proposal__state__in=ANSWERED)
    if bureau.isdecimal():
        rows = rows.filter(bureau_id=int(bureau))
    days, today = Days.of(post.assembly_id), clock.today()
    may = policies.may_give_assignments(post)
    found = [_row(row, days, today, may) for row in rows]
    return [row for row in found if row and (not urgency or row.lamp.state == urgency)]


def _row(assignment: Assignment, days: Days, today: dt.date, may: bool) -> DateRow | None:
    lamp = proposals.lamp_of(assignment, days, today)
    if lamp is None:
        return None
    facts = vars(assignment)
    may_chase = may and assignment.state in UNANSWERED and assignment.proposal.state not in ANSWERED
    return DateRow(assignment, lamp, facts["times"], facts["last_chase"], may_chase)


def unanswered(post: Post) -> QuerySet[Assignment]:
    """Return the assignments that this post looks after, with their cases and how often each was urged."""
    rows = policies.assignments_visible_to(post)
    related = ("proposal__session", "proposal__committee", "proposal__member__user", "proposal__assembly")
    counted = rows.annotate(times=Count("chases"), last_chase=Max("chases__at"))
    return counted.select_related(*related, "bureau").order_by("due_on", "pk")


def bureaus_in(post: Post) -> list[Bureau]:
    """Return the bureaus that still owe an answer."""
    owing = policies.assignments_visible_to(post).filter(state__in=HANDLED)
    owing = owing.exclude(proposal__state__in=ANSWERED)
    return list(Bureau.objects.filter(assembly_id=post.assembly_id, pk__in=owing.values("bureau")))


def chase_draft() -> str:
    """Return what a bureau is told, before anyone has changed it, in the language of the office."""
    return events.in_site_language(lambda: str(CHASE_TEXT))


def filled_in(text: str, assignment: Assignment) -> str:
    """Put a case's own number, title and date into the words; what else stands in braces stays as it is."""
    case = assignment.proposal
    day = events.in_site_language(lambda: day_in_words(assignment.due_on))
    facts = {"number": str(case.number or ""), "title": case.short_title, "due": day}
    return re.sub(r"\{(number|title|due)\}", lambda mark: facts[mark[1]], text)


def chosen_of(post: Post, keys: list[str]) -> list[DateRow]:
    """Return the rows chosen in the table; what this post may not know of or not urge is not among them."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 10]
    days, today = Days.of(post.assembly_id), clock.today()
    may = policies.may_give_assignments(post)
    rows = (_row(row, days, today, may) for row in unanswered(post).filter(pk__in=numbers))
    return [row for row in rows if row]
