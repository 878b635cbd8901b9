"""Nouns of the answer: reply, its saves, versions and remarks, approvals, the issued letter, the opinion."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField
from django_scopes import ScopedManager

from accounts.models import User
from office.models import Undeletable
from organizations.models import Assembly, Bureau, Committee, ListItem, Post
from proposals.models import Assignment, Proposal, Suggestion
from replies.opinion_workflow import OPINION, OpinionState
from replies.workflow import REPLY, ReplyState


class Reply(REPLY.methods()):  # type: ignore[misc]
    """A bureau's answer to one proposal. The draft is the clerk's; what goes up is frozen as a version."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="replies")
    # 1, or 2 for the letter that answers again after a judgement that reopened the case.
    round = models.PositiveSmallIntegerField(default=1)
    # The letter that this reply puts right (更正): it takes its place once it is issued.
    corrects = models.OneToOneField(
        "IssuedLetter", models.PROTECT, null=True, blank=True, related_name="correction"
    )
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
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "round"], condition=Q(corrects=None), name="reply_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.bureau}"

    def get_absolute_url(self) -> str:
        return reverse("desk:case", args=[self.proposal_id])

    @property
    def newest(self) -> "ReplyVersion | None":
        """The newest frozen version, if anything has been sent up."""
        return self.versions.order_by("-number").first()


class DraftSave(models.Model):
    """The draft as somebody left it. What one person types without a pause is one row, which grows until then."""

    class Kind(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("save of a draft", "begun")
        ITSELF = "itself", pgettext_lazy("save of a draft", "saved by itself")
        SAVED = "saved", pgettext_lazy("save of a draft", "saved")
        MENDED = "mended", pgettext_lazy("save of a draft", "put right by the check")
        RESTORED = "restored", pgettext_lazy("save of a draft", "put back")
        ASIDE = "aside", pgettext_lazy("save of a draft", "set aside")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="saves")
    number = models.PositiveIntegerField(pgettext_lazy("save of a draft", "number"))
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.TextField(blank=True)
    result_class = models.ForeignKey(ListItem, models.PROTECT, null=True, related_name="+")
    disclosure = models.ForeignKey(ListItem, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()
    # Against the save before it, in characters; and what was typed and lost again within this one.
    put_in = models.PositiveIntegerField(default=0)
    taken_out = models.PositiveIntegerField(default=0)
    overwritten = models.PositiveIntegerField(default=0)
    # The number that pages send back (Reply.lock_version) when the draft came to stand like this; 0: not noted.
    version = models.PositiveIntegerField(default=0)
    # Of a text that was set aside, because somebody else had saved: the answers typed with it. It never was the draft.
    answers = models.JSONField(null=True)
    # What a save of the kind "put back" took the text from: one of the two; what one "set aside" began from.
    from_save = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    from_version = models.ForeignKey("ReplyVersion", models.PROTECT, null=True, related_name="+")
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["reply", "number"], name="reply_save_number")]

    def __str__(self) -> str:
        return f"{self.reply} · {self.get_kind_display()} {self.number}"

    @property
    def name(self) -> str:
        """How an address names this state of the reply, beside "v3" for a version."""
        return f"s{self.number}"


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
    points = models.JSONField(
        default=list
    )  # the answers to the suggestions, as replies.points.frozen has them
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["reply", "number"], name="reply_version")]

    def __str__(self) -> str:
        return f"{self.reply} · {self.number}"

    @property
    def name(self) -> str:
        """How an address names this state of the reply, beside "s7" for a save of the draft."""
        return f"v{self.number}"


class PointAnswer(models.Model):
    """How the draft answers one suggestion (逐条答复): the verdict, and the passage of the text that says so."""

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", pgettext_lazy("verdict on a suggestion", "adopted")
        PARTLY = "partly", pgettext_lazy("verdict on a suggestion", "adopted in part")
        PLANNED = "planned", pgettext_lazy("verdict on a suggestion", "planned")
        NOT_ADOPTED = "not_adopted", pgettext_lazy("verdict on a suggestion", "not adopted")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="points")
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True)  # why not, or why only in part
    due = models.CharField(
        max_length=20, blank=True
    )  # of what is planned, as typed: see replies.points.day_of
    owner = models.CharField(max_length=60, blank=True)
    passage = models.TextField(blank=True)  # the paragraph that answers it, as it read when it was chosen
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "suggestion"], name="point_once")]


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

    @property
    def voided(self) -> "LetterVoid | None":
        """The row that declares it void, if there is one."""
        return getattr(self, "void", None)

    @property
    def replaced_by(self) -> "IssuedLetter | None":
        """The letter that was issued in its place, if there is one."""
        return getattr(getattr(self, "correction", None), "letter", None)


def document_number(word: str, year: int, number: int) -> str:
    """Six-cornered brackets, four digits of the year, no leading zero (GB/T 9704-2012 7.2.5)."""
    return f"{word}\u3014{year}\u3015{number}\u53f7"


