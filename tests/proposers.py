"""One case of many proposers: bodies and members, co-signed, merged; and those who in the end have no part in it."""

from typing import Any

from office import clock
from organizations.models import Post, Role
from proposals import policies
from proposals import services as proposals
from proposals.models import Proposal, member_name
from replies.models import IssuedLetter, LetterCopy
from tests.factories import World, committee, post


def filed_by(
    world: World, who: Post, title: str, signs: dict[Post, bool] | None = None, number: bool = True
) -> Proposal:
    """A proposal of this post; each of the invited signs it, or does not. With `number` it is filed."""
    asked = signs or {}
    with world.scope():
        pk = proposals.proposal_create(post=who).pk
        fields: dict[str, Any] = {
            "title": title,
            "background": "近年来探索协商议事。",
            "analysis": "认识不一，制度不全。",
        }
        fields |= {"contact_name": "岳小舟", "contact_phone": "0730-0000101"}
        fields["consents_to_publish"] = True
        proposals.proposal_save(proposal_id=pk, post=who, fields=fields, suggestions=["强化协商意识"])
        if asked:
            members = [one for one in asked if one.role == Role.MEMBER]
            bodies = [one.committee for one in asked if one.role == Role.FILER]
            proposals.proposal_invite(proposal_id=pk, post=who, members=members, committees=bodies)
            for one, does in asked.items():
                row = policies.invitations_to(one).get(proposal=pk)
                proposals.cosigner_answer(cosigner_id=row.pk, post=one, signs=does)
        made = proposals.proposal_submit(proposal_id=pk, post=who)
        return proposals.proposal_file(proposal_id=pk, post=world.reviewer) if number else made


class ManyProposers:
    """A body's case, signed by a member and a second body, with a member's and a third body's case merged into it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.body, self.signing_body = world.filer, self.filer("民建君山区委员会")
        self.member, self.signing_member = post(world.assembly, Role.MEMBER), world.member
        self.merged_body = self.filer("君山区工商业联合会")
        self.strangers = {
            "did not sign": post(world.assembly, Role.MEMBER),
            "took the signature back": self.filer("君山区总工会"),
            "was merged and parted again": self.filer("九三学社君山区支社"),
            "has a case of its own": self.filer("共青团君山区委"),
        }
        self.lead = self._lead()
        self.second = filed_by(world, self.member, "建立村级议事会", {self.merged_body: True})
        parted = filed_by(world, self.strangers["was merged and parted again"], "改造老旧小区")
        filed_by(world, self.strangers["has a case of its own"], "增设公交站点")
        with world.scope():
            for case in (self.second, parted):
                proposals.proposal_merge(proposal_id=case.pk, post=world.reviewer, lead=self.lead)
            proposals.proposal_unmerge(proposal_id=parted.pk, post=world.reviewer)
        self.cases = dict.fromkeys((self.body, self.signing_body, self.signing_member), self.lead)
        self.cases |= dict.fromkeys((self.member, self.merged_body), self.second)

    def filer(self, name: str) -> Post:
        """The filer of a body of this name."""
        body = committee(self.world.assembly, name=name, short_name=name[:6], kind="party")
        return post(self.world.assembly, Role.FILER, committee=body)

    def _lead(self) -> Proposal:
        """Before it goes to the review, one of those who signed takes the signature back."""
        world, regrets = self.world, self.strangers["took the signature back"]
        with world.scope():
            pk = world.draft().pk
            invited: dict[str, Any] = {
                "members": [self.signing_member, self.strangers["did not sign"]],
                "committees": [self.signing_body.committee, regrets.committee],
            }
            proposals.proposal_invite(proposal_id=pk, post=self.body, **invited)
            for one in (self.signing_member, self.signing_body, regrets, self.strangers["did not sign"]):
                row = policies.invitations_to(one).get(proposal=pk)
                signs = one != self.strangers["did not sign"]
                proposals.cosigner_answer(cosigner_id=row.pk, post=one, signs=signs)
            row = policies.invitations_to(regrets).get(proposal=pk)
            proposals.cosigner_withdraw(cosigner_id=row.pk, post=regrets)
            proposals.proposal_submit(proposal_id=pk, post=self.body)
            return proposals.proposal_file(proposal_id=pk, post=world.reviewer)

    def answered(self) -> IssuedLetter:
        """The letter of the world's bureau, which handles it alone."""
        world = self.world
        with world.scope():
            [part] = proposals.proposal_assign(
                proposal_id=self.lead.pk, post=world.dispatcher, sole=world.bureau
            )
            proposals.assignment_sign_in(assignment_id=part.pk, post=world.clerk)
            assert clock.today() == part.counted_from
        reply = world.answered(part)
        with world.scope():
            return IssuedLetter.objects.get(reply=reply)


def name_of(who: Post) -> str:
    """How a letter addresses this post's body or this member."""
    return who.committee.name if who.committee else member_name(who)


def is_to(copy: LetterCopy, who: Post) -> bool:
    """Whether a copy names this post's body, or this very member."""
    if who.committee_id:
        return copy.committee_id == who.committee_id
    return copy.member_id == who.pk
