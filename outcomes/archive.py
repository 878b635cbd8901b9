"""The whole case as one document (归档): its sheets in their order under a cover that lists them. Writes nothing.

The letters are the files that went out; every other sheet is printed from the rows and the event log.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from office import clock, events, printing
from office.events import Line
from organizations.models import Post, Role
from outcomes import papers as own_papers
from outcomes import policies
from proposals import papers
from proposals.models import Chase, Contact, Decline, Extension, Proposal
from proposals.workflow import ProposalState
from replies import opinion_selectors
from replies import services as replies
from replies.models import IssuedLetter, Opinion
from replies.opinion_workflow import OpinionState

ARCHIVED = (ProposalState.ANSWERED, ProposalState.CLOSED)
# A bureau's drafting is its own; how a proposal was written and reviewed is no matter of the dispatchers.
BUREAU_ONLY = ("reply.", "opinion.")
FOR_ALL = ("reply.issue", "opinion.give")
REVIEW_ONLY = (
    "proposal.create",
    "proposal.enter",
    "proposal.invite",
    "proposal.reword",
    "proposal.examine",
    "proposal.return",
    "proposal.recall",
    "cosigner.",
    "attachment.",
)
# What each sheet is called in the list and in the outline, and the file.
Part = tuple[str, bytes]


def can_be_archived(proposal: Proposal) -> bool:
    """Say whether the case has come so far that its file can be bound."""
    return proposal.state in ARCHIVED


def name_of(proposal: Proposal) -> str:
    """Return the name of the file."""
    return f"提案档案-{proposal.session.name}第{proposal.number}号.pdf"


@printing.in_chinese()
def pdf_of_case(post: Post, proposal: Proposal) -> bytes:
    """Return the whole case as this post may read it."""
    parts = list(_parts(post, proposal))
    with pikepdf.new() as bound:
        opened = [pikepdf.open(io.BytesIO(pdf)) for _title, pdf in parts]
        cover = _cover(proposal, parts, [len(pdf.pages) for pdf in opened])
        _bind(bound, [("封面和目录", cover), *zip((title for title, _pdf in parts), opened, strict=True)])
        bound.Root.Lang = pikepdf.String("zh-CN")
        bound.docinfo["/Title"] = name_of(proposal).removesuffix(".pdf")
        target = io.BytesIO()
        bound.save(target, deterministic_id=True)
    return target.getvalue()


def _bind(bound: pikepdf.Pdf, parts: list[tuple[str, pikepdf.Pdf]]) -> None:
    with bound.open_outline() as outline:
        for title, pdf in parts:
            outline.root.append(pikepdf.OutlineItem(title, len(bound.pages)))
            bound.pages.extend(pdf.pages)


def _cover(proposal: Proposal, parts: list[Part], lengths: list[int]) -> pikepdf.Pdf:
    """The cover, set until the number of its own pages is the one that its list counts with."""
    own, found = 0, None
    while found is None or len(found.pages) != own:
        own = len(found.pages) if found else 1
        firsts = [own + sum(lengths[:n]) + 1 for n in range(len(parts))]
        rows = [{"title": title, "first": first} for (title, _pdf), first in zip(parts, firsts, strict=True)]
        found = pikepdf.open(io.BytesIO(_sheet("archive", "提案档案", proposal, rows=rows, **_end(proposal))))
    return found


def _end(proposal: Proposal) -> dict[str, Any]:
    closed = timezone.localtime(proposal.closed_at).date() if proposal.closed_at else None
    return {"state": str(proposal.get_state_display()), "closed_on": closed, "bound_on": clock.today()}


def _sheet(form: str, name: str, proposal: Proposal, **facts: Any) -> bytes:
    """A sheet that only an archive has."""
    return printing.pdf_of_paper(form, name, papers.case_facts(proposal) | facts)


# ---- the sheets, in their order


def _parts(post: Post, proposal: Proposal) -> Iterator[Part]:
    for case in (proposal, *proposal.merged.select_related("session", "assembly").order_by("number")):
        title = f"提案表（第{case.number}号）"
        yield title, printing.pdf_of("proposal", papers.proposal_context(post, case))
    for part in papers.parts_of(proposal):
        part.proposal = proposal
        context = papers.assignment_context(part)
        yield f"提案交办通知单（{part.bureau}）", printing.pdf_of("assignment", context)
    yield from _requests(proposal)
    yield from _contacts(proposal)
    yield from _opinions(proposal)
    yield from _letters(proposal)
    yield from _receipts(post, proposal)
    yield from _questionnaires(post, proposal)
    yield from _follow_ups(post, proposal)
    context = papers.handling_context(post, proposal, _story(post, proposal))
    yield "提案办理单（全部经过）", printing.pdf_of("handling", context)


def _story(post: Post, proposal: Proposal) -> list[Line]:
    """The history as those who keep the files may read it, newest first."""
    hidden = BUREAU_ONLY if post.role == Role.REVIEWER else BUREAU_ONLY + REVIEW_ONLY
    lines = events.story(proposal)
    return [line for line in lines if line.act.startswith(FOR_ALL) or not line.act.startswith(hidden)]


def _requests(proposal: Proposal) -> Iterator[Part]:
    of_case = {"assignment__proposal": proposal}
    related = papers.ON_THE_WAY
    for decline in Decline.objects.filter(**of_case).select_related(*related).order_by("pk"):
        title = f"退办申请单（{decline.assignment.bureau}）"
        yield title, printing.pdf_of("decline", papers.decline_context(decline))
    for extension in Extension.objects.filter(**of_case).select_related(*related).order_by("pk"):
        title = f"延期办理申请单（{extension.assignment.bureau}）"
        yield title, printing.pdf_of("extension", papers.extension_context(extension))
    for chase in Chase.objects.filter(**of_case).select_related(*related).order_by("pk"):
        title = f"催办单（{chase.assignment.bureau}）"
        yield title, printing.pdf_of("chase", papers.chase_context(chase))


def _contacts(proposal: Proposal) -> Iterator[Part]:
    rows = Contact.objects.filter(assignment__proposal=proposal)
    contacts = list(rows.select_related("assignment__bureau", "way", "post__user").order_by("held_on", "pk"))
    if contacts:
        yield "沟通记录", _sheet("contacts", "提案办理沟通记录", proposal, contacts=contacts)


def _opinions(proposal: Proposal) -> Iterator[Part]:
    rows = Opinion.objects.filter(proposal=proposal, state=OpinionState.GIVEN).order_by("signed_at", "pk")
    for opinion in rows.select_related("assignment__bureau", "bureau", "clerk__user"):
        opinion.assignment.proposal = proposal
        context = opinion_selectors.paper_context(opinion)
        yield f"会办意见函（{opinion.document_number}）", printing.pdf_of("opinion", context)


def _letters(proposal: Proposal) -> Iterator[Part]:
    rows = IssuedLetter.objects.filter(reply__proposal=proposal).order_by("issued_at", "pk")
    for letter in rows.select_related("void"):
        void = "，已作废" if letter.voided else ""
        for file in replies.letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id):
            with file.pdf.open("rb") as content:
                yield f"答复函（{letter}，致{file.copy.name}{void}）", content.read()


def _receipts(post: Post, proposal: Proposal) -> Iterator[Part]:
    """Each scan once, though it may stand for several deliveries."""
    rows = policies.deliveries_visible_to(post).filter(copy__letter__reply__proposal=proposal)
    names: dict[str, list[str]] = {}
    files: dict[str, FieldFile] = {}
    for row in rows.exclude(receipt="").select_related("copy").order_by("copy__letter", "copy__order"):
        names.setdefault(str(row.receipt), []).append(row.copy.name)
        files[str(row.receipt)] = row.receipt
    for path, file in files.items():
        if scan := _scanned(file):
            yield f"送达回执（{'、'.join(names[path])}）", scan


def _follow_ups(post: Post, proposal: Proposal) -> Iterator[Part]:
    for promise in policies.commitments_visible_to(post).filter(case=proposal).select_related("letter"):
        for letter in policies.follow_ups_visible_to(post, promise):
            for one in letter.mine:
                title = f"后续答复函（{letter.facts['document_number']}，致{one['name']}）"
                yield title, own_papers.follow_ups(letter, [one])


def _questionnaires(post: Post, proposal: Proposal) -> Iterator[Part]:
    """What this post may know of; never with the link, which is for who answers."""
    rows = policies.feedback_visible_to(post).filter(case=proposal).order_by("letter", "copy__order")
    for feedback in rows.select_related(
        "copy__proposal__session", "copy__proposal__assembly", "letter__bureau"
    ):
        title = f"征询意见表（{feedback.copy.name}）"
        yield title, printing.pdf_of("questionnaire", own_papers.questionnaire(feedback) | {"link": ""})
        if scan := _scanned(feedback.scan):
            yield f"征询意见表原件（{feedback.copy.name}）", scan


def _scanned(file: FieldFile) -> bytes | None:
    """The paper that came back, as PDF; nothing where the file is missing or cannot be read."""
    if not file:
        return None
    try:
        with file.open("rb") as content:
            data: bytes = content.read()
        if not str(file.name).lower().endswith(".pdf"):
            return _picture(data)
        with pikepdf.open(io.BytesIO(data)) as scan:
            return data if len(scan.pages) else None
    except (OSError, pikepdf.PdfError, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def _picture(data: bytes) -> bytes:
    target = io.BytesIO()
    with Image.open(io.BytesIO(data)) as picture:
        picture.convert("RGB").save(target, format="PDF", resolution=150)
    return target.getvalue()
