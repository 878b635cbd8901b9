"""Who has a draft open to write in it: a row a person, alive for a minute after each sign of life."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from office import clock
from organizations.models import Post
from replies import points, policies
from replies.models import PointAnswer, Reply, ReplyPresence

ALIVE = dt.timedelta(seconds=60)


def begin(reply: Reply, post: Post) -> None:
    """Note that a page of this person shows the draft as it stands now: their changes are told from there on."""
    if not policies.may(post, "edit", reply):
        return
    facts = {"version": reply.lock_version, "answers": answers_of(reply)}
    _write(reply, post, facts)


def seen(reply: Reply, post: Post) -> None:
    """Note a sign of life of a page that is open."""
    if policies.may(post, "edit", reply):
        _write(reply, post, {})


def _write(reply: Reply, post: Post, facts: dict[str, Any]) -> None:
    now = clock.now()
    before = ReplyPresence.objects.filter(reply=reply, user_id=post.user_id).first()
    since = before.since if before and now - before.at < ALIVE else now
    ReplyPresence.objects.update_or_create(
        reply=reply,
        user_id=post.user_id,
        defaults={"post": post, "since": since, "at": now} | facts,
        create_defaults={
            "assembly_id": reply.assembly_id,
            "post": post,
            "since": since,
            "at": now,
            "version": reply.lock_version,
        }
        | facts,
    )


def answers_of(reply: Reply) -> dict[str, dict[str, str]]:
    """Return the answers to the suggestions as they are kept, by the suggestion's key."""
    rows = PointAnswer.objects.filter(reply=reply)
    return {str(row.suggestion_id): {name: getattr(row, name) for name in points.FIELDS} for row in rows}


def others_in(reply: Reply, post: Post) -> list[ReplyPresence]:
    """Return who else writes in this draft now, who came first first."""
    rows = ReplyPresence.objects.filter(reply=reply, at__gt=clock.now() - ALIVE)
    others = rows.exclude(user_id=post.user_id).select_related("user", "post__bureau")
    return list(others.order_by("since", "pk"))


def told(reply: Reply, post: Post) -> list[str]:
    """Return a sentence for each other person who writes in this draft now."""
    return [
        _("%(name)s (%(post)s) is writing in this draft, since %(time)s.")
        % {
            "name": one.user.name,
            "post": one.post.role_name,
            "time": f"{timezone.localtime(one.since):%H:%M}",
        }
        for one in others_in(reply, post)
    ]


def base_answers(reply: Reply, post: Post, version_seen: int) -> dict[str, dict[str, str]] | None:
    """Return the answers from which this person's page began; None when that is not known."""
    row = ReplyPresence.objects.filter(reply=reply, user_id=post.user_id, version=version_seen).first()
    return row.answers if row else None
