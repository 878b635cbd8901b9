"""Addresses of issuing many letters at once."""

from django.urls import path

from issuing import views

app_name = "issuing"
urlpatterns = [
    path("", views.begin, name="begin"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/go-on/", views.go_on, name="go_on"),
    path("<int:pk>/print/<slug:what>/", views.paper, name="paper"),
]
