"""What a signature needs of the person: a second factor, a proof of the last five minutes, one more press."""

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from accounts import kept
from office import clock
from office.models import Event
from office.workflow import Refused
from organizations.models import Assembly
from replies import opinion_services, services
from tests.factories import PASSWORD, World
from tests.second_factors import code_of, give_app, give_codes

Browser = Callable[..., Client]
NOON = dt.datetime(2026, 11, 23, 4, 0, 10, tzinfo=dt.UTC)
LATE = dt.timedelta(minutes=5, seconds=1)


@pytest.fixture
def noon():
    cache.clear()
    with time_machine.travel(NOON, tick=False) as time:
        yield time


def strict(world: World) -> World:
    """From now on the assembly wants the second factor."""
    Assembly.objects.filter(pk=world.assembly.pk).update(needs_second_factor=True)
    for post in world.posts.values():
        post.assembly.needs_second_factor = True
    return world


def scene(world: World, what: str):
    """The thing to sign, the post that signs it, the address, and what its page sends."""
    if what == "opinion":
        opinion = world.opinion("sent")
        form = {"version_seen": opinion.version, "key": "k1"}
        return opinion, world.leader, reverse("replies:opinion_give", args=[opinion.pk]), form
    reply = world.awaiting_signature() if what == "sign" else world.signed()
    form = {"version_seen": 1, "key": "k1"}
    if what == "issue":
        form["dated"] = clock.today().isoformat()
    post = world.leader if what == "sign" else world.sealkeeper
    return reply, post, reverse(f"replies:{what}", args=[reply.pk]), form


def done(world: World, thing) -> bool:
    return world.fresh(thing).state in ("signed", "issued", "given") and bool(proofs(world))


def proofs(world: World) -> list[str | None]:
    """How each signature was proven, as the log tells; set-up through the services has none."""
    with scopes_disabled():
        rows = Event.objects.filter(
            assembly=world.assembly, act__in=["reply.sign", "reply.issue", "opinion.give"]
        )
        return [json.loads(row.facts)["proof"] for row in rows if "proof" in json.loads(row.facts)]


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name not in ("csrfmiddlewaretoken", "next")}


ACTS = ["sign", "issue", "opinion"]


@pytest.mark.parametrize("what", ACTS)
def test_soon_after_the_sign_in_nothing_is_asked(world: World, browser: Browser, noon, what: str):
    thing, post, url, form = scene(world, what)
    person = browser(post)
    noon.shift(dt.timedelta(minutes=4, seconds=59))
    person.post(url, form)
    assert done(world, thing)
    assert proofs(world) == ["password"]


@pytest.mark.parametrize("what", ACTS)
def test_later_the_password_is_asked_and_the_act_waits(world: World, browser: Browser, noon, what: str):
    thing, post, url, form = scene(world, what)
    person = browser(post)
    noon.shift(LATE)
    before = world.fresh(thing).state

    page = person.post(url, form)
    assert page.status_code == 200
    assert 'name="proof"' in page.content.decode()
    assert world.fresh(thing).state == before
    carried = hidden(page.content.decode())
    assert carried == {name: str(value) for name, value in form.items()}

    wrong = person.post(url, carried | {"proof": "not-the-password"})
    assert wrong.status_code == 422
    assert hidden(wrong.content.decode()) == carried
    assert "not-the-password" not in wrong.content.decode()
    assert world.fresh(thing).state == before

    right = person.post(url, carried | {"proof": PASSWORD})
    assert right.status_code == 302, right.context["form"].errors
    assert done(world, thing)
    assert proofs(world) == ["password"]


def test_the_proof_is_good_for_the_next_signatures(world: World, browser: Browser, noon):
    first, post, url, form = scene(world, "sign")
    second = world.awaiting_signature()
    person = browser(post)
    noon.shift(LATE)
    person.post(url, form | {"proof": PASSWORD})
    noon.shift(dt.timedelta(minutes=4))
    person.post(reverse("replies:sign", args=[second.pk]), form | {"key": "k2"})
    assert [world.fresh(reply).state for reply in (first, second)] == ["signed", "signed"]


def test_pressing_twice_signs_once(world: World, browser: Browser, noon):
    thing, post, url, form = scene(world, "sign")
    person = browser(post)
    noon.shift(LATE)
    for _n in range(2):
        person.post(url, form | {"proof": PASSWORD})
    assert proofs(world) == ["password"]
    assert world.fresh(thing).state == "signed"


def test_guessing_the_password_is_stopped(world: World, browser: Browser, noon):
    thing, post, url, form = scene(world, "sign")
    person = browser(post)
    noon.shift(LATE)
    for _n in range(5):
        person.post(url, form | {"proof": "not-the-password"})
    assert person.post(url, form | {"proof": PASSWORD}).status_code == 422
    assert world.fresh(thing).state == "awaiting_signature"
    noon.shift(LATE)
    person.post(url, form | {"proof": PASSWORD})
    assert world.fresh(thing).state == "signed"


def test_another_persons_password_is_no_proof(world: World, browser: Browser, noon):
    thing, post, url, form = scene(world, "sign")
    world.checker.user.set_password("another-persons-word-9")
    world.checker.user.save()
    person = browser(post)
    noon.shift(LATE)
    assert person.post(url, form | {"proof": "another-persons-word-9"}).status_code == 422
    assert world.fresh(thing).state == "awaiting_signature"


