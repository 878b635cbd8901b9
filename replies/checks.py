"""What the letter engine and the house find in a reply, as sentences that say how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gongwen.check import Case, Finding, check, findings_of_text
from gongwen.document import Letter, LetterError
from gongwen.fonts import MissingGlyphs
from gongwen.text import paragraphs
from office import clock
from office.workflow import Refused
from replies import earlier, letters, mending, points
from replies.addressees import Addressee, addressees_of, first_of
from replies.changes import Change
from replies.models import Reply, document_number
from replies.phrase_text import GAP

# The level decides whether the reply can go up; the page names it in words.
MUST, ADVICE, HINT = "must", "advice", "hint"
LEVELS = {"error": MUST, "warning": ADVICE, "hint": HINT}
_ORDER = (MUST, ADVICE, HINT)

# What the letter gets with its issue, what the page asks for itself, and contacts, which no public copy shows.
_NOT_OF_DRAFTS = ("no-date", "no-doc-number", "no-class", "no-disclosure", "mobile-in-contacts")

# Where the page leads to from a finding, by the part of the letter that it is in.
PLACES = {
    "paragraphs": "#id_body",
    "result_class": "#div_id_result_class",
    "disclosure": "#div_id_disclosure",
}


@dataclass(frozen=True)
class Fault:
    """A finding for the page: the rule's id, its level, its sentence, and where to mend it (may be empty).

    `key` names the fix that the page offers, `changes` are the passages that it would change; else empty.
    """

    rule: str
    level: str
    text: str
    url: str = ""
    key: str = ""
    changes: list[list[Change]] = field(default_factory=list)
    link: str = ""  # the words of the way to where it is mended, when they are not the usual ones


# The parts of a letter in words, by the field of the engine's document.
PARTS: dict[str, str | Promise] = {
    "title": gettext_lazy("The title"),
    "addressees": gettext_lazy("Addressee %(number)s"),
    "paragraphs": gettext_lazy("Paragraph %(number)s"),
    "contacts": gettext_lazy("Contact line %(number)s"),
    "attachments": gettext_lazy("Attachment %(number)s"),
}
_ELSEWHERE = gettext_lazy("The letter")

_NUMBER_FORM = gettext_lazy("The document number “%(found)s” has not the form 〔year〕 number 号.")

SENTENCES: dict[str, str | Promise] = {
    "missing-glyph": gettext_lazy(
        "No font has the character “%(char)s” (%(named)s): write it in another way."
    ),
    "empty-title": gettext_lazy("The letter has no title: the letter profile in the settings must give one."),
    "empty-addressee": gettext_lazy("The letter has no addressee."),
    "empty-body": gettext_lazy("The letter has no text yet: write the answer."),
    "no-date": gettext_lazy("The letter has no date: it gets one when it is issued."),
    "no-doc-number": gettext_lazy("The letter has no document number: it gets one when it is issued."),
    "no-class": gettext_lazy("The letter does not name its result class: choose one."),
    "no-disclosure": gettext_lazy(
        "The letter does not say whether it may be published: decide on disclosure."
    ),
    "no-contacts": gettext_lazy(
        "The letter names nobody to ask: the letter profile in the settings can give contact lines."
    ),
    "doc-number-brackets": _NUMBER_FORM,
    "doc-number-zero": _NUMBER_FORM,
    "doc-number-di": _NUMBER_FORM,
    "doc-number-form": _NUMBER_FORM,
    "date-form": gettext_lazy("%(where)s: write the date %(found)s like %(expected)s."),
    "heading-skipped": gettext_lazy(
        "%(where)s begins with “%(found)s” although no “%(expected)s” comes before it."
    ),
    "heading-misnumbered": gettext_lazy("%(where)s begins with “%(found)s” where “%(expected)s” is due."),
    "heading-mark": gettext_lazy("%(where)s: a heading begins with “%(expected)s”, not with “%(found)s”."),
    "half-width": gettext_lazy("%(where)s has half-width marks beside Chinese: %(found)s"),
    "straight-quote": gettext_lazy("%(where)s has straight quotation marks: write “ ” or ‘ ’."),
    "bracket-unclosed": gettext_lazy("%(where)s: “%(found)s” is never closed, “%(expected)s” is missing."),
    "bracket-unopened": gettext_lazy("%(where)s: “%(found)s” closes nothing, “%(expected)s” is missing."),
    "bracket-crossed": gettext_lazy(
        "%(where)s: “%(found)s” stands where “%(expected)s” is due; what was opened last is closed first."
    ),
    "quote-twice": gettext_lazy(
        "%(where)s: the same quotation mark stands twice; “ and ” take turns, inside them ‘ and ’."
    ),
    "title-mark-nested": gettext_lazy("%(where)s: a title inside a title stands between 〈 and 〉."),
    "marks-doubled": gettext_lazy("%(where)s has several marks in a row, keep one: %(found)s"),
    "ellipsis-form": gettext_lazy("%(where)s: what is left out is written ……, not %(found)s"),
    "dash-form": gettext_lazy("%(where)s: the dash is written ——, not %(found)s"),
    "sentence-end": gettext_lazy("%(where)s ends with “%(found)s”: end the sentence with a mark."),
    "words-doubled": gettext_lazy("%(where)s has words twice, keep one: %(found)s"),
    "mixed-script": gettext_lazy(
        "%(where)s has characters of the other script, simplified or traditional: %(found)s"
    ),
    "scraped": gettext_lazy(
        "The text looks copied from a web page, with readings in brackets or traditional characters: "
        "take over the repaired text."
    ),
    "you-to-one": gettext_lazy("%(where)s: %(addressee)s is one person, write 您 instead of %(found)s."),
    "you-to-many": gettext_lazy(
        "%(where)s: %(addressee)s is a body or several people, write 你们 instead of %(found)s."
    ),
    "you-mixed": gettext_lazy("The letter says both 您 and 你们: keep to one."),
    "addressee-not-proposer": gettext_lazy(
        "“%(found)s” did not file the proposal: the letter goes to %(expected)s."
    ),
    "number-in-title": gettext_lazy("The title names proposal %(found)s, but this is proposal %(expected)s."),
    "number-in-body": gettext_lazy("%(where)s names proposal %(found)s, but this is proposal %(expected)s."),
    "session-in-title": gettext_lazy("The title names %(found)s, but the proposal belongs to %(expected)s."),
    "title-quoted": gettext_lazy(
        "%(where)s calls the proposal “%(found)s”, but its title is “%(expected)s”."
    ),
    "no-opening": gettext_lazy("The opening does not say that the proposal was received (%(expected)s)."),
    "no-answer-phrase": gettext_lazy("The opening does not lead to the answer (%(expected)s)."),
    "no-thanks": gettext_lazy("The closing has no word of thanks."),
    "id-number": gettext_lazy(
        "%(where)s has a citizen's identity number (%(found)s) and the reply is published: take it out."
    ),
    "mobile-number": gettext_lazy(
        "%(where)s has a mobile number (%(found)s) and the reply is published: take it out if it is private."
    ),
    "bank-card": gettext_lazy(
        "%(where)s has the number of a bank card or account (%(found)s) and the reply is published: "
        "take it out if it is private."
    ),
    "mobile-in-contacts": gettext_lazy(
        "%(where)s has a mobile number (%(found)s) and the reply is published: give the office's telephone."
    ),
    "class-a-open": gettext_lazy(
        "%(where)s says “%(found)s”, but %(mark)s means solved: look at the class again."
    ),
    "class-c-done": gettext_lazy(
        "%(where)s says “%(found)s”, but %(mark)s means not to be solved now: look at the class again."
    ),
    "class-b-undated": gettext_lazy(
        "%(mark)s means in hand or planned, but the text names no date and no plan: say what happens by when."
    ),
    "title-too-long": gettext_lazy(
        "The title of the letter has %(characters)s characters: at most %(limit)s can be set."
    ),
    "letter-too-long": gettext_lazy(
        "The letter has %(characters)s characters: at most %(limit)s can be set, so shorten it."
    ),
    "unknown-form": gettext_lazy("The letter profile names a form that does not exist: “%(form)s”."),
    "table-too-wide": gettext_lazy("A table has %(columns)s columns: at most %(limit)s can be set."),
    "bad-picture": gettext_lazy("A picture cannot be printed (%(kind)s)."),
    "qr-too-long": gettext_lazy(
        "The text of the code in the margin has %(bytes)s bytes: at most %(limit)s can be printed."
    ),
    "picture-too-large": gettext_lazy("A picture has %(bytes)s bytes: at most %(limit)s can be printed."),
    "too-many-seals": gettext_lazy("There are %(seals)s seals for %(issuers)s issuing bodies."),
}


def findings_of(reply: Reply) -> list[Fault]:
    """Return everything found in the reply as it stands, what must be mended first."""
    letter = _numbered_draft(reply)
    found = _found(letter, case_of(reply))
    faults = [*_own_faults(reply), *_open_remarks(reply)] + [_as_fault(finding, letter) for finding in found]
    faults += [*_of_other_letters(reply, found), *_contact_advice(reply), *_borrowed_advice(reply)]
    return sorted(faults, key=lambda fault: _ORDER.index(fault.level))


def _found(letter: Letter, case: Case) -> list[Finding]:
    return [f for f in check(letter, case) if not _is_of_number(f) and f.rule not in _NOT_OF_DRAFTS]


def _of_other_letters(reply: Reply, found: list[Finding]) -> Iterator[Fault]:
    """What is wrong only in the letter to another proposer, once, with the name of who would get it.

    Letters about one proposal to addressees of one kind differ in the name alone, so of the others it is checked.
    """
    known = {_sameness(finding) for finding in found}
    first, *others = addressees_of(reply.proposal)
    checked = {(first.proposal.pk, first.kind): _numbered_draft(reply)}
    for to in others:
        group = (to.proposal.pk, to.kind)
        only_name = group in checked
        letter = replace(checked[group], addressees=(to.name,)) if only_name else _numbered_draft(reply, to)
        checked.setdefault(group, letter)
        case = case_of(reply, to)
        findings = _of_addressee(letter, case) if only_name else _found(letter, case)
        for finding in findings:
            if _sameness(finding) not in known:
                known.add(_sameness(finding))
                yield _as_fault_to(to, finding, letter)


def _of_addressee(letter: Letter, case: Case) -> list[Finding]:
    found = _found(replace(letter, paragraphs=letter.paragraphs[:1]), case)
    return [finding for finding in found if finding.place.startswith("addressees")]


def _as_fault_to(to: Addressee, finding: Finding, letter: Letter) -> Fault:
    fault = _as_fault(finding, letter)
    told = _("In the letter to %(name)s: %(fault)s") % {"name": to.name, "fault": fault.text}
    return Fault(fault.rule, fault.level, told, fault.url)


def _sameness(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.place, repr(finding.data)


def _contact_advice(reply: Reply) -> Iterator[Fault]:
    """The bureau talks with the proposers before it answers, or says why it did not."""
    assignment = reply.assignment
    if not assignment.no_contact_because.strip() and not assignment.contacts.exists():
        told = _("No contact with the proposers is noted: note one, or say why there was none.")
        yield Fault("no-contact", ADVICE, told, reply.proposal.get_absolute_url(), link=_("To the case"))


def _borrowed_advice(reply: Reply) -> Iterator[Fault]:
    """What was taken from elsewhere has to hold today: sentences of earlier letters, phrases with gaps."""
    taken = earlier.taken_over(reply)
    if taken:
        told = _(
            "%(n)d sentences are word for word those of %(letter)s, from “%(first)s” on: say what holds today."
        )
        told %= {"n": taken.count, "letter": taken.number, "first": taken.first[:16]}
        yield Fault(
            "taken-over", ADVICE, told, reverse("replies:letter", args=[taken.pk]), link=_("That letter")
        )
    open_gaps = [str(n) for n, text in enumerate(paragraphs(reply.body), 1) if GAP in text]
    if open_gaps:
        told = _("%(gap)s stands for what is to be filled in, in paragraph %(numbers)s.")
        told %= {"gap": GAP, "numbers": _(", ").join(open_gaps)}
        yield Fault("gap", ADVICE, told, PLACES["paragraphs"])


def _open_remarks(reply: Reply) -> Iterator[Fault]:
    """What was remarked and is not settled hinders nothing, but nobody shall overlook it."""
    if n := reply.remarks.filter(is_open=True).count():
        told = ngettext("%(n)d remark is still open.", "%(n)d remarks are still open.", n) % {"n": n}
        yield Fault("open-remarks", ADVICE, told, "#remarks", link=_("To the remarks"))


def case_of(reply: Reply, to: Addressee | None = None) -> Case:
    """Return what the engine may hold the letter to an addressee against (without one: who files first)."""
    to = to or first_of(reply.proposal)
    return Case(
        proposers=(to.name,),
        number=to.proposal.number,
        title=to.proposal.title,
        session=to.proposal.session.name,
    )


def mended_body(reply: Reply, what: str) -> str:
    """Return the draft after a fix, named by its key, after all fixes of a rule, or after all there are.

    Without such a fix the draft comes back as it is.
    """
    letter, case, body = letters.draft_letter(reply), case_of(reply), reply.body
    chosen = [
        finding
        for finding in findings_of_text(letter, case)
        if mending.can_be_mended(finding)
        and what in (mending.ALL, finding.rule, mending.key_of(finding, letter))
    ]
    return mending.mended(body, letter, chosen)


def _numbered_draft(reply: Reply, to: Addressee | None = None) -> Letter:
    """The draft with a number for the check alone: the bureau's word must have its characters in the fonts."""
    sample = document_number(reply.bureau.number_word, clock.today().year, 1)
    return replace(letters.draft_letter(reply, to), doc_number=sample)


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
        raise Refused(_("Not issued."), *(_as_fault(finding, letter).text for finding in found))


