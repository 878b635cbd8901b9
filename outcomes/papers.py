"""What the printed questionnaire and the follow-up letters hold, from the rows as they were frozen."""

import datetime as dt
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from office import printing
from office.printing import in_chinese
from outcomes.models import Feedback, FollowUp
from proposals.papers_answer import questionnaire_context
from replies.letters import bound


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


FOLLOW_UP = "提案后续答复函"


@in_chinese()
def follow_ups(letter: FollowUp, to: list[dict[str, Any]] | None = None, *, is_draft: bool = False) -> bytes:
    """Return a follow-up letter to each of these addressees (all of them) as one PDF to print on both sides."""
    pages = [_follow_up(letter, one, is_draft=is_draft) for one in to or letter.addressees]
    return pages[0] if len(pages) == 1 else bound(pages)


def _follow_up(letter: FollowUp, to: dict[str, Any], *, is_draft: bool) -> bytes:
    days = {name: dt.date.fromisoformat(letter.facts[name]) for name in ("replied_on", "due_on", "done_on")}
    context = letter.facts | days | {"text": letter.text, "dated": letter.dated, "is_draft": is_draft}
    context |= {"to": to["name"], "you": to["you"], "session": to["session"], "number": to["number"]}
    context |= {"name": to["title"], "promise": letter.facts["promise"].rstrip("。；;. ")}
    return printing.pdf_of_paper("follow_up", FOLLOW_UP, context)


def follow_up_name(letter: FollowUp) -> str:
    """Return the name of the file."""
    first = letter.addressees[0]
    return f"{FOLLOW_UP}-{first['session']}第{first['number']}号.pdf"


def chosen(letter: FollowUp, copy: str) -> list[dict[str, Any]]:
    """Return the reader's addressees of a letter, or the one whose copy is named; Http404 for another's."""
    found = [one for one in letter.mine if not copy or str(one["copy"]) == copy]
    if not found:
        raise Http404
    return found
