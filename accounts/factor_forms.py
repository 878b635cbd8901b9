"""Forms of the second factor: its codes, and the one field that proves again who one is. A code counts once."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context, ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.second_factor import OfficeFactors, has_second_factor

SHORTEST_PASSWORD = 10  # settings.AUTH_PASSWORD_VALIDATORS


def _code_field(field: forms.Field, label: Any, help_text: Any) -> None:
    field.label, field.help_text = label, help_text
    field.error_messages["required"] = _("Type the code.")
    field.widget = forms.TextInput(
        {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autocapitalize": "off",
            "spellcheck": "false",
            "maxlength": 20,
        }
    )


def _is_first_use(user: User, code: str) -> bool:
    """Note that a code was used, for as long as it is good."""
    seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
    return cache.add(f"second-factor-used:{user.pk}:{normalize_user_code(code)}", True, timeout=seconds)


class OnceMixin(forms.Form):
    """allauth remembers a used code for its own half minute; with our tolerance it is good for three of them."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(
            self.fields["code"],
            _("Code"),
            _("Six figures from the authenticator app, or one of your recovery codes."),
        )
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not _is_first_use(self.user, code):
            raise OfficeFactors().validation_error("incorrect_code")
        return code


class SignInCodeForm(OnceMixin, AuthenticateForm):
    """The second step of the sign-in."""


class AgainCodeForm(OnceMixin, ReauthenticateForm):
    """A code as a proof of who sits there, within a session."""


class ActivateForm(ActivateTOTPForm):
    """The first code of an authenticator app: the proof that it took the secret over."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(
            self.fields["code"],
            _("Code that the app shows"),
            _("Six figures; they change every half minute."),
        )

    def clean_code(self) -> str:
        """The same code shall not serve for a sign-in afterwards."""
        code: str = super().clean_code()
        _is_first_use(self.user, code)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey; the script of the page fills in what the device answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label = _("Name of the passkey")
        name.help_text = _("So that you know it again, such as “my phone”.")
        name.max_length = 60
        name.widget.attrs["maxlength"] = 60


class ProofForm(forms.Form):
    """One field that takes the password or a code, and what was sent before it was asked for.

    A password has at least ten characters and a code has fewer, figures only: they cannot be mistaken.
    """

    proof = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": _("Type your password.")},
    )

    def __init__(self, *args: Any, user: User, carried: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for name in carried:
            self.fields[name] = forms.Field(widget=forms.MultipleHiddenInput, required=False)
        if has_second_factor(user):
            self.fields["proof"].label = _("Your password, or a code")
            self.fields["proof"].help_text = _("A code of your authenticator app, or a recovery code.")
            self.fields["proof"].error_messages["required"] = _("Type your password or a code.")

    def clean_proof(self) -> str:
        """Check it, and note in the session that it was given now."""
        typed: str = self.cleaned_data["proof"]
        if (
            len(typed) < SHORTEST_PASSWORD
            and typed.replace(" ", "").isdecimal()
            and has_second_factor(self.user)
        ):
            self._check_code(typed)
        else:
            self._check_password(typed)
        return ""

    def _check_code(self, code: str) -> None:
        form = AgainCodeForm({"code": code}, user=self.user)
        if not form.is_valid():
            raise ValidationError(list(form.errors["code"]))
        form.save()

    def _check_password(self, password: str) -> None:
        adapter = get_adapter()
        if not ratelimit.consume(context.request, action="reauthenticate", user=self.user):
            raise adapter.validation_error("too_many_login_attempts")
        if not adapter.reauthenticate(self.user, password):
            raise adapter.validation_error("incorrect_password")
        reauthenticate_by_password(context.request)
