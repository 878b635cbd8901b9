"""Verbs of the answer: draft, send up, check, sign, return, issue. The only code that writes replies.

Each locks the proposal's row first (the case lock), then asks policy and table, writes, and records the event
in one transaction. The PDF is made after the commit, from frozen facts, and can be made again at any time.
"""

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
from organizations.models import Bureau, ListItem, Post
from proposals import services as proposal_services
from proposals.models import Assignment
from replies import changes, checks, letters, points, policies, void_services
from replies.addressees import Addressee, addressees_of
from replies.models import (
    Approval,
    DraftSave,
    IssuedLetter,
    LetterCopy,
    LetterFile,
    PointAnswer,
    Reply,
    ReplyVersion,
    document_number,
)
from replies.version_keeping import keep
from replies.workflow import REPLY


def _locked(reply_id: int) -> Reply:
    """Return the reply with its case locked until the transaction ends."""
    proposal_id = Reply.objects.values_list("proposal_id", flat=True).get(pk=reply_id)
    proposal = proposal_services.locked(proposal_id)
    related = ("assignment__bureau", "bureau", "clerk__user", "result_class", "disclosure")
    reply = Reply.objects.select_related(*related).get(pk=reply_id)
    reply.proposal = reply.assignment.proposal = proposal
    return reply


def _take(reply: Reply, post: Post, name: str) -> None:
    """Policy, then table, then the row: one step of a locked reply."""
    policies.require(post, name, reply)
    REPLY.perform(reply, name)
    _write(reply)


def _write(reply: Reply, **changes: Any) -> None:
    changes |= {"lock_version": reply.lock_version + 1, "changed_at": clock.now()}
    for field, value in changes.items():
        setattr(reply, field, value)
    reply.save(update_fields=["state", *changes])


def _record(reply: Reply, post: Post | None, name: str, **facts: Any) -> None:
    events.record(post=post, act=REPLY.act_name(name), subject=reply, thread=reply.proposal, **facts)


def reply_create(*, assignment_id: int, post: Post, key: str = "") -> Reply:
    """Begin the reply to a proposal that was signed in, with the profile's opening and closing."""
    with act(post=post, key=key):
        proposal_id = Assignment.objects.values_list("proposal_id", flat=True).get(pk=assignment_id)
        proposal = proposal_services.locked(proposal_id)
        assignment = Assignment.objects.select_related("bureau").get(pk=assignment_id)
        if not policies.may_start(post, assignment):
            raise Refused(_("The reply has been begun already, or the proposal was not signed in yet."))
        now = clock.now()
        reply = Reply(
            assembly_id=post.assembly_id,
            proposal=proposal,
            assignment=assignment,
            round=assignment.round,
            bureau=assignment.bureau,
            clerk=post,
            created_at=now,
            changed_at=now,
        )
        reply.save()
        reply.body = "\n".join(letters.opening_and_closing(reply))
        reply.save(update_fields=["body"])
        keep(reply, post, DraftSave.Kind.BEGUN)
        PointAnswer.objects.bulk_create(points.from_first_reply(reply))
        _record(reply, post, "create")
    return reply


def reply_save(
    *,
    reply_id: int,
    post: Post,
    body: str,
    result_class: ListItem | None,
    disclosure: ListItem | None,
    answers: points.Typed | None = None,
    version_seen: int | None = None,
    by_hand: bool = False,
) -> Reply:
    """Keep the draft as it was typed, with the answers to the suggestions; who wrote in it is remembered for good.

    `by_hand`: a person asked for it, so that this very text stays in the history. A page that is behind but
    brings what is kept already is no conflict: a save by itself has overtaken it.
    """
    with act(post=post):
        reply = _locked(reply_id)
        policies.require(post, "edit", reply)
        answered = points.changed(reply, answers or {})
        if answered or (reply.body, reply.result_class, reply.disclosure) != (body, result_class, disclosure):
            refuse_stale(version_seen, reply.lock_version)
            PointAnswer.objects.bulk_create(
                answered,
                update_conflicts=True,
                unique_fields=["reply", "suggestion"],
                update_fields=points.FIELDS,
            )
            clerk = _contact(reply, post)
            _write(reply, body=body, result_class=result_class, disclosure=disclosure, clerk=clerk)
            keep(reply, post)
        if by_hand:
            keep(reply, post, DraftSave.Kind.SAVED)
        reply.writers.add(post.user)
    return reply


