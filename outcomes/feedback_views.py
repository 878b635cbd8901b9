"""Pages of the questionnaire: ask, answer on the own desk or by a one-time link, enter from paper, read."""

import functools
from typing import Any

from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_scopes import scope

from accounts import kept
from office import printing
from office.acts import AlreadyDone, new_key
from office.pages import perform, perform_form
from office.workflow import Refused
from organizations.posts import OfficeRequest
from outcomes import papers, policies, selectors, services
from outcomes.act_pages import asked, show_or_do
from outcomes.forms import AnswerForm, RelinkForm
from outcomes.models import Feedback

Came = Feedback.Came
LINK_RATE = {"link": "30/m/ip"}  # against guessing


@show_or_do
def to_ask(request: OfficeRequest) -> HttpResponse:
    """Show the answered cases whose proposers have not been asked; ask those of the chosen ones."""
    policies.require(policies.may_ask(request.post))
    letters = list(selectors.to_ask(request.post))
    if request.method != "POST":
        context = {"letters": letters, "key": new_key()}
        return render(request, "outcomes/to_ask.html", context)
    chosen = [letter for letter in letters if str(letter.pk) in request.POST.getlist("letter")]

    key = request.POST.get("key", "")[:40]
    ask_all = functools.partial(services.feedback_ask_many, letters=chosen, post=request.post, key=key)
    return perform(request, ask_all, done=_asked_words, back=reverse("outcomes:to_ask"))


def _asked_words(asked: list[Feedback]) -> str:
    count = len(asked)
    told = ngettext("%(n)d questionnaire is out.", "%(n)d questionnaires are out.", count)
    return told % {"n": count}


@show_or_do
def answer(request: OfficeRequest, pk: int) -> HttpResponse:
    """Judge a reply on the proposer's own desk."""
    feedback = policies.own_feedback_or_404(request.post, pk)
    if not feedback.is_open:
        return redirect("outcomes:read", pk)
    return _filled_in(request, feedback, Came.DESK)


@show_or_do
def paper(request: OfficeRequest, pk: int) -> HttpResponse:
    """Enter what came back on paper, with its scan."""
    feedback = policies.feedback_or_404(request.post, pk)
    policies.require(policies.may_ask(request.post))
    if feedback.state != Feedback.State.ASKED:
        return redirect("outcomes:read", pk)
    return _filled_in(request, feedback, Came.PAPER)


def _filled_in(request: OfficeRequest, feedback: Feedback, came: str) -> HttpResponse:
    posted = request.method == "POST"
    sent = request.POST if posted else kept.take_back(request)
    is_paper = came == Came.PAPER
    form = AnswerForm(sent, request.FILES or None, feedback=feedback, paper=is_paper)

    def give(_values: dict[str, Any]) -> None:
        services.feedback_give(feedback=feedback, post=request.post, came=came, **form.facts())

    back = feedback.case.get_absolute_url()
    done = _("Thank you: your judgement is in.") if not is_paper else _("The paper form was entered.")
    if posted and (response := perform_form(form, request, give, done=done, back=back)):
        return response
    context = {"feedback": feedback, "form": form, "is_paper": is_paper, "url": back}
    return render(request, "outcomes/answer.html", context, status=422 if posted else 200)


@login_not_required
@show_or_do
@printing.unkept
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Judge a reply by the one-time link, without an account; the page shows nothing but the questions."""
    if not consume(request, app="outcomes", action="link", config=LINK_RATE, limit_get=True):
        return render(request, "429.html", status=429)
    feedback = policies.by_link_or_404(token)
    with scope(assembly=feedback.assembly):
        if feedback.is_withdrawn or not feedback.is_open:
            return render(request, "outcomes/link_over.html", {"feedback": feedback}, status=410)
        form = AnswerForm(request.POST or None, feedback=feedback)
        if request.method == "POST" and form.is_valid():
            try:
                services.feedback_give(feedback=feedback, post=None, came=Came.LINK, **form.facts())
            except (Refused, AlreadyDone) as refusal:
                form.add_error(None, str(refusal))
            else:
                return render(request, "outcomes/link_thanks.html", {"feedback": feedback})
        status = 422 if request.method == "POST" else 200
        context = {"feedback": feedback, "form": form}
        return render(request, "outcomes/link.html", context, status=status)


@require_safe
def read(request: OfficeRequest, pk: int) -> HttpResponse:
    """Show a judgement that is in, with every answer; to those who ask, the link while it is open."""
    feedback = policies.feedback_or_404(request.post, pk)
    answers = [(one["text"], feedback.answers.get(str(one["id"]), "")) for one in feedback.questions]
    context = {"feedback": feedback, "answers": answers, "link": ""}
    if policies.may_ask(request.post) and feedback.is_open:
        context["link"] = printing.absolute(reverse("outcomes:by_link", args=[feedback.token]))
    return render(request, "outcomes/read.html", context)


@show_or_do
def relink(request: OfficeRequest, pk: int) -> HttpResponse:
    """Withdraw the one-time link and make a new one."""
    feedback = policies.feedback_or_404(request.post, pk)
    policies.require(policies.may_ask(request.post))
    act = functools.partial(services.feedback_relink, feedback=feedback)
    page = {
        "heading": _("Withdraw the link"),
        "button": _("Withdraw it and make a new one"),
        "kind": "danger",
    }
    page |= {"about": f"{feedback.copy.name} · {feedback.letter}"}
    page |= {"confirm": _("Withdraw the link of %(name)s?") % {"name": feedback.copy.name}}
    page |= {
        "explain": _(
            "For a link that was lost or sent to the wrong person. Forms printed before stop working."
        )
    }
    done = _("The old link no longer works. Print the form again, or send the new link.")
    form, back = RelinkForm(request.POST or None), reverse("outcomes:read", args=[pk])
    return asked(request, form, act, done=done, back=back, **page)


@require_safe
@printing.unkept
def scan(request: OfficeRequest, pk: int) -> FileResponse:
    """Send the scan of a paper form, to be saved and not opened."""
    feedback = policies.feedback_or_404(request.post, pk)
    policies.require(policies.may_ask(request.post))
    if not feedback.scan:
        raise Http404
    response = FileResponse(feedback.scan.open("rb"), as_attachment=True)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@printing.unkept
def form_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    """Return the questionnaire to print, with the one-time link as QR while it is open."""
    feedback = policies.feedback_or_404(request.post, pk)
    if not policies.may_print(request.post):
        raise PermissionDenied
    return printing.sheet("questionnaire", papers.questionnaire(feedback))
