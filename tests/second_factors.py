"""Second factors for tests, as if they had been set up on the page, and the codes that a phone would show."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from accounts.models import User
from accounts.second_factor import OfficeFactors


def give_app(user: User) -> None:
    """An authenticator app."""
    TOTP.activate(user, generate_totp_secret())


def give_codes(user: User) -> list[str]:
    """Recovery codes."""
    return RecoveryCodes.activate(user).get_unused_codes()


def code_of(user: User, shift: int = 0) -> str:
    """The code that the person's app shows, or did so many seconds ago (shift below nought)."""
    kept = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    secret = OfficeFactors().decrypt(kept.data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time() + shift) // 30))
