"""Pages of the review beyond filing: first review, refer, merge, marks, and the meeting that ends a case."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from office.pages import perform
from organizations.posts import OfficeRequest
from proposals import act_forms, policies, services
from proposals.act_pages import act_page, asked, sent, show_or_do
from proposals.similar import similar_to
from proposals.views import carried


@show_or_do
def examine(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note the first review."""
    explain = _("The opinion is kept. The decision itself is taken on the case page.")
    done = _("The first review was noted.")
    form, service = act_forms.ExamineForm, services.proposal_examine
    return act_page(request, pk, "examine", form, service, done, explain)


@show_or_do
def refer(request: OfficeRequest, pk: int) -> HttpResponse:
    """Refer a proposal instead of filing it."""
    explain = _("It gets no number and no formal answer. The writers are told where it went.")
    done = _("It was referred. The writers can read where to.")
    return act_page(request, pk, "refer", act_forms.ReferForm, services.proposal_refer, done, explain)


@show_or_do
def merge(request: OfficeRequest, pk: int) -> HttpResponse:
    """Merge a filed proposal into another; those with a like title are shown first."""
    proposal = policies.get_or_404(request.post, pk, "merge")
    return act_page(
        request,
        pk,
        "merge",
        act_forms.MergeForm,
        services.proposal_merge,
        _("It was merged. Its proposers get a letter of their own."),
        _("Both are answered once, through the lead proposal. It can be undone until a bureau has it."),
        before="proposals/similar.html",
        similar=similar_to(request.post, proposal.title, exclude=proposal.pk),
    )


@require_POST
def unmerge(request: OfficeRequest, pk: int) -> HttpResponse:
    """Undo a merger."""
    proposal = policies.get_or_404(request.post, pk, "unmerge")
    return perform(
        request,
        lambda: services.proposal_unmerge(proposal_id=pk, post=request.post, **carried(request)),
        done=_("The merger was undone: the proposal is handled on its own again."),
        back=proposal.get_absolute_url(),
    )


@show_or_do
def mark(request: OfficeRequest, pk: int) -> HttpResponse:
    """Set the marks beside the state."""
    proposal = policies.get_or_404(request.post, pk, "mark")
    form = act_forms.MarkForm(sent(request), proposal=proposal)
    return asked(
        request,
        form,
        lambda values: services.proposal_mark(proposal_id=pk, post=request.post, **values),
        label=_("Set marks"),
        about=proposal,
        done=_("The marks were set."),
        explain=_("A key proposal is supervised by a leader and signed by the head of the bureau."),
    )


@show_or_do
def settle(request: OfficeRequest, pk: int) -> HttpResponse:
    """Record the meeting after two replies that did not satisfy, and close the case."""
    explain = _("Two replies did not satisfy. The meeting is recorded and the case is closed.")
    done = _("The meeting was recorded, and the case is closed.")
    return act_page(request, pk, "settle", act_forms.SettleForm, services.proposal_settle, done, explain)