def reply_restore(
    *, reply_id: int, post: Post, state: str, version_seen: int | None = None, key: str = ""
) -> DraftSave:
    """Put the draft back to an earlier state ("s7" a save, "v2" a version). A new save: what stood there stays."""
    with act(post=post, key=key):
        reply = _locked(reply_id)
        policies.require_clerk(post, reply)
        if not policies.may(post, "edit", reply):
            raise Refused(
                _("Only a draft can be put back: take it back first, or wait until it is returned.")
            )
        refuse_stale(version_seen, reply.lock_version)
        source = policies.state_or_404(reply, state)
        facts = {name: getattr(source, name) for name in ("body", "result_class", "disclosure")}
        if all(getattr(reply, name) == value for name, value in facts.items()):
            raise Refused(_("The draft stands like this already; nothing was changed."))
        _write(reply, clerk=_contact(reply, post), **facts)
        reply.writers.add(post.user)
        save = keep(reply, post, DraftSave.Kind.RESTORED, source)
        if isinstance(source, ReplyVersion):
            _record(reply, post, "restore", version=source.number)
        else:
            saved = timezone.localtime(source.at)
            _record(reply, post, "restore_save", saved_on=f"{saved:%Y-%m-%d}", saved_at=f"{saved:%H:%M}")
    return save


def _contact(reply: Reply, post: Post) -> Post:
    """The letter names who began it; once that post has ended, the clerk who goes on with it."""
    return reply.clerk if Post.objects.held().filter(pk=reply.clerk_id).exists() else post


def reply_mend(*, reply_id: int, post: Post, what: str, version_seen: int | None = None) -> int:
    """Carry out a fix of the check in the draft; return how many places were changed.

    `what` is the key of one fix, a rule (all its fixes) or mending.ALL.
    """
    with act(post=post):
        reply = _locked(reply_id)
        policies.require(post, "edit", reply)
        refuse_stale(version_seen, reply.lock_version)
        body = checks.mended_body(reply, what)
        if body == reply.body:
            raise Refused(_("This place was changed in the meantime: look at what the check finds now."))
        changed = changes.places(changes.differences(reply.body, body))
        _write(reply, body=body)
        keep(reply, post, DraftSave.Kind.MENDED)
        reply.writers.add(post.user)
    return changed


def reply_send(*, reply_id: int, post: Post, version_seen: int | None = None, key: str = "") -> ReplyVersion:
    """Freeze the draft as the next version and send it up for checking."""
    with act(post=post, key=key):
        reply = _locked(reply_id)
        refuse_stale(version_seen, reply.lock_version)
        reply.clerk = _contact(reply, post)  # before the guard, which looks at the letter as it will be
        _take(reply, post, "send")
        _write(reply, sent_at=clock.now(), clerk=reply.clerk)
        version = _frozen(reply, post)
        facts = {"sha256": version.sha256, "points_sha256": letters.facts_digest({"points": version.points})}
        _record(reply, post, "send", version=version.number, **facts)
    return version


def _frozen(reply: Reply, post: Post) -> ReplyVersion:
    """The writers are all who ever wrote in it, as their words may still stand there, and who sends it."""
    last = reply.newest
    version = ReplyVersion.objects.create(
        assembly_id=reply.assembly_id,
        reply=reply,
        number=last.number + 1 if last else 1,
        body=reply.body,
        result_class_id=reply.result_class_id,
        disclosure_id=reply.disclosure_id,
        sha256=hashlib.sha256(reply.body.encode()).hexdigest(),
        sent_by=post,
        sent_at=clock.now(),
        points=points.frozen(reply),
    )
    version.writers.set({*reply.writers.all(), post.user})
    return version


def reply_recall(*, reply_id: int, post: Post, version_seen: int | None = None, key: str = "") -> Reply:
    """Take a version back to drafting before the checker has decided."""
    return _step_back(reply_id, post, "recall", version_seen, key)


