"""Addresses of the desk and the case page."""

from django.urls import path

from desk import help_views, paper_views, views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("cases/<int:pk>/", views.show_case, name="case"),
    path("cases/<int:pk>/papers/handling/", paper_views.handling, name="paper_handling"),
    path("help/states/", help_views.states, name="help_states"),
]
