"""What every verb of outcomes shares: its event, and what a scan may be."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from office import events
from office.workflow import Refused
from organizations.models import Assembly, Post
from outcomes.models import SCANS
from proposals.checks import attachment_fault
from proposals.models import Proposal


def record(post: Post | None, act_name: str, subject: Any, case: Proposal, **facts: Any) -> None:
    """Write an event into the story of the case."""
    events.record(post=post, act=act_name, subject=subject, thread=case, **facts)


def refuse_bad_scan(scan: UploadedFile | None, assembly: Assembly) -> None:
    """Raise Refused for a scan that is missing, or that is not what its name says."""
    if scan is None or not scan.size:
        raise Refused(_("Attach the scan of the paper form."))
    if (scan.name or "").rsplit(".", 1)[-1].lower() not in SCANS:
        raise Refused(_("Attach the scan as one of these: %(types)s.") % {"types": " ".join(SCANS)})
    if fault := attachment_fault(scan, assembly):
        raise Refused(fault)
