"""Pages of a batch: choose and begin, how far it is, stop and go on, what goes into the post."""

import datetime as dt
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.second_factor import proven_by
from issuing import papers, policies, selectors, services, worker
from issuing.models import Batch
from office import clock, printing
from office.pages import ActForm, perform, perform_form
from organizations import proof_views
from organizations.posts import OfficeRequest
from replies.forms import DATE_FORMATS
from replies.models import Reply

CONFIRM = gettext_lazy(
    "Each letter gets its number. Neither the numbers nor the letters can be changed afterwards."
)


class BeginForm(ActForm):
    """Which replies are issued, and the date that their letters bear."""

    dated = forms.DateField(
        label=gettext_lazy("Date of the letters"),
        help_text=gettext_lazy("A letter that was signed later bears the day of its signature."),
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control w-auto"}),
    )
    reply: Any = forms.ModelMultipleChoiceField(
        None, error_messages={"required": gettext_lazy("Choose at least one reply.")}
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply"].queryset = choices  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """Return what the service takes, of a valid form: the replies in the order of the page."""
        data = self.cleaned_data
        return {"replies": list(data["reply"]), "dated": data["dated"], "key": data["key"]}


@require_http_methods(["GET", "POST"])
def begin(request: OfficeRequest) -> HttpResponse:
    """Show the signed replies that can be issued; begin to issue the chosen ones."""
    policies.require_issuer(request.post)
    if asked := proof_views.asked(
        request, label=_("Issue the chosen"), about="", back=request.path, explain=CONFIRM
    ):
        return asked
    found = policies.issuable(request.post)
    posted = request.method == "POST"
    form = BeginForm(request.POST if posted else None, choices=found, initial={"dated": clock.today()})
    made: list[Batch] = []

    def begin_it(_values: dict[str, Any]) -> Batch:
        made.append(services.batch_begin(post=request.post, proof=proven_by(request), **form.facts()))
        return made[0]

    done, back = _("The letters are being issued. You may leave this page."), reverse("issuing:begin")
    if posted and (response := perform_form(form, request, begin_it, done=done, back=back)):
        response["Location"] = made[0].get_absolute_url() if made else back
        return response
    batches = policies.visible_to(request.post).select_related("post__user")[:20]
    context = {"form": form, "found": _rows(found, form), "batches": batches, "confirm": CONFIRM}
    return render(request, "issuing/begin.html", context, status=422 if posted else 200)


def _rows(found: Any, form: BeginForm) -> list[tuple[Reply, bool]]:
    chosen = set(form.data.getlist("reply")) if form.is_bound else None  # type: ignore[attr-defined]
    return [(reply, chosen is None or str(reply.pk) in chosen) for reply in found]


@require_safe
def batch(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show how far a batch is, letter by letter, and what can be printed of it."""
    row = policies.batch_or_404(request.post, pk)
    return render(request, "issuing/batch.html", _shown(request, row) | {"items": selectors.items_of(row)})


@require_safe
def progress(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the bar alone, for the page that asks again every second; a batch without a worker gets one."""
    row = policies.batch_or_404(request.post, pk)
    response = render(request, "issuing/progress.html", _shown(request, row))
    if not row.is_running:
        response["HX-Refresh"] = "true"
    return response


def _shown(request: OfficeRequest, row: Batch) -> dict[str, Any]:
    if row.is_idle:
        worker.start(row.pk, row.assembly_id)
    key = {"form": ActForm(), "may_act": policies.may_issue(request.post)}
    return {"batch": row, "progress": selectors.progress_of(row)} | key


def _key(request: OfficeRequest) -> str:
    form = ActForm(request.POST)
    return str(form.cleaned_data.get("key", "")) if form.is_valid() else ""


@require_POST
def stop(request: OfficeRequest, pk: int) -> HttpResponse:
    """Stop a batch after the letter that is being issued."""
    row = policies.batch_or_404(request.post, pk, to_change=True)
    return perform(
        request,
        lambda: services.batch_stop(batch=row, post=request.post, key=_key(request)),
        done=_("Stopped. What is issued stays issued; you can go on with the rest."),
        back=row.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
def go_on(request: OfficeRequest, pk: int) -> HttpResponse:
    """Go on with a batch that was stopped."""
    row = policies.batch_or_404(request.post, pk, to_change=True)
    back = row.get_absolute_url()
    if asked := proof_views.asked(request, label=_("Go on"), about=str(row), back=back, explain=CONFIRM):
        return asked
    if request.method != "POST":
        return perform(request, lambda: None, done=_("Press “Go on” to issue the rest."), back=back)
    return perform(
        request,
        lambda: services.batch_go_on(
            batch=row, post=request.post, proof=proven_by(request), key=_key(request)
        ),
        done=_("The rest is being issued."),
        back=back,
    )


PAPERS = {
    "letters": (lambda row, copies: papers.print_pdf(copies), "application/pdf", "答复函（双面打印）.pdf"),
    "files": (lambda row, copies: papers.archive_zip(copies), "application/zip", "答复函.zip"),
    "envelopes": (papers.envelopes_pdf, "application/pdf", "信封.pdf"),
    "deliveries": (papers.deliveries_pdf, "application/pdf", "送达清单.pdf"),
}


@require_safe
@printing.unkept
def paper(request: OfficeRequest, pk: int, what: str) -> HttpResponse:
    """Return what goes into the post: all letters as one PDF or as files, the envelopes, the list of deliveries."""
    row = policies.batch_or_404(request.post, pk)
    copies = selectors.copies_of(row)
    if what not in PAPERS or not copies:
        raise Http404
    make, kind, name = PAPERS[what]
    day: dt.date = row.dated
    disposition = content_disposition_header(what == "files", f"{day:%Y%m%d}-{name}") or "inline"
    return HttpResponse(make(row, copies), content_type=kind, headers={"Content-Disposition": disposition})
