"""What every verb of a reply begins and ends with: the case lock, one step of the table, the row, the event."""

from typing import Any

from django.utils.translation import gettext as _

from office import clock, events
from office.workflow import Refused
from organizations.models import Post
from proposals import services as proposal_services
from replies import policies
from replies.models import (
    Reply,
    ReplyVersion,
)
from replies.workflow import REPLY


def locked(reply_id: int) -> Reply:
    """Return the reply with its case locked until the transaction ends."""
    proposal_id = Reply.objects.values_list("proposal_id", flat=True).get(pk=reply_id)
    proposal = proposal_services.locked(proposal_id)
    related = ("assignment__bureau", "bureau", "clerk__user", "result_class", "disclosure")
    reply = Reply.objects.select_related(*related).get(pk=reply_id)
    reply.proposal = reply.assignment.proposal = proposal
    return reply


def take(reply: Reply, post: Post, name: str) -> None:
    """Policy, then table, then the row: one step of a locked reply."""
    policies.require(post, name, reply)
    REPLY.perform(reply, name)
    write(reply)


def write(reply: Reply, **changes: Any) -> None:
    changes |= {"lock_version": reply.lock_version + 1, "changed_at": clock.now()}
    for field, value in changes.items():
        setattr(reply, field, value)
    reply.save(update_fields=["state", *changes])


def record(reply: Reply, post: Post | None, name: str, **facts: Any) -> None:
    events.record(post=post, act=REPLY.act_name(name), subject=reply, thread=reply.proposal, **facts)


def version_of(reply: Reply) -> ReplyVersion:
    version = reply.newest
    if version is None:
        raise Refused(_("Nothing has been sent up yet."))
    return version


def contact_of(reply: Reply, post: Post) -> Post:
    """The letter names who began it; once that post has ended, the clerk who goes on with it."""
    return reply.clerk if Post.objects.held().filter(pk=reply.clerk_id).exists() else post
