"""Who gets a letter of a reply: every proposer of the proposal, and of every proposal merged into it."""

from dataclasses import dataclass

from organizations.models import Committee, Post
from proposals.models import Cosigner, Proposal, member_name
from replies.models import LetterCopy


@dataclass(frozen=True)
class Addressee:
    """One proposer, and the proposal that this one filed or signed."""

    proposal: Proposal
    committee: Committee | None = None
    member: Post | None = None

    @property
    def name(self) -> str:
        """The proposer as a letter addresses them."""
        return self.committee.name if self.committee else member_name(self.member)

    @property
    def kind(self) -> str:
        return LetterCopy.Kind.BODY if self.committee else LetterCopy.Kind.PERSON

    @property
    def you(self) -> str:
        """您 to one person, 你们 to a body, as letters do."""
        return "你们" if self.committee else "您"


def first_of(proposal: Proposal) -> Addressee:
    """Return who files the proposal first."""
    return Addressee(proposal, proposal.committee, proposal.member)


def addressees_of(proposal: Proposal) -> list[Addressee]:
    """Return everyone who gets a letter, in the order of the letters: the lead proposal's proposers first."""
    related = ("committee", "member__user", "session", "assembly")
    merged = proposal.merged.select_related(*related).order_by("number", "pk")
    return [addressee for case in (proposal, *merged) for addressee in _proposers(case)]


def _proposers(proposal: Proposal) -> list[Addressee]:
    signed = proposal.cosigners.filter(state=Cosigner.State.ACCEPTED)
    rows = signed.select_related("committee", "member__user").order_by("answered_at", "pk")
    return [first_of(proposal), *(Addressee(proposal, row.committee, row.member) for row in rows)]
