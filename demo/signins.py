"""The demo's sign-ins: one password made at each load, kept beside the database for its owner's eyes only."""

import json
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django_scopes import scopes_disabled

from accounts.models import User
from organizations.models import Post, Role

# The bureau whose people are shown first: it answers the published case.
SHOWN_BODIES = ("区民政局", "社法民宗委")


def new_password() -> str:
    """Four groups that a person can type: made by chance, different at each load."""
    return "-".join(secrets.token_hex(2) for _group in range(4))


def _path() -> Path:
    return Path(settings.VAR_DIR) / "demo-signin.json"


def keep(password: str) -> None:
    """Write the password where the next start finds it."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"password": password}))


def kept_or_renewed() -> str:
    """Return the demo's password; where its file is gone, everybody of the demo gets a new one."""
    try:
        return str(json.loads(_path().read_text())["password"])
    except (OSError, ValueError, KeyError):
        password = new_password()
        with scopes_disabled():
            people = Post.objects.filter(assembly__is_demo=True).values("user")
            User.objects.filter(pk__in=people).update(password=make_password(password))
        keep(password)
        return password


def table() -> list[tuple[str, str, str]]:
    """Return (role, user name, who) for one person of each role, in the order of the case's way."""
    with scopes_disabled():
        rows = Post.objects.filter(assembly__is_demo=True).order_by("assembly__code", "pk")
        posts = list(rows.select_related("user", "committee", "bureau", "dispatcher", "assembly"))
    shown = []
    for role in Role:
        of_role = [post for post in posts if post.role == role]
        shown += sorted(of_role, key=lambda post: post.body_name not in SHOWN_BODIES)[:1]
    return [(str(post.role), post.user.username, str(post)) for post in shown]
