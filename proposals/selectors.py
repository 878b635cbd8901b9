"""Questions about proposals: what waits for a post, what it has sent, where a case stands. Writes nothing."""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Model, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from office import calendar, clock, events
from office.acts import new_key
from office.calendar import Days, Lamp
from office.events import Line
from office.models import Event
from organizations.models import PROPOSER_ROLES, Post, Role
from proposals import policies
from proposals.models import EDITABLE, ENDED, Assignment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState


@dataclass(frozen=True)
class DeskRow:
    """One case on the desk: what happened, what is wanted, by when, and its one act.

    `act_method` is "get" or "post"; `hidden` are the hidden fields of a posted act. `urgency` is the day by
    which rows are put in order: when it is due or, without a due date, since when it waits.
    """

    number: int | None
    title: str
    who: str
    url: str
    stands: str
    detail: str = ""
    lamp: Lamp | None = None
    act_label: str = ""
    act_url: str = ""
    act_method: str = "get"
    reason: str = ""
    reason_head: str = ""
    urgency: dt.date = dt.date.max
    hidden: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """One step of the bar that shows where a case stands; state is done, now or todo."""

    label: str
    detail: str
    state: str


# ---- what waits for a post


def to_do(post: Post) -> list[DeskRow]:
    """Return what waits for this post about proposals, most urgent first, in a fixed number of queries."""
    gather: Callable[[Post], list[DeskRow]] | None = {
        Role.FILER: _to_write,
        Role.MEMBER: _to_write,
        Role.REVIEWER: _to_review,
        Role.DISPATCHER: _to_assign,
        Role.CLERK: _to_sign_in,
    }.get(Role(post.role))
    return gather(post) if gather else []


