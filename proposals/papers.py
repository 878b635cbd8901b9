"""What the printed forms of a case say: contexts for office.printing, gathered from the rows and the event log.

Nothing is made up here: what no row and no event holds stays a place to write on. Writes nothing.
"""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from office import clock, events
from office.calendar import Days
from office.events import Line
from office.models import Event
from office.printing import in_chinese
from organizations.models import BUREAU_ROLES, ListItem, Post, Role, Session
from proposals import deadlines, policies
from proposals.models import ENDED, Assignment, Chase, Decline, Extension, Proposal
from proposals.workflow import PROPOSAL, ProposalState

Context = dict[str, Any]
Asked = TypeVar("Asked", Decline, Extension, Chase)
Part = Assignment.Part
OFFICES = (Role.REVIEWER, Role.DISPATCHER, *BUREAU_ROLES)
COMMA = "、"
# The steps by which a review ends, and the states in which it has not.
DECISIONS = tuple(PROPOSAL.act_name(name) for name in ("file", "return", "refer", "refuse"))
UNDECIDED = (ProposalState.DRAFT, ProposalState.COSIGNING, ProposalState.SUBMITTED)


def row_or_404(model: type[Asked], post: Post, pk: int) -> Asked:
    """Return a request or a chase of an assignment that this post may know of, or Http404."""
    rows = model.objects.filter(assignment__in=policies.assignments_visible_to(post), pk=pk)
    found: Asked | None = rows.select_related(*ON_THE_WAY).first()
    if found is None:
        raise Http404
    return found


ON_THE_WAY = (
    "assignment__bureau",
    "assignment__dispatcher",
    "assignment__proposal__session",
    "assignment__proposal__assembly",
)


# ---- what every form says


def case_facts(proposal: Proposal) -> Context:
    """Return what every form says of a case."""
    return {
        "assembly": proposal.assembly.name,
        "session": proposal.session.name,
        "number": proposal.number,
        "link": proposal.get_absolute_url(),
        "name": proposal.title.strip(),
        "category": proposal.category.label if proposal.category else "",
        "merged": sorted(row.number for row in proposal.merged.all() if row.number),
    }


def _all_proposers(proposal: Proposal) -> list[str]:
    """Everyone who files it or a proposal merged into it: each is consulted and gets a letter."""
    merged = proposal.merged.select_related("committee", "member__user").order_by("number")
    return list(dict.fromkeys(name for case in [proposal, *merged] for name in case.proposer_names))


def parts_of(proposal: Proposal) -> list[Assignment]:
    """Return the assignments in force: first the bureaus that answer."""
    rows = proposal.assignments.exclude(state__in=ENDED).select_related("bureau", "dispatcher")
    return sorted(rows, key=lambda row: (not row.answers, row.pk))


def office_of(assignment: Assignment) -> str:
    """Return who gave it to the bureau: the dispatching office, or the assembly where there is none."""
    dispatcher = assignment.dispatcher
    return dispatcher.name if dispatcher else reviewers_of(assignment.proposal)


def reviewers_of(proposal: Proposal) -> str:
    """Return how forms name the reviewers' office."""
    return f"{proposal.assembly.short_name}提案委员会"


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localtime(moment).date() if moment else None


def _person(post: Post | None) -> str:
    return post.user.name if post else ""


def _part_of(assignment: Assignment) -> Context:
    return {
        "bureau": assignment.bureau.name,
        "part": str(assignment.get_part_display()),
        "assigned_on": _day(assignment.assigned_at),
        "due_on": assignment.due_on,
    }


def bureau_facts(assignment: Assignment) -> Context:
    """Return what every form of a bureau says of its part in a case."""
    return case_facts(assignment.proposal) | _part_of(assignment) | {"by": office_of(assignment)}


# ---- the question


@in_chinese()
def proposal_context(post: Post, proposal: Proposal) -> Context:
    """提案表, as this post may read it."""
    in_offices = post.role in OFFICES
    return case_facts(proposal) | {
        "period": {True: "会间", False: "会后", None: ""}[proposal.is_plenary],
        "filed_how": filed_how(proposal),
        "proposers": [_first_proposer(post, proposal)],
        "cosigners": proposal.proposer_names[1:],
        "background": proposal.background,
        "analysis": proposal.analysis,
        "suggestions": [row.text for row in proposal.suggestions.all()],
        "suggested_bureaus": [proposal.suggested_bureau.name] if proposal.suggested_bureau else [],
        "consents": proposal.consents_to_publish,
        "submitted_on": _day(proposal.submitted_at),
        "attachments": [row.name for row in proposal.attachments.all()],
        "opinions": _opinions(post, proposal),
        "assignments": [_part_of(row) for row in parts_of(proposal)],
        "is_key": in_offices and proposal.is_key,
        "is_excellent": in_offices and proposal.is_excellent,
    }


