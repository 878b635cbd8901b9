"""Verbs of the organization: open an assembly, change its settings, open accounts, give and end posts."""

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from accounts.models import User
from accounts.services import factors_remove
from office import calendar, events, numbering
from office.acts import act
from office.models import CalendarDay, DeadlineRule
from office.workflow import Refused
from organizations import policies
from organizations.models import (
    ADMIN_ROLES,
    Assembly,
    Bureau,
    Committee,
    Dispatcher,
    LetterProfile,
    ListItem,
    Phrase,
    Post,
    Question,
    Session,
)

EVENT_SENTENCES = {
    "assembly.open": _("opened the assembly"),
    "settings.change": _("changed the settings: {what}"),
    "settings.remove": _("removed from the settings: {what}"),
    "person.open": _("opened an account: {what}"),
    "person.password": _("set a new password: {what}"),
    "person.factor": _("took the second factor away: {what}"),
    "person.off": _("switched an account off: {what}"),
    "person.on": _("switched an account on again: {what}"),
    "post.give": _("gave a post: {what}"),
    "post.end": _("ended a post: {what}"),
}
DEFAULTS = Path(__file__).parent / "data" / "defaults.json"
# Without what is easily taken for something else when it is copied from paper (0 o, 1 l i).
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LETTER_GROUPS = 4

Setting = (
    Assembly
    | Session
    | Committee
    | Bureau
    | Dispatcher
    | ListItem
    | LetterProfile
    | DeadlineRule
    | CalendarDay
    | Question
    | Phrase
)


def assembly_open(
    *, code: str, name: str, short_name: str, place: str, is_demo: bool = False, **limits: int
) -> Assembly:
    """Open an assembly with the default lists, deadline rules, calendar and letter profile, all editable."""
    defaults = json.loads(DEFAULTS.read_text(encoding="utf-8"))
    with transaction.atomic():
        assembly = Assembly(
            code=code, name=name, short_name=short_name, place=place, is_demo=is_demo, **limits
        )
        assembly.full_clean()
        assembly.save()
        with scope(assembly=assembly):
            _add_lists(assembly, defaults["lists"])
            _add_questions(assembly, defaults["questions"])
            _add_phrases(assembly, defaults["phrases"])
            for rule in defaults["deadline_rules"]:
                DeadlineRule.objects.create(assembly=assembly, **rule)
            LetterProfile.objects.create(assembly=assembly, **defaults["letter_profile"])
            calendar_fill(assembly=assembly, years=calendar.official_years())
            _log(None, "assembly.open", assembly, str(assembly))
    return assembly


def _log(post: Post | None, act_name: str, subject: models.Model, what: str, note: str = "") -> None:
    facts = {"what": what} | ({"note": note} if note else {})
    events.record(post=post, act=act_name, subject=subject, thread=subject, **facts)


def _add_questions(assembly: Assembly, questions: list[dict[str, Any]]) -> None:
    Question.objects.bulk_create(
        Question(assembly=assembly, order=place, **question) for place, question in enumerate(questions, 1)
    )


def _add_phrases(assembly: Assembly, phrases: list[dict[str, Any]]) -> None:
    Phrase.objects.bulk_create(
        Phrase(assembly=assembly, order=place, **phrase) for place, phrase in enumerate(phrases, 1)
    )


def _add_lists(assembly: Assembly, lists: dict[str, list[dict[str, Any]]]) -> None:
    ListItem.objects.bulk_create(
        ListItem(assembly=assembly, list=name, order=place, **entry)
        for name, entries in lists.items()
        for place, entry in enumerate(entries, 1)
    )


def calendar_fill(*, assembly: Assembly, years: list[int]) -> int:
    """Add the State Council's days of these years where none are kept yet; return how many were added."""
    rows = [row for year in years for row in calendar.official_days(year)]
    kept = set(CalendarDay.objects.filter(assembly=assembly).values_list("day__year", flat=True))
    fresh = [row for row in rows if row.day.year not in kept]
    for row in fresh:
        row.assembly = assembly
    CalendarDay.objects.bulk_create(fresh)
    return len(fresh)


