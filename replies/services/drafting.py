"""Verbs of the draft: begin, save, put back, mend."""

from django.utils import timezone
from django.utils.translation import gettext as _

from office import clock
from office.acts import act, refuse_stale
from office.workflow import Refused
from organizations.models import ListItem, Post
from proposals import services as proposal_services
from proposals.models import Assignment
from replies import changes, checks, letters, points, policies
from replies.models import (
    DraftSave,
    PointAnswer,
    Reply,
    ReplyVersion,
)
from replies.services.base import contact_of, locked, record, write
from replies.version_keeping import keep


def reply_create(*, assignment_id: int, post: Post, key: str = "") -> Reply:
    """Begin the reply to a proposal that was signed in, with the profile's opening and closing."""
    with act(post=post, key=key):
        proposal_id = Assignment.objects.values_list("proposal_id", flat=True).get(pk=assignment_id)
        proposal = proposal_services.locked(proposal_id)
        assignment = Assignment.objects.select_related("bureau").get(pk=assignment_id)
        if not policies.may_start(post, assignment):
            raise Refused(_("The reply has been begun already, or the proposal was not signed in yet."))
        now = clock.now()
        reply = Reply(
            assembly_id=post.assembly_id,
            proposal=proposal,
            assignment=assignment,
            round=assignment.round,
            bureau=assignment.bureau,
            clerk=post,
            created_at=now,
            changed_at=now,
        )
        reply.save()
        reply.body = "\n".join(letters.opening_and_closing(reply))
        reply.save(update_fields=["body"])
        keep(reply, post, DraftSave.Kind.BEGUN)
        PointAnswer.objects.bulk_create(points.from_first_reply(reply))
        record(reply, post, "create")
    return reply


def reply_save(
    *,
    reply_id: int,
    post: Post,
    body: str,
    result_class: ListItem | None,
    disclosure: ListItem | None,
    answers: points.Typed | None = None,
    version_seen: int | None = None,
    by_hand: bool = False,
) -> Reply:
    """Keep the draft as it was typed, with the answers to the suggestions; who wrote in it is remembered for good.

    `by_hand`: a person asked for it, so that this very text stays in the history. A page that is behind but
    brings what is kept already is no conflict: a save by itself has overtaken it.
    """
    with act(post=post):
        reply = locked(reply_id)
        policies.require(post, "edit", reply)
        answered = points.changed(reply, answers or {})
        if answered or (reply.body, reply.result_class, reply.disclosure) != (body, result_class, disclosure):
            refuse_stale(version_seen, reply.lock_version)
            PointAnswer.objects.bulk_create(
                answered,
                update_conflicts=True,
                unique_fields=["reply", "suggestion"],
                update_fields=points.FIELDS,
            )
            clerk = contact_of(reply, post)
            write(reply, body=body, result_class=result_class, disclosure=disclosure, clerk=clerk)
            keep(reply, post)
        if by_hand:
            keep(reply, post, DraftSave.Kind.SAVED)
        reply.writers.add(post.user)
    return reply


def reply_restore(
    *, reply_id: int, post: Post, state: str, version_seen: int | None = None, key: str = ""
) -> DraftSave:
    """Put the draft back to an earlier state ("s7" a save, "v2" a version). A new save: what stood there stays."""
    with act(post=post, key=key):
        reply = locked(reply_id)
        policies.require_clerk(post, reply)
        if not policies.may(post, "edit", reply):
            raise Refused(
                _("Only a draft can be put back: take it back first, or wait until it is returned.")
            )
        refuse_stale(version_seen, reply.lock_version)
        source = policies.state_or_404(reply, state)
        facts = {name: getattr(source, name) for name in ("body", "result_class", "disclosure")}
        if all(getattr(reply, name) == value for name, value in facts.items()):
            raise Refused(_("The draft stands like this already; nothing was changed."))
        write(reply, clerk=contact_of(reply, post), **facts)
        reply.writers.add(post.user)
        save = keep(reply, post, DraftSave.Kind.RESTORED, source)
        if isinstance(source, ReplyVersion):
            record(reply, post, "restore", version=source.number)
        else:
            saved = timezone.localtime(source.at)
            record(reply, post, "restore_save", saved_on=f"{saved:%Y-%m-%d}", saved_at=f"{saved:%H:%M}")
    return save


def reply_mend(*, reply_id: int, post: Post, what: str, version_seen: int | None = None) -> int:
    """Carry out a fix of the check in the draft; return how many places were changed.

    `what` is the key of one fix, a rule (all its fixes) or mending.ALL.
    """
    with act(post=post):
        reply = locked(reply_id)
        policies.require(post, "edit", reply)
        refuse_stale(version_seen, reply.lock_version)
        body = checks.mended_body(reply, what)
        if body == reply.body:
            raise Refused(_("This place was changed in the meantime: look at what the check finds now."))
        changed = changes.places(changes.differences(reply.body, body))
        write(reply, body=body)
        keep(reply, post, DraftSave.Kind.MENDED)
        reply.writers.add(post.user)
    return changed
