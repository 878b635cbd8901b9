"""Questions about phrases: what the desk offers for one draft, what a bureau keeps."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q

from organizations import policies as organization_policies
from organizations.models import Phrase, Post
from organizations.patterns import fill
from replies import letters
from replies.addressees import first_of
from replies.models import Reply
from replies.phrase_text import Frame


@dataclass(frozen=True)
class Entry:
    """A phrase as it reads in one draft. `is_own`: the bureau's."""

    pk: int
    group: int
    group_name: str
    title: str
    text: str
    is_own: bool


def entries_of(reply: Reply) -> list[Entry]:
    """Return the phrases in use, the assembly's and the bureau's, filled with the facts of this draft."""
    names = letters.names_of(reply, first_of(reply.proposal))
    rows = Phrase.objects.filter(Q(bureau=None) | Q(bureau_id=reply.bureau_id))
    rows = rows.filter(assembly_id=reply.assembly_id, is_active=True)
    found = [
        Entry(
            row.pk,
            row.group,
            str(row.get_group_display()),
            row.title,
            fill(row.text, names).strip("\n"),
            row.bureau_id is not None,
        )
        for row in rows.order_by("group", "order", "pk")
    ]
    return sorted(found, key=lambda entry: (entry.group, not entry.is_own))


def frame_of(reply: Reply, entries: list[Entry]) -> Frame:
    """Return what stands around the answer in this draft."""
    opening, closing = letters.opening_and_closing(reply)
    return Frame(
        opening,
        closing,
        tuple(entry.text for entry in entries if entry.group == Phrase.Group.OPENING),
        tuple(entry.text for entry in entries if entry.group == Phrase.Group.THANKS),
    )


def panel_of(reply: Reply) -> dict[str, Any]:
    """Return what the panel on the desk shows."""
    entries = entries_of(reply)
    frame, names = frame_of(reply, entries), letters.names_of(reply, first_of(reply.proposal))
    in_groups = groupby(entries, lambda entry: entry.group_name)
    facts = {"opening": frame.opening, "closing": frame.closing, "names": names}
    return {
        "phrase_groups": [(name, list(group)) for name, group in in_groups],
        "phrase_count": len(entries),
        "phrase_facts": facts,
    }


def kept_by(post: Post) -> list[tuple[str, list[Phrase]]]:
    """Return the bureau's own phrases by group, in the order of the page that keeps them."""
    rows = organization_policies.settings_visible_to(post, Phrase).order_by("group", "order", "pk")
    return [(name, list(group)) for name, group in groupby(rows, lambda row: str(row.get_group_display()))]
