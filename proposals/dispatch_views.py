"""Giving proposals to bureaus: one on its own page, many at once in the dispatch table, one more for a case."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from office import printing
from office.acts import AlreadyDone, new_key
from office.printing import unkept
from office.workflow import Refused
from organizations.models import Bureau, Post
from organizations.posts import OfficeRequest
from proposals import dispatch_forms, dispatch_selectors, papers, policies, services
from proposals.act_pages import act_page, asked, sent, show_or_do
from proposals.handling_forms import AddForm
from proposals.models import ENDED, Assignment, Proposal
from proposals.workflow import PROPOSAL, ProposalState

PAGE_LENGTH = 50  # a page sends some fifteen values a row, and Django takes a thousand


# ---- one case


@show_or_do
def assign(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give a filed proposal to bureaus, and show by when each must answer and why."""
    proposal = policies.get_or_404(request.post, pk, "assign")
    try:
        dates = dispatch_selectors.if_assigned(proposal)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(proposal)
    explain = _("Each bureau finds it on its desk and signs it in.")
    form, act = dispatch_forms.AssignForm, services.proposal_assign
    context = {"more": "proposals/assign_dates.html", "dates": dates}
    return act_page(request, pk, "assign", form, act, assigned_to, explain, **context)


def assigned_to(made: list[Assignment]) -> str:
    """Say to whom a proposal was given."""
    names = _(", ").join(str(row.bureau) for row in made)
    return _("It was assigned to %(bureau)s.") % {"bureau": names}


@show_or_do
def assignment_add(request: OfficeRequest, pk: int) -> HttpResponse:
    """Add a co-handling bureau to a case under way."""
    proposal = policies.get_or_404(request.post, pk)
    main = _answering(proposal)
    policies.require(request.post, "add", main)
    return asked(
        request,
        AddForm(sent(request), assignment=main),
        lambda values: services.assignment_add(proposal_id=pk, post=request.post, **values),
        label=_("Add a co-handling bureau"),
        about=proposal,
        done=lambda added: _("%(bureau)s was added.") % {"bureau": added.bureau},
        explain=_("It gives its opinion to the bureau that answers, by its own date."),
    )


def _answering(proposal: Proposal) -> Assignment:
    """The bureau that answers a case; a case that no bureau has has none."""
    rows = proposal.assignments.exclude(state__in=ENDED).exclude(part=Assignment.Part.CO)
    if (found := rows.select_related("bureau").first()) is None:
        raise Http404
    return found


# ---- many at once


@dataclass
class Line:
    """A row of the dispatch table: the case, what is typed, and what became of it."""

    case: Proposal
    typed: dict[str, Any]
    due: Any = None
    is_chosen: bool = False
    key: str = field(default_factory=new_key)
    faults: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """What became of the chosen rows: the new assignments by case, and sentences about the others."""

    done: list[tuple[Proposal, list[Assignment]]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    faults: dict[int, list[str]] = field(default_factory=dict)


@show_or_do
def dispatch(request: OfficeRequest) -> HttpResponse:
    """Show every filed proposal without a bureau; give the chosen ones to bureaus, each on its own."""
    if not policies.may_give_assignments(request.post):
        raise PermissionDenied
    bureaus = dispatch_selectors.bureaus_in_use(request.post.assembly_id)
    outcome = _assign_chosen(request.post, request.POST, bureaus) if request.method == "POST" else Outcome()
    page = Paginator(dispatch_selectors.to_assign(request.post), PAGE_LENGTH).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "lines": _lines(page, request.POST, outcome, bureaus),
        "bureaus": bureaus,
        "ways": dispatch_forms.WAYS,
        "outcome": outcome,
        "told": assigned_words(len(outcome.done)),
        "notices": notices_url([row for _case, made in outcome.done for row in made]),
        "refused": len(outcome.gone) + len(outcome.faults),
        "nothing_chosen": request.method == "POST" and not request.POST.getlist("chosen"),
    }
    return render(request, "proposals/dispatch.html", context, status=422 if context["refused"] else 200)


