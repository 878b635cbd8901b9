"""What an assembly says in its own words: the entries of its lists, the questionnaire, the profiles of letters."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from organizations.patterns import validate_pattern


class ListItem(models.Model):
    """An entry of a list that differs by place: categories, reasons, result classes, disclosure."""

    class List(models.TextChoices):
        CATEGORY = "category", _("categories")
        REFUSAL = "refusal", _("reasons for not filing")
        RESULT_CLASS = "result_class", _("result classes")
        DISCLOSURE = "disclosure", _("disclosure")
        NOT_PUBLIC = "not_public", _("reasons for not publishing")
        REFERRAL = "referral", _("where proposals are referred to")
        FILED_AS = "filed_as", _("how a proposal is filed")
        CONTACT_WAY = "contact_way", _("ways of contact")
        DELIVERY_WAY = "delivery_way", _("ways of delivery")
        JUDGEMENT = "judgement", _("judgements of a reply")

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    list = models.CharField(_("list"), max_length=20, choices=List.choices)
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("text"), max_length=80)
    mark = models.CharField(_("mark on the letter"), max_length=20, blank=True)
    promises = models.BooleanField(
        _("promises something"),
        default=False,
        help_text=_("Result classes only: what such a reply promises is followed up."),
    )
    reopens = models.BooleanField(
        _("reopens the case"),
        default=False,
        help_text=_("Judgements only: a reply judged so is answered a second time."),
    )
    publishes = models.BooleanField(
        _("may be published"),
        default=False,
        help_text=_("Disclosure only: a reply with this mark is published."),
    )
    order = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "place"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("list entry")
        verbose_name_plural = _("list entries")
        ordering = ["list", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["assembly", "list", "key"], name="list_key")]

    def __str__(self) -> str:
        return f"{self.mark} {self.label}".strip()


class LetterProfile(models.Model):
    """How letters look and what the system writes in them: for the assembly, or for one bureau of it."""

    class Form(models.TextChoices):
        PLAIN = "plain", _("the district's own form, without a red head")
        FILE = "file", _("file form with a red head")
        LETTER = "letter", _("letter form with red double rules")

    class MarksAt(models.TextChoices):
        CORNER = "corner", _("in the upper right corner")
        NUMBER = "number", _("on the line of the document number")

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    bureau = models.ForeignKey(
        "organizations.Bureau",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("bureau"),
        help_text=_("Empty: for every bureau without a profile of its own."),
    )
    form = models.CharField(_("form"), max_length=10, choices=Form.choices, default=Form.PLAIN)
    title = models.TextField(
        _("title"), validators=[validate_pattern], help_text=_("A line break is kept in the letter.")
    )
    opening = models.TextField(_("opening"), validators=[validate_pattern])
    closing = models.TextField(_("closing"), validators=[validate_pattern])
    contacts = models.TextField(
        _("contact lines"), blank=True, validators=[validate_pattern], help_text=_("One line each.")
    )
    letterhead = models.CharField(
        _("letterhead"),
        max_length=60,
        blank=True,
        validators=[validate_pattern],
        help_text=_("File and letter form, such as {bureau}文件; the letter form leaves 文件 out."),
    )
    marks_at = models.CharField(
        _("place of class and disclosure"),
        max_length=10,
        choices=MarksAt.choices,
        default=MarksAt.CORNER,
        help_text=_(
            "File and letter form only: the district's own form has them at the right of its first line."
        ),
    )
    copies_to = models.TextField(
        _("copies to"), blank=True, help_text=_("File and letter form only; one body a line.")
    )
    has_check_code = models.BooleanField(
        _("a QR code on the last page, by which anyone can check the printed letter"),
        default=True,
        help_text=_("Letters that were issued before stay as they are."),
    )
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("letter profile")
        verbose_name_plural = _("letter profiles")
        constraints = [
            models.UniqueConstraint(fields=["assembly"], condition=Q(bureau=None), name="profile_assembly"),
            models.UniqueConstraint(fields=["bureau"], name="profile_bureau"),
        ]

    def __str__(self) -> str:
        return str(self.bureau or self.assembly)


class Question(models.Model):
    """One question of the assembly's questionnaire (征询意见) about a reply."""

    class Kind(models.TextChoices):
        CHOICE = "choice", pgettext_lazy("question", "one of the answers")
        TEXT = "text", pgettext_lazy("question", "free text")

    assembly = models.ForeignKey("organizations.Assembly", models.PROTECT, related_name="+")
    text = models.CharField(pgettext_lazy("questionnaire", "question"), max_length=200)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind.choices, default=Kind.CHOICE)
    options = models.TextField(_("answers to choose from"), blank=True, help_text=_("One a line."))
    is_required = models.BooleanField(_("must be answered"), default=True)
    bodies_only = models.BooleanField(_("only for proposals of a body"), default=False)
    order = models.PositiveSmallIntegerField(pgettext_lazy("in a list", "place"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = pgettext_lazy("questionnaire", "question")
        verbose_name_plural = pgettext_lazy("questionnaire", "questions")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        if self.kind == self.Kind.CHOICE and len(self.choices) < 2:
            raise ValidationError({"options": _("Give at least two answers, one a line.")})

    @property
    def choices(self) -> list[str]:
        """The answers to choose from, as they are written."""
        return [line.strip() for line in self.options.splitlines() if line.strip()]
