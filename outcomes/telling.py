"""Who hears what after an answer: questionnaires, judgements, and the reminders of both and of promises."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office import notices
from office.models import Event
from office.notices import Call
from organizations.models import Assembly, Post, Role
from outcomes import selectors
from outcomes.models import Feedback, FollowUp
from proposals.telling import facts_of, posts_of, remind, reviewers
from replies.models import LetterCopy

WORDS: dict[str, tuple[Any, str]] = {
    "feedback.asked": (_("What do you think of the reply to No. {number} “{title}”? By {due}"), "cases"),
    "feedback.in": (_("{who} judged the reply to No. {number} “{title}”"), "cases"),
    "feedback.due": (_("Your judgement of the reply to No. {number} “{title}” is due on {due}"), "dates"),
    "promise.kept": (
        _("{bureau} wrote how it kept a promise of the reply to No. {number} “{title}”"),
        "cases",
    ),
    "promise.due": (_("A promise of the reply to No. {number} “{title}” is due on {due}"), "dates"),
}


def register() -> None:
    """Let the office know the words and the routes of what follows an answer."""
    for kind, (words, group) in WORDS.items():
        notices.register(kind, words, group=group)
    notices.ROUTES["feedback.ask"] = _asked
    notices.ROUTES["feedback.in"] = notices.ROUTES["feedback.enter"] = _judged
    notices.ROUTES["commitment.tell"] = _told


def _feedback_of(event: Event) -> Feedback:
    rows = Feedback.objects.select_related("copy__proposal", "letter", "case", "member")
    found: Feedback = rows.get(pk=int(event.subject.partition(":")[2]))
    return found


def _asked(event: Event) -> Iterator[Call]:
    row = _feedback_of(event)
    facts = facts_of(row.copy.proposal, due=row.due_on.isoformat())
    yield Call("feedback.asked", posts_of(row), event.thread, row.get_absolute_url(), facts)


def _judged(event: Event) -> Iterator[Call]:
    row = _feedback_of(event)
    facts = facts_of(row.case, who=row.copy.name)
    clerks = Post.objects.filter(role=Role.CLERK, bureau_id=row.letter.bureau_id)
    posts = [*clerks, *reviewers(row.case)]
    yield Call("feedback.in", posts, event.thread, row.case.get_absolute_url(), facts)


def _told(event: Event) -> Iterator[Call]:
    """Each addressee, of the proposal that is theirs, and the proposals committee."""
    row = FollowUp.objects.select_related("commitment__case").get(pk=int(event.subject.partition(":")[2]))
    promise, bureau = row.commitment, row.facts["bureau"]
    url = reverse("outcomes:commitment", args=[promise.pk])
    keys = [one["copy"] for one in row.addressees]
    for copy in LetterCopy.objects.filter(pk__in=keys).select_related("proposal"):
        facts = facts_of(copy.proposal, bureau=bureau)
        yield Call("promise.kept", posts_of(copy), event.thread, url, facts)
    facts = facts_of(promise.case, bureau=bureau)
    yield Call("promise.kept", reviewers(promise.case), event.thread, url, facts)


def reminders(assembly: Assembly) -> int:
    """Remind of judgements and promises that are due; run by the clock, each reminder once."""
    return _judgements(assembly) + _promises(assembly)


def _judgements(assembly: Assembly) -> int:
    rows = Feedback.objects.filter(assembly=assembly, state=Feedback.State.ASKED)
    return sum(
        remind(
            assembly,
            "feedback.due",
            f"feedback:{row.pk}",
            row.due_on,
            row.case,
            posts_of(row),
            url=row.get_absolute_url(),
            named=row.copy.proposal,
        )
        for row in rows.select_related("copy__proposal", "case")
    )


def _promises(assembly: Assembly) -> int:
    rows = selectors.commitments_due(assembly)
    return sum(
        remind(
            assembly,
            "promise.due",
            f"promise:{row.pk}",
            row.due_on,
            row.case,
            Post.objects.filter(role=Role.CLERK, bureau_id=row.bureau_id),
            url=reverse("outcomes:commitment", args=[row.pk]),
        )
        for row in rows
    )
