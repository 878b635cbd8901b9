"""Nouns of the question: proposal, co-signers, attachments, reviews; its assignments and what happens to them."""

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

from organizations.models import Assembly, Bureau, Committee, Dispatcher, ListItem, Post, Session
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState

EDITABLE = (ProposalState.DRAFT, ProposalState.RETURNED)


class Proposal(PROPOSAL.methods()):  # type: ignore[misc]
    """A proposal (提案) of a body or a member, from the first draft on."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="proposals", verbose_name=_("session"))
    # Who files first: a body, or a member (the post that the member held then).
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, related_name="proposals", verbose_name=_("committee")
    )
    member = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("member"))
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", editable=False)
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
    cosign_until = models.DateField(null=True, editable=False)
    referred_to = models.ForeignKey(ListItem, models.PROTECT, null=True, related_name="+", editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", editable=False)
    is_key = models.BooleanField(_("key proposal"), default=False, editable=False)
    key_leader = models.CharField(_("supervising leader"), max_length=60, blank=True, editable=False)
    is_excellent = models.BooleanField(_("excellent proposal"), default=False, editable=False)
    not_public_because = models.TextField(_("not for publication because"), blank=True, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    was_judged = models.BooleanField(
        null=True, editable=False
    )  # of a closed case: no answer in time is False
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
                | ~Q(
                    state__in=[
                        ProposalState.DRAFT,
                        ProposalState.COSIGNING,
                        ProposalState.SUBMITTED,
                        ProposalState.RETURNED,
                    ]
                ),
            ),
            models.CheckConstraint(
                name="proposal_proposer",
                condition=Q(committee=None, member__isnull=False) | Q(committee__isnull=False, member=None),
            ),
            models.CheckConstraint(
                name="proposal_merged",
                condition=Q(state=ProposalState.MERGED, merged_into__isnull=False)
                | (~Q(state=ProposalState.MERGED) & Q(merged_into=None)),
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

    @property
    def proposer_name(self) -> str:
        """Who files first, as a letter addresses them: a body's name, or a member's with the title."""
        return self.committee.name if self.committee else member_name(self.member)

    @property
    def proposer_names(self) -> list[str]:
        """Everyone who files it: who files first, then those who signed, in the order of signing."""
        signed = [c for c in self.cosigners.all() if c.state == Cosigner.State.ACCEPTED]
        signed.sort(key=lambda row: (row.answered_at, row.pk))
        return [self.proposer_name, *(row.name for row in signed)]

    @property
    def filed_as(self) -> str:
        """The key of how it is filed (DOMAIN: lists): a body's kind, one member, or several."""
        if self.committee:
            return str(self.committee.kind)
        return "members" if len(self.proposer_names) > 1 else "member"


def member_name(post: Post | None) -> str:
    """Return how a member is addressed: the name and 委员."""
    return f"{post.user.name}委员" if post else ""


