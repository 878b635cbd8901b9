"""Accounts and posts: who may, what is shown once, what is kept apart, what another assembly never learns."""

import datetime as dt
import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from accounts.models import User
from office import clock
from office.acts import new_key
from office.models import Event
from office.workflow import Refused
from organizations import services
from organizations.models import Post, Role
from organizations.posts import posts_of
from tests import factories
from tests.second_factors import give_app, give_codes

OTHERS = [role for role in Role if role != Role.SECADMIN]
YESTERDAY, TOMORROW = dt.timedelta(-1), dt.timedelta(1)


def url(name: str, *args) -> str:
    return reverse(f"organizations:{name}", args=args)


def day(shift: dt.timedelta) -> str:
    return (clock.today() + shift).isoformat()


def events(world) -> list[tuple[str, str]]:
    with scopes_disabled():
        rows = Event.objects.filter(assembly=world.assembly, post=world.secadmin).order_by("sequence")
        return [(row.act, json.loads(row.facts)["what"]) for row in rows]


def clerk_of(world, **facts) -> dict:
    return {"role": "clerk", "body": f"bureau:{world.bureau.pk}", "since": day(dt.timedelta())} | facts


def shown_password(answer) -> str:
    found = re.search(r"<code data-password>(.+?)</code>", answer.content.decode())
    assert found
    return found[1]


def may_sign_in(username: str, password: str) -> bool:
    client = Client()
    client.post(reverse("account_login"), {"login": username, "password": password})
    return "_auth_user_id" in client.session


@pytest.fixture
def client(world, as_post):
    return as_post(world.secadmin)


# ---- doors


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_security_administrator_comes_in(world, as_post, role: str):
    client, person, post = as_post(world.posts[role]), world.clerk.user, world.clerk
    pages = [url("people"), url("person_open"), url("post_give_named")]
    pages += [url("person", person.pk), url("post_give", person.pk)]
    assert {client.get(page).status_code for page in pages} == {403}
    acts = [url(name, person.pk) for name in ("person_password", "person_off", "person_on", "person_factor")]
    assert {client.post(act).status_code for act in [*acts, url("post_end", post.pk)]} == {403}


def test_the_security_administrator_sees_the_pages(client, world):
    person = world.clerk.user
    pages = [url("people"), url("person_open"), url("post_give_named")]
    pages += [url("person", person.pk), url("post_give", person.pk)]
    assert {client.get(page).status_code for page in pages} == {200}


def test_people_of_another_assembly_are_not_found(client, other):
    person = other.clerk.user
    assert {client.get(url(name, person.pk)).status_code for name in ("person", "post_give")} == {404}
    acts = [url(name, person.pk) for name in ("person_password", "person_off", "person_on", "person_factor")]
    assert {client.post(act).status_code for act in [*acts, url("post_end", other.clerk.pk)]} == {404}


def test_the_list_holds_people_with_a_post_here_only(client, world, other):
    User.objects.create_user("nobody", name="无职之人")
    gone = factories.post(world.assembly, "clerk", until=clock.today() + YESTERDAY)
    listed = {person.pk for person in client.get(url("people")).context["page"]}
    assert listed == {post.user_id for post in world.posts.values()} | {gone.user_id}


def test_the_list_shows_posts_of_this_assembly_only(client, world, other):
    both = world.clerk.user
    with scope(assembly=other.assembly):
        theirs = factories.post(other.assembly, "leader", user=both)
    (person,) = client.get(url("people"), {"who": both.username}).context["page"]
    assert person.posts_here == [world.clerk]
    assert theirs.body_name.encode() not in client.get(url("person", both.pk)).content


