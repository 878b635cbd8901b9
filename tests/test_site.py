"""What holds for the whole site: the versions of its parts, its database driver, languages, static files."""

import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from check_translations import LANGUAGES, catalogue, entries_of
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import translation
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent

# Below these a hole that concerns us was open. Kept by hand: without the network a scanner sees nothing.
FLOORS = {
    "Django": "5.2.19",
    "weasyprint": "70.0",
    "django-allauth": "65.21.1",
    "pikepdf": "10.17.0",
    "pillow": "13.0.0",
    "gunicorn": "27.0.1",
    "lxml": "6.1.3",
}


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    found = [Requirement(line) for line in lines if line.strip() and line[0] not in "#-"]
    return {canonicalize_name(pin.name): str(pin.specifier) for pin in found}


def all_pins() -> dict[str, str]:
    return pins("requirements.txt") | pins("requirements-dev.txt")


@pytest.mark.parametrize(("name", "floor"), FLOORS.items())
def test_no_part_is_older_than_its_last_hole(name: str, floor: str):
    assert Version(importlib.metadata.version(name)) >= Version(floor)


def test_what_is_installed_is_what_is_pinned():
    wrong = {n: v for n, v in all_pins().items() if v != f"=={importlib.metadata.version(n)}"}
    assert wrong == {}


@pytest.mark.parametrize("names", [["requirements.txt"], ["requirements.txt", "requirements-dev.txt"]])
def test_whatever_a_pinned_part_needs_is_pinned_too(names: list[str]):
    pinned = {name for file in names for name in pins(file)}
    needed = {
        canonicalize_name(need.name)
        for name in pinned
        for need in map(Requirement, importlib.metadata.requires(name) or [])
        if need.marker is None or need.marker.evaluate({"extra": ""})
    }
    assert needed - pinned == set()


def test_psycopg2_is_the_driver():
    """Django takes psycopg 3 as soon as it can be imported, so nothing may bring it in."""
    assert importlib.util.find_spec("psycopg2")
    assert importlib.util.find_spec("psycopg") is None


def test_the_database_is_the_one_that_was_asked_for():
    wanted = os.environ.get("DATABASE_URL", "sqlite:").partition(":")[0]
    assert connection.vendor == ("postgresql" if wanted.startswith("postgres") else wanted)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only of PostgreSQL")
def test_postgresql_is_at_least_15():
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 150000


@pytest.mark.django_db
def test_no_migration_is_pending():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_languages_have_catalogues():
    assert {translation.to_locale(code) for code, _ in settings.LANGUAGES} == set(LANGUAGES)


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_every_language_loads(code: str):
    """Each text comes out as its catalogue says; what stands empty there is the catalogues' own check."""
    plain = [
        (entry.texts["msgid"], entry.texts["msgstr"] or entry.texts["msgid"])
        for entry in entries_of(catalogue(ROOT, translation.to_locale(code)).read_text())
        if not {"msgctxt", "msgid_plural"} & entry.texts.keys() and (entry.texts["msgstr"] or code == "en")
    ]
    assert plain
    with translation.override(code):
        assert [source for source, said in plain if translation.gettext(source) != said] == []


def test_static_files_can_be_collected_for_production(tmp_path: Path, settings):
    """Each file that a style sheet or script names is there: the hashed names of production need it."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "SECRET_KEY must have"),
        ({"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "*", "DEBUG": "1"}, "DEBUG must be off"),
        ({"ENVIRONMENT": "Production"}, "ENVIRONMENT must be"),
    ],
)
def test_an_insecure_production_does_not_start(environment: dict[str, str], said: str, tmp_path: Path):
    bare = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "ENVIRONMENT": "production"}
    told = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=bare | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode != 0
    assert said in told.stderr
