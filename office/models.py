"""Rows of the shared machinery. An assembly is named by a string key, so that nothing here imports upward."""

import calendar
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager


class Undeletable(models.Model):
    """A row that is written once. The database repeats it on PostgreSQL (a trigger in the migrations)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} rows are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} rows are never deleted")


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("events are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("events are never deleted")

    def of_thread(self, thread: str) -> "EventQuerySet":
        return self.filter(thread=thread).order_by("sequence")


class EventChain(models.Model):
    """The end of an assembly's log: locked by each writer, so that the chain has one order and no gap."""

    assembly = models.OneToOneField("organizations.Assembly", models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    objects = ScopedManager(assembly="assembly")


class Event(Undeletable):
    """One act, as it was done: written in the act's own transaction, chained to the row before it."""

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    post = models.ForeignKey("organizations.Post", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=200)  # the name and post as they were: "区民政局 · 经办人 贾济民"
    on_behalf = models.CharField(max_length=200, blank=True)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)  # the object acted upon: "reply:12"
    thread = models.CharField(max_length=60)  # the case it belongs to: "proposal:7"
    facts = models.TextField()  # canonical JSON
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    objects = ScopedManager(assembly="assembly", _manager_class=models.Manager.from_queryset(EventQuerySet))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "sequence"], name="event_sequence")]
        indexes = [models.Index(fields=["assembly", "thread", "sequence"], name="event_thread")]


class NumberSeries(models.Model):
    """A running series; `next` is the number that the next taker gets."""

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    next = models.PositiveIntegerField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "key"], name="series_key")]


class ActKey(models.Model):
    """The key of an act already done, so that a second click or a retry changes nothing."""

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    post = models.ForeignKey("organizations.Post", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "key"], name="act_key")]


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a Saturday or Sunday that is worked (调休)."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("day off")
        WORKDAY = "workday", _("working day")

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("occasion"), max_length=40, blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["assembly", "day"], name="calendar_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class DeadlineRule(models.Model):
    """How long a step may take: data of the assembly, never a figure in code."""

    class Step(models.TextChoices):
        DECLINE = "decline", pgettext_lazy("deadline", "declining an assignment")
        DECLINE_DECISION = "decline_decision", pgettext_lazy("deadline", "decision on a declined assignment")
        CONTACT = "contact", pgettext_lazy("deadline", "first contact with the proposers")
        OPINION = "opinion", pgettext_lazy("deadline", "opinion of a co-handling bureau")
        REPLY = "reply", pgettext_lazy("deadline", "reply")
        EXTENSION = "extension", pgettext_lazy("deadline", "extension of a reply or opinion")
        FEEDBACK = "feedback", pgettext_lazy("deadline", "judgement of a reply")
        SECOND_REPLY = "second_reply", pgettext_lazy("deadline", "second reply")
        PUBLICATION = "publication", pgettext_lazy("deadline", "publication")

    class Applies(models.TextChoices):
        ALWAYS = "", pgettext_lazy("deadline", "every proposal")
        PLENARY = "plenary", pgettext_lazy("deadline", "proposals of the plenary session")
        BETWEEN = "between", pgettext_lazy("deadline", "proposals between sessions")

    class Starts(models.TextChoices):
        EVENT = "event", pgettext_lazy("deadline", "when it is assigned, or the step before is done")
        SIGN_IN = "sign_in", pgettext_lazy("deadline", "when the bureau signs in")

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", _("working days")
        DAYS = "days", _("calendar days")
        MONTHS = "months", _("months")
        FIXED = "fixed", _("a fixed date each year")

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    applies = models.CharField(_("applies to"), max_length=10, choices=Applies.choices, blank=True)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices)
    length = models.PositiveSmallIntegerField(
        _("length"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    fixed_month = models.PositiveSmallIntegerField(_("month of the fixed date"), null=True, blank=True)
    fixed_day = models.PositiveSmallIntegerField(_("day of the fixed date"), null=True, blank=True)
    latest_months = models.PositiveSmallIntegerField(_("never beyond, in months"), null=True, blank=True)
    warn_days = models.PositiveSmallIntegerField(_("days before it turns amber"), default=7)
    starts = models.CharField(_("begins"), max_length=10, choices=Starts.choices, default=Starts.EVENT)
    pauses = models.BooleanField(
        _("stands still while a declined assignment is being decided"), default=False
    )
    extensions = models.PositiveSmallIntegerField(_("how often it may be extended"), default=0)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ["step", "applies"]
        constraints = [models.UniqueConstraint(fields=["assembly", "step", "applies"], name="deadline_rule")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} · {self.get_applies_display()}"

    def clean(self) -> None:
        if self.starts == self.Starts.SIGN_IN and self.step not in (self.Step.REPLY, self.Step.OPINION):
            raise ValidationError({"starts": _("Only replies and opinions can begin with the sign-in.")})
        if self.unit == self.Unit.FIXED:
            self._clean_fixed_date()
        elif not self.length:
            raise ValidationError({"length": _("Say how many, at least 1.")})

    def _clean_fixed_date(self) -> None:
        month, day = self.fixed_month or 0, self.fixed_day or 0
        if not 1 <= month <= 12:
            raise ValidationError({"fixed_month": _("Give a month from 1 to 12.")})
        # 29 February would be missing in three years of four.
        if not 1 <= day <= calendar.monthrange(2023, month)[1]:
            raise ValidationError({"fixed_day": _("This month has no such day in every year.")})


class Notice(models.Model):
    """A line on the desk of one post: something was done or falls due. Its words are made when it is read."""

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    post = models.ForeignKey("organizations.Post", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    thread = models.CharField(max_length=60, blank=True)  # the case it belongs to: "proposal:7"
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        indexes = [models.Index(fields=["post", "read_at"], name="notice_post")]


class Reminder(models.Model):
    """The key of a reminder already given, so that no day, run or thread gives it again."""

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "key"], name="reminder_key")]


class Outgoing(models.Model):
    """One message that waits, was sent or was given up. It names notices; the text is made when it is sent."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        DIGEST = "digest"  # waits to be gathered into one mail a day
        WEBHOOK = "webhook"

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    notices = models.JSONField()  # keys of Notice
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="outgoing_waiting",
            )
        ]


class NoticeChoice(models.Model):
    """How a person wants to hear of one group of notices; without a row: on the desk."""

    class Way(models.TextChoices):
        DESK = "desk", pgettext_lazy("notices", "on the desk only")
        MAIL = "mail", pgettext_lazy("notices", "on the desk and by e-mail at once")
        DIGEST = "digest", pgettext_lazy("notices", "on the desk and in one e-mail a day")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    group = models.CharField(max_length=40)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.DESK)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="notice_choice")]


class TickLock(models.Model):
    """One row: until when a run of `manage.py tick` has the office to itself."""

    until = models.DateTimeField()
