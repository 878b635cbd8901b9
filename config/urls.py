"""Every address of the site, app by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("portal.urls")),
    path("accounts/", include("accounts.urls")),
    path("organizations/", include("organizations.urls")),
    path("proposals/", include("proposals.urls")),
    path("replies/", include("replies.urls")),
    path("outcomes/", include("outcomes.urls")),
    path("issuing/", include("issuing.urls")),
    path("notices/", include("office.urls")),
]
