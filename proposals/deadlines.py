"""Dates of an assignment, by the rules that were in force when it was given. Computes; services write."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from office import calendar
from office.calendar import Days, Due
from office.workflow import Refused
from proposals.models import Assignment, Proposal

# The steps of DeadlineRule that concern an assignment.
REPLY, OPINION, SECOND_REPLY, EXTENSION = "reply", "opinion", "second_reply", "extension"
PUBLICATION = "publication"
# Beside them: the working days that each step of the bureau's sign-off may take.
STEPS = "steps"
DRAFT, CHECK, SIGN, ISSUE = "draft", "check", "sign", "issue"
USUAL_STEPS = {CHECK: 3, SIGN: 3, ISSUE: 3}  # of cases that were assigned before there were such numbers
KEPT = (REPLY, OPINION, SECOND_REPLY, EXTENSION, "decline", "decline_decision", "contact", PUBLICATION)


def rules_of(proposal: Proposal) -> dict[str, dict[str, Any]]:
    """Return the rules in force now for this proposal, by step, as small JSON values that stay with the case."""
    found = {
        step: calendar.rule_for(proposal.assembly_id, step, is_plenary=proposal.is_plenary) for step in KEPT
    }
    rules = {step: calendar.rule_facts(rule) for step, rule in found.items() if rule}
    return rules | {STEPS: proposal.assembly.step_days}


def answer_step(part: str) -> str:
    """Return which rule dates the bureau's answer: an opinion for a co-handling one, else the reply."""
    return OPINION if part == Assignment.Part.CO else REPLY


def answer_rule(rules: dict[str, dict[str, Any]], part: str) -> dict[str, Any]:
    """Return the rule that dates a bureau's answer; Refused when the assembly has none."""
    try:
        return rules[answer_step(part)]
    except KeyError:
        raise Refused(
            _("The assembly has no deadline for replies: ask the system administrator to set it.")
        ) from None


def due_if_assigned(proposal: Proposal, part: str, day: dt.date) -> Due:
    """Return when a bureau that gets the proposal on this day must have answered."""
    rule = answer_rule(rules_of(proposal), part)
    return calendar.due_from(start=day, rule=rule, days=Days.of(proposal.assembly_id))


def date_of(step: str, rules: dict[str, dict[str, Any]], start: dt.date, days: Days) -> dt.date | None:
    """Return the last day of a step that starts on this day; None where the assembly has no rule for it."""
    rule = rules.get(step)
    return calendar.due_from(start=start, rule=rule, days=days).date if rule else None


def rule_of(assignment: Assignment) -> dict[str, Any]:
    """Return the rule that dates what the bureau owes now: its answer, or its second letter."""
    step = SECOND_REPLY if assignment.round > 1 else answer_step(assignment.part)
    return assignment.rules.get(step) or answer_rule(assignment.rules, assignment.part)


def due_of(assignment: Assignment, days: Days, *, extended: int | None = None) -> Due:
    """Return the date of the bureau's answer as it stands: pauses and extensions counted."""
    rule = rule_of(assignment)
    return calendar.due_from(
        start=assignment.counted_from,
        rule=rule,
        days=days,
        pauses=_pauses(assignment),
        extension=assignment.rules.get(EXTENSION),
        extended=assignment.extended if extended is None else extended,
    )


def latest_days(assignment: Assignment, days: Days) -> dict[str, dt.date]:
    """Return the latest day of each step of the bureau's sign-off, worked back from the date of its answer.

    An opinion is neither checked nor issued by others: its leader signs and gives it.
    """
    kept = USUAL_STEPS | assignment.rules.get(STEPS, {})
    steps = [(DRAFT, 0)] + [(name, int(kept[name])) for name in (CHECK, SIGN, ISSUE)]
    if not assignment.answers:
        steps = [(DRAFT, 0), (SIGN, int(kept[SIGN]))]
    start, due = assignment.counted_from, assignment.due_on
    return calendar.chain_dates(start=start, due=due, steps=steps, days=days)


def extensions_allowed(assignment: Assignment) -> int:
    """Return how often the date may be put off, by the rule of the case."""
    return int(rule_of(assignment).get("extensions") or 0)


def _pauses(assignment: Assignment) -> list[tuple[dt.date, dt.date | None]]:
    rows = assignment.declines.exclude(decided_at=None).order_by("pk")
    return [(_day(row.asked_at), _day(row.decided_at)) for row in rows if row.decided_at]


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()