def test_a_checker_is_not_asked(world: World, browser: Browser, noon):
    reply = world.in_review()
    person = browser(world.checker)
    noon.shift(LATE)
    person.post(reverse("replies:pass", args=[reply.pk]), {"version_seen": 1, "key": "k"})
    assert world.fresh(reply).state == "awaiting_signature"


def test_the_password_is_not_kept_when_the_session_has_ended(world: World, browser: Browser, noon):
    _thing, _post, url, form = scene(world, "sign")
    form |= {"proof": PASSWORD}
    visitor = Client()
    answer = visitor.post(url, form, headers={"referer": f"http://testserver{url}"})
    assert answer.status_code == 302
    assert kept.SESSION_KEY not in visitor.session
    # The page that is then asked for shows the reply again.
    assert browser(world.leader).get(url)["Location"] == reverse("replies:review", args=[_thing.pk])


# ---- the second factor is needed


@pytest.mark.parametrize("what", ACTS)
def test_who_has_none_is_led_to_set_one_up(world: World, browser: Browser, what: str):
    thing, post, url, form = scene(world, what)
    strict(world)
    page = browser(post).post(url, form)
    assert page.status_code == 422
    assert reverse("mfa_index") + "?next=" in page.content.decode()
    assert world.fresh(thing).state in ("awaiting_signature", "signed", "sent")
    assert proofs(world) == []


@pytest.mark.parametrize("what", ACTS)
def test_the_service_refuses_too(world: World, what: str):
    thing, post, _url, _form = scene(world, what)
    strict(world)
    calls = {
        "sign": lambda **proof: services.reply_sign(reply_id=thing.pk, post=post, **proof),
        "issue": lambda **proof: services.reply_issue(
            reply_id=thing.pk, post=post, dated=clock.today(), **proof
        ),
        "opinion": lambda **proof: opinion_services.opinion_sign(opinion_id=thing.pk, post=post, **proof),
    }
    with world.scope():
        with pytest.raises(Refused, match="second factor"):
            calls[what](proof="password")
        give_app(post.user)
        with pytest.raises(Refused, match="Prove once more"):
            calls[what]()
        before = world.fresh(thing).state
        assert before in ("awaiting_signature", "signed", "sent")
        calls[what](proof="totp")
    assert world.fresh(thing).state != before
    assert proofs(world) == ["totp"]


def test_reading_goes_on_without_one(world: World, browser: Browser):
    reply = world.awaiting_signature()
    strict(world)
    page = browser(world.leader).get(reverse("replies:review", args=[reply.pk]))
    assert page.status_code == 200
    assert "Needs a second factor" in page.content.decode()
    signed = world_signed(world)
    page = browser(world.sealkeeper).get(reverse("replies:issue", args=[signed.pk]))
    assert page.status_code == 200
    assert "First set up a second factor" in page.content.decode()
    assert browser(world.sealkeeper).get(reverse("replies:review", args=[signed.pk])).status_code == 200


def world_signed(world: World):
    reply = world.awaiting_signature()
    give_app(world.leader.user)
    with world.scope():
        services.reply_sign(reply_id=reply.pk, post=world.leader, proof="totp")
    return world.fresh(reply)


@pytest.mark.parametrize("way", ["totp", "recovery_codes", "password"])
def test_with_a_factor_a_code_or_the_password_proves_it(world: World, browser: Browser, noon, way: str):
    thing, post, url, form = scene(world, "sign")
    strict(world)
    give_app(post.user)
    codes = give_codes(post.user)
    person = browser(post)
    noon.shift(LATE)
    code = code_of(post.user)
    proof = {"totp": f"{code[:3]} {code[3:]}", "recovery_codes": codes[0], "password": PASSWORD}[way]
    person.post(url, form | {"proof": proof})
    assert world.fresh(thing).state == "signed"
    assert proofs(world) == [way]


def test_a_code_proves_one_thing_once(world: World, browser: Browser, noon):
    first, post, url, form = scene(world, "sign")
    second = world.awaiting_signature()
    give_app(post.user)
    code = code_of(post.user)
    here, there = browser(post), browser(post)
    noon.shift(LATE)
    code = code_of(post.user)
    here.post(url, form | {"proof": code})
    answer = there.post(reverse("replies:sign", args=[second.pk]), form | {"key": "k2", "proof": code})
    assert answer.status_code == 422
    assert [world.fresh(reply).state for reply in (first, second)] == ["signed", "awaiting_signature"]


def test_five_wrong_codes_stop_the_right_one(world: World, browser: Browser, noon):
    thing, post, url, form = scene(world, "sign")
    give_app(post.user)
    person = browser(post)
    noon.shift(LATE)
    for _n in range(5):
        person.post(url, form | {"proof": "000000"})
    assert person.post(url, form | {"proof": code_of(post.user)}).status_code == 422
    assert world.fresh(thing).state == "awaiting_signature"


# ---- an assembly that only tries things out


def test_a_trial_says_so_where_one_signs(world: World, browser: Browser):
    reply, signed = world.awaiting_signature(), world.signed()
    said = "Trial: no second factor is needed"
    assert said in browser(world.leader).get(reverse("replies:review", args=[reply.pk])).content.decode()
    issue = reverse("replies:issue", args=[signed.pk])
    assert said in browser(world.sealkeeper).get(issue).content.decode()
    opinion = world.opinion("sent")
    page = reverse("replies:opinion", args=[opinion.pk])
    assert said in browser(world.leader).get(page).content.decode()
    assert said not in browser(world.checker).get(page).content.decode()


def test_an_assembly_wants_the_factor_unless_it_says_otherwise():
    assert Assembly._meta.get_field("needs_second_factor").default is True
