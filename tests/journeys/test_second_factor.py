"""In a real browser: a passkey is made and used, nothing on the pages of the second factor offends axe."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page

from accounts.models import User
from organizations.models import Assembly
from tests.factories import PASSWORD, World
from tests.journeys.test_pages import PHONE, RULES, WIDE
from tests.second_factors import code_of, give_app

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def with_a_key(page: Page) -> Page:
    """Plug a key in that says yes to everything."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main [data-main-act]")


def test_a_leader_sets_a_passkey_up_signs_and_comes_in_with_it(person):
    world = World()
    reply = world.awaiting_signature()
    Assembly.objects.filter(pk=world.assembly.pk).update(needs_second_factor=True)
    page = with_a_key(person(world.leader.user, PASSWORD))

    page.goto(f"/replies/{reply.pk}/")
    page.click("form[action$='/sign/'] button")
    page.click("main [data-main-act]")
    page.click("a[href$='/passkey/']")
    page.click("main [data-main-act]")
    page.wait_for_url("**/codes/")
    page.click("main [data-main-act]")
    page.wait_for_url(f"**/replies/{reply.pk}/")
    page.click("form[action$='/sign/'] button")
    page.click("#confirm-act [data-confirm-yes]")
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    assert world.fresh(reply).state == "signed"

    page.context.clear_cookies()
    sign_in(page, world.leader.user)
    page.wait_for_url("**/sign-in/")
    page.click("[data-passkey] button")
    page.wait_for_selector(".who")


def faults(page: Page, address: str) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    wrong = [f"{address} {f['id']}: {f['nodes'][0]['html'][:120]}" for f in found]
    if page.locator("h1").count() != 1:
        wrong.append(f"{address}: {page.locator('h1').count()} h1")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        wrong.append(f"{address}: wider than the screen")
    return wrong


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_of_it_is_sound(person, size: dict):
    world = World()
    user, reply = world.leader.user, world.awaiting_signature()
    page = with_a_key(person(user, PASSWORD, viewport=size))
    home = "/accounts/second-factor/"
    wrong = []
    for address in [home, f"{home}app/", f"{home}passkey/", "/accounts/again/"]:
        page.goto(address)
        wrong += faults(page, address)
    page.goto(f"{home}passkey/")
    page.click("main [data-main-act]")
    page.wait_for_url("**/codes/")
    give_app(user)
    for name in ["", "app/remove/", "codes/", "codes/new/", "again/", "passkey/again/"]:
        page.goto(home + name)
        wrong += faults(page, home + name)
    page.goto(home)
    page.click("a[href$='/remove/'][href*='/passkey/']")
    page.wait_for_url("**/remove/")
    wrong += faults(page, "passkey/remove/")

    page.context.clear_cookies()
    sign_in(page, user)
    page.wait_for_url("**/sign-in/")
    wrong += faults(page, "second step")
    page.fill("[name=code]", "000000")
    page.click("main [data-main-act]")
    page.wait_for_selector("[data-error-summary]")
    wrong += faults(page, "second step, wrong code")
    page.fill("[name=code]", code_of(user))
    page.click("main [data-main-act]")
    page.wait_for_selector(".who")
    age_proofs()
    page.goto(f"/replies/{reply.pk}/")
    wrong += faults(page, "reply to sign")
    page.click("form[action$='/sign/'] button")
    page.wait_for_selector("[name=proof]")
    wrong += faults(page, "proof")
    assert wrong == []


def age_proofs() -> None:
    """Ten minutes later, as far as proofs are concerned."""
    for row in Session.objects.iterator():
        session = SessionStore(row.session_key)
        for record in session.get("account_authentication_methods", []):
            record["at"] -= 600
            session.modified = True
        session.save()


def test_who_has_no_factor_is_shown_the_way(person):
    world = World()
    reply = world.awaiting_signature()
    Assembly.objects.filter(pk=world.assembly.pk).update(needs_second_factor=True)
    page = person(world.leader.user, PASSWORD, viewport=PHONE)
    page.goto(f"/replies/{reply.pk}/")
    page.click("form[action$='/sign/'] button")
    page.wait_for_selector("a[href*='next=']")
    assert faults(page, "first a factor") == []
