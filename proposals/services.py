"""Verbs of the question: draft, submit, review, file, assign, sign in. The only code that writes proposals.

Each locks the proposal's row first (the case lock: every writer of a case queues there), then asks the
policy, then the table of steps, writes, and records the event, in one transaction.
"""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from office import calendar, clock, events, numbering
from office.acts import act, refuse_stale
from office.calendar import Days, Due
from office.models import DeadlineRule
from office.workflow import Refused
from organizations.models import Bureau, ListItem, Post, Session
from proposals import policies
from proposals.checks import attachment_fault, content_type_of
from proposals.models import Assignment, Attachment, Proposal, Suggestion
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState

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


def locked(proposal_id: int) -> Proposal:
    """Return the proposal with its row locked until the transaction ends: the case lock."""
    rows = Proposal.objects.select_related("session", "committee", "assembly", "suggested_bureau", "category")
    return rows.select_for_update(of=("self",)).get(pk=proposal_id)


def _take(proposal: Proposal, post: Post, name: str, **changes: Any) -> None:
    """Policy, then table, then the row: one step of a locked proposal."""
    policies.require(post, name, proposal)
    PROPOSAL.perform(proposal, name)
    _write(proposal, **changes)


def _write(proposal: Proposal, **changes: Any) -> None:
    changes |= {"lock_version": proposal.lock_version + 1, "changed_at": clock.now()}
    for field, value in changes.items():
        setattr(proposal, field, value)
    proposal.save(update_fields=["state", *changes])


def _record(proposal: Proposal, post: Post | None, name: str, **facts: Any) -> None:
    events.record(post=post, act=PROPOSAL.act_name(name), subject=proposal, thread=proposal, **facts)


def proposal_create(*, post: Post, key: str = "") -> Proposal:
    """Begin a draft in the current session for the filer's committee."""
    if not policies.may_create(post):
        raise Refused(_("Only a committee's filer begins a proposal: switch to that post."))
    with act(post=post, key=key):
        session = Session.objects.filter(assembly_id=post.assembly_id, is_current=True).first()
        if session is None:
            raise Refused(_("No session is open for new proposals: ask the system administrator."))
        now = clock.now()
        proposal = Proposal.objects.create(
            assembly_id=post.assembly_id,
            session=session,
            committee=post.committee,
            written_by=post,
            created_at=now,
            changed_at=now,
            contact_name=post.user.name,
            contact_phone=post.phone,
        )
        _record(proposal, post, "create")
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
        _write(proposal, **{name: fields[name] for name in TEXT_FIELDS if name in fields})
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
    """Send a complete draft to the review."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        now = clock.now()
        _take(
            proposal,
            post,
            "submit",
            revision=proposal.revision + 1,
            submitted_at=now,
            is_plenary=_plenary(proposal),
        )
        _record(proposal, post, "submit", version=proposal.revision, text_sha256=text_digest(proposal))
    return proposal


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
        _take(proposal, post, "recall")
        _record(proposal, post, "recall", version=proposal.revision)
    return proposal


def proposal_withdraw(
    *, proposal_id: int, post: Post, note: str, key: str = "", version_seen: int | None = None
) -> Proposal:
    """Withdraw a proposal before it is assigned (撤案); a number that it has stays with it."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        _take(proposal, post, "withdraw")
        _record(proposal, post, "withdraw", note=note)
    return proposal


