"""Addresses of the organization: the post worn, settings, people and posts, the log."""

from django.urls import path

from organizations import log_views, people_views, settings_views, views

app_name = "organizations"
urlpatterns = [
    path("wear/", views.wear, name="wear"),
    path("settings/", settings_views.settings, name="settings"),
    path("settings/days/fill/<int:year>/", settings_views.calendar_fill, name="calendar_fill"),
    path("settings/<slug:slug>/", settings_views.setting_list, name="setting_list"),
    path("settings/<slug:slug>/new/", settings_views.setting_new, name="setting_new"),
    path("settings/<slug:slug>/<int:pk>/", settings_views.setting_edit, name="setting_edit"),
    path("settings/<slug:slug>/<int:pk>/remove/", settings_views.setting_remove, name="setting_remove"),
    path("people/", people_views.people, name="people"),
    path("people/new/", people_views.person_open, name="person_open"),
    path("people/post/", people_views.post_give_named, name="post_give_named"),
    path("people/<int:pk>/", people_views.person, name="person"),
    path("people/<int:pk>/post/", people_views.post_give, name="post_give"),
    path("people/<int:pk>/password/", people_views.person_password, name="person_password"),
    path("people/<int:pk>/factor/", people_views.person_factor, name="person_factor"),
    path("people/<int:pk>/off/", people_views.person_switch, {"on": False}, name="person_off"),
    path("people/<int:pk>/on/", people_views.person_switch, {"on": True}, name="person_on"),
    path("people/posts/<int:pk>/end/", people_views.post_end, name="post_end"),
    path("log/", log_views.log, name="log"),
    path("log/check/", log_views.log_check, name="log_check"),
]
