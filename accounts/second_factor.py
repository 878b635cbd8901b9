"""The second factor (authenticator app, passkey, recovery codes), and when a person last proved who they are.

allauth keeps the factors and checks them; here stands what this site wants otherwise.
"""

import base64
import hashlib
import io
import time

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What counts as a proof, as the log names it.
PROOFS = frozenset({"password", "totp", "recovery_codes", "webauthn"})


class OfficeFactors(DefaultMFAAdapter):
    """Secrets lie in the database encrypted under the site's key; codes bear the user name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or was used before. Type the newest one."),
        "cannot_generate_recovery_codes": gettext_lazy("Set up an authenticator app or a passkey first."),
    }

    def get_totp_label(self, user: User) -> str:
        return user.username

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=4, light="#fff")
        return drawn.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under another key than it was kept with nothing fits: the factor has to be set up anew."""
        try:
            return _lock().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Not an empty text: codes of a secret that anybody knows could be computed.
            return generate_totp_secret()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, object]:
        return super().get_public_key_credential_user_entity(user) | {"name": user.username}


def _lock() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"accounts.second_factor:" + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def factors_of(user: User | AnonymousUser) -> set[str]:
    """Return the kinds of factor that a person has besides the password, recovery codes left aside."""
    return set(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).values_list("type", flat=True))


def has_second_factor(user: User | AnonymousUser) -> bool:
    """Say whether a person signs in with more than the password."""
    return bool(factors_of(user))


def proven_by(request: HttpRequest) -> str:
    """Return how the person at this browser last proved who they are (one of PROOFS).

    Empty when that was longer ago than five minutes, or before somebody else used this browser.
    """
    if not request.user.is_authenticated:
        return ""
    records = get_authentication_records(request, request.user)
    newest = records[-1] if records else {"at": 0}
    if time.time() - newest["at"] >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return ""
    proof = newest.get("type") or newest.get("method", "")
    return proof if proof in PROOFS else ""
