"""Questions about bureaus' parts: who has what, by when and why, what was asked and decided, what may be done.

For the case page, the dispatch table and the desks. Writes nothing and decides nothing: policies do.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from office import calendar, clock
from office.calendar import Days, Lamp
from office.pages import offers
from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Bureau, Post, Role
from proposals import deadlines, policies
from proposals import selectors as proposals
from proposals.dispatch_forms import bureaus_of
from proposals.models import ENDED, Assignment, Contact, Decline, Extension, Proposal
from proposals.selectors import DeskRow, day_of
from proposals.workflow import ANSWERED, ASSIGNMENT, AssignmentState, ProposalState

Acts = list[dict[str, Any]]
IN_HAND = (AssignmentState.SIGNED_IN, AssignmentState.REOPENED)
UNANSWERED = (AssignmentState.NEW, *IN_HAND)
HANDLED = (*UNANSWERED, AssignmentState.DECLINING)


# ---- the parts of a case


@dataclass(frozen=True)
class PartRow:
    """One bureau's part as the case page shows it; what offices settle among themselves only for offices."""

    assignment: Assignment
    state: str
    has_ended: bool
    clerk: Post | None
    lamp: Lamp | None
    due_lines: list[str]
    is_estimated: bool
    declines: list[Decline]
    extensions: list[Extension]
    chases: int
    last_chase: dt.datetime | None
    is_told_all: bool
    acts: Acts
    chain: list[Any] = field(default_factory=list)  # of replies.chain, for the own bureau


def parts_of(post: Post, proposal: Proposal) -> list[PartRow]:
    """Return every bureau's part in a case, with what this post may do about each."""
    rows = proposal.assignments.select_related("bureau", "clerk__user", "clerk__bureau").prefetch_related(
        "declines__suggested",
        "declines__asked_by__user",
        "declines__decided_by__user",
        "extensions__asked_by__user",
        "extensions__decided_by__user",
        "chases",
        "contacts",
    )
    if post.role in PROPOSER_ROLES:
        rows = rows.exclude(state__in=ENDED)
    days = Days.of(proposal.assembly_id)
    found = list(rows)
    for row in found:
        row.proposal = proposal
    shown = [row for row in found if _is_shown(post, row)]
    shown.sort(key=lambda row: (row.state in ENDED, not row.answers, row.pk))
    return [_part_row(post, row, days) for row in shown]


def _is_shown(post: Post, assignment: Assignment) -> bool:
    """Of an assignment that was taken back no bureau is told."""
    return assignment.state != AssignmentState.RECALLED or post.role not in BUREAU_ROLES


def _part_row(post: Post, assignment: Assignment, days: Days) -> PartRow:
    tells_all = post.role not in PROPOSER_ROLES
    state = AssignmentState(assignment.state)
    if state == AssignmentState.DECLINING and not tells_all:
        state = AssignmentState.NEW
    chases = list(assignment.chases.all())
    return PartRow(
        assignment=assignment,
        state=str(state.label),
        has_ended=assignment.state in ENDED,
        clerk=assignment.clerk,
        lamp=proposals.lamp_of(assignment, days, clock.today()),
        due_lines=calendar.explain(assignment.due_how),
        is_estimated=bool(assignment.due_how.get("estimated_years")),
        declines=list(assignment.declines.all()) if tells_all else [],
        extensions=list(assignment.extensions.all()) if tells_all else [],
        chases=len(chases) if tells_all else 0,
        last_chase=chases[-1].at if chases else None,
        is_told_all=tells_all,
        acts=acts_on(post, assignment),
    )


