"""What goes into the post with a batch: the letters as one PDF or as files, envelopes, the list of deliveries."""

import io
import zipfile
from collections.abc import Iterator, Sequence

from django.utils import timezone

from issuing.models import Batch
from office import printing
from replies import letters
from replies import services as replies
from replies.models import LetterCopy, LetterFile


def pdfs_of(copies: Sequence[LetterCopy]) -> Iterator[tuple[LetterCopy, bytes]]:
    """Return each copy with its PDF; where a crash after the issue left none, it is made now."""
    for copy in copies:
        file: LetterFile | None = getattr(copy, "file", None)
        if file is None:
            made = replies.letter_print(letter_id=copy.letter_id, assembly_id=copy.assembly_id)
            file = next(one for one in made if one.copy_id == copy.pk)
        with file.pdf.open() as pdf:
            yield copy, pdf.read()


def print_pdf(copies: Sequence[LetterCopy]) -> bytes:
    """Return all copies as one PDF to print on both sides: each begins on a front."""
    return letters.bound([pdf for _copy, pdf in pdfs_of(copies)])


def archive_zip(copies: Sequence[LetterCopy]) -> bytes:
    """Return all copies as files in one ZIP, each under its number and addressee, in the order of the batch."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for place, (copy, pdf) in enumerate(pdfs_of(copies), 1):
            archive.writestr(f"{place:03d}-{copy.letter}-{_plain(copy.name)}.pdf", pdf)
    return target.getvalue()


def _plain(name: str) -> str:
    """A name without what no file may be called."""
    return "".join("\uff0f" if char in '/\\:*?"<>|' else char for char in name)


def envelopes_pdf(batch: Batch, copies: Sequence[LetterCopy]) -> bytes:
    """Return an envelope for every copy (220 by 110 mm): whom it goes to, the number, who sends it."""
    rows = [{"to": copy.name, "number": str(copy.letter), "of": copy.letter.bureau.name} for copy in copies]
    return printing.pdf_of_paper(
        "envelopes", "信封", {"rows": rows, "assembly": batch.bureau.name, "session": ""}
    )


def deliveries_pdf(batch: Batch, copies: Sequence[LetterCopy]) -> bytes:
    """Return the list on which each delivery is signed for (送达清单)."""
    rows = [
        {
            "number": str(copy.letter),
            "case": f"{copy.proposal.session.name}第{copy.proposal.number}号",
            "title": copy.proposal.title,
            "to": copy.name,
            "dated": copy.letter.dated,
        }
        for copy in copies
    ]
    facts = {"rows": rows, "assembly": batch.bureau.name, "session": "", "count": len(rows)}
    facts |= {"made_on": timezone.localtime(batch.made_at).date()}
    return printing.pdf_of_paper("deliveries", "提案答复函送达清单", facts)