def calendar_year_fill(*, post: Post, year: int, key: str = "") -> int:
    """Take a year's days over from the State Council's announcement; return how many days were added."""
    policies.require(policies.may_change_settings(post))
    with act(post=post, key=key):
        added = calendar_fill(assembly=post.assembly, years=[year])
        if not added:
            raise Refused(_("Nothing was added: the year is kept already, or its days are not announced."))
        _log(post, "settings.change", post.assembly, events.in_site_language(lambda: _filled(year, added)))
    return added


def setting_save(*, post: Post, setting: Setting, key: str = "") -> None:
    """Write a unit, session, list entry, rule, day, profile or phrase of the post's own assembly or bureau."""
    policies.require(policies.may_write(post, setting))
    try:
        with act(post=post, key=key):
            before = policies.settings_visible_to(post, type(setting)).filter(pk=setting.pk).first()
            _keep_what_is_fixed(before, setting)
            if isinstance(setting, Session):
                _only_current(setting)
            setting.save()
            _log(post, "settings.change", setting, _named(setting), _changes(before, setting))
    except IntegrityError:
        raise Refused(_("There is such an entry already.")) from None


def _filled(year: int, days: int) -> str:
    return str(_("calendar %(year)s, %(n)s days") % {"year": year, "n": days})


def _named(setting: Setting) -> str:
    return events.in_site_language(lambda: f"{setting._meta.verbose_name} {setting}")


def _changes(before: Setting | None, after: Setting) -> str:
    """Return a line for each changed field of a row that was there: what stood in it and what stands now."""
    if before is None:
        return ""
    fields = after._meta.concrete_fields
    changed = [f for f in fields if f.value_from_object(before) != f.value_from_object(after)]
    return events.in_site_language(
        lambda: "\n".join(
            f"{f.verbose_name}\uff1a{_told(before, f.name)} → {_told(after, f.name)}" for f in changed
        )
    )


def _told(row: Setting, name: str) -> str:
    shown = getattr(row, f"get_{name}_display", None)
    return str(shown() if shown else getattr(row, name))


def _keep_what_is_fixed(before: Setting | None, after: Setting) -> None:
    if isinstance(before, Session) and isinstance(after, Session):
        if before.first_number != after.first_number and has_given_numbers(before):
            raise Refused(_("Numbers of this session have been given: its first number stays as it is."))
    elif isinstance(before, LetterProfile) and isinstance(after, LetterProfile):
        if before.bureau_id != after.bureau_id:
            raise Refused(_("A letter profile stays with its bureau: make another one instead."))
    elif isinstance(before, ListItem) and isinstance(after, ListItem) and before.list != after.list:
        raise Refused(_("An entry stays in its list: make another one instead."))


def has_given_numbers(session: Session) -> bool:
    """Say whether a proposal of the session has its number, after which the first number stays as it is."""
    return numbering.is_open(assembly_id=session.assembly_id, key=session.series_key)


def _only_current(session: Session) -> None:
    if session.is_current:
        others = Session.objects.filter(assembly=session.assembly, is_current=True).exclude(pk=session.pk)
        others.update(is_current=False)


def setting_remove(*, post: Post, setting: Setting, key: str = "") -> None:
    """Remove a row that nothing refers to; otherwise refuse and say what to do instead."""
    policies.require(policies.may_write(post, setting))
    if not policies.may_remove(setting):
        raise Refused(_("The assembly cannot be without this one: change it instead."))
    with act(post=post, key=key):
        _log(post, "settings.remove", setting, _named(setting))
        try:
            setting.delete()
        except models.ProtectedError:
            raise Refused(_("It is used by cases or posts and stays; take it out of use instead.")) from None


def post_give(*, by: Post | None, post: Post, key: str = "") -> Post:
    """Give a post; `by` is the security administrator's post (None: a command on the server)."""
    if by:
        policies.require(policies.may_change_people(by) and by.assembly_id == post.assembly_id)
    with scope(assembly=post.assembly), _act_by(by, key):
        # Two posts given at once to one person queue here, so that each sees the other.
        # Not against rows that name the person: whoever writes those may hold the log that is written below.
        User.objects.select_for_update(no_key=True).get(pk=post.user_id)
        post.full_clean()
        policies.require(post.body.assembly_id == post.assembly_id)
        _keep_administrators_apart(post)
        post.save()
        _log(by, "post.give", post, events.in_site_language(lambda: str(post)))
    return post


