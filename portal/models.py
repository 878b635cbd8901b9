"""Nouns of the window: what is published of a proposal, and the public copies of the letters that answer it.

Every word that the public reads is copied here, with the numbers of persons covered. The public pages read these two
tables and no others, so that nothing else can leak.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from organizations.models import Assembly, Post
from proposals.models import Proposal
from replies.models import IssuedLetter


class Publication(models.Model):
    """One proposal as the public reads it (公开). Withdrawn, its page answers that it is gone."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="publication")
    session = models.CharField(_("session"), max_length=40)
    number = models.PositiveIntegerField(pgettext_lazy("proposal", "number"))
    title = models.TextField(_("title"))
    proposers = models.JSONField()  # names, as letters address them
    filed_as = models.CharField(max_length=80, blank=True)  # labels, as they stood then
    category = models.CharField(_("category"), max_length=80, blank=True)
    background = models.TextField(blank=True)
    analysis = models.TextField(blank=True)
    suggestions = models.JSONField(default=list)
    words = models.TextField(blank=True)  # everything that a search of the public list goes by
    filed_on = models.DateField(null=True)
    is_key = models.BooleanField(default=False)
    is_excellent = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(Post, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["assembly", "withdrawn_at", "published_at"], name="publication_live")]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_because=""), name="publication_reason"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:case", args=[self.assembly.code, self.pk])

    @property
    def is_live(self) -> bool:
        """Whether everyone can read it."""
        return self.withdrawn_at is None


def public_path(row: "PublishedLetter", filename: str) -> str:
    return f"public/{row.assembly_id}/{row.publication_id}-{row.sha256[:16]}.pdf"


class PublishedLetter(models.Model):
    """The public copy of one letter: its facts without what is not public, and the PDF made from them alone."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, models.CASCADE, related_name="letters")
    letter = models.ForeignKey(IssuedLetter, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    bureau = models.CharField(_("bureau"), max_length=100)
    doc_number = models.CharField(max_length=60)
    dated = models.DateField(_("date of the letter"))
    result_class = models.CharField(_("result class"), max_length=80, blank=True)
    facts = models.JSONField()
    pdf = models.FileField(upload_to=public_path)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["publication", "order"], name="published_letter")]

    def __str__(self) -> str:
        return self.doc_number
