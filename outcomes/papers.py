"""What the printed questionnaire holds, from the feedback as it was asked."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from office.printing import in_chinese
from outcomes.models import Feedback
from proposals.papers_answer import questionnaire_context


@in_chinese()
def questionnaire(feedback: Feedback) -> dict[str, Any]:
    """Return the context of templates/forms/questionnaire.html: empty to be filled in, or as it was answered."""
    is_in = feedback.state == Feedback.State.IN
    letter = feedback.letter
    return questionnaire_context(
        feedback.copy.proposal,
        to=feedback.copy.name,
        bureau=letter.bureau.name,
        document_number=str(letter),
        replied_on=letter.dated,
        answer_until=feedback.due_on,
        link=reverse("outcomes:by_link", args=[feedback.token]) if feedback.is_open else "",
        questions=feedback.questions,
        judgements=feedback.judgements,
        answers=feedback.answers,
        judgement=feedback.judgement,
        remarks=feedback.remarks,
        answered_by=feedback.copy.name if is_in else "",
        answered_on=timezone.localtime(feedback.in_at).date() if is_in and feedback.in_at else None,
    )
