"""Who hears what after an answer: questionnaires, judgements, and the reminders of both and of promises."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office import notices
from office.models import Event
from office.notices import Call
from organizations.models import Assembly, Post, Role
from outcomes.models import Commitment, Feedback
from proposals.models import Proposal
from proposals.telling import milestone, reviewers

WORDS: dict[str, tuple[Any, str]] = {
    "feedback.asked": (_("What do you think of the reply to No. {number} “{title}”? By {due}"), "cases"),
    "feedback.in": (_("{who} judged the reply to No. {number} “{title}”"), "cases"),
    "feedback.due": (_("Your judgement of the reply to No. {number} “{title}” is due on {due}"), "dates"),
    "promise.due": (_("A promise of the reply to No. {number} “{title}” is due on {due}"), "dates"),
}


def register() -> None:
    """Let the office know the words and the routes of what follows an answer."""
    for kind, (words, group) in WORDS.items():
        notices.register(kind, words, group=group)
    notices.ROUTES["feedback.ask"] = _asked
    notices.ROUTES["feedback.in"] = notices.ROUTES["feedback.enter"] = _judged


def _feedback_of(event: Event) -> Feedback:
    rows = Feedback.objects.select_related("copy__proposal", "letter", "case", "member")
    found: Feedback = rows.get(pk=int(event.subject.partition(":")[2]))
    return found


def judges(row: Feedback) -> QuerySet[Post]:
    """Return the posts that answer a questionnaire."""
    rows: QuerySet[Post] = Post.objects.filter(assembly_id=row.assembly_id)
    if row.committee_id:
        return rows.filter(role=Role.FILER, committee_id=row.committee_id)
    return rows.filter(role=Role.MEMBER, user__posts=row.member_id)


def _facts(case: Proposal, **more: str) -> dict[str, Any]:
    return {"number": case.number or "", "title": case.short_title} | more


def _asked(event: Event) -> Iterator[Call]:
    row = _feedback_of(event)
    facts = _facts(row.copy.proposal, due=row.due_on.isoformat())
    yield Call("feedback.asked", judges(row), event.thread, row.get_absolute_url(), facts)


def _judged(event: Event) -> Iterator[Call]:
    row = _feedback_of(event)
    facts = _facts(row.case, who=row.copy.name)
    clerks = Post.objects.filter(role=Role.CLERK, bureau_id=row.letter.bureau_id)
    posts = [*clerks, *reviewers(row.case)]
    yield Call("feedback.in", posts, event.thread, row.case.get_absolute_url(), facts)


def reminders(assembly: Assembly) -> int:
    """Remind of judgements and promises that are due; run by the clock, each reminder once."""
    made = 0
    asked = Feedback.objects.filter(assembly=assembly, state=Feedback.State.ASKED)
    for row in asked.select_related("copy__proposal", "case"):
        at = milestone(assembly, row.due_on)
        if at and notices.once(assembly.pk, f"feedback:{row.pk}:{row.due_on.isoformat()}:{at}"):
            facts = _facts(row.copy.proposal, due=row.due_on.isoformat())
            made += notices.notify(
                kind="feedback.due",
                thread=f"proposal:{row.case_id}",
                posts=judges(row),
                url=row.get_absolute_url(),
                **facts,
            )
    return made + _promises(assembly)


def _promises(assembly: Assembly) -> int:
    made = 0
    for row in Commitment.objects.filter(assembly=assembly, done_on=None).select_related("case"):
        at = milestone(assembly, row.due_on)
        if at and notices.once(assembly.pk, f"promise:{row.pk}:{row.due_on.isoformat()}:{at}"):
            made += notices.notify(
                kind="promise.due",
                thread=f"proposal:{row.case_id}",
                posts=Post.objects.filter(role=Role.CLERK, bureau_id=row.bureau_id),
                url=reverse("outcomes:commitment", args=[row.pk]),
                **_facts(row.case, due=row.due_on.isoformat()),
            )
    return made
