"""Addresses of what is published: the public's own, and those of who publishes."""

from django.urls import path

from portal import board_views, feeds, public_views, verify_views

app_name = "portal"
urlpatterns = [
    path("publications/", board_views.board, name="board"),
    path("publications/<int:pk>/", board_views.decide, name="decide"),
    path("publications/<int:pk>/copy/<int:order>.pdf", board_views.copy_pdf, name="copy_pdf"),
    path("publications/<int:pk>/withdraw/", board_views.withdraw, name="withdraw"),
    path("public/", public_views.assemblies, name="assemblies"),
    path("public/sitemap.xml", feeds.sitemap, name="sitemap"),
    path("public/<slug:code>/", public_views.published, name="list"),
    path("public/<slug:code>/feed/", feeds.feed, name="feed"),
    path("public/<slug:code>/<int:pk>/", public_views.case, name="case"),
    path("public/<slug:code>/<int:pk>/letters/<int:order>.pdf", public_views.letter_pdf, name="letter_pdf"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/<slug:code>/", verify_views.verify_letter, name="verify_letter"),
    path("robots.txt", feeds.robots, name="robots"),
]