class LetterVoid(Undeletable):
    """An issued letter that no longer holds (作废): the number stays on record, the letter stays as it went out."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    letter = models.OneToOneField(IssuedLetter, models.PROTECT, related_name="void")
    reason = models.TextField(_("reason"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    def __str__(self) -> str:
        return f"{self.letter} · {self.reason}"


class LetterCopy(Undeletable):
    """The letter as one proposer gets it: addressed to them, about the proposal that they filed or signed."""

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("addressee", "a person")
        BODY = "body", pgettext_lazy("addressee", "a body")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    letter = models.ForeignKey(IssuedLetter, models.PROTECT, related_name="copies")
    order = models.PositiveSmallIntegerField()  # from 1; the first has the facts of the letter
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    # What the printed code leads to; none where the letter bears no code. Random, so that nobody guesses another.
    check_code = models.CharField(max_length=40, blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "order"], name="letter_copy"),
            models.UniqueConstraint(
                fields=["check_code"], condition=~Q(check_code=""), name="letter_check_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} · {self.name}"


def letter_path(letter_file: "LetterFile", filename: str) -> str:
    return f"letters/{letter_file.assembly_id}/{letter_file.letter_id}-{letter_file.sha256[:16]}.pdf"


class LetterFile(Undeletable):
    """The PDF of one copy of a letter: made once from its facts and from nothing else, with its digest."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    letter = models.ForeignKey(IssuedLetter, models.PROTECT, related_name="files")
    copy = models.OneToOneField(LetterCopy, models.PROTECT, related_name="file")
    pdf = models.FileField(upload_to=letter_path)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    def __str__(self) -> str:
        return f"{self.letter} · {self.sha256[:8]}"


class Opinion(OPINION.methods()):  # type: ignore[misc]
    """What a co-handling bureau tells the lead bureau: a numbered document that no proposer gets."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="opinion")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    state = FSMField(_("state"), choices=OpinionState.choices, default=OpinionState.DRAFTING, protected=True)
    clerk = models.ForeignKey(Post, models.PROTECT, related_name="+")
    body = models.TextField(_("body"), blank=True)
    writers = models.ManyToManyField(User, related_name="+")  # who ever wrote in it
    version = models.PositiveIntegerField(default=0)  # how many times it was sent up
    lock_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_note = models.TextField(blank=True)
    # What the signature gives it, and every fact as it stood then.
    word = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(pgettext_lazy("opinion", "number"), null=True)
    signed_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    dated = models.DateField(null=True)
    facts = models.JSONField(default=dict)
    facts_sha256 = models.CharField(max_length=64, blank=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        indexes = [models.Index(fields=["bureau", "state"], name="opinion_bureau")]
        constraints = [
            models.UniqueConstraint(fields=["bureau", "word", "year", "number"], name="opinion_number"),
            models.CheckConstraint(
                condition=~Q(state=OpinionState.GIVEN) | Q(number__isnull=False, signed_by__isnull=False),
                name="opinion_given",
            ),
        ]

    def __str__(self) -> str:
        return self.document_number or f"{self.proposal} · {self.bureau}"

    def get_absolute_url(self) -> str:
        return reverse("replies:opinion", args=[self.pk])

    @property
    def document_number(self) -> str:
        """The number of a given opinion; nothing before."""
        return document_number(self.word, self.year, self.number) if self.number and self.year else ""


class Remark(models.Model):
    """What a reader noted beside a passage (批注). It goes on from version to version and changes none."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="remarks")
    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="+")  # on which it was made
    place = models.PositiveIntegerField(default=0)  # the number of the paragraph there; 0: the whole letter
    paragraph = models.TextField(blank=True)  # as it read there
    words = models.TextField(blank=True)  # the marked words of it; empty: all of it
    text = models.TextField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_open = models.BooleanField(default=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.version} · {self.text}"


class RemarkEntry(Undeletable):
    """What followed on a remark: an answer, that it is settled, that it is open again. Never changed."""

    class Kind(models.TextChoices):
        ANSWER = "answer", pgettext_lazy("follows a remark", "answered")
        SETTLED = "settled", pgettext_lazy("follows a remark", "settled")
        REOPENED = "reopened", pgettext_lazy("follows a remark", "opened again")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    remark = models.ForeignKey(Remark, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField(blank=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.text}"


class ReplyLook(models.Model):
    """That a person had this version, and the letter that it then made, open before them."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    facts_sha256 = models.CharField(max_length=64)  # of what a signature would then have been given to
    at = models.DateTimeField()
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="reply_look")]


class ReplyPresence(models.Model):
    """That a person has the draft open to write in it, since when, and what their page began from."""

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()  # the last sign of life
    version = models.PositiveIntegerField()  # Reply.lock_version of the page
    answers = models.JSONField(default=dict)  # to the suggestions, as they stood then
    objects = ScopedManager(assembly="assembly")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "user"], name="reply_presence")]
