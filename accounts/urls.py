"""Addresses of sign-in (allauth's views) and of one's own choices. Nobody signs up: accounts come with posts."""

from allauth.account import views as allauth
from django.urls import include, path

from accounts import views

own = [
    path("large-type/", views.large_type, name="large_type"),
]

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("language/", views.language, name="set_language"),
    path("", include((own, "accounts"))),
]
