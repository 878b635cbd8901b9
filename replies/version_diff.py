"""From one text to another as a reader would mark it by hand. Knows words and marks of Chinese text, and no page.

Two things share what they have in common in runs of at least two characters: the longest such agreement is found
with one long integer a row (Hyyrö's bit-parallel way), so that the time depends on the length of the texts alone.
What is left over a person would not leave standing is then marked as well: a single 的 between two new phrases, a
digit of a number, three scattered words of a sentence that was written anew.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, takewhile

# (op, text): -1 taken out, 0 kept, 1 put in.
Change = tuple[int, str]
TAKEN_OUT, KEPT, PUT_IN = -1, 0, 1

# Tokens from a to b become those from c to d.
Hunk = tuple[int, int, int, int]
Tokens = Sequence[str]

# A number with its points and its sign, one in Chinese figures, or a foreign word is one thing; else every character
# is, with what is written over it or tells its form.
_TOKEN = re.compile(
    r"[0-9０-９]+(?:[.,][0-9]+)*[%％‰]?|[〇零一二三四五六七八九十百千万亿两]{2,}|[A-Za-z]+"
    "|.[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]*",
    re.DOTALL,
)
# Beyond this many pairs of tokens a text is first cut at the lines that both have once.
_MOST_PAIRS = 150_000_000

_SENTENCE_ENDS = "。！？；"
_CLAUSE_ENDS = "，、：,;:.!?)）》”’】〕…"
_OPENERS = "（《“‘【〔("
_HEADING = re.compile("[一二三四五六七八九十]+、|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]+[.．、]")
_SENTENCE, _LITTLE = 10, 0.2  # characters; the share of them that is too little to be shown as kept
_LONGEST_HEADING = 5  # tokens
_LONGEST_STRAY = 6  # tokens: what is longer was kept on purpose
# Single characters before which, and after which, a phrase is likely to begin.
_JOINING = "和与及并或的"
_LEADING = "是的了将为对在把"
_ENDS = frozenset(_SENTENCE_ENDS + _CLAUSE_ENDS + "\n")


def differences(before: str, after: str) -> list[Change]:
    """Return the way from one text to the other: what is kept, taken out and put in, in the order of the text."""
    if before == after:
        return [(KEPT, before)] if before else []
    return _Pair(_TOKEN.findall(before), _TOKEN.findall(after)).changes()


class _Pair:
    """Two texts as tokens, and what stands between their common parts."""

    def __init__(self, old: Tokens, new: Tokens) -> None:
        self.old, self.new = old, new
        self._old_at, self._new_at = ([0, *accumulate(map(len, text))] for text in (old, new))
        self.hunks = [hunk for hunk in _hunks(old, new) if hunk[0] < hunk[1] or hunk[2] < hunk[3]]

    def changes(self) -> list[Change]:
        """Tidy up, and write it all out."""
        self._slide()
        self._merge()
        self._replace_whole_sentences()
        self._reach_the_marks()
        self._slide()
        self.hunks = [part for hunk in self.hunks for part in self._with_heading(hunk)]
        found: list[Change] = []
        at = 0
        for a, b, c, d in [*self.hunks, (len(self.old),) * 2 + (len(self.new),) * 2]:
            for op, tokens in ((KEPT, self.old[at:a]), (TAKEN_OUT, self.old[a:b]), (PUT_IN, self.new[c:d])):
                if tokens and found and found[-1][0] == op:
                    found[-1] = (op, found[-1][1] + "".join(tokens))
                elif tokens:
                    found.append((op, "".join(tokens)))
            at = b
        return found

    def _out(self, hunk: Hunk) -> int:
        """How many characters are taken out."""
        return self._old_at[hunk[1]] - self._old_at[hunk[0]]

    def _put(self, hunk: Hunk) -> int:
        """How many characters are put in."""
        return self._new_at[hunk[3]] - self._new_at[hunk[2]]

    def _slide(self) -> None:
        """Shift what is only put in, or only taken out, to where a clause or a paragraph begins and ends."""
        for spot, (a, b, c, d) in enumerate(self.hunks):
            if a < b and c < d:
                continue
            text, start, end = (self.new, c, d) if a == b else (self.old, a, b)
            before = self.hunks[spot - 1] if spot else (0, 0, 0, 0)
            after = self.hunks[spot + 1] if spot + 1 < len(self.hunks) else (len(self.old),) * 4
            back, ahead = 0, 0
            while back < a - before[1] and text[start - 1 - back] == text[end - 1 - back]:
                back += 1
            while ahead < after[0] - b and text[start + ahead] == text[end + ahead]:
                ahead += 1
            by = max(range(-back, ahead + 1), key=lambda k: (_edges(text, start + k, end + k), k))
            self.hunks[spot] = (a + by, b + by, c + by, d + by)

    def _merge(self) -> None:
        """Mark what is kept between two changes as well, where leaving it would only hinder the reader."""
        merged: list[Hunk] = []
        for hunk in self.hunks:
            this = hunk
            while merged and self._is_stray(merged[-1], this):
                last = merged.pop()
                this = (last[0], this[1], last[2], this[3])
            merged.append(this)
        self.hunks = merged

    def _is_stray(self, left: Hunk, right: Hunk) -> bool:
        kept = self.old[left[1] : right[0]]
        if not kept:
            return True
        if len(kept) > _LONGEST_STRAY or "\n" in kept:
            return False
        sizes = [(self._out(hunk), self._put(hunk)) for hunk in (left, right)]
        out, put = (sum(pair) for pair in zip(*sizes, strict=True))
        if not out or not put:
            return False  # only put in, or only taken out: nothing is read twice
        width, least = sum(map(len, kept)), min(max(pair) for pair in sizes)
        if width == 1 and self._is_number(left) and self._is_number(right):
            return False  # 2021年5月 -> 2022年6月
        if width == 1:
            return any(min(pair) for pair in sizes) or least > 1
        return width < least if width == 2 else 2 * width <= least

    def _is_number(self, hunk: Hunk) -> bool:
        a, b, c, d = hunk
        return b - a == d - c == 1 and self.old[a][0].isnumeric() and self.new[c][0].isnumeric()

    def _replace_whole_sentences(self) -> None:
        """A sentence of which little is left was written anew: it is taken out and put in as one."""
        whole: list[Hunk] = []
        for group in self._sentences():
            first, last = group[0], group[-1]
            a, c = self._back_to_end(first)
            b, d = self._on_to_end(last)
            out, put = self._out((a, b, c, d)), self._put((a, b, c, d))
            kept = out - sum(map(self._out, group))
            if len(group) > 1 and min(out, put) >= _SENTENCE and kept < _LITTLE * min(out, put):
                whole.append(self._cut_at_marks((a, b, c, d)))
            else:
                whole += group
        self.hunks = whole

    def _sentences(self) -> Iterator[list[Hunk]]:
        """The hunks by the sentence they stand in: neither a kept end of one nor much else lies between those."""
        group: list[Hunk] = []
        for hunk in self.hunks:
            kept = self.old[group[-1][1] : hunk[0]] if group else ""
            if len(kept) > _LONGEST_STRAY or any(map(_ends_sentence, kept)):
                yield group
                group = []
            group.append(hunk)
        if group:
            yield group

    def _back_to_end(self, hunk: Hunk) -> tuple[int, int]:
        """Where the sentence of a hunk begins, in both texts, if little is kept from there on."""
        a, _b, c, _d = hunk
        for back in range(min(a, c, _LONGEST_STRAY) + 1):
            if back in (a, c) or _ends_sentence(self.old[a - back - 1]):
                return a - back, c - back
            if self.old[a - back - 1] != self.new[c - back - 1]:
                break
        return a, c

    def _on_to_end(self, hunk: Hunk) -> tuple[int, int]:
        """Where the sentence of a hunk ends, before its mark, if little is kept up to there."""
        _a, b, _c, d = hunk
        rest = len(self.old) - b, len(self.new) - d
        for ahead in range(min(*rest, _LONGEST_STRAY) + 1):
            if ahead in rest or _ends_sentence(self.old[b + ahead]):
                return b + ahead, d + ahead
            if self.old[b + ahead] != self.new[d + ahead]:
                break
        return b, d

    def _cut_at_marks(self, hunk: Hunk) -> Hunk:
        """What both begin with up to a mark (一、), and both end with from a mark, is no change."""
        a, b, c, d = hunk
        head = _common(self.old[a:b], self.new[c:d])
        while head and self.old[a + head - 1] not in _ENDS:
            head -= 1
        a, c = a + head, c + head
        tail = _common(self.old[a:b][::-1], self.new[c:d][::-1])
        while tail and self.old[b - tail] not in _ENDS:
            tail -= 1
        return a, b - tail, c, d - tail

    def _reach_the_marks(self) -> None:
        """A long replacement takes in the one character that separates it from the mark before or after it."""
        for spot, (a, b, c, d) in enumerate(self.hunks):
            if min(b - a, d - c) < 4:
                continue
            low = self.hunks[spot - 1][1] if spot else 0
            high = self.hunks[spot + 1][0] if spot + 1 < len(self.hunks) else len(self.old)
            if (
                a - low >= 1
                and self.old[a - 1] not in _ENDS
                and (a == 1 or (a - low > 1 and self.old[a - 2] in _ENDS))
            ):
                a, c = a - 1, c - 1
            if high - b > 1 and self.old[b] not in _ENDS and self.old[b + 1] in _ENDS:
                b, d = b + 1, d + 1
            self.hunks[spot] = (a, b, c, d)

    def _with_heading(self, hunk: Hunk) -> Iterator[Hunk]:
        """A new 四、 before what is 五、 now is a whole paragraph, and a heading that counts on."""
        a, b, c, d = hunk
        text, start, end = (self.new, c, d) if a == b else (self.old, a, b)
        breaks = [at for at in range(start, end) if text[at] == "\n"] if a == b or c == d else []
        back = 1
        while back < start and back < _LONGEST_HEADING and text[start - back - 1] != "\n":
            back += 1
        heads = (
            ("".join(text[start - back : start]), "".join(text[breaks[-1] + 1 : end])) if breaks else ("", "")
        )
        if start < back or not all(map(_HEADING.fullmatch, heads)):
            yield hunk
            return
        a, b, c, d = a - back, b, c - back, d
        if a + back == b:
            yield a, a, c, breaks[-1] + 1
            yield from _narrowed(self.old, self.new, (a, b, breaks[-1] + 1, d))
        else:
            yield a, breaks[-1] + 1, c, c
            yield from _narrowed(self.old, self.new, (breaks[-1] + 1, b, c, d))


def _ends_sentence(mark: str) -> bool:
    return mark in _SENTENCE_ENDS or mark == "\n"


def _common(one: Tokens, other: Tokens) -> int:
    """How many tokens both begin with."""
    return sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _edges(text: Tokens, start: int, end: int) -> int:
    return _edge(text, start) + _edge(text, end)


def _edge(text: Tokens, at: int) -> int:
    """How natural it is that a change begins or ends here."""
    if at == 0 or at == len(text) or text[at - 1] == "\n":
        return 6
    last, following = text[at - 1], text[at]
    if following == "\n":
        return 5
    if last in _SENTENCE_ENDS:
        return 4
    if last in _CLAUSE_ENDS:
        return 3
    if following in _ENDS or following in _OPENERS:
        return 2
    return int(following in _JOINING or last in _LEADING)


# ---- what both have in common


def _hunks(old: Tokens, new: Tokens) -> Iterator[Hunk]:
    """What stands between the longest common runs."""
    a = c = 0
    for i, j, size in [*_runs(old, new), (len(old), len(new), 0)]:
        if a < i or c < j:
            yield from _narrowed(old, new, (a, i, c, j))
        a, c = i + size, j + size


def _narrowed(old: Tokens, new: Tokens, hunk: Hunk) -> Iterator[Hunk]:
    """Leave out what both begin and end with; where the shorter side stands in the longer, keep it."""
    a, b, c, d = hunk
    head = _common(old[a:b], new[c:d])
    a, c = a + head, c + head
    tail = _common(old[a:b][::-1], new[c:d][::-1])
    b, d = b - tail, d - tail
    if numbers := _other_numbers(old[a:b], new[c:d]):
        yield from ((a + at, a + at + 1, c + at, c + at + 1) for at in numbers)
        return
    short, long = sorted((b - a, d - c))
    if not short or long > 4 * short + 6:
        yield a, b, c, d
        return
    places = _places(old[a:b], new[c:d]) if b - a == short else _places(new[c:d], old[a:b])
    if places is None:
        yield a, b, c, d
        return
    at, place = 0, 0
    for index, found in [*enumerate(places), (short, long)]:
        inner = (at, index, place, found) if b - a == short else (place, found, at, index)
        yield a + inner[0], a + inner[1], c + inner[2], c + inner[3]
        at, place = index + 1, found + 1


def _other_numbers(old: Tokens, new: Tokens) -> list[int]:
    """Where two phrases that differ only in their numbers do (2021年5 and 2022年6); nothing if there is more."""
    other = [at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]]
    is_all = len(old) == len(new) and all(old[at][0].isnumeric() and new[at][0].isnumeric() for at in other)
    return other if is_all else []


def _places(short: Tokens, long: Tokens) -> list[int] | None:
    """Where the tokens of one stand in the other in the same order; None: not all of them do."""
    found: list[int] = []
    at = 0
    for token in short:
        while at < len(long) and long[at] != token:
            at += 1
        if at == len(long):
            return None
        found.append(at)
        at += 1
    return found


def _runs(old: Tokens, new: Tokens) -> Iterator[tuple[int, int, int]]:
    """The common runs (where in the one, where in the other, how long) in order, the longest whole of them."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    if head:
        yield 0, 0, head
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    agreeing = _agreeing if len(left) * len(right) <= _MOST_PAIRS else _agreeing_by_lines
    for i, j in agreeing(left, right):
        yield head + i, head + j, 1
    if tail:
        yield len(old) - tail, len(new) - tail, tail


