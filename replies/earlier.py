"""Letters of earlier years: those on a similar subject, and how many of their sentences a draft has taken over."""

import datetime as dt
import re
from collections import OrderedDict
from dataclasses import dataclass

from django.db.models import QuerySet

from office import clock
from organizations.models import Post
from proposals.similar import similar_to
from replies import letters, phrase_selectors, policies
from replies.models import IssuedLetter, Reply
from replies.phrase_text import OPENS, THANKS

MOST_LETTERS = 5  # shown on the desk
MOST_CASES = 20  # similar proposals looked at for them
YEARS = 5
MOST_COMPARED = 200  # letters of one bureau, the newest: what is taken over comes from these
SHORTEST = 12  # characters: anything shorter any two letters have in common
# A definition, a figure's source and a standing rule may well be the same from year to year; a fourth sentence
# is an answer that was not thought about again.
MOST_TAKEN_OVER = 3
KEPT = 5_000  # letters whose sentences one process remembers, some 4 kB each

_END = re.compile(r"[\u3002\uff01\uff1f\uff1b!?;\n]+")
_NOT_TEXT = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class EarlierLetter:
    """A letter on a similar subject, with the paragraphs of its answer; `why`: the words both titles have."""

    letter: IssuedLetter
    is_own: bool
    why: str
    paragraphs: list[str]


@dataclass(frozen=True)
class TakenOver:
    """An earlier letter with more sentences in common than a draft should have; the first of them as it reads."""

    pk: int
    number: str
    count: int
    first: str


def similar_letters(post: Post, reply: Reply) -> list[EarlierLetter]:
    """Return letters that this post may read on subjects like this one: the own bureau's first, then newest first."""
    near = similar_to(post, reply.proposal.title, exclude=reply.proposal_id, limit=MOST_CASES)
    why = {match.pk: match.why for match in near}
    if not why:
        return []
    rows = policies.letters_visible_to(post).filter(reply__proposal__in=why, void__isnull=True)
    rows = rows.select_related("bureau", "reply__proposal__session")
    found = sorted(rows, key=lambda one: (one.bureau_id != post.bureau_id, -one.dated.toordinal()))
    return [
        EarlierLetter(one, one.bureau_id == post.bureau_id, why[one.reply.proposal_id], answer_of(one))
        for one in found[:MOST_LETTERS]
    ]


def answer_of(letter: IssuedLetter) -> list[str]:
    """Return the paragraphs of a letter's answer, without tables and without its opening and thanks."""
    texts = [text.strip() for text in letter.facts["paragraphs"] if isinstance(text, str)]
    if texts and OPENS.search(texts[0]):
        texts = texts[1:]
    return [text for text in texts if not THANKS.match(text)]


def sentences(text: str) -> dict[str, str]:
    """Return the sentences worth comparing, without marks and blanks, each with how it reads."""
    found: dict[str, str] = {}
    for sentence in _END.split(text):
        bare = _NOT_TEXT.sub("", sentence)
        if len(bare) >= SHORTEST:
            found.setdefault(bare, sentence.strip())
    return found


def taken_over(reply: Reply) -> TakenOver | None:
    """Return the earlier letter of the bureau that the draft has most sentences from, if they are too many.

    What the house words itself does not count: opening, closing, phrases.
    """
    mine = sentences(reply.body)
    if len(mine) <= MOST_TAKEN_OVER:
        return None
    rows = list(_compared(reply).values_list("pk", "facts_sha256"))
    _remember([pk for pk, digest in rows if digest not in _sentences_of])
    if _most(mine, rows)[0] > MOST_TAKEN_OVER:
        for bare in sentences("\n".join(_words_of_the_house(reply))):
            mine.pop(bare, None)
    count, pk = _most(mine, rows)
    if count <= MOST_TAKEN_OVER:
        return None
    letter = IssuedLetter.objects.select_related("version").get(pk=pk)
    theirs = sentences(letter.version.body)
    return TakenOver(pk, str(letter), count, next(mine[bare] for bare in mine if bare in theirs))


def _most(mine: dict[str, str], rows: list[tuple[int, str]]) -> tuple[int, int]:
    """The most sentences that a letter has in common with these, and its key: the newest of several."""
    keys = {hash(bare) for bare in mine}
    counted = ((len(keys & _sentences_of.get(digest, frozenset())), pk) for pk, digest in rows)
    return max(counted, default=(0, 0))


def _words_of_the_house(reply: Reply) -> list[str]:
    return [*letters.opening_and_closing(reply), *(one.text for one in phrase_selectors.entries_of(reply))]


def _compared(reply: Reply) -> QuerySet[IssuedLetter]:
    """The bureau's letters of the last years, newest first; not the one that this reply puts right."""
    since = clock.today() - dt.timedelta(days=366 * YEARS)
    rows = IssuedLetter.objects.filter(bureau_id=reply.bureau_id, dated__gte=since)
    return rows.exclude(pk=reply.corrects_id).order_by("-pk")[:MOST_COMPARED]


# The sentences of issued letters by the digest of their facts: neither ever changes.
_sentences_of: OrderedDict[str, frozenset[int]] = OrderedDict()


def _remember(pks: list[int]) -> None:
    if not pks:
        return
    rows = IssuedLetter.objects.filter(pk__in=pks).values_list("facts_sha256", "version__body")
    for digest, body in rows:
        _sentences_of[digest] = frozenset(hash(bare) for bare in sentences(body))
    while len(_sentences_of) > KEPT:
        _sentences_of.popitem(last=False)
