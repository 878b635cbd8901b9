"""What everyone may learn of an issued letter who has it in hand: by its code, its number and date, or its file.

The door of the check page, across all assemblies. Never the text, the addressee or the reason of a void.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django_scopes import scopes_disabled

from portal.models import Publication, PublishedLetter
from replies.models import IssuedLetter, LetterCopy, LetterFile

_RELATED = ("bureau", "assembly", "void", "correction__letter")
# The brackets of the standard, and what people type for them.
_NUMBER = re.compile(
    r"(?P<word>[^〔\[(【]{1,20})[〔\[(【](?P<year>[0-9]{4})[〕\])】]第?(?P<number>[0-9]{1,6})号?"
)


@dataclass(frozen=True)
class Told:
    """One issued letter as the check page tells of it. `digest`: of the file in question, where there is just one."""

    key: int
    number: str
    assembly: str
    bureau: str
    dated: dt.date
    issued_at: dt.datetime
    copies: int
    digest: str
    void_at: dt.datetime | None
    newer: str
    newer_dated: dt.date | None
    published: str  # address of what was published of it, while it is


@dataclass(frozen=True)
class Found:
    """What a file turned out to be: the `letter` itself, a `public` copy, or nothing that was issued (`none`)."""

    kind: str
    told: Told | None = None


def by_code_or_404(code: str) -> Told:
    """Return the letter that a printed code leads to; Http404 for a code that no letter bears."""
    with scopes_disabled():
        related = tuple(f"letter__{name}" for name in _RELATED)
        rows = LetterCopy.objects.exclude(check_code="").select_related("file", *related)
        copy = rows.filter(check_code=code).first()
        if copy is None:
            raise Http404
        file = getattr(copy, "file", None)
        return _told(copy.letter, file.sha256 if file else "")


def by_number(number: str, dated: dt.date) -> list[Told]:
    """Return the letters with exactly this number and date: one, or none; more where two places use one word."""
    parts = _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", number).split()))
    if parts is None:
        return []
    with scopes_disabled():
        rows: QuerySet[IssuedLetter] = IssuedLetter.objects.select_related(*_RELATED).filter(
            word=parts["word"], year=int(parts["year"]), number=int(parts["number"]), dated=dated
        )
        return [_told(letter, _only_digest(letter)) for letter in rows.order_by("pk")]


def by_file(sha256: str) -> Found:
    """Return what the file with this digest is."""
    with scopes_disabled():
        related = tuple(f"letter__{name}" for name in _RELATED)
        kinds: tuple[tuple[str, QuerySet[LetterFile] | QuerySet[PublishedLetter]], ...] = (
            ("letter", LetterFile.objects.filter(sha256=sha256)),
            ("public", PublishedLetter.objects.filter(sha256=sha256, publication__withdrawn_at=None)),
        )
        for kind, rows in kinds:
            if row := rows.select_related(*related).first():
                return Found(kind, _told(row.letter, sha256))
    return Found("none")


def _only_digest(letter: IssuedLetter) -> str:
    digests = list(LetterFile.objects.filter(letter=letter).values_list("sha256", flat=True)[:2])
    return digests[0] if len(digests) == 1 else ""


def _told(letter: IssuedLetter, digest: str) -> Told:
    newer = letter.replaced_by
    return Told(
        key=letter.pk,
        number=str(letter),
        assembly=letter.assembly.name,
        bureau=letter.bureau.name,
        dated=letter.dated,
        issued_at=letter.issued_at,
        copies=LetterCopy.objects.filter(letter=letter).count(),
        digest=digest,
        void_at=letter.voided.at if letter.voided else None,
        newer=str(newer) if newer else "",
        newer_dated=newer.dated if newer else None,
        published=_published(letter),
    )


def _published(letter: IssuedLetter) -> str:
    rows = Publication.objects.filter(letters__letter=letter, withdrawn_at=None).select_related("assembly")
    row = rows.order_by("pk").first()
    return row.get_absolute_url() if row else ""
