"""Nouns of the organization: assembly (the tenant), session, bodies, posts.

What an assembly says in its own words stands in `wording` and `phrases`, and is read from here as well.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
    validate_comma_separated_integer_list,
)
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from accounts.models import User
from office import clock
from organizations.phrases import Phrase as Phrase
from organizations.wording import LetterProfile as LetterProfile
from organizations.wording import ListItem as ListItem
from organizations.wording import Question as Question


class Assembly(models.Model):
    """One CPPCC committee (政协组织): the tenant that every row belongs to."""

    code = models.CharField(
        _("division code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{6,12}$", _("Six to twelve digits, as in 430611."))],
    )
    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=30)
    place = models.CharField(_("place"), max_length=30)
    is_demo = models.BooleanField(default=False, editable=False)
    title_limit = models.PositiveSmallIntegerField(
        _("longest title of a proposal, in characters"), default=60, validators=[MinValueValidator(10)]
    )
    attachment_limit_mb = models.PositiveSmallIntegerField(
        _("largest attachment, in MB"), default=20, validators=[MinValueValidator(1)]
    )
    needs_first_review = models.BooleanField(
        _("a first review by another person before a proposal is decided on"), default=False
    )
    needs_points = models.BooleanField(
        _("every suggestion is answered with a verdict before a reply goes up"), default=True
    )
    needs_second_factor = models.BooleanField(
        _("leaders and seal keepers have a second factor"),
        default=True,
        help_text=_(
            "An authenticator app or a passkey besides the password, before they sign or issue."
            " Only a trial should be without it."
        ),
    )
    cosign_days = models.PositiveSmallIntegerField(
        _("days in which invited co-signers answer"), default=7, validators=[MinValueValidator(1)]
    )
    feedback_from = models.CharField(
        _("who is asked to judge a reply"),
        max_length=10,
        choices=[
            ("all", pgettext_lazy("feedback", "every proposer")),
            ("lead", pgettext_lazy("feedback", "the first proposer of each proposal")),
        ],
        default="all",
    )
    chase_days = models.PositiveSmallIntegerField(
        _("days between two reminders to one bureau"), default=3, validators=[MinValueValidator(1)]
    )
    reminder_days = models.CharField(
        _("reminders so many days before a date"),
        max_length=40,
        default="15,7,3,0",
        validators=[validate_comma_separated_integer_list],
        help_text=_("Numbers with commas between them, 0 for the day itself."),
    )
    overdue_every = models.PositiveSmallIntegerField(
        _("days between two reminders after a date"), default=7, validators=[MinValueValidator(1)]
    )
    # What each step of a bureau's sign-off may take; the draft has the days before them.
    check_days = models.PositiveSmallIntegerField(
        _("working days for checking a reply"),
        default=3,
        validators=[MaxValueValidator(60)],
        help_text=_("The latest day of each step is counted back from the deadline with these three."),
    )
    sign_days = models.PositiveSmallIntegerField(
        _("working days for the leader's signature"), default=3, validators=[MaxValueValidator(60)]
    )
    issue_days = models.PositiveSmallIntegerField(
        _("working days for number, seal and issue"),
        default=3,
        validators=[MaxValueValidator(60)],
        help_text=_("0: on the same day. Cases that a bureau has already keep the numbers of their own day."),
    )

    class Meta:
        verbose_name = _("assembly")
        verbose_name_plural = _("assemblies")

    def __str__(self) -> str:
        return self.name

    @property
    def assembly_id(self) -> int:
        """Its own key: an assembly belongs to itself, so that the log can name it like any other subject."""
        return self.pk

    @property
    def step_days(self) -> dict[str, int]:
        """The working days of the steps after the draft, as small JSON values that stay with a case."""
        return {"check": self.check_days, "sign": self.sign_days, "issue": self.issue_days}


class Session(models.Model):
    """A plenary session (次会议) of a term (届); its proposals are numbered in one series."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    name = models.CharField(
        _("name"), max_length=40, help_text=_("As it stands in letters, such as 五届五次会议.")
    )
    opens = models.DateField(_("opening day"))
    closes = models.DateField(_("closing day"))
    filing_deadline = models.DateField(
        _("filing deadline"), help_text=_("What is filed later counts as filed between sessions.")
    )
    first_number = models.PositiveIntegerField(
        _("first number"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Where the numbers of this session begin; fixed once a number has been given."),
    )
    is_current = models.BooleanField(_("new proposals go here"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("plenary session")
        verbose_name_plural = _("plenary sessions")
        ordering = ["-opens"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "name"], name="session_name"),
            models.UniqueConstraint(
                fields=["assembly"], condition=Q(is_current=True), name="session_current"
            ),
            models.CheckConstraint(condition=Q(closes__gte=models.F("opens")), name="session_days"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.opens and self.closes and self.closes < self.opens:
            raise ValidationError({"closes": _("The closing day lies before the opening day.")})
        if self.opens and self.filing_deadline and self.filing_deadline < self.opens:
            raise ValidationError({"filing_deadline": _("The filing deadline lies before the opening day.")})

    def is_plenary(self, day: dt.date) -> bool:
        """Say whether a proposal filed on this day belongs to the session itself."""
        return day <= self.filing_deadline

    @property
    def series_key(self) -> str:
        return f"proposal/session:{self.pk}"


class Committee(models.Model):
    """A body that files proposals (提案单位)."""

    class Kind(models.TextChoices):
        SPECIAL_COMMITTEE = "special_committee", _("special committee")
        PARTY = "party", _("democratic party")
        ORGANIZATION = "organization", _("people's organization")
        SECTOR = "sector", _("sector")
        GROUP = "group", _("group of members")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    name = models.CharField(_("full name"), max_length=60, help_text=_("As a letter addresses it."))
    short_name = models.CharField(_("short name"), max_length=30)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    is_active = models.BooleanField(_("in use"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        ordering = ["kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["assembly", "name"], name="committee_name")]

    def __str__(self) -> str:
        return self.name


class Bureau(models.Model):
    """A body that answers (承办单位), with its own words for document numbers."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    name = models.CharField(_("full name"), max_length=60, help_text=_("As it signs letters."))
    short_name = models.CharField(_("short name"), max_length=30)
    number_word = models.CharField(
        _("word of the document number"), max_length=20, help_text=_("Such as 君民复字, before 〔2021〕6号.")
    )
    first_number = models.PositiveIntegerField(
        _("first document number"), default=1, validators=[MinValueValidator(1)]
    )
    opinion_word = models.CharField(
        _("word of the numbers of opinions"),
        max_length=20,
        blank=True,
        help_text=_("Such as 君民会字: opinions to a lead bureau have a series of their own."),
    )
    printed_by = models.CharField(_("printing office"), max_length=60, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("bureau")
        verbose_name_plural = _("bureaus")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assembly", "name"], name="bureau_name")]

    def __str__(self) -> str:
        return self.short_name


class Dispatcher(models.Model):
    """A body that gives filed proposals to bureaus (交办单位)."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    name = models.CharField(_("full name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=30)
    is_active = models.BooleanField(_("in use"), default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("dispatching office")
        verbose_name_plural = _("dispatching offices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.short_name


class Role(models.TextChoices):
    """What a post does (DOMAIN: posts). The body that a role belongs to is in BODY_OF."""

    FILER = "filer", pgettext_lazy("role", "filer")
    MEMBER = "member", pgettext_lazy("role", "member")
    REVIEWER = "reviewer", pgettext_lazy("role", "reviewer")
    DISPATCHER = "dispatcher", pgettext_lazy("role", "dispatcher")
    CLERK = "clerk", pgettext_lazy("role", "clerk")
    CHECKER = "checker", pgettext_lazy("role", "checker")
    LEADER = "leader", pgettext_lazy("role", "leader")
    SEALKEEPER = "sealkeeper", pgettext_lazy("role", "seal keeper")
    SYSADMIN = "sysadmin", pgettext_lazy("role", "system administrator")
    SECADMIN = "secadmin", pgettext_lazy("role", "security administrator")
    AUDITOR = "auditor", pgettext_lazy("role", "auditor")


# Who files: a body's filer, or a member for the own proposals.
PROPOSER_ROLES = (Role.FILER, Role.MEMBER)
BUREAU_ROLES = (Role.CLERK, Role.CHECKER, Role.LEADER, Role.SEALKEEPER)
# The three administrators are three different people, and none of them can read a draft or sign.
ADMIN_ROLES = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
BODY_OF: dict[str, str] = {
    Role.FILER: "committee",
    Role.DISPATCHER: "dispatcher",
    **dict.fromkeys(BUREAU_ROLES, "bureau"),
}


class PostQuerySet(models.QuerySet["Post"]):
    def held(self, day: dt.date | None = None) -> "PostQuerySet":
        """Posts in force on a day (today)."""
        day = day or clock.today()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class Post(models.Model):
    """A role in a body, held by a person from one day to another. Rights come from posts alone."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("committee")
    )
    bureau = models.ForeignKey(
        Bureau, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("bureau")
    )
    dispatcher = models.ForeignKey(
        Dispatcher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("dispatching office"),
    )
    title = models.CharField(_("title"), max_length=30, blank=True)
    phone = models.CharField(_("office phone"), max_length=30, blank=True)
    since = models.DateField(_("from"), default=clock.today)
    until = models.DateField(_("to"), null=True, blank=True)
    objects = ScopedManager(assembly="assembly", _manager_class=models.Manager.from_queryset(PostQuerySet))

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="post_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_name} · {self.role_name} {self.user.name}"

    @property
    def body(self) -> Committee | Bureau | Dispatcher | Assembly:
        return self.committee or self.bureau or self.dispatcher or self.assembly

    @property
    def body_name(self) -> str:
        return self.body.short_name

    @property
    def role_name(self) -> str:
        return self.title or str(Role(self.role).label)

    def clean(self) -> None:
        wanted = BODY_OF.get(self.role, "")
        for body in ("committee", "bureau", "dispatcher"):
            given = getattr(self, f"{body}_id")
            if body == wanted and not given:
                raise ValidationError({body: _("This role belongs to such a body: choose one.")})
            if body != wanted and given:
                raise ValidationError({body: _("This role does not belong to such a body: leave it empty.")})
        if self.until and self.since and self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first.")})