def to_do_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `to_do` shows, to be counted."""
    match post.role:
        case Role.FILER | Role.MEMBER:
            return [policies.filed_by(post).filter(state__in=EDITABLE)]
        case Role.REVIEWER:
            return [_reviewable(post), policies.if_it_gives(post, _assignable(post))]
        case Role.DISPATCHER:
            return [_assignable(post)]
        case Role.CLERK:
            return [policies.assignments_visible_to(post).filter(state=AssignmentState.NEW)]
    return []


def _to_write(post: Post) -> list[DeskRow]:
    cases = list(_with_names(policies.filed_by(post)).filter(state__in=EDITABLE).order_by("-changed_at"))
    reasons = last_returns(case for case in cases if case.state == ProposalState.RETURNED)
    rows = [_row_to_write(case, reasons.get(case.pk)) for case in cases]
    return sorted(rows, key=lambda row: row.urgency)


def _row_to_write(case: Proposal, returned: Line | None) -> DeskRow:
    detail = _("last written on %(day)s") % {"day": day_of(case.changed_at)}
    head = _("Returned by %(who)s on %(day)s") if returned else ""
    return _row(
        case,
        detail=detail,
        act_label=_("Go on writing") if returned is None else _("Change it"),
        act_url=reverse("proposals:edit", args=[case.pk]),
        reason=returned.note if returned else "",
        reason_head=head % {"who": returned.who, "day": day_of(returned.when)} if returned else "",
        # A draft presses nobody: what came back goes first.
        urgency=_date(returned.when) if returned else dt.date.max,
    )


def _to_review(post: Post) -> list[DeskRow]:
    rows = [_row_to_review(case) for case in _reviewable(post).order_by("submitted_at")]
    return rows + (_to_assign(post) if policies.may_give_assignments(post) else [])


def _reviewable(post: Post) -> QuerySet[Proposal]:
    """What waits for the review: paper proposals being entered, and submitted ones."""
    waiting = Q(state=ProposalState.SUBMITTED) | Q(state__in=EDITABLE, entered_by__isnull=False)
    return _cases(post).filter(waiting)


def _row_to_review(case: Proposal) -> DeskRow:
    if case.is_editable:
        return _row(
            case,
            detail=_("a paper proposal, entered on %(day)s") % {"day": day_of(case.created_at)},
            act_label=_("Go on entering it"),
            act_url=reverse("proposals:edit", args=[case.pk]),
        )
    detail = _("submitted on %(day)s") % {"day": day_of(case.submitted_at)}
    urgency = _date(case.submitted_at)
    return _row(case, detail=detail, act_label=_("Review"), act_url=case.get_absolute_url(), urgency=urgency)


def _to_assign(post: Post) -> list[DeskRow]:
    return [_row_to_assign(case) for case in _assignable(post).order_by("filed_at")]


def _assignable(post: Post) -> QuerySet[Proposal]:
    return _cases(post).filter(state=ProposalState.FILED)


def _row_to_assign(case: Proposal) -> DeskRow:
    return _row(
        case,
        detail=_("filed on %(day)s") % {"day": day_of(case.filed_at)},
        act_label=str(PROPOSAL["assign"].label),
        act_url=reverse("proposals:assign", args=[case.pk]),
        urgency=_date(case.filed_at),
    )


def _to_sign_in(post: Post) -> list[DeskRow]:
    days, today = Days.of(post.assembly_id), clock.today()
    rows = policies.assignments_visible_to(post).filter(state=AssignmentState.NEW)
    found = rows.select_related("proposal__committee", "proposal__member__user", "bureau").order_by(
        "due_on", "pk"
    )
    return [_row_to_sign_in(assignment, days, today) for assignment in found]


def _row_to_sign_in(assignment: Assignment, days: Days, today: dt.date) -> DeskRow:
    return _row(
        assignment.proposal,
        stands=str(assignment.get_state_display()),
        detail=_("assigned on %(day)s") % {"day": day_of(assignment.assigned_at)},
        lamp=lamp_of(assignment, days, today),
        act_label=str(ASSIGNMENT["sign_in"].label),
        act_url=reverse("proposals:assignment_sign_in", args=[assignment.pk]),
        act_method="post",
        hidden={"key": new_key()},
        urgency=assignment.due_on,
    )


# ---- what a post has sent and others have


UNDER_WAY = (
    ProposalState.SUBMITTED,
    ProposalState.FILED,
    ProposalState.ASSIGNED,
    ProposalState.IN_HAND,
    ProposalState.REOPENED,
)


def waiting_for_others(post: Post) -> list[DeskRow]:
    """Return what this post has sent and others have, nearest date first, in a fixed number of queries."""
    states = {
        Role.FILER: UNDER_WAY,
        Role.MEMBER: UNDER_WAY,
        Role.REVIEWER: (ProposalState.RETURNED,),
        Role.DISPATCHER: (ProposalState.ASSIGNED, ProposalState.IN_HAND, ProposalState.REOPENED),
    }.get(Role(post.role))
    if not states:
        return []
    days, today = Days.of(post.assembly_id), clock.today()
    cases = with_assignment(_cases(post).filter(state__in=states)).order_by("changed_at")
    return sorted((_row_with_others(post, case, days, today) for case in cases), key=lambda row: row.urgency)


def _row_with_others(post: Post, case: Proposal, days: Days, today: dt.date) -> DeskRow:
    assignment = assignment_of(case)
    detail = _("since %(day)s") % {"day": day_of(case.changed_at)}
    if assignment:
        detail = f"{assignment.bureau} · {assignment.get_state_display()}"
    return _row(
        case,
        detail=detail,
        lamp=lamp_of(assignment, days, today),
        urgency=assignment.due_on if assignment else _date(case.changed_at),
        **_recall_of(post, case, assignment),
    )


def _recall_of(post: Post, case: Proposal, assignment: Assignment | None) -> dict[str, Any]:
    """What this post can take back, while nobody has acted on it."""
    if policies.may(post, "recall", case) and case.state in PROPOSAL["recall"].source:
        step, url = PROPOSAL["recall"], reverse("proposals:recall", args=[case.pk])
    elif assignment and policies.may(post, "recall", assignment) and assignment.state == AssignmentState.NEW:
        step, url = ASSIGNMENT["recall"], reverse("proposals:assignment_recall", args=[assignment.pk])
    else:
        return {}
    hidden = {"key": new_key(), "version_seen": case.lock_version}
    return {"act_label": str(step.label), "act_url": url, "act_method": "post", "hidden": hidden}


# ---- what came back


NEWS = dt.timedelta(days=30)


def answered(post: Post) -> list[DeskRow]:
    """Return the answers that reached a committee in the last 30 days, newest first. At most three queries."""
    if post.role not in PROPOSER_ROLES:
        return []
    days, today = Days.of(post.assembly_id), clock.today()
    recent = Assignment.objects.filter(replied_on__gte=today - NEWS).values("proposal")
    cases = with_assignment(_cases(post).filter(state=ProposalState.ANSWERED, pk__in=recent))
    rows = [_row_answered(case, days, today) for case in cases]
    return sorted(rows, key=lambda row: row.urgency, reverse=True)


def _row_answered(case: Proposal, days: Days, today: dt.date) -> DeskRow:
    assignment = assignment_of(case)
    return _row(
        case,
        detail=str(assignment.bureau) if assignment else "",
        lamp=lamp_of(assignment, days, today),
        act_label=_("Read the answer"),
        act_url=case.get_absolute_url(),
        urgency=assignment.replied_on if assignment and assignment.replied_on else dt.date.min,
    )


# ---- rows, dates, reasons


def _cases(post: Post) -> QuerySet[Proposal]:
    return _with_names(policies.visible_to(post))


def _with_names(cases: QuerySet[Proposal]) -> QuerySet[Proposal]:
    return cases.select_related("committee", "member__user", "session")


def with_assignment(cases: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Let the cases bring their assignments in force, for `assignment_of`."""
    current = Assignment.objects.exclude(state__in=ENDED).select_related("bureau")
    return cases.prefetch_related(Prefetch("assignments", current, to_attr="current_assignments"))