def _agreeing(old: Tokens, new: Tokens) -> list[tuple[int, int]]:
    """Tokens that agree, as far as they do in runs of two and more."""
    found: list[tuple[int, int]] = []
    i, j = -1, -1
    for a, c in _longest(list(pairwise(old)), list(pairwise(new))):
        for x, y in ((a, c), (a + 1, c + 1)):
            if x > i and y > j:
                found.append((x, y))
                i, j = x, y
    return found


def _longest(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> list[tuple[int, int]]:
    """The longest common subsequence, as pairs of places.

    Row i is an integer whose bit j is 0 where the first j + 1 of the new have one more in common with the first i of
    the old than the first j have.
    """
    places: dict[tuple[str, str], int] = {}
    for at, pair in enumerate(new):
        places[pair] = places.get(pair, 0) | 1 << at
    row = (1 << len(new)) - 1
    rows = [row]
    for pair in old:
        if matching := row & places.get(pair, 0):
            row = (row + matching) | (row - matching)
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j = (~rows[i] & ((1 << j) - 1)).bit_length()
        elif not rows[i - 1] >> (j - 1) & 1:
            i -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found[::-1]


def _agreeing_by_lines(old: Tokens, new: Tokens) -> list[tuple[int, int]]:
    """For texts of many thousand characters: the lines that both have once, then what lies between those."""
    ours, theirs = _lines_once(old), _lines_once(new)
    common = [(at, theirs[line], len(line)) for line, at in ours.items() if line in theirs]
    found: list[tuple[int, int]] = []
    a = c = 0
    for i, j, size in [*_rising(common), (len(old), len(new), 0)]:
        if (i - a) * (j - c) <= _MOST_PAIRS:
            found += [(a + x, c + y) for x, y in _agreeing(old[a:i], new[c:j])]
        found += [(i + step, j + step) for step in range(size)]
        a, c = i + size, j + size
    return found


def _lines_once(tokens: Tokens) -> dict[tuple[str, ...], int]:
    """The lines that stand there once, by their tokens with the end of the line, and where."""
    found: dict[tuple[str, ...], int] = {}
    several: set[tuple[str, ...]] = set()
    start = 0
    for at, mark in enumerate(tokens):
        if mark == "\n":
            line = tuple(tokens[start : at + 1])
            several.add(line) if line in found else found.setdefault(line, start)
            start = at + 1
    return {line: at for line, at in found.items() if line not in several and len(line) > 4}


def _rising(places: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The longest choice of lines that stand in the same order in both texts."""
    ends: list[int] = []
    best: list[int] = []
    before: list[int] = []
    for spot, (_i, j, _size) in enumerate(places):
        at = bisect_left(ends, j)
        before.append(best[at - 1] if at else -1)
        ends[at : at + 1] = [j]
        best[at : at + 1] = [spot]
    found: list[tuple[int, int, int]] = []
    spot = best[-1] if best else -1
    while spot >= 0:
        found.append(places[spot])
        spot = before[spot]
    return found[::-1]