def _act_by(by: Post | None, key: str) -> "transaction.Atomic":
    return act(post=by, key=key) if by else transaction.atomic()  # type: ignore[return-value]


def _keep_administrators_apart(post: Post) -> None:
    """Three different people administer, and none of them holds a post that reads drafts or signs."""
    others = Post.objects.filter(Q(until=None) | Q(until__gte=post.since), user=post.user).exclude(pk=post.pk)
    if post.until:
        others = others.filter(since__lte=post.until)
    for other in others:
        administers = other.role in ADMIN_ROLES or post.role in ADMIN_ROLES
        if administers and other.role != post.role:
            raise Refused(
                _("%(person)s already is %(post)s: administrators hold no other post.")
                % {"person": post.user.name, "post": other}
            )


def post_end(*, by: Post, post: Post, day: dt.date, key: str = "") -> None:
    """End a post with a day, its last; what was done in it stays under its name.

    A post that has not begun by then is taken back whole.
    """
    policies.require(policies.may_change_people(by) and by.assembly_id == post.assembly_id)
    with act(post=by, key=key):
        # As above: the holder's own act, under way, names the post and holds the log.
        held = Post.objects.select_for_update(of=("self",), no_key=True)
        post = held.select_related("user").get(pk=post.pk)
        if post.pk == by.pk:
            raise Refused(_("Nobody ends the own post: another security administrator does it."))
        if post.until and post.until <= day:
            raise Refused(
                _("This post has its last day already: %(day)s.")
                % {"day": date_format(post.until, "DATE_FORMAT")}
            )
        _log(by, "post.end", post, events.in_site_language(lambda: str(post)))
        if post.since > day:
            post.delete()
        else:
            post.until = day
            post.save(update_fields=["until"])


def new_password() -> str:
    """Return a password to hand over on paper: four groups of four letters and figures, 79 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _n in range(4)) for _g in range(LETTER_GROUPS))
    return "-".join(groups)


def person_open(
    *,
    by: Post | None,
    username: str,
    name: str,
    password: str | None,
    first_post: Post | None = None,
    key: str = "",
) -> User:
    """Open an account, with its first post where one is given: rights come with a post only."""
    if by:
        policies.require(policies.may_change_people(by))
    user = User(username=username, name=name)
    user.set_password(password)
    user.full_clean()
    try:
        with _act_by(by, key):
            user.save()
            if by:
                _log_person(by, "person.open", user)
            if first_post:
                first_post.user = user
                post_give(by=by, post=first_post)
    except IntegrityError:
        raise Refused(_("There is an account of this user name already.")) from None
    return user


def _log_person(by: Post, act_name: str, user: User) -> None:
    _log(by, act_name, user, f"{user.name} {user.username}")


def _require_account_of(by: Post, user: User) -> None:
    """An account that also serves another assembly is not this assembly's to shut or to take over."""
    policies.require(policies.may_change_people(by))
    if user.pk == by.user_id:
        raise Refused(_("This is your own account: another security administrator does it."))
    if policies.serves_elsewhere(user, by.assembly):
        raise Refused(_("This person also holds a post in another assembly: the account stays as it is."))


def person_set_password(*, by: Post, user: User, password: str, key: str = "") -> None:
    """Give a person a new password; whoever is signed in with the old one is signed out."""
    _require_account_of(by, user)
    with act(post=by, key=key):
        user.set_password(password)
        user.save(update_fields=["password"])
        _log_person(by, "person.password", user)


def person_remove_factor(*, by: Post, user: User, key: str = "") -> None:
    """Take a lost second factor away, with its recovery codes: the password alone signs in until there is a new one."""
    _require_account_of(by, user)
    with act(post=by, key=key):
        if not factors_remove(user=user):
            raise Refused(_("This person has no second factor."))
        _log_person(by, "person.factor", user)


def person_switch(*, by: Post, user: User, on: bool, key: str = "") -> None:
    """Let a person sign in or not; posts and what was done in them stay."""
    _require_account_of(by, user)
    with act(post=by, key=key):
        if user.is_active == on:
            return
        user.is_active = on
        user.save(update_fields=["is_active"])
        _log_person(by, "person.on" if on else "person.off", user)
