"""Phrases on the drafting desk, in a real browser: put in at the cursor, taken out by undo, kept from the text."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from organizations.models import Phrase
from replies.models import IssuedLetter
from tests.factories import PASSWORD, World
from tests.journeys.test_pages import PHONE, WIDE, faults_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWER = "区民政局已在全区建成十二个基层协商议事点。\n其余的村明年上半年全部建成。"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def desk(world, person):
    """The desk of a draft, with everything beside the text open; an earlier letter is on a similar proposal."""
    world.issued(body=ANSWER)
    reply = world.drafting(title="关于推进基层协商民主的建议")
    page = person(world.clerk.user, PASSWORD, viewport=WIDE)
    page.goto(f"/replies/{reply.pk}/draft/")
    for summary in page.locator("details.phrases > summary, details.earlier > summary").all():
        summary.click()
    page.reply = reply
    yield page
    # Nothing is under way any more when the rows are gone.
    page.wait_for_selector("[data-save-status].is-waiting", state="detached")


def body(page):
    return page.input_value("#id_body")


def mark(page, start, end):
    page.focus("#id_body")
    page.evaluate(f"document.getElementById('id_body').setSelectionRange({start}, {end})")


def put(page, title):
    page.locator("li[data-passage]", has_text=title).first.get_by_role("button").click()


def test_a_phrase_goes_in_at_the_cursor_and_undo_takes_it_out(desk, world):
    before = body(desk)
    mark(desk, 2, 2)
    put(desk, "下一步打算")
    assert body(desk)[2:8] == "下一步，我单"
    desk.wait_for_selector("text=/It stands in the text now|已放入/", state="attached")
    desk.keyboard.press("Control+z")
    assert body(desk) == before
    mark(desk, len(before), len(before))
    put(desk, "其余的村明年")
    assert body(desk) == f"{before}\n其余的村明年上半年全部建成。"
    for _try in range(40):  # the draft saves itself
        if world.fresh(desk.reply).body == body(desk):
            return
        desk.wait_for_timeout(250)
    pytest.fail("the passage was not saved")


def test_what_is_to_be_filled_in_is_marked(desk):
    put(desk, "列入计划")
    text = "document.getElementById('id_body')"
    chosen = desk.evaluate(f"{text}.value.slice({text}.selectionStart, {text}.selectionEnd)")
    assert chosen == "××"
    desk.keyboard.type("2027")
    assert "已列入2027年工作计划" in body(desk)


def test_a_whole_letter_asks_first(desk):
    before = body(desk)
    put(desk, "暂不能解决")
    desk.wait_for_selector("#confirm-act[open]")
    desk.keyboard.press("Escape")
    assert body(desk) == before
    put(desk, "暂不能解决")
    desk.click("#confirm-act [data-confirm-yes]")
    expect(desk.locator("#id_body")).to_have_value(re.compile("目前不能解决的原因"))
    assert "强化民主协商意识" not in body(desk)
    desk.keyboard.press("Control+z")
    assert body(desk) == before


def test_finding_narrows_the_list_down(desk):
    desk.fill("#phrase-find", "列入 计划")
    assert desk.locator("[data-passage-group] li:visible").count() == 1
    desk.fill("#phrase-find", "没有这样的短语")
    assert desk.locator("[data-passage-group] li:visible").count() == 0
    assert desk.inner_text("[data-passages-found]")


def test_the_marked_text_becomes_a_phrase_with_names(desk, world):
    summary = desk.locator("[data-keep-phrase] > summary")
    summary.click()  # closes it
    mark(desk, 0, body(desk).index("\n"))
    summary.click()
    expect(desk.locator("#id_phrase-text")).to_have_value("{you}提出的《{title}》收悉，现答复如下：")
    desk.fill("#id_phrase-title", "我们的开头")
    desk.click("button[value=keep]")
    desk.wait_for_load_state()
    with world.scope():
        assert Phrase.objects.get(title="我们的开头").bureau == world.bureau
        assert IssuedLetter.objects.count() == 1


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_no_axe_violation_and_nothing_sticks_out(desk, world, size):
    with world.scope():
        kept = Phrase.objects.create(
            assembly=world.assembly, bureau=world.bureau, title="一句", text="《{title}》"
        )
    desk.set_viewport_size(size)
    assert list(faults_on(desk, Axe())) == []
    for address in ("/replies/phrases/", "/replies/phrases/new/", f"/replies/phrases/{kept.pk}/"):
        desk.goto(address)
        assert list(faults_on(desk, Axe())) == []
