"""Verbs of co-signing: invite, sign, decline, take a signature back, change the text, let invitations lapse."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from office import calendar, clock, events
from office.acts import act, refuse_stale
from office.workflow import Refused
from organizations.models import Assembly, Committee, Post
from proposals import policies
from proposals.models import Cosigner, Proposal
from proposals.services.base import locked, record, take, write
from proposals.services.drafting import text_digest
from proposals.workflow import ProposalState

State = Cosigner.State
COMMA = "\u3001"
UNSENT = (ProposalState.DRAFT, ProposalState.COSIGNING, ProposalState.RETURNED)


def proposal_invite(
    *,
    proposal_id: int,
    post: Post,
    members: Iterable[Post] = (),
    committees: Iterable[Committee] = (),
    until: dt.date | None = None,
    version_seen: int | None = None,
    key: str = "",
) -> Proposal:
    """Invite others to sign (征集联名) until a day, by default the assembly's number of days from now.

    Who declined or let an invitation lapse can be invited again; who has signed this very text is left alone.
    """
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        until = until or clock.today() + dt.timedelta(proposal.assembly.cosign_days)
        if until < clock.today():
            raise Refused(_("The last day lies in the past: choose a later one."))
        digest = text_digest(proposal)
        asked = [_invited(proposal, digest, member=member) for member in members]
        asked += [_invited(proposal, digest, committee=committee) for committee in committees]
        names = [row.name for row in asked if row]
        if not names:
            raise Refused(_("Choose at least one who has not signed yet."))
        take(proposal, post, "invite", cosign_until=until)
        record(proposal, post, "invite", names=COMMA.join(names), until=until.isoformat())
    return proposal


def _invited(
    proposal: Proposal, digest: str, *, member: Post | None = None, committee: Committee | None = None
) -> Cosigner | None:
    """The invitation, new or made again; None for one who has signed this text."""
    whose = member or committee
    if whose is None or whose.assembly_id != proposal.assembly_id:
        raise Refused(_("Choose members and bodies of this assembly."))
    if (member and proposal.member and member.user_id == proposal.member.user_id) or (
        committee and committee.pk == proposal.committee_id
    ):
        raise Refused(_("Who files the proposal signs it already: choose others."))
    row = proposal.cosigners.filter(member=member, committee=committee).first()
    if row is None:
        row = Cosigner(
            assembly_id=proposal.assembly_id, proposal=proposal, member=member, committee=committee
        )
    elif row.state == State.ACCEPTED and row.text_sha256 == digest:
        return None
    row.state, row.invited_at, row.answered_at, row.text_sha256 = State.INVITED, clock.now(), None, ""
    row.save()
    return row


def cosigner_answer(*, cosigner_id: int, post: Post, signs: bool, key: str = "") -> Cosigner:
    """Sign or decline, on the invited one's own desk; nobody does it for another."""
    with act(post=post, key=key):
        row = _locked(cosigner_id)
        _require_own(post, row)
        if row.state != State.INVITED or row.proposal.state != ProposalState.COSIGNING:
            raise Refused(_("This invitation is no longer open."))
        if row.proposal.cosign_until and clock.today() > row.proposal.cosign_until:
            day = calendar.day_in_words(row.proposal.cosign_until)
            raise Refused(_("The last day for signing was %(day)s.") % {"day": day})
        if signs:
            row.state, row.text_sha256 = State.ACCEPTED, text_digest(row.proposal)
        else:
            row.state = State.DECLINED
        row.answered_at = clock.now()
        row.save(update_fields=["state", "text_sha256", "answered_at"])
        write(row.proposal)
        _record(row, post, "accept" if signs else "decline", name=row.name, text_sha256=row.text_sha256)
    return row


def cosigner_withdraw(*, cosigner_id: int, post: Post, note: str = "", key: str = "") -> Cosigner:
    """Take a signature back, until the proposal is submitted."""
    with act(post=post, key=key):
        row = _locked(cosigner_id)
        _require_own(post, row)
        if row.state != State.ACCEPTED or row.proposal.state not in UNSENT:
            raise Refused(_("The proposal has been submitted: the signature stays."))
        row.state, row.answered_at = State.WITHDRAWN, clock.now()
        row.save(update_fields=["state", "answered_at"])
        write(row.proposal)
        _record(row, post, "withdraw", name=row.name, note=note)
    return row


def proposal_reword(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """Take the text back for changes; signatures belong to the text that was signed and are asked anew."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "reword")
        signing = proposal.cosigners.filter(state__in=policies.SIGNING)
        signing.update(state=State.LAPSED, answered_at=clock.now(), text_sha256="")
        record(proposal, post, "reword")
    return proposal


def invitations_lapse(*, assembly: Assembly) -> int:
    """Let invitations lapse whose last day is over; return how many. Run by the clock, safe to run again."""
    late = Proposal.objects.filter(
        assembly=assembly, state=ProposalState.COSIGNING, cosign_until__lt=clock.today()
    )
    waiting = late.filter(cosigners__state=State.INVITED).distinct().values_list("pk", flat=True)
    return sum(_lapsed(pk) for pk in list(waiting))


def _lapsed(proposal_id: int) -> int:
    with transaction.atomic():
        proposal = locked(proposal_id)
        rows = list(
            proposal.cosigners.filter(state=State.INVITED).select_related("committee", "member__user")
        )
        if not rows or proposal.state != ProposalState.COSIGNING:
            return 0
        names = COMMA.join(row.name for row in rows)
        proposal.cosigners.filter(state=State.INVITED).update(state=State.LAPSED, answered_at=clock.now())
        write(proposal)
        events.record(post=None, act="cosigner.lapse", subject=proposal, thread=proposal, names=names)
        return len(rows)


def _locked(cosigner_id: int) -> Cosigner:
    proposal = locked(Cosigner.objects.values_list("proposal_id", flat=True).get(pk=cosigner_id))
    row = Cosigner.objects.select_related("committee", "member__user").get(pk=cosigner_id)
    row.proposal = proposal
    return row


def _require_own(post: Post, row: Cosigner) -> None:
    policies.invitation_or_404(post, row.pk)


def _record(row: Cosigner, post: Post, act_name: str, **facts: str) -> None:
    events.record(post=post, act=f"cosigner.{act_name}", subject=row, thread=row.proposal, **facts)
