"""From a reply to its letter: the facts that are printed, and their pages. The door to the letter engine.

Facts are plain JSON, so that an issued letter keeps them as they were. No rule of layout lives here.
"""

import datetime as dt
import hashlib
import io
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pikepdf
from django.core.cache import caches
from django.urls import reverse
from django.utils import translation

from gongwen import pdf as engine
from gongwen import pictures
from gongwen.document import Letter, Table
from gongwen.document import digest as engine_digest
from gongwen.tables_text import blocks
from gongwen.tails import chinese_date
from gongwen.text import paragraphs
from office import printing
from office.events import canonical
from organizations.models import LetterProfile, Post, Role
from organizations.patterns import fill
from replies.addressees import Addressee, addressees_of, first_of
from replies.models import IssuedLetter, LetterCopy, Reply
from replies.workflow import ReplyState

PREVIEW_SECONDS = 3600
PAGE_WIDTH_PX = 900


def profile_of(reply: Reply) -> LetterProfile:
    """Return the bureau's own letter profile, else the assembly's."""
    rows = LetterProfile.objects.filter(bureau_id=reply.bureau_id)
    return rows.first() or LetterProfile.objects.get(assembly_id=reply.assembly_id, bureau=None)


def opening_and_closing(reply: Reply, to: Addressee | None = None) -> tuple[str, str]:
    """Return the two passages that the assembly's profile puts around the answer, as this addressee reads them.

    Without an addressee they are those of who files first, with which a draft begins.
    """
    profile, names = profile_of(reply), names_of(reply, to or first_of(reply.proposal))
    opening, closing = (fill(pattern, names) for pattern in (profile.opening, profile.closing))
    return opening.replace("\r\n", "\n"), closing.replace("\r\n", "\n")


def names_of(reply: Reply, to: Addressee) -> dict[str, str]:
    """Return what the names in a profile's patterns stand for in this letter, in the letter's language."""
    proposal, leader = to.proposal, signer_of(reply)
    return {
        "place": proposal.assembly.place,
        "session": proposal.session.name,
        "number": str(proposal.number or ""),
        "title": proposal.title.strip(),
        "you": to.you,
        "bureau": reply.bureau.name,
        "leader": leader.user.name if leader else "",
        "clerk": reply.clerk.user.name,
        "phone": reply.clerk.phone,
    }


def body_to(reply: Reply, to: Addressee) -> str:
    """Return the text as this addressee reads it.

    The draft is written to who files first. Where its opening and closing still stand as the profile gave them,
    each addressee reads the own ones; whatever else was written is the same for all.
    """
    first = first_of(reply.proposal)
    if to == first:
        return reply.body
    body = reply.body
    (opening, closing), (own_opening, own_closing) = (opening_and_closing(reply, one) for one in (first, to))
    if opening and opening in body:
        body = body.replace(opening, own_opening, 1)
    if closing and closing in body:
        before, _closing, after = body.rpartition(closing)
        body = before + own_closing + after
    return body


def signer_of(reply: Reply) -> Post | None:
    """Return who signed the newest version; before that the leader who is about to, else the first in office."""
    newest = reply.newest
    signed = (
        newest
        and newest.approvals.filter(decision="signed", is_void=False).select_related("post__user").first()
    )
    if signed:
        return signed.post
    if reply.reader and reply.reader.role == Role.LEADER and reply.state == ReplyState.AWAITING_SIGNATURE:
        return reply.reader
    leaders = Post.objects.held().filter(bureau_id=reply.bureau_id, role=Role.LEADER).select_related("user")
    return leaders.first()


def letter_facts(
    reply: Reply,
    to: Addressee | None = None,
    *,
    doc_number: str = "",
    dated: dt.date | None = None,
    check_code: str = "",
) -> dict[str, Any]:
    """Return everything that the letter to one addressee prints, as it stands now (small JSON values).

    Without an addressee it is the letter to who files first. Number, date and the code to check the letter by come
    with the issue.
    """
    to = to or first_of(reply.proposal)
    profile, names = profile_of(reply), names_of(reply, to)
    facts = {
        "form": profile.form,
        "title": fill(profile.title, names).replace("\r\n", "\n"),
        "addressees": [to.name],
        "paragraphs": [_block_facts(block) for block in blocks(paragraphs(body_to(reply, to)))],
        "date": dated and dated.isoformat(),
        "doc_number": doc_number,
        "result_class": reply.result_class.mark if reply.result_class else "",
        "disclosure": reply.disclosure.mark if reply.disclosure else "",
        "contacts": [line.strip() for line in fill(profile.contacts, names).splitlines() if line.strip()],
    }
    if profile.form != LetterProfile.Form.PLAIN:
        facts |= _red_head_facts(reply, profile, names)
    if profile.form == LetterProfile.Form.FILE:
        facts |= _file_form_facts(reply, names, dated)
    if reply.corrects:
        facts["note"] = _correction_note(reply.corrects)
    if check_code:
        facts["verify"] = printing.absolute(reverse("portal:verify_letter", args=[check_code]))
    return facts


