"""Pages of one's own second factor: what there is, setting up, recovery codes, removing.

allauth's views do the work. A page that sent somebody here to set a factor up (?next=) is led back to at the end.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

SESSION_KEY = "after_factor"


def _page_to_return_to(request: HttpRequest) -> str:
    """The page that sent the person here, remembered in the session until it has been shown again."""
    wanted = request.GET.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        request.session[SESSION_KEY] = wanted
    return str(request.session.get(SESSION_KEY, ""))


@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """What the person signs in with besides the password, and what can be set up."""
    of_person = Authenticator.objects.filter(user_id=request.user.pk).order_by("pk")
    kinds: dict[str, list[Authenticator]] = {}
    for factor in of_person:
        kinds.setdefault(factor.type, []).append(factor)
    recovery = kinds.get(Authenticator.Type.RECOVERY_CODES, [])
    context = {
        "totp": kinds.get(Authenticator.Type.TOTP, []),
        "passkeys": kinds.get(Authenticator.Type.WEBAUTHN, []),
        "codes_left": len(recovery[0].wrap().get_unused_codes()) if recovery else None,
        "after": _page_to_return_to(request),
    }
    return render(request, "mfa/index.html", context)


class ActivateView(ActivateTOTPView):
    """The secret as a picture and as text, and the first code as a proof that it was taken over."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        # In groups of four, as people copy it from a screen.
        return context | {"secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))}


class RecoveryCodesView(ViewRecoveryCodesView):
    """The codes that are left, and the way back to what was to be done."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"after": _page_to_return_to(self.request)}


activate = ActivateView.as_view()
recovery_codes = RecoveryCodesView.as_view()
add_passkey = AddWebAuthnView.as_view()
remove_passkey = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))
