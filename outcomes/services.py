"""Verbs of what follows an answer: deliver, ask, judge, settle, promise and keep. The only code that writes it.

Each locks the case first, as every writer of a case does.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import calendar, clock, events
from office.acts import act
from office.calendar import Days
from office.workflow import Refused
from organizations.models import Assembly, ListItem, Post, Question
from outcomes import policies
from outcomes.models import SCANS, Commitment, CommitmentNote, Delivery, Feedback
from proposals import services as proposals
from proposals.checks import attachment_fault
from proposals.models import Proposal
from proposals.workflow import ProposalState
from replies.models import IssuedLetter, LetterCopy

State = Feedback.State
EVENT_SENTENCES = {
    "letter.deliver": gettext_lazy("the letter to {name} was delivered ({way}, {day})"),
    "letter.receive": gettext_lazy("{name} received the letter on {day}"),
    "feedback.ask": gettext_lazy("asked {name} to judge the reply, by {due}"),
    "feedback.redate": gettext_lazy("{name} has until {due} to judge the reply: the letter came later"),
    "feedback.in": gettext_lazy("{name} judged the reply: {judgement}"),
    "feedback.enter": gettext_lazy("entered the judgement of {name} from paper ({scan}): {judgement}"),
    "feedback.lapse": gettext_lazy("{name} gave no judgement in time"),
    "commitment.add": gettext_lazy("noted a promise for {due}: {text}"),
    "commitment.note": gettext_lazy("noted how a promise stands: {text}"),
    "commitment.done": gettext_lazy("a promise was kept on {day}: {text}"),
}


def _record(post: Post | None, act_name: str, subject: Any, case: Proposal, **facts: Any) -> None:
    events.record(post=post, act=act_name, subject=subject, thread=case, **facts)


# ---- delivery


def delivery_note(
    *,
    letter: IssuedLetter,
    copies: Iterable[LetterCopy],
    post: Post,
    way: ListItem,
    delivered_on: dt.date,
    received_by: str = "",
    key: str = "",
) -> list[Delivery]:
    """Note how and when copies of a letter were delivered (送达); with who received them, when that is known."""
    policies.require(policies.may_deliver(post, letter))
    if delivered_on < letter.dated or delivered_on > clock.today():
        raise Refused(_("The day of delivery lies between the date of the letter and today."))
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        chosen = letter.copies.filter(pk__in=[copy.pk for copy in copies])
        if chosen.exclude(delivery=None).exists():
            raise Refused(_("This letter has been delivered already."))
        return [
            _delivered(copy, case, post, way=way, delivered_on=delivered_on, received_by=received_by)
            for copy in chosen.order_by("order")
        ]


def _delivered(
    copy: LetterCopy, case: Proposal, post: Post, *, way: ListItem, delivered_on: dt.date, received_by: str
) -> Delivery:
    row = Delivery.objects.create(
        assembly_id=copy.assembly_id,
        copy=copy,
        way=way,
        delivered_on=delivered_on,
        received_by=received_by,
        received_on=delivered_on if received_by else None,
        post=post,
        at=clock.now(),
    )
    facts = {"name": copy.name, "way": way.label, "day": delivered_on.isoformat()}
    _record(post, "letter.deliver", row, case, **facts)
    _redate(copy, case, post)
    return row


def delivery_confirm(*, copy: LetterCopy, post: Post, key: str = "") -> Delivery:
    """Confirm on the proposer's own desk that the letter was received."""
    policies.own_copy_or_404(post, copy.pk)
    with act(post=post, key=key):
        case = proposals.locked(copy.letter.reply.proposal_id)
        row = Delivery.objects.filter(copy=copy).first()
        if row is None:
            raise Refused(_("The bureau has not noted yet that it sent this letter."))
        if row.received_on is None:
            row.received_by, row.received_on = post.user.name, clock.today()
            row.save(update_fields=["received_by", "received_on"])
            _record(post, "letter.receive", row, case, name=copy.name, day=row.received_on.isoformat())
            _redate(copy, case, post)
    return row


def _redate(copy: LetterCopy, case: Proposal, post: Post) -> None:
    """A letter that came after its proposer was asked: the time to judge counts from the receipt."""
    row = Feedback.objects.filter(copy=copy, state=State.ASKED).first()
    if row is None:
        return
    due, _warn_days = _feedback_due(copy, case, asked_on=timezone.localtime(row.asked_at).date())
    if due.date > row.due_on:
        row.due_on, row.due_how = due.date, due.how
        row.save(update_fields=["due_on", "due_how"])
        _record(post, "feedback.redate", row, case, name=copy.name, due=due.date.isoformat())


# ---- asking


def feedback_ask(*, letter: IssuedLetter, post: Post, key: str = "") -> list[Feedback]:
    """Ask every proposer of a letter to judge it (征询意见).

    The questions, the judgements and the date are frozen as they stand now.
    """
    policies.require(policies.may_ask(post) and letter.assembly_id == post.assembly_id)
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        if case.state != ProposalState.ANSWERED:
            raise Refused(_("The proposers are asked when every bureau has answered."))
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
    due, warn_days = _feedback_due(copy, case, asked_on=clock.today())
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
    _record(post, "feedback.ask", row, case, name=copy.name, due=due.date.isoformat())
    return row


