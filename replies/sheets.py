"""What stands beside the text on a screen: the letter's pages, and what the check found in it."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gongwen import pictures
from gongwen.document import LetterError
from gongwen.fonts import MissingGlyphs
from replies import checks, letters
from replies.models import LetterCopy, LetterFile, Reply

NOT_SET = (LetterError, MissingGlyphs)

# A text that needs more is put right from its beginning; a page of thousands helps nobody.
MOST_FINDINGS = 50


@dataclass(frozen=True)
class Sheets:
    """The pages for parts/pages.html; `trouble` says in a sentence why a letter cannot be set."""

    pages: list[dict[str, Any]] = field(default_factory=list)
    trouble: str = ""


def of_draft(reply: Reply) -> Sheets:
    """Return the pages of the letter as it would be printed now, set for this call or kept from before."""
    letter = letters.draft_letter(reply)
    try:
        pdf = letters.pdf_of(letter)
    except NOT_SET as error:
        return Sheets(trouble=checks.why_not_set(error))
    version = f"?v={letters.digest_of(letter)[:12]}"
    return Sheets(_pages("replies:page", reply.pk, pictures.page_count(pdf), version))


def judged(reply: Reply) -> dict[str, Any]:
    """Return what the check found in the text as it is kept, and the pages that it makes."""
    findings = checks.findings_of(reply)
    must = sum(finding.level == checks.MUST for finding in findings)
    return {
        "findings": findings[:MOST_FINDINGS],
        "unshown": max(0, len(findings) - MOST_FINDINGS),
        "must": must,
        "advice": len(findings) - must,
        "mendable": sum(bool(finding.key) for finding in findings),
        "sheets": of_draft(reply),
    }


def of_copy(copy: LetterCopy, file: LetterFile) -> Sheets:
    """Return the pages of one copy of an issued letter."""
    version = f"?copy={copy.order}&v={file.sha256[:12]}"
    return Sheets(_pages("replies:letter_page", copy.letter_id, file.pages, version))


def _pages(name: str, pk: int, count: int, version: str) -> list[dict[str, Any]]:
    return [
        {"url": reverse(name, args=[pk, n]) + version, "number": n, "alt": _("Page %d of the letter") % n}
        for n in range(1, count + 1)
    ]
