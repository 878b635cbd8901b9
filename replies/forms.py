"""Shapes of what is sent by pages of replies. Rules live in services, policies and checks."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.pages import ActForm
from organizations.models import ListItem
from replies import points
from replies.models import Opinion, Reply

# Far beyond any letter: only so that no request keeps the checks busy for minutes.
LONGEST_BODY = 200_000
LISTS = ("result_class", "disclosure")
TYPED = ("body", *LISTS)
# What a date field of a browser sends, and what people write: 2021-05-25, 2021/5/25, 2021年5月25日.
DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y\u5e74%m\u6708%d\u65e5"]


class LabelField(forms.ModelChoiceField):
    """A choice from a list by its text alone, without the mark that the letter bears."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class DraftForm(ActForm):
    """The draft as it was typed: complete or not. `typed` stands in the fields instead of what is kept."""

    body = forms.CharField(
        label=_("Text of the reply"),
        required=False,
        strip=False,
        # Not max_length: a browser would cut off what is pasted without a word.
        validators=[MaxLengthValidator(LONGEST_BODY)],
        widget=forms.Textarea(
            {"class": "form-control long", "rows": 22, "data-widen": "", "aria-describedby": "body-hint"}
        ),
    )
    result_class: Any = forms.ModelChoiceField(
        None, label=_("Result class"), required=False, widget=forms.RadioSelect
    )
    disclosure = LabelField(
        None, label=_("Disclosure of the reply"), required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, reply: Reply, typed: Mapping[str, Any] | None = None) -> None:
        kept = {name: getattr(reply, f"{name}_id") for name in LISTS}
        kept |= {"body": reply.body, "version_seen": reply.lock_version}
        shown = {name: typed[name] for name in TYPED if name in typed} if typed else {}
        super().__init__(*args, initial=kept | shown)
        self.reply, self.typed = reply, typed
        for name in LISTS:
            rows = ListItem.objects.filter(Q(is_active=True) | Q(pk=kept[name]), list=name)
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        """A request without the field is not a text that was emptied."""
        return _arrived(self, "body")

    def facts(self) -> dict[str, Any]:
        """Return what a service keeps, of a valid form."""
        kept = {name: self.cleaned_data[name] for name in (*TYPED, "version_seen")}
        return kept | {"answers": self.answers()}

    def answers(self) -> points.Typed:
        """Return the answers to the suggestions as they were typed; none where a page without them was sent."""
        if self.is_bound:
            return points.typed_in(self.data, self.reply)
        typed = self.typed or {}
        return typed["answers"] if "answers" in typed else points.typed_in(typed, self.reply)


class OpinionForm(ActForm):
    """An opinion as it was typed: complete or not."""

    body = forms.CharField(
        label=_("Text of the opinion"),
        required=False,
        strip=False,
        validators=[MaxLengthValidator(LONGEST_BODY)],
        widget=forms.Textarea(
            {"class": "form-control long", "rows": 18, "data-widen": "", "aria-describedby": "body-hint"}
        ),
    )

    def __init__(self, *args: Any, opinion: Opinion, typed: Mapping[str, Any] | None = None) -> None:
        body = typed["body"] if typed and "body" in typed else opinion.body
        super().__init__(*args, initial={"body": body, "version_seen": opinion.lock_version})

    def clean_body(self) -> str:
        """A request without the field is not a text that was emptied."""
        return _arrived(self, "body")

    def facts(self) -> dict[str, Any]:
        """Return what a service keeps, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("body", "version_seen")}


def _arrived(form: forms.Form, name: str) -> str:
    if name not in form.data:
        raise ValidationError(_("The text did not arrive: send it again."))
    return str(form.cleaned_data[name]).replace("\r\n", "\n")


class SeenForm(ActForm):
    """A decision on a version: without the number of the version that was shown there is none."""

    version_seen = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={"required": _("Look at the newest version first, then decide.")},
    )


class ReasonForm(SeenForm):
    """Why a version goes back to the clerk."""

    note = forms.CharField(
        label=_("Reason"),
        help_text=_("The clerk reads it beside the text. It stays in the history for good."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "data-widen": ""}),
        error_messages={"required": _("Give the reason: the clerk needs it to go on.")},
    )


class VoidForm(ActForm):
    """Why an issued letter no longer holds."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays in the history for good; the public is not told of it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-widen": ""}),
        error_messages={"required": _("Give the reason: it stays on record with the number.")},
    )


class IssueForm(SeenForm):
    """The date that the letter bears (\u6210\u6587\u65e5\u671f)."""

    dated = forms.DateField(
        label=_("Date of the letter"),
        help_text=_("The day on which it was signed, unless there is a reason for a later one."),
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": _("Give the date of the letter."),
            "invalid": _("This is no date of the calendar; write it like 2021-05-25."),
        },
    )

    def __init__(self, *args: Any, first: dt.date, last: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dated = self.fields["dated"]
        dated.widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}
        # The rule is the service's; here it is said at the field as well.
        dated.validators += [
            MinValueValidator(first, _("The letter cannot be dated before it was signed.")),
            MaxValueValidator(last, _("The letter cannot be dated in the future.")),
        ]


NARROW = forms.Select(attrs={"class": "form-select w-auto d-inline-block"})


class CompareForm(forms.Form):
    """Which two versions are compared; anything else in the address is left aside."""

    a = forms.TypedChoiceField(label=_("From version"), coerce=int, widget=NARROW)
    b = forms.TypedChoiceField(label=_("to version"), coerce=int, widget=NARROW)

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = [(n, str(n)) for n in numbers]  # type: ignore[attr-defined]
