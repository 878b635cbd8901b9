"""The log's pages, for the auditor: the assembly's events, and a check of their chain."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from office import events
from organizations import policies, selectors
from organizations.forms import LogForm
from organizations.posts import OfficeRequest


def log(request: OfficeRequest) -> HttpResponse:
    """The assembly's events, newest first, a hundred a page."""
    policies.require(policies.may_read_log(request.post))
    form = LogForm(request.GET)
    form.is_valid()
    page = selectors.log_page(request.post, **form.cleaned_data)
    return render(request, "organizations/log.html", {"form": form, "page": page})


@require_POST
def log_check(request: OfficeRequest) -> HttpResponse:
    """Walk the whole chain and say whether it is whole."""
    policies.require(policies.may_read_log(request.post))
    fault = events.first_fault(request.post.assembly_id)
    if fault:
        said = _("The chain is broken at number %(n)s: %(why)s.") % {"n": fault.sequence, "why": fault.reason}
        messages.error(request, said)
    else:
        messages.success(request, _("The chain is whole: no row was changed, taken out or put in."))
    return redirect("organizations:log")
