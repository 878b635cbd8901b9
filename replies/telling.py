"""Who hears what of replies, opinions and letters: the notices that follow from their events."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from office import notices
from office.models import Event
from office.notices import Call
from organizations.models import Post, Role
from proposals.models import Assignment, Proposal
from proposals.telling import facts_of, proposers, reviewers
from replies.models import IssuedLetter, Opinion, Reply

Paper = Reply | Opinion
WORDS: dict[str, Any] = {
    "reply.to_check": _("The reply to No. {number} “{title}” is to be checked"),
    "reply.to_sign": _("The reply to No. {number} “{title}” awaits your signature"),
    "reply.to_issue": _("The reply to No. {number} “{title}” was signed and is to be issued"),
    "reply.returned": _("The reply to No. {number} “{title}” came back to you"),
    "reply.issued": _("No. {number} “{title}” was answered: {doc_number}"),
    "letter.void": _("{doc_number}, which answered No. {number} “{title}”, was declared void"),
    "opinion.to_sign": _("The opinion on No. {number} “{title}” awaits your signature"),
    "opinion.returned": _("The opinion on No. {number} “{title}” came back to you"),
    "opinion.given": _("{bureau} gave its opinion on No. {number} “{title}”"),
}


def register() -> None:
    """Let the office know the words and the routes of replies and opinions."""
    for kind, words in WORDS.items():
        notices.register(kind, words, group="cases")
    notices.ROUTES.update({act: _route(kind, whom) for act, (kind, whom) in ROUTES.items()})
    notices.ROUTES["letter.void"] = _voided


def _paper_of(event: Event) -> Paper:
    noun, _colon, key = event.subject.partition(":")
    model: type[Paper] = Opinion if noun == "opinion" else Reply
    found: Paper = model.objects.select_related("proposal", "bureau", "clerk").get(pk=int(key))
    return found


def _of_bureau(*roles: str) -> Callable[[Paper], Iterable[Post]]:
    return lambda paper: Post.objects.filter(bureau_id=paper.bureau_id, role__in=roles)


def _clerk(paper: Paper) -> Iterable[Post]:
    return [paper.clerk]


def _everyone(paper: Paper) -> Iterable[Post]:
    """Every proposer of the case and of those merged into it, and the proposals committee."""
    cases: list[Proposal] = [paper.proposal, *paper.proposal.merged.all()]
    found: list[QuerySet[Post]] = [proposers(case) for case in cases]
    return [post for rows in (*found, reviewers(paper.proposal)) for post in rows]


def _voided(event: Event) -> Iterator[Call]:
    """Who got the letter, the proposals committee, and the bureau's clerks, who owe another."""
    rows = IssuedLetter.objects.select_related("reply__proposal", "bureau")
    letter = rows.get(pk=int(event.subject.partition(":")[2]))
    case = letter.reply.proposal
    facts = facts_of(case, doc_number=str(letter))
    clerks = Post.objects.filter(bureau_id=letter.bureau_id, role=Role.CLERK)
    posts = [*_everyone(letter.reply), *clerks]
    yield Call("letter.void", posts, event.thread, case.get_absolute_url(), facts)


def _answering(paper: Paper) -> Iterable[Post]:
    answering = paper.proposal.assignments.exclude(part=Assignment.Part.CO).values("bureau")
    return Post.objects.filter(role=Role.CLERK, bureau__in=answering)


def _route(kind: str, whom: Callable[[Paper], Iterable[Post]]) -> Callable[[Event], Iterator[Call]]:
    def follow(event: Event) -> Iterator[Call]:
        paper = _paper_of(event)
        case = paper.proposal
        facts = {"number": case.number or "", "title": case.short_title, "bureau": paper.bureau.short_name}
        facts["doc_number"] = json.loads(event.facts).get("doc_number", "")
        yield Call(kind, whom(paper), event.thread, case.get_absolute_url(), facts)

    return follow


ROUTES: dict[str, tuple[str, Callable[[Paper], Iterable[Post]]]] = {
    "reply.send": ("reply.to_check", _of_bureau(Role.CHECKER)),
    "reply.pass": ("reply.to_sign", _of_bureau(Role.LEADER)),
    "reply.sign": ("reply.to_issue", _of_bureau(Role.SEALKEEPER)),
    "reply.check_return": ("reply.returned", _clerk),
    "reply.sign_return": ("reply.returned", _clerk),
    "reply.issue_return": ("reply.returned", _clerk),
    "reply.issue": ("reply.issued", _everyone),
    "opinion.send": ("opinion.to_sign", _of_bureau(Role.LEADER)),
    "opinion.return": ("opinion.returned", _clerk),
    "opinion.give": ("opinion.given", _answering),
}
