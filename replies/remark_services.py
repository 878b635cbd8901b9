"""Verbs of the remarks: note, answer, settle, open again. They change no text and no version of the reply."""

from typing import Any

from django.utils.translation import gettext as _

from gongwen.text import paragraphs
from office import clock, events
from office.acts import act
from office.workflow import Refused
from organizations.models import Post
from replies import remark_policies, services
from replies.models import Remark, RemarkEntry, Reply, ReplyVersion
from replies.workflow import ReplyState

Kind = RemarkEntry.Kind


def _locked(reply_id: int, post: Post) -> Reply:
    """Return the reply with its case locked; refuse who may not remark, and a letter that is out."""
    reply = services.locked(reply_id)
    remark_policies.require(post, reply)
    if reply.state == ReplyState.ISSUED:
        raise Refused(_("The letter has been issued: its remarks stay as they are."))
    return reply


def remark_add(
    *, reply_id: int, post: Post, version: int, place: int, text: str, words: str = "", key: str = ""
) -> Remark:
    """Note a remark on a paragraph of a version (place 0: on the whole of it), or on some words of it.

    It stands even when the version was returned while the remark was being typed: it was about that version.
    """
    if not text.strip():
        raise Refused(_("Write what you want to remark."))
    with act(post=post, key=key):
        reply = _locked(reply_id, post)
        read = ReplyVersion.objects.filter(reply=reply, number=version).first()
        if read is None:
            raise Refused(_("Remarks are made on a version that was sent up; there is no such version."))
        paragraph = _paragraph(read, place)
        remark = Remark.objects.create(
            assembly_id=reply.assembly_id,
            reply=reply,
            version=read,
            place=place,
            paragraph=paragraph,
            words=_words(words, paragraph),
            text=text.strip(),
            post=post,
            at=clock.now(),
        )
        facts: dict[str, Any] = {"version": version, "place": place, "remark": remark.pk, "note": remark.text}
        events.record(post=post, act="reply.remark", subject=reply, thread=reply.proposal, **facts)
    return remark


def _paragraph(version: ReplyVersion, place: int) -> str:
    lines = paragraphs(version.body)
    if not 0 <= place <= len(lines):
        raise Refused(_("This version has no such paragraph."))
    return lines[place - 1] if place else ""


def _words(words: str, paragraph: str) -> str:
    words = words.strip()
    if words and words not in paragraph:
        raise Refused(_("These words do not stand in the paragraph: copy them from it, or leave them out."))
    return "" if words == paragraph else words


def remark_answer(*, remark_id: int, post: Post, text: str, key: str = "") -> RemarkEntry:
    """Answer a remark; it stays open."""
    if not text.strip():
        raise Refused(_("Write your answer."))
    return _followed(remark_id, post, Kind.ANSWER, text, key)


def remark_settle(*, remark_id: int, post: Post, text: str = "", key: str = "") -> RemarkEntry:
    """Say that a remark is settled, with an answer or without one."""
    return _followed(remark_id, post, Kind.SETTLED, text, key)


def remark_reopen(*, remark_id: int, post: Post, text: str = "", key: str = "") -> RemarkEntry:
    """Open a settled remark again."""
    return _followed(remark_id, post, Kind.REOPENED, text, key)


# Whether a remark must be open for this, and whether it is so afterwards.
_OPEN = {Kind.ANSWER: (None, None), Kind.SETTLED: (True, False), Kind.REOPENED: (False, True)}
_ACTS = {
    Kind.ANSWER: "reply.remark_answer",
    Kind.SETTLED: "reply.remark_settle",
    Kind.REOPENED: "reply.remark_reopen",
}


def _followed(remark_id: int, post: Post, kind: RemarkEntry.Kind, text: str, key: str) -> RemarkEntry:
    with act(post=post, key=key):
        reply = _locked(Remark.objects.values_list("reply_id", flat=True).get(pk=remark_id), post)
        remark = Remark.objects.select_related("version").get(pk=remark_id)
        before, after = _OPEN[kind]
        if before is not None and remark.is_open != before:
            raise Refused(_("Somebody did this in the meantime; look at the remark as it stands now."))
        if after is not None:
            remark.is_open = after
            remark.save(update_fields=["is_open"])
        entry = RemarkEntry.objects.create(
            assembly_id=reply.assembly_id,
            remark=remark,
            kind=kind,
            text=text.strip(),
            post=post,
            at=clock.now(),
        )
        facts: dict[str, Any] = {"version": remark.version.number, "remark": remark.pk, "note": entry.text}
        events.record(post=post, act=_ACTS[kind], subject=reply, thread=reply.proposal, **facts)
    return entry
