"""Questions about remarks: which passage of the text as it reads now each is about, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gongwen.text import paragraphs
from office.acts import new_key
from office.events import in_site_language
from organizations.models import Post
from replies import points, remark_policies
from replies.models import Remark, RemarkEntry, Reply
from replies.version_diff import Change, differences
from replies.workflow import ReplyState

# Fewer marked words than these may stand anywhere by chance.
SURE_WORDS = 6
QUOTED = 40  # characters of a paragraph in a reason


@dataclass(frozen=True)
class Noted:
    """A remark beside the text as it reads now: `place` is the number of its paragraph there, None where it is gone."""

    remark: Remark
    entries: list[RemarkEntry]
    place: int | None
    line: str

    @property
    def is_whole(self) -> bool:
        """It is about the letter as a whole."""
        return self.remark.place == 0

    @property
    def is_gone(self) -> bool:
        return not self.is_whole and self.place is None

    @property
    def is_reworded(self) -> bool:
        return self.place is not None and self.line != self.remark.paragraph

    @property
    def quoted(self) -> str:
        """What it is about, as it read then."""
        return self.remark.words or self.remark.paragraph

    @property
    def words_now(self) -> str:
        """What to look for in the text as it reads now."""
        return self.remark.words if self.remark.words in self.line else self.line

    @property
    def changes(self) -> list[Change]:
        """What was changed in the paragraph since."""
        return differences(self.remark.paragraph, self.line) if self.is_reworded else []

    @property
    def answers(self) -> int:
        return sum(entry.kind == RemarkEntry.Kind.ANSWER for entry in self.entries)

    @property
    def state(self) -> str:
        """How far it is, in a word."""
        if not self.remark.is_open:
            return pgettext("remark", "settled")
        return pgettext("remark", "answered") if self.answers else pgettext("remark", "open")

    @property
    def met(self) -> str:
        """What happened to the passage, in words."""
        if self.is_whole:
            return ""
        if self.is_gone:
            return _("The passage is gone.")
        return _("The passage was reworded.") if self.is_reworded else _("The passage reads as it did.")


@dataclass(frozen=True)
class Passage:
    """One paragraph of the text: its number, its text in pieces (marked or not), the remarks beside it."""

    n: int
    pieces: list[tuple[bool, str]]
    noted: list[Noted] = field(default_factory=list)


def rows_of(reply: Reply) -> QuerySet[Remark]:
    """Return the remarks on a reply with what followed on each. Two queries."""
    people = ("post__user", "post__bureau")
    entries = RemarkEntry.objects.select_related(*people)
    rows: QuerySet[Remark] = Remark.objects.filter(reply=reply).select_related("version", *people)
    return rows.prefetch_related(Prefetch("entries", entries, to_attr="followed"))


def noted_on(reply: Reply) -> list[Noted]:
    """Return every remark on a reply, each found again in the text as it stands now, in the order of the text."""
    lines = list(paragraphs(reply.body))
    found = [_noted(row, lines) for row in rows_of(reply)]
    return sorted(found, key=lambda one: (one.is_gone, one.place or 0, one.remark.pk))


def _noted(remark: Remark, lines: list[str]) -> Noted:
    place = _place(remark, lines) if remark.place else None
    return Noted(remark, remark.followed, place, lines[place - 1] if place else "")  # type: ignore[attr-defined]


def _place(remark: Remark, lines: list[str]) -> int | None:
    """The paragraph itself, wherever it moved; else the new one that is most like it; else where its words are."""
    if lines[remark.place - 1 : remark.place] == [remark.paragraph]:
        return remark.place
    # A paragraph that stood beside it then is none that it became.
    others = set(paragraphs(remark.version.body)) - {remark.paragraph}
    place = points.place_of(remark.paragraph, ["" if line in others else line for line in lines])
    if place is None and len(remark.words) >= SURE_WORDS:
        return next((n for n, line in enumerate(lines, 1) if remark.words in line), None)
    return place


def margin_of(post: Post, reply: Reply) -> dict[str, Any]:
    """Return the text of a reply with the remarks beside it, for replies/remark_margin.html and its neighbours.

    Keys: passages; on_whole, gone (remarks that belong to no paragraph of it); own, open_remarks, noted (all);
    may_remark (on this text), may_answer, key.
    """
    noted = noted_on(reply)
    may = remark_policies.may(post, reply) and reply.state != ReplyState.ISSUED
    is_version = reply.state not in (ReplyState.DRAFTING, ReplyState.ISSUED)
    return {
        "passages": _passages(reply, noted),
        "on_whole": [one for one in noted if one.is_whole],
        "gone": [one for one in noted if one.is_gone],
        "noted": noted,
        "own": [one for one in noted if one.remark.post.user_id == post.user_id],
        "open_remarks": [one for one in noted if one.remark.is_open],
        "may_remark": may and is_version,
        "may_answer": may,
        "remark_key": new_key(),
    }


def _passages(reply: Reply, noted: list[Noted]) -> list[Passage]:
    found = []
    for n, line in enumerate(paragraphs(reply.body), 1):
        beside = [one for one in noted if one.place == n]
        marked = [one.remark.words for one in beside if one.remark.is_open]
        found.append(Passage(n, pieces(line, marked), beside))
    return found


def pieces(line: str, words: Iterable[str]) -> list[tuple[bool, str]]:
    """Cut a line where marked words begin and end; the marks of several remarks may overlap."""
    marked = [False] * len(line)
    for one in filter(None, words):
        at = line.find(one)
        if at >= 0:
            marked[at : at + len(one)] = [True] * len(one)
    return [
        (is_marked, "".join(char for char, _mark in group))
        for is_marked, group in groupby(zip(line, marked, strict=True), key=lambda pair: pair[1])
    ]


def open_on(reply: Reply) -> list[Noted]:
    """Return the remarks that nobody settled yet."""
    return [one for one in noted_on(reply) if one.remark.is_open]


def as_reason(note: str, remarks: Iterable[Noted]) -> str:
    """Return the reason of a return with remarks under it, numbered, each with the passage that it is about."""
    return in_site_language(lambda: "\n".join(filter(None, [note.strip(), *_told(remarks)])))


def _told(remarks: Iterable[Noted]) -> Iterable[str]:
    for n, one in enumerate(remarks, 1):
        facts = {
            "n": n,
            "place": one.place or one.remark.place,
            "words": _short(one.quoted),
            "text": one.remark.text,
        }
        if one.is_whole:
            yield _("%(n)d. On the whole letter: %(text)s") % facts
        else:
            yield _("%(n)d. Paragraph %(place)d, “%(words)s”: %(text)s") % facts


def _short(words: str) -> str:
    return words if len(words) <= QUOTED else f"{words[:QUOTED]}……"
