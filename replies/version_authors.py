"""Whose words stand where: the states of a text, folded in their order, keep the author of every character."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import groupby

from organizations.models import Post
from replies.changes import PARAGRAPH_SIGN
from replies.version_diff import KEPT, PUT_IN, Change, differences

# How many kinds of lines tell people apart; the name beside each change tells more than those.
STYLES = 6


@dataclass(frozen=True)
class Hand:
    """What one person left, and from when to when they wrote. Nobody's: the text that the others began with."""

    who: Post | None
    body: str
    since: dt.datetime
    at: dt.datetime
    is_sent: bool = False


@dataclass
class Person:
    """One who wrote in it, as the legend names them."""

    number: int
    name: str
    posts: list[str]
    since: dt.datetime
    at: dt.datetime
    put_in: int = 0
    taken_out: int = 0

    @property
    def style(self) -> int:
        """Which of the kinds of lines is theirs."""
        return (self.number - 1) % STYLES + 1


@dataclass(frozen=True)
class Run:
    """Neighbouring characters that stand and have one author, or that one person took out."""

    text: str
    by: Person | None
    gone: Person | None


@dataclass(frozen=True)
class Marked:
    """A text with everyone's changes: its people, and its paragraphs as runs."""

    people: list[Person] = field(default_factory=list)
    paragraphs: list[list[Run]] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    text: str
    by: int | None
    gone: int | None = None
    was_seen: bool = False  # by somebody else than its author

    @property
    def stands(self) -> bool:
        return self.gone is None


def marked(hands: Iterable[Hand]) -> Marked:
    """Fold what people left one after the other. What one wrote and took out again unseen was never there."""
    pieces: list[_Piece] = []
    people: dict[int, Person] = {}
    for hand in hands:
        author = _person(people, hand) if hand.who else None
        before = "".join(piece.text for piece in pieces if piece.stands)
        if before != hand.body:
            pieces = _folded(pieces, differences(before, hand.body), author)
        pieces = [
            replace(piece, was_seen=True) if hand.is_sent or piece.by != author else piece for piece in pieces
        ]
    _count(pieces, people)
    seen = {piece.by for piece in pieces} | {piece.gone for piece in pieces}
    wrote = [person for key, person in people.items() if key in seen]
    for number, person in enumerate(wrote, 1):
        person.number = number
    return Marked(wrote, _paragraphs(pieces, people))


def _person(people: dict[int, Person], hand: Hand) -> int:
    """The author's key, noted with their post and times."""
    assert hand.who is not None  # noqa: S101
    key, post = hand.who.user_id, str(hand.who)
    person = people.get(key)
    if person is None:
        people[key] = Person(0, hand.who.user.name, [post], hand.since, hand.at)
        return key
    person.at = max(person.at, hand.at)
    if post not in person.posts:
        person.posts.append(post)
    return key


def _folded(pieces: list[_Piece], changes: Iterable[Change], author: int | None) -> list[_Piece]:
    found: list[_Piece] = []
    rest = pieces[::-1]
    for op, text in changes:
        if op == PUT_IN:
            found.append(_Piece(text, author))
            continue
        wanted = len(text)
        while wanted:
            piece = rest.pop()
            if not piece.stands:
                found.append(piece)
                continue
            if len(piece.text) > wanted:
                rest.append(replace(piece, text=piece.text[wanted:]))
                piece = replace(piece, text=piece.text[:wanted])
            wanted -= len(piece.text)
            if op == KEPT:
                found.append(piece)
            elif piece.was_seen or piece.by != author:
                found.append(replace(piece, gone=author))
    return found + rest[::-1]


def _count(pieces: Iterable[_Piece], people: dict[int, Person]) -> None:
    for piece in pieces:
        if piece.by is not None:
            people[piece.by].put_in += len(piece.text)
        if piece.gone is not None:
            people[piece.gone].taken_out += len(piece.text)


def _paragraphs(pieces: Iterable[_Piece], people: dict[int, Person]) -> list[list[Run]]:
    """By lines; a break that was taken out between words that stand is a sign, and breaks nothing any more."""
    lines: list[list[_Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(replace(piece, text=first))
        for other in others:
            if not piece.stands and any(one.stands and one.text for one in lines[-1]):
                lines[-1].append(replace(piece, text=PARAGRAPH_SIGN))
            else:
                lines.append([])
            lines[-1].append(replace(piece, text=other))
    return [runs for line in lines if (runs := _runs(line, people))]


def _runs(line: Iterable[_Piece], people: dict[int, Person]) -> list[Run]:
    runs = []
    pieces = (one for one in line if one.text)
    for (by, gone), group in groupby(pieces, key=lambda one: (one.by if one.stands else None, one.gone)):
        text = "".join(one.text for one in group)
        runs.append(Run(text, people[by] if by else None, people[gone] if gone else None))
    return runs
