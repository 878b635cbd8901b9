"""A clerk types a text with faults and takes over the check's fixes, with script and without."""

import os

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = "一、强意识,从基层做起。\n我们我们将在2021-05-25前,办好这件事"
MENDED = "一、强意识，从基层做起。\n我们将在2021年5月25日前，办好这件事。"


@pytest.fixture
def world(transactional_db) -> World:
    return World()


@pytest.mark.parametrize("script", [True, False])
def test_what_the_check_offers_is_shown_and_taken_over(world, person, script):
    reply = world.drafting()
    page = person(world.clerk.user, PASSWORD, java_script_enabled=script, locale="zh-CN")
    page.goto(f"/replies/{reply.pk}/draft/")
    page.fill("[name=body]", TYPED)
    if script:
        page.locator("[name=body]").blur()
    else:
        page.locator("button[name=act][value=save]").last.click()
    offered = page.locator('button[value^="mend:half-width."]').first
    expect(offered).to_be_visible(timeout=10_000)
    expect(page.locator("#findings ins").first).to_be_visible()
    if shot := os.environ.get("SHOT"):
        page.screenshot(path=f"{shot}-{script}.png", full_page=True)
    with page.expect_navigation():
        offered.click()
    expect(page.locator("[name=body]")).to_have_value(TYPED.replace("识,", "识，"))
    with page.expect_navigation():
        page.locator('button[value="mend:all"]').click()
    expect(page.locator("[name=body]")).to_have_value(MENDED)
    assert world.fresh(reply).body == MENDED
