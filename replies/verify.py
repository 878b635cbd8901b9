"""Whether letters, versions and opinions still are what they were: every digest computed anew. Changes nothing.

A row can be changed together with its digest. So each is held against the event log too, which keeps the same digests
in a chain of its own, and a stored PDF against the pages that its facts make.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from django.utils.translation import gettext as _
from django_scopes import scope

from gongwen.document import LetterError
from gongwen.fonts import MissingGlyphs
from office import events
from office.models import Event
from office.workflow import Refused
from replies import letters
from replies.models import Approval, IssuedLetter, LetterCopy, LetterFile, Opinion, ReplyVersion
from replies.opinion_workflow import OpinionState

NOT_SET = (LetterError, MissingGlyphs, TypeError, KeyError, ValueError, AttributeError)


@dataclass(frozen=True)
class Fault:
    """One thing that is not what it was: the letter's number (or the case), and what is wrong with it.

    `is_note`: nothing was altered, but somebody should know.
    """

    where: str
    what: str
    is_note: bool = False


class Log:
    """What the event log of an assembly holds against its rows, by the key of the subject."""

    def __init__(self, assembly_id: int) -> None:
        self.sent: dict[tuple[int, int], dict[str, Any]] = {}
        self.signed: dict[tuple[int, int], dict[str, Any]] = {}
        self.issued: dict[int, dict[str, Any]] = {}
        self.printed: dict[int, set[str]] = {}
        self.voided: dict[int, dict[str, Any]] = {}
        self.given: dict[int, dict[str, Any]] = {}
        keep = {
            "reply.send": lambda pk, told: self.sent.update({(pk, told.get("version")): told}),
            "reply.sign": lambda pk, told: self.signed.update({(pk, told.get("version")): told}),
            "reply.issue": lambda pk, told: self.issued.update({pk: told}),
            "letter.print": lambda pk, told: self.printed.setdefault(pk, set()).update(_digests(told)),
            "letter.void": lambda pk, told: self.voided.update({pk: told}),
            "letter.replace": lambda pk, told: self.voided.setdefault(pk, told),
            "opinion.give": lambda pk, told: self.given.update({pk: told}),
        }
        rows = Event.objects.filter(assembly_id=assembly_id, act__in=keep).order_by("sequence")
        for event in rows.iterator(chunk_size=2000):
            keep[event.act](int(event.subject.partition(":")[2]), _told(event))


def _told(event: Event) -> dict[str, Any]:
    try:
        return dict(json.loads(event.facts)) | {"post": event.post_id}
    except (TypeError, ValueError):
        return {}


def _digests(told: dict[str, Any]) -> list[str]:
    return str(told.get("sha256", "")).split()


def faults_in(
    assembly_id: int, *, render: bool = True, each: Callable[[], None] = lambda: None
) -> Iterator[Fault]:
    """Yield everything in an assembly's letters that is not what it was; `each` is called once a letter.

    Without `render` the stored PDFs are held against their digests and the log alone, not against their facts.
    """
    with scope(assembly=assembly_id):
        if fault := events.first_fault(assembly_id):
            row = _("row %(n)d: %(reason)s") % {"n": fault.sequence, "reason": fault.reason}
            yield Fault(_("The event log"), row)
        log = Log(assembly_id)
        yield from _versions(log)
        found = set()
        related = ("version", "bureau", "reply__proposal", "void")
        for letter in IssuedLetter.objects.select_related(*related).order_by("pk").iterator(chunk_size=200):
            found.add(letter.reply_id)
            yield from _letter(letter, log, render=render)
            each()
        for reply_id in sorted(set(log.issued) - found):
            yield Fault(str(log.issued[reply_id].get("doc_number", "")), _("the letter is gone"))
        yield from _opinions(log)


# ---- versions


def _versions(log: Log) -> Iterator[Fault]:
    found = set()
    rows = ReplyVersion.objects.select_related("reply__proposal", "reply__bureau").order_by("pk")
    for row in rows.iterator(chunk_size=500):
        found.add((row.reply_id, row.number))
        where = _("%(reply)s, version %(n)d") % {"reply": row.reply, "n": row.number}
        yield from (Fault(where, what) for what in _version(row, log))
    for reply_id, number in sorted(set(log.sent) - found, key=str):
        yield Fault(
            _("Reply %(pk)d, version %(n)s") % {"pk": reply_id, "n": number}, _("the version is gone")
        )


def _version(row: ReplyVersion, log: Log) -> Iterator[str]:
    if hashlib.sha256(row.body.encode()).hexdigest() != row.sha256:
        yield _("the text was changed")
    told = log.sent.get((row.reply_id, row.number))
    if told is None:
        yield _("the log knows nothing of it")
        return
    if told.get("sha256") != row.sha256:
        yield _("the digest was changed: the log has another")
    kept = told.get("points_sha256")
    if kept and kept != letters.facts_digest({"points": row.points}):
        yield _("the answers to the suggestions were changed")


# ---- letters


def _letter(letter: IssuedLetter, log: Log, *, render: bool) -> Iterator[Fault]:
    copies = list(LetterCopy.objects.filter(letter=letter).order_by("order"))
    told = log.issued.get(letter.reply_id)
    checks = (
        _issued(letter, told),
        _signature(letter, copies, log),
        _copies(letter, copies, told),
        _void(letter, log),
    )
    for check in checks:
        yield from (Fault(str(letter), what) for what in check)
    yield from _files(letter, copies, log.printed.get(letter.pk, set()), render=render)


def _issued(letter: IssuedLetter, told: dict[str, Any] | None) -> Iterator[str]:
    """The facts against their digest, and number, date and version against facts and log."""
    if letters.facts_digest(letter.facts) != letter.facts_sha256:
        yield _("a fact of the letter was changed")
    dated = letter.dated.isoformat()
    if letter.facts.get("doc_number") != str(letter):
        yield _("the number was changed: the letter says %s") % letter.facts.get("doc_number")
    if letter.facts.get("date") != dated:
        yield _("the date was changed: the letter says %s") % letter.facts.get("date")
    if told is None:
        yield _("the log knows nothing of its issue")
        return
    if told.get("facts_sha256") != letter.facts_sha256:
        yield _("the digest of the facts was changed: the log has another")
    if (told.get("doc_number"), told.get("dated")) != (str(letter), dated):
        yield _("number or date is not what was issued: the log says %(number)s, %(day)s") % {
            "number": told.get("doc_number"),
            "day": told.get("dated"),
        }
    if told.get("version") != letter.version.number:
        yield _("it points at version %(n)d; version %(issued)s was issued") % {
            "n": letter.version.number,
            "issued": told.get("version"),
        }


def _signature(letter: IssuedLetter, copies: list[LetterCopy], log: Log) -> Iterator[str]:
    rows = Approval.objects.filter(version=letter.version, decision=Approval.Decision.SIGNED, is_void=False)
    approval = rows.last()
    if approval is None:
        yield _("the signature is gone")
        return
    if approval.facts_sha256 and approval.facts_sha256 != letters.digest_signed_for(copies):
        yield _("the letter is not what was signed")
    told = log.signed.get((letter.reply_id, letter.version.number))
    if told is None:
        yield _("the log knows nothing of the signature")
        return
    if told.get("sha256") != letter.version.sha256:
        yield _("another text was signed: the log has another digest")
    if told.get("facts_sha256", approval.facts_sha256) != approval.facts_sha256:
        yield _("the digest that was signed was changed: the log has another")
    if told.get("post") != approval.post_id:
        yield _("the name of who signed was changed")


def _copies(letter: IssuedLetter, copies: list[LetterCopy], told: dict[str, Any] | None) -> Iterator[str]:
    if not copies or copies[0].facts != letter.facts:
        yield _("the first copy is not the letter")
    for copy in copies:
        if letters.facts_digest(copy.facts) != copy.facts_sha256:
            yield _("a fact of the copy to %s was changed") % copy.name
        if copy.facts.get("addressees") != [copy.name]:
            yield _("the addressee of the copy to %s was changed") % copy.name
        link, code = str(copy.facts.get("verify", "")), copy.check_code
        if bool(link) != bool(code) or (code and not link.endswith(f"/{code}/")):
            yield _("the code to check the copy to %s by was changed") % copy.name
    kept = str((told or {}).get("copies_sha256", "")).split()
    if kept and kept != [copy.facts_sha256 for copy in copies]:
        yield _("a copy was changed with its digest, added or taken away: the log has others")


def _void(letter: IssuedLetter, log: Log) -> Iterator[str]:
    told = log.voided.get(letter.pk)
    if letter.voided and told is None:
        yield _("it stands as void; the log knows nothing of that")
    if told is not None and letter.voided is None:
        yield _("it was declared void, and the row that says so is gone")
    if letter.voided and told and "note" in told and told["note"] != letter.voided.reason:
        yield _("the reason why it is void was changed")


# ---- files


def _files(
    letter: IssuedLetter, copies: list[LetterCopy], printed: set[str], *, render: bool
) -> Iterator[Fault]:
    files = {file.copy_id: file for file in LetterFile.objects.filter(letter=letter)}
    for copy in copies:
        where = _("%(letter)s to %(name)s") % {"letter": letter, "name": copy.name}
        if (file := files.get(copy.pk)) is None:
            if printed:
                yield Fault(where, _("the row of its PDF is gone"))
            continue
        if file.sha256 not in printed:
            yield Fault(where, _("the digest of the PDF was changed: the log has another"))
        yield from _bytes(where, file, copy, render=render)


def _bytes(where: str, file: LetterFile, copy: LetterCopy, *, render: bool) -> Iterator[Fault]:
    pdf = stored(file)
    if pdf is None:
        yield Fault(where, _("the PDF is missing: %s") % file.pdf.name)
        return
    if hashlib.sha256(pdf).hexdigest() != file.sha256:
        yield Fault(where, _("the PDF was changed: %s") % file.pdf.name)
    elif render:
        yield from against_facts(where, pdf, copy.facts)


def stored(row: Any) -> bytes | None:
    """Return the bytes of a row's PDF as they are kept; None where the file is missing or cannot be read."""
    try:
        with row.pdf.open("rb") as file:
            content: bytes = file.read()
    except (OSError, ValueError):
        return None
    return content


