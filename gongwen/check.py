"""What is wrong with a letter before it is signed, as findings that a caller words for its reader.

Reads only; fixes puts right. The rules: GB/T 9704-2012, GB/T 15834-2011, the practice of replies, the fonts at
hand. The table of all of them with levels and data is LEVELS in findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from gongwen import check_form, check_marks, check_pairs, check_sense, check_words, text
from gongwen.document import Letter, LetterError, missing_parts, require_settable
from gongwen.findings import ERROR, HINT, LEVELS, WARNING, Case, Edit, Finding, finding, texts
from gongwen.fonts import FontSet, MissingGlyphs, font_set

__all__ = ["ERROR", "HINT", "LEVELS", "WARNING", "Case", "Edit", "Finding", "check", "findings_of_text"]

_ORDER = (ERROR, WARNING, HINT)
_FIELDS = [one.name for one in fields(Letter)]


def check(letter: Letter, case: Case | None = None, fonts: FontSet | None = None) -> list[Finding]:
    """All findings on the letter, errors first, then warnings, then hints, each in the order of the letter.

    Without a `case` nothing is compared with it; without `fonts` those of this process are asked. A text that
    was copied from the web is to be repaired first: what else its marks and words have wrong is told after.
    """
    found = [*_completeness(letter), *_glyphs(letter, fonts or font_set())]
    if not any(one.rule == "letter-too-long" for one in found):
        found += findings_of_text(letter, case)
    return sorted(found, key=_order)


def _order(one: Finding) -> tuple[int, int, tuple[int, ...], int]:
    """By level, then by field, number in the list, and character."""
    field, *numbers = one.place.split(":")
    spot = tuple(int(number) for number in numbers if number.isdigit())
    return _ORDER.index(one.level), _FIELDS.index(field), spot, -1 if one.start is None else one.start


def findings_of_text(letter: Letter, case: Case | None = None) -> list[Finding]:
    """The findings that need no fonts: all that has a fix is among them."""
    if scraped := list(check_words.scraped(letter)):
        return [*scraped, *check_sense.findings(letter, case)]
    return [
        *check_form.findings(letter),
        *check_marks.findings(letter),
        *check_pairs.findings(letter),
        *check_words.findings(letter),
        *check_sense.findings(letter, case),
    ]


_PLACES = {"empty-title": "title", "title-too-long": "title", "empty-addressee": "addressees"}
_PLACES |= {"unknown-form": "form", "too-many-seals": "seals", "qr-too-long": "qr"}


def _completeness(letter: Letter) -> Iterator[Finding]:
    missing = missing_parts(letter)
    for rule in missing:
        yield finding(rule, _PLACES.get(rule, "paragraphs"))
    try:
        require_settable(letter)
    except LetterError as error:
        if error.rule not in missing:
            yield Finding(error.rule, ERROR, _PLACES.get(error.rule, "paragraphs"), error.data)


def _glyphs(letter: Letter, fonts: FontSet) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, content in texts(letter):
        missing = "".join(char for char in fonts.missing(text.clean(content)) if char not in seen)
        seen.update(missing)
        for char, code, name in MissingGlyphs(missing).characters:
            spot = content.find(char)
            yield finding("missing-glyph", place, (spot, spot + 1), char=char, code=code, name=name)