def _correction_note(wrong: IssuedLetter) -> str:
    """附注 of a letter that puts another right: it names the other, whatever the text says."""
    return f"{chinese_date(wrong.dated)}{wrong}答复有误，现予作废，以本函为准"


def new_check_code(reply: Reply) -> str:
    """Return what the code on a copy of this reply's letter leads to; empty where its letters bear no code.

    Random and kept with the copy, not signed: a letter on paper outlives the keys of a server.
    """
    return secrets.token_urlsafe(12) if profile_of(reply).has_check_code else ""


def _block_facts(block: str | Table) -> str | dict[str, Any]:
    """Return a paragraph as it is, a table as plain lists."""
    if isinstance(block, str):
        return block
    return {"caption": block.caption, "rows": [list(row) for row in block.rows], "head": block.head}


def _block_of(facts: str | dict[str, Any]) -> str | Table:
    if isinstance(facts, str):
        return facts
    return Table(tuple(map(tuple, facts["rows"])), facts["caption"], facts["head"])


def _red_head_facts(reply: Reply, profile: LetterProfile, names: dict[str, str]) -> dict[str, Any]:
    return {
        "letterhead": fill(profile.letterhead, names),
        "marks_at": profile.marks_at,
        "issuers": [reply.bureau.name],
        "copies_to": [line.strip() for line in profile.copies_to.splitlines() if line.strip()],
    }


def _file_form_facts(reply: Reply, names: dict[str, str], dated: dt.date | None) -> dict[str, Any]:
    return {
        "signers": [names["leader"]] if names["leader"] else [],
        "printed_by": reply.bureau.printed_by,
        "printed_on": dated and dated.isoformat(),
    }


def facts_digest(facts: dict[str, Any]) -> str:
    """Return the SHA-256 of a letter's facts."""
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def signed_digest(reply: Reply) -> str:
    """Return the digest of what a signature is given to: every letter of the reply, to whomever it goes."""
    return _letters_digest([letter_facts(reply, to) for to in addressees_of(reply.proposal)])


def _letters_digest(facts: list[dict[str, Any]]) -> str:
    return facts_digest(facts[0] if len(facts) == 1 else {"letters": facts})


def digest_signed_for(copies: Sequence[LetterCopy]) -> str:
    """Return the digest that was signed, computed from the issued copies: what the issue added is taken off again."""
    added = {"doc_number": "", "date": None, "printed_on": None}
    signed = []
    for copy in copies:
        facts = {name: added.get(name, value) for name, value in copy.facts.items() if name != "verify"}
        signed.append(facts)
    return _letters_digest(signed)


def letter_of(facts: dict[str, Any], *, watermark: str = "") -> Letter:
    """Return the engine's document of these facts."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()
    }
    values["paragraphs"] = tuple(map(_block_of, facts["paragraphs"]))
    for name in ("date", "printed_on"):
        values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
    return replace(Letter(**values), watermark=watermark)


def draft_letter(reply: Reply, to: Addressee | None = None) -> Letter:
    """Return the letter as it would be printed now, marked as a draft on each page."""
    return letter_of(letter_facts(reply, to), watermark="\u8349\u7a3f")


def digest_of(letter: Letter) -> str:
    """Return the name of exactly these facts: the same facts give the same pages."""
    return engine_digest(letter).hex()


def pdf_of(letter: Letter) -> bytes:
    """Return the letter's PDF, from the cache where the same facts were set before."""
    cache, key = caches["pages"], f"pdf-{digest_of(letter)}"
    pdf: bytes | None = cache.get(key)
    if pdf is None:
        pdf = set_anew(letter)
        cache.set(key, pdf, PREVIEW_SECONDS)
    return pdf


def set_anew(letter: Letter) -> bytes:
    """Return the letter's PDF, made now."""
    # Nothing of the page's language may reach the letter.
    with translation.override("zh-hans"):
        return engine.render(letter)


def bound(pdfs: Sequence[bytes]) -> bytes:
    """Return several letters as one PDF to print on both sides: each begins on a front."""
    with pikepdf.new() as whole:
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as letter:
                size = letter.pages[0].mediabox
                width, height = float(size[2] - size[0]), float(size[3] - size[1])
                whole.pages.extend(letter.pages)
            if len(whole.pages) % 2:
                whole.add_blank_page(page_size=(width, height))
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def page_picture(pdf: bytes, number: int) -> bytes:
    """Return one page of a PDF as PNG; raises IndexError for a page that it does not have."""
    if not 1 <= number <= pictures.page_count(pdf):
        raise IndexError(number)
    key = f"png-{hashlib.sha256(pdf).hexdigest()}-{number}"
    picture: bytes | None = caches["pages"].get(key)
    if picture is None:
        picture = pictures.page_png(pdf, number, PAGE_WIDTH_PX)
        caches["pages"].set(key, picture, PREVIEW_SECONDS)
    return picture
