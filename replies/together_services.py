"""Two people in one draft, the verbs: save where nobody is overwritten, and set aside what came too late.

What is set aside is a row of the history beside the draft; from there it is brought together with what is kept.
"""

from typing import Any

from office import clock
from office.acts import Stale, act
from organizations.models import ListItem, Post
from replies import changes, points, policies, services, together_merge, together_presence, together_selectors
from replies.models import DraftSave, Reply
from replies.version_keeping import MOST_OVERWRITTEN, next_number

Kind = DraftSave.Kind


def draft_save(
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
    """Keep the draft as typed. A page that is behind is no conflict where its text holds all that was saved since."""
    facts: dict[str, Any] = {"body": body, "result_class": result_class, "disclosure": disclosure}
    facts |= {"answers": answers, "by_hand": by_hand, "reply_id": reply_id, "post": post}
    try:
        reply = services.reply_save(version_seen=version_seen, **facts)
    except Stale:
        newest = _holds_all(reply_id, post, version_seen, facts)
        if newest is None:
            raise
        reply = services.reply_save(version_seen=newest, **facts)
    together_presence.begin(reply, post)
    return reply


def _holds_all(reply_id: int, post: Post, version_seen: int | None, facts: dict[str, Any]) -> int | None:
    """The newest version, where what was typed takes nothing away of it."""
    reply = Reply.objects.select_related("result_class", "disclosure").get(pk=reply_id)
    base = together_selectors.base_of(reply, version_seen or 0)
    chunks = together_merge.merge(base.body, reply.body, facts["body"])
    if together_merge.conflicts(chunks) or together_merge.text_of(chunks) != facts["body"]:
        return None
    for name in ("result_class", "disclosure"):
        if facts[name] != getattr(reply, name) != getattr(base, name):
            return None
    known = together_presence.base_answers(reply, post, version_seen or 0)
    rows = together_selectors.answers_of(reply, facts["answers"] or {}, known)
    is_safe = all(row.values == row.mine for row in rows)
    return reply.lock_version if is_safe else None


def set_aside(
    *,
    reply_id: int,
    post: Post,
    body: str,
    result_class: ListItem | None,
    disclosure: ListItem | None,
    answers: points.Typed | None = None,
    version_seen: int | None = None,
) -> DraftSave:
    """Keep beside the draft what somebody typed while others saved. What one types on is one row, which grows."""
    with act(post=post):
        reply = services.locked(reply_id)
        policies.require_clerk(post, reply)
        base = together_selectors.base_of(reply, version_seen or 0)
        own = reply.saves.filter(kind=Kind.ASIDE, post__user_id=post.user_id, from_save=base)
        row = own.order_by("-number").first()
        if row is None or not _goes_on(row, body):
            known = together_presence.base_answers(reply, post, version_seen or 0)
            row = _new_row(reply, post, base, known)
        row.body, row.result_class, row.disclosure, row.at = body, result_class, disclosure, clock.now()
        typed = {str(key): dict(values) for key, values in (answers or {}).items()}
        row.answers = (row.answers or {}) | {"typed": typed}
        row.put_in, row.taken_out = changes.sizes(changes.differences(base.body, body))
        row.save()
        reply.writers.add(post.user)
    return row


def _goes_on(row: DraftSave, body: str) -> bool:
    """Only typed on: hardly anything of what was set aside before is missing."""
    _put_in, taken_out = changes.sizes(changes.differences(row.body, body))
    return row.overwritten + taken_out <= MOST_OVERWRITTEN


def _new_row(reply: Reply, post: Post, base: DraftSave, known: dict[str, Any] | None) -> DraftSave:
    row = DraftSave(assembly_id=reply.assembly_id, reply=reply, number=next_number(reply), kind=Kind.ASIDE)
    row.post, row.since, row.from_save, row.answers = post, clock.now(), base, {"base": known}
    return row