def _is_first(copy: LetterCopy) -> bool:
    """Whether it goes to who filed its proposal first."""
    proposal = copy.proposal
    if proposal.committee_id:
        return copy.committee_id == proposal.committee_id
    return copy.member_id is not None and copy.member_id == proposal.member_id


def _feedback_due(copy: LetterCopy, case: Proposal, *, asked_on: dt.date) -> tuple[calendar.Due, int]:
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


# ---- judging


def feedback_give(
    *,
    feedback: Feedback,
    judgement: int,
    answers: dict[str, str],
    remarks: str = "",
    post: Post | None,
    came: str,
    scan: UploadedFile | None = None,
    key: str = "",
) -> Feedback:
    """Take a proposer's judgement in: from the own desk, by the one-time link (no post), or from paper.

    From paper only the proposals committee enters it, with the scan. A bureau never gives a judgement.
    """
    _require_giver(feedback, post, came)
    if came == Feedback.Came.PAPER:
        _refuse_bad_scan(scan, feedback.assembly)
    with act(post=post, key=key) if post else transaction.atomic():
        case = proposals.locked(feedback.case_id)
        row = Feedback.objects.select_related("copy", "letter").get(pk=feedback.pk)
        if row.state != State.ASKED:
            raise Refused(_("This was answered already, or its time is over."))
        if came != Feedback.Came.PAPER and not row.is_open:
            raise Refused(_("The last day for it is over: please ask the proposals committee."))
        chosen = next((one for one in row.judgements if one["id"] == judgement), None)
        if chosen is None:
            raise Refused(_("Choose one of the judgements."))
        row.answers, row.remarks = _checked(row.questions, answers), remarks
        row.judgement, row.reopens = chosen["label"], chosen["reopens"]
        row.state, row.came, row.in_at = State.IN, came, clock.now()
        row.entered_by = post if came == Feedback.Came.PAPER else None
        if scan:
            row.scan = scan
        row.save()
        facts = {"name": row.copy.name, "judgement": row.judgement, "note": _in_own_words(row)}
        if scan and came == Feedback.Came.PAPER:
            _record(post, "feedback.enter", row, case, scan=(scan.name or "")[-200:], **facts)
        else:
            _record(post, "feedback.in", row, case, **facts)
        _settle(case)
    return row


def _in_own_words(row: Feedback) -> str:
    """What the proposer wrote freely: the answers to questions for text, and what was added."""
    asked = [str(one["id"]) for one in row.questions if one["kind"] == Question.Kind.TEXT]
    return "\n".join(text for text in (*(row.answers[name] for name in asked), row.remarks) if text)


def _require_giver(feedback: Feedback, post: Post | None, came: str) -> None:
    if came == Feedback.Came.LINK:
        policies.require(post is None)
    elif came == Feedback.Came.PAPER:
        policies.require(post is not None and policies.may_ask(post))
        policies.require(post is not None and post.assembly_id == feedback.assembly_id)
    else:
        policies.require(post is not None)
        policies.own_feedback_or_404(post, feedback.pk)  # type: ignore[arg-type]


def _refuse_bad_scan(scan: UploadedFile | None, assembly: Assembly) -> None:
    if scan is None or not scan.size:
        raise Refused(_("Attach the scan of the paper form."))
    if (scan.name or "").rsplit(".", 1)[-1].lower() not in SCANS:
        raise Refused(_("Attach the scan as one of these: %(types)s.") % {"types": " ".join(SCANS)})
    if fault := attachment_fault(scan, assembly):
        raise Refused(fault)


def _checked(questions: list[dict[str, Any]], answers: dict[str, str]) -> dict[str, str]:
    """The answers by the question's id; Refused for one that is missing or that was not offered."""
    kept = {}
    for question in questions:
        answer = str(answers.get(str(question["id"]), "")).strip()
        if question["kind"] == Question.Kind.CHOICE and answer and answer not in question["choices"]:
            raise Refused(
                _("Choose one of the answers offered: %(question)s") % {"question": question["text"]}
            )
        if question["required"] and not answer:
            raise Refused(_("Please answer: %(question)s") % {"question": question["text"]})
        kept[str(question["id"])] = answer
    return kept


# ---- settling