def _own_faults(reply: Reply) -> list[Fault]:
    frame = paragraphs("\n".join(letters.opening_and_closing(reply)))
    written = [p for p in paragraphs(reply.body) if p not in frame]
    only_frame = bool(reply.body.strip()) and not written
    checks: list[tuple[Any, str, str, str]] = [
        (only_frame, "only-frame", "paragraphs", _("Write the answer between opening and closing.")),
        (not reply.result_class_id, "no-class", "result_class", _("Choose the result class.")),
        (not reply.disclosure_id, "no-disclosure", "disclosure", _("Decide on disclosure.")),
    ]
    found = [Fault(rule, MUST, text, PLACES[place]) for wrong, rule, place, text in checks if wrong]
    return found + [
        Fault("point", MUST, text, f"#{point.name}")
        for point, text in (points.faults_of(reply) if reply.proposal.assembly.needs_points else ())
    ]


def _as_fault(finding: Finding, letter: Letter) -> Fault:
    part, _colon, spot = finding.place.partition(":")
    where = str(PARTS.get(part, _ELSEWHERE)) % {"number": spot.partition(":")[0]}
    told = sentence(finding.rule, finding.data | {"where": where})
    fault = Fault(finding.rule, LEVELS[finding.level], told, PLACES.get(part, ""))
    if not mending.can_be_mended(finding):
        return fault
    return replace(fault, key=mending.key_of(finding, letter), changes=mending.shown(finding, letter))


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
