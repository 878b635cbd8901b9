"""What a proposal must have before its review, what an attachment may be; in sentences that help."""

import math
from dataclasses import dataclass
from pathlib import Path

import magic
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from organizations.models import Assembly
from proposals.models import Attachment, Proposal

# What a file of each ending may really contain, as libmagic names it. Old Word and WPS files are OLE.
OLE = {"application/msword", "application/x-ole-storage", "application/CDFV2", "application/vnd.ms-excel",
       "application/vnd.ms-office"}  # fmt: skip
OOXML_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OOXML_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT = {
    "pdf": {"application/pdf"},
    "doc": OLE,
    "wps": OLE,
    "xls": OLE,
    "docx": {OOXML_WORD, "application/zip"},
    "xlsx": {OOXML_SHEET, "application/zip"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "png": {"image/png"},
    "txt": {"text/plain"},
}


@dataclass(frozen=True)
class Gap:
    """What a field of a proposal lacks before the review, as a sentence that says how to mend it."""

    field: str
    text: str


def gaps_of(proposal: Proposal) -> list[Gap]:
    """Return what the proposal lacks, in the order of its fields (empty: it can be submitted)."""
    checks = [
        (not proposal.title.strip(), "title", _("Give the proposal a title.")),
        (not proposal.background.strip(), "background", _("Describe the background.")),
        (not proposal.analysis.strip(), "analysis", _("Write the analysis.")),
        (not proposal.suggestions.exists(), "suggestion", _("Make at least one suggestion.")),
        (not proposal.contact_name.strip(), "contact_name", _("Name a contact person.")),
        (not proposal.contact_phone.strip(), "contact_phone", _("Give the contact's phone number.")),
        (proposal.consents_to_publish is None, "consents_to_publish", _("Say whether it may be published.")),
    ]
    return title_gaps(proposal) + [Gap(field, text) for wrong, field, text in checks if wrong]


def title_gaps(proposal: Proposal) -> list[Gap]:
    """Return what is wrong with the length of the title, counted in characters (limit: the assembly's)."""
    limit, length = proposal.assembly.title_limit, len(proposal.title.strip())
    if length <= limit:
        return []
    text = _("The title has %(n)d characters; at most %(limit)d are allowed: shorten it.")
    return [Gap("title", text % {"n": length, "limit": limit})]


def attachment_fault(upload: UploadedFile, assembly: Assembly) -> str:
    """Return why a file cannot be attached, with what to do instead; an empty string when it can."""
    name, size = upload.name or "", upload.size or 0
    ending = Path(name).suffix.lower().lstrip(".")
    limit = assembly.attachment_limit_mb
    if ending not in Attachment.TYPES:
        return _("“%(name)s” cannot be attached: only %(types)s files.") % {
            "name": name,
            "types": " ".join(Attachment.TYPES),
        }
    if size > limit * 1024 * 1024:
        return _("“%(name)s” has %(size)d MB; at most %(limit)d MB can be attached: make it smaller.") % {
            "name": name,
            "size": math.ceil(size / 1024 / 1024),
            "limit": limit,
        }
    if not size:
        return _("“%(name)s” is empty: choose another file.") % {"name": name}
    if content_type_of(upload) not in CONTENT[ending]:
        return _("“%(name)s” is not really a %(ending)s file: open it and save it as one.") % {
            "name": name,
            "ending": ending.upper(),
        }
    return ""


def content_type_of(upload: UploadedFile) -> str:
    """Return what the file's own bytes say it is."""
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    return str(magic.from_buffer(head, mime=True))
