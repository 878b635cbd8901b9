"""Nouns of the question: proposal, its suggestions and attachments, and its assignment to a bureau."""

import datetime as dt
import uuid

from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField
from django_scopes import ScopedManager

from organizations.models import Assembly, Bureau, Committee, ListItem, Post, Session
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState

EDITABLE = (ProposalState.DRAFT, ProposalState.RETURNED)


class Proposal(PROPOSAL.methods()):  # type: ignore[misc]
    """A proposal (提案) of a committee, from the first draft on."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="proposals", verbose_name=_("session"))
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="proposals", verbose_name=_("committee")
    )
    state = FSMField(_("state"), choices=ProposalState.choices, default=ProposalState.DRAFT, protected=True)
    number = models.PositiveIntegerField(pgettext_lazy("proposal", "number"), null=True, editable=False)
    # Kept as it is typed; the limits are checked on submission, so that a draft loses nothing.
    title = models.TextField(_("title"), blank=True)
    background = models.TextField(_("background"), blank=True)
    analysis = models.TextField(_("analysis"), blank=True)
    contact_name = models.TextField(_("contact person"), blank=True)
    contact_phone = models.TextField(_("contact's phone"), blank=True)
    consents_to_publish = models.BooleanField(_("consent to publish"), null=True)
    category = models.ForeignKey(
        ListItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    suggested_bureau = models.ForeignKey(
        Bureau, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("suggested bureau")
    )
    lock_version = models.PositiveIntegerField(default=1, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    is_plenary = models.BooleanField(null=True, editable=False)
    written_by = models.ForeignKey(Post, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    filed_at = models.DateTimeField(null=True, editable=False)
    refusal_reason = models.ForeignKey(
        ListItem, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes = [
            models.Index(fields=["assembly", "state", "number"], name="proposal_state"),
            models.Index(fields=["committee", "state"], name="proposal_committee"),
            models.Index(fields=["session", "number"], name="proposal_session"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="proposal_number"),
            models.CheckConstraint(
                name="proposal_numbered",
                condition=Q(number=None)
                | ~Q(state__in=[ProposalState.DRAFT, ProposalState.SUBMITTED, ProposalState.RETURNED]),
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    def get_absolute_url(self) -> str:
        return reverse("desk:case", args=[self.pk])

    @property
    def short_title(self) -> str:
        """The title as lists show it; a draft without one says so."""
        return self.title.strip() or str(_("(no title yet)"))

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE


class Suggestion(models.Model):
    """One suggestion (建议) of a proposal: each will be answered on its own."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="suggestions")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["proposal", "order"], name="suggestion_order")]

    def __str__(self) -> str:
        return self.text


def attachment_path(attachment: "Attachment", filename: str) -> str:
    """A name that says nothing and cannot be guessed; the user's own name is kept in the row."""
    suffix = filename.rsplit(".", 1)[-1].lower()
    return f"attachments/{attachment.assembly_id}/{uuid.uuid4().hex}.{suffix}"


class Attachment(models.Model):
    """A file that goes with a proposal."""

    TYPES = ("pdf", "doc", "docx", "wps", "xls", "xlsx", "jpg", "jpeg", "png", "txt")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path, validators=[FileExtensionValidator(TYPES)])
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Assignment(ASSIGNMENT.methods()):  # type: ignore[misc]
    """One bureau's part in one proposal (交办 / 承办), with its date and how the date came about."""

    class Part(models.TextChoices):
        SOLE = "sole", pgettext_lazy("part", "sole handling")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="assignments")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="assignments")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.SOLE)
    state = FSMField(choices=AssignmentState.choices, default=AssignmentState.NEW, protected=True)
    note = models.TextField(_("note to the bureau"), blank=True)
    assigned_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    due_on = models.DateField()
    due_how = models.JSONField()
    warn_days = models.PositiveSmallIntegerField()
    signed_in_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    signed_in_at = models.DateTimeField(null=True)
    replied_on = models.DateField(null=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["bureau", "state", "due_on"], name="assignment_bureau")]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=~Q(state=AssignmentState.RECALLED), name="assignment_sole"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bureau} · {self.get_part_display()}"

    def was_late(self, day: dt.date) -> bool:
        """Say whether an answer on this day came after the date."""
        return day > self.due_on
