"""The pages between a person and a signature: set up a second factor first; prove that it is you.

What was sent is carried along in the page, so that nothing is lost and nothing is done without one more press.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.factor_forms import ProofForm
from accounts.factor_views import SESSION_KEY as AFTER_FACTOR
from accounts.second_factor import factors_of, proven_by
from office.workflow import Step
from organizations import signing
from organizations.posts import OfficeRequest

NOT_CARRIED = ("csrfmiddlewaretoken", "proof", "written_by")


def asked(
    request: OfficeRequest, *, label: str | Promise, about: str, back: str, explain: str | Promise = ""
) -> HttpResponse | None:
    """Return the page that has to come before this signature; None: it may be given now.

    `label`: the act, as its button says it; `about`: the case; `back`: the page to decide on;
    `explain`: what cannot be undone.
    """
    context = {"heading": label, "button": label, "about": about, "url": back, "explain": explain}
    if signing.lacks_factor(request.post):
        return render(request, "organizations/factor_first.html", context, status=_refused(request))
    if request.method != "POST" or proven_by(request):
        return None
    return _proof(request, context)


def asked_before(
    request: OfficeRequest, step: Step, names: tuple[str, ...], *, about: str, back: str
) -> HttpResponse | None:
    """Return what has to come before this step of a table where it is one that signs (`names`); see `asked`."""
    if step.name not in names:
        return None
    return asked(request, label=step.label, about=about, back=back, explain=step.confirm)


def proof_for(request: OfficeRequest, name: str, names: tuple[str, ...]) -> dict[str, str]:
    """Return what the service of a step is told of how the person proved to be there; only one that signs takes it."""
    return {"proof": proven_by(request)} if name in names else {}


def _refused(request: OfficeRequest) -> int:
    return 422 if request.method == "POST" else 200


def _proof(request: OfficeRequest, context: dict[str, Any]) -> HttpResponse | None:
    """Ask for the proof; None when it was sent with this very request and is right."""
    carried = [name for name in request.POST if name not in NOT_CARRIED]
    sent = "proof" in request.POST
    initial = {name: request.POST.getlist(name) for name in carried}
    form = ProofForm(request.POST if sent else None, user=request.user, carried=carried, initial=initial)
    if sent and form.is_valid():
        request.session.pop(AFTER_FACTOR, None)
        return None
    context |= {"form": form, "has_passkey": "webauthn" in factors_of(request.user)}
    return render(request, "organizations/proof.html", context, status=422 if sent else 200)


def prepare(request: OfficeRequest, acts: list[dict[str, Any]], names: tuple[str, ...]) -> None:
    """Say beside those of the acts that sign what they need; see `comes_first`."""
    for act in acts:
        if act.get("name") in names:
            act |= comes_first(request, act["confirm"])


def comes_first(request: OfficeRequest, confirm: str | Promise) -> dict[str, str | Promise]:
    """Return the hint beside an act that signs, and the question asked before it.

    Where a page comes in between (see `asked`), that page takes the place of the question.
    """
    if signing.lacks_factor(request.post):
        return {"confirm": "", "hint": _("Needs a second factor, which you set up first.")}
    trial = signing.is_relaxed(request.post)
    return {
        "confirm": confirm if proven_by(request) else "",
        "hint": _("Trial: no second factor is needed to sign or issue.") if trial else "",
    }
