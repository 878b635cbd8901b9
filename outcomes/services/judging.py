"""Verbs of judging: an answer comes in or its time runs out, and what follows for the case."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from office import clock, events
from office.acts import act
from office.workflow import Refused
from organizations.models import Assembly, Post, Question
from outcomes import policies
from outcomes.models import Feedback
from outcomes.services.base import record, refuse_bad_scan
from proposals import services as proposals
from proposals.models import Proposal
from proposals.workflow import ProposalState
from replies.models import IssuedLetter

State = Feedback.State


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
        refuse_bad_scan(scan, feedback.assembly)
    with act(post=post, key=key) if post else transaction.atomic():
        case = proposals.locked(feedback.case_id)
        row = Feedback.objects.select_related("copy", "letter").get(pk=feedback.pk)
        if row.state != State.ASKED:
            raise Refused(_("This was answered already, or its time is over."))
        if came != Feedback.Came.PAPER and not row.is_open:
            raise Refused(_("The last day for it is over: please ask the proposals committee."))
        if came == Feedback.Came.LINK and row.link_serial != feedback.link_serial:
            raise Refused(_("This link was withdrawn: please use the new one."))
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
            record(post, "feedback.enter", row, case, scan=(scan.name or "")[-200:], **facts)
        else:
            record(post, "feedback.in", row, case, **facts)
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
    if any(letter.voided or not letter.feedbacks.exists() for letter in _letters_of_this_round(case)):
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
    """The letters that the case rests on: each bureau's last, void or not."""
    last: dict[int, IssuedLetter] = {}
    rows = IssuedLetter.objects.filter(reply__proposal=case).select_related("reply", "void")
    rows = rows.order_by("reply__round", "pk")  # what puts a letter right comes after it
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
        record(None, "feedback.lapse", row, case, name=row.copy.name)
        _settle(case)
    return 1
