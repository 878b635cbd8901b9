"""The noun phrase: a passage of a letter that an assembly, or one bureau of it, keeps for its clerks."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from organizations.patterns import validate_pattern

LONGEST = 20_000  # characters: far beyond any letter


class Phrase(models.Model):
    """A passage with facts of the case in braces. Without a bureau it is the assembly's, for every bureau."""

    class Group(models.IntegerChoices):
        OPENING = 1, pgettext_lazy("phrase", "opening")
        BODY = 2, pgettext_lazy("phrase", "body")
        REFUSAL = 3, pgettext_lazy("phrase", "what cannot be done")
        THANKS = 4, pgettext_lazy("phrase", "thanks")
        LETTER = 5, pgettext_lazy("phrase", "whole letter")

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    bureau = models.ForeignKey(
        "organizations.Bureau",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bureau"),
    )
    group = models.PositiveSmallIntegerField(
        pgettext_lazy("phrase", "group"), choices=Group.choices, default=Group.BODY
    )
    title = models.CharField(
        pgettext_lazy("phrase", "name"), max_length=40, help_text=_("By which clerks find it.")
    )
    text = models.TextField(
        pgettext_lazy("phrase", "text"),
        validators=[validate_pattern, MaxLengthValidator(LONGEST)],
        help_text=_(
            "One paragraph a line. Write ×× where something is to be filled in: the check reminds of it."
        ),
    )
    order = models.PositiveSmallIntegerField(
        pgettext_lazy("in a list", "place"), default=0, help_text=_("Smaller numbers stand first.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ["group", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assembly", "title"], condition=Q(bureau=None), name="phrase_assembly"
            ),
            models.UniqueConstraint(fields=["bureau", "title"], name="phrase_bureau"),
        ]

    def __str__(self) -> str:
        return self.title
