"""What the printed questionnaire holds, from the feedback as it was asked."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from office.printing import in_chinese
from organizations.models import Question
from outcomes.models import Feedback
from proposals.papers import case_facts, reviewers_of


@in_chinese()
def questionnaire(feedback: Feedback) -> dict[str, Any]:
    """Return the context of templates/forms/questionnaire.html: empty to be filled in, or as it was answered."""
    proposal, letter = feedback.copy.proposal, feedback.letter
    is_in = feedback.state == Feedback.State.IN
    given = feedback.answers
    asked = feedback.questions
    choices = [one for one in asked if one["kind"] == Question.Kind.CHOICE]
    texts = [one for one in asked if one["kind"] == Question.Kind.TEXT]
    return case_facts(proposal) | {
        "link": reverse("outcomes:by_link", args=[feedback.token]) if feedback.is_open else "",
        "to": feedback.copy.name,
        "bureau": letter.bureau.name,
        "document_number": str(letter),
        "replied_on": letter.dated,
        "answer_until": feedback.due_on,
        "questions": [
            {"text": one["text"], "options": _options(one["choices"], given.get(str(one["id"])))}
            for one in choices
        ],
        "texts": [{"text": one["text"], "answer": given.get(str(one["id"]), "")} for one in texts],
        "verdicts": _options([one["label"] for one in feedback.judgements], feedback.judgement),
        "remarks": feedback.remarks,
        "return_to": reviewers_of(proposal),
        "answered_by": feedback.copy.name if is_in else "",
        "answered_on": timezone.localtime(feedback.in_at).date() if is_in and feedback.in_at else None,
    }


def _options(labels: list[str], chosen: str | None) -> list[dict[str, Any]]:
    return [{"label": label, "chosen": label == chosen} for label in labels]
