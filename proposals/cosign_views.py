"""Pages of filing together: invite, read an invitation, sign or not; and entering a paper proposal."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from office import clock
from office.acts import new_key
from office.pages import perform, perform_form
from organizations.posts import OfficeRequest
from proposals import act_forms, policies, review_selectors, services
from proposals.act_pages import act_page, sent, show_or_do
from proposals.models import Cosigner
from proposals.views import carried


@show_or_do
def invite(request: OfficeRequest, pk: int) -> HttpResponse:
    """Invite members and bodies to sign."""
    proposal = policies.get_or_404(request.post, pk, "invite")
    until = proposal.cosign_until or clock.today() + dt.timedelta(proposal.assembly.cosign_days)
    return act_page(
        request,
        pk,
        "invite",
        act_forms.InviteForm,
        services.proposal_invite,
        _("They find the invitation on their desks. You can submit the proposal at any time."),
        _("Each signs on the own desk; nobody can sign for another. The text cannot be changed meanwhile."),
        more="proposals/signers.html",
        initial={"until": until},
        **review_selectors.signers_of(proposal),
    )


@require_POST
def reword(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take the text back for changes."""
    policies.get_or_404(request.post, pk, "reword")
    return perform(
        request,
        lambda: services.proposal_reword(proposal_id=pk, post=request.post, **carried(request)),
        done=_("You can change the text now. Invite the co-signers again afterwards."),
        back=reverse("proposals:edit", args=[pk]),
        if_refused=reverse("desk:case", args=[pk]),
    )


@require_GET
def invitation(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show what is to be signed, whole, with the two answers."""
    found = policies.invitation_or_404(request.post, pk)
    if found.state not in policies.SIGNING:  # who does not sign it reads it no longer
        messages.info(request, _("This invitation is no longer open."))
        return redirect("desk:home")
    proposal = found.proposal
    context: dict[str, Any] = {
        "invitation": found,
        "proposal": proposal,
        "suggestions": list(proposal.suggestions.all()),
        "attachments": list(proposal.attachments.all()),
        "is_open": found.state == Cosigner.State.INVITED and proposal.state == "cosigning",
        "may_withdraw": found.state == Cosigner.State.ACCEPTED and proposal.state in services.UNSENT,
        "key": new_key(),
    }
    return render(request, "proposals/invitation.html", context | review_selectors.signers_of(proposal))


@require_POST
def cosigner_answer(request: OfficeRequest, pk: int) -> HttpResponse:
    """Sign, or do not."""
    policies.invitation_or_404(request.post, pk)
    signs = request.POST.get("answer") == "sign"
    return perform(
        request,
        lambda: services.cosigner_answer(
            cosigner_id=pk, post=request.post, signs=signs, key=carried(request)["key"]
        ),
        done=_("You have signed it.") if signs else _("You did not sign it."),
        back=reverse("desk:home"),
    )


@require_POST
def cosigner_withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a signature back while the proposal is not submitted."""
    policies.invitation_or_404(request.post, pk)
    return perform(
        request,
        lambda: services.cosigner_withdraw(cosigner_id=pk, post=request.post, key=carried(request)["key"]),
        done=_("Your signature was taken back."),
        back=reverse("desk:home"),
        if_refused=reverse("proposals:invitation", args=[pk]),
    )


@show_or_do
def enter(request: OfficeRequest) -> HttpResponse:
    """Begin to enter a paper proposal for its proposer."""
    if not policies.may_enter(request.post):
        raise PermissionDenied
    form = act_forms.EnterForm(sent(request), post=request.post)
    if request.method == "POST":
        made: list[int] = []

        def begin(values: dict[str, Any]) -> None:
            values.pop("version_seen", None)
            made.append(services.proposal_enter(post=request.post, **values).pk)

        done = _("Enter the text as it stands on paper, and attach the scan.")
        if response := perform_form(form, request, begin, done=done, back=reverse("proposals:list")):
            return redirect("proposals:edit", made[0]) if made else response
    page = {
        "heading": _("Enter a paper proposal"),
        "button": _("Begin"),
        "form": form,
        "url": reverse("proposals:list"),
        "about": _("All proposals"),
        "explain": _("It belongs to those who file it; the page says that you entered it."),
    }
    return render(request, "act.html", page, status=422 if request.method == "POST" else 200)
