"""The shape of what is typed about proposals. A draft is not limited here: checks.py tells what it lacks."""

from typing import Any, TypeAlias, cast

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from office.pages import ActForm
from organizations.models import Bureau, ListItem
from proposals.checks import Gap
from proposals.models import Attachment, Proposal
from proposals.services import TEXT_FIELDS

Choice: TypeAlias = "forms.ModelChoiceField[Any]"
LONGEST_NOTE = 5000  # characters; a note is a reason, and goes into the log for ever


class Typed(forms.CharField):
    """Text as it was typed, kept whatever its length; line breaks as the database has them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False} | kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").replace("\r\n", "\n").replace("\r", "\n")) or ""


class SuggestionsWidget(forms.Widget):
    """One box for each suggestion and always an empty one more, all under one name."""

    template_name = "proposals/suggestions.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        texts = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        # Not one of the fields that refuse NUL, which PostgreSQL cannot keep.
        return [text.replace("\r\n", "\n").replace("\0", "") for text in texts]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        texts = [text for text in value or [] if text.strip()]
        return super().get_context(name, None, attrs) | {"name": name, "texts": [*texts, ""]}


class ManyFiles(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True


def long_field(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-widen": True, **attrs})


def _yes(value: str) -> bool:
    return value == "yes"


class ProposalForm(ActForm):
    """A proposal being written. Every field may stay empty, and only the fields that were sent are kept."""

    title = Typed(label=_("Title"), widget=long_field(2))
    background = Typed(
        label=_("Background"), widget=long_field(8), help_text=_("What is the matter, where, since when?")
    )
    analysis = Typed(
        label=_("Analysis"), widget=long_field(8), help_text=_("Why is it so, what stands in the way?")
    )
    suggestion = forms.Field(label=_("Suggestions"), required=False, widget=SuggestionsWidget)
    contact_name = Typed(label=_("Contact person"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    contact_phone = Typed(
        label=_("Contact's phone"), widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    )
    consents_to_publish = forms.TypedChoiceField(
        label=_("May the proposal be published?"),
        choices=[("yes", _("Yes, it may be published")), ("no", _("No, do not publish it"))],
        coerce=_yes,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    category: Choice = forms.ModelChoiceField(
        label=_("Category (optional)"), queryset=None, required=False, empty_label=_("none chosen")
    )
    suggested_bureau: Choice = forms.ModelChoiceField(
        label=_("Suggested bureau (optional)"),
        queryset=None,
        required=False,
        empty_label=_("leave it to the dispatching office"),
    )
    upload = forms.Field(label=_("Add files"), required=False, widget=ManyFiles)
    word = forms.Field(
        label=_("Word file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".docx", "class": "drop"}),
        help_text=_("Choose a .docx file or drop it here."),
    )
    attach_word = forms.BooleanField(label=_("Attach the file to the proposal as well"), required=False)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(proposal), **kwargs)
        self.proposal = proposal
        for name, rows in _choices_of(proposal).items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["upload"].help_text = _("%(types)s; up to %(limit)d MB each.") % {
            "types": " · ".join(Attachment.TYPES),
            "limit": proposal.assembly.attachment_limit_mb,
        }
        self.fields["upload"].widget.attrs["accept"] = ",".join(f".{kind}" for kind in Attachment.TYPES)

    def clean_title(self) -> str:
        """A title is one line, however it was pasted."""
        return "".join(self.cleaned_data["title"].split("\n"))

    @property
    def text(self) -> dict[str, Any]:
        """What was sent and can be kept, by field; a field that was not sent stays as it is.

        What is wrong with one field keeps no other from being saved.
        """
        self.is_valid()
        names = (name for name in TEXT_FIELDS if name in self.data)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    @property
    def suggestions(self) -> list[str]:
        """The suggestions as they shall stand, without empty ones."""
        self.is_valid()
        if "suggestion" not in self.data:
            return suggestions_of(self.proposal)
        return [text.strip() for text in self.cleaned_data["suggestion"] if text.strip()]

    @property
    def title_length(self) -> int:
        """How many characters the title has, as the limit counts them."""
        return len(str(self["title"].value() or "").strip())

    def says_what_is_kept(self) -> bool:
        """Say whether the text is the one that the proposal has: a second click, a save without a change."""
        same = all(getattr(self.proposal, name) == value for name, value in self.text.items())
        return same and self.suggestions == suggestions_of(self.proposal)

    def tell(self, gaps: list[Gap]) -> None:
        """Show at each field what it lacks."""
        for gap in gaps:
            self.add_error(gap.field, gap.text)


def suggestions_of(proposal: Proposal) -> list[str]:
    """Return the suggestions that are kept, in their order."""
    return [suggestion.text for suggestion in proposal.suggestions.all()]


def _initial(proposal: Proposal) -> dict[str, Any]:
    consent = proposal.consents_to_publish
    return {name: getattr(proposal, name) for name in TEXT_FIELDS} | {
        "attach_word": True,
        "consents_to_publish": None if consent is None else "yes" if consent else "no",
        "suggestion": suggestions_of(proposal),
        "version_seen": proposal.lock_version,
    }


def _choices_of(proposal: Proposal) -> dict[str, Any]:
    """What can be chosen, and what was chosen before it went out of use."""
    entries = ListItem.objects.filter(assembly_id=proposal.assembly_id, list=ListItem.List.CATEGORY)
    bureaus = Bureau.objects.filter(assembly_id=proposal.assembly_id)
    return {
        "category": entries.filter(Q(is_active=True) | Q(pk=proposal.category_id)),
        "suggested_bureau": bureaus.filter(Q(is_active=True) | Q(pk=proposal.suggested_bureau_id)),
    }


# ---- acts that ask for something


class CaseForm(ActForm):
    """An act on a case: knows the case, so that its lists are those of the case's assembly."""

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        self.fields["version_seen"].initial = proposal.lock_version

    def show_newest(self) -> None:
        """Carry the version of this page when it is shown again: the person has been told what changed."""
        data = cast(QueryDict, self.data).copy()
        data["version_seen"] = str(self.proposal.lock_version)
        self.data = data


def note_field(label: Any, *, required: bool, help_text: Any = "") -> Typed:
    # A validator and not max_length, with which a browser cuts pasted text off without a word.
    limit = MaxLengthValidator(LONGEST_NOTE)
    return Typed(
        label=label,
        required=required,
        widget=long_field(5),
        help_text=help_text,
        validators=[limit],
        error_messages={"required": _("Write the reason, so that everyone can read it.")},
    )