class Cosigner(models.Model):
    """One who was invited to sign a proposal with its first proposer; only the invited one answers."""

    class State(models.TextChoices):
        INVITED = "invited", pgettext_lazy("co-signer", "invited")
        ACCEPTED = "accepted", pgettext_lazy("co-signer", "signed")
        DECLINED = "declined", pgettext_lazy("co-signer", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("co-signer", "took the signature back")
        LAPSED = "lapsed", pgettext_lazy("co-signer", "did not answer in time")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="cosigners")
    member = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    text_sha256 = models.CharField(max_length=64, blank=True)  # what was signed
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("co-signer")
        verbose_name_plural = _("co-signers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "member"], name="cosigner_member"),
            models.UniqueConstraint(fields=["proposal", "committee"], name="cosigner_committee"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The co-signer as a letter addresses them."""
        return self.committee.name if self.committee else member_name(self.member)


class ReviewOpinion(models.Model):
    """What a first review found; the final decision is a step of the case (初审、复审)."""

    class Verdict(models.TextChoices):
        FILE = "file", pgettext_lazy("verdict", "to be filed")
        RETURN = "return", pgettext_lazy("verdict", "to be returned")
        REFER = "refer", pgettext_lazy("verdict", "to be referred")
        REFUSE = "refuse", pgettext_lazy("verdict", "not to be filed")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="review_opinions")
    revision = models.PositiveIntegerField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    text = models.TextField(blank=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]


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


ENDED = (AssignmentState.RECALLED, AssignmentState.REASSIGNED)


class Assignment(ASSIGNMENT.methods()):  # type: ignore[misc]
    """One bureau's part in one proposal (交办 / 承办), with its dates and how each date came about."""

    class Part(models.TextChoices):
        SOLE = "sole", pgettext_lazy("part", "sole handling")
        LEAD = "lead", pgettext_lazy("part", "lead handling")
        CO = "co", pgettext_lazy("part", "co-handling")
        SPLIT = "split", pgettext_lazy("part", "separate handling")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="assignments")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="assignments")
    dispatcher = models.ForeignKey(Dispatcher, models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.SOLE)
    state = FSMField(choices=AssignmentState.choices, default=AssignmentState.NEW, protected=True)
    round = models.PositiveSmallIntegerField(default=1)
    note = models.TextField(_("note to the bureau"), blank=True)
    assigned_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    counted_from = models.DateField()  # the day from which the date below is counted
    due_on = models.DateField()
    due_how = models.JSONField()
    # The rules in force on the day of the assignment, by step: a rule changed later leaves this case alone.
    rules = models.JSONField(default=dict)
    warn_days = models.PositiveSmallIntegerField()
    decline_by = models.DateField(null=True)
    contact_by = models.DateField(null=True)
    extended = models.PositiveSmallIntegerField(default=0)
    no_contact_because = models.TextField(blank=True)
    clerk = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    signed_in_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    signed_in_at = models.DateTimeField(null=True)
    replied_on = models.DateField(null=True)  # the last letter's day, or the opinion's
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["bureau", "state", "due_on"], name="assignment_bureau")]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "bureau"], condition=~Q(state__in=ENDED), name="assignment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.bureau} · {self.get_part_display()}"

    @property
    def answers(self) -> bool:
        """Whether the bureau owes the proposers a letter; a co-handling one owes the lead an opinion."""
        return self.part != self.Part.CO

    def was_late(self, day: dt.date) -> bool:
        """Say whether an answer on this day came after the date."""
        return day > self.due_on


class Decline(models.Model):
    """A bureau's request not to handle a proposal (申退), and what a second person decided."""

    class Decision(models.TextChoices):
        REASSIGN = "reassign", pgettext_lazy("decline", "given to another bureau")
        JOIN = "join", pgettext_lazy("decline", "another bureau added")
        INSIST = "insist", pgettext_lazy("decline", "refused")
        KEPT = "kept", pgettext_lazy("decline", "taken back")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="declines")
    reason = models.TextField()
    suggested = models.ForeignKey(Bureau, models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decide_by = models.DateField(null=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("declined assignment")
        verbose_name_plural = _("declined assignments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(decision=""), name="decline_open")
        ]


class Extension(models.Model):
    """A request for more time (延期), asked before the date, and what was decided."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="extensions")
    reason = models.TextField()
    until = models.DateField()  # as the rule gives it
    asked_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("more time")
        verbose_name_plural = _("more time")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(is_granted=None), name="extension_open"
            )
        ]


class Contact(models.Model):
    """One contact of a bureau with the proposers (沟通): when, how, who was there, what was said."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="contacts")
    way = models.ForeignKey(ListItem, models.PROTECT, related_name="+")
    held_on = models.DateField()
    people = models.TextField()
    said = models.TextField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["held_on", "pk"]


class Chase(models.Model):
    """A bureau was urged to answer (催办); counted."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="chases")
    text = models.TextField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("reminder to a bureau")
        verbose_name_plural = _("reminders to bureaus")
        ordering = ["pk"]