def _settle(case: Proposal) -> None:
    """Reopen or close a locked, answered case once everyone asked in this round has answered or lapsed."""
    if case.state != ProposalState.ANSWERED:
        return
    rows = list(_of_this_round(case))
    if not rows or any(row.state == State.ASKED for row in rows):
        return
    if any(not letter.feedbacks.exists() for letter in _letters_of_this_round(case)):
        return
    unmet = [row for row in rows if row.reopens]
    if unmet and case.round < 2:
        assignments = {row.letter.reply.assignment_id: row.letter.reply.assignment for row in unmet}
        proposals.proposal_reopen(
            proposal=case, assignments=list(assignments.values()), judgement=unmet[0].judgement
        )
    elif unmet:
        return  # two replies did not satisfy: the proposals committee records a meeting
    elif any(row.state == State.IN for row in rows):
        how = events.in_site_language(lambda: str(_("the proposers have judged the reply")))
        proposals.proposal_close(proposal=case, how=how, was_judged=True)
    else:
        how = events.in_site_language(lambda: str(_("no judgement in time")))
        proposals.proposal_close(proposal=case, how=how, was_judged=False)


def _letters_of_this_round(case: Proposal) -> Any:
    """The letters that the case rests on: each bureau's last."""
    last: dict[int, IssuedLetter] = {}
    rows = IssuedLetter.objects.filter(reply__proposal=case).select_related("reply").order_by("reply__round")
    for letter in rows:
        last[letter.reply.assignment_id] = letter
    return last.values()


def _of_this_round(case: Proposal) -> Any:
    """What counts now: the feedback to each bureau's last letter."""
    letters = [letter.pk for letter in _letters_of_this_round(case)]
    rows = Feedback.objects.filter(letter__in=letters, counts=True)
    return rows.select_related("letter__reply__assignment")


def feedback_lapse(assembly: Assembly) -> int:
    """Let feedback lapse whose last day is over; run by the clock, safe to run again. Return how many."""
    late = Feedback.objects.filter(assembly=assembly, state=State.ASKED, due_on__lt=clock.today())
    rows = list(late.order_by("case_id", "pk").values_list("pk", "case_id"))
    return sum(_lapsed(pk, case_id) for pk, case_id in rows)


def _lapsed(feedback_id: int, case_id: int) -> int:
    with transaction.atomic():
        case = proposals.locked(case_id)
        row = Feedback.objects.select_related("copy").get(pk=feedback_id)
        if row.state != State.ASKED:
            return 0
        row.state, row.in_at = State.LAPSED, clock.now()
        row.save(update_fields=["state", "in_at"])
        _record(None, "feedback.lapse", row, case, name=row.copy.name)
        _settle(case)
    return 1


# ---- promises


def commitment_add(
    *, letter: IssuedLetter, post: Post, text: str, due_on: dt.date, owner: str, key: str = ""
) -> Commitment:
    """List something that a letter promises, with its day and who sees to it (承诺)."""
    policies.require(policies.may_keep_commitments(post, letter.bureau_id))
    if not text.strip() or not owner.strip():
        raise Refused(_("Write what was promised, and who sees to it."))
    if due_on < letter.dated:
        raise Refused(_("The day lies before the letter: give a later one."))
    with act(post=post, key=key):
        case = proposals.locked(letter.reply.proposal_id)
        row = Commitment.objects.create(
            assembly_id=letter.assembly_id,
            letter=letter,
            case=case,
            bureau_id=letter.bureau_id,
            text=text.strip(),
            due_on=due_on,
            owner=owner.strip(),
            post=post,
            at=clock.now(),
        )
        _record(post, "commitment.add", row, case, text=row.text, due=due_on.isoformat())
    return row


def commitment_note(
    *, commitment: Commitment, post: Post, text: str, proof: UploadedFile | None = None, key: str = ""
) -> CommitmentNote:
    """Note how far a promise has come, with proof where there is one."""
    policies.require(policies.may_keep_commitments(post, commitment.bureau_id))
    if not text.strip():
        raise Refused(_("Write how far it has come."))
    if proof:
        _refuse_bad_scan(proof, commitment.assembly)
    with act(post=post, key=key):
        case = proposals.locked(commitment.case_id)
        note = CommitmentNote(
            assembly_id=commitment.assembly_id,
            commitment=commitment,
            text=text.strip(),
            proof_name=(proof.name or "")[-200:] if proof else "",
            post=post,
            at=clock.now(),
        )
        if proof:
            note.proof = proof
        note.save()
        _record(post, "commitment.note", commitment, case, text=commitment.text, note=note.text)
    return note


def commitment_done(
    *, commitment: Commitment, post: Post, day: dt.date, became: ListItem | None = None, key: str = ""
) -> Commitment:
    """Note that a promise was kept on a day; the result class that the reply has with it, where it changed."""
    policies.require(policies.may_keep_commitments(post, commitment.bureau_id))
    if day > clock.today():
        raise Refused(_("The day lies in the future: note it when it is done."))
    if day < commitment.letter.dated:
        raise Refused(_("The day lies before the letter: give a later one."))
    with act(post=post, key=key):
        case = proposals.locked(commitment.case_id)
        row = Commitment.objects.get(pk=commitment.pk)
        if row.done_on:
            raise Refused(_("This promise was noted as kept already."))
        row.done_on, row.became = day, str(became) if became else ""
        row.save(update_fields=["done_on", "became"])
        _record(post, "commitment.done", row, case, text=row.text, day=day.isoformat(), note=row.became)
    return row
