"""What every page shows around its content: the post worn, the assembly, the navigation with counts."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import kept
from desk.selectors import to_do_count
from issuing import policies as issuing
from office import notices
from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Post, Role
from portal import policies as portal
from proposals import policies as proposals

PAGES_OF: dict[str, tuple[Promise, str]] = {
    Role.SYSADMIN: (gettext_lazy("Settings"), "organizations:settings"),
    Role.SECADMIN: (gettext_lazy("People and posts"), "organizations:people"),
    Role.AUDITOR: (gettext_lazy("Event log"), "organizations:log"),
}


def office(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html. Before a sign-in, or without a post, there is no navigation."""
    post = getattr(request, "post", None)
    return {
        "assembly": post and post.assembly,
        "my_posts": getattr(request, "my_posts", []),
        # Counted only where a page shows it: a fragment of a page does not.
        "nav": SimpleLazyObject(lambda: _nav(request, post)) if post else [],
        "kept": hasattr(request, "session") and kept.is_waiting(request),
    }


def _nav(request: HttpRequest, post: Post) -> list[dict[str, Any]]:
    entries = [_entry(_("Desk"), "desk:home", to_do_count(post), urgent=True)]
    if post.role in (*PROPOSER_ROLES, Role.REVIEWER, Role.DISPATCHER, *BUREAU_ROLES):
        entries.append(_entry(_("Proposals"), "proposals:list", proposals.visible_to(post).count()))
    if proposals.may_create(post):
        entries.append(_entry(_("New proposal"), "proposals:new"))
    if proposals.may_enter(post):
        entries.append(_entry(_("Enter from paper"), "proposals:enter"))
    if proposals.may_give_assignments(post):
        entries.append(_entry(_("Dispatch"), "proposals:dispatch"))
        entries.append(_entry(_("Dates"), "proposals:dates"))
    if post.role in (Role.REVIEWER, Role.DISPATCHER, *BUREAU_ROLES):
        entries.append(_entry(_("Promises"), "outcomes:commitments"))
    if issuing.may_issue(post):
        entries.append(_entry(_("Issue several letters"), "issuing:begin"))
    if portal.may_publish(post):
        entries.append(_entry(_("Publication"), "portal:board"))
    if post.role in PAGES_OF:
        entries.append(_entry(*PAGES_OF[post.role]))
    entries.append(_entry(_("Notices"), "office:notices", notices.unread_count(post), urgent=True))
    here = max((e["url"] for e in entries if request.path.startswith(e["url"])), key=len)
    for entry in entries:
        entry["active"] = entry["url"] == here and (here != "/" or request.path == "/")
    return [{"title": "", "entries": entries}]


def _entry(
    label: str | Promise, name: str, count: int | None = None, *, urgent: bool = False
) -> dict[str, Any]:
    return {"label": label, "url": reverse(name), "count": count, "urgent": urgent}
