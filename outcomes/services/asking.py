"""Verbs of asking: the questionnaire as it stands now, its last day, and its one-time link."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from office import calendar, clock
from office.acts import act
from office.calendar import Days
from office.workflow import Refused
from organizations.models import ListItem, Post, Question
from outcomes import policies
from outcomes.models import Delivery, Feedback
from outcomes.services.base import record
from proposals import services as proposals
from proposals.models import Proposal
from proposals.workflow import ProposalState
from replies.models import IssuedLetter, LetterCopy, LetterVoid

State = Feedback.State


def feedback_ask(*, letter: IssuedLetter, post: Post, key: str = "") -> list[Feedback]:
    """Ask every proposer of a letter to judge it (征询意见).

    The questions, the judgements and the date are frozen as they stand now.
    """
    policies.require(policies.may_ask(post) and letter.assembly_id == post.assembly_id)
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        if case.state != ProposalState.ANSWERED:
            raise Refused(_("The proposers are asked when every bureau has answered."))
        if LetterVoid.objects.filter(letter=letter).exists():
            raise Refused(_("%(letter)s is void: ask about the letter in its place.") % {"letter": letter})
        asked = set(Feedback.objects.filter(letter=letter).values_list("copy_id", flat=True))
        copies = [copy for copy in letter.copies.select_related("proposal") if copy.pk not in asked]
        if not copies:
            raise Refused(_("Every proposer of this letter has been asked already."))
        return [_asked(copy, case, post) for copy in copies]


def feedback_ask_many(*, letters: list[IssuedLetter], post: Post, key: str = "") -> list[Feedback]:
    """Ask the proposers of several letters in one act: all of them, or none."""
    with act(post=post, key=key):
        if not letters:
            raise Refused(_("Choose at least one reply."))
        in_order = sorted(letters, key=lambda letter: (letter.reply.proposal_id, letter.pk))
        return [row for letter in in_order for row in feedback_ask(letter=letter, post=post)]


def _asked(copy: LetterCopy, case: Proposal, post: Post) -> Feedback:
    due, warn_days = due_of(copy, case, asked_on=clock.today())
    row = Feedback.objects.create(
        assembly_id=copy.assembly_id,
        copy=copy,
        letter_id=copy.letter_id,
        case=case,
        committee_id=copy.committee_id,
        member_id=copy.member_id,
        counts=case.assembly.feedback_from == "all" or _is_first(copy),
        questions=_questions(copy),
        judgements=_judgements(copy.assembly_id),
        asked_by=post,
        asked_at=clock.now(),
        due_on=due.date,
        due_how=due.how,
        warn_days=warn_days,
    )
    record(post, "feedback.ask", row, case, name=copy.name, due=due.date.isoformat())
    return row


def _is_first(copy: LetterCopy) -> bool:
    """Whether it goes to who filed its proposal first."""
    proposal = copy.proposal
    if proposal.committee_id:
        return copy.committee_id == proposal.committee_id
    return copy.member_id is not None and copy.member_id == proposal.member_id


def due_of(copy: LetterCopy, case: Proposal, *, asked_on: dt.date) -> tuple[calendar.Due, int]:
    """Counted from the receipt, and from the day of asking where that is later or no receipt is known."""
    rule = calendar.rule_for(case.assembly_id, "feedback", is_plenary=case.is_plenary)
    if rule is None:
        raise Refused(
            _("The assembly has no deadline for judgements: ask the system administrator to set it.")
        )
    delivery = Delivery.objects.filter(copy=copy).first()
    received = (delivery and (delivery.received_on or delivery.delivered_on)) or asked_on
    days = Days.of(case.assembly_id)
    return calendar.due_from(
        start=max(received, asked_on), rule=calendar.rule_facts(rule), days=days
    ), rule.warn_days


def feedback_relink(*, feedback: Feedback, post: Post, reason: str = "", key: str = "") -> Feedback:
    """Withdraw the one-time link of a questionnaire, which went astray, and make a new one."""
    policies.require(policies.may_ask(post) and feedback.assembly_id == post.assembly_id)
    with act(post=post, key=key):
        case = proposals.locked(feedback.case_id)
        row = Feedback.objects.select_related("copy").get(pk=feedback.pk)
        if not row.is_open:
            raise Refused(_("This was answered already, or its time is over."))
        row.link_serial += 1
        row.save(update_fields=["link_serial"])
        record(post, "feedback.relink", row, case, name=row.copy.name, note=reason.strip())
    return row


def _questions(copy: LetterCopy) -> list[dict[str, Any]]:
    rows = Question.objects.filter(assembly_id=copy.assembly_id, is_active=True)
    if copy.kind == LetterCopy.Kind.PERSON:
        rows = rows.filter(bodies_only=False)
    return [
        {
            "id": row.pk,
            "text": row.text,
            "kind": row.kind,
            "choices": row.choices,
            "required": row.is_required,
        }
        for row in rows
    ]


def _judgements(assembly_id: int) -> list[dict[str, Any]]:
    rows = ListItem.objects.filter(assembly_id=assembly_id, list=ListItem.List.JUDGEMENT, is_active=True)
    return [{"id": row.pk, "label": row.label, "reopens": row.reopens} for row in rows]


def redate(copy: LetterCopy, case: Proposal, post: Post) -> None:
    """A letter that came after its proposer was asked: the time to judge counts from the receipt."""
    row = Feedback.objects.filter(copy=copy, state=State.ASKED).first()
    if row is None:
        return
    due, _warn_days = due_of(copy, case, asked_on=timezone.localtime(row.asked_at).date())
    if due.date > row.due_on:
        row.due_on, row.due_how = due.date, due.how
        row.save(update_fields=["due_on", "due_how"])
        record(post, "feedback.redate", row, case, name=copy.name, due=due.date.isoformat())
