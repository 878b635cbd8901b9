"""Verbs of a co-handling bureau's opinion: draft, send up, sign and give, return. The only code that writes it."""

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from office import clock, events, numbering
from office.acts import act, refuse_stale
from office.events import canonical
from office.workflow import Refused
from organizations import signing
from organizations.models import Bureau, Post
from proposals import services as proposal_services
from proposals.models import Assignment
from replies import opinion_policies as policies
from replies.models import Opinion, document_number
from replies.opinion_workflow import OPINION


def _locked(opinion_id: int) -> Opinion:
    """Return the opinion with its case locked until the transaction ends."""
    proposal_id = Opinion.objects.values_list("proposal_id", flat=True).get(pk=opinion_id)
    proposal = proposal_services.locked(proposal_id)
    related = ("assignment__bureau", "bureau", "clerk__user", "sent_by")
    opinion = Opinion.objects.select_related(*related).get(pk=opinion_id)
    opinion.proposal = opinion.assignment.proposal = proposal
    return opinion


def _write(opinion: Opinion, **changes: Any) -> None:
    changes |= {"lock_version": opinion.lock_version + 1, "changed_at": clock.now()}
    for field, value in changes.items():
        setattr(opinion, field, value)
    opinion.save(update_fields=["state", *changes])


def _take(opinion: Opinion, post: Post, name: str, **changes: Any) -> None:
    """Policy, then table, then the row: one step of a locked opinion."""
    policies.require(post, name, opinion)
    OPINION.perform(opinion, name)
    _write(opinion, **changes)


def _record(opinion: Opinion, post: Post, name: str, **facts: Any) -> None:
    events.record(post=post, act=OPINION.act_name(name), subject=opinion, thread=opinion.proposal, **facts)


def opinion_create(*, assignment_id: int, post: Post, key: str = "") -> Opinion:
    """Begin the opinion on a proposal that the co-handling bureau signed in."""
    with act(post=post, key=key):
        proposal_id = Assignment.objects.values_list("proposal_id", flat=True).get(pk=assignment_id)
        proposal = proposal_services.locked(proposal_id)
        assignment = Assignment.objects.select_related("bureau").get(pk=assignment_id)
        if not policies.may_start(post, assignment):
            raise Refused(_("The opinion has been begun already, or the proposal was not signed in yet."))
        now = clock.now()
        opinion = Opinion(
            assembly_id=post.assembly_id,
            proposal=proposal,
            assignment=assignment,
            bureau=assignment.bureau,
            clerk=post,
            created_at=now,
            changed_at=now,
        )
        opinion.save()
        _record(opinion, post, "create")
    return opinion


def opinion_save(*, opinion_id: int, post: Post, body: str, version_seen: int | None = None) -> Opinion:
    """Keep the draft as it was typed; who wrote in it is remembered for good."""
    with act(post=post):
        opinion = _locked(opinion_id)
        policies.require(post, "edit", opinion)
        if opinion.body != body:
            refuse_stale(version_seen, opinion.lock_version)
            _write(opinion, body=body, clerk=_contact(opinion, post))
        opinion.writers.add(post.user)
    return opinion


def _contact(opinion: Opinion, post: Post) -> Post:
    """The form names who began it; once that post has ended, the clerk who goes on with it."""
    return opinion.clerk if Post.objects.held().filter(pk=opinion.clerk_id).exists() else post


def opinion_send(*, opinion_id: int, post: Post, version_seen: int | None = None, key: str = "") -> Opinion:
    """Send the draft up for signature."""
    with act(post=post, key=key):
        opinion = _locked(opinion_id)
        refuse_stale(version_seen, opinion.lock_version)
        opinion.writers.add(post.user)
        sent = {"version": opinion.version + 1, "sent_by": post, "sent_at": clock.now()}
        _take(opinion, post, "send", clerk=_contact(opinion, post), **sent)
        _record(opinion, post, "send", version=opinion.version, sha256=_digest(opinion.body))
    return opinion


def opinion_recall(*, opinion_id: int, post: Post, version_seen: int | None = None, key: str = "") -> Opinion:
    """Take the opinion back to drafting before the leader has decided."""
    with act(post=post, key=key):
        opinion = _locked(opinion_id)
        refuse_stale(version_seen, opinion.version)
        _take(opinion, post, "recall", return_note="", returned_by=None, returned_at=None)
        _record(opinion, post, "recall", version=opinion.version)
    return opinion


def opinion_return(
    *, opinion_id: int, post: Post, note: str, version_seen: int | None = None, key: str = ""
) -> Opinion:
    """Return the opinion to the clerk with a reason."""
    if not note.strip():
        raise Refused(_("Give the reason: the clerk needs it to go on."))
    with act(post=post, key=key):
        opinion = _locked(opinion_id)
        refuse_stale(version_seen, opinion.version)
        _take(opinion, post, "return", return_note=note, returned_by=post, returned_at=clock.now())
        _record(opinion, post, "return", version=opinion.version, note=note, is_return=True)
    return opinion


def opinion_sign(
    *, opinion_id: int, post: Post, version_seen: int | None = None, key: str = "", proof: str = ""
) -> Opinion:
    """Sign the opinion: it gets its number, its facts are frozen, and it goes to the lead bureau. Once."""
    with act(post=post, key=key):
        opinion = _locked(opinion_id)
        refuse_stale(version_seen, opinion.version)
        policies.require(post, "give", opinion)
        signing.require(post, proof)
        OPINION.perform(opinion, "give")
        today = clock.today()
        word, number = opinion.bureau.opinion_word, _number_taken(opinion.bureau, today.year)
        signed = {"signed_by": post, "signed_at": clock.now(), "dated": today}
        facts = facts_of(opinion) | {
            "doc_number": document_number(word, today.year, number),
            "dated": today.isoformat(),
            "signed_by": post.user.name,
        }
        signed |= {"word": word, "year": today.year, "number": number}
        _write(opinion, **signed, facts=facts, facts_sha256=_digest(canonical(facts)))
        told = {"doc_number": opinion.document_number, "facts_sha256": opinion.facts_sha256}
        _record(opinion, post, "give", version=opinion.version, **told, **signing.facts_of(proof))
        proposal_services.assignment_give(assignment=opinion.assignment, day=today)
    return opinion


def facts_of(opinion: Opinion) -> dict[str, Any]:
    """Return what the form of the opinion says of its bureau and its text, as it stands now."""
    return {
        "bureau": opinion.bureau.name,
        "body": opinion.body,
        "session": opinion.proposal.session.name,
        "number": opinion.proposal.number,
        "title": opinion.proposal.title.strip(),
        "clerk": opinion.clerk.user.name,
        "phone": opinion.clerk.phone,
    }


def _number_taken(bureau: Bureau, year: int) -> int:
    key = f"opinion/bureau:{bureau.pk}/{bureau.opinion_word}/{year}"
    return numbering.take_number(assembly_id=bureau.assembly_id, key=key)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