def reply_pass_recall(*, reply_id: int, post: Post, version_seen: int | None = None, key: str = "") -> Reply:
    """Take a version back from the leader before the leader has decided; the checker's consent is void."""
    return _step_back(reply_id, post, "pass_recall", version_seen, key)


def _step_back(reply_id: int, post: Post, name: str, version_seen: int | None, key: str) -> Reply:
    with act(post=post, key=key):
        reply = _locked(reply_id)
        version = _version_of(reply)
        refuse_stale(version_seen, version.number)
        _take(reply, post, name)
        _void_approvals(reply)
        _record(reply, post, name, version=version.number)
    return reply


def reply_pass(
    *, reply_id: int, post: Post, version_seen: int | None = None, note: str = "", key: str = ""
) -> Approval:
    """Pass the newest version on for signature (核稿)."""
    return _approve(reply_id, post, "pass", Approval.Decision.PASSED, version_seen, note, key)


def reply_sign(
    *,
    reply_id: int,
    post: Post,
    version_seen: int | None = None,
    note: str = "",
    key: str = "",
    proof: str = "",
) -> Approval:
    """Sign the newest version (签发); refused when the leader was shown an older one, or gave no proof."""
    return _approve(reply_id, post, "sign", Approval.Decision.SIGNED, version_seen, note, key, proof)


def _approve(
    reply_id: int,
    post: Post,
    name: str,
    decision: str,
    version_seen: int | None,
    note: str,
    key: str,
    proof: str = "",
) -> Approval:
    with act(post=post, key=key):
        reply = _locked(reply_id)
        version = _version_of(reply)
        refuse_stale(version_seen, version.number)
        reply.reader = post
        _take(reply, post, name)
        approval = _decided(version, post, decision, note)
        if decision == Approval.Decision.SIGNED:
            signing.require(post, proof)
            # Read after the approval stands: the letter names who signed.
            approval.facts_sha256 = letters.signed_digest(reply)
            approval.save(update_fields=["facts_sha256"])
        facts = {"version": version.number, "sha256": version.sha256, "note": note}
        if approval.facts_sha256:
            facts["facts_sha256"] = approval.facts_sha256
        _record(reply, post, name, **facts, **signing.facts_of(proof))
    return approval


def _version_of(reply: Reply) -> ReplyVersion:
    version = reply.newest
    if version is None:
        raise Refused(_("Nothing has been sent up yet."))
    return version


def _decided(version: ReplyVersion, post: Post, decision: str, note: str) -> Approval:
    return Approval.objects.create(
        assembly_id=version.assembly_id,
        version=version,
        post=post,
        decision=decision,
        note=note,
        at=clock.now(),
    )


def _void_approvals(reply: Reply) -> None:
    Approval.objects.filter(version__reply=reply, is_void=False).exclude(
        decision=Approval.Decision.RETURNED
    ).update(is_void=True)


def reply_return(
    *, reply_id: int, post: Post, step: str, note: str, version_seen: int | None = None, key: str = ""
) -> Reply:
    """Return the reply to the clerk with a reason; every approval given so far becomes void.

    `step` is the row of the table: "check_return", "sign_return" or "issue_return".
    """
    if not note.strip():
        raise Refused(_("Give the reason: the clerk needs it to go on."))
    with act(post=post, key=key):
        reply = _locked(reply_id)
        version = _version_of(reply)
        refuse_stale(version_seen, version.number)
        _take(reply, post, step)
        _void_approvals(reply)
        _decided(version, post, Approval.Decision.RETURNED, note)
        _record(reply, post, step, version=version.number, note=note, is_return=True)
    return reply


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
        reply = _locked(reply_id)
        version = _version_of(reply)
        refuse_stale(version_seen, version.number)
        _take(reply, post, "issue")
        signing.require(post, proof)
        _refuse_wrong_date(dated, signed_on(reply))
        _refuse_other_letter(reply)
        letter = _numbered(reply, version, post, dated)
        facts = {"version": version.number, "doc_number": str(letter), "facts_sha256": letter.facts_sha256}
        facts["copies_sha256"] = " ".join(copy.facts_sha256 for copy in letter.copies.order_by("order"))
        _record(reply, post, "issue", dated=dated.isoformat(), **facts, **signing.facts_of(proof))
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
