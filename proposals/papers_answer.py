"""What the printed forms about an answer say, for the apps that hold the answers: each gives what it alone knows."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from office.printing import in_chinese
from organizations.models import Question
from proposals.models import Assignment, Proposal
from proposals.papers import Context, bureau_facts, case_facts, office_of, parts_of, reviewers_of


@in_chinese()
def opinion_context(
    assignment: Assignment,
    *,
    body: str,
    document_number: str = "",
    signed_by: str = "",
    dated: dt.date | None = None,
    contact: str = "",
    phone: str = "",
    copies: Iterable[str] = (),
) -> Context:
    """会办意见函 of a co-handling bureau: a draft until it has a document number."""
    proposal = assignment.proposal
    lead = next((row.bureau.name for row in parts_of(proposal) if row.part == Assignment.Part.LEAD), "")
    return bureau_facts(assignment) | {
        "to": lead,
        "place": proposal.assembly.short_name,
        "body": body,
        "document_number": document_number,
        "is_draft": not document_number,
        "signed_by": signed_by,
        "dated": dated,
        "contact": contact,
        "phone": phone,
        "copies": list(copies) or [reviewers_of(proposal), office_of(assignment)],
    }


def questionnaire_context(
    proposal: Proposal,
    *,
    to: str,
    bureau: str,
    document_number: str,
    replied_on: dt.date | None,
    answer_until: dt.date | None = None,
    link: str = "",
    questions: Iterable[dict[str, Any]] = (),
    judgements: Iterable[dict[str, Any]] = (),
    answers: dict[str, str] | None = None,
    judgement: str = "",
    remarks: str = "",
    answered_by: str = "",
    answered_on: dt.date | None = None,
    return_to: str = "",
) -> Context:
    """征询意见表 for one proposer and one reply: empty to be filled in, or as it was answered.

    `questions` ({id, text, kind, choices}) and `judgements` ({label}) as they were asked, `answers` by the question's
    id as text; `link` is the address under which this proposer answers, for the QR; `return_to` is who takes the sheet
    (the reviewers' office when empty).
    """
    given = answers or {}
    asked = [(row, given.get(str(row["id"]), "")) for row in questions]
    return case_facts(proposal) | {
        "link": link,
        "to": to,
        "bureau": bureau,
        "document_number": document_number,
        "replied_on": replied_on,
        "answer_until": answer_until,
        "questions": [
            {"text": row["text"], "options": _boxes(row["choices"], answer)}
            for row, answer in asked
            if row["kind"] == Question.Kind.CHOICE
        ],
        "texts": [
            {"text": row["text"], "answer": answer}
            for row, answer in asked
            if row["kind"] == Question.Kind.TEXT
        ],
        "verdicts": _boxes((row["label"] for row in judgements), judgement),
        "remarks": remarks,
        "return_to": return_to or reviewers_of(proposal),
        "answered_by": answered_by,
        "answered_on": answered_on,
    }


def _boxes(labels: Iterable[str], chosen: str) -> list[Context]:
    return [{"label": label, "chosen": label == chosen} for label in labels]
