"""The settings' pages, for the system administrator: an overview, a list and a form for each kind."""

from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import kept
from office import calendar
from office.acts import new_key
from office.pages import perform, perform_form
from organizations import policies, selectors, services
from organizations.forms import posted_key
from organizations.kinds import KINDS, Kind, kind_or_404
from organizations.posts import OfficeRequest


def _kind(request: OfficeRequest, slug: str) -> Kind:
    """The door of every page here."""
    policies.require(policies.may_change_settings(request.post))
    return kind_or_404(slug)


def _list_url(kind: Kind) -> str:
    return reverse("organizations:setting_list", args=[kind.slug])


def settings(request: OfficeRequest) -> HttpResponse:
    """What can be set, with how many there are of each."""
    policies.require(policies.may_change_settings(request.post))
    counted = [
        (kind, None if kind.is_single else policies.settings_visible_to(request.post, kind.model).count())
        for kind in KINDS.values()
    ]
    return render(request, "organizations/settings.html", {"kinds": counted})


def setting_list(request: OfficeRequest, slug: str) -> HttpResponse:
    """All rows of one kind, in parts where the kind has them; the calendar shows one year."""
    kind = _kind(request, slug)
    if kind.is_single:
        return redirect("organizations:setting_edit", slug, request.post.assembly_id)
    rows = policies.settings_visible_to(request.post, kind.model)
    context: dict[str, Any] = {"kind": kind, "key": new_key()}
    if slug == "days":
        years = selectors.calendar_years(request.post.assembly, request.GET.get("year", ""))
        rows = rows.filter(day__year=years.shown)
        context |= {"years": years, "known": calendar.official_years()}
    return render(request, "organizations/setting_list.html", context | {"parts": _parts(kind, rows)})


def _parts(kind: Kind, rows: Any) -> list[tuple[str, list[Any]]]:
    def part(row: Any) -> str:
        return selectors.cell_text(row, kind.group) if kind.group else ""

    return [
        (name, [(row, kind.cells(row), policies.may_remove(row)) for row in group])
        for name, group in groupby(rows, part)
    ]


def setting_new(request: OfficeRequest, slug: str) -> HttpResponse:
    """The form for one more of a kind."""
    kind = _kind(request, slug)
    if not kind.add:
        raise Http404
    return _form_page(request, kind, None, str(kind.add))


def setting_edit(request: OfficeRequest, slug: str, pk: int) -> HttpResponse:
    """The form for one row."""
    kind = _kind(request, slug)
    row = policies.setting_or_404(request.post, kind.model, pk)
    return _form_page(request, kind, row, str(kind.title if kind.is_single else row))


def _form_page(request: OfficeRequest, kind: Kind, row: Any, title: str) -> HttpResponse:
    sent = request.POST if request.method == "POST" else kept.take_back(request)
    form = kind.form(sent, instance=row, assembly=request.post.assembly)
    if request.method == "POST":
        answer = perform_form(
            form,
            request,
            lambda data: services.setting_save(post=request.post, setting=form.instance, key=data["key"]),
            done=lambda _saved: _("Saved: %(what)s.") % {"what": form.instance},
            back=reverse("organizations:settings") if kind.is_single else _list_url(kind),
        )
        if answer:
            return answer
    context = {"kind": kind, "form": form, "title": title}
    return render(request, "organizations/setting_form.html", context, status=422 if request.POST else 200)


@require_POST
def setting_remove(request: OfficeRequest, slug: str, pk: int) -> HttpResponse:
    """Take out a row that nothing refers to."""
    kind = _kind(request, slug)
    row = policies.setting_or_404(request.post, kind.model, pk)
    return perform(
        request,
        lambda: services.setting_remove(post=request.post, setting=row, key=posted_key(request)),
        done=_("Removed: %(what)s.") % {"what": row},
        back=_list_url(kind),
    )


@require_POST
def calendar_fill(request: OfficeRequest, year: int) -> HttpResponse:
    """Take a year's days over from the State Council's announcement."""
    kind = _kind(request, "days")
    return perform(
        request,
        lambda: services.calendar_year_fill(post=request.post, year=year, key=posted_key(request)),
        done=_("The days of %(year)s are in the calendar.") % {"year": year},
        back=f"{_list_url(kind)}?year={year}",
    )
