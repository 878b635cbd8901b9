"""Verbs of the bureau and of what is decided about its part: sign in, decline, more time, contacts, chasing."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from office import calendar, clock, events
from office.acts import act
from office.calendar import Days
from office.workflow import Refused
from organizations.models import Bureau, ListItem, Post, Role
from proposals import deadlines, policies
from proposals.models import ENDED, Assignment, Chase, Contact, Decline, Extension, Proposal
from proposals.services.base import (
    assignment_step,
    locked_assignment,
    record,
    record_assignment,
    take,
    write,
)
from proposals.services.base import locked as locked_case
from proposals.services.dispatch import assignment_made, derive_state, joined
from proposals.workflow import ANSWERED, ASSIGNMENT, PROPOSAL, AssignmentState

OPEN = (AssignmentState.SIGNED_IN, AssignmentState.REOPENED)


def redate(assignment: Assignment) -> None:
    """Count the date of the answer anew, with what has happened since."""
    due = deadlines.due_of(assignment, Days.of(assignment.assembly_id))
    assignment.due_on, assignment.due_how = due.date, due.how


def assignment_sign_in(*, assignment_id: int, post: Post, key: str = "") -> Assignment:
    """Sign a proposal in for the bureau (签收); when every bureau has, the proposal is in hand."""
    with act(post=post, key=key):
        assignment = assignment_step(assignment_id, post, "sign_in")
        _taken_on(assignment, post)
        record_assignment(assignment, post, "sign_in")
        derive_state(assignment.proposal)
    return assignment


def _taken_on(assignment: Assignment, post: Post) -> None:
    """The first sign-in counts; a rule that starts with it is counted from then on."""
    if assignment.signed_in_at is None:
        assignment.signed_in_by, assignment.signed_in_at = post, clock.now()
        rule = assignment.rules.get(deadlines.answer_step(assignment.part), {})
        if rule.get("starts") == "sign_in":
            assignment.counted_from = clock.today()
    assignment.clerk = assignment.clerk or post
    redate(assignment)
    assignment.save()


def _refuse_ended(assignment: Assignment) -> None:
    if assignment.state in ENDED:
        raise Refused(_("Your bureau does not handle this proposal any more."))


def assignment_hand_over(*, assignment_id: int, post: Post, clerk: Post, key: str = "") -> Assignment:
    """Hand the case to another clerk of the same bureau."""
    with act(post=post, key=key):
        assignment = locked_assignment(assignment_id)
        policies.require(post, "hand_over", assignment)
        _refuse_ended(assignment)
        if clerk.bureau_id != assignment.bureau_id or clerk.role != Role.CLERK:
            raise Refused(_("Choose a clerk of your own bureau."))
        if assignment.clerk_id != clerk.pk:
            assignment.clerk = clerk
            assignment.save(update_fields=["clerk"])
            record_assignment(assignment, post, "hand_over", clerk=clerk.user.name)
    return assignment


# ---- declining


def assignment_decline(
    *, assignment_id: int, post: Post, reason: str, suggested: Bureau | None = None, key: str = ""
) -> Decline:
    """Ask not to handle a proposal (申退), with a reason and a suggested bureau, before the limit."""
    if not reason.strip():
        raise Refused(_("Write the reason: it is decided on by it."))
    with act(post=post, key=key):
        assignment = assignment_step(assignment_id, post, "decline")
        if assignment.decline_by and clock.today() > assignment.decline_by:
            day = calendar.day_in_words(assignment.decline_by)
            raise Refused(_("The last day for declining was %(day)s.") % {"day": day})
        if suggested and suggested.pk == assignment.bureau_id:
            raise Refused(_("Suggest another bureau than your own."))
        assignment.save(update_fields=["state"])
        days = Days.of(assignment.assembly_id)
        decline = Decline.objects.create(
            assembly_id=assignment.assembly_id,
            assignment=assignment,
            reason=reason,
            suggested=suggested,
            asked_by=post,
            asked_at=clock.now(),
            decide_by=deadlines.date_of("decline_decision", assignment.rules, clock.today(), days),
        )
        facts: dict[str, Any] = {"note": reason, "is_return": True}
        facts |= {"suggested": suggested.short_name} if suggested else {}
        record_assignment(assignment, post, "decline", **facts)
    return decline


def assignment_keep(*, assignment_id: int, post: Post, key: str = "") -> Assignment:
    """Take the request back and handle the proposal after all; it counts as signed in."""
    with act(post=post, key=key):
        assignment = assignment_step(assignment_id, post, "keep")
        _decided(assignment, post, Decline.Decision.KEPT, "")
        _taken_on(assignment, post)
        record_assignment(assignment, post, "keep")
        derive_state(assignment.proposal)
    return assignment


def decline_decide(
    *,
    assignment_id: int,
    post: Post,
    decision: str,
    note: str = "",
    bureau: Bureau | None = None,
    key: str = "",
) -> Assignment:
    """Decide on a declined assignment: "reassign", "join" (both need a bureau) or "insist" (needs a reason).

    Always a second person. Returns the assignment that the case goes on with.
    """
    if decision == Decline.Decision.INSIST and not note.strip():
        raise Refused(_("Write the reason, so that everyone can read it."))
    if decision != Decline.Decision.INSIST and bureau is None:
        raise Refused(_("Choose the bureau that shall handle it."))
    with act(post=post, key=key):
        assignment = assignment_step(assignment_id, post, decision)
        _decided(assignment, post, decision, note)
        redate(assignment)
        assignment.save()
        facts = {"own": assignment.bureau.short_name, "note": note}
        if decision == Decline.Decision.INSIST or bureau is None:
            record_assignment(assignment, post, decision, is_return=True, **facts)
            return assignment
        following = _following(assignment, post, decision, bureau, note)
        facts |= {"bureau": bureau.short_name, "due": following.due_on.isoformat()}
        record_assignment(assignment, post, decision, **facts)
        derive_state(assignment.proposal)
    return following


def _following(assignment: Assignment, post: Post, decision: str, bureau: Bureau, note: str) -> Assignment:
    proposal = assignment.proposal
    if proposal.state in ANSWERED:
        raise Refused(_("A bureau can be added only while the proposal is being handled."))
    if decision == Decline.Decision.JOIN:
        return joined(proposal, post, bureau, note)
    if bureau.pk == assignment.bureau_id:
        raise Refused(_("Choose another bureau than the one that declined."))
    if (
        proposal.assignments.exclude(pk=assignment.pk)
        .filter(bureau=bureau)
        .exclude(state__in=(AssignmentState.RECALLED, AssignmentState.REASSIGNED))
    ):
        raise Refused(_("This bureau handles the proposal already: choose another."))
    made = assignment_made(proposal, post, bureau, assignment.part, note)
    write(proposal)
    return made


def _decided(assignment: Assignment, post: Post, decision: str, note: str) -> None:
    decline = assignment.declines.get(decision="")
    decline.decision, decline.note = decision, note
    decline.decided_by, decline.decided_at = post, clock.now()
    decline.save()


# ---- more time


def extension_until(assignment: Assignment) -> dt.date:
    """Return the date that one more extension would give; Refused when the rule gives none."""
    if assignment.extended >= deadlines.extensions_allowed(assignment):
        raise Refused(_("The rule allows no further extension of this date."))
    days = Days.of(assignment.assembly_id)
    return deadlines.due_of(assignment, days, extended=assignment.extended + 1).date


def extension_ask(*, assignment_id: int, post: Post, reason: str, key: str = "") -> Extension:
    """Ask for more time (延期), before the date; the rule says how much."""
    if not reason.strip():
        raise Refused(_("Write the reason: it is decided on by it."))
    with act(post=post, key=key):
        assignment = locked_assignment(assignment_id)
        policies.require(post, "ask_extension", assignment)
        if assignment.state not in OPEN:
            raise Refused(_("More time can be asked for only while the proposal is being handled."))
        if clock.today() > assignment.due_on:
            raise Refused(_("More time must be asked for before the date, which is over."))
        if assignment.extensions.filter(is_granted=None).exists():
            raise Refused(_("More time was asked for already and is not decided yet."))
        until = extension_until(assignment)
        extension = Extension.objects.create(
            assembly_id=assignment.assembly_id,
            assignment=assignment,
            reason=reason,
            until=until,
            asked_by=post,
            asked_at=clock.now(),
        )
        _record_extension(extension, post, "ask", until=until.isoformat(), note=reason)
    return extension


def extension_decide(
    *, extension_id: int, post: Post, grants: bool, note: str = "", key: str = ""
) -> Extension:
    """Grant or refuse more time: always a second person; a refusal has a reason."""
    if not grants and not note.strip():
        raise Refused(_("Write the reason, so that everyone can read it."))
    with act(post=post, key=key):
        found = Extension.objects.values_list("assignment_id", flat=True).get(pk=extension_id)
        assignment = locked_assignment(found)
        policies.require(post, "decide_extension", assignment)
        extension = Extension.objects.select_related("asked_by").get(pk=extension_id)
        extension.assignment = assignment
        if extension.is_granted is not None:
            raise Refused(_("This was decided already."))
        if extension.asked_by.user_id == post.user_id:
            raise Refused(_("A second person decides on the request."))
        extension.is_granted, extension.note = grants, note
        extension.decided_by, extension.decided_at = post, clock.now()
        if grants:
            assignment.extended += 1
            redate(assignment)
            assignment.save()
            extension.until = assignment.due_on
        extension.save()
        facts: dict[str, Any] = {"until": assignment.due_on.isoformat()} if grants else {"is_return": True}
        _record_extension(extension, post, "grant" if grants else "refuse", note=note, **facts)
    return extension


def _record_extension(extension: Extension, post: Post, name: str, **facts: Any) -> None:
    thread = extension.assignment.proposal
    events.record(post=post, act=f"extension.{name}", subject=extension, thread=thread, **facts)


# ---- contacts


def contact_add(
    *,
    assignment_id: int,
    post: Post,
    way: ListItem,
    held_on: dt.date,
    people: str,
    said: str,
    key: str = "",
) -> Contact:
    """Note a contact with the proposers (沟通): how, when, who was there, what was said."""
    with act(post=post, key=key):
        assignment = locked_assignment(assignment_id)
        policies.require(post, "note_contact", assignment)
        _refuse_ended(assignment)
        _refuse_wrong_day(assignment, held_on)
        if not people.strip() or not said.strip():
            raise Refused(_("Write who took part and what was said."))
        contact = Contact.objects.create(
            assembly_id=assignment.assembly_id,
            assignment=assignment,
            way=way,
            held_on=held_on,
            people=people,
            said=said,
            post=post,
            at=clock.now(),
        )
        facts = {"way": way.label, "day": held_on.isoformat(), "note": said}
        events.record(post=post, act="contact.add", subject=contact, thread=assignment.proposal, **facts)
    return contact


def _refuse_wrong_day(assignment: Assignment, day: dt.date) -> None:
    if day > clock.today():
        raise Refused(_("The contact lies in the future: note it when it has taken place."))
    if day < timezone.localtime(assignment.assigned_at).date():
        raise Refused(_("The contact lies before the assignment: give a later day."))


def contact_none(*, assignment_id: int, post: Post, reason: str, key: str = "") -> Assignment:
    """Note why there was no contact with the proposers; the checker reads it."""
    if not reason.strip():
        raise Refused(_("Write the reason, so that everyone can read it."))
    with act(post=post, key=key):
        assignment = locked_assignment(assignment_id)
        policies.require(post, "note_contact", assignment)
        _refuse_ended(assignment)
        assignment.no_contact_because = reason
        assignment.save(update_fields=["no_contact_because"])
        events.record(
            post=post, act="contact.none", subject=assignment, thread=assignment.proposal, note=reason
        )
    return assignment


# ---- chasing


def chase_send(*, assignment_id: int, post: Post, text: str, key: str = "") -> Chase:
    """Urge a bureau to answer (催办): logged, counted, and not more often than the assembly allows."""
    if not text.strip():
        raise Refused(_("Write what the bureau shall read."))
    with act(post=post, key=key):
        assignment = locked_assignment(assignment_id)
        policies.require(post, "chase", assignment)
        if assignment.state not in (AssignmentState.NEW, *OPEN) or assignment.proposal.state in ANSWERED:
            raise Refused(_("Nothing is due from this bureau now."))
        _refuse_too_often(assignment)
        chase = Chase.objects.create(
            assembly_id=assignment.assembly_id, assignment=assignment, text=text, post=post, at=clock.now()
        )
        facts = {"bureau": assignment.bureau.short_name, "note": text}
        events.record(post=post, act="chase.send", subject=chase, thread=assignment.proposal, **facts)
    return chase


def _refuse_too_often(assignment: Assignment) -> None:
    last = assignment.chases.last()
    pause = assignment.proposal.assembly.chase_days
    if last and (clock.today() - timezone.localtime(last.at).date()).days < pause:
        day = calendar.day_in_words(timezone.localtime(last.at).date() + dt.timedelta(pause))
        raise Refused(_("This bureau was urged a short while ago: again from %(day)s on.") % {"day": day})


# ---- what follows from letters, opinions and judgements, inside the caller's transaction


def assignment_reply(*, assignment: Assignment, day: dt.date) -> None:
    """Note that the bureau's letter was issued on a day."""
    ASSIGNMENT.perform(assignment, "reply")
    assignment.replied_on = day
    assignment.save(update_fields=["state", "replied_on"])
    derive_state(assignment.proposal)


