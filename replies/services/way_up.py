"""Verbs of the way up: send, take back, pass, sign, return."""

import hashlib

from django.utils.translation import gettext as _

from office import clock
from office.acts import act, refuse_stale
from office.workflow import Refused
from organizations import signing
from organizations.models import Post
from replies import letters, points
from replies.models import (
    Approval,
    Reply,
    ReplyVersion,
)
from replies.services.base import contact_of, locked, record, take, version_of, write


def reply_send(*, reply_id: int, post: Post, version_seen: int | None = None, key: str = "") -> ReplyVersion:
    """Freeze the draft as the next version and send it up for checking."""
    with act(post=post, key=key):
        reply = locked(reply_id)
        refuse_stale(version_seen, reply.lock_version)
        reply.clerk = contact_of(reply, post)  # before the guard, which looks at the letter as it will be
        take(reply, post, "send")
        write(reply, sent_at=clock.now(), clerk=reply.clerk)
        version = _frozen(reply, post)
        facts = {"sha256": version.sha256, "points_sha256": letters.facts_digest({"points": version.points})}
        record(reply, post, "send", version=version.number, **facts)
    return version


def _frozen(reply: Reply, post: Post) -> ReplyVersion:
    """The writers are all who ever wrote in it, as their words may still stand there, and who sends it."""
    last = reply.newest
    version = ReplyVersion.objects.create(
        assembly_id=reply.assembly_id,
        reply=reply,
        number=last.number + 1 if last else 1,
        body=reply.body,
        result_class_id=reply.result_class_id,
        disclosure_id=reply.disclosure_id,
        sha256=hashlib.sha256(reply.body.encode()).hexdigest(),
        sent_by=post,
        sent_at=clock.now(),
        points=points.frozen(reply),
    )
    version.writers.set({*reply.writers.all(), post.user})
    return version


def reply_recall(*, reply_id: int, post: Post, version_seen: int | None = None, key: str = "") -> Reply:
    """Take a version back to drafting before the checker has decided."""
    return _step_back(reply_id, post, "recall", version_seen, key)


def reply_pass_recall(*, reply_id: int, post: Post, version_seen: int | None = None, key: str = "") -> Reply:
    """Take a version back from the leader before the leader has decided; the checker's consent is void."""
    return _step_back(reply_id, post, "pass_recall", version_seen, key)


def _step_back(reply_id: int, post: Post, name: str, version_seen: int | None, key: str) -> Reply:
    with act(post=post, key=key):
        reply = locked(reply_id)
        version = version_of(reply)
        refuse_stale(version_seen, version.number)
        take(reply, post, name)
        _void_approvals(reply)
        record(reply, post, name, version=version.number)
    return reply


def reply_pass(
    *, reply_id: int, post: Post, version_seen: int | None = None, note: str = "", key: str = ""
) -> Approval:
    """Pass the newest version on for signature (核稿)."""
    return _approve(reply_id, post, "pass", Approval.Decision.PASSED, version_seen, note, key)


def reply_sign(
    *,
    reply_id: int,
    post: Post,
    version_seen: int | None = None,
    note: str = "",
    key: str = "",
    proof: str = "",
) -> Approval:
    """Sign the newest version (签发); refused when the leader was shown an older one, or gave no proof."""
    return _approve(reply_id, post, "sign", Approval.Decision.SIGNED, version_seen, note, key, proof)


def _approve(
    reply_id: int,
    post: Post,
    name: str,
    decision: str,
    version_seen: int | None,
    note: str,
    key: str,
    proof: str = "",
) -> Approval:
    with act(post=post, key=key):
        reply = locked(reply_id)
        version = version_of(reply)
        refuse_stale(version_seen, version.number)
        reply.reader = post
        take(reply, post, name)
        approval = _decided(version, post, decision, note)
        if decision == Approval.Decision.SIGNED:
            signing.require(post, proof)
            # Read after the approval stands: the letter names who signed.
            approval.facts_sha256 = letters.signed_digest(reply)
            approval.save(update_fields=["facts_sha256"])
        facts = {"version": version.number, "sha256": version.sha256, "note": note}
        if approval.facts_sha256:
            facts["facts_sha256"] = approval.facts_sha256
        record(reply, post, name, **facts, **signing.facts_of(proof))
    return approval


def _decided(version: ReplyVersion, post: Post, decision: str, note: str) -> Approval:
    return Approval.objects.create(
        assembly_id=version.assembly_id,
        version=version,
        post=post,
        decision=decision,
        note=note,
        at=clock.now(),
    )


def _void_approvals(reply: Reply) -> None:
    Approval.objects.filter(version__reply=reply, is_void=False).exclude(
        decision=Approval.Decision.RETURNED
    ).update(is_void=True)


def reply_return(
    *, reply_id: int, post: Post, step: str, note: str, version_seen: int | None = None, key: str = ""
) -> Reply:
    """Return the reply to the clerk with a reason; every approval given so far becomes void.

    `step` is the row of the table: "check_return", "sign_return" or "issue_return".
    """
    if not note.strip():
        raise Refused(_("Give the reason: the clerk needs it to go on."))
    with act(post=post, key=key):
        reply = locked(reply_id)
        version = version_of(reply)
        refuse_stale(version_seen, version.number)
        take(reply, post, step)
        _void_approvals(reply)
        _decided(version, post, Approval.Decision.RETURNED, note)
        record(reply, post, step, version=version.number, note=note, is_return=True)
    return reply
