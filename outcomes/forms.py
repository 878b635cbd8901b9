"""The shape of what is sent by pages of what follows an answer."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office import clock
from office.pages import ActForm
from organizations.forms import day_field
from organizations.models import ListItem, Question
from outcomes.models import Delivery, Feedback
from replies.models import IssuedLetter, LetterCopy

LONGEST = 5000  # characters


def text_field(label: Any, *, required: bool, rows: int = 4, help_text: Any = "") -> forms.CharField:
    """A passage; what is pasted is never cut off without a word."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        validators=[MaxLengthValidator(LONGEST)],
        widget=forms.Textarea(attrs={"rows": rows, "data-widen": True}),
    )


def scan_field(label: Any, *, required: bool = False) -> forms.FileField:
    """A scanned sheet; the service looks whether it is one."""
    return forms.FileField(label=label, required=required, help_text=_("PDF, JPG or PNG."))


class DeliveryForm(ActForm):
    """Which letters went out, how and when."""

    copies: Any = forms.ModelMultipleChoiceField(
        None,
        label=_("Letters"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one letter.")},
    )
    way: Any = forms.ModelChoiceField(
        None, label=pgettext_lazy("delivery", "Way"), empty_label=_("choose a way")
    )
    delivered_on = day_field(label=_("Day"), initial=clock.today)
    received_by = forms.CharField(
        label=_("Received by (optional)"),
        max_length=60,
        required=False,
        help_text=_("With a name here the receipt counts as confirmed on that day."),
    )
    receipt = scan_field(_("Scan of the receipt (optional)"))
    note = text_field(_("Note (optional)"), required=False, rows=2)

    def __init__(self, *args: Any, letter: IssuedLetter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copies: Any = self.fields["copies"]
        copies.queryset = letter.copies.filter(delivery=None).select_related("proposal")
        copies.label_from_instance = _copy_in_words
        copies.initial = list(copies.queryset)
        ways = ListItem.objects.filter(assembly_id=letter.assembly_id, list=ListItem.List.DELIVERY_WAY)
        self.fields["way"].queryset = ways.filter(is_active=True)  # type: ignore[attr-defined]


def _copy_in_words(copy: LetterCopy) -> str:
    facts = {"name": copy.name, "n": copy.proposal.number}
    return str(pgettext_lazy("copy of a letter", "%(name)s · No. %(n)s") % facts)


class ReceiptForm(ActForm):
    """A receipt that came back after the delivery was noted."""

    received_by = forms.CharField(label=_("Received by"), max_length=60)
    received_on = day_field(label=_("Received on"), initial=clock.today)
    receipt = scan_field(_("Scan of the receipt (optional)"))
    note = text_field(_("Note (optional)"), required=False, rows=2)

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if delivery.received_on:
            del self.fields["received_by"], self.fields["received_on"]
            self.fields["receipt"].label, self.fields["receipt"].required = _("Scan of the receipt"), True


class RelinkForm(ActForm):
    """A one-time link went astray."""

    reason = forms.CharField(label=_("Reason (optional)"), max_length=200, required=False)


class AnswerForm(ActForm):
    """The questionnaire as it was asked of this proposer."""

    def __init__(self, *args: Any, feedback: Feedback, paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feedback = feedback
        self.fields["judgement"] = forms.TypedChoiceField(
            label=_("On the whole, the reply is"),
            choices=[(one["id"], one["label"]) for one in feedback.judgements],
            coerce=int,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose one of the judgements.")},
        )
        for question in feedback.questions:
            self.fields[f"q{question['id']}"] = _field_of(question)
        if not any(question["kind"] == Question.Kind.TEXT for question in feedback.questions):
            self.fields["remarks"] = text_field(_("Anything else (optional)"), required=False)
        if paper:
            self.fields["scan"] = scan_field(_("Scan of the paper form"), required=True)

    def facts(self) -> dict[str, Any]:
        """Return what the service takes, of a valid form."""
        data = self.cleaned_data
        answers = {str(q["id"]): data.get(f"q{q['id']}", "") for q in self.feedback.questions}
        kept = {"judgement": data["judgement"], "remarks": data.get("remarks", ""), "key": data["key"]}
        return kept | {"answers": answers, "scan": data.get("scan")}


def _field_of(question: dict[str, Any]) -> forms.Field:
    if question["kind"] == Question.Kind.TEXT:
        return text_field(question["text"], required=question["required"])
    return forms.ChoiceField(
        label=question["text"],
        choices=[(choice, choice) for choice in question["choices"]],
        required=question["required"],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose an answer.")},
    )


class CommitmentForm(ActForm):
    """One promise of a letter."""

    text = text_field(_("What was promised"), required=True)
    due_on = day_field(label=_("By"))
    owner = forms.CharField(label=_("Who sees to it"), max_length=60)


class NoteForm(ActForm):
    """How far a promise has come."""

    text = text_field(_("How far has it come?"), required=True)
    proof = scan_field(_("Proof (optional)"))


class DoneForm(ActForm):
    """A promise was kept."""

    day = day_field(label=_("Done on"), initial=clock.today)
    became: Any = forms.ModelChoiceField(
        None, label=_("Result class now (optional)"), required=False, empty_label=_("as before")
    )

    def __init__(self, *args: Any, assembly_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ListItem.objects.filter(assembly_id=assembly_id, list=ListItem.List.RESULT_CLASS)
        self.fields["became"].queryset = rows.filter(is_active=True)  # type: ignore[attr-defined]


class NoPromiseForm(ActForm):
    """A reply holds nothing to list as a promise."""

    reason = text_field(
        _("Why is there nothing to list?"),
        required=True,
        help_text=_("The proposals committee and the proposers can read this."),
    )


class FollowUpForm(ActForm):
    """The letter that tells the proposers how a promise was kept."""

    text = text_field(
        _("What was done"),
        required=True,
        rows=10,
        help_text=_("It begins with your progress notes. Each line becomes a paragraph."),
    )
    dated = day_field(label=_("Date of the letter"), initial=clock.today)
