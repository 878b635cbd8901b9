"""The shape of what is typed when a proposal is given to bureaus: one case on its own page, or a row of many."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Bureau
from proposals.forms import LONGEST_NOTE, CaseForm, Choice, Typed
from proposals.models import Proposal

SOLE, LEAD, SPLIT = "sole", "lead", "split"
WAYS = [
    (SOLE, pgettext_lazy("way", "One bureau handles it alone")),
    (LEAD, pgettext_lazy("way", "One bureau leads, others co-handle")),
    (SPLIT, pgettext_lazy("way", "Several bureaus handle it separately")),
]


def bureaus_of(assembly_id: int) -> QuerySet[Bureau]:
    """Return the bureaus that can be chosen now."""
    rows: QuerySet[Bureau] = Bureau.objects.filter(assembly_id=assembly_id, is_active=True)
    return rows


def short_note(label: Any, *, rows: int = 3, help_text: Any = "") -> Typed:
    """A note that may stay empty."""
    widget = forms.Textarea(attrs={"rows": rows, "data-widen": True})
    limit = MaxLengthValidator(LONGEST_NOTE)
    return Typed(label=label, widget=widget, help_text=help_text, validators=[limit])


class AssignForm(CaseForm):
    """Which way a proposal is handled, and by which bureaus."""

    way = forms.ChoiceField(label=_("Who handles it"), choices=WAYS, initial=SOLE, widget=forms.RadioSelect)
    bureau: Choice = forms.ModelChoiceField(
        label=_("Bureau"),
        queryset=None,
        empty_label=_("choose a bureau"),
        error_messages={"required": _("Choose a bureau.")},
    )
    others: Any = forms.ModelMultipleChoiceField(
        label=_("Further bureaus"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The co-handling bureaus, or those that handle it separately as well."),
    )
    note = short_note(_("Note to the bureaus (optional)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("bureau", "others"):
            self.fields[name].queryset = bureaus_of(self.proposal.assembly_id)  # type: ignore[attr-defined]
        if suggested := self.proposal.suggested_bureau:
            self.fields["bureau"].initial = suggested
            told = str(_("The proposers suggest {bureau}."))
            self.fields["bureau"].help_text = format_html(told, bureau=suggested)

    def clean(self) -> dict[str, Any]:
        """Further bureaus go with two of the ways only: what was ticked is never dropped without a word."""
        return _with_parts(self, super().clean() or {})


def _with_parts(form: forms.Form, values: dict[str, Any]) -> dict[str, Any]:
    """Turn the way and the bureaus into what the service asks for: sole, lead, co, split."""
    way, bureau, others = values.pop("way", None), values.pop("bureau", None), values.pop("others", None)
    others = list(others or [])
    if way == SOLE and others:
        form.add_error("others", _("Leave these out, or choose a way with several bureaus."))
    if way in (LEAD, SPLIT) and not others:
        form.add_error("others", _("Choose the further bureaus, or let one bureau handle it alone."))
    if bureau in others:
        form.add_error("others", _("A bureau can have only one part in a proposal."))
    parts = {SOLE: {"sole": bureau}, LEAD: {"lead": bureau, "co": others}}
    return values | parts.get(str(way), {"split": [bureau, *others]})


class RowForm(forms.Form):
    """One row of the dispatch table; its bureaus are looked up once for all rows."""

    way = forms.ChoiceField(choices=WAYS, initial=SOLE)
    bureau: Any = forms.TypedChoiceField(error_messages={"required": _("Choose a bureau.")})
    others: Any = forms.TypedMultipleChoiceField(required=False)
    note = Typed(validators=[MaxLengthValidator(LONGEST_NOTE)])
    key = forms.CharField(max_length=40, required=False)
    version_seen = forms.IntegerField(required=False)

    def __init__(self, data: Any, *, case_pk: int, bureaus: dict[str, Bureau]) -> None:
        super().__init__(data, prefix=str(case_pk))
        choices = [(pk, str(bureau)) for pk, bureau in bureaus.items()]
        for name in ("bureau", "others"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].coerce = bureaus.__getitem__  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """As of the form of one case."""
        return _with_parts(self, super().clean() or {})

    @property
    def faults(self) -> list[str]:
        """What is wrong with the row, as sentences."""
        return [str(fault) for faults in self.errors.values() for fault in faults]


def typed_in(data: Any, case: Proposal, known: Iterable[str]) -> dict[str, Any]:
    """Return what a row shows: what was typed, else what the proposers suggest."""
    suggested = str(case.suggested_bureau_id or "")
    if f"{case.pk}-way" not in data:
        bureau = suggested if suggested in known else ""
        return {"way": SOLE, "bureau": bureau, "others": [], "note": ""}
    texts = {name: data.get(f"{case.pk}-{name}", "") for name in ("way", "bureau", "note")}
    return texts | {"others": data.getlist(f"{case.pk}-others")}
