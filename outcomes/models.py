"""Nouns of what follows an answer: delivery, feedback with its one-time link, commitments with their notes."""

import uuid

from django.core.signing import Signer
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from office import clock
from organizations.models import Assembly, Bureau, Committee, ListItem, Post
from proposals.models import Proposal
from replies.models import IssuedLetter, LetterCopy

SCANS = ("pdf", "jpg", "jpeg", "png")
LINKS = Signer(salt="outcomes.feedback")


class Delivery(models.Model):
    """One proposer's copy of a letter was handed over (送达): the way, the day, and the receipt."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    copy = models.OneToOneField(LetterCopy, models.PROTECT, related_name="delivery")
    way = models.ForeignKey(ListItem, models.PROTECT, related_name="+")
    delivered_on = models.DateField()
    received_by = models.CharField(max_length=60, blank=True)
    received_on = models.DateField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["copy__letter", "copy__order"]


def scan_path(row: "Feedback | CommitmentNote", filename: str) -> str:
    """A name that says nothing and cannot be guessed."""
    suffix = filename.rsplit(".", 1)[-1].lower()
    return f"outcomes/{row.assembly_id}/{uuid.uuid4().hex}.{suffix}"


class Feedback(models.Model):
    """One proposer's judgement of one letter (征询意见): asked by the assembly, frozen as it was asked."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("feedback", "asked")
        IN = "in", pgettext_lazy("feedback", "answered")
        LAPSED = "lapsed", pgettext_lazy("feedback", "no answer in time")

    class Came(models.TextChoices):
        DESK = "desk", pgettext_lazy("feedback", "on the own desk")
        LINK = "link", pgettext_lazy("feedback", "by the link")
        PAPER = "paper", pgettext_lazy("feedback", "on paper")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    copy = models.OneToOneField(LetterCopy, models.PROTECT, related_name="feedback")
    letter = models.ForeignKey(IssuedLetter, models.PROTECT, related_name="feedbacks")
    case = models.ForeignKey(Proposal, models.PROTECT, related_name="+")  # the case that was answered
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    counts = models.BooleanField(default=True)  # by the assembly's rule when it was asked
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    questions = models.JSONField()  # as they stood when asked: [{id, text, kind, choices, required}]
    judgements = models.JSONField()  # [{id, label, reopens}]
    asked_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    due_how = models.JSONField()
    warn_days = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=dict)  # by the question's id
    judgement = models.CharField(max_length=80, blank=True)  # the label as it was asked
    reopens = models.BooleanField(default=False)
    remarks = models.TextField(blank=True)
    came = models.CharField(max_length=10, choices=Came.choices, blank=True)
    scan = models.FileField(upload_to=scan_path, blank=True, validators=[FileExtensionValidator(SCANS)])
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    in_at = models.DateTimeField(null=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        ordering = ["letter", "copy__order"]
        indexes = [models.Index(fields=["assembly", "state", "due_on"], name="feedback_due")]
        constraints = [
            models.CheckConstraint(condition=~Q(state="in") | ~Q(judgement=""), name="feedback_judged")
        ]

    def __str__(self) -> str:
        return f"{self.letter} · {self.copy.name}"

    def get_absolute_url(self) -> str:
        return reverse("outcomes:answer", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether the proposer can still answer online."""
        return self.state == self.State.ASKED and clock.today() <= self.due_on

    @property
    def token(self) -> str:
        """What the one-time link carries: signed, so that nobody can guess another one."""
        return LINKS.sign(str(self.pk))


class Commitment(models.Model):
    """Something that a reply promises, with a day and an owner (承诺); it outlives the session."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    letter = models.ForeignKey(IssuedLetter, models.PROTECT, related_name="commitments")
    case = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    text = models.TextField(pgettext_lazy("commitment", "what was promised"))
    due_on = models.DateField(pgettext_lazy("commitment", "by"))
    owner = models.CharField(pgettext_lazy("commitment", "who sees to it"), max_length=60)
    done_on = models.DateField(null=True)
    became = models.CharField(max_length=80, blank=True)  # the result class after it was kept
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["bureau", "done_on", "due_on"], name="commitment_due")]

    def __str__(self) -> str:
        return self.text


class CommitmentNote(models.Model):
    """How far a promise has come, with proof where there is one."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="notes")
    text = models.TextField(_("progress"))
    proof = models.FileField(upload_to=scan_path, blank=True, validators=[FileExtensionValidator(SCANS)])
    proof_name = models.CharField(max_length=200, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]
