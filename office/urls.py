"""Addresses of notices."""

from django.urls import path

from office import views

app_name = "office"
urlpatterns = [
    path("", views.notice_list, name="notices"),
    path("read/", views.notices_read, name="notices_read"),
    path("<int:pk>/open/", views.notice_open, name="notice_open"),
    path("settings/", views.notice_settings, name="notice_settings"),
]
