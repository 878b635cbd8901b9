"""Who hears what of a case: the notices that follow from its events, and the reminders of its dates."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office import clock, notices
from office.models import Event
from office.notices import Call
from organizations.models import Assembly, Dispatcher, Post, Role
from proposals import policies
from proposals.models import Assignment, Cosigner, Decline, Proposal
from proposals.workflow import ANSWERED, AssignmentState

UNANSWERED = (AssignmentState.NEW, AssignmentState.SIGNED_IN, AssignmentState.REOPENED)

WORDS: dict[str, tuple[Any, str]] = {
    "case.submitted": (_("“{title}” was submitted and awaits the review"), "cases"),
    "case.returned": (_("“{title}” was returned to you for changes"), "cases"),
    "case.filed": (_("“{title}” was filed as No. {number}"), "cases"),
    "case.not_filed": (_("“{title}” was not filed"), "cases"),
    "case.referred": (_("“{title}” was not filed but referred"), "cases"),
    "case.invited": (_("{who} asks you to sign “{title}”"), "cases"),
    "case.signing": (_("Somebody answered your invitation to sign “{title}”"), "cases"),
    "case.to_assign": (_("No. {number} “{title}” was filed and awaits a bureau"), "cases"),
    "part.new": (_("No. {number} “{title}” was assigned to your bureau, due {due}"), "cases"),
    "part.declined": (_("{bureau} asks not to handle No. {number} “{title}”"), "cases"),
    "part.decided": (_("It was decided on your request about No. {number} “{title}”"), "cases"),
    "part.more_time": (_("{bureau} asks for more time for No. {number} “{title}”"), "cases"),
    "part.chased": (_("Please answer No. {number} “{title}”, due {due}"), "dates"),
    "part.handed_over": (_("No. {number} “{title}” was handed to you"), "cases"),
    "case.reopened": (_("No. {number} “{title}” is reopened: it needs a second reply"), "cases"),
    "case.closed": (_("No. {number} “{title}” is closed"), "cases"),
    "date.reply": (_("No. {number} “{title}” is due on {due}"), "dates"),
    "date.late": (_("No. {number} “{title}” was due on {due} and has not been answered"), "dates"),
    "date.contact": (
        _("No contact with the proposers of No. {number} is noted; it is due by {due}"),
        "dates",
    ),
    "date.decision": (_("A declined assignment of No. {number} is to be decided by {due}"), "dates"),
}


def register() -> None:
    """Let the office know the words, the guard and the routes of cases."""
    notices.register_group("cases", _("What happens to cases"))
    notices.register_group("dates", _("Dates that come near or are over"))
    for kind, (words, group) in WORDS.items():
        notices.register(kind, words, group=group)
    notices.GUARDS["proposal"] = policies.visible_to
    notices.ROUTES.update({act: _route(kind, whom) for act, (kind, whom) in ROUTES.items()})
    notices.ROUTES["proposal.invite"] = _invitations
    notices.ROUTES.update({act: _route_both(act) for act in ("assignment.reassign", "assignment.join")})


# ---- who


class Named(Protocol):
    """A row that names a body or a member: a proposal, an invitation, a questionnaire."""

    assembly_id: int
    committee_id: int | None
    member_id: int | None


def posts_of(row: Named) -> QuerySet[Post]:
    """Return the posts of the body or the member that a row names: the body's filers, or the member's own."""
    found: QuerySet[Post] = Post.objects.filter(assembly_id=row.assembly_id)
    if row.committee_id:
        return found.filter(role=Role.FILER, committee_id=row.committee_id)
    return found.filter(role=Role.MEMBER, user__posts=row.member_id)


def owners(proposal: Proposal) -> QuerySet[Post]:
    """Return the posts of those who file a proposal first, or entered it for them."""
    return posts_of(proposal)


def proposers(proposal: Proposal) -> QuerySet[Post]:
    """Return the posts of everyone who files or signed a proposal."""
    signed = proposal.cosigners.filter(state=Cosigner.State.ACCEPTED)
    bodies = Q(role=Role.FILER, committee__in=signed.values("committee"))
    members = Q(role=Role.MEMBER, user__posts__in=signed.values("member"))
    return Post.objects.filter(assembly_id=proposal.assembly_id).filter(
        bodies | members | Q(pk__in=owners(proposal).values("pk"))
    )


def reviewers(proposal: Proposal) -> QuerySet[Post]:
    """Return the proposals committee."""
    rows: QuerySet[Post] = Post.objects.filter(assembly_id=proposal.assembly_id, role=Role.REVIEWER)
    return rows


def assigners(proposal: Proposal) -> QuerySet[Post]:
    """Return those who give proposals to bureaus: the dispatchers, or without an office the reviewers."""
    offices = Dispatcher.objects.filter(assembly_id=proposal.assembly_id, is_active=True)
    role = Role.DISPATCHER if offices.exists() else Role.REVIEWER
    rows: QuerySet[Post] = Post.objects.filter(assembly_id=proposal.assembly_id, role=role)
    return rows


def clerks(assignment: Assignment, *more: str) -> QuerySet[Post]:
    """Return who handles an assignment: its clerk, before that every clerk; with `more` other roles as well."""
    rows: QuerySet[Post] = Post.objects.filter(bureau_id=assignment.bureau_id)
    handles = Q(pk=assignment.clerk_id) if assignment.clerk_id else Q(role=Role.CLERK)
    return rows.filter(handles | Q(role__in=more))


# ---- what follows from events

Whom = Callable[[Event, Proposal], Iterable[Post]]


def _case_of(event: Event) -> Proposal:
    related = ("committee", "member__user")
    return Proposal.objects.select_related(*related).get(pk=int(event.thread.partition(":")[2]))


def _part_of(event: Event) -> Assignment:
    """The assignment that an event is about, through whatever hangs on it."""
    noun, _colon, key = event.subject.partition(":")
    rows = Assignment.objects.select_related("bureau")
    paths = {"assignment": "pk", "extension": "extensions", "chase": "chases"}
    return rows.get(**{paths[noun]: int(key)})


def facts_of(proposal: Proposal, **more: str) -> dict[str, Any]:
    """Return what a notice's sentence says of a case."""
    return {"number": proposal.number or "", "title": proposal.short_title} | more


