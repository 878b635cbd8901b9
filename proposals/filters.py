"""The filters of the list of cases, as its address has them, and the counts beside them. Writes nothing."""

import re
import unicodedata
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office import clock
from organizations.models import Bureau, Post, Role, Session
from organizations.posts import OfficeRequest
from proposals import policies
from proposals.models import ENDED, Assignment, Proposal, Suggestion
from proposals.workflow import ANSWERED, AssignmentState, ProposalState

# A number as people write it: 51, No. 51, or with the Chinese words before and after it.
NUMBER = re.compile("^(?:\u7b2c|no\\.?)?\\s*(\\d{1,6})\\s*(?:\u53f7|\u865f)?$", re.IGNORECASE)
SEES_BUREAUS = (Role.REVIEWER, Role.DISPATCHER)
# More words make the question no finer, and a thousand of them more than a database takes.
MOST_WORDS = 12
TEXTS: tuple[str, ...] = ("title", "background", "analysis", "contact_name", "committee__name")
TEXTS += ("committee__short_name", "member__user__name")


def number_in(words: str) -> int | None:
    """Return the number of a proposal when nothing else was typed."""
    found = NUMBER.match(unicodedata.normalize("NFKC", words).strip())
    return int(found.group(1)) if found else None


class CaseFilter(django_filters.FilterSet):
    """What can be asked of the list. A value that nobody could have chosen counts as not asked."""

    q = django_filters.CharFilter(label=_("Number or words"), method="find_words")
    session = django_filters.ModelChoiceFilter(
        label=_("Session"),
        queryset=lambda request: Session.objects.filter(assembly_id=request.post.assembly_id),
        empty_label=_("all sessions"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    bureau = django_filters.ModelChoiceFilter(
        label=_("Bureau"),
        queryset=lambda request: Bureau.objects.filter(assembly_id=request.post.assembly_id),
        method="of_bureau",
        empty_label=_("all bureaus"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=ProposalState.choices)
    late = django_filters.BooleanFilter(label=_("Late"), method="only_late", widget=forms.HiddenInput)

    class Meta:
        model = Proposal
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request.post.role not in SEES_BUREAUS:
            del self.filters["bureau"]

    @property
    def chosen(self) -> dict[str, str]:
        """Session and bureau as the address has them: pressing a chip keeps them."""
        return {name: self.data[name] for name in ("session", "bureau") if self.data.get(name)}

    def find_words(self, cases: QuerySet[Proposal], name: str, words: str) -> QuerySet[Proposal]:
        if (number := number_in(words)) is not None:
            return cases.filter(Q(number=number) | Q(title__icontains=words.strip()))
        for word in list(dict.fromkeys(words.split()))[:MOST_WORDS]:
            cases = cases.filter(_says(word))
        return cases

    def of_bureau(self, cases: QuerySet[Proposal], name: str, bureau: Bureau) -> QuerySet[Proposal]:
        return cases.filter(Exists(_assigned().filter(bureau=bureau)))

    def only_late(self, cases: QuerySet[Proposal], name: str, late: bool) -> QuerySet[Proposal]:
        return cases.filter(is_late()) if late else cases


def _assigned() -> QuerySet[Assignment]:
    rows: QuerySet[Assignment] = Assignment.objects.filter(proposal=OuterRef("pk"))
    return rows.exclude(state__in=ENDED)


def _says(word: str) -> Q:
    """A word in the text of a case, or in the name of who filed or answers it."""
    found = Q(Exists(Suggestion.objects.filter(proposal=OuterRef("pk"), text__icontains=word)))
    for field in TEXTS:
        found |= Q(**{f"{field}__icontains": word})
    of_bureau = Q(bureau__name__icontains=word) | Q(bureau__short_name__icontains=word)
    return found | Q(Exists(_assigned().filter(of_bureau)))


def is_late() -> Exists:
    """The answer, or the second one, is due and has not come; an opinion makes no answered case late."""
    owed = _assigned().filter(Q(replied_on=None) | Q(state=AssignmentState.REOPENED))
    return Exists(owed.filter(due_on__lt=clock.today()).exclude(proposal__state__in=ANSWERED))


def cases_for(request: OfficeRequest) -> CaseFilter:
    """Return the filter of this request's address over the cases that its post may see."""
    return CaseFilter(request.GET, policies.visible_to(request.post), request=request)


def only_case(asked: CaseFilter) -> Proposal | None:
    """Return the case when nothing but a number was typed and one case answers to it."""
    if set(asked.data) != {"q"} or number_in(asked.data["q"]) is None:
        return None
    found = list(asked.qs[:2])
    return found[0] if len(found) == 1 else None


def chips_of(asked: CaseFilter, post: Post) -> list[dict[str, Any]]:
    """Return the choices of state and lateness, each with its number of cases (parts/list_filters.html)."""
    others = {name: value for name, value in asked.data.items() if name not in ("state", "late")}
    rows = CaseFilter(others, policies.visible_to(post), request=asked.request).qs
    by_state = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    late = rows.filter(is_late()).count()
    chosen = {name: asked.data.get(name, "") for name in ("state", "late")}
    return [_state_chips(by_state, chosen["state"]), *_late_chips(late, chosen["late"])]


def _state_chips(counts: dict[str, int], chosen: str) -> dict[str, Any]:
    choices = [_chip("", gettext("All"), sum(counts.values()), chosen)]
    for value, label in ProposalState.choices:
        if counts.get(value) or value == chosen:
            choices.append(_chip(value, str(label), counts.get(value, 0), chosen))
    return {"name": "state", "label": gettext("State"), "choices": choices}


def _late_chips(count: int, chosen: str) -> list[dict[str, Any]]:
    if not count and not chosen:
        return []
    choices = [_chip("", gettext("All dates"), None, chosen), _chip("true", gettext("Late"), count, chosen)]
    return [{"name": "late", "label": gettext("Deadline"), "choices": choices}]


def _chip(value: str, label: str, count: int | None, chosen: str) -> dict[str, Any]:
    return {"value": value, "label": label, "count": count, "active": value == chosen}
