"""Whether the public copies still are what was published. Changes nothing."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django_scopes import scope

from office.models import Event
from portal.models import Publication, PublishedLetter
from replies.verify import Fault, against_facts, stored


def faults_in(assembly_id: int, *, render: bool = True) -> Iterator[Fault]:
    """Yield every public copy of an assembly that is not what was published."""
    with scope(assembly=assembly_id):
        told = _published(assembly_id)
        rows = PublishedLetter.objects.select_related("letter").order_by("publication", "order")
        seen: dict[int, list[str]] = {}
        for row in rows:
            where = _("%s, public copy") % row.doc_number
            seen.setdefault(row.publication_id, []).append(row.sha256)
            yield from _copy(where, row, told.get(row.publication_id, []), render=render)
        for publication in Publication.objects.filter(withdrawn_at=None):
            if set(told.get(publication.pk, [])) - set(seen.get(publication.pk, [])):
                yield Fault(str(publication), _("a public copy is gone"))


def _published(assembly_id: int) -> dict[int, list[str]]:
    """The digests that the log has of what stands on each page now, by the publication's key."""
    found: dict[int, list[str]] = {}
    for event in Event.objects.filter(assembly_id=assembly_id, act="publication.publish").order_by(
        "sequence"
    ):
        found[int(event.subject.partition(":")[2])] = _digests(event)
    return found


def _digests(event: Event) -> list[str]:
    try:
        facts: dict[str, Any] = json.loads(event.facts)
        return [str(one) for one in facts["sha256"]]
    except (KeyError, TypeError, ValueError):
        return []


def _copy(where: str, row: PublishedLetter, told: list[str], *, render: bool) -> Iterator[Fault]:
    if row.doc_number != str(row.letter) or row.dated != row.letter.dated:
        yield Fault(where, _("number or date is not that of the letter"))
    if row.sha256 not in told:
        yield Fault(where, _("the digest of the PDF was changed: the log has another"))
    pdf = stored(row)
    if pdf is None:
        yield Fault(where, _("the PDF is missing: %s") % row.pdf.name)
        return
    if hashlib.sha256(pdf).hexdigest() != row.sha256:
        yield Fault(where, _("the PDF was changed: %s") % row.pdf.name)
    elif render:
        yield from against_facts(where, pdf, row.facts)
