"""Who may change the organization: the system administrator its rules, the security administrator its posts.

The only door to a setting or a person: what belongs to another assembly is not found (404).
"""

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django_scopes import scopes_disabled

from accounts.models import User
from office import clock
from organizations.models import Assembly, LetterProfile, Phrase, Post, Role

SETTINGS = (Role.SYSADMIN,)
PEOPLE = (Role.SECADMIN,)
LOG = (Role.AUDITOR,)
PHRASES = (Role.CLERK, Role.CHECKER)
Row = TypeVar("Row", bound=models.Model)


def may_change_settings(post: Post) -> bool:
    """Units, sessions, lists, rules, days, letter profiles."""
    return post.role in SETTINGS


def may_keep_phrases(post: Post) -> bool:
    """The own bureau's phrases, for its letters."""
    return post.role in PHRASES


def may_write(post: Post, setting: Any) -> bool:
    """Say whether this very row is the post's to write: of phrases, a bureau's clerks and checkers write its own."""
    if isinstance(setting, Phrase) and setting.bureau_id is not None:
        mine = may_keep_phrases(post) and setting.bureau_id == post.bureau_id
    else:
        mine = may_change_settings(post)
    return mine and setting.assembly_id == post.assembly_id


def may_change_people(post: Post) -> bool:
    """Accounts and posts."""
    return post.role in PEOPLE


def may_read_log(post: Post) -> bool:
    """The event log of the whole assembly."""
    return post.role in LOG


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


def settings_visible_to(post: Post, model: type[Row]) -> QuerySet[Row]:
    """Return the rows of one kind of setting that this post's assembly has; of assemblies, only itself.

    Of phrases, a post of a bureau has the bureau's, any other the assembly's.
    """
    own: dict[str, Any] = {"pk" if model is Assembly else "assembly_id": post.assembly_id}
    if model is Phrase:
        own["bureau_id"] = post.bureau_id
    return model._default_manager.filter(**own)


def setting_or_404(post: Post, model: type[Row], pk: int) -> Row:
    """Return a row of the post's own assembly."""
    return get_object_or_404(settings_visible_to(post, model), pk=pk)


def may_remove(setting: models.Model) -> bool:
    """Say whether an assembly can be without this row: not without itself, nor its general letter profile."""
    return not isinstance(setting, Assembly) and not (
        isinstance(setting, LetterProfile) and setting.bureau_id is None
    )


def people_visible_to(post: Post) -> QuerySet[User]:
    """Return the people who hold or held a post in this assembly; nobody else's people can be listed."""
    here = Post.objects.filter(assembly_id=post.assembly_id).values("user_id")
    return User.objects.filter(pk__in=here)


def person_or_404(post: Post, pk: int) -> User:
    """Return a person who holds or held a post in this assembly."""
    return get_object_or_404(people_visible_to(post), pk=pk)


def post_or_404(post: Post, pk: int) -> Post:
    """Return a post of the same assembly."""
    return get_object_or_404(Post.objects.filter(assembly_id=post.assembly_id).select_related("user"), pk=pk)


def serves_elsewhere(user: User, assembly: Assembly) -> bool:
    """Say whether a person holds, or will hold, a post in another assembly: the account is its as well."""
    with scopes_disabled():
        running = Post.objects.filter(Q(until=None) | Q(until__gte=clock.today()), user=user)
        return running.exclude(assembly=assembly).exists()


def may_be_ended(post: Post) -> bool:
    """Say whether a post has a day left after today."""
    return post.until is None or post.until > clock.today()
