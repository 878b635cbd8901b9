"""What an assembly can set by itself, kind by kind: the rows of the settings pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from office.models import CalendarDay, DeadlineRule
from organizations import forms, selectors
from organizations.models import (
    Assembly,
    Bureau,
    Committee,
    Dispatcher,
    LetterProfile,
    ListItem,
    Phrase,
    Question,
    Session,
)

Model = type[
    Assembly
    | Session
    | Committee
    | Bureau
    | Dispatcher
    | ListItem
    | LetterProfile
    | DeadlineRule
    | CalendarDay
    | Question
    | Phrase
]


# A field, or words with a function that makes the text from the row.
Column = str | tuple[Promise, Callable[[Any], str]]


@dataclass(frozen=True)
class Kind:
    """One kind of setting. The first of its `columns` leads to the row; the field `group` makes parts."""

    slug: str
    model: Model
    form: type[forms.SettingForm]
    title: Promise
    about: Promise
    add: Promise | str = ""
    columns: tuple[Column, ...] = ()
    group: str = ""

    @property
    def is_single(self) -> bool:
        """The assembly's own row: there is no list of it."""
        return self.model is Assembly

    @property
    def headings(self) -> list[str]:
        """The words above the columns."""
        return [
            selectors.field_words(self.model, c) if isinstance(c, str) else str(c[0]) for c in self.columns
        ]

    def cells(self, row: Any) -> list[str]:
        """What a row shows, column by column."""
        return [selectors.cell_text(row, c) if isinstance(c, str) else c[1](row) for c in self.columns]


_ALL = (
    Kind(
        slug="sessions",
        model=Session,
        form=forms.SessionForm,
        title=_("Plenary sessions"),
        about=_("Their days, the filing deadline, and where the numbers of proposals begin."),
        add=_("Add a session"),
        columns=("name", "opens", "closes", "filing_deadline", "first_number", "is_current"),
    ),
    Kind(
        slug="committees",
        model=Committee,
        form=forms.CommitteeForm,
        title=_("Filing bodies"),
        about=_("Committees, parties, people's organizations and sectors that file proposals."),
        add=_("Add a filing body"),
        columns=("name", "short_name", "is_active"),
        group="kind",
    ),
    Kind(
        slug="bureaus",
        model=Bureau,
        form=forms.BureauForm,
        title=_("Bureaus"),
        about=_("Who answers, and the words of their document numbers."),
        add=_("Add a bureau"),
        columns=("name", "short_name", "number_word", "first_number", "is_active"),
    ),
    Kind(
        slug="dispatchers",
        model=Dispatcher,
        form=forms.DispatcherForm,
        title=_("Dispatching offices"),
        about=_("Who gives filed proposals to bureaus."),
        add=_("Add a dispatching office"),
        columns=("name", "short_name", "is_active"),
    ),
    Kind(
        slug="lists",
        model=ListItem,
        form=forms.ListItemForm,
        title=_("Lists"),
        about=_("Categories, reasons, result classes, disclosure, ways of contact and delivery, judgements."),
        add=_("Add an entry"),
        columns=("label", "mark", "order", "is_active"),
        group="list",
    ),
    Kind(
        slug="questions",
        model=Question,
        form=forms.QuestionForm,
        title=_("Questionnaire"),
        about=_("What proposers are asked about a reply."),
        add=_("Add a question"),
        columns=("text", "kind", "is_required", "bodies_only", "order", "is_active"),
    ),
    Kind(
        slug="rules",
        model=DeadlineRule,
        form=forms.DeadlineRuleForm,
        title=_("Deadline rules"),
        about=_("How long a step may take; every date is counted from these."),
        add=_("Add a rule"),
        columns=((_("for"), str), (_("time"), selectors.rule_length), "starts", "latest_months"),
    ),
    Kind(
        slug="days",
        model=CalendarDay,
        form=forms.CalendarDayForm,
        title=_("Calendar"),
        about=_("Days off, and Saturdays and Sundays that are worked."),
        add=_("Add a day"),
        columns=("day", "kind", "name"),
    ),
    Kind(
        slug="letters",
        model=LetterProfile,
        form=forms.LetterProfileForm,
        title=_("Letter profiles"),
        about=_("The form of letters, and what the system writes in them."),
        add=_("Add a profile for a bureau"),
        columns=((_("for"), selectors.profile_for), "form", "title"),
    ),
    Kind(
        slug="phrases",
        model=Phrase,
        form=forms.PhraseForm,
        title=_("Phrases"),
        about=_(
            "Passages that every bureau finds beside its drafts. A bureau's clerks keep its own themselves."
        ),
        add=_("Add a phrase"),
        columns=("title", "text", "order", "is_active"),
        group="group",
    ),
    Kind(
        slug="limits",
        model=Assembly,
        form=forms.LimitsForm,
        title=_("Limits and ways"),
        about=_(
            "Titles, attachments, reviews, co-signing, who is asked, reminders, days for each step of a reply."
        ),
    ),
)
KINDS = {kind.slug: kind for kind in _ALL}


def kind_or_404(slug: str) -> Kind:
    """Return a kind of setting by its name in the address."""
    try:
        return KINDS[slug]
    except KeyError:
        raise Http404 from None
