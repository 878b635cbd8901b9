"""Shapes of what is sent about remarks: a new one, what follows on one, a return that is made of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from office.pages import ActForm
from replies import remark_selectors
from replies.forms import ReasonForm, SeenForm
from replies.remark_selectors import Noted

LONGEST = 2000


class RemarkForm(SeenForm):
    """A remark on a paragraph of the version that was shown; place 0 is the letter as a whole."""

    place = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    words = forms.CharField(
        label=_("Which words? Leave it empty for the whole paragraph."), required=False, max_length=LONGEST
    )
    text = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "data-widen": ""}),
        error_messages={"required": _("Write what you want to remark.")},
    )

    def facts(self) -> dict[str, Any]:
        """Return what the service takes, of a valid form."""
        kept = {name: self.cleaned_data[name] for name in ("place", "words", "text", "key")}
        return kept | {"version": self.cleaned_data["version_seen"]}


class FollowForm(ActForm):
    """An answer to a remark, or a word to its being settled or opened again."""

    text = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "data-widen": ""}),
    )


class ReturnForm(ReasonForm):
    """Why a version goes back: in words, by the open remarks, or by both."""

    def __init__(self, *args: Any, remarks: list[Noted], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remarks = remarks
        if remarks:
            said = ngettext("Attach the open remark", "Attach the %(n)d open remarks", len(remarks))
            label = said % {"n": len(remarks)}
            self.fields["with_remarks"] = forms.BooleanField(label=label, required=False, initial=True)
            self.fields["note"].required = False

    def clean(self) -> dict[str, Any]:
        """The reason that is kept holds the remarks as they read when the version was returned."""
        super().clean()
        attached = self.remarks if self.cleaned_data.pop("with_remarks", False) else []
        self.cleaned_data["note"] = remark_selectors.as_reason(self.cleaned_data.get("note", ""), attached)
        if not self.cleaned_data["note"] and "note" not in self.errors:
            self.add_error("note", self.fields["note"].error_messages["required"])
        return self.cleaned_data
