"""What a bureau does with its part, and what is decided about it: a page for each act, and the table of dates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from office.acts import AlreadyDone, new_key
from office.calendar import Days, day_in_words, explain
from office.pages import Done, perform
from office.workflow import Refused
from organizations.models import Post
from organizations.posts import OfficeRequest
from proposals import (
    dates_selectors,
    deadlines,
    dispatch_selectors,
    handling_forms,
    papers,
    policies,
    services,
)
from proposals.act_pages import asked, sent, show_or_do
from proposals.dates_selectors import DateRow
from proposals.handling_forms import PartForm
from proposals.models import Assignment, Decline, Extension
from proposals.views import carried
from proposals.workflow import ASSIGNMENT

PAGE_LENGTH = 100
Act = Callable[[dict[str, Any]], Any]


# ---- declining


def _step_page(
    request: OfficeRequest,
    assignment: Assignment,
    name: str,
    form: PartForm,
    act: Act,
    done: Done,
    explain: str,
    **context: Any,
) -> HttpResponse:
    """The page of a step of the table; one that cannot be taken now leads back to the case."""
    step = ASSIGNMENT[name]
    if request.method != "POST" and assignment.state not in step.source:
        state = str(assignment.get_state_display())
        messages.info(request, _("This cannot be done now: it stands at “%(state)s”.") % {"state": state})
        return redirect(assignment.proposal.get_absolute_url())
    facts = {"label": step.label, "kind": step.kind, "about": assignment.proposal, "done": done}
    return asked(request, form, act, explain=explain, **facts, **context)


@show_or_do
def assignment_decline(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask not to handle a proposal."""
    assignment = policies.assignment_or_404(request.post, pk, "decline")
    form = handling_forms.DeclineForm(sent(request), assignment=assignment)

    def act(values: dict[str, Any]) -> Any:
        suggested = values.pop("bureau")
        return services.assignment_decline(assignment_id=pk, post=request.post, suggested=suggested, **values)

    done = _("The request is with those who assigned it. Your date stands still until it is decided.")
    explain = _("A second person decides: another bureau, one bureau more, or it stays with yours.")
    context = {"before": "proposals/decline_days.html", **dispatch_selectors.decline_days(assignment)}
    return _step_page(request, assignment, "decline", form, act, done, explain, **context)


