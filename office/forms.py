"""The shape of what a person fills in about notices."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from office import notices
from office.choices import ways_of
from office.models import NoticeChoice
from office.pages import ActForm


class NoticeSettingsForm(ActForm):
    """The own e-mail address, and a way for each group."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Only needed when you want notices by e-mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = user.email
        ways = ways_of(user)
        for key, label in notices.GROUPS.items():
            self.fields[f"group_{key}"] = forms.ChoiceField(
                label=str(label),
                choices=NoticeChoice.Way.choices,
                initial=ways.get(key, NoticeChoice.Way.DESK),
            )

    @property
    def ways(self) -> dict[str, str]:
        """The ways that were chosen, by group."""
        return {
            key: self.cleaned_data[f"group_{key}"]
            for key in notices.GROUPS
            if f"group_{key}" in self.cleaned_data
        }

    def clean(self) -> dict[str, Any]:
        wants_mail = any(way != NoticeChoice.Way.DESK for way in self.ways.values())
        if wants_mail and not self.cleaned_data.get("email") and "email" not in self.errors:
            raise ValidationError({"email": _("Give your e-mail address, or choose the desk everywhere.")})
        return self.cleaned_data
