"""Verbs of the review: first review, file, return, refuse, refer, merge, marks."""

from typing import Any

from django.utils.translation import gettext as _

from office import clock, events, numbering
from office.acts import act, refuse_stale
from office.workflow import Refused
from organizations.models import ListItem, Post
from proposals import policies
from proposals.models import Proposal, ReviewOpinion
from proposals.services.base import locked, record, take, write
from proposals.workflow import PROPOSAL, ProposalState


def proposal_examine(
    *,
    proposal_id: int,
    post: Post,
    verdict: str,
    text: str = "",
    version_seen: int | None = None,
    key: str = "",
) -> ReviewOpinion:
    """Keep what a first review found (初审); the decision is another person's where the assembly wants two."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "examine")
        opinion = ReviewOpinion.objects.create(
            assembly_id=post.assembly_id,
            proposal=proposal,
            revision=proposal.revision,
            verdict=verdict,
            text=text,
            post=post,
            at=clock.now(),
        )
        label = events.in_site_language(lambda: str(opinion.get_verdict_display()))
        record(proposal, post, "examine", verdict=label, note=text, version=proposal.revision)
    return opinion


def _refuse_lone_decision(proposal: Proposal, post: Post) -> None:
    """Where the assembly wants two people, the decision comes after another person's first review."""
    if not proposal.assembly.needs_first_review:
        return
    first = proposal.review_opinions.filter(revision=proposal.revision)
    if not first.exclude(post__user_id=post.user_id).exists():
        raise Refused(_("Another person must note the first review before you decide."))


def proposal_file(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """File a submitted proposal (立案): it gets the next number of its session, without gap."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        policies.require(post, "file", proposal)
        PROPOSAL.perform(proposal, "file")
        _refuse_lone_decision(proposal, post)
        session = proposal.session
        number = numbering.take_number(
            assembly_id=session.assembly_id, key=session.series_key, first=session.first_number
        )
        write(proposal, number=number, filed_at=clock.now())
        record(proposal, post, "file", number=number, version=proposal.revision)
    return proposal


def proposal_return(
    *, proposal_id: int, post: Post, note: str, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """Send a proposal back to its writers with a reason that stays in the history."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "return")
        _refuse_lone_decision(proposal, post)
        record(proposal, post, "return", note=note, is_return=True, version=proposal.revision)
    return proposal


def proposal_refuse(
    *,
    proposal_id: int,
    post: Post,
    reason: ListItem,
    note: str = "",
    version_seen: int | None = None,
    key: str = "",
) -> Proposal:
    """Do not file a proposal (不立案), for a reason of the assembly's list."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "refuse", refusal_reason=reason)
        _refuse_lone_decision(proposal, post)
        record(proposal, post, "refuse", reason=reason.label, note=note, is_return=True)
    return proposal


def proposal_refer(
    *,
    proposal_id: int,
    post: Post,
    to: ListItem,
    note: str = "",
    version_seen: int | None = None,
    key: str = "",
) -> Proposal:
    """Do not file a proposal but refer it (转社情民意, 转意见建议), as the assembly's list has it."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "refer", referred_to=to)
        _refuse_lone_decision(proposal, post)
        record(proposal, post, "refer", to=to.label, note=note, is_return=True)
    return proposal


def proposal_merge(
    *,
    proposal_id: int,
    post: Post,
    lead: Proposal,
    note: str = "",
    version_seen: int | None = None,
    key: str = "",
) -> Proposal:
    """Merge a filed proposal into another (并案): answered once, every proposer with an own letter."""
    with act(post=post, key=key):
        # Both cases are locked, the older one first, so that two mergers crosswise do not wait for each other.
        rows = {pk: locked(pk) for pk in sorted({proposal_id, lead.pk})}
        proposal, lead = rows[proposal_id], rows[lead.pk]
        refuse_stale(version_seen, proposal.lock_version)
        _refuse_wrong_lead(proposal, lead)
        take(proposal, post, "merge", merged_into=lead)
        write(lead)
        record(proposal, post, "merge", lead=lead.number, note=note)
        events.record(
            post=post, act="proposal.lead", subject=lead, thread=lead, number=proposal.number, note=note
        )
    return proposal


def _refuse_wrong_lead(proposal: Proposal, lead: Proposal) -> None:
    if proposal.pk == lead.pk or lead.assembly_id != proposal.assembly_id:
        raise Refused(_("Choose another proposal of the same assembly."))
    if lead.state != ProposalState.FILED or lead.session_id != proposal.session_id:
        raise Refused(
            _("The lead proposal must be filed in the same session and not be assigned yet: choose another.")
        )


def proposal_unmerge(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """Undo a merger while no bureau has the lead proposal."""
    with act(post=post, key=key):
        lead_id = Proposal.objects.values_list("merged_into_id", flat=True).get(pk=proposal_id)
        rows = {pk: locked(pk) for pk in sorted({proposal_id, lead_id or proposal_id})}
        proposal = rows[proposal_id]
        refuse_stale(version_seen, proposal.lock_version)
        lead = proposal.merged_into
        take(proposal, post, "unmerge", merged_into=None)
        if lead:
            write(rows[lead.pk])
            record(proposal, post, "unmerge", lead=lead.number)
            events.record(post=post, act="proposal.unlead", subject=lead, thread=lead, number=proposal.number)
    return proposal


MARKS = ("is_key", "key_leader", "is_excellent", "not_public_because")


def proposal_mark(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = "", **marks: Any
) -> Proposal:
    """Set the marks beside the state: key with its supervising leader, excellent, not for publication."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        policies.require(post, "mark", proposal)
        if proposal.state in policies.UNSEEN_BY_REVIEWERS:
            raise Refused(_("This proposal has not been submitted yet."))
        if marks.get("is_key") and not str(marks.get("key_leader", "")).strip():
            raise Refused(_("Name the leader who supervises the key proposal."))
        changed = {n: v for n, v in marks.items() if n in MARKS and getattr(proposal, n) != v}
        if changed:
            write(proposal, **changed)
            what = events.in_site_language(lambda: _marks_in_words(proposal))
            record(proposal, post, "mark", what=what)
    return proposal


def _marks_in_words(proposal: Proposal) -> str:
    told = []
    if proposal.is_key:
        told.append(_("key proposal, supervised by %(leader)s") % {"leader": proposal.key_leader})
    if proposal.is_excellent:
        told.append(str(_("excellent proposal")))
    if proposal.not_public_because:
        told.append(_("not for publication: %(why)s") % {"why": proposal.not_public_because})
    return str(_("; ")).join(told) or str(_("none"))