@require_POST
def assignment_keep(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take the request back and handle the proposal after all."""
    assignment = policies.assignment_or_404(request.post, pk, "keep")
    return perform(
        request,
        lambda: services.assignment_keep(assignment_id=pk, post=request.post, key=carried(request)["key"]),
        done=_("Your bureau handles it. It counts as signed in; the date was counted anew."),
        back=assignment.proposal.get_absolute_url(),
    )


def _decide(
    request: OfficeRequest, pk: int, name: str, form_class: type[PartForm], done: Done, explain: str
) -> HttpResponse:
    """Decide on a request, with its reason and the suggested bureau in sight."""
    assignment = policies.assignment_or_404(request.post, pk, name)
    form = form_class(sent(request), assignment=assignment)
    return _step_page(
        request,
        assignment,
        name,
        form,
        lambda values: services.decline_decide(assignment_id=pk, post=request.post, decision=name, **values),
        done,
        explain,
        before="proposals/decline_asked.html",
        asked=_open_decline(assignment),
        bureau=assignment.bureau,
    )


def _open_decline(assignment: Assignment) -> Decline | None:
    related = ("suggested", "asked_by__user", "asked_by__bureau")
    return assignment.declines.select_related(*related).filter(decision="").first()


@show_or_do
def assignment_reassign(request: OfficeRequest, pk: int) -> HttpResponse:
    """Agree with the bureau and give the case to another."""
    explain = _("The other bureau gets its own date from today. The bureau that declined is free of it.")
    form = handling_forms.OtherBureauForm
    return _decide(request, pk, "reassign", form, _decided_for, explain)


@show_or_do
def assignment_join(request: OfficeRequest, pk: int) -> HttpResponse:
    """Leave the case with the bureau and add another as co-handler."""
    explain = _("It stays with the bureau, which signs it in again; the other one gives its opinion.")
    return _decide(request, pk, "join", handling_forms.OtherBureauForm, _decided_for, explain)


@show_or_do
def assignment_insist(request: OfficeRequest, pk: int) -> HttpResponse:
    """Refuse the request with a reason."""
    explain = _("It stays with the bureau. The days of the request do not count towards its date.")
    done = _("The request was refused. The bureau can read the reason.")
    return _decide(request, pk, "insist", handling_forms.InsistForm, done, explain)


def _decided_for(following: Assignment) -> str:
    facts = {"bureau": following.bureau, "day": day_in_words(following.due_on)}
    return _("Decided: %(bureau)s has it now, due on %(day)s.") % facts


# ---- inside the bureau


@show_or_do
def assignment_hand_over(request: OfficeRequest, pk: int) -> HttpResponse:
    """Hand the case to another clerk of the bureau."""
    assignment = policies.assignment_or_404(request.post, pk, "hand_over")
    form = handling_forms.HandOverForm(sent(request), assignment=assignment)
    return asked(
        request,
        form,
        lambda values: services.assignment_hand_over(assignment_id=pk, post=request.post, **values),
        label=_("Hand it to another clerk"),
        about=assignment.proposal,
        done=lambda row: _("%(clerk)s has the case now.") % {"clerk": row.clerk.user.name},
        explain=_("Only clerks of your own bureau can take it."),
    )


@show_or_do
def contact_add(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note a contact with the proposers; there may be several."""
    assignment = policies.assignment_or_404(request.post, pk, "note_contact")
    return asked(
        request,
        handling_forms.ContactForm(sent(request), assignment=assignment),
        lambda values: services.contact_add(assignment_id=pk, post=request.post, **values),
        label=_("Note a contact"),
        about=assignment.proposal,
        done=_("The contact was noted."),
        explain=_("It stays in the history, and the proposers can read it."),
    )


@show_or_do
def contact_none(request: OfficeRequest, pk: int) -> HttpResponse:
    """Note why there was no contact."""
    assignment = policies.assignment_or_404(request.post, pk, "note_contact")
    return asked(
        request,
        handling_forms.NoContactForm(sent(request), assignment=assignment),
        lambda values: services.contact_none(assignment_id=pk, post=request.post, **values),
        label=_("Note why there was no contact"),
        about=assignment.proposal,
        done=_("The reason was noted."),
        explain=_("It stands beside the reply when the reply is checked."),
    )


# ---- more time


@show_or_do
def extension_ask(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask for more time; the page shows the date as it is and as it would become."""
    assignment = policies.assignment_or_404(request.post, pk, "ask_extension")
    try:
        services.extension_until(assignment)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(assignment.proposal.get_absolute_url())
    return asked(
        request,
        handling_forms.ExtensionForm(sent(request), assignment=assignment),
        lambda values: services.extension_ask(assignment_id=pk, post=request.post, **values),
        label=_("Ask for more time"),
        about=assignment.proposal,
        done=_("More time was asked for. Until it is decided, the present date holds."),
        explain=_("The rule says how much time there is. A second person decides."),
        before="proposals/extension_days.html",
        **_extension_days(assignment),
    )


def _extension_days(assignment: Assignment) -> dict[str, Any]:
    """The date as it is and as it would become, each with how it was counted."""
    days = Days.of(assignment.assembly_id)
    then = deadlines.due_of(assignment, days, extended=assignment.extended + 1)
    dates = {"now": (assignment.due_on, assignment.due_how), "then": (then.date, then.how)}
    return {name: {"day": day, "lines": explain(how), "how": how} for name, (day, how) in dates.items()}


@show_or_do
def extension_decide(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give more time or refuse it, with the bureau's reason in sight."""
    extension = papers.row_or_404(Extension, request.post, pk)
    assignment = policies.assignment_or_404(request.post, extension.assignment_id, "decide_extension")
    return asked(
        request,
        handling_forms.ExtensionDecisionForm(sent(request), assignment=assignment),
        lambda values: services.extension_decide(extension_id=pk, post=request.post, **values),
        label=_("Decide on more time"),
        about=assignment.proposal,
        done=lambda row: _("More time was given.") if row.is_granted else _("The request was refused."),
        explain=_("The bureau reads the decision and its reason."),
        before="proposals/extension_days.html",
        extension=extension,
        bureau=assignment.bureau,
        **_extension_days(assignment),
    )


# ---- dates and chasing


@show_or_do
def chase(request: OfficeRequest, pk: int) -> HttpResponse:
    """Urge one bureau: what it will read is in the field, and can be changed before it goes."""
    assignment = policies.assignment_or_404(request.post, pk, "chase")
    form = handling_forms.ChaseForm(sent(request), assignment=assignment)
    draft = dates_selectors.filled_in(dates_selectors.chase_draft(), assignment)
    form.fields["text"].initial = draft
    return asked(
        request,
        form,
        lambda values: services.chase_send(assignment_id=pk, post=request.post, **values),
        label=_("Urge the bureau"),
        about=assignment.proposal,
        done=_("%(bureau)s was urged to answer.") % {"bureau": assignment.bureau},
        explain=_("It is logged and counted; the bureau finds it on its desk."),
        more="proposals/chases_before.html",
        chases=list(assignment.chases.select_related("post__user")),
        bureau=assignment.bureau,
    )


@require_GET
def dates(request: OfficeRequest) -> HttpResponse:
    """Show what bureaus still owe, nearest date first; from here several can be urged."""
    if not policies.may_watch_dates(request.post):
        raise PermissionDenied
    urgency, bureau = request.GET.get("urgency", ""), request.GET.get("bureau", "")
    rows = dates_selectors.dates_of(request.post, urgency=urgency, bureau=bureau)
    context = {
        "page": Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page")),
        "urgency": urgency,
        "bureau": bureau,
        "bureaus": dates_selectors.bureaus_in(request.post),
        "filters": [("", _("All")), ("late", _("Late")), ("soon", _("Due soon"))],
        "may_chase": any(row.may_chase for row in rows),
    }
    return render(request, "proposals/dates.html", context)


@dataclass
class Letter:
    """What one of several bureaus will read, and what became of it."""

    row: DateRow
    text: str
    key: str = field(default_factory=new_key)
    refused: str = ""


@show_or_do
def chase_many(request: OfficeRequest) -> HttpResponse:
    """Urge several bureaus: the words with marks, what each will read, then a result for each."""
    if not policies.may_give_assignments(request.post):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else request.GET
    text = data.get("text", "").replace("\r\n", "\n").replace("\0", "") or dates_selectors.chase_draft()
    rows = dates_selectors.chosen_of(request.post, data.getlist("chosen"))
    letters = [Letter(row, dates_selectors.filled_in(text, row.assignment)) for row in rows]
    if request.method == "POST" and data.get("do") == "send":
        went = _send(request.post, letters, data)
        letters = [letter for letter in letters if letter.refused]
        _tell_sent(request, went)
        if not letters:
            return redirect("proposals:dates")
    refused = any(letter.refused for letter in letters)
    context = {"letters": letters, "text": text, "refused": refused}
    return render(request, "proposals/chase_many.html", context, status=422 if refused else 200)


def _send(post: Post, letters: list[Letter], data: Any) -> int:
    """Send each letter in its own transaction; a refused one keeps no other back."""
    went = 0
    for letter in letters:
        pk = letter.row.assignment.pk
        key = data.get(f"key-{pk}", "")[:40]
        try:
            services.chase_send(assignment_id=pk, post=post, text=letter.text, key=key)
            went += 1
        except AlreadyDone:
            letter.refused = _("This was done already; nothing was changed.")
        except Refused as refusal:
            letter.refused = str(refusal)
    return went


def _tell_sent(request: OfficeRequest, went: int) -> None:
    if went:
        told = ngettext("%(n)d bureau was urged.", "%(n)d times a bureau was urged.", went)
        messages.success(request, told % {"n": went})
