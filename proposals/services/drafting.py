"""Verbs of writing: begin a draft, enter one from paper, save, attach, submit, take back, withdraw."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from office import clock, events
from office.acts import act, refuse_stale
from office.workflow import Refused
from organizations.models import Committee, Post, Role, Session
from proposals import policies
from proposals.checks import attachment_fault, content_type_of
from proposals.models import Attachment, Cosigner, Proposal, Suggestion
from proposals.services.base import locked, record, take, write

TEXT_FIELDS = (
    "title",
    "background",
    "analysis",
    "contact_name",
    "contact_phone",
    "consents_to_publish",
    "category",
    "suggested_bureau",
)


def proposal_create(*, post: Post, key: str = "") -> Proposal:
    """Begin a draft in the current session, for the filer's body or for the member."""
    if not policies.may_create(post):
        raise Refused(_("Only a filer or a member begins a proposal: switch to that post."))
    with act(post=post, key=key):
        owner = {"committee": post.committee} if post.role == Role.FILER else {"member": post}
        proposal = _begun(post, contact_name=post.user.name, contact_phone=post.phone, **owner)
        record(proposal, post, "create")
    return proposal


def _begun(post: Post, **facts: Any) -> Proposal:
    session = Session.objects.filter(assembly_id=post.assembly_id, is_current=True).first()
    if session is None:
        raise Refused(_("No session is open for new proposals: ask the system administrator."))
    now = clock.now()
    return Proposal.objects.create(
        assembly_id=post.assembly_id,
        session=session,
        written_by=post,
        created_at=now,
        changed_at=now,
        **facts,
    )


def proposal_enter(
    *, post: Post, committee: Committee | None = None, member: Post | None = None, key: str = ""
) -> Proposal:
    """Begin to enter a paper proposal for its proposer, who owns it (代录)."""
    if not policies.may_enter(post):
        raise Refused(_("Only the proposals committee enters paper proposals: switch to that post."))
    if (committee is None) == (member is None):
        raise Refused(_("Choose who files the proposal: a body or a member."))
    with act(post=post, key=key):
        proposal = _begun(post, committee=committee, member=member, entered_by=post)
        record(proposal, post, "enter", proposer=proposal.proposer_name)
    return proposal


def proposal_save(
    *,
    proposal_id: int,
    post: Post,
    fields: dict[str, Any],
    suggestions: list[str],
    version_seen: int | None = None,
) -> Proposal:
    """Keep what was typed, complete or not; refuses when someone else saved in the meantime."""
    with act(post=post):
        proposal = locked(proposal_id)
        policies.require(post, "edit", proposal)
        refuse_stale(version_seen, proposal.lock_version)
        write(proposal, **{name: fields[name] for name in TEXT_FIELDS if name in fields})
        proposal.suggestions.all().delete()
        Suggestion.objects.bulk_create(
            Suggestion(assembly_id=post.assembly_id, proposal=proposal, order=place, text=text.strip())
            for place, text in enumerate((s for s in suggestions if s.strip()), 1)
        )
    return proposal


def attachment_add(*, proposal_id: int, post: Post, upload: UploadedFile) -> Attachment:
    """Attach a file to an open draft; refuses what is too large or not what its name says.

    The same file under the same name again, as a second click sends it, changes nothing.
    """
    if fault := attachment_fault(upload, post.assembly):
        raise Refused(fault)
    with act(post=post):
        proposal = locked(proposal_id)
        policies.require(post, "edit", proposal)
        name, digest = (upload.name or "")[-200:], _digest(upload)
        if same := proposal.attachments.filter(name=name, sha256=digest).first():
            return same
        attachment = Attachment.objects.create(
            assembly_id=post.assembly_id,
            proposal=proposal,
            file=upload,
            name=name,
            size=upload.size or 0,
            content_type=content_type_of(upload),
            sha256=digest,
            added_by=post,
            added_at=clock.now(),
        )
        facts = {"name": attachment.name, "sha256": attachment.sha256}
        events.record(post=post, act="attachment.add", subject=attachment, thread=proposal, **facts)
    return attachment


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def attachment_remove(*, attachment: Attachment, post: Post) -> None:
    """Take a file off an open draft; the history keeps its name."""
    with act(post=post):
        proposal = locked(attachment.proposal_id)
        policies.require(post, "edit", proposal)
        if not proposal.attachments.filter(pk=attachment.pk).exists():
            return  # a second click was quicker
        facts = {"name": attachment.name, "sha256": attachment.sha256}
        events.record(post=post, act="attachment.remove", subject=attachment, thread=proposal, **facts)
        attachment.delete()


def proposal_submit(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """Send a complete draft to the review; invitations that nobody answered lapse with it."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        _refuse_missing_scan(proposal)
        digest = text_digest(proposal)
        _refuse_other_text_than_signed(proposal, digest)
        now = clock.now()
        facts = {"revision": proposal.revision + 1, "submitted_at": now, "is_plenary": _plenary(proposal)}
        take(proposal, post, "submit", **facts)
        open_ones = proposal.cosigners.filter(state=Cosigner.State.INVITED)
        open_ones.update(state=Cosigner.State.LAPSED, answered_at=now)
        record(proposal, post, "submit", version=proposal.revision, text_sha256=digest)
    return proposal


def _refuse_missing_scan(proposal: Proposal) -> None:
    if proposal.entered_by_id and not proposal.attachments.exists():
        raise Refused(_("Attach the scan of the paper proposal first."))


def _refuse_other_text_than_signed(proposal: Proposal, digest: str) -> None:
    """A signature belongs to the text that was signed."""
    signed = proposal.cosigners.filter(state=Cosigner.State.ACCEPTED).exclude(text_sha256=digest)
    if names := [row.name for row in signed.select_related("committee", "member__user")]:
        told = _("The text is not the one that they signed: invite them again: %(names)s.")
        raise Refused(told % {"names": "\u3001".join(names)})


def _plenary(proposal: Proposal) -> bool:
    """The first submission decides: one sent back for changes does not turn into one between sessions."""
    return proposal.session.is_plenary(clock.today()) if proposal.is_plenary is None else proposal.is_plenary


def text_digest(proposal: Proposal) -> str:
    """Return the SHA-256 of the proposal's text as it stands."""
    parts = [proposal.title, proposal.background, proposal.analysis]
    parts += [suggestion.text for suggestion in proposal.suggestions.all()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def proposal_recall(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """Take a submitted proposal back while nobody has decided on it."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "recall")
        record(proposal, post, "recall", version=proposal.revision)
    return proposal


def proposal_withdraw(
    *, proposal_id: int, post: Post, note: str, key: str = "", version_seen: int | None = None
) -> Proposal:
    """Withdraw a proposal before it is assigned (撤案); a number that it has stays with it."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        take(proposal, post, "withdraw")
        record(proposal, post, "withdraw", note=note)
    return proposal
