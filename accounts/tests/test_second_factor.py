"""The second factor as its owner meets it: set up, sign in, recovery codes, removing; and what nobody gets past."""

import datetime as dt
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from accounts import second_factor
from accounts.models import User
from tests import factories
from tests.second_factors import code_of, give_app, give_codes

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 23, 4, 0, 10, tzinfo=dt.UTC)
SIGN_IN, SECOND, HOME = reverse("account_login"), reverse("mfa_authenticate"), reverse("desk:home")
INDEX, APP, CODES = reverse("mfa_index"), reverse("mfa_activate_totp"), reverse("mfa_view_recovery_codes")


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def person() -> User:
    return factories.World().leader.user


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def first_step(person: User, password: str = factories.PASSWORD) -> Client:
    client = Client()
    client.post(SIGN_IN, {"login": person.username, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def secret_shown(client: Client) -> str:
    return client.session["mfa.totp.secret"]


def set_up(client: Client) -> str:
    """Set up an app through its page; return the secret."""
    client.get(APP)
    secret = secret_shown(client)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post(APP, {"code": code})
    assert answer["Location"] == CODES
    return secret


# ---- setting up


def test_an_app_is_set_up_by_its_first_code_and_gives_recovery_codes(person: User, noon):
    client = first_step(person)
    page = client.get(APP).content.decode()
    secret = secret_shown(client)

    assert "data:image/svg+xml;base64," in page
    assert " ".join(secret[n : n + 4] for n in range(0, 32, 4)) in page
    assert client.post(APP, {"code": "000000"}).status_code == 200
    assert not second_factor.has_second_factor(person)
    set_up(client)
    assert second_factor.has_second_factor(person)
    shown = client.get(CODES)
    assert len(shown.context["unused_codes"]) == 10
    assert shown.context["unused_codes"][0] in shown.content.decode()


def test_the_secrets_are_not_readable_in_the_database(person: User, noon, settings):
    secret = set_up(first_step(person))
    kept = Authenticator.objects.get(type="totp")

    assert secret not in str(kept.data)
    assert second_factor.OfficeFactors().decrypt(kept.data["secret"]) == secret
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-the-site"
    other = second_factor.OfficeFactors().decrypt(kept.data["secret"])
    assert other not in ("", secret)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert second_factor.OfficeFactors().decrypt(kept.data["secret"]) == secret


def test_what_was_to_be_done_is_led_back_to(person: User, noon):
    client = first_step(person)
    assert f'href="{APP}"' in client.get(INDEX, {"next": "/replies/7/"}).content.decode()
    set_up(client)

    assert 'href="/replies/7/"' in client.get(CODES).content.decode()
    assert 'href="/replies/7/"' in client.get(INDEX).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(person: User, elsewhere: str):
    client = first_step(person)
    assert client.get(INDEX, {"next": elsewhere}).context["after"] == ""
    assert client.get(INDEX).context["after"] == ""


def test_changing_the_factor_needs_a_proof_of_the_last_five_minutes(person: User, noon):
    client = first_step(person)
    noon.shift(dt.timedelta(minutes=4, seconds=59))
    assert client.get(APP).status_code == 200
    noon.shift(dt.timedelta(seconds=1))
    asked = client.get(APP)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    wrong = client.post(asked["Location"], {"password": "not-the-password"})
    assert "This password is not right." in wrong.content.decode()
    right = client.post(asked["Location"], {"password": factories.PASSWORD})
    assert right["Location"] == APP
    assert client.get(APP).status_code == 200


# ---- signing in


def test_the_password_alone_does_not_sign_in(person: User, noon):
    give_app(person)
    client = first_step(person)

    assert client.get(HOME)["Location"].startswith(SIGN_IN)
    assert client.get(SECOND).status_code == 200
    assert client.get(INDEX).status_code == 302
    client.post(SECOND, {"code": code_of(person)})
    assert is_in(client)


@pytest.mark.parametrize("code", ["000000", "", "abcdef", "12345678", "０１２３４５", "1" * 500])
def test_a_wrong_code_does_not(person: User, noon, code: str):
    give_app(person)
    client = first_step(person)
    answer = client.post(SECOND, {"code": code})
    assert answer.status_code == 200
    assert "data-error-summary" in answer.content.decode()
    assert client.get(HOME).status_code == 302


def test_the_second_step_is_not_there_without_the_first(person: User):
    give_app(person)
    assert Client().get(SECOND)["Location"] == SIGN_IN
    assert Client().post(SECOND, {"code": code_of(person)})["Location"] == SIGN_IN
    assert first_step(person, "wrong").get(SECOND)["Location"] == SIGN_IN


@pytest.mark.parametrize(("late", "counts"), [(-30, True), (0, True), (30, True), (-75, False), (75, False)])
def test_a_phone_may_be_half_a_minute_wrong(person: User, noon, late: int, counts: bool):
    give_app(person)
    client = first_step(person)
    client.post(SECOND, {"code": code_of(person, shift=late)})
    assert is_in(client) == counts


@pytest.mark.parametrize("later", [0, 29, 31, 59])
def test_a_code_counts_once(person: User, noon, later: int):
    """As long as it would be good: whoever looked over the shoulder comes too late."""
    give_app(person)
    code = code_of(person, shift=30)
    first, second = first_step(person), first_step(person)
    first.post(SECOND, {"code": code})
    noon.shift(dt.timedelta(seconds=later))
    second.post(SECOND, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_the_code_that_set_the_app_up_is_no_sign_in(person: User, noon):
    secret = set_up(first_step(person))
    client = first_step(person)
    client.post(SECOND, {"code": format_hotp_value(hotp_value(secret, int(time.time()) // 30))})
    assert not is_in(client)


def test_a_recovery_code_counts_once(person: User, noon):
    give_app(person)
    code = give_codes(person)[3]
    first, second = first_step(person), first_step(person)
    first.post(SECOND, {"code": code})
    second.post(SECOND, {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)
    noon.shift(dt.timedelta(hours=2))
    third = first_step(person)
    third.post(SECOND, {"code": code})
    assert not is_in(third)
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == 9


def test_codes_of_another_person_do_not_count(person: User, noon):
    other = factories.World().leader.user
    give_app(person)
    give_app(other)
    client = first_step(person)
    client.post(SECOND, {"code": code_of(other)})
    assert not is_in(client)


def test_five_wrong_codes_stop_even_the_right_one(person: User, noon):
    give_app(person)
    for _n in range(5):
        first_step(person).post(SECOND, {"code": "000000"})
    client = first_step(person)
    client.post(SECOND, {"code": code_of(person)})
    assert not is_in(client)
    noon.shift(dt.timedelta(minutes=5, seconds=1))
    client = first_step(person)
    client.post(SECOND, {"code": code_of(person)})
    assert is_in(client)


# ---- removing, new codes


def test_removing_the_app_ends_the_recovery_codes_with_it(person: User, noon):
    client = first_step(person)
    set_up(client)
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp"))["Location"] == INDEX
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get(CODES).status_code == 404
    assert is_in(first_step(person))


def test_removing_it_needs_a_proof(person: User, noon):
    client = first_step(person)
    set_up(client)
    noon.shift(dt.timedelta(minutes=6))
    asked = client.post(reverse("mfa_deactivate_totp"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert second_factor.has_second_factor(person)
    again = client.post(f"{reverse('mfa_reauthenticate')}?next={INDEX}", {"code": code_of(person)})
    assert again["Location"] == INDEX


def test_new_codes_end_the_old_ones(person: User, noon):
    client = first_step(person)
    set_up(client)
    old = client.get(CODES).context["unused_codes"]
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(old) & set(client.get(CODES).context["unused_codes"])


def test_a_passkey_of_another_person_cannot_be_removed(person: User, noon):
    other = factories.World().leader.user
    key = Authenticator.objects.create(user=other, type="webauthn", data={"name": "电话", "credential": {}})
    client = first_step(person)
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


# ---- proofs


def test_a_proof_is_the_persons_own_and_five_minutes_old_at_most(person: User, noon):
    client = first_step(person)

    def proof() -> str:
        return second_factor.proven_by(client.get(HOME).wsgi_request)

    assert proof() == "password"
    noon.shift(dt.timedelta(minutes=4, seconds=59))
    assert proof() == "password"
    noon.shift(dt.timedelta(seconds=2))
    assert proof() == ""
    other = factories.World().clerk.user
    client.force_login(other)
    assert proof() == "password"
    session = client.session
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    assert proof() == ""
    assert second_factor.proven_by(Client().get(SIGN_IN).wsgi_request) == ""


def test_the_second_step_is_named_as_the_proof(person: User, noon):
    give_app(person)
    client = first_step(person)
    client.post(SECOND, {"code": code_of(person)})
    assert second_factor.proven_by(client.get(HOME).wsgi_request) == "totp"
