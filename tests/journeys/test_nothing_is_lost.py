"""What was typed survives a lost line, a closed tab, an ended session, an error, a colleague, a killed server."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from gongwen import docx_out
from gongwen.document import Letter
from office import clock
from organizations.models import Role
from tests.factories import PASSWORD, World, post
from tests.journeys.conftest import sign_in
from tests.journeys.test_pages import faults_on

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


# ---- the drafting desk: lost lines, closed tabs, ended sessions, two writers, a killed server

WRITTEN = "一、这是正在写的一段，还没有存。"


DROP = """() => {
    const data = new DataTransfer();
    data.items.add(document.getElementById("word-file").files[0]);
    const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
    document.querySelector("[name=body]").dispatchEvent(drop);
}"""


@pytest.fixture
def desk(world, person):
    """A clerk's draft, open in a browser."""
    reply = world.drafting()
    page = person(world.clerk.user, PASSWORD)
    page.goto(f"/replies/{reply.pk}/draft/")
    return reply, page


def settled(page):
    """Wait until what was typed is saved, so that nothing is under way when the test ends."""
    page.locator("[name=body]").blur()
    expect(page.locator("form[data-save-state=saved]")).to_be_attached(timeout=15_000)
    page.wait_for_load_state("networkidle")


def test_typing_without_a_pause_is_saved_all_the_same(world, desk):
    reply, page = desk
    field = page.locator("[name=body]")
    field.focus()
    page.keyboard.press("Control+End")
    ends = time.monotonic() + 20
    seen = page.locator("[name=version_seen]").first.input_value()
    while time.monotonic() < ends and page.locator("[name=version_seen]").first.input_value() == seen:
        page.keyboard.type("写", delay=80)
        page.wait_for_timeout(250)
    assert "写写写写" in world.fresh(reply).body
    settled(page)


def test_writing_goes_on_without_the_network_and_is_saved_when_it_is_back(world, desk):
    reply, page = desk
    page.context.set_offline(True)
    page.fill("[name=body]", WRITTEN)
    page.locator("[name=body]").blur()
    expect(page.locator("[data-save-status].is-alert")).to_be_visible(timeout=10_000)
    page.fill("[name=body]", WRITTEN + "断网时又一句。")
    page.context.set_offline(False)
    settled(page)
    assert world.fresh(reply).body == WRITTEN + "断网时又一句。"
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('dafu:')).length") == 0


def test_a_tab_that_was_closed_without_the_network_offers_its_text_again(world, desk):
    reply, page = desk
    before = world.fresh(reply).body
    page.context.set_offline(True)
    page.fill("[name=body]", WRITTEN)
    page.close()
    assert world.fresh(reply).body == before
    again = page.context.new_page()
    again.context.set_offline(False)
    again.goto(f"/replies/{reply.pk}/draft/")
    status = again.locator("[data-save-status]")
    expect(status.get_by_role("button")).to_have_count(2)
    assert again.input_value("[name=body]") != WRITTEN
    status.get_by_role("button").first.click()
    assert again.input_value("[name=body]") == WRITTEN
    settled(again)
    assert world.fresh(reply).body == WRITTEN


def test_a_tab_that_was_closed_in_the_middle_of_a_word_has_lost_nothing(world, desk):
    reply, page = desk
    page.fill("[name=body]", WRITTEN)
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(f"/replies/{reply.pk}/draft/")
    if again.input_value("[name=body]") != WRITTEN:  # it was saved on the way out, or else is offered
        again.locator("[data-save-status]").get_by_role("button").first.click()
        settled(again)
    assert world.fresh(reply).body == WRITTEN


def test_an_ended_session_gives_the_text_back_in_a_new_tab_and_only_to_its_writer(world, desk):
    reply, page = desk
    Session.objects.all().delete()
    page.fill("[name=body]", WRITTEN)
    page.locator("[name=body]").blur()
    expect(page.locator('main a[href*="/accounts/login/"]')).to_be_visible(timeout=10_000)
    page.close(run_before_unload=False)
    other = page.context.new_page()
    sign_in(other, world.checker.user.username, PASSWORD)
    other.goto(f"/replies/{reply.pk}/")
    assert WRITTEN not in other.content()
    Session.objects.all().delete()
    sign_in(other, world.clerk.user.username, PASSWORD)
    other.goto(f"/replies/{reply.pk}/draft/")
    other.locator("[data-save-status]").get_by_role("button").first.click()
    settled(other)
    assert world.fresh(reply).body == WRITTEN


def test_signing_out_leaves_nothing_on_an_office_machine(world, desk):
    _reply, page = desk
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(True)
    page.fill("[name=body]", WRITTEN)
    assert "还没有存" in page.evaluate("JSON.stringify(localStorage)")
    page.context.set_offline(False)
    page.evaluate("document.querySelector('form[data-sign-out]').requestSubmit()")
    page.wait_for_load_state("networkidle")
    assert "还没有存" not in page.evaluate("JSON.stringify(localStorage)")