def against_facts(where: str, pdf: bytes, facts: dict[str, Any]) -> Iterator[Fault]:
    """Hold a stored PDF against the pages that its facts make now.

    A later release may set a letter differently: then the words decide, and equal words are worth a note only.
    """
    try:
        fresh = letters.set_anew(letters.letter_of(facts))
    except (*NOT_SET, Refused):
        yield Fault(where, _("its facts make no letter any more"))
        return
    if fresh == pdf:
        return
    if _words(fresh) != _words(pdf):
        yield Fault(where, _("the PDF does not say what its facts say"))
    else:
        told = _("the PDF was set by another release or other fonts; its words are those of its facts")
        yield Fault(where, told, is_note=True)


def _words(pdf: bytes) -> list[str] | None:
    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.get_textpage().get_text_bounded() for page in document]
    except pypdfium2.PdfiumError:
        return None


# ---- opinions


def _opinions(log: Log) -> Iterator[Fault]:
    rows = (
        Opinion.objects.filter(state=OpinionState.GIVEN).select_related("proposal", "bureau").order_by("pk")
    )
    found = set()
    for opinion in rows.iterator(chunk_size=500):
        found.add(opinion.pk)
        yield from (Fault(str(opinion), what) for what in _opinion(opinion, log.given.get(opinion.pk)))
    for pk in sorted(set(log.given) - found):
        yield Fault(str(log.given[pk].get("doc_number", "")), _("the opinion is gone"))


def _opinion(opinion: Opinion, told: dict[str, Any] | None) -> Iterator[str]:
    if letters.facts_digest(opinion.facts) != opinion.facts_sha256:
        yield _("a fact of the opinion was changed")
    if opinion.facts.get("body") != opinion.body:
        yield _("the text of the opinion was changed")
    if opinion.facts.get("doc_number") != opinion.document_number:
        yield _("the number was changed: the opinion says %s") % opinion.facts.get("doc_number")
    if told is None:
        yield _("the log knows nothing of it")
    elif told.get("facts_sha256") != opinion.facts_sha256:
        yield _("the digest of the facts was changed: the log has another")
