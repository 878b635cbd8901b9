"""What the letter engine and the house find in a reply, as sentences that say how to mend it."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongwen.check import Finding, check
from gongwen.document import Letter, LetterError
from gongwen.fonts import MissingGlyphs
from gongwen.text import paragraphs
from office import clock
from office.workflow import Refused
from replies import letters
from replies.models import Reply, document_number

# The level decides whether the reply can go up; the page names it in words.
MUST, ADVICE = "must", "advice"
LEVELS = {"error": MUST, "warning": ADVICE}
HALF_WIDTH = "half-width"

# Where the page leads to from a finding, by the part of the letter that it is in.
PLACES = {
    "paragraphs": "#id_body",
    "result_class": "#div_id_result_class",
    "disclosure": "#div_id_disclosure",
}


@dataclass(frozen=True)
class Fault:
    """A finding for the page: the rule's id, its level, its sentence, and where to mend it (may be empty)."""

    rule: str
    level: str
    text: str
    url: str = ""


_NUMBER_FORM = gettext_lazy("The document number “%(found)s” has not the form 〔year〕 number 号.")

SENTENCES: dict[str, str | Promise] = {
    "missing-glyph": gettext_lazy(
        "No font has the character “%(char)s” (%(named)s): write it in another way."
    ),
    "empty-title": gettext_lazy("The letter has no title: the letter profile in the settings must give one."),
    "empty-addressee": gettext_lazy("The letter has no addressee."),
    "empty-body": gettext_lazy("The letter has no text yet: write the answer."),
    HALF_WIDTH: gettext_lazy("Paragraph %(place)s has half-width marks beside Chinese: %(found)s"),
    "doc-number-brackets": _NUMBER_FORM,
    "doc-number-zero": _NUMBER_FORM,
    "doc-number-di": _NUMBER_FORM,
    "doc-number-form": _NUMBER_FORM,
    "heading-skipped": gettext_lazy(
        "Paragraph %(place)s begins with “%(found)s” although no “%(expected)s” comes before it."
    ),
    "heading-misnumbered": gettext_lazy(
        "Paragraph %(place)s begins with “%(found)s” where “%(expected)s” is due."
    ),
    "title-too-long": gettext_lazy(
        "The title of the letter has %(characters)s characters: at most %(limit)s can be set."
    ),
    "letter-too-long": gettext_lazy(
        "The letter has %(characters)s characters: at most %(limit)s can be set, so shorten it."
    ),
    "unknown-form": gettext_lazy("The letter profile names a form that does not exist: “%(form)s”."),
}


def findings_of(reply: Reply) -> list[Fault]:
    """Return everything found in the reply as it stands, what must be mended first."""
    found = _own_faults(reply) + [_as_fault(f) for f in check(_numbered_draft(reply)) if not _is_of_number(f)]
    return sorted(found, key=lambda fault: fault.level != MUST)


def _numbered_draft(reply: Reply) -> Letter:
    """The draft with a number for the check alone: the bureau's word must have its characters in the fonts."""
    sample = document_number(reply.bureau.number_word, clock.today().year, 1)
    return replace(letters.draft_letter(reply), doc_number=sample)


def _is_of_number(finding: Finding) -> bool:
    """The form of the document number does not count: an unusual word prints as well as any other."""
    return finding.rule.startswith("doc-number")


def faults_of(reply: Reply) -> list[Fault]:
    """Return what must be mended before the reply can go up."""
    return [fault for fault in findings_of(reply) if fault.level == MUST]


def refuse_unprintable(letter: Letter) -> None:
    """Refuse a letter that could not be printed, before it has a number.

    Its profile and its bureau's words may have changed since the signature.
    """
    found = [f for f in check(letter) if LEVELS[f.level] == MUST and not _is_of_number(f)]
    if found:
        raise Refused(_("Not issued."), *(_as_fault(finding).text for finding in found))


def _own_faults(reply: Reply) -> list[Fault]:
    frame = paragraphs("\n".join(letters.opening_and_closing(reply)))
    written = [p for p in paragraphs(reply.body) if p not in frame]
    only_frame = bool(reply.body.strip()) and not written
    checks: list[tuple[Any, str, str, str]] = [
        (only_frame, "only-frame", "paragraphs", _("Write the answer between opening and closing.")),
        (not reply.result_class_id, "no-class", "result_class", _("Choose the result class.")),
        (not reply.disclosure_id, "no-disclosure", "disclosure", _("Decide on disclosure.")),
    ]
    return [Fault(rule, MUST, text, PLACES[place]) for wrong, rule, place, text in checks if wrong]


def _as_fault(finding: Finding) -> Fault:
    field, _colon, place = finding.place.partition(":")
    text = sentence(finding.rule, finding.data | {"place": place})
    return Fault(finding.rule, LEVELS[finding.level], text, PLACES.get(field, ""))


def sentence(rule: str, data: dict[str, Any]) -> str:
    """Return what a rule of the engine says, in the language of the page."""
    named = f"{data.get('code', '')} {data.get('name', '')}".strip()
    return str(SENTENCES[rule]) % (data | {"named": named})


def why_not_set(error: LetterError | MissingGlyphs) -> str:
    """Return why a letter has no pages, in the language of the page."""
    if isinstance(error, LetterError):
        return sentence(error.rule, error.data)
    told = [{"char": char, "code": code, "name": name} for char, code, name in error.characters]
    return " ".join(sentence("missing-glyph", data) for data in told)