def test_two_writers_are_told_and_both_texts_become_one(world, desk, person):
    reply, first = desk
    with world.scope():
        colleague = post(world.assembly, Role.CLERK, bureau=world.clerk.bureau)
    second = person(colleague.user, PASSWORD)
    second.goto(f"/replies/{reply.pk}/draft/")
    assert world.clerk.user.name in second.inner_text("[data-present]")
    start = first.input_value("[name=body]")
    first.fill("[name=body]", start + "\n甲写的一段。")
    settled(first)
    assert colleague.user.name in first.inner_text("[data-present]")

    second.fill("[name=body]", "乙写在最前面的一段。\n" + start)
    second.locator("[name=body]").blur()
    bring = second.locator("[data-save-status]").get_by_role("button")
    expect(bring).to_be_visible(timeout=10_000)
    with second.expect_navigation():
        bring.click()
    both = f"乙写在最前面的一段。\n{start}\n甲写的一段。"
    assert second.input_value("[name=body]") == both
    with second.expect_navigation():
        second.click("main form [value=save]")
    assert world.fresh(reply).body == both
    second.wait_for_load_state("networkidle")


def test_the_page_of_three_texts_can_be_used_by_all_and_without_script(world, desk, person):
    reply, first = desk
    with world.scope():
        colleague = post(world.assembly, Role.CLERK, bureau=world.clerk.bureau)
    second = person(
        colleague.user, PASSWORD, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    second.goto(f"/replies/{reply.pk}/draft/")
    start = first.input_value("[name=body]")
    first.fill("[name=body]", start.replace("强意识", "甲强意识"))
    settled(first)
    second.fill("[name=body]", start.replace("强意识", "乙强意识"))
    second.click("main form [data-save-act]")
    second.check("[name=choice-1][value=mine]")
    second.click("main form [value=choose]")
    assert "甲强意识" not in second.input_value("[name=body]")
    assert "乙强意识" in second.input_value("[name=body]")
    address = second.locator("main form[action*=together]").get_attribute("action")
    looking = person(colleague.user, PASSWORD, viewport={"width": 360, "height": 740})
    looking.goto(address)
    assert list(faults_on(looking, Axe())) == []
    second.click("main form [value=save]")
    assert "乙强意识" in world.fresh(reply).body


def test_a_word_file_is_dropped_on_the_text_and_taken_over(world, desk, tmp_path):
    reply, page = desk
    page.set_viewport_size({"width": 360, "height": 740})
    file = tmp_path / "答复.docx"
    lines = ("一、从文件来的一段。", "二、又一段。")
    file.write_bytes(docx_out.write(Letter("plain", "标题", ("区妇联",), lines, None)))
    page.fill("[name=body]", WRITTEN)
    page.set_input_files("#word-file", str(file))
    with page.expect_navigation():
        page.evaluate(DROP)
    assert page.input_value("[name=text]") == "\n".join(lines)
    assert list(faults_on(page, Axe())) == []
    with page.expect_navigation():
        page.click("main form [data-main-act]")
    assert world.fresh(reply).body == "\n".join(lines)
    with world.scope():
        assert reply.saves.filter(body=WRITTEN).exists()
    page.locator("#word summary").click()
    assert list(faults_on(page, Axe())) == []
    page.wait_for_load_state("networkidle")


# ---- the server is killed in the middle of saving

ROOT = Path(__file__).resolve().parents[2]
# What the server has acknowledged, in the words that were sent.
NOTE_ACKNOWLEDGED = """() => {
    const real = window.fetch;
    window.fetch = async (address, options) => {
        const answer = await real(address, options);
        if (answer.ok && String(address).includes("autosave")) window.acknowledged = options.body.get("body");
        return answer;
    };
    const field = document.querySelector("[name=body]");
    const form = field.form;
    window.typing = setInterval(() => {
        field.value += "字";
        field.dispatchEvent(new Event("input", {bubbles: true}));
        form.dispatchEvent(new CustomEvent("dafu:save"));
    }, 20);
}"""


def database_url():
    facts = settings.DATABASES["default"]
    if facts["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{facts['NAME']}"
    name, host, port = facts["NAME"], facts["HOST"] or "localhost", facts["PORT"] or 5432
    return f"postgres://{facts['USER']}:{facts['PASSWORD']}@{host}:{port}/{name}"


class Server:
    """A server process of its own, on the database of the test."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
        self.command += ["--threads", "4", "--log-level", "critical"]

    def start(self):
        env = os.environ | {"DATABASE_URL": database_url(), "VAR_DIR": str(settings.VAR_DIR)}
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=env, start_new_session=True)
        ends = time.monotonic() + 25
        while time.monotonic() < ends:
            try:
                urllib.request.urlopen(f"{self.address}/accounts/login/", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise TimeoutError(self.address)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(world, unused_port):
    made = Server(unused_port)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_server_that_is_killed_while_it_saves_has_kept_what_it_acknowledged(world, chromium, server):
    reply = world.drafting()
    # Not `person`: there, a server that does not answer is a fault.
    context = chromium.new_context(base_url=server.address)
    page = context.new_page()
    sign_in(page, world.clerk.user.username, PASSWORD)
    page.goto(f"/replies/{reply.pk}/draft/")
    page.evaluate(NOTE_ACKNOWLEDGED)
    ends = time.monotonic() + 15
    while "字字字" not in (page.evaluate("window.acknowledged") or "") and time.monotonic() < ends:
        page.wait_for_timeout(50)
    page.wait_for_timeout(333)
    server.kill()
    page.evaluate("clearInterval(window.typing)")
    acknowledged = page.evaluate("window.acknowledged")
    assert world.fresh(reply).body.startswith(acknowledged)
    with world.scope():
        assert reply.saves.order_by("-number").first().body == world.fresh(reply).body

    typed = page.input_value("[name=body]")
    server.start()
    page.locator("[name=body]").press("Control+s")
    settled(page)
    assert world.fresh(reply).body == typed
    assert page.input_value("[name=body]") == typed
    context.close()
