"""The shapes of settings, people and posts, and of the log's filters. Rules are in services and models."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes.forms import SafeModelChoiceField

from accounts.models import User
from office import clock
from office.acts import new_key
from office.models import CalendarDay, DeadlineRule
from office.pages import ActForm
from organizations import selectors, services
from organizations.models import (
    BODY_OF,
    Assembly,
    Bureau,
    Committee,
    Dispatcher,
    LetterProfile,
    ListItem,
    Phrase,
    Post,
    Question,
    Role,
    Session,
)
from organizations.patterns import fill

NO_SUCH_DAY = _("There is no such day: write it as in 2026-03-05.")
NAME_TAKEN = _("There is one of this name already.")
WORD_TAKEN = _("Another bureau uses this word: their letters would bear the same numbers.")
FACT_WORDS = {
    "place": _("place of the assembly"),
    "session": pgettext_lazy("pattern", "session"),
    "number": pgettext_lazy("pattern", "number of the proposal"),
    "title": pgettext_lazy("pattern", "title of the proposal"),
    "you": _("you, as the letter says it"),
    "bureau": _("full name of the bureau"),
    "leader": _("who signs"),
    "clerk": _("who handles it"),
    "phone": _("phone of who handles it"),
}


def posted_key(request: HttpRequest) -> str:
    """Return the key of an act that is one button; what is no key of ours counts as none."""
    form = ActForm(request.POST)
    form.is_valid()
    return str(form.cleaned_data.get("key", ""))


class DayInput(forms.DateInput):
    """The browser's calendar; a value that is no day is shown as text, so that it is not lost."""

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "date" if _is_day(context["widget"]["value"]) else "text"
        return context


def _is_day(value: str | None) -> bool:
    try:
        return not value or bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def day_field(**options: Any) -> forms.DateField:
    """Return a field for a day, with a message that says how to write one."""
    return forms.DateField(widget=DayInput(), error_messages={"invalid": NO_SUCH_DAY}, **options)


