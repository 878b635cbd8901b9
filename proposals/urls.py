"""Addresses of proposals: the list, writing one, its attachments, the acts of review and dispatch."""

from django.urls import path

from proposals import draft_views, views

app_name = "proposals"
urlpatterns = [
    path("", views.list_cases, name="list"),
    path("new/", draft_views.new, name="new"),
    path("<int:pk>/edit/", draft_views.edit, name="edit"),
    path("<int:pk>/autosave/", draft_views.autosave, name="autosave"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/recall/", views.recall, name="recall"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/return/", views.return_, name="return"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/assign/", views.assign, name="assign"),
    path("assignments/<int:pk>/sign-in/", views.assignment_sign_in, name="assignment_sign_in"),
    path("assignments/<int:pk>/recall/", views.assignment_recall, name="assignment_recall"),
    path("attachments/<int:pk>/", draft_views.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", draft_views.attachment_remove, name="attachment_remove"),
]
