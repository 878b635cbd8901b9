"""Questions about the organization: what the settings hold, who holds which post, what the log says."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from office import calendar, clock, events
from office.models import CalendarDay, DeadlineRule, Event
from organizations import policies
from organizations.models import Assembly, Bureau, Committee, Dispatcher, LetterProfile, Post, Session

LOG_PAGE = 100
# Of these the log tells the details as well; what is said in a case stays in the case.
TOLD_IN_FULL = ("assembly", "settings", "person", "post")


def field_words(model: type[models.Model], name: str) -> str:
    """Return how pages call a field."""
    field = model._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def cell_text(row: models.Model, name: str) -> str:
    """Return one field of a setting as a list shows it."""
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown else getattr(row, name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    return "–" if value in (None, "") else str(value)


def rule_length(rule: DeadlineRule) -> str:
    """Return how long a rule allows: a number of days or months, or its date of each year."""
    n = rule.length or 0
    match rule.unit:
        case DeadlineRule.Unit.WORKING_DAYS:
            return ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}
        case DeadlineRule.Unit.DAYS:
            return ngettext("%(n)d calendar day", "%(n)d calendar days", n) % {"n": n}
        case DeadlineRule.Unit.MONTHS:
            return ngettext("%(n)d month", "%(n)d months", n) % {"n": n}
    return date_format(dt.date(2023, rule.fixed_month or 12, rule.fixed_day or 31), "MONTH_DAY_FORMAT")


def profile_for(profile: LetterProfile) -> str:
    """Return whose letters a profile is for."""
    return str(profile.bureau or _("every bureau without a profile of its own"))


@dataclass(frozen=True)
class CalendarYears:
    """Which years the calendar holds, which of the announced ones it lacks, and the year shown."""

    kept: list[int]
    missing: list[int]
    shown: int


def calendar_years(assembly: Assembly, wanted: str) -> CalendarYears:
    """Return the years of the calendar; shown is the wanted one, else this year or the last one kept."""
    kept = sorted(set(CalendarDay.objects.filter(assembly=assembly).values_list("day__year", flat=True)))
    this_year = clock.today().year
    default = this_year if this_year in kept or not kept else kept[-1]
    shown = next((year for year in kept if str(year) == wanted), default)
    return CalendarYears(kept, [year for year in calendar.official_years() if year not in kept], shown)


def example_facts(assembly: Assembly, bureau: Bureau | None) -> dict[str, str]:
    """Return facts of a made-up case, with which a pattern shows how it will read."""
    session = Session.objects.filter(assembly=assembly).order_by("-is_current", "-opens").first()
    bureau = bureau or Bureau.objects.filter(assembly=assembly, is_active=True).first()
    return {
        "place": assembly.place,
        "session": session.name if session else pgettext("example", "(session)"),
        "number": "51",
        "title": pgettext("example", "(title of the proposal)"),
        # The word of every letter to a committee: \u4f60\u4eec.
        "you": "\u4f60\u4eec",
        "bureau": bureau.name if bureau else pgettext("example", "(bureau)"),
        "leader": pgettext("example", "(name of the leader)"),
        "clerk": pgettext("example", "(name of the clerk)"),
        "phone": "0730-0000000",
    }


def body_choices(assembly: Assembly) -> list[tuple[str, Any]]:
    """Return the bodies in use as choices of one field: "bureau:5"; empty is the assembly itself."""
    choices: list[tuple[str, Any]] = [("", assembly.short_name)]
    kinds: dict[str, type[Committee | Bureau | Dispatcher]] = {
        "committee": Committee,
        "bureau": Bureau,
        "dispatcher": Dispatcher,
    }
    for kind, model in kinds.items():
        rows = model.objects.filter(assembly=assembly, is_active=True)
        choices.append((field_words(Post, kind), [(f"{kind}:{row.pk}", row.name) for row in rows]))
    return choices


def people(post: Post, who: str = "") -> QuerySet[User]:
    """Return the people with a post here, past or present, each with these posts in `posts_here`."""
    found = policies.people_visible_to(post)
    if who:
        found = found.filter(Q(name__icontains=who) | Q(username__icontains=who))
    return found.order_by("-is_active", "name", "pk").prefetch_related(
        Prefetch("posts", _posts_here(post), to_attr="posts_here")
    )


def _posts_here(post: Post) -> QuerySet[Post]:
    rows = Post.objects.filter(assembly_id=post.assembly_id)
    rows = rows.select_related("user", "assembly", "committee", "bureau", "dispatcher")
    return rows.order_by(F("until").desc(nulls_first=True), "-since")


def posts_here(post: Post, user: User) -> list[Post]:
    """Return a person's posts in this assembly, those in force first."""
    return list(_posts_here(post).filter(user=user))


def _words() -> dict[str, str]:
    """Return what the page calls the kinds that the log names: "reply", "issuedletter", "settings"."""
    words = {str(model._meta.model_name): str(model._meta.verbose_name) for model in apps.get_models()}
    letter = pgettext("event", "letter")
    return words | {
        "settings": _("settings"),
        "person": _("account"),
        "assignment": pgettext("event", "assignment"),
        "attachment": pgettext("event", "attachment"),
        "letter": letter,
        "issuedletter": letter,
        "user": _("account"),
    }


def act_kinds() -> list[tuple[str, str]]:
    """Return the kinds of acts that the log knows, "reply" for "reply.sign", with their words."""
    words = _words()
    kinds = dict.fromkeys(act.partition(".")[0] for act in events.SENTENCES)
    return [(kind, words.get(kind, kind)) for kind in kinds]


@dataclass(frozen=True)
class LogRow:
    """One row of the log as the auditor reads it."""

    event: Event
    subject: str
    text: str
    note: str


@dataclass(frozen=True)
class LogPage:
    """A hundred rows, newest first; the next lie below the sequence `older` (None: there are no more)."""

    rows: list[LogRow]
    older: int | None


def log_page(post: Post, *, about: str = "", who: str = "", before: int | None = None) -> LogPage:
    """Return a page of the assembly's log. One query."""
    found = Event.objects.filter(assembly_id=post.assembly_id).order_by("-sequence")
    if about:
        found = found.filter(act__startswith=f"{about}.")
    if who:
        found = found.filter(actor__icontains=who)
    if before:
        found = found.filter(sequence__lt=before)
    words = _words()
    rows = [_log_row(event, words) for event in found[: LOG_PAGE + 1]]
    older = rows[LOG_PAGE - 1].event.sequence if len(rows) > LOG_PAGE else None
    return LogPage(rows[:LOG_PAGE], older)


def _log_row(event: Event, words: dict[str, str]) -> LogRow:
    kind, _colon, key = event.subject.partition(":")
    subject = f"{words.get(kind, kind)} {key}"
    if event.act not in events.SENTENCES:
        return LogRow(event, subject, event.act, "")
    line = events.sentence(event)
    return LogRow(event, subject, line.text, line.note if event.act.partition(".")[0] in TOLD_IN_FULL else "")