class SettingForm(forms.ModelForm):
    """A row of the assembly's settings. `taken`: the field, and the words, for a row that exists already."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput, required=False)
    taken: ClassVar[tuple[str, Any]] = ("name", NAME_TAKEN)
    # Fields whose constraints the service sees to, and those that stand without being shown.
    unchecked: ClassVar[set[str]] = set()
    unshown: ClassVar[set[str]] = {"assembly"}

    def __init__(self, *args: Any, assembly: Assembly, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assembly = assembly
        if not isinstance(self.instance, Assembly):
            self.instance.assembly = assembly
        self.fields["key"].initial = new_key
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
                field.error_messages["invalid"] = NO_SUCH_DAY

    @property
    def is_new(self) -> bool:
        return self.instance.pk is None

    def _fix(self, name: str, why: Any) -> None:
        """Show a field that can no longer be changed, and say why."""
        self.fields[name].disabled = True
        self.fields[name].help_text = why

    def validate_unique(self) -> None:
        """Say at the field that such a row exists, instead of failing in the database.

        Django leaves out what names a field that the form does not show; names are unique in an assembly.
        """
        exclude: set[str] = self._get_validation_exclusions()  # type: ignore[attr-defined]
        try:
            self.instance.validate_constraints(exclude=exclude - self.unshown | self.unchecked)
        except ValidationError:
            self.add_error(*self.taken)


class SessionForm(SettingForm):
    unchecked = {"is_current"}

    class Meta:
        model = Session
        fields = ["name", "opens", "closes", "filing_deadline", "first_number", "is_current"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_new and services.has_given_numbers(self.instance):
            self._fix("first_number", _("Numbers have been given, so this stays as it is."))


class CommitteeForm(SettingForm):
    class Meta:
        model = Committee
        fields = ["name", "short_name", "kind", "is_active"]


class BureauForm(SettingForm):
    class Meta:
        model = Bureau
        fields = ["name", "short_name", "number_word", "first_number", "opinion_word", "printed_by"]
        fields += ["is_active"]

    def clean_number_word(self) -> str:
        """Each bureau numbers by itself, so that two with one word would issue the same numbers."""
        word = self.cleaned_data["number_word"]
        others = Bureau.objects.filter(assembly=self.assembly, is_active=True).exclude(pk=self.instance.pk)
        if others.filter(number_word=word).exists():
            raise ValidationError(WORD_TAKEN)
        return str(word)

    def clean_opinion_word(self) -> str:
        """Opinions have words of their own, for the same reason."""
        word = str(self.cleaned_data["opinion_word"])
        others = Bureau.objects.filter(assembly=self.assembly, is_active=True).exclude(pk=self.instance.pk)
        if word and (others.filter(opinion_word=word).exists() or word == self.data.get("number_word")):
            raise ValidationError(WORD_TAKEN)
        return word


class DispatcherForm(SettingForm):
    class Meta:
        model = Dispatcher
        fields = ["name", "short_name", "is_active"]


class ListItemForm(SettingForm):
    class Meta:
        model = ListItem
        fields = ["list", "label", "mark", "promises", "reopens", "publishes", "order", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].help_text = _("Smaller numbers stand first.")
        self.fields["mark"].help_text = _("What letters print for it, from now on.")
        if self.is_new:
            self.instance.key = f"own-{uuid.uuid4().hex[:8]}"
        else:
            self._fix("list", _("An entry stays in its list."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = ListItem.objects.filter(
            assembly=self.assembly, list=data.get("list"), label=data.get("label"), is_active=True
        )
        if data.get("is_active") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("label", _("This list has such an entry already."))
        return data


class QuestionForm(SettingForm):
    class Meta:
        model = Question
        fields = ["text", "kind", "options", "is_required", "bodies_only", "order", "is_active"]


class DeadlineRuleForm(SettingForm):
    taken = ("applies", _("There is a rule for this already: change that one."))

    class Meta:
        model = DeadlineRule
        fields = [
            "step",
            "applies",
            "unit",
            "length",
            "fixed_month",
            "fixed_day",
            "latest_months",
            "warn_days",
            "starts",
            "pauses",
            "extensions",
        ]


class CalendarDayForm(SettingForm):
    taken = ("day", _("This day is in the calendar already: change that one."))

    class Meta:
        model = CalendarDay
        fields = ["day", "kind", "name"]


class LimitsForm(SettingForm):
    class Meta:
        model = Assembly
        fields = ["title_limit", "attachment_limit_mb", "needs_first_review", "needs_points", "cosign_days"]
        fields += ["needs_second_factor"]
        fields += ["feedback_from", "chase_days", "reminder_days", "overdue_every"]
        fields += ["check_days", "sign_days", "issue_days"]


class PatternForm(SettingForm):
    """A setting with pattern fields, which show below what is typed how it will read."""

    PATTERNS: ClassVar[tuple[str, ...]] = ()

    def _show_examples(self, bureau: Bureau | None) -> None:
        self.facts = selectors.example_facts(self.assembly, bureau)
        for name in self.PATTERNS:
            self.fields[name].help_text = self._with_example(name)

    def _with_example(self, name: str) -> SafeString:
        # Not self[name], which would keep the help text as it was.
        typed = self.fields[name].get_bound_field(self, name).value()
        example = fill(str(typed or ""), self.facts)
        # The pattern reads by itself while one types (static/js/patterns.js).
        return format_html(
            '{} <span class="d-block">{} <output class="pre" for="id_{}" data-example-of="id_{}">{}</output></span>',
            self.fields[name].help_text,
            _("It will read:"),
            name,
            name,
            example,
        )

    def pattern_names(self) -> SafeString:
        """The names that may stand in braces, with what each becomes."""
        return format_html_join("", "<dt><code>{{{}}}</code></dt><dd>{}</dd>", FACT_WORDS.items())


class PhraseForm(PatternForm):
    """A phrase of the assembly's, or of the bureau that its instance names."""

    PATTERNS = ("text",)
    taken = ("title", NAME_TAKEN)
    unshown = {"assembly", "bureau"}

    class Meta:
        model = Phrase
        fields = ["group", "title", "text", "order", "is_active"]
        widgets = {"text": forms.Textarea({"rows": 6, "data-widen": ""})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._show_examples(self.instance.bureau)

    def clean_text(self) -> str:
        """Lines end as in every text here, whatever the browser sends."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class LetterProfileForm(PatternForm):
    """How the letters of the assembly, or of one bureau, look and read."""

    PATTERNS = ("title", "opening", "closing", "contacts", "letterhead")
    taken = ("bureau", _("There is a letter profile for it already: change that one."))

    class Meta:
        model = LetterProfile
        fields = ["bureau", "form", "title", "opening", "closing", "contacts"]
        fields += ["letterhead", "marks_at", "copies_to", "has_check_code"]
        field_classes = {"bureau": SafeModelChoiceField}
        widgets = {
            "title": forms.Textarea({"rows": 2}),
            "opening": forms.Textarea({"rows": 3}),
            "closing": forms.Textarea({"rows": 2}),
            "contacts": forms.Textarea({"rows": 3}),
            "copies_to": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bureau: Any = self.fields["bureau"]
        bureau.queryset = Bureau.objects.filter(assembly=self.assembly)
        bureau.empty_label = _("every bureau without a profile of its own")
        if not self.is_new:
            self._fix("bureau", _("A profile stays with its bureau."))
        self._show_examples(self.instance.bureau)


class PostForm(ActForm):
    """A post for somebody: role, body, days. `made` is the post of a valid form, still without a person."""

    role = forms.ChoiceField(label=pgettext_lazy("post", "Role"), choices=Role.choices)
    body = forms.ChoiceField(
        label=pgettext_lazy("post", "Body"),
        required=False,
        help_text=_("The body that the role works for; reviewers and administrators work for the assembly."),
    )
    title = forms.CharField(
        label=_("Title of the post"),
        max_length=30,
        required=False,
        help_text=_("Shown instead of the role where it is filled in."),
    )
    phone = forms.CharField(label=_("Office phone"), max_length=30, required=False)
    since = day_field(label=pgettext_lazy("day", "From"), initial=clock.today)
    until = day_field(
        label=pgettext_lazy("day", "To"), required=False, help_text=_("Empty: until somebody ends it.")
    )

    def __init__(self, *args: Any, assembly: Assembly, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assembly = assembly
        body: Any = self.fields["body"]
        body.choices = selectors.body_choices(assembly)
        self.made = Post(assembly=assembly)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, _colon, pk = data.get("body", "").partition(":")
        facts = {name: data.get(name) for name in ("role", "title", "phone", "since", "until")}
        facts |= {f"{kind}_id": int(pk)} if kind else {}
        self.made = Post(assembly=self.assembly, **facts)
        wanted = BODY_OF.get(data.get("role", ""), "")
        if "role" in data and "body" in data and kind != wanted:
            body = selectors.field_words(Post, wanted) if wanted else self.assembly.short_name
            self.add_error("body", _("For this role choose: %(body)s.") % {"body": body})
        elif not self.errors:
            self._check_days(self.made)
        return data

    def _check_days(self, post: Post) -> None:
        try:
            post.clean()
        except ValidationError as wrong:
            self.add_error(None, wrong)


class NewPersonForm(PostForm):
    """An account with its first post: without a post nobody could find it again."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=User._meta.get_field("username").validators,
        help_text=_("To sign in with, such as the name in pinyin; it is never changed."),
    )
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As it stands in letters."))
    field_order = ["username", "name"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        # Sign-in does not tell capital letters from small ones.
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(
                _("There is such a user name already: choose another, or give that account a post.")
            )
        return username


class NamedPostForm(PostForm):
    """A post for somebody who has an account, of this assembly or another, known by its exact user name."""

    username = forms.CharField(label=_("User name"), max_length=60, help_text=_("Exactly as it is written."))
    field_order = ["username"]

    def clean_username(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["username"]).first()
        if user is None:
            raise ValidationError(_("There is no account of exactly this user name."))
        return user


class LogForm(forms.Form):
    """What of the log is shown. The address holds it; what makes no sense is left aside."""

    about = forms.ChoiceField(label=pgettext_lazy("event", "About"), required=False)
    who = forms.CharField(label=_("Person or post"), max_length=60, required=False)
    before = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about: Any = self.fields["about"]
        about.choices = [("", _("everything")), *selectors.act_kinds()]


class PeopleForm(forms.Form):
    """Whom the list of people shows."""

    who = forms.CharField(label=_("Name or user name"), max_length=60, required=False)
