"""Nouns of what follows an answer: delivery, feedback with its one-time link, promises and the letters about them."""

import uuid
from typing import Any

from django.core.signing import Signer
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from office import clock
from office.models import Undeletable
from organizations.models import Assembly, Bureau, Committee, ListItem, Post
from proposals.models import Proposal
from replies.models import IssuedLetter, LetterCopy

SCANS = ("pdf", "jpg", "jpeg", "png")
LINKS = Signer(salt="outcomes.feedback")


def scan_path(row: "Delivery | Feedback | CommitmentNote", filename: str) -> str:
    """A name that says nothing and cannot be guessed."""
    suffix = filename.rsplit(".", 1)[-1].lower()
    return f"outcomes/{row.assembly_id}/{uuid.uuid4().hex}.{suffix}"


class Delivery(models.Model):
    """One proposer's copy of a letter was handed over (送达): the way, the day, and the receipt."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    copy = models.OneToOneField(LetterCopy, models.PROTECT, related_name="delivery")
    way = models.ForeignKey(ListItem, models.PROTECT, related_name="+")
    delivered_on = models.DateField()
    received_by = models.CharField(max_length=60, blank=True)
    received_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    receipt = models.FileField(upload_to=scan_path, blank=True, validators=[FileExtensionValidator(SCANS)])
    receipt_name = models.CharField(max_length=200, blank=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["copy__letter", "copy__order"]


class Feedback(models.Model):
    """One proposer's judgement of one letter (征询意见): asked by the assembly, frozen as it was asked."""

    is_withdrawn = False  # set by policies.by_link_or_404

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
    link_serial = models.PositiveSmallIntegerField(default=0)  # how often the link was withdrawn
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
        is_asked = self.state == self.State.ASKED and clock.today() <= self.due_on
        return is_asked and self.letter.voided is None

    @property
    def token(self) -> str:
        """What the one-time link carries: signed, so that nobody can guess another one."""
        return LINKS.sign(f"{self.pk}.{self.link_serial}" if self.link_serial else str(self.pk))


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


class NoPromise(models.Model):
    """The bureau's word that a letter whose class promises something holds nothing to list, and why."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    letter = models.OneToOneField(IssuedLetter, models.PROTECT, related_name="no_promise")
    case = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["-pk"]


class FollowUp(Undeletable):
    """A letter that tells the proposers how a promise was kept (后续答复函): frozen as it was sent."""

    mine: list[dict[str, Any]]  # the addressees whose copy the reader may have; set by the policies

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="follow_ups")
    text = models.TextField(_("what was done"))
    dated = models.DateField(_("date of the letter"))
    facts = models.JSONField()  # what it prints besides: days as ISO dates
    addressees = models.JSONField()  # [{copy, name, you, session, number, title}], in the order of the copies
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("follow-up letter")
        verbose_name_plural = _("follow-up letters")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.facts['document_number']} · {self.dated.isoformat()}"
