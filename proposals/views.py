"""The list of cases, and the acts of review and dispatch. Writing a proposal is in draft_views.py."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from office import clock
from office.calendar import Days
from office.pages import ActForm, perform
from organizations.posts import OfficeRequest
from proposals import act_forms, filters, policies, selectors, services
from proposals.act_pages import act_page, show_or_do

PAGE_LENGTH = 50


# ---- the list


@require_GET
def list_cases(request: OfficeRequest) -> HttpResponse:
    """Show the cases that the post may see; a number alone that means one case leads to it."""
    asked = filters.cases_for(request)
    if only := filters.only_case(asked):
        return redirect(only)
    page = Paginator(selectors.in_list(asked.qs), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(request, page),
        "asked": asked,
        "chips": filters.chips_of(asked, request.post),
        "is_asked": any(value for name, value in request.GET.items() if name != "page"),
        "may_create": policies.may_create(request.post),
    }
    return render(request, "proposals/list.html", context)


def _rows(request: OfficeRequest, cases: Any) -> list[dict[str, Any]]:
    days, today = Days.of(request.post.assembly_id), clock.today()
    found = [(case, selectors.assignment_of(case)) for case in cases]
    return [
        {"case": case, "assignment": assignment, "lamp": selectors.lamp_of(assignment, days, today)}
        for case, assignment in found
    ]


# ---- acts without a page


def carried(request: OfficeRequest) -> dict[str, Any]:
    """Return the key and the version of an act form; a version that is no number counts as an old one."""
    form = ActForm(request.POST)
    form.is_valid()
    return {"key": "", "version_seen": 0} | form.cleaned_data


@require_POST
def submit(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send the draft to the review."""
    proposal = policies.get_or_404(request.post, pk, "submit")
    return perform(
        request,
        lambda: services.proposal_submit(proposal_id=pk, post=request.post, **carried(request)),
        done=_("It was sent to the review. You can take it back until someone has decided on it."),
        back=proposal.get_absolute_url(),
    )


@require_POST
def recall(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a submitted proposal back."""
    proposal = policies.get_or_404(request.post, pk, "recall")
    return perform(
        request,
        lambda: services.proposal_recall(proposal_id=pk, post=request.post, **carried(request)),
        done=_("You have it back as a draft."),
        back=proposal.get_absolute_url(),
    )


@require_POST
def file(request: OfficeRequest, pk: int) -> HttpResponse:
    """File a submitted proposal under the next number."""
    proposal = policies.get_or_404(request.post, pk, "file")
    return perform(
        request,
        lambda: services.proposal_file(proposal_id=pk, post=request.post, **carried(request)),
        done=lambda filed: _("Filed as No. %(n)d.") % {"n": filed.number},
        back=proposal.get_absolute_url(),
    )


@require_POST
def assignment_sign_in(request: OfficeRequest, pk: int) -> HttpResponse:
    """Sign a proposal in for the bureau."""
    assignment = policies.assignment_or_404(request.post, pk, "sign_in")
    return perform(
        request,
        lambda: services.assignment_sign_in(assignment_id=pk, post=request.post, key=carried(request)["key"]),
        done=_("Signed in. The reply can be drafted now."),
        back=assignment.proposal.get_absolute_url(),
    )


@require_POST
def assignment_recall(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take an assignment back from a bureau that has not signed it in."""
    assignment = policies.assignment_or_404(request.post, pk, "recall")
    return perform(
        request,
        lambda: services.assignment_recall(assignment_id=pk, post=request.post, key=carried(request)["key"]),
        done=_("The assignment was taken back. Give the proposal to another bureau."),
        back=assignment.proposal.get_absolute_url(),
    )


# ---- acts with a page of their own


@show_or_do
def return_(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send a proposal back to its writers."""
    explain = _("It goes back to its writers, who can change it and submit it again.")
    done = _("It was returned to its writers with your reason.")
    return act_page(request, pk, "return", act_forms.ReturnForm, services.proposal_return, done, explain)


@show_or_do
def refuse(request: OfficeRequest, pk: int) -> HttpResponse:
    """Do not file a proposal."""
    explain = _("It gets no number and no answer. The writers are told the reason. This cannot be undone.")
    done = _("It was not filed. The writers can read the reason.")
    return act_page(request, pk, "refuse", act_forms.RefuseForm, services.proposal_refuse, done, explain)


@show_or_do
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Withdraw a proposal."""
    explain = _("Nobody will answer it. A number that it has stays with it. This cannot be undone.")
    done = _("The proposal was withdrawn.")
    return act_page(
        request, pk, "withdraw", act_forms.WithdrawForm, services.proposal_withdraw, done, explain
    )
