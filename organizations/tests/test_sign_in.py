"""Signing in through the real page: limits, the end of a session, language and type size."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import factories

SIGN_IN, HOME = reverse("account_login"), reverse("desk:home")
NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)


@pytest.fixture
def user(world):
    return world.clerk.user


def sign_in(user, password: str = factories.PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(SIGN_IN, {"login": user.username, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def test_the_right_password_leads_to_the_desk(user):
    answer = Client().post(SIGN_IN, {"login": user.username, "password": factories.PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert is_in(sign_in(user))


def test_a_wrong_password_does_not(user):
    assert not is_in(sign_in(user, "wrong"))


def test_five_failures_stop_even_the_right_password(user):
    client = Client()
    for _n in range(5):
        sign_in(user, "wrong", client)
    assert not is_in(sign_in(user, client=client))


def test_four_failures_do_not(user):
    client = Client()
    for _n in range(4):
        sign_in(user, "wrong", client)
    assert is_in(sign_in(user, client=client))


def test_another_person_is_not_stopped_by_them(user, world):
    client = Client()
    for _n in range(6):
        sign_in(user, "wrong", client)
    assert is_in(sign_in(world.checker.user))


def test_after_five_minutes_one_may_try_again(user):
    client = Client()
    with time_machine.travel(NOON, tick=False) as time:
        for _n in range(5):
            sign_in(user, "wrong", client)
        time.shift(dt.timedelta(minutes=5, seconds=1))
        assert is_in(sign_in(user, client=client))


def test_nobody_opens_an_account_from_outside():
    assert Client().get("/accounts/signup/").status_code in (302, 404)


def test_an_idle_session_ends_after_twenty_minutes(user):
    with time_machine.travel(NOON, tick=False) as time:
        client = sign_in(user)
        time.shift(dt.timedelta(minutes=19))
        assert is_in(client)
        time.shift(dt.timedelta(minutes=20, seconds=1))
        answer = client.get(HOME)
    assert answer.status_code == 302
    assert answer["Location"].startswith(SIGN_IN)


def test_a_session_that_is_used_lives_on(user):
    with time_machine.travel(NOON, tick=False) as time:
        client = sign_in(user)
        for _n in range(6):
            time.shift(dt.timedelta(minutes=15))
            assert is_in(client)


@pytest.mark.parametrize("code", ["zh-hans", "zh-hant", "en"])
def test_a_visitor_chooses_the_language(code: str):
    client = Client()
    client.post(reverse("set_language"), {"language": code, "next": SIGN_IN})
    page = client.get(SIGN_IN)
    assert f'<html lang="{code}"' in page.content.decode()
    assert page["Content-Language"] == code


def test_pages_are_chinese_unless_chosen_otherwise():
    page = Client(headers={"accept-language": "en"}).get(SIGN_IN)
    assert '<html lang="zh-hans"' in page.content.decode()


def test_a_persons_language_goes_along(user):
    client = sign_in(user)
    client.post(reverse("set_language"), {"language": "en"})
    assert b"Sign out" in client.get(HOME).content
    elsewhere = sign_in(user)
    assert b"Sign out" in elsewhere.get(HOME).content


@pytest.mark.parametrize("chosen", ["fr", "", "../../etc"])
def test_an_unknown_language_changes_nothing(user, chosen: str):
    client = sign_in(user)
    client.post(reverse("set_language"), {"language": chosen})
    user.refresh_from_db()
    assert user.language == ""


def test_large_type_is_kept_for_the_person(user):
    client, switch = sign_in(user), reverse("accounts:large_type")
    client.post(switch, {"next": HOME})
    assert 'class="large"' in client.get(HOME).content.decode()
    assert 'class="large"' in sign_in(user).get(HOME).content.decode()
    client.post(switch, {"next": HOME})
    assert 'class="large"' not in client.get(HOME).content.decode()


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_no_choice_leads_to_another_site(user, wanted: str):
    answer = sign_in(user).post(reverse("accounts:large_type"), {"next": wanted})
    assert answer["Location"] == "/"


def test_a_post_of_somebody_else_cannot_be_put_on(user, world):
    client = sign_in(user)
    assert client.post(reverse("organizations:wear"), {"post": world.leader.pk}).status_code == 404
    assert client.post(reverse("organizations:wear"), {"post": "x"}).status_code == 404


def test_rights_follow_the_post_that_is_worn(user, world):
    second = factories.post(world.assembly, "reviewer", user=user)
    client = sign_in(user)
    assert client.get(HOME).wsgi_request.post == world.clerk
    client.post(reverse("organizations:wear"), {"post": second.pk})
    assert client.get(HOME).wsgi_request.post == second


@pytest.mark.parametrize(
    "address", ["/", "/proposals/", "/nowhere/", "/accounts/login/", "/organizations/log/"]
)
def test_no_browser_keeps_a_page(user, address: str):
    """Neither a page, nor a refusal, nor the way to the sign-in."""
    for client in (sign_in(user), Client()):
        kept = client.get(address)["Cache-Control"]
        assert {"private", "no-store"} <= set(kept.split(", "))
