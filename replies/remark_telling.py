"""What the history says of remarks, and who hears of them: the clerk of a remark, its writer of an answer."""

import json
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from office import events, notices
from office.models import Event
from office.notices import Call
from organizations.models import Post
from replies.models import Remark
from replies.workflow import ReplyState

SENTENCES: dict[str, Any] = {
    "reply.remark": _("made a remark on version {version}"),
    "reply.remark_answer": _("answered a remark on version {version}"),
    "reply.remark_settle": _("settled a remark on version {version}"),
    "reply.remark_reopen": _("opened a remark on version {version} again"),
}
WORDS: dict[str, Any] = {
    "reply.remarked": _("{who} made remarks on the reply to No. {number} “{title}”"),
    "reply.remark_answered": _("{who} answered your remarks on the reply to No. {number} “{title}”"),
}


def register() -> None:
    """Let the office know the sentences, the words and the routes of remarks."""
    events.SENTENCES.update(SENTENCES)
    for kind, words in WORDS.items():
        notices.register(kind, words, group="cases")
    notices.ROUTES["reply.remark"] = _to_the_clerk
    notices.ROUTES["reply.remark_answer"] = notices.ROUTES["reply.remark_settle"] = _to_its_writer


def _remark_of(event: Event) -> Remark:
    related = ("reply__proposal", "reply__clerk", "post", "version")
    found: Remark = Remark.objects.select_related(*related).get(pk=json.loads(event.facts)["remark"])
    return found


def _to_the_clerk(event: Event) -> Iterator[Call]:
    """One notice for all remarks of a person on a version."""
    remark = _remark_of(event)
    if remark.reply.state != ReplyState.DRAFTING:
        yield from _call("reply.remarked", event, remark, remark.reply.clerk)


def _to_its_writer(event: Event) -> Iterator[Call]:
    """While the reply is being drafted nobody waits for an answer: it is shown when the reply comes up again."""
    remark = _remark_of(event)
    if remark.reply.state != ReplyState.DRAFTING:
        yield from _call("reply.remark_answered", event, remark, remark.post)


def _call(kind: str, event: Event, remark: Remark, to: Post) -> Iterator[Call]:
    version = remark.reply.newest
    key = f"{kind}:{version.pk if version else 0}:{event.post_id}:{to.pk}"
    if event.post and event.post.user_id != to.user_id and notices.once(event.assembly_id, key):
        case = remark.reply.proposal
        facts = {"who": event.post.user.name, "number": case.number or "", "title": case.short_title}
        yield Call(kind, [to], event.thread, reverse("replies:remark", args=[remark.pk]), facts)
