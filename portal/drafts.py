"""What would be published of a proposal, and what stands in the way. Computes; services write.

Two decisions, both needed and neither made here: the proposer's consent to publish the proposal, and the disclosure
that was decided with each letter's signature. A merged proposal has its own proposers and its own letter, so it has a
page of its own.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from office import calendar, clock
from office.calendar import Days, Lamp
from portal.models import Publication, PublishedLetter
from proposals import deadlines
from proposals.models import Proposal
from proposals.papers import filed_how
from proposals.workflow import ProposalState
from replies.models import IssuedLetter, LetterCopy
from replies.public_copy import public_facts, public_text

DONE = (ProposalState.ANSWERED, ProposalState.CLOSED)
RELATED = ("assembly", "session", "committee", "member__user", "category", "merged_into", "publication")


@dataclass(frozen=True)
class Candidate:
    """One answered proposal: its letters that may be published, and why it may not (empty when it may)."""

    proposal: Proposal
    copies: list[LetterCopy]
    hidden: int  # letters whose disclosure keeps them back
    issued: tuple[dt.datetime, ...]  # when each letter went out, those kept back too
    why_not: str
    due_on: dt.date | None
    lamp: Lamp | None

    @property
    def publication(self) -> Publication | None:
        return getattr(self.proposal, "publication", None)

    @property
    def is_live(self) -> bool:
        return self.publication is not None and self.publication.is_live

    @property
    def is_outdated(self) -> bool:
        """Whether a bureau has answered again since it was published."""
        row = self.publication
        return row is not None and row.is_live and any(at > row.published_at for at in self.issued)

    @property
    def waits(self) -> bool:
        """Whether it may be published and is not, or not as it stands now; one taken back waits for nobody."""
        return not self.why_not and (self.publication is None or self.is_outdated)


def waiting(proposals: Any) -> Any:
    """Return those of these proposals that wait to be published: what `Candidate.waits` says, asked in one query."""
    later = IssuedLetter.objects.filter(
        reply__assignment=OuterRef("letter__reply__assignment"),
        reply__round__gt=OuterRef("letter__reply__round"),
    )
    last = LetterCopy.objects.filter(~Exists(later), proposal=OuterRef("pk"), letter__void=None)
    public = last.filter(letter__version__disclosure__publishes=True)
    newer = last.filter(letter__issued_at__gt=OuterRef("publication__published_at"))
    allowed = Q(consents_to_publish=True, not_public_because="")
    allowed &= Q(merged_into=None) | Q(merged_into__not_public_because="")
    unpublished = Q(publication=None) | (Q(publication__withdrawn_at=None) & Exists(newer))
    done = Q(state__in=DONE) | Q(merged_into__state__in=DONE)
    return proposals.filter(done, allowed, unpublished, Exists(public), number__isnull=False)


def candidates(proposals: Iterable[Proposal]) -> list[Candidate]:
    """Return the candidates among these proposals (loaded with RELATED), in a fixed number of queries."""
    cases = list(proposals)
    copies = _copies_of(cases)
    if not cases:
        return []
    assembly_id = cases[0].assembly_id
    days, rules = Days.of(assembly_id), _rules_now(assembly_id)
    return [_candidate(case, copies.get(case.pk, []), days, rules[case.is_plenary]) for case in cases]


def answered(proposals: Any) -> Any:
    """Return those of these proposals that are answered for good or for now, each with what a candidate needs."""
    done = Q(state__in=DONE) | Q(merged_into__state__in=DONE)
    rows = proposals.filter(done, number__isnull=False).select_related(*RELATED)
    return rows.prefetch_related("publication__letters", "cosigners__committee", "cosigners__member__user")


def is_answered(proposal: Proposal) -> bool:
    """Say whether a proposal, or the one that it was merged into, is answered for good or for now."""
    lead = proposal.merged_into or proposal
    return proposal.number is not None and lead.state in DONE


def _copies_of(cases: list[Proposal]) -> dict[int, list[LetterCopy]]:
    """The letters that answer each proposal: of each bureau the last one, as who files first gets it."""
    rows = LetterCopy.objects.filter(proposal__in=cases).order_by("letter__reply__round", "letter", "-order")
    related = ("letter__reply__assignment", "letter__bureau", "letter__version__disclosure", "letter__void")
    last: dict[tuple[int, int], LetterCopy] = {}
    for copy in rows.select_related(*related, "letter__version__result_class"):
        last[copy.proposal_id, copy.letter.reply.assignment_id] = copy
    found: dict[int, list[LetterCopy]] = {}
    for (proposal_id, _assignment), copy in last.items():
        if copy.letter.voided:
            continue
        found.setdefault(proposal_id, []).append(copy)
    return found


def _rules_now(assembly_id: int) -> dict[bool | None, dict[str, Any] | None]:
    found = {
        kind: calendar.rule_for(assembly_id, deadlines.PUBLICATION, is_plenary=kind)
        for kind in (True, False, None)
    }
    return {kind: calendar.rule_facts(rule) if rule else None for kind, rule in found.items()}


def _candidate(
    case: Proposal, copies: list[LetterCopy], days: Days, rule: dict[str, Any] | None
) -> Candidate:
    public = [copy for copy in copies if copy.letter.version.disclosure.publishes]
    due = _due(copies, days, rule)
    lamp = due and calendar.lamp(due=due[0], today=clock.today(), warn_days=due[1], days=days)
    return Candidate(
        proposal=case,
        copies=sorted(public, key=lambda copy: (copy.letter.dated, copy.pk)),
        hidden=len(copies) - len(public),
        issued=tuple(copy.letter.issued_at for copy in copies),
        why_not=_why_not(case, copies, public),
        due_on=due[0] if due else None,
        lamp=lamp or None,
    )


def _due(copies: list[LetterCopy], days: Days, rule: dict[str, Any] | None) -> tuple[dt.date, int] | None:
    """The last day to publish: counted from the newest letter, by the rule that the case was given with."""
    if not copies:
        return None
    newest = max(copies, key=lambda copy: copy.letter.dated).letter
    kept = newest.reply.assignment.rules.get(deadlines.PUBLICATION) or rule
    if not kept:
        return None
    return calendar.due_from(start=newest.dated, rule=kept, days=days).date, kept["warn_days"]


def _why_not(case: Proposal, copies: list[LetterCopy], public: list[LetterCopy]) -> str:
    if reason := _kept_back(case):
        return reason
    if not copies:
        return _("There is no letter to its proposer.")
    if not public:
        kept = ", ".join(dict.fromkeys(copy.letter.version.disclosure.label for copy in copies))
        return _("The reply is not for publication: %(disclosure)s.") % {"disclosure": kept}
    return ""


def _kept_back(case: Proposal) -> str:
    for marked in filter(None, (case, case.merged_into)):
        if marked.not_public_because:
            return _("Marked as not for publication: %(why)s.") % {"why": marked.not_public_because}
    if case.consents_to_publish is None:
        return _("The proposer has not said whether it may be published.")
    return "" if case.consents_to_publish else _("The proposer does not consent.")


def may_stay(case: Proposal) -> bool:
    """Say whether what is published of a proposal may stay so: no mark and no lacking consent speaks against it."""
    return not _kept_back(case)


# ---- the public copy


def words_of(case: Proposal) -> dict[str, Any]:
    """Return what the public reads of a proposal, with the numbers of persons covered (fields of Publication)."""
    return {
        "session": case.session.name,
        "number": case.number,
        "title": public_text(case.title.strip()),
        "proposers": case.proposer_names,
        "filed_as": filed_how(case),
        "category": case.category.label if case.category else "",
        "background": public_text(case.background),
        "analysis": public_text(case.analysis),
        "suggestions": [public_text(row.text) for row in case.suggestions.all()],
        "filed_on": timezone.localtime(case.filed_at).date() if case.filed_at else None,
        "is_key": case.is_key,
        "is_excellent": case.is_excellent,
    }


def letter_of(copy: LetterCopy, order: int) -> PublishedLetter:
    """Return the public copy of a letter, not kept and without its PDF."""
    letter = copy.letter
    return PublishedLetter(
        assembly_id=copy.assembly_id,
        letter=letter,
        order=order,
        bureau=letter.bureau.name,
        doc_number=str(letter),
        dated=letter.dated,
        result_class=str(letter.version.result_class),
        facts=public_facts(copy.facts),
    )
