"""Production refuses to start insecure: each condition alone stops it."""

import os
import subprocess
import sys

import pytest

FIT = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "gZ7x0Qw-" * 8,
    "ALLOWED_HOSTS": "dafu.example.org",
    "DATABASE_URL": "sqlite:///:memory:",
    "MEDIA_ROOT": "/srv/dafu/media",
}


def start(**changes):
    """Start the settings in a process of their own, with nothing else in the environment."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": os.environ.get("VAR_DIR", "var")} | FIT | changes
    command = [sys.executable, "-c", "import django, os; django.setup()"]
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_fit_settings_start():
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"MEDIA_ROOT": ""}, "MEDIA_ROOT"),
    ],
)
def test_each_weak_setting_stops_the_start_and_is_named(changes, named):
    stopped = start(**changes)
    assert stopped.returncode != 0
    assert named in stopped.stderr.splitlines()[-1]


def test_the_demo_is_not_installed_in_production():
    probe = "import django; django.setup(); from django.apps import apps; print(apps.is_installed('demo'))"
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | FIT
    told = subprocess.run(
        [sys.executable, "-c", probe], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "False"
