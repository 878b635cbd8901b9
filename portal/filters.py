"""The filters of the public list, as its address has them. Every choice is one that something published has."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal import policies
from portal.models import Publication, PublishedLetter
from proposals.filters import MOST_WORDS, number_in


class PublicFilter(django_filters.FilterSet):
    """What can be asked of the public list. A value that nobody could have chosen counts as not asked."""

    q = django_filters.CharFilter(label=_("Number, or words in title, text or names"), method="find_words")
    session = django_filters.ChoiceFilter(label=_("Session"), empty_label=_("all sessions"))
    bureau = django_filters.ChoiceFilter(
        label=_("Bureau"), empty_label=_("all bureaus"), field_name="letters__bureau", distinct=True
    )
    category = django_filters.ChoiceFilter(label=_("Category"), empty_label=_("all categories"))
    filed_as = django_filters.ChoiceFilter(label=_("Filed by"), empty_label=_("all kinds"))
    result = django_filters.ChoiceFilter(
        label=_("Result class"),
        empty_label=_("all classes"),
        field_name="letters__result_class",
        distinct=True,
    )

    class Meta:
        model = Publication
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        letters = PublishedLetter.objects.filter(publication__in=self.queryset)
        found = {
            "session": _values(self.queryset, "session"),
            "bureau": _values(letters, "bureau"),
            "category": _values(self.queryset, "category"),
            "filed_as": _values(self.queryset, "filed_as"),
            "result": _values(letters, "result_class"),
        }
        for name, values in found.items():
            self.filters[name].extra["choices"] = [(value, value) for value in values]
            self.filters[name].extra["widget"] = forms.Select(attrs={"class": "form-select"})

    def find_words(self, rows: QuerySet[Publication], name: str, words: str) -> QuerySet[Publication]:
        if (number := number_in(words)) is not None:
            return rows.filter(Q(number=number) | Q(title__icontains=words.strip()))
        for word in list(dict.fromkeys(words.split()))[:MOST_WORDS]:
            rows = rows.filter(words__icontains=word)
        return rows


def _values(rows: QuerySet[Any], field: str) -> list[str]:
    return list(rows.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct())


def asked_of(data: Any, assembly: Any) -> PublicFilter:
    """Return the filter of an address over what an assembly has published."""
    return PublicFilter(data, policies.live(assembly))
