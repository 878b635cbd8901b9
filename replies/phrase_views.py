"""Phrases: the page where a bureau keeps its own, and what the drafting desk does with a passage."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from office.acts import new_key
from office.pages import perform, perform_form
from organizations import policies as organization_policies
from organizations import services as organization_services
from organizations.forms import PhraseForm, posted_key
from organizations.models import Phrase
from organizations.posts import OfficeRequest
from replies import earlier, phrase_selectors, phrase_services, policies
from replies.forms import SeenForm
from replies.models import Reply
from replies.phrase_forms import KeepForm


def phrases(request: OfficeRequest) -> HttpResponse:
    """The bureau's own phrases, with the way to change them."""
    organization_policies.require(organization_policies.may_keep_phrases(request.post))
    context = {"groups": phrase_selectors.kept_by(request.post), "key": new_key()}
    return render(request, "replies/phrases.html", context)


@require_http_methods(["GET", "POST"])
def phrase_new(request: OfficeRequest) -> HttpResponse:
    """The form for one more phrase of the bureau."""
    organization_policies.require(organization_policies.may_keep_phrases(request.post))
    return _form_page(request, Phrase(bureau=request.post.bureau), _("Add a phrase"))


@require_http_methods(["GET", "POST"])
def phrase_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    """The form for one phrase of the bureau."""
    phrase = _phrase(request, pk)
    return _form_page(request, phrase, str(phrase))


def _phrase(request: OfficeRequest, pk: int) -> Phrase:
    """The door: only the bureau's own clerks and checkers; another bureau's phrase is not found."""
    organization_policies.require(organization_policies.may_keep_phrases(request.post))
    return organization_policies.setting_or_404(request.post, Phrase, pk)


def _form_page(request: OfficeRequest, phrase: Phrase, title: str) -> HttpResponse:
    sent = request.POST if request.method == "POST" else kept.take_back(request)
    form = PhraseForm(sent, instance=phrase, assembly=request.post.assembly)
    if request.method == "POST" and (answer := _kept(request, form, reverse("replies:phrases"))):
        return answer
    context = {"form": form, "title": title, "phrase": phrase}
    return render(request, "replies/phrase_form.html", context, status=422 if request.POST else 200)


def _kept(request: OfficeRequest, form: PhraseForm, back: str) -> HttpResponse | None:
    return perform_form(
        form,
        request,
        lambda data: organization_services.setting_save(
            post=request.post, setting=form.instance, key=data["key"]
        ),
        done=lambda _saved: _("Kept as a phrase: %(what)s.") % {"what": form.instance},
        back=back,
    )


@require_POST
def phrase_remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a phrase out; letters that it went into stay as they are."""
    phrase = _phrase(request, pk)
    return perform(
        request,
        lambda: organization_services.setting_remove(
            post=request.post, setting=phrase, key=posted_key(request)
        ),
        done=_("Removed: %(what)s.") % {"what": phrase},
        back=reverse("replies:phrases"),
    )


# ---- what the desk shows, and what it does after it has saved what was typed


def panel(request: OfficeRequest, reply: Reply, keep: KeepForm | None) -> dict[str, Any]:
    """Return what the desk shows beside the text: phrases, earlier letters, the form that keeps one more phrase."""
    return phrase_selectors.panel_of(reply) | {
        "earlier_letters": earlier.similar_letters(request.post, reply),
        "keep_form": keep or KeepForm(post=request.post),
    }


def keep_marked(request: OfficeRequest, reply: Reply) -> HttpResponse | KeepForm:
    """Keep the marked text as a phrase of the bureau; a form with faults comes back for the desk to show."""
    organization_policies.require(organization_policies.may_keep_phrases(request.post))
    form = KeepForm(request.POST, post=request.post)
    return _kept(request, form, _desk_of(reply)) or form


def put(request: OfficeRequest, reply: Reply, passage: str) -> HttpResponse:
    """Put a passage into the draft; a whole letter asks first where an answer is written already."""
    found = phrase_services.passage_or_404(request.post, reply, passage)
    if found.replaces_answer:
        return redirect("replies:phrase_letter", reply.pk, found.pk)
    return _put(request, reply, found, reply.lock_version)


def _put(
    request: OfficeRequest, reply: Reply, found: phrase_services.Passage, seen: int, key: str = ""
) -> HttpResponse:
    return perform(
        request,
        lambda: phrase_services.passage_put(
            reply_id=reply.pk, post=request.post, passage=found, version_seen=seen, key=key
        ),
        done=_("It stands in the text now. What stood there before is in the history."),
        back=_desk_of(reply),
    )


def _desk_of(reply: Reply) -> str:
    return reverse("replies:draft", args=[reply.pk])


@require_http_methods(["GET", "POST"])
def phrase_letter(request: OfficeRequest, pk: int, phrase_pk: int) -> HttpResponse:
    """Ask before a whole letter takes the place of an answer, then do it."""
    reply = policies.get_or_404(request.post, pk, "edit")
    found = phrase_services.passage_or_404(request.post, reply, f"phrase:{phrase_pk}")
    form = SeenForm(request.POST or None, initial={"version_seen": reply.lock_version})
    if request.method == "POST" and form.is_valid():
        return _put(request, reply, found, form.cleaned_data["version_seen"], form.cleaned_data["key"])
    context: dict[str, Any] = {
        "heading": _("Take the whole letter “%(title)s”") % {"title": found.title},
        "about": _("Back to the draft"),
        "url": _desk_of(reply),
        "form": form,
        "button": _("Put it in place of my answer"),
        "explain": _("It takes the place of the answer that stands there now, which stays in the history."),
    }
    return render(request, "act.html", context, status=422 if request.POST else 200)
