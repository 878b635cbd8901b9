"""The text of a reply out of a Word file: what becomes the body, what the system writes itself, what was left out."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongwen import docx_in
from gongwen.document import Letter, LetterError, Picture
from gongwen.tables_text import block_lines
from gongwen.tails import chinese_date
from office.workflow import Refused
from proposals.word_in import FAULTS, NO_TEXT, OTHER_FAULT

MOST_MB = 20
# What each rule of gongwen.docx_losses counts, in the words of an office.
LOST = {
    "picture": gettext_lazy("pictures"),
    "text-box": gettext_lazy("text boxes"),
    "drawing": gettext_lazy("drawn lines and shapes"),
    "embedded-object": gettext_lazy("embedded objects"),
    "formula": gettext_lazy("formulas"),
    "note": gettext_lazy("footnotes and endnotes"),
    "comment": gettext_lazy("comments"),
    "deletion": gettext_lazy("text struck out in tracked changes"),
    "hidden-text": gettext_lazy("hidden text"),
    "symbol": gettext_lazy("symbols of special fonts"),
    "bullet": gettext_lazy("bullets of lists"),
    "header-footer": gettext_lazy("headers and footers"),
}
CHANGED = {
    "insertion": gettext_lazy("text put in in tracked changes is ordinary text now"),
    "raised-text": gettext_lazy("raised or lowered characters stand on the line"),
    "merged-cell": gettext_lazy("merged cells of tables were divided"),
    "nested-table": gettext_lazy("tables inside tables became text"),
    "wide-table": gettext_lazy("tables with too many columns became text"),
}


@dataclass(frozen=True)
class FromWord:
    """A Word file as the drafting desk takes it.

    `body` is the text of the reply; `head` what stands around it and is written by the system (title, addressee,
    date …); `whole` everything that the file says.
    """

    name: str
    body: str
    head: list[tuple[str, str]]
    whole: str
    lost: list[str]
    changed: list[str]


def read(upload: UploadedFile | None, issuer: str = "") -> FromWord:
    """Return what a Word file says; refuses, in one sentence, what cannot be read.

    `issuer`: the bureau, whose name under the text is none of it.
    """
    if upload is None:
        raise Refused(_("Choose a Word file (.docx) first."))
    if (upload.size or 0) > MOST_MB * 1024 * 1024:
        raise Refused(
            _(
                "The file is larger than %(n)d MB: take the pictures out of it, or copy its text into the field."
            )
            % {"n": MOST_MB}
        )
    try:
        found = docx_in.read(upload.read())
    except docx_in.DocxError as error:
        raise Refused(str(FAULTS.get(error.rule, OTHER_FAULT))) from error
    except LetterError as error:  # front matter that is wrong, and what else only a letter must not have
        raise Refused(str(OTHER_FAULT)) from error
    if not found.text.strip():
        raise Refused(str(NO_TEXT))
    losses = dict(found.losses)
    body, signed = _parted(_body(found), issuer)
    return FromWord(
        name=upload.name or "",
        body=body,
        head=_head(found.letter, signed),
        whole=found.text,
        lost=[
            *(f"{words} {losses[rule]}" for rule, words in LOST.items() if losses.get(rule)),
            *(_("the attachment “%s”") % one.title for one in found.letter.attachments if one.blocks),
        ],
        changed=[str(words) for rule, words in CHANGED.items() if losses.get(rule)],
    )


def _body(found: docx_in.Imported) -> str:
    """The paragraphs and tables of the letter; all of the text where no letter was recognised in it."""
    blocks = [block for block in found.letter.paragraphs if not isinstance(block, Picture)]
    lines = [line for line in block_lines(blocks) if line.strip()]
    return "\n".join(lines) or found.text


def _parted(body: str, issuer: str) -> tuple[str, str]:
    """The text, and the name of the bureau where it stands under it."""
    text, _line, last = body.rpartition("\n")
    return (text, last.strip()) if issuer and last.strip() == issuer else (body, "")


def _head(letter: Letter, signed: str) -> list[tuple[str, str]]:
    """What was recognised beside the text, and what it says."""
    rows = [
        (_("Title of the letter"), letter.title.replace("\n", "")),
        (_("Document number"), letter.doc_number),
        (_("Addressee"), "、".join(letter.addressees)),
        (_("Date of the letter"), chinese_date(letter.date) if letter.date else ""),
        (_("Name under the text"), signed or "、".join(letter.issuers)),
        (_("Contact"), "；".join(letter.contacts)),
        (_("Note under the date"), letter.note),
    ]
    return [(name, said) for name, said in rows if said.strip()]


def with_it(body: str, text: str, closing: str, *, in_place: bool) -> str:
    """Return a draft with the text: in place of all that stood there, or after it and before the closing."""
    if in_place or not body.strip():
        return text
    if closing.strip() and closing in body:
        before, _closing, after = body.rpartition(closing)
        return f"{before.rstrip()}\n{text}\n{closing}{after}".lstrip("\n")
    return f"{body.rstrip()}\n{text}"
