"""What production settings must satisfy before the application starts, and the development key.

Pure functions, so that each condition has its own test; nothing here reads the settings module.
"""

import secrets
from pathlib import Path

import environ

SHORTEST_KEY = 50


def production_faults(env: environ.Env, debug: bool, secret_key: str, hosts: list[str]) -> list[str]:
    """Return one sentence for each setting that would make a production start insecure (empty: fit)."""
    checks = [
        (debug, "DEBUG must be off"),
        (len(secret_key) < SHORTEST_KEY, f"SECRET_KEY must have at least {SHORTEST_KEY} characters"),
        (len(set(secret_key)) < 5, "SECRET_KEY must be random"),
        (secret_key.startswith("django-insecure-"), "SECRET_KEY must not be a sample"),
        (not hosts, "ALLOWED_HOSTS must name the site"),
        ("*" in hosts, "ALLOWED_HOSTS must not be *"),
        (not env.str("DATABASE_URL", default=""), "DATABASE_URL must be set"),
        (not env.str("MEDIA_ROOT", default=""), "MEDIA_ROOT must be set"),
    ]
    return [sentence for wrong, sentence in checks if wrong]


def secret_key_kept_in(folder: Path) -> str:
    """Return the development key of this machine, made at the first start and readable by its owner only."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()
