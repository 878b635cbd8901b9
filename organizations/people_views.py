"""The pages about people and posts, for the security administrator. A password is shown once and not kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import kept
from accounts.models import User
from accounts.second_factor import has_second_factor
from office import clock
from office.acts import AlreadyDone, new_key
from office.pages import perform, perform_form
from office.workflow import Refused
from organizations import policies, selectors, services
from organizations.forms import NamedPostForm, NewPersonForm, PeopleForm, PostForm, posted_key
from organizations.models import Post
from organizations.posts import OfficeRequest

PEOPLE_PAGE = 50


def _require(request: OfficeRequest) -> Post:
    """The door of every page here: return the security administrator's post."""
    policies.require(policies.may_change_people(request.post))
    return request.post


def _person_url(user: User) -> str:
    return reverse("organizations:person", args=[user.pk])


def people(request: OfficeRequest) -> HttpResponse:
    """Who holds or held a post in this assembly."""
    post = _require(request)
    form = PeopleForm(request.GET)
    who = form.cleaned_data["who"] if form.is_valid() else ""
    page = Paginator(selectors.people(post, who), PEOPLE_PAGE).get_page(request.GET.get("page"))
    return render(request, "organizations/people.html", {"page": page, "form": form, "today": clock.today()})


def person(request: OfficeRequest, pk: int) -> HttpResponse:
    """One person: the account, the posts held here, what may be done."""
    post = _require(request)
    user = policies.person_or_404(post, pk)
    posts = selectors.posts_here(post, user)
    context = {
        "person": user,
        "posts": [(held, policies.may_be_ended(held)) for held in posts],
        "is_own": user.pk == request.user.pk,
        "has_factor": has_second_factor(user),
        "serves_elsewhere": policies.serves_elsewhere(user, post.assembly),
        "key": new_key(),
    }
    return render(request, "organizations/person.html", context)


@never_cache
def person_open(request: OfficeRequest) -> HttpResponse:
    """Open an account with its first post; its password is on the page that follows, once."""
    post = _require(request)
    sent = request.POST if request.method == "POST" else kept.take_back(request)
    form = NewPersonForm(sent, assembly=post.assembly)
    if request.method == "POST" and form.is_valid():
        data, password = form.cleaned_data, services.new_password()
        facts = {"username": data["username"], "name": data["name"], "first_post": form.made}
        try:
            user = services.person_open(by=post, password=password, key=data["key"], **facts)
        except AlreadyDone:
            return _done_before(request, reverse("organizations:people"))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _password_page(request, user, password)
    return _post_page(request, form, _("Open an account"), reverse("organizations:people"))


def _done_before(request: OfficeRequest, back: str) -> HttpResponse:
    messages.info(
        request, _("This was done already. A password is shown once: if it is lost, set a new one.")
    )
    return redirect(back)


def _password_page(request: OfficeRequest, user: User, password: str) -> HttpResponse:
    """The one page that shows a password: it is stored nowhere, and a reload does not bring it back."""
    return render(request, "organizations/password.html", {"person": user, "password": password})


def _post_page(request: OfficeRequest, form: PostForm, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back}
    return render(request, "organizations/post_form.html", context, status=422 if request.POST else 200)


def post_give(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give a further post to a person who has or had one here."""
    post = _require(request)
    user = policies.person_or_404(post, pk)
    title = _("A post for %(person)s") % {"person": user.name}
    form, answer = _give(request, PostForm, lambda data: user, _person_url(user))
    return answer or _post_page(request, form, title, _person_url(user))


def post_give_named(request: OfficeRequest) -> HttpResponse:
    """Give a post to somebody known by the exact user name, who may come from another assembly."""
    _require(request)
    people = reverse("organizations:people")
    form, answer = _give(request, NamedPostForm, lambda data: data["username"], people)
    return answer or _post_page(request, form, _("A post for an account that exists"), people)


def _give(
    request: OfficeRequest, shape: type[PostForm], whom: Callable[[dict[str, Any]], User], back: str
) -> tuple[PostForm, HttpResponse | None]:
    sent = request.POST if request.method == "POST" else kept.take_back(request)
    form = shape(sent, assembly=request.post.assembly)

    def give(data: dict[str, Any]) -> Post:
        form.made.user = whom(data)
        return services.post_give(by=request.post, post=form.made, key=data["key"])

    if request.method != "POST":
        return form, None
    return form, perform_form(form, request, give, done=_("The post is given."), back=back)


@require_POST
def post_end(request: OfficeRequest, pk: int) -> HttpResponse:
    """Make today the last day of a post."""
    post = _require(request)
    ended = policies.post_or_404(post, pk)
    return perform(
        request,
        lambda: services.post_end(by=post, post=ended, day=clock.today(), key=posted_key(request)),
        done=_("The post is ended; today is its last day."),
        back=_person_url(ended.user),
    )


@never_cache
@require_POST
def person_password(request: OfficeRequest, pk: int) -> HttpResponse:
    """Set a new password, shown once on the page that follows."""
    post = _require(request)
    user, password = policies.person_or_404(post, pk), services.new_password()
    try:
        services.person_set_password(by=post, user=user, password=password, key=posted_key(request))
    except AlreadyDone:
        return _done_before(request, _person_url(user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_person_url(user))
    return _password_page(request, user, password)


@require_POST
def person_factor(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take a lost second factor away."""
    post = _require(request)
    user = policies.person_or_404(post, pk)
    return perform(
        request,
        lambda: services.person_remove_factor(by=post, user=user, key=posted_key(request)),
        done=_("The second factor is taken away. Until a new one is set up, the password alone signs in."),
        back=_person_url(user),
    )


@require_POST
def person_switch(request: OfficeRequest, pk: int, *, on: bool) -> HttpResponse:
    """Let a person sign in, or not."""
    post = _require(request)
    user = policies.person_or_404(post, pk)
    return perform(
        request,
        lambda: services.person_switch(by=post, user=user, on=on, key=posted_key(request)),
        done=_("The account is switched on.") if on else _("The account is switched off."),
        back=_person_url(user),
    )