def test_the_list_does_not_ask_more_for_more_people(client, world, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(url("people"))
    for _n in range(12):
        factories.post(world.assembly, "clerk")
    with django_assert_max_num_queries(12):
        client.get(url("people"))


# ---- opening an account


def test_an_opened_account_works_at_once(client, world):
    sent = clerk_of(world, username="jia", name="贾济民", phone="0730-0000101")
    answer = client.post(url("person_open"), sent)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    user = User.objects.get(username="jia")
    assert may_sign_in("jia", shown_password(answer))
    assert [post.role for post in posts_of(user)] == ["clerk"]
    assert [act for act, _what in events(world)] == ["person.open", "post.give"]
    assert events(world)[0][1] == "贾济民 jia"


def test_a_password_is_shown_once(client, world):
    sent = clerk_of(world, username="jia", name="贾济民", key=new_key())
    password = shown_password(client.post(url("person_open"), sent))
    again = client.post(url("person_open"), sent | {"username": "other"}, follow=True)
    assert b"This was done already" in again.content
    user = User.objects.get(username="jia")
    pages = [again, client.get(url("person", user.pk)), client.get(url("people"))]
    assert not [page for page in pages if password in page.content.decode()]
    assert not [facts for _act, facts in events(world) if password in facts]
    assert not User.objects.filter(username="other").exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"name": ""}, "name"),
        ({"role": "emperor"}, "role"),
        ({"body": ""}, "body"),
        ({"body": "bureau:0"}, "body"),
        ({"role": "filer"}, "body"),
        ({"role": "reviewer"}, "body"),
        ({"since": "2026-02-30"}, "since"),
        ({"since": ""}, "since"),
        ({"until": "1999-01-01"}, "until"),
    ],
)
def test_a_wrong_account_is_told_and_kept(client, world, change: dict, field: str):
    sent = clerk_of(world, username="jia", name="贾济民") | change
    answer = client.post(url("person_open"), sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    typed = [value for name in ("username", "name", "since", "until") if (value := sent.get(name))]
    assert [value for value in typed if f'value="{value}"' not in answer.content.decode()] == []
    assert not User.objects.filter(username="jia").exists()
    assert events(world) == []


@pytest.mark.parametrize("username", ["jia", "JIA"])
def test_a_user_name_is_given_once(client, world, username: str):
    User.objects.create_user("Jia", name="贾济民")
    answer = client.post(url("person_open"), clerk_of(world, username=username, name="另一人"))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["username"]


def test_a_bureau_of_another_assembly_cannot_be_chosen(client, world, other):
    sent = clerk_of(world, username="jia", name="贾济民", body=f"bureau:{other.bureau.pk}")
    assert client.post(url("person_open"), sent).status_code == 422


def test_the_service_refuses_a_body_of_another_assembly(world, other):
    with scopes_disabled():
        post = Post(assembly=world.assembly, user=world.clerk.user, role="clerk", bureau=other.bureau)
        with pytest.raises(PermissionDenied):
            services.post_give(by=world.secadmin, post=post)


# ---- giving and ending posts


def test_a_second_post_is_given(client, world):
    user = world.clerk.user
    answer = client.post(url("post_give", user.pk), clerk_of(world, role="checker", title="办公室主任"))
    assert answer.status_code == 302
    assert [(post.role, post.title) for post in posts_of(user)] == [("clerk", ""), ("checker", "办公室主任")]
    assert [act for act, _what in events(world)] == ["post.give"]


def test_a_person_of_another_assembly_gets_a_post_by_the_exact_name(client, world, other):
    user = other.clerk.user
    answer = client.post(url("post_give_named"), clerk_of(world, username=user.username[:-1]))
    assert list(answer.context["form"].errors) == ["username"]
    assert client.post(url("post_give_named"), clerk_of(world, username=user.username)).status_code == 302
    assert {post.assembly_id for post in posts_of(user)} == {world.assembly.pk, other.assembly.pk}
    assert client.get(url("person", user.pk)).status_code == 200


def test_a_post_that_begins_tomorrow_is_not_worn_today(client, world):
    sent = clerk_of(world, username="jia", name="贾济民", since=day(TOMORROW))
    client.post(url("person_open"), sent)
    assert posts_of(User.objects.get(username="jia")) == []


@pytest.mark.parametrize(
    ("holds", "gets"),
    [
        ("clerk", "auditor"),
        ("auditor", "clerk"),
        ("sysadmin", "secadmin"),
        ("auditor", "sysadmin"),
        ("secadmin", "reviewer"),
    ],
)
def test_administrators_hold_no_other_post(client, world, holds: str, gets: str):
    user = factories.post(world.assembly, holds).user
    body = f"bureau:{world.bureau.pk}" if gets == "clerk" else ""
    answer = client.post(url("post_give", user.pk), clerk_of(world, role=gets, body=body))
    assert answer.status_code == 422
    assert b"administrators hold no other post" in answer.content
    assert len(posts_of(user)) == 1
    assert events(world) == []


def test_administrators_are_kept_apart_on_every_day_to_come(world):
    """A post that has not begun clashes as well as one that is held."""
    user = User.objects.create_user("later", name="后来人")
    with world.scope():
        begins = clock.today() + dt.timedelta(30)
        Post.objects.create(
            assembly=world.assembly, user=user, role="clerk", bureau=world.bureau, since=begins
        )
        forever = Post(assembly=world.assembly, user=user, role="auditor")
        with pytest.raises(Refused):
            services.post_give(by=world.secadmin, post=forever)
        until_then = Post(assembly=world.assembly, user=user, role="auditor", until=begins + YESTERDAY)
        services.post_give(by=world.secadmin, post=until_then)


def test_two_posts_of_one_administrator_role_are_no_clash(world):
    with world.scope():
        again = Post(assembly=world.assembly, user=world.auditor.user, role="auditor")
        services.post_give(by=world.secadmin, post=again)


def test_an_ended_post_is_held_through_its_last_day(client, world):
    answer = client.post(url("post_end", world.clerk.pk), follow=True)
    assert b"today is its last day" in answer.content
    assert world.fresh(world.clerk).until == clock.today()
    with world.scope():
        assert Post.objects.held().filter(pk=world.clerk.pk).exists()
        assert not Post.objects.held(clock.today() + TOMORROW).filter(pk=world.clerk.pk).exists()
    assert [act for act, _what in events(world)] == ["post.end"]


def test_a_post_that_ended_long_ago_is_not_brought_back(client, world):
    gone = factories.post(world.assembly, "clerk", until=clock.today() + YESTERDAY)
    answer = client.post(url("post_end", gone.pk), follow=True)
    assert b"has its last day already" in answer.content
    assert world.fresh(gone).until == gone.until


def test_a_post_that_has_not_begun_is_taken_back(client, world):
    later = factories.post(world.assembly, "clerk", since=clock.today() + TOMORROW)
    factories.post(world.assembly, "checker", user=later.user)
    client.post(url("post_end", later.pk))
    with world.scope():
        assert not Post.objects.filter(pk=later.pk).exists()


def test_nobody_ends_the_own_post(client, world):
    answer = client.post(url("post_end", world.secadmin.pk), follow=True)
    assert b"Nobody ends the own post" in answer.content
    assert world.fresh(world.secadmin).until is None


# ---- passwords, on and off


def test_a_new_password_takes_the_place_of_the_old(client, world, as_post):
    user, at_work = world.clerk.user, as_post(world.clerk)
    answer = client.post(url("person_password", user.pk), {"key": new_key()})
    assert may_sign_in(user.username, shown_password(answer))
    assert not may_sign_in(user.username, factories.PASSWORD)
    assert at_work.get(reverse("desk:home")).status_code == 302
    assert [act for act, _what in events(world)] == ["person.password"]


def test_the_same_reset_twice_sets_one_password(client, world):
    user, sent = world.clerk.user, {"key": new_key()}
    password = shown_password(client.post(url("person_password", user.pk), sent))
    again = client.post(url("person_password", user.pk), sent, follow=True)
    assert b"This was done already" in again.content
    assert may_sign_in(user.username, password)


def test_an_account_is_switched_off_and_on(client, world, as_post):
    user, at_work = world.clerk.user, as_post(world.clerk)
    client.post(url("person_off", user.pk))
    assert not may_sign_in(user.username, factories.PASSWORD)
    assert at_work.get(reverse("desk:home")).status_code == 302
    client.post(url("person_on", user.pk))
    assert may_sign_in(user.username, factories.PASSWORD)
    assert [act for act, _what in events(world)] == ["person.off", "person.on"]


def test_a_lost_second_factor_is_taken_away(client, world):
    user = world.leader.user
    assert b"has no second factor yet" in client.get(url("person", user.pk)).content
    give_app(user)
    give_codes(user)
    assert not may_sign_in(user.username, factories.PASSWORD)
    assert url("person_factor", user.pk).encode() in client.get(url("person", user.pk)).content
    client.post(url("person_factor", user.pk), {"key": new_key()})
    assert may_sign_in(user.username, factories.PASSWORD)
    again = client.post(url("person_factor", user.pk), {"key": new_key()}, follow=True)
    assert b"This person has no second factor." in again.content
    assert events(world) == [("person.factor", f"{user.name} {user.username}")]


@pytest.mark.parametrize("act", ["person_password", "person_off", "person_factor"])
def test_an_account_of_another_assembly_as_well_is_left_alone(client, world, other, act: str):
    user = other.clerk.user
    factories.post(world.assembly, "clerk", user=user)
    answer = client.post(url(act, user.pk), follow=True)
    assert b"also holds a post in another assembly" in answer.content
    assert may_sign_in(user.username, factories.PASSWORD)
    assert events(world) == []


@pytest.mark.parametrize("act", ["person_password", "person_off", "person_factor"])
def test_nobody_does_it_to_the_own_account(client, world, act: str):
    user = world.secadmin.user
    answer = client.post(url(act, user.pk), follow=True)
    assert b"This is your own account" in answer.content
    assert may_sign_in(user.username, factories.PASSWORD)


def test_passwords_are_long_and_never_the_same():
    passwords = {services.new_password() for _n in range(100)}
    assert len(passwords) == 100
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password) for password in passwords)


def test_a_person_without_a_post_is_told_who_gives_one(as_post):
    user = User.objects.create_user("nobody", name="无职之人")
    user.language = "en"
    user.save()
    client = Client()
    client.force_login(user)
    answer = client.get(reverse("desk:home"))
    assert answer.status_code == 403
    assert b"The security administrator of your assembly gives posts" in answer.content
    assert b"nobody" in answer.content


@pytest.mark.parametrize("key", ["\0", "k" * 41])
def test_a_key_that_is_none_of_ours_costs_no_act(world, as_post, key):
    """Neither a NUL nor a longer key can be kept by PostgreSQL."""
    url = reverse("organizations:person_off", args=[world.clerk.user_id])
    assert as_post(world.secadmin).post(url, {"key": key}).status_code == 302
    world.clerk.user.refresh_from_db()
    assert not world.clerk.user.is_active