def assignment_give(*, assignment: Assignment, day: dt.date) -> None:
    """Note that a co-handling bureau gave its opinion on a day."""
    ASSIGNMENT.perform(assignment, "give")
    assignment.replied_on = day
    assignment.save(update_fields=["state", "replied_on"])
    derive_state(assignment.proposal)


def proposal_reopen(*, proposal: Proposal, assignments: list[Assignment], judgement: str) -> None:
    """Open an answered, locked case again (重办): each of these bureaus owes a second letter, newly dated."""
    PROPOSAL.perform(proposal, "reopen")
    write(proposal, round=proposal.round + 1)
    for assignment in assignments:
        assignment.proposal = proposal
        ASSIGNMENT.perform(assignment, "reopen")
        assignment.round, assignment.counted_from = assignment.round + 1, clock.today()
        assignment.extended = 0
        redate(assignment)
        assignment.save()
    record(proposal, None, "reopen", judgement=judgement, is_return=True)


def proposal_close(*, proposal: Proposal, how: str, was_judged: bool) -> None:
    """Close an answered, locked case; a case without judgement in time is closed as such, never as content."""
    PROPOSAL.perform(proposal, "close")
    write(proposal, closed_at=clock.now(), was_judged=was_judged)
    record(proposal, None, "close", how=how)


def proposal_settle(
    *,
    proposal_id: int,
    post: Post,
    day: dt.date,
    note: str,
    version_seen: int | None = None,
    key: str = "",
) -> Proposal:
    """Record the meeting that ends a case which two replies did not settle, and close it."""
    if not note.strip():
        raise Refused(_("Write who took part and what was said."))
    if day > clock.today():
        raise Refused(_("The meeting lies in the future: record it when it has taken place."))
    with act(post=post, key=key):
        proposal = locked_case(proposal_id)
        take(proposal, post, "settle", closed_at=clock.now(), was_judged=True)
        record(proposal, post, "settle", day=day.isoformat(), note=note)
    return proposal
