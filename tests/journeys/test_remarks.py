"""Remarks in the browser: words are marked and remarked on, answered without leaving the draft; several are signed."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from replies import remark_services as remarks
from replies import services
from replies.models import Remark
from tests.factories import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
BODY = "一、强意识，从基层做起。强化民主协商意识。\n二、建制度。明年六月底前建立议事会制度。"
MARK = """([text, words]) => {
    const line = [...document.querySelectorAll("[data-paragraph]")].find((p) => p.textContent.includes(text));
    const node = line.firstChild, at = node.data.indexOf(words);
    document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
}"""


@pytest.fixture
def world(transactional_db) -> World:
    return World()


def remarked(world: World, reply, **facts) -> Remark:
    with world.scope():
        facts = {"version": 1, "place": 4, "text": "写明责任科室。", "post": world.checker} | facts
        return remarks.remark_add(reply_id=reply.pk, **facts)


def test_marked_words_are_remarked_on(world, person):
    reply = world.in_review(body=BODY)
    page = person(world.checker.user, PASSWORD, locale="zh-CN", viewport=WIDE)
    page.goto(reverse("replies:review", args=[reply.pk]))
    page.evaluate(MARK, ["议事会", "明年六月底前"])
    ready = page.locator("[data-remark-new].ready")
    expect(ready).to_have_count(1)
    ready.locator("summary").click()
    form = page.locator("[data-remark-new][open] form")
    expect(form.locator("[name=words]")).to_have_value("明年六月底前")
    page.keyboard.type("能否提前？")
    with page.expect_navigation():
        form.locator("button").click()
    expect(page.locator("mark")).to_have_text("明年六月底前")
    with world.scope():
        assert Remark.objects.get().words == "明年六月底前"


def test_without_script_every_paragraph_has_its_form(world, person):
    reply = world.in_review(body=BODY)
    page = person(world.checker.user, PASSWORD, java_script_enabled=False, viewport=PHONE)
    page.goto(reverse("replies:review", args=[reply.pk]))
    box = page.locator("#p3 [data-remark-new]")
    box.locator("summary").click()
    box.locator("[name=text]").fill("能否提前？")
    with page.expect_navigation():
        box.locator("form button").click()
    expect(page.locator("#p3 .remark-text")).to_have_text("能否提前？")


def test_an_answer_on_the_drafting_desk_leaves_the_typed_text_alone(world, person):
    reply = world.in_review(body=BODY)
    remark = remarked(world, reply, words="明年六月底前")
    with world.scope():
        services.reply_recall(reply_id=reply.pk, post=world.clerk)
    page = person(world.clerk.user, PASSWORD, locale="zh-CN", viewport=WIDE)
    page.goto(reverse("replies:draft", args=[reply.pk]))
    page.locator(f"#remark-{remark.pk} [data-find]").click()
    marked = "(body) => body.value.slice(body.selectionStart, body.selectionEnd)"
    assert page.locator("#id_body").evaluate(marked) == "明年六月底前"
    page.keyboard.type("明年五月底前")
    page.locator(f"#remark-{remark.pk} summary").first.click()
    page.fill(f"#answer-{remark.pk}", "已提前。")
    page.locator(f"#remark-{remark.pk} button[value=settle]").click()
    expect(page.locator(f"#remark-{remark.pk}")).to_have_count(0)
    expect(page.locator("#id_body")).to_have_value(world.fresh(reply).body.replace("明年六月", "明年五月"))
    expect(page.locator("[data-save-status]")).to_contain_text(":", timeout=10_000)
    assert not world.fresh(remark).is_open
    assert "明年五月底前" in world.fresh(reply).body


def test_several_are_opened_chosen_and_signed(world, person):
    replies = [world.awaiting_signature() for _n in range(2)]
    address = reverse("replies:sign_many")
    page = person(world.leader.user, PASSWORD, locale="zh-CN", viewport=PHONE)
    page.goto(address)
    expect(page.locator("[name=chosen]:enabled")).to_have_count(0)
    for reply in replies:
        page.locator(f"td a[href='{reverse('replies:review', args=[reply.pk])}']").click()
        page.locator(f".act-bar a[href='{address}']").click()
    for box in page.locator("[name=chosen]").all():
        box.check()
    page.locator("[data-main-act]").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator(".signed-rows .signed")).to_have_count(2)
    assert [world.fresh(reply).state for reply in replies] == ["signed"] * 2


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_pages_of_remarks_are_sound(world, person, viewport):
    reply, waiting = world.in_review(body=BODY), world.awaiting_signature(body=BODY)
    remark = remarked(world, reply, words="明年六月底前")
    remarked(world, reply, place=0)
    remarked(world, waiting, post=world.leader)
    with world.scope():
        remarks.remark_answer(remark_id=remark.pk, post=world.clerk, text="已写明。")
        remarks.remark_settle(remark_id=remark.pk, post=world.clerk)
    addresses = {
        "checker": [
            ("review", reply.pk),
            ("remarks", reply.pk),
            ("remark", remark.pk),
            ("check_return", reply.pk),
        ],
        "leader": [("review", waiting.pk), ("sign_many", None), ("remark_add", waiting.pk)],
    }
    for role, names in addresses.items():
        page = person(world.posts[role].user, PASSWORD, locale="zh-CN", viewport=viewport)
        for name, pk in names:
            page.goto(reverse(f"replies:{name}", args=[pk] if pk else []))
            page.evaluate("document.querySelectorAll('main details').forEach((box) => { box.open = true; })")
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(name, one["id"], one["nodes"][0]["html"]) for one in found] == []
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
