"""Addresses of the organization."""

from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("wear/", views.wear, name="wear"),
]