def _route(kind: str, whom: Whom) -> Callable[[Event], Iterator[Call]]:
    def follow(event: Event) -> Iterator[Call]:
        if not event.thread.startswith("proposal:"):
            return
        proposal = _case_of(event)
        told = json.loads(event.facts)
        facts = facts_of(proposal, **{n: told[n] for n in ("due", "bureau") if n in told})
        if event.subject.startswith(("assignment:", "extension:", "chase:")):
            part = _part_of(event)
            facts |= {"bureau": part.bureau.short_name, "due": part.due_on.isoformat()}
        yield Call(kind, whom(event, proposal), event.thread, proposal.get_absolute_url(), facts)

    return follow


def _route_both(act: str) -> Callable[[Event], Iterator[Call]]:
    """The bureau that gets the case hears of it, and the one that asked not to have it."""
    to_new, to_old = _route(*ROUTES[act]), _route(*ROUTES["assignment.insist"])

    def follow(event: Event) -> Iterator[Call]:
        yield from to_new(event)
        yield from to_old(event)

    return follow


def _invitations(event: Event) -> Iterator[Call]:
    proposal = _case_of(event)
    for row in proposal.cosigners.filter(state=Cosigner.State.INVITED):
        url = reverse("proposals:invitation", args=[row.pk])
        yield Call(
            "case.invited", posts_of(row), event.thread, url, facts_of(proposal, who=proposal.proposer_name)
        )


def _new_parts(event: Event, proposal: Proposal) -> Iterable[Post]:
    """The clerks of the bureaus that have just been given the case."""
    fresh = proposal.assignments.filter(state=AssignmentState.NEW, signed_in_at=None)
    return Post.objects.filter(role=Role.CLERK, bureau__in=fresh.values("bureau"))