def _lines(page: Page[Proposal], data: QueryDict, outcome: Outcome, bureaus: dict[str, Bureau]) -> list[Line]:
    cases = list(page)
    dues = dispatch_selectors.dues_of(cases)
    chosen = data.getlist("chosen")
    return [
        Line(
            case=case,
            typed=dispatch_forms.typed_in(data, case, bureaus),
            due=dues[case.pk],
            is_chosen=str(case.pk) in chosen,
            faults=outcome.faults.get(case.pk, []),
        )
        for case in cases
    ]


def _assign_chosen(post: Post, data: QueryDict, bureaus: dict[str, Bureau]) -> Outcome:
    """Assign each chosen case in its own transaction; what is refused keeps nothing else back."""
    outcome = Outcome()
    chosen = [int(pk) for pk in dict.fromkeys(data.getlist("chosen")) if pk.isdecimal() and len(pk) < 10]
    known = policies.visible_to(post).in_bulk(chosen)
    for pk in chosen[:PAGE_LENGTH]:
        if (case := known.get(pk)) is None:
            outcome.gone.append(_("A proposal can no longer be assigned: it is not there any more."))
        else:
            _assign_one(post, case, data, bureaus, outcome)
    return outcome


def _assign_one(
    post: Post, case: Proposal, data: QueryDict, bureaus: dict[str, Bureau], outcome: Outcome
) -> None:
    form = dispatch_forms.RowForm(data, case_pk=case.pk, bureaus=bureaus)
    if case.state not in PROPOSAL["assign"].source:
        outcome.gone.append(_stands_elsewhere(case))
    elif not form.is_valid():
        outcome.faults[case.pk] = form.faults
    else:
        _refusals_noted(
            lambda: services.proposal_assign(proposal_id=case.pk, post=post, **form.cleaned_data),
            case,
            outcome,
        )


def _refusals_noted(act: Callable[[], list[Assignment]], case: Proposal, outcome: Outcome) -> None:
    try:
        outcome.done.append((case, act()))
    except AlreadyDone:
        case.refresh_from_db()
        outcome.gone.append(_stands_elsewhere(case))
    except Refused as refusal:
        case.refresh_from_db()
        if case.state == ProposalState.FILED:
            outcome.faults[case.pk] = [str(refusal)]
        else:
            outcome.gone.append(_stands_elsewhere(case))


def _stands_elsewhere(case: Proposal) -> str:
    """Say what became of a case meanwhile, and who has it."""
    rows = case.assignments.exclude(state__in=ENDED).select_related("bureau", "assigned_by__user")
    facts = {"n": case.number or 0, "title": case.short_title, "state": case.get_state_display()}
    if not (found := list(rows)):
        return _("No. %(n)d %(title)s stands at “%(state)s” now. Nothing was done.") % facts
    facts |= {
        "bureaus": _(", ").join(str(row.bureau) for row in found),
        "who": found[0].assigned_by.user.name,
    }
    told = _("No. %(n)d %(title)s was assigned to %(bureaus)s already, by %(who)s. Nothing was done again.")
    return told % facts


def assigned_words(count: int) -> str:
    """Say how many were assigned."""
    return ngettext("%(n)d proposal was assigned.", "%(n)d proposals were assigned.", count) % {"n": count}


def notices_url(made: list[Assignment]) -> str:
    """Return the address of the notices of these assignments, printed as one."""
    query = QueryDict(mutable=True)
    query.setlist("part", [str(row.pk) for row in made])
    return f"{reverse('proposals:dispatch_notices')}?{query.urlencode()}"


@require_safe
@unkept
def notices(request: OfficeRequest) -> HttpResponse:
    """Return the notices (交办通知单) of several assignments as one PDF, to print after the table."""
    wanted = [int(pk) for pk in request.GET.getlist("part") if pk.isdecimal() and len(pk) < 10]
    rows = policies.assignments_visible_to(request.post).exclude(state__in=ENDED)
    found = list(rows.filter(pk__in=wanted[: 2 * PAGE_LENGTH]).select_related("proposal", "bureau"))
    if not found:
        raise Http404
    sheets = [printing.pdf_of("assignment", papers.assignment_context(row)) for row in found]
    return printing.answer(printing.joined(sheets), f"{printing.FORMS['assignment']}.pdf")