def filed_how(proposal: Proposal) -> str:
    """Return how it is filed, in the assembly's own words."""
    rows = ListItem.objects.filter(assembly=proposal.assembly_id, list=ListItem.List.FILED_AS)
    found = rows.filter(key=proposal.filed_as).first()
    return found.label if found else ""


def _first_proposer(post: Post, proposal: Proposal) -> Context:
    """Who files first; how to reach them is for those who handle the case and for the proposers themselves."""
    known = post.role in (Role.REVIEWER, *BUREAU_ROLES) or policies.takes_part(post, proposal)
    contact = {"contact": proposal.contact_name, "phone": proposal.contact_phone} if known else {}
    return {"name": proposal.proposer_name} | contact


def _opinions(post: Post, proposal: Proposal) -> list[Context]:
    """First opinions for the reviewers; the decision, as the log tells it, for everyone who sees the case."""
    first = proposal.review_opinions.select_related("post__user") if post.role == Role.REVIEWER else []
    told = [
        {
            "is_first": True,
            "text": f"{row.get_verdict_display()}\n{row.text}",
            "who": _person(row.post),
            "on": _day(row.at),
        }
        for row in first
        if row.revision == proposal.revision
    ]
    decided = Event.objects.of_thread(events.reference(proposal)).filter(act__in=DECISIONS).last()
    if decided and proposal.state not in UNDECIDED:
        line = events.sentence(decided)
        text = f"{line.text}\n{line.note}"
        told.append({"is_first": False, "text": text, "who": line.who, "on": _day(line.when)})
    return told


def handling_context(post: Post, proposal: Proposal, story: Iterable[Line]) -> Context:
    """办理单: every step that `story` tells (newest first, as far as this post may read it).

    Call it inside office.printing.in_chinese(), as the story must be: its sentences come from the catalogue.
    """
    lines = list(story)[::-1]
    shows_state = post.role in OFFICES
    return case_facts(proposal) | {
        "proposers": _all_proposers(proposal),
        "submitted_on": _day(proposal.submitted_at),
        "filed_on": _day(proposal.filed_at),
        "assignments": [
            _part_of(row)
            | {
                "signed_in_on": _day(row.signed_in_at),
                "state": str(row.get_state_display()) if shows_state else "",
            }
            for row in parts_of(proposal)
        ],
        "steps": [
            {"at": timezone.localtime(line.when), "who": line.who, "text": line.text, "note": line.note}
            for line in lines
        ],
        "printed_on": _day(lines[-1].when) if lines else None,
    }


# ---- the bureaus' parts


@in_chinese()
def assignment_context(assignment: Assignment) -> Context:
    """交办通知单, with its receipt."""
    proposal, parts = assignment.proposal, parts_of(assignment.proposal)
    lead = next((row.bureau.name for row in parts if row.part == Part.LEAD), "")
    signed_in = assignment.signed_in_by
    return bureau_facts(assignment) | {
        "to": assignment.bureau.name,
        "proposers": _all_proposers(proposal),
        "lead": lead,
        "helpers": [row.bureau.name for row in parts if row.part == Part.CO],
        "decline_until": assignment.decline_by,
        "is_helper": not assignment.answers,
        "note": assignment.note,
        "is_key": proposal.is_key,
        "leader": proposal.key_leader,
        "by_contact": assignment.assigned_by.phone,
        "signed_in": signed_in
        and {
            "who": _person(signed_in),
            "phone": signed_in.phone,
            "on": _day(assignment.signed_in_at),
        },
    }


def _request(row: Decline | Extension) -> Context:
    return bureau_facts(row.assignment) | {
        "reason": row.reason,
        "asked_on": _day(row.asked_at),
        "asked_by": _person(row.asked_by),
        "phone": row.asked_by.phone,
    }


def _decision(row: Decline | Extension) -> Context:
    return {"text": row.note, "who": _person(row.decided_by), "on": _day(row.decided_at)}


@in_chinese()
def decline_context(decline: Decline) -> Context:
    """退办申请单."""
    decision = _decision(decline) | {"kind": decline.decision, "bureau": _given_to(decline)}
    return _request(decline) | {
        "until": decline.assignment.decline_by,
        "suggested": decline.suggested.name if decline.suggested else "",
        "decision": decision if decline.decision else None,
    }


def _given_to(decline: Decline) -> str:
    """The bureau that got it instead or was added, as the log tells it."""
    assignment = decline.assignment
    told = Event.objects.of_thread(events.reference(assignment.proposal)).filter(
        act=f"assignment.{decline.decision}",
        subject=events.reference(assignment),
        at__gte=decline.decided_at or clock.now(),
    )
    event = told.first()
    return str(json.loads(event.facts).get("bureau", "")) if event else ""