def assignment_of(case: Proposal) -> Assignment | None:
    """Return the assignment that a list shows: that of the bureau that answers, else the first."""
    found: list[Assignment] = case.current_assignments
    return min(found, key=lambda row: (not row.answers, row.pk), default=None)


def in_list(cases: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Return cases as the list shows them: newest session first, in it drafts, then the newest number."""
    order = ("-session__opens", F("number").desc(nulls_first=True), "-pk")
    return with_assignment(cases.select_related("committee", "member__user", "session").order_by(*order))


def last_draft(post: Post) -> Proposal | None:
    """Return the draft that this post began last."""
    drafts = policies.visible_to(post).filter(written_by=post, state=ProposalState.DRAFT)
    return drafts.order_by("-pk").first()


def _row(case: Proposal, *, stands: str = "", **facts: Any) -> DeskRow:
    return DeskRow(
        number=case.number,
        title=case.short_title,
        who=case.proposer_name,
        url=case.get_absolute_url(),
        stands=stands or str(case.get_state_display()),
        **facts,
    )


def last_returns(cases: Iterable[Model]) -> dict[int, Line]:
    """Return the newest return of each case that ever came back, by the case's key. One query for all."""
    threads = {events.reference(case): case.pk for case in cases}
    act = PROPOSAL.act_name("return")
    found = Event.objects.filter(thread__in=threads, act=act).order_by("sequence")
    return {threads[event.thread]: events.sentence(event) for event in found}


def lamp_of(assignment: Assignment | None, days: Days, today: dt.date) -> Lamp | None:
    """Return how urgent an assignment's answer is, or when it came; None for a case that no bureau has."""
    if assignment is None or assignment.state in ENDED:
        return None
    if assignment.state != AssignmentState.REOPENED and (day := assignment.replied_on):
        text = _("answered late on %(day)s") if assignment.was_late(day) else _("answered on %(day)s")
        return Lamp("done", text % {"day": day_of(day)}, day)
    return calendar.lamp(due=assignment.due_on, today=today, warn_days=assignment.warn_days, days=days)


def day_of(moment: dt.datetime | dt.date | None) -> str:
    """Return a day in the office's words; nothing for none."""
    return calendar.day_in_words(_date(moment)) if moment else ""


def _date(moment: dt.datetime | dt.date | None) -> dt.date:
    if isinstance(moment, dt.datetime):
        return timezone.localtime(moment).date()
    return moment or dt.date.max


# ---- the steps bar


ENDS = (
    ProposalState.NOT_FILED,
    ProposalState.REFERRED,
    ProposalState.MERGED,
    ProposalState.WITHDRAWN,
)
STEP_OF = {
    ProposalState.DRAFT: 0,
    ProposalState.RETURNED: 0,
    ProposalState.SUBMITTED: 1,
    ProposalState.FILED: 2,
    ProposalState.ASSIGNED: 3,
    ProposalState.IN_HAND: 4,
    ProposalState.ANSWERED: 6,
    ProposalState.REOPENED: 4,
    ProposalState.CLOSED: 7,
    ProposalState.COSIGNING: 0,
}


def steps_of(proposal: Proposal, assignment: Assignment | None) -> list[Mark]:
    """Return where a case stands, from the submission to the answer; `assignment` is the one in force."""
    if proposal.state in ENDS:
        return _steps_of_an_end(proposal)
    here = STEP_OF[ProposalState(proposal.state)]
    marks = []
    for at, (label, day) in enumerate(_labels_and_days(proposal, assignment)):
        detail = day_of(day) if at < here else _detail_at(proposal, assignment, at, here)
        marks.append(Mark(label, detail, _state(at, here)))
    return marks


def _labels_and_days(
    proposal: Proposal, assignment: Assignment | None
) -> list[tuple[str, dt.datetime | dt.date | None]]:
    return [
        (pgettext("step", "Submitted"), proposal.submitted_at),
        (pgettext("step", "Filed"), proposal.filed_at),
        (pgettext("step", "Assigned"), assignment and assignment.assigned_at),
        (pgettext("step", "Signed in"), assignment and assignment.signed_in_at),
        (pgettext("step", "In hand"), None),
        (pgettext("step", "Answered"), assignment and assignment.replied_on),
        (pgettext("step", "Closed"), proposal.closed_at),
    ]


def _state(at: int, here: int) -> str:
    return "done" if at < here else "now" if at == here else "todo"


def _detail_at(proposal: Proposal, assignment: Assignment | None, at: int, here: int) -> str:
    """What stands under a step that is not done: who has it, or by when it must come."""
    if at == here and proposal.state == ProposalState.FILED:
        return _("awaits assignment")
    if at == here and proposal.state == ProposalState.ANSWERED:
        return _("awaits the proposers' judgement")
    if at == here:
        return str(assignment.bureau) if assignment else str(proposal.get_state_display())
    if assignment and at == 5:
        return _("by %(day)s") % {"day": day_of(assignment.due_on)}
    return ""


def _why_it_ended(proposal: Proposal) -> str:
    """The reason, or where it went."""
    if proposal.state == ProposalState.NOT_FILED:
        return _refused_for(proposal)
    if proposal.state == ProposalState.REFERRED:
        return str(proposal.referred_to.label) if proposal.referred_to else ""
    if lead := proposal.merged_into:
        return _("No. %(n)d") % {"n": lead.number}
    return ""


def _refused_for(proposal: Proposal) -> str:
    """The reason in the words that the list had then."""
    refused = Event.objects.of_thread(events.reference(proposal)).filter(act="proposal.refuse").last()
    return str(json.loads(refused.facts)["reason"]) if refused else ""


def _steps_of_an_end(proposal: Proposal) -> list[Mark]:
    """What was done before the end, and the end."""
    begun = _labels_and_days(proposal, None)[:2]
    done = [Mark(label, day_of(day), "done") for label, day in begun if day is not None]
    detail = day_of(proposal.changed_at)
    if why := _why_it_ended(proposal):
        detail = f"{detail} · {why}"
    return [*done, Mark(str(proposal.get_state_display()), detail, "now")]