def proposal_file(
    *, proposal_id: int, post: Post, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """File a submitted proposal (立案): it gets the next number of its session, without gap."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        policies.require(post, "file", proposal)
        PROPOSAL.perform(proposal, "file")
        session = proposal.session
        number = numbering.take_number(
            assembly_id=session.assembly_id, key=session.series_key, first=session.first_number
        )
        _write(proposal, number=number, filed_at=clock.now())
        _record(proposal, post, "file", number=number, version=proposal.revision)
    return proposal


def proposal_return(
    *, proposal_id: int, post: Post, note: str, version_seen: int | None = None, key: str = ""
) -> Proposal:
    """Send a proposal back to its writers with a reason that stays in the history."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        _take(proposal, post, "return")
        _record(proposal, post, "return", note=note, is_return=True, version=proposal.revision)
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
        _take(proposal, post, "refuse", refusal_reason=reason)
        _record(proposal, post, "refuse", reason=reason.label, note=note, is_return=True)
    return proposal


def reply_due(proposal: Proposal) -> tuple[Due, DeadlineRule]:
    """Return when a bureau given the proposal today must have answered, and by which rule."""
    applies = DeadlineRule.Applies.PLENARY if proposal.is_plenary else DeadlineRule.Applies.BETWEEN
    rows = DeadlineRule.objects.filter(assembly_id=proposal.assembly_id, step=DeadlineRule.Step.REPLY)
    rules = {rule.applies: rule for rule in rows}
    rule = rules.get(applies) or rules.get(DeadlineRule.Applies.ALWAYS)
    if rule is None:
        raise Refused(_("The assembly has no deadline for replies: ask the system administrator to set it."))
    days = Days.of(proposal.assembly_id)
    return calendar.compute_due(start=clock.today(), rule=rule, days=days), rule


def proposal_assign(
    *,
    proposal_id: int,
    post: Post,
    bureau: Bureau,
    note: str = "",
    version_seen: int | None = None,
    key: str = "",
) -> Assignment:
    """Give a filed proposal to one bureau (单办) with the date that the rules give."""
    with act(post=post, key=key):
        proposal = locked(proposal_id)
        refuse_stale(version_seen, proposal.lock_version)
        _take(proposal, post, "assign")
        due, rule = reply_due(proposal)
        assignment = Assignment.objects.create(
            assembly_id=post.assembly_id,
            proposal=proposal,
            bureau=bureau,
            note=note,
            assigned_by=post,
            assigned_at=clock.now(),
            due_on=due.date,
            due_how=due.how,
            warn_days=rule.warn_days,
        )
        facts = {"bureau": bureau.short_name, "due": due.date.isoformat(), "note": note}
        _record(proposal, post, "assign", **facts)
    return assignment


def assignment_recall(*, assignment_id: int, post: Post, key: str = "") -> Assignment:
    """Take an assignment back before the bureau has signed it in; the proposal waits for another bureau."""
    with act(post=post, key=key):
        assignment = _assignment_step(assignment_id, post, "recall")
        PROPOSAL.perform(assignment.proposal, "unassign")
        _write(assignment.proposal)
        assignment.save(update_fields=["state"])
        _record_assignment(assignment, post, "recall", bureau=assignment.bureau.short_name)
    return assignment


def assignment_sign_in(*, assignment_id: int, post: Post, key: str = "") -> Assignment:
    """Sign a proposal in for the bureau (签收); when every bureau has, the proposal is in hand."""
    with act(post=post, key=key):
        assignment = _assignment_step(assignment_id, post, "sign_in")
        assignment.signed_in_by, assignment.signed_in_at = post, clock.now()
        assignment.save(update_fields=["state", "signed_in_by", "signed_in_at"])
        _record_assignment(assignment, post, "sign_in")
        _derive_state(assignment.proposal)
    return assignment


def assignment_reply(*, assignment: Assignment, day: Any) -> None:
    """Note, inside the caller's transaction, that the bureau's letter was issued on a day."""
    ASSIGNMENT.perform(assignment, "reply")
    assignment.replied_on = day
    assignment.save(update_fields=["state", "replied_on"])
    _derive_state(assignment.proposal)


def _assignment_step(assignment_id: int, post: Post, name: str) -> Assignment:
    """Lock the case, ask the policy, take the step; the caller saves."""
    proposal_id = Assignment.objects.values_list("proposal_id", flat=True).get(pk=assignment_id)
    proposal = locked(proposal_id)
    assignment = Assignment.objects.select_related("bureau").get(pk=assignment_id)
    assignment.proposal = proposal
    policies.require(post, name, assignment)
    ASSIGNMENT.perform(assignment, name)
    return assignment


def _record_assignment(assignment: Assignment, post: Post, name: str, **facts: Any) -> None:
    act_name = ASSIGNMENT.act_name(name)
    events.record(post=post, act=act_name, subject=assignment, thread=assignment.proposal, **facts)


def _derive_state(proposal: Proposal) -> None:
    """Once assigned, a proposal stands where its assignments stand (DOMAIN: a proposal's life)."""
    current = proposal.assignments.exclude(state=AssignmentState.RECALLED)
    states = set(current.values_list("state", flat=True))
    if AssignmentState.NEW in states:
        return
    name = "answer" if states == {AssignmentState.REPLIED} else "begin"
    if proposal.state in PROPOSAL[name].source:
        PROPOSAL.perform(proposal, name)
        _write(proposal)
        _record(proposal, None, name)