def contacts_of(post: Post, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the contacts of every bureau that handles the case: bureau, contacts, or why there were none."""
    rows = proposal.assignments.exclude(state__in=ENDED).exclude(part=Assignment.Part.CO)
    rows = rows.select_related("bureau").prefetch_related("contacts__way", "contacts__post__user")
    found = []
    for row in rows:
        contacts: list[Contact] = list(row.contacts.all())
        facts = {"bureau": row.bureau, "contacts": contacts, "why_none": row.no_contact_because}
        found.append(facts | {"by": None if contacts else row.contact_by})
    return found


def acts_on(post: Post, assignment: Assignment) -> Acts:
    """Return what this post may do about an assignment as it stands now, for parts/acts.html."""
    steps = offers(
        ASSIGNMENT,
        assignment,
        may=lambda name: policies.may(post, name, assignment) and not _is_too_late(name, assignment),
        url_prefix="proposals:assignment_",
        version=assignment.proposal.lock_version,
    )
    return steps + [
        _link(label, name, pk)
        for action, label, name, pk in _links(assignment)
        if _may(post, action, assignment)
    ]


def _may(post: Post, action: str, assignment: Assignment) -> bool:
    if action == "decide_extension" and any(
        row.is_granted is None and row.asked_by.user_id == post.user_id for row in assignment.extensions.all()
    ):
        return False  # a second person decides
    return policies.may(post, action, assignment)


def _is_too_late(name: str, assignment: Assignment) -> bool:
    limit = assignment.decline_by
    return name == "decline" and limit is not None and clock.today() > limit


def _links(assignment: Assignment) -> list[tuple[str, str, str, int]]:
    """What can be done beside the steps: which right it needs, its words, its page."""
    pk, links = assignment.pk, []
    waiting = [row for row in assignment.extensions.all() if row.is_granted is None]
    links += [("decide_extension", _("Decide on more time"), "extension_decide", row.pk) for row in waiting]
    if assignment.state in HANDLED:
        links.append(("note_contact", _("Note a contact"), "contact_add", pk))
        if not assignment.contacts.all():
            links.append(("note_contact", _("Note why there was no contact"), "contact_none", pk))
        links.append(("hand_over", _("Hand it to another clerk"), "assignment_hand_over", pk))
    if may_be_extended(assignment) and not waiting:
        links.append(("ask_extension", _("Ask for more time"), "extension_ask", pk))
    if assignment.state in UNANSWERED and assignment.proposal.state not in ANSWERED:
        links.append(("chase", _("Urge the bureau"), "chase", pk))
    return links


def may_be_extended(assignment: Assignment) -> bool:
    """Say whether the rule of the case still gives more time, and the date is not over."""
    is_open = assignment.state in IN_HAND and clock.today() <= assignment.due_on
    return is_open and assignment.extended < deadlines.extensions_allowed(assignment)


def _link(label: str, name: str, pk: int) -> dict[str, Any]:
    url = reverse(f"proposals:{name}", args=[pk])
    return {"name": name, "label": label, "url": url, "method": "get", "kind": "quiet", "hidden": {}}


def add_act(post: Post, proposal: Proposal) -> Acts:
    """Return the act of adding a co-handling bureau to a case under way, or nothing."""
    is_open = proposal.state in (ProposalState.ASSIGNED, ProposalState.IN_HAND)
    if not is_open or not policies.may_give_assignments(post):
        return []
    return [_link(_("Add a co-handling bureau"), "assignment_add", proposal.pk)]


def decline_days(assignment: Assignment) -> dict[str, Any]:
    """Return the last day for declining and how it was counted, for parts/due_how.html."""
    rule = assignment.rules.get("decline")
    if not rule or not assignment.decline_by:
        return {}
    start = _date(assignment.assigned_at)
    due = calendar.due_from(start=start, rule=rule, days=Days.of(assignment.assembly_id))
    return {"day": assignment.decline_by, "lines": calendar.explain(due.how), "how": due.how}


# ---- giving many at once


@dataclass(frozen=True)
class IfAssigned:
    """By when a bureau would have to answer that gets a case today, and why."""

    label: str
    day: dt.date
    lines: list[str]
    how: dict[str, Any]


def if_assigned(proposal: Proposal) -> list[IfAssigned]:
    """Return the dates that bureaus would get today: for a reply, and for a co-handler's opinion."""
    part, today = Assignment.Part, clock.today()
    reply = deadlines.due_if_assigned(proposal, part.SOLE, today)
    rules = deadlines.rules_of(proposal)
    found = [(_("The reply (alone, lead or separately)"), reply)]
    if deadlines.OPINION in rules:
        found.append((_("A co-handler's opinion"), deadlines.due_if_assigned(proposal, part.CO, today)))
    return [IfAssigned(label, due.date, calendar.explain(due.how), due.how) for label, due in found]


def to_assign(post: Post) -> QuerySet[Proposal]:
    """Return the filed proposals that this post gives to bureaus, in the order of their numbers."""
    if not policies.may_give_assignments(post):
        return Proposal.objects.none()
    rows = policies.visible_to(post).filter(state=ProposalState.FILED)
    related = ("session", "committee", "member__user", "assembly", "suggested_bureau")
    return rows.select_related(*related).order_by("session__opens", "number", "pk")


def dues_of(cases: Iterable[Proposal]) -> dict[int, dt.date | None]:
    """Return by when each case would have to be answered if it were assigned today; the rules are read once."""
    dates: dict[bool | None, dt.date | None] = {}
    found = {}
    for case in cases:
        if case.is_plenary not in dates:
            rules = deadlines.rules_of(case)
            days = Days.of(case.assembly_id)
            dates[case.is_plenary] = deadlines.date_of(deadlines.REPLY, rules, clock.today(), days)
        found[case.pk] = dates[case.is_plenary]
    return found


def bureaus_in_use(assembly_id: int) -> dict[str, Bureau]:
    """Return the bureaus that can be chosen now, by their keys as pages send them."""
    return {str(row.pk): row for row in bureaus_of(assembly_id)}


# ---- desks


def _row(case: Proposal, **facts: Any) -> DeskRow:
    return DeskRow(
        number=case.number,
        title=case.short_title,
        who=case.proposer_name,
        url=case.get_absolute_url(),
        **facts,
    )


def _date(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def declined_waiting(post: Post) -> list[DeskRow]:
    """Return the requests not to handle a proposal that this post decides on. Two queries."""
    days = Days.of(post.assembly_id)
    return [_declined_row(row, days) for row in _declined(post)]


def _declined(post: Post) -> QuerySet[Decline]:
    rows = policies.if_it_gives(post, Decline.objects.filter(decision="", assembly_id=post.assembly_id))
    return _with_case(rows.exclude(asked_by__user_id=post.user_id)).order_by("decide_by", "pk")


def _with_case(rows: QuerySet[Any]) -> QuerySet[Any]:
    case = "assignment__proposal"
    related = (case, f"{case}__committee", f"{case}__member__user", f"{case}__session", "assignment__bureau")
    return rows.select_related(*related, "asked_by__user", "asked_by__bureau")


def _declined_row(row: Decline, days: Days) -> DeskRow:
    assignment, today = row.assignment, clock.today()
    limit = row.decide_by
    return _row(
        assignment.proposal,
        stands=str(assignment.get_state_display()),
        detail=str(assignment),
        lamp=calendar.lamp(due=limit, today=today, warn_days=1, days=days) if limit else None,
        reason=row.reason,
        reason_head=_("%(bureau)s declined on %(day)s")
        % {"bureau": assignment.bureau, "day": day_of(row.asked_at)},
        act_label=_("Decide"),
        act_url=assignment.proposal.get_absolute_url(),
        urgency=limit or _date(row.asked_at),
    )


def extensions_waiting(post: Post) -> list[DeskRow]:
    """Return the requests for more time that this post decides on. Two queries."""
    days = Days.of(post.assembly_id)
    return [_extension_row(row, days) for row in _extensions(post)]


def waiting_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `declined_waiting` and `extensions_waiting` show, to be counted."""
    return [_declined(post), _extensions(post)]


def _extensions(post: Post) -> QuerySet[Extension]:
    rows = policies.if_it_gives(post, Extension.objects.filter(is_granted=None, assembly_id=post.assembly_id))
    return _with_case(rows.exclude(asked_by__user_id=post.user_id)).order_by("assignment__due_on", "pk")


def _extension_row(row: Extension, days: Days) -> DeskRow:
    assignment = row.assignment
    return _row(
        assignment.proposal,
        stands=_("more time is asked for"),
        detail=_("%(bureau)s, until %(day)s") % {"bureau": assignment.bureau, "day": day_of(row.until)},
        lamp=proposals.lamp_of(assignment, days, clock.today()),
        reason=row.reason,
        reason_head=pgettext("extension", "Asked for on %(day)s") % {"day": day_of(row.asked_at)},
        act_label=_("Decide"),
        act_url=reverse("proposals:extension_decide", args=[row.pk]),
        urgency=assignment.due_on,
    )


def declined_of_bureau(post: Post) -> list[DeskRow]:
    """Return what a bureau asked not to handle and what is not decided yet, for those who wait. Two queries."""
    days, today = Days.of(post.assembly_id), clock.today()
    return [
        _row(
            row.assignment.proposal,
            stands=str(row.assignment.get_state_display()),
            detail=_("since %(day)s") % {"day": day_of(row.asked_at)},
            lamp=calendar.lamp(due=row.decide_by, today=today, warn_days=1, days=days)
            if row.decide_by
            else None,
            urgency=row.decide_by or _date(row.asked_at),
        )
        for row in _with_case(_of_bureau(post)).order_by("decide_by", "pk")
    ]


def _of_bureau(post: Post) -> QuerySet[Decline]:
    rows: QuerySet[Decline] = Decline.objects.filter(decision="", assembly_id=post.assembly_id)
    if post.role not in (Role.CLERK, Role.CHECKER) or not post.bureau_id:
        return rows.none()
    return rows.filter(assignment__bureau_id=post.bureau_id)
