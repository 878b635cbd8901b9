"""The verb of a passage: put a phrase, or a paragraph of an earlier letter, into a draft."""

from dataclasses import dataclass

from django.http import Http404

from office.acts import act
from organizations.models import Phrase, Post
from replies import earlier, phrase_selectors, phrase_text, policies, services
from replies.models import Reply


@dataclass(frozen=True)
class Passage:
    """What is put into a draft, with the facts of the case filled in; `pk` of a phrase, 0 of a paragraph."""

    pk: int
    group: int
    title: str
    text: str
    replaces_answer: bool = False


def passage_or_404(post: Post, reply: Reply, name: str) -> Passage:
    """Return a passage by the name that the desk gives it: "phrase:7", or "earlier:12.3" for a paragraph."""
    kind, _colon, what = name.partition(":")
    numbers = what.split(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in numbers):
        raise Http404
    found = [int(part) for part in numbers]
    if kind == "phrase" and len(found) == 1:
        return _phrase(reply, found[0])
    if kind == "earlier" and len(found) == 2:
        return _paragraph(post, found[0], found[1])
    raise Http404


def _phrase(reply: Reply, pk: int) -> Passage:
    entries = phrase_selectors.entries_of(reply)
    entry = next((one for one in entries if one.pk == pk), None)
    if entry is None:
        raise Http404
    asks = entry.group == Phrase.Group.LETTER and phrase_text.has_answer(
        reply.body, phrase_selectors.frame_of(reply, entries)
    )
    return Passage(pk, entry.group, entry.title, entry.text, asks)


def _paragraph(post: Post, pk: int, place: int) -> Passage:
    answer = earlier.answer_of(policies.letter_or_404(post, pk))
    if place >= len(answer):
        raise Http404
    return Passage(0, Phrase.Group.BODY, "", answer[place])


def passage_put(
    *, reply_id: int, post: Post, passage: Passage, version_seen: int | None = None, key: str = ""
) -> Reply:
    """Put a passage where it belongs in the draft. A save of its own: what stood there before is kept."""
    with act(post=post, key=key):
        reply = policies.get_or_404(post, reply_id, "edit")
        frame = phrase_selectors.frame_of(reply, phrase_selectors.entries_of(reply))
        return services.reply_save(
            reply_id=reply_id,
            post=post,
            body=phrase_text.placed(reply.body, passage.text, passage.group, frame),
            result_class=reply.result_class,
            disclosure=reply.disclosure,
            version_seen=reply.lock_version if version_seen is None else version_seen,
            by_hand=True,
        )
