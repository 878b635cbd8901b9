"""Verbs of the window: publish what may be published, and take it back. The only code that writes it.

The pages of the public copies are made before the transaction, from letters that never change; then each case is
locked, asked again whether it may be published, and written with its event.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import clock, events
from office.acts import act
from office.models import Event
from office.workflow import Refused
from organizations.models import Post
from portal import drafts, policies
from portal.models import Publication, PublishedLetter
from proposals import policies as proposal_policies
from proposals import services as proposals
from proposals.models import Proposal
from replies.public_copy import public_pdf

# So many at once: their pages are made while the person waits.
MOST_AT_ONCE = 50
EVENT_SENTENCES = {
    "publication.publish": gettext_lazy("published the proposal with {letters}"),
    "publication.withdraw": gettext_lazy("took back what was published"),
}


@dataclass(frozen=True)
class _Page:
    """A letter's public copy, ready to be kept."""

    letter: PublishedLetter
    pdf: bytes


def publication_make(*, cases: Sequence[Proposal], post: Post, key: str = "") -> list[Publication]:
    """Publish these proposals with their letters, or publish them anew as they stand now: all of them, or none.

    Raises Refused, naming the case, where a proposer does not consent, the disclosure keeps every letter back, or a
    mark says that it is not for publication.
    """
    policies.require_publisher(post)
    if not cases:
        raise Refused(_("Choose at least one proposal."))
    if len(cases) > MOST_AT_ONCE:
        raise Refused(_("Choose at most %(n)d proposals at once.") % {"n": MOST_AT_ONCE})
    ready = {found.proposal.pk: _pages(found) for found in _candidates(post, cases)}
    with act(post=post, key=key):
        for pk in sorted({case.merged_into_id or case.pk for case in cases} | {case.pk for case in cases}):
            proposals.locked(pk)
        found = _candidates(post, cases)
        return [_published(one, post, ready.get(one.proposal.pk, [])) for one in found]


def _candidates(post: Post, cases: Sequence[Proposal]) -> list[drafts.Candidate]:
    """The candidates of these cases; Refused where one may not be published."""
    rows = proposal_policies.visible_to(post).filter(pk__in=[case.pk for case in cases])
    found = {one.proposal.pk: one for one in drafts.candidates(drafts.answered(rows))}
    for case in cases:
        why = found[case.pk].why_not if case.pk in found else _("It has not been answered.")
        if why:
            raise Refused(
                _("No. %(number)s cannot be published. %(why)s") % {"number": case.number, "why": why}
            )
    return sorted(found.values(), key=lambda one: one.proposal.number or 0)


def _pages(one: drafts.Candidate) -> list[_Page]:
    pages = []
    for order, copy in enumerate(one.copies, 1):
        letter = drafts.letter_of(copy, order)
        pdf, letter.pages = public_pdf(letter.facts)
        letter.sha256 = hashlib.sha256(pdf).hexdigest()
        pages.append(_Page(letter, pdf))
    return pages


def _published(one: drafts.Candidate, post: Post, pages: list[_Page]) -> Publication:
    if [page.letter.letter_id for page in pages] != [copy.letter_id for copy in one.copies]:
        raise Refused(
            _("Someone changed this in the meantime. Nothing was done; look at it again as it stands now.")
        )
    case = one.proposal
    values = drafts.words_of(case) | {"assembly_id": case.assembly_id}
    values["words"] = _searched(values, [page.letter for page in pages])
    values |= {"published_at": clock.now(), "published_by": post}
    values |= {"withdrawn_at": None, "withdrawn_because": ""}
    row, _is_new = Publication.objects.update_or_create(proposal=case, defaults=values)
    row.letters.all().delete()
    for page in pages:
        page.letter.publication = row
        page.letter.pdf.save("letter.pdf", ContentFile(page.pdf), save=False)
        page.letter.save()
    numbers = ", ".join(page.letter.doc_number for page in pages)
    digests = [page.letter.sha256 for page in pages]
    events.record(
        post=post, act="publication.publish", subject=row, thread=case, letters=numbers, sha256=digests
    )
    return row


def _searched(values: dict[str, Any], letters: list[PublishedLetter]) -> str:
    said = [
        values["title"],
        values["background"],
        values["analysis"],
        *values["suggestions"],
        *values["proposers"],
    ]
    return "\n".join([*said, *(f"{letter.doc_number} {letter.bureau}" for letter in letters)])


def publication_withdraw(*, publication: Publication, post: Post, why: str, key: str = "") -> Publication:
    """Take back what was published, with a reason that stays in the history: its page says that it is gone."""
    policies.require_publisher(post)
    if not why.strip():
        raise Refused(_("Say why it is taken back."))
    with act(post=post, key=key):
        proposals.locked(publication.proposal_id)
        row = Publication.objects.select_related("proposal").get(pk=publication.pk)
        if not row.is_live:
            raise Refused(_("It was taken back already."))
        return _withdrawn(row, post, why.strip())


def _withdrawn(row: Publication, post: Post | None, why: str) -> Publication:
    row.withdrawn_at, row.withdrawn_because = clock.now(), why
    row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    events.record(post=post, act="publication.withdraw", subject=row, thread=row.proposal, note=why)
    return row


def follow(event: Event, post: Post | None) -> None:
    """Take back, in the same transaction, what a mark on the case keeps from the public from now on.

    A letter that was declared void takes its page back too; one with another in its place waits to be published anew.
    """
    if event.act == "letter.void":
        letter = int(event.subject.partition(":")[2])
        for row in policies.live().filter(letters__letter=letter).select_related("proposal").distinct():
            _withdrawn(row, post, _("the letter was declared void"))
    if event.act != "proposal.mark":
        return
    pk = int(event.thread.partition(":")[2])
    live = policies.live().select_related("proposal__merged_into")
    for row in [*live.filter(proposal=pk), *live.filter(proposal__merged_into=pk)]:
        if not drafts.may_stay(row.proposal):
            _withdrawn(
                row, post, (row.proposal.merged_into or row.proposal).not_public_because or _("no consent")
            )
