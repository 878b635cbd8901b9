"""Verbs of the issue: the number taken last, the facts frozen, then the PDF of each copy."""

import datetime as dt
import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from gongwen import pictures
from office import clock, events, numbering
from office.acts import act, refuse_stale
from office.workflow import Refused
from organizations import signing
from organizations.models import Bureau, Post
from proposals import services as proposal_services
from replies import checks, letters, void_services
from replies.addressees import Addressee, addressees_of
from replies.models import (
    Approval,
    IssuedLetter,
    LetterCopy,
    LetterFile,
    Reply,
    ReplyVersion,
    document_number,
)
from replies.services.base import locked, record, take, version_of


def reply_issue(
    *,
    reply_id: int,
    post: Post,
    dated: dt.date,
    version_seen: int | None = None,
    key: str = "",
    proof: str = "",
) -> IssuedLetter:
    """Issue the signed version: its document number, its date, its facts frozen; then its PDF, made once.

    `dated` is the date that the letter bears (成文日期): the day of the signature or a later one, not
    after today.
    """
    with act(post=post, key=key):
        reply = locked(reply_id)
        version = version_of(reply)
        refuse_stale(version_seen, version.number)
        take(reply, post, "issue")
        signing.require(post, proof)
        _refuse_wrong_date(dated, signed_on(reply))
        _refuse_other_letter(reply)
        letter = _numbered(reply, version, post, dated)
        facts = {"version": version.number, "doc_number": str(letter), "facts_sha256": letter.facts_sha256}
        facts["copies_sha256"] = " ".join(copy.facts_sha256 for copy in letter.copies.order_by("order"))
        record(reply, post, "issue", dated=dated.isoformat(), **facts, **signing.facts_of(proof))
        if reply.corrects:
            void_services.replaced(reply.corrects, letter, post)
        else:
            proposal_services.assignment_reply(assignment=reply.assignment, day=clock.today())
        transaction.on_commit(lambda: letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id))
    return letter


def signed_on(reply: Reply) -> dt.date:
    """Return the day on which the newest version was signed; today before that."""
    signed = Approval.objects.filter(version__reply=reply, decision="signed", is_void=False).last()
    return timezone.localtime(signed.at).date() if signed else clock.today()


def _refuse_other_letter(reply: Reply) -> None:
    """What goes out is what was signed: settings that changed the letter since then stop the issue."""
    signed = Approval.objects.filter(version__reply=reply, decision="signed", is_void=False).last()
    if signed and signed.facts_sha256 != letters.signed_digest(reply):
        raise Refused(
            _(
                "The letter is not the one that was signed: its settings were changed. Return it to be signed anew."
            )
        )


def _refuse_wrong_date(dated: dt.date, signed: dt.date) -> None:
    if dated < signed:
        raise Refused(_("The letter cannot be dated before it was signed."))
    if dated > clock.today():
        raise Refused(_("The letter cannot be dated in the future."))


def series_key(bureau: Bureau, year: int) -> str:
    """Return the name of the series that a bureau's letters of a year are numbered in."""
    return f"letter/bureau:{bureau.pk}/{bureau.number_word}/{year}"


def _first_number(bureau: Bureau) -> int:
    """A bureau that moves in within a year goes on from its paper series; every later series begins with 1."""
    return 1 if IssuedLetter.objects.filter(bureau=bureau).exists() else bureau.first_number


def expected_doc_number(bureau: Bureau, year: int) -> str:
    """Return the document number that the bureau's next letter of a year would get now; none is taken."""
    key = series_key(bureau, year)
    number = numbering.expected_number(assembly_id=bureau.assembly_id, key=key, first=_first_number(bureau))
    return document_number(bureau.number_word, year, number)


def _numbered(reply: Reply, version: ReplyVersion, post: Post, dated: dt.date) -> IssuedLetter:
    bureau = reply.bureau
    number = numbering.take_number(
        assembly_id=reply.assembly_id,
        key=series_key(bureau, dated.year),
        first=_first_number(bureau),
    )
    doc_number = document_number(bureau.number_word, dated.year, number)
    printed: dict[str, Any] = {"doc_number": doc_number, "dated": dated}
    copies = []
    for to in addressees_of(reply.proposal):
        code = letters.new_check_code(reply)
        copies.append((to, code, letters.letter_facts(reply, to, **printed, check_code=code)))
        checks.refuse_unprintable(letters.letter_of(copies[-1][2]))
    letter = IssuedLetter.objects.create(
        assembly_id=reply.assembly_id,
        reply=reply,
        version=version,
        bureau=bureau,
        word=bureau.number_word,
        year=dated.year,
        number=number,
        dated=dated,
        facts=copies[0][2],
        facts_sha256=letters.facts_digest(copies[0][2]),
        issued_by=post,
        issued_at=clock.now(),
    )
    for order, (to, code, facts) in enumerate(copies, 1):
        _keep_copy(letter, order, to, code, facts)
    return letter


def _keep_copy(letter: IssuedLetter, order: int, to: Addressee, code: str, facts: dict[str, Any]) -> None:
    LetterCopy.objects.create(
        assembly_id=letter.assembly_id,
        letter=letter,
        order=order,
        proposal=to.proposal,
        committee=to.committee,
        member=to.member,
        name=to.name,
        kind=to.kind,
        facts=facts,
        facts_sha256=letters.facts_digest(facts),
        check_code=code,
    )


def letter_print(*, letter_id: int, assembly_id: int) -> list[LetterFile]:
    """Make the PDF of every copy of an issued letter from its facts, once; later calls return the same files."""
    with scope(assembly=assembly_id):
        letter = IssuedLetter.objects.select_related("reply__proposal").get(pk=letter_id)
        made = {copy.pk: letters.pdf_of(letters.letter_of(copy.facts)) for copy in _unprinted(letter)}
        if made:
            with transaction.atomic():
                proposal_services.locked(letter.reply.proposal_id)
                _keep_pdfs(letter, [(copy, made[copy.pk]) for copy in _unprinted(letter)])
        files = LetterFile.objects.filter(letter=letter).select_related("copy")
        return list(files.order_by("copy__order"))


def _unprinted(letter: IssuedLetter) -> QuerySet[LetterCopy]:
    return LetterCopy.objects.filter(letter=letter, file=None).order_by("order")


def _keep_pdfs(letter: IssuedLetter, made: list[tuple[LetterCopy, bytes]]) -> None:
    kept = [_kept_pdf(letter, copy, pdf) for copy, pdf in made]
    if kept:
        events.record(
            post=None,
            act="letter.print",
            subject=letter,
            thread=letter.reply.proposal,
            pages=sum(file.pages for file in kept),
            sha256=" ".join(file.sha256 for file in kept),
        )


def _kept_pdf(letter: IssuedLetter, copy: LetterCopy, pdf: bytes) -> LetterFile:
    digest = hashlib.sha256(pdf).hexdigest()
    kept = LetterFile(
        assembly_id=letter.assembly_id, letter=letter, copy=copy, sha256=digest, made_at=clock.now()
    )
    kept.pages = pictures.page_count(pdf)
    kept.pdf.save("letter.pdf", ContentFile(pdf), save=False)
    kept.save()
    return kept
