"""What a Word file says, part by part beside what is kept: shown for correction before anything is replaced."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from proposals.forms import ProposalForm, Typed, suggestions_of
from proposals.models import Proposal
from proposals.word_parts import Parts

FIELDS = ("title", "background", "analysis", "suggestion", "contact_name", "contact_phone")


@dataclass(frozen=True)
class Row:
    """One part: its field, and what is kept of it where that is something else."""

    field: forms.BoundField
    kept: list[str]
    stays: bool

    @property
    def error_place(self) -> str:
        """Where a link to this part leads."""
        return f"part-{self.field.name}"


class WordForm(ProposalForm):
    """The parts of a Word file, to be corrected and taken over; `keep` names those that stay as they are kept."""

    keep = forms.MultipleChoiceField(choices=[(name, name) for name in FIELDS], required=False)
    left = Typed(
        label=_("What has no place in the parts above"),
        widget=forms.Textarea(attrs={"rows": 6, "readonly": True}),
        help_text=_("It is not taken over. Copy from it what you need."),
    )

    def __init__(self, *args: Any, proposal: Proposal, parts: Parts | None = None, **kwargs: Any) -> None:
        super().__init__(*args, proposal=proposal, **kwargs)
        for name in ("title", "background", "analysis", "contact_name", "contact_phone", "left"):
            self.fields[name].widget.attrs["class"] = "form-control"
        if parts:
            self.initial.update({name: text for name, text in _found(parts).items() if text})

    @property
    def text(self) -> dict[str, Any]:
        """What shall be kept of the file, by field."""
        return {name: text for name, text in super().text.items() if name not in self._staying}

    @property
    def suggestions(self) -> list[str]:
        """The suggestions as they shall stand."""
        return suggestions_of(self.proposal) if "suggestion" in self._staying else super().suggestions

    @property
    def _staying(self) -> list[str]:
        self.is_valid()
        return list(self.cleaned_data.get("keep", []))

    def show_newest(self, proposal: Proposal) -> None:
        """Show the same parts beside what is kept by now, whose version the form then carries."""
        self.proposal = proposal
        data = cast(QueryDict, self.data).copy()
        data["version_seen"] = str(proposal.lock_version)
        self.data = data

    def rows(self) -> list[Row]:
        """Return the parts, each beside what is kept."""
        staying = self._staying if self.is_bound else []
        return [Row(self[name], self._kept(name), name in staying) for name in FIELDS]

    def _kept(self, name: str) -> list[str]:
        """What is kept, where the field says something else."""
        if name == "suggestion":
            kept, shown = (
                suggestions_of(self.proposal),
                [text for text in self[name].value() or [] if text.strip()],
            )
            return kept if kept != shown else []
        text = getattr(self.proposal, name)
        return [text] if text.strip() and text != self[name].value() else []


def _found(parts: Parts) -> dict[str, Any]:
    return {
        "title": parts.title,
        "background": parts.background,
        "analysis": parts.analysis,
        "suggestion": parts.suggestions,
        "contact_name": parts.contact_name,
        "contact_phone": parts.contact_phone,
        "left": parts.left,
    }
