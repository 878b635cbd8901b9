"""Addresses of sign-in (allauth's views) and of one's own choices. Nobody signs up: accounts come with posts."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path

from accounts import factor_views, views

own = [
    path("large-type/", views.large_type, name="large_type"),
]

# The names are those that allauth itself looks for.
second_factor = [
    path("", factor_views.factors, name="mfa_index"),
    path("sign-in/", mfa.authenticate, name="mfa_authenticate"),
    path("again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("app/", factor_views.activate, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", factor_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("passkey/", factor_views.add_passkey, name="mfa_add_webauthn"),
    path("passkey/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkey/<int:pk>/remove/", factor_views.remove_passkey, name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("second-factor/", include(second_factor)),
    path("language/", views.language, name="set_language"),
    path("", include((own, "accounts"))),
]
