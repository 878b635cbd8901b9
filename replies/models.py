"""Nouns of the answer: the reply with its draft, frozen versions, approvals, and the issued letter."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField
from django_scopes import ScopedManager

from accounts.models import User
from office.models import Undeletable
from organizations.models import Assembly, Bureau, ListItem, Post
from proposals.models import Assignment, Proposal
from replies.workflow import REPLY, ReplyState


class Reply(REPLY.methods()):  # type: ignore[misc]
    """A bureau's answer to one proposal. The draft is the clerk's; what goes up is frozen as a version."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="reply")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    state = FSMField(_("state"), choices=ReplyState.choices, default=ReplyState.DRAFTING, protected=True)
    clerk = models.ForeignKey(Post, models.PROTECT, related_name="+")
    body = models.TextField(_("body"), blank=True)
    result_class = models.ForeignKey(
        ListItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("result class")
    )
    disclosure = models.ForeignKey(
        ListItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("disclosure")
    )
    writers = models.ManyToManyField(User, related_name="+")  # who ever wrote in the draft
    lock_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    # Who looks at it now, never kept: a leader about to sign sees the letter as that signature makes it.
    reader: Post | None = None
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [models.Index(fields=["bureau", "state"], name="reply_bureau")]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.bureau}"

    def get_absolute_url(self) -> str:
        return reverse("desk:case", args=[self.proposal_id])

    @property
    def newest(self) -> "ReplyVersion | None":
        """The newest frozen version, if anything has been sent up."""
        return self.versions.order_by("-number").first()


class ReplyVersion(Undeletable):
    """The text as it was sent up: never changed. Approvals point at it."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(pgettext_lazy("version", "number"))
    body = models.TextField()
    result_class = models.ForeignKey(ListItem, models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(ListItem, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    writers = models.ManyToManyField(User, related_name="+")
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["reply", "number"], name="reply_version")]

    def __str__(self) -> str:
        return f"{self.reply} · {self.number}"


class Approval(models.Model):
    """One decision on one version: passed, signed or returned. A return voids the others but keeps them."""

    class Decision(models.TextChoices):
        PASSED = "passed", _("passed")
        SIGNED = "signed", _("signed")
        RETURNED = "returned", _("returned")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="approvals")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    note = models.TextField(blank=True)
    # What a signature was given to: the digest of all that the letter printed then, number and date apart.
    facts_sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    is_void = models.BooleanField(default=False)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "decision"],
                condition=Q(is_void=False) & ~Q(decision="returned"),
                name="approval_once",
            ),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(note=""), name="approval_return_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_decision_display()}"


class IssuedLetter(Undeletable):
    """The letter as it went out: every printed fact copied, and its number. Never changed, never deleted."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="letter")
    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    word = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(pgettext_lazy("letter", "number"))
    dated = models.DateField(_("date of the letter"))
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    issued_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bureau", "word", "year", "number"], name="letter_number")
        ]

    def __str__(self) -> str:
        return document_number(self.word, self.year, self.number)


def document_number(word: str, year: int, number: int) -> str:
    """Six-cornered brackets, four digits of the year, no leading zero (GB/T 9704-2012 7.2.5)."""
    return f"{word}\u3014{year}\u3015{number}\u53f7"


def letter_path(letter_file: "LetterFile", filename: str) -> str:
    return f"letters/{letter_file.assembly_id}/{letter_file.letter_id}-{letter_file.sha256[:16]}.pdf"


class LetterFile(Undeletable):
    """The PDF of an issued letter: made once from its facts and from nothing else, with its digest."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    letter = models.OneToOneField(IssuedLetter, models.PROTECT, related_name="file")
    pdf = models.FileField(upload_to=letter_path)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    def __str__(self) -> str:
        return f"{self.letter} · {self.sha256[:8]}"