@in_chinese()
def extension_context(extension: Extension) -> Context:
    """延期申请单."""
    granted = _decision(extension) | {"is_granted": extension.is_granted, "until": extension.until}
    return _request(extension) | {
        "due_on": _due_before(extension),
        "asked_until": extension.until,
        "decision": granted if extension.is_granted is not None else None,
    }


def _due_before(extension: Extension) -> dt.date | None:
    """The date as it was when more time was asked for; unknown once the case is answered a second time."""
    assignment = extension.assignment
    if assignment.round > 1:
        return None
    earlier = assignment.extensions.filter(is_granted=True, pk__lt=extension.pk).count()
    return deadlines.due_of(assignment, Days.of(assignment.assembly_id), extended=earlier).date


@in_chinese()
def chase_context(chase: Chase) -> Context:
    """催办单; how late it was on the day of the chase."""
    assignment, day = chase.assignment, timezone.localtime(chase.at).date()
    days = Days.of(assignment.assembly_id)
    return bureau_facts(assignment) | {
        "to": assignment.bureau.name,
        "days_late": max(0, (day - assignment.due_on).days),
        "days_left": days.working_days_between(day, assignment.due_on),
        "times": assignment.chases.filter(pk__lte=chase.pk).count(),
        "text": chase.text,
        "by": chase.post.dispatcher.name if chase.post.dispatcher else reviewers_of(assignment.proposal),
        "by_contact": chase.post.phone,
        "chased_on": day,
    }


# ---- the catalogue


@in_chinese()
def catalogue_context(session: Session, cases: QuerySet[Proposal]) -> Context:
    """提案目录 of a session: of these cases those with a number, in its order."""
    current = Assignment.objects.exclude(state__in=ENDED).select_related("bureau").order_by("pk")
    related = ("committee", "member__user", "category", "merged_into")
    rows = list(
        cases.filter(session=session, number__isnull=False)
        .select_related(*related)
        .prefetch_related(
            Prefetch("assignments", current, to_attr="current_assignments"),
            "cosigners__member__user",
            "cosigners__committee",
        )
        .order_by("number")
    )
    return {
        "assembly": session.assembly.name,
        "session": session.name,
        "number": None,
        "link": "",
        "listed_on": clock.today(),
        "rows": [_catalogue_row(case) for case in rows],
        "counts": _counts(rows),
    }


def _catalogue_row(case: Proposal) -> Context:
    parts = case.current_assignments
    return {
        "number": case.number,
        "name": case.title.strip(),
        "proposers": COMMA.join(case.proposer_names),
        "category": case.category.label if case.category else "",
        "lead": COMMA.join(row.bureau.name for row in parts if row.answers),
        "helpers": COMMA.join(row.bureau.name for row in parts if not row.answers),
        "state": str(case.get_state_display()),
        "merged_into": case.merged_into.number if case.merged_into else None,
    }


def _counts(rows: list[Proposal]) -> list[Context]:
    """How many stand where, in the order of a proposal's life."""
    found: dict[str, int] = {}
    for case in rows:
        found[case.state] = found.get(case.state, 0) + 1
    return [{"label": str(state.label), "n": found[state.value]} for state in ProposalState if state in found]


# ---- what a case page offers to print


def offers_for(post: Post, proposal: Proposal) -> list[dict[str, str]]:
    """Return the forms of a case that this post may print, as label and address, for the case page."""
    offers = [
        _offer(_("Proposal form"), "proposals:paper_proposal", proposal.pk),
        _offer(_("Handling sheet"), "desk:paper_handling", proposal.pk),
    ]
    parts = policies.assignments_visible_to(post).filter(proposal=proposal).select_related("bureau")
    for part in parts.prefetch_related("declines", "extensions", "chases"):
        offers += _offers_of_part(part)
    return offers


def _offers_of_part(part: Assignment) -> list[dict[str, str]]:
    whose = {"bureau": part.bureau.short_name}
    labels = {
        "paper_assignment": _("Notice of assignment, %(bureau)s") % whose,
        "paper_decline": _("Request not to handle it, %(bureau)s") % whose,
        "paper_extension": _("Request for more time, %(bureau)s") % whose,
        "paper_chase": _("Reminder, %(bureau)s") % whose,
    }
    keys = {
        "paper_assignment": [] if part.state in ENDED else [part.pk],
        "paper_decline": [row.pk for row in part.declines.all()],
        "paper_extension": [row.pk for row in part.extensions.all()],
        "paper_chase": [row.pk for row in part.chases.all()],
    }
    return [_offer(labels[name], f"proposals:{name}", pk) for name, rows in keys.items() for pk in rows]


def _offer(label: str, name: str, pk: int) -> dict[str, str]:
    return {"label": label, "url": reverse(name, args=[pk])}
