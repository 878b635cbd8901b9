"""The shape of what is typed about a bureau's part: declining, deciding, more time, contacts, chasing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office import clock
from office.pages import ActForm
from organizations.models import ListItem, Post, Role
from proposals.dispatch_forms import bureaus_of, short_note
from proposals.forms import Choice, Typed
from proposals.models import Assignment

REASON_MISSING = {"required": _("Write the reason, so that everyone can read it.")}


def _reason(label: Any, help_text: Any = "") -> Typed:
    field = short_note(label, rows=5, help_text=help_text)
    field.required = True
    field.error_messages.update(REASON_MISSING)
    field.widget.is_required = True
    return field


class PartForm(ActForm):
    """An act on an assignment: knows it, so that its lists are those of its assembly."""

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignment = assignment
        del self.fields["version_seen"]
        if "bureau" in self.fields:
            self.fields["bureau"].queryset = self._other_bureaus()  # type: ignore[attr-defined]

    def _other_bureaus(self) -> Any:
        return bureaus_of(self.assignment.assembly_id).exclude(pk=self.assignment.bureau_id)


def _bureau(label: Any, *, required: bool = True) -> Choice:
    return forms.ModelChoiceField(
        label=label,
        queryset=None,
        required=required,
        empty_label=_("choose a bureau") if required else _("no suggestion"),
        error_messages={"required": _("Choose a bureau.")},
    )


class DeclineForm(PartForm):
    """Why a bureau asks not to handle a proposal, and which one should."""

    reason = _reason(
        _("Why is it not for your bureau?"),
        _("Name the duties that it touches and whose they are. It is decided on by this."),
    )
    bureau: Choice = _bureau(_("Suggested bureau (optional)"), required=False)


class OtherBureauForm(PartForm):
    """Which bureau handles it instead, or as well."""

    bureau: Choice = _bureau(_("Bureau"))
    note = short_note(_("Reason and note to both bureaus (optional)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.assignment.declines.filter(decision="").select_related("suggested").first()
        if asked and asked.suggested:
            self.fields["bureau"].initial = asked.suggested


class InsistForm(PartForm):
    """Why a request to decline is refused."""

    note = _reason(
        _("Why does it stay with this bureau?"), _("The bureau reads this; it stays in the history.")
    )


class HandOverForm(PartForm):
    """Which clerk of the bureau takes the case."""

    clerk: Choice = forms.ModelChoiceField(
        label=_("Clerk"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a clerk of your own bureau.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clerk"].queryset = clerks_of(self.assignment)  # type: ignore[attr-defined]


def clerks_of(assignment: Assignment) -> Any:
    """Return the clerks who may take the case: those of the bureau who are in office."""
    return (
        Post.objects.held()
        .filter(assembly_id=assignment.assembly_id, bureau_id=assignment.bureau_id, role=Role.CLERK)
        .exclude(pk=assignment.clerk_id)
        .select_related("user", "bureau")
    )


class ExtensionForm(PartForm):
    """Why a bureau needs more time."""

    reason = _reason(
        _("Why is more time needed?"), _("Say what is done already and what still has to be done.")
    )


class ExtensionDecisionForm(PartForm):
    """Whether a bureau gets more time."""

    grants = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[
            ("yes", pgettext_lazy("extension", "Give more time")),
            ("no", pgettext_lazy("extension", "Give no more time")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = short_note(_("Reason (needed for a refusal)"))


class ContactForm(PartForm):
    """One contact with the proposers."""

    way: Choice = forms.ModelChoiceField(
        label=_("How"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the contact took place.")},
    )
    held_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Give the day.")},
    )
    people = short_note(_("Who took part"), rows=2, help_text=_("Names and offices, of both sides."))
    said = short_note(_("What was said"), rows=6)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = ListItem.objects.filter(
            assembly_id=self.assignment.assembly_id, list=ListItem.List.CONTACT_WAY
        )
        self.fields["way"].queryset = ways.filter(is_active=True)  # type: ignore[attr-defined]
        self.fields["held_on"].initial = clock.today
        for name in ("people", "said"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Write who took part and what was said.")


class NoContactForm(PartForm):
    """Why there was no contact."""

    reason = _reason(
        _("Why was there no contact with the proposers?"), _("Whoever checks the reply reads this.")
    )


class ChaseForm(PartForm):
    """What a bureau is told that is urged to answer."""

    text = _reason(_("What the bureau reads"), _("Change it as you like before it goes."))


class AddForm(OtherBureauForm):
    """Which bureau co-handles a case that is under way; the assignment is the one of the bureau that leads."""

    note = short_note(_("Note to the bureau (optional)"))
