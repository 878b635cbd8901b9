"""What sign-in does not allow: nobody opens an account from outside; accounts are given with a post."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OfficeAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("This password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """One rule everywhere: a sign-in within the last five minutes is a proof as good as a later one."""
        from accounts.second_factor import proven_by

        return super().is_reauthentication_required(app=app, **kwargs) and not proven_by(self.request)
