"""What was typed survives the end of a session, an error and a colleague, seen in a real browser."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from office import clock
from tests.factories import PASSWORD, World
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "近年来，我区一些村（居）探索协商议事，这一段是会话结束以后写的。"


@pytest.fixture
def world(transactional_db):
    return World()


def test_a_draft_saves_itself_while_one_types(world, person):
    draft = world.draft()
    page = person(world.filer.user, PASSWORD)
    page.goto(f"/proposals/{draft.pk}/edit/")
    page.fill("[name=background]", TEXT)
    page.locator("[name=background]").blur()
    expect(page.locator("[data-save-status] time, [data-save-status]")).to_contain_text(":", timeout=10_000)
    expect(page.locator("[name=version_seen]").first).not_to_have_value("2", timeout=15_000)

    assert world.fresh(draft).background == TEXT


def test_autosave_after_the_session_ended_keeps_the_text_and_goes_on_after_sign_in(world, person):
    draft = world.draft()
    user = world.filer.user
    page = person(user, PASSWORD)
    page.goto(f"/proposals/{draft.pk}/edit/")
    Session.objects.all().delete()
    page.fill("[name=background]", TEXT)
    page.locator("[name=background]").blur()
    link = page.locator('main a[href*="/accounts/login/"]')
    expect(link).to_be_visible(timeout=10_000)

    other = page.context.new_page()
    sign_in(other, user.username, PASSWORD)
    page.bring_to_front()
    page.fill("[name=background]", TEXT + "又一句。")
    page.locator("[name=background]").blur()
    expect(page.locator("[name=version_seen]").first).not_to_have_value("2", timeout=15_000)

    assert world.fresh(draft).background == TEXT + "又一句。"


def test_text_sent_without_script_after_the_session_ended_is_there_after_sign_in(world, person):
    draft = world.draft()
    user = world.filer.user
    page = person(user, PASSWORD, java_script_enabled=False)
    page.goto(f"/proposals/{draft.pk}/edit/")
    page.fill("[name=background]", TEXT)
    Session.objects.all().delete()
    page.locator("main form button[name=act][value=save]").last.click()
    page.wait_for_load_state()
    assert "/accounts/login/" in page.url
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()

    assert page.input_value("[name=background]") == TEXT
    assert world.fresh(draft).background == TEXT


def test_somebody_elses_kept_text_is_not_shown(world, person):
    draft = world.draft()
    page = person(world.filer.user, PASSWORD, java_script_enabled=False)
    page.goto(f"/proposals/{draft.pk}/edit/")
    page.fill("[name=background]", TEXT)
    Session.objects.all().delete()
    page.locator("main form button[name=act][value=save]").last.click()
    page.wait_for_load_state()
    page.fill("[name=login]", world.reviewer.user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()

    assert TEXT not in page.content()
    assert TEXT not in world.fresh(draft).background


def test_files_that_cannot_be_attached_lose_no_text(world, person, tmp_path):
    draft = world.draft()
    page = person(world.filer.user, PASSWORD)
    too_large = tmp_path / "调研报告.pdf"
    too_large.write_bytes(b"%PDF-1.7\n" + b"\0" * (50 * 1024 * 1024))
    program = tmp_path / "附件.pdf"
    program.write_bytes(b"\x7fELF\x02\x01\x01" + b"\0" * 4000)
    for file in (too_large, program):
        page.goto(f"/proposals/{draft.pk}/edit/")
        page.fill("[name=background]", TEXT + file.stem)
        page.set_input_files("[name=upload]", str(file))
        with page.expect_navigation(timeout=30_000):
            page.click("main form [value=attach]")
        assert file.name in page.inner_text("[data-error-summary]")
        assert page.input_value("[name=background]") == TEXT + file.stem
        assert world.fresh(draft).background == TEXT + file.stem
    with world.scope():
        assert draft.attachments.count() == 0


def test_a_wrong_date_is_told_at_its_field_before_anybody_is_asked(world, person):
    reply = world.signed()
    page = person(world.sealkeeper.user, PASSWORD)
    page.goto(f"/replies/{reply.pk}/issue/")
    page.fill("[name=dated]", "2001-01-01")
    with page.expect_navigation():
        page.click("main form [data-main-act]")

    assert page.locator('[data-error-summary] a[href="#id_dated"]').count() == 1
    assert page.input_value("[name=dated]") == "2001-01-01"
    assert world.fresh(reply).state == "signed"
    page.fill("[name=dated]", clock.today().isoformat())
    page.click("main form [data-main-act]")
    expect(page.locator("#confirm-act")).to_be_visible()
