"""Verbs of dispatch: give a proposal to bureaus, add one, take one back; and where the case then stands."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from office import clock, events
from office.acts import act, refuse_stale
from office.calendar import Days
from office.workflow import Refused
from organizations.models import Bureau, Dispatcher, Post
from proposals import deadlines, policies
from proposals.models import ENDED, Assignment, Proposal
from proposals.services.base import assignment_step, locked, record, record_assignment, take, write
from proposals.workflow import PROPOSAL, AssignmentState, ProposalState

Part = Assignment.Part
COMMA = "\u3001"
OPEN_STATES = (
    ProposalState.ASSIGNED,
    ProposalState.IN_HAND,
)


def proposal_assign(
    *,
    proposal_id: int,
    post: Post,
    sole: Bureau | None = None,
    lead: Bureau | None = None,
    co: Iterable[Bureau] = (),
    split: Iterable[Bureau] = (),
    note: str = "",
    version_seen: int | None = None,
    key: str = "",
) -> list[Assignment]:
    """Give a filed proposal to bureaus (交办), each with its own date by rule.

    One of: `sole` (单办), `lead` with `co` (主办、会办), or at least two in `split` (分办).
    """
    parts = _parts(sole, lead, list(co), list(split))
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "assign")
        made = [assignment_made(proposal, post, bureau, part, note) for bureau, part in parts]
        told = COMMA.join(_named(row) for row in made) if len(made) > 1 else made[0].bureau.short_name
        record(proposal, post, "assign", bureau=told, due=made[0].due_on.isoformat(), note=note)
    return made


def _named(assignment: Assignment) -> str:
    part = events.in_site_language(lambda: str(assignment.get_part_display()))
    return f"{assignment.bureau.short_name}\uff08{part}\uff09"


def _parts(
    sole: Bureau | None, lead: Bureau | None, co: list[Bureau], split: list[Bureau]
) -> list[tuple[Bureau, str]]:
    ways = [bool(sole), bool(lead), bool(split)]
    if sum(ways) != 1:
        raise Refused(_("Choose one way: one bureau, a lead with co-handlers, or several separately."))
    if sole and co:
        raise Refused(_("A bureau that handles it alone has no co-handlers: choose a lead bureau instead."))
    if lead and not co:
        raise Refused(_("Choose the co-handling bureaus, or let one bureau handle it alone."))
    if split and len(split) < 2:
        raise Refused(_("Separate handling needs at least two bureaus."))
    parts: list[tuple[Bureau, str]] = []
    parts += [(sole, Part.SOLE)] if sole else []
    parts += [(lead, Part.LEAD)] if lead else []
    parts += [(bureau, Part.SPLIT) for bureau in split] + [(bureau, Part.CO) for bureau in co]
    if len({bureau.pk for bureau, _part in parts}) < len(parts):
        raise Refused(_("A bureau can have only one part in a proposal."))
    return parts


def assignment_made(proposal: Proposal, post: Post, bureau: Bureau, part: str, note: str = "") -> Assignment:
    """Write one assignment of a locked case, dated from today by the rules in force."""
    if bureau.assembly_id != proposal.assembly_id or not bureau.is_active:
        raise Refused(_("Choose a bureau of this assembly that is in use."))
    today, days = clock.today(), Days.of(proposal.assembly_id)
    rules = deadlines.rules_of(proposal)
    assignment = Assignment(
        assembly_id=proposal.assembly_id,
        proposal=proposal,
        bureau=bureau,
        dispatcher=_dispatcher_of(post),
        part=part,
        note=note,
        assigned_by=post,
        assigned_at=clock.now(),
        counted_from=today,
        rules=rules,
        warn_days=deadlines.answer_rule(rules, part)["warn_days"],
        decline_by=deadlines.date_of("decline", rules, today, days),
        contact_by=None if part == Part.CO else deadlines.date_of("contact", rules, today, days),
    )
    due = deadlines.due_if_assigned(proposal, part, today)
    assignment.due_on, assignment.due_how = due.date, due.how
    assignment.save()
    return assignment


def _dispatcher_of(post: Post) -> Dispatcher | None:
    return post.dispatcher


def assignment_add(
    *, proposal_id: int, post: Post, bureau: Bureau, note: str = "", key: str = ""
) -> Assignment:
    """Add a co-handling bureau to a case under way (增办); a sole handler becomes the lead."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        if post.assembly_id != proposal.assembly_id or not policies.may_give_assignments(post):
            raise PermissionDenied
        if proposal.state not in OPEN_STATES:
            raise Refused(_("A bureau can be added only while the proposal is being handled."))
        added = joined(proposal, post, bureau, note)
        facts = {"bureau": bureau.short_name, "due": added.due_on.isoformat(), "note": note}
        part = events.in_site_language(lambda: str(added.get_part_display()))
        record_assignment(added, post, "add", part=part, **facts)
    return added


def joined(proposal: Proposal, post: Post, bureau: Bureau, note: str) -> Assignment:
    """Write the assignment of an added co-handler of a locked case."""
    if active(proposal).filter(bureau=bureau).exists():
        raise Refused(_("This bureau handles the proposal already: choose another."))
    added = assignment_made(proposal, post, bureau, Part.CO, note)
    settle_parts(proposal)
    write(proposal)
    return added


def active(proposal: Proposal) -> Any:
    """Return the assignments of a case that were neither taken back nor given to another bureau."""
    return proposal.assignments.exclude(state__in=ENDED)


def settle_parts(proposal: Proposal) -> None:
    """One bureau alone handles solely; one with co-handlers leads."""
    answering = active(proposal).exclude(part=Part.CO)
    if answering.count() != 1:
        return
    part = Part.LEAD if active(proposal).filter(part=Part.CO).exists() else Part.SOLE
    answering.exclude(part=part).update(part=part)


def assignment_recall(*, assignment_id: int, post: Post, key: str = "") -> Assignment:
    """Take an assignment back before the bureau has signed it in; without any the proposal waits again."""
    with act(post=post, key=key):
        assignment = assignment_step(assignment_id, post, "recall")
        proposal = assignment.proposal
        assignment.save(update_fields=["state"])
        others = active(proposal).exclude(pk=assignment.pk)
        if others.exists() and not others.exclude(part=Part.CO).exists():
            raise Refused(
                _("Take the co-handlers' assignments back first, or give the case to another lead.")
            )
        record_assignment(assignment, post, "recall", bureau=assignment.bureau.short_name)
        if others.exists():
            settle_parts(proposal)
            write(proposal)
            derive_state(proposal)
        else:
            PROPOSAL.perform(proposal, "unassign")
            write(proposal)
            record(proposal, None, "unassign")
    return assignment


def derive_state(proposal: Proposal) -> None:
    """Once assigned, a proposal stands where its assignments stand (DOMAIN: a proposal's life)."""
    rows = list(active(proposal).values_list("part", "state"))
    answering = {state for part, state in rows if part != Part.CO}
    waiting = {AssignmentState.NEW, AssignmentState.DECLINING} & {state for _part, state in rows}
    if answering == {AssignmentState.REPLIED}:
        # An opinion that is still out does not keep the answer back.
        _follow(proposal, "begin")
        _follow(proposal, "answer")
    elif not waiting:
        _follow(proposal, "begin")


def _follow(proposal: Proposal, name: str) -> None:
    if proposal.state in PROPOSAL[name].source:
        PROPOSAL.perform(proposal, name)
        write(proposal)
        record(proposal, None, name)
