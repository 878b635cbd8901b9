"""What a person changes about the own account. The sign-in itself is allauth's."""

from allauth.mfa.models import Authenticator
from django.db.models import F

from accounts.models import User


def user_set_language(*, user: User, language: str) -> None:
    """Keep the language of the pages for this person (a code of settings.LANGUAGES)."""
    User.objects.filter(pk=user.pk).update(language=language)


def user_toggle_large_type(*, user: User) -> None:
    """Switch between normal and large type for this person."""
    User.objects.filter(pk=user.pk).update(large_type=~F("large_type"))


def factors_remove(*, user: User) -> int:
    """Take every second factor of a person away, recovery codes too; return how many there were."""
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    return removed