ROUTES: dict[str, tuple[str, Whom]] = {
    "proposal.submit": ("case.submitted", lambda event, case: reviewers(case)),
    "proposal.return": ("case.returned", lambda event, case: owners(case)),
    "proposal.file": ("case.filed", lambda event, case: owners(case)),
    "proposal.refuse": ("case.not_filed", lambda event, case: proposers(case)),
    "proposal.refer": ("case.referred", lambda event, case: proposers(case)),
    "proposal.assign": ("part.new", _new_parts),
    "proposal.reopen": (
        "case.reopened",
        lambda event, case: Post.objects.filter(
            role=Role.CLERK, bureau__in=case.assignments.values("bureau")
        ),
    ),
    "proposal.close": ("case.closed", lambda event, case: proposers(case)),
    "cosigner.accept": ("case.signing", lambda event, case: owners(case)),
    "cosigner.decline": ("case.signing", lambda event, case: owners(case)),
    "cosigner.lapse": ("case.signing", lambda event, case: owners(case)),
    "assignment.add": ("part.new", _new_parts),
    "assignment.decline": ("part.declined", lambda event, case: assigners(case)),
    "assignment.reassign": ("part.new", _new_parts),
    "assignment.join": ("part.new", _new_parts),
    "assignment.insist": ("part.decided", lambda event, case: clerks(_part_of(event))),
    "assignment.hand_over": ("part.handed_over", lambda event, case: clerks(_part_of(event))),
    "extension.ask": ("part.more_time", lambda event, case: assigners(case)),
    "extension.grant": ("part.decided", lambda event, case: clerks(_part_of(event))),
    "extension.refuse": ("part.decided", lambda event, case: clerks(_part_of(event))),
    "chase.send": ("part.chased", lambda event, case: clerks(_part_of(event), Role.LEADER)),
}


# ---- reminders


def reminders(assembly: Assembly) -> int:
    """Remind of dates that come near or are over; run by the clock, each reminder once. Return how many notices.

    What has been answered is not asked for: only what is open now is looked at.
    """
    return sum((_answers(assembly), _contacts(assembly), _decisions(assembly)))


def milestone(assembly: Assembly, due: dt.date) -> str:
    """Return which reminder of a date is due now: "7" days before, "late 2" for the second after it, or nothing."""
    left = (due - clock.today()).days
    if left < 0:
        return f"late {1 + (-left - 1) // assembly.overdue_every}"
    days = [int(part) for part in assembly.reminder_days.split(",") if part]
    return str(min((day for day in days if left <= day), default=""))


def remind(
    assembly: Assembly,
    kind: str,
    key: str,
    due: dt.date,
    case: Proposal,
    posts: Iterable[Post],
    *,
    url: str = "",
    named: Proposal | None = None,
) -> int:
    """Remind of a date if one of its reminders is due and has not gone out; return how many notices.

    `case` is what the guard asks for; `named` the proposal that the sentence names, where that is another.
    """
    at = milestone(assembly, due)
    if not at or not notices.once(assembly.pk, f"{key}:{due.isoformat()}:{at}"):
        return 0
    facts = facts_of(named or case, due=due.isoformat())
    thread = f"proposal:{case.pk}"
    return notices.notify(kind=kind, thread=thread, posts=posts, url=url or case.get_absolute_url(), **facts)


def _open_parts(assembly: Assembly) -> QuerySet[Assignment]:
    rows: QuerySet[Assignment] = Assignment.objects.filter(assembly=assembly, state__in=UNANSWERED)
    rows = rows.exclude(proposal__state__in=ANSWERED)
    return rows.select_related("proposal__committee", "proposal__member__user")


def _answers(assembly: Assembly) -> int:
    made = 0
    for part in _open_parts(assembly):
        is_late = clock.today() > part.due_on
        kind, posts = ("date.late", clerks(part, Role.LEADER)) if is_late else ("date.reply", clerks(part))
        made += remind(assembly, kind, f"answer:{part.pk}", part.due_on, part.proposal, posts)
    return made


def _contacts(assembly: Assembly) -> int:
    rows = _open_parts(assembly).filter(contacts=None, no_contact_because="", contact_by__isnull=False)
    found = [(part, part.contact_by) for part in rows.exclude(part=Assignment.Part.CO)]
    return sum(
        remind(assembly, "date.contact", f"contact:{part.pk}", due, part.proposal, clerks(part))
        for part, due in found
        if due
    )


def _decisions(assembly: Assembly) -> int:
    rows = Decline.objects.filter(assembly=assembly, decision="", decide_by__isnull=False)
    rows = rows.exclude(assignment__proposal__state__in=ANSWERED)
    found = [(row, row.decide_by) for row in rows.select_related("assignment__proposal__committee")]
    return sum(
        remind(
            assembly,
            "date.decision",
            f"decline:{row.pk}",
            due,
            row.assignment.proposal,
            assigners(row.assignment.proposal),
        )
        for row, due in found
        if due
    )
