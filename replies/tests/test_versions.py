"""The history of a reply: what is kept, compared, put back; for whom; and whose words stand where."""

import datetime as dt
import importlib
import io
import re
from collections.abc import Callable
from typing import Any

import pdfplumber
import pytest
from django.apps import apps
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from office import clock, events
from office.workflow import Refused
from organizations.models import Post, Role
from replies import policies, services, version_selectors
from replies.models import DraftSave, Reply
from replies.version_keeping import LONGEST, MOST_PUT_IN, PAUSE
from tests.factories import World, assembly, bureau, item, post

Browser = Callable[[Post], Client]
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
Kind = DraftSave.Kind


def url(name: str, reply: Reply, *more: str) -> str:
    return reverse(f"replies:{name}", args=[reply.pk, *more])


class Desk:
    """A draft whose saves happen at set times."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, NOON
        with clock.at(NOON - dt.timedelta(days=1)):
            self.reply = world.drafting()

    def write(
        self, body: str, after: dt.timedelta = 5 * SECOND, who: Post | None = None, **more: Any
    ) -> Reply:
        self.at += after
        facts = {"result_class": self.reply.result_class, "disclosure": self.reply.disclosure} | more
        with self.world.scope(), clock.at(self.at):
            return services.reply_save(
                reply_id=self.reply.pk, post=who or self.world.clerk, body=body, **facts
            )

    def restore(self, state: str, after: dt.timedelta = 5 * SECOND, **more: Any) -> DraftSave:
        self.at += after
        with self.world.scope(), clock.at(self.at):
            return services.reply_restore(reply_id=self.reply.pk, post=self.world.clerk, state=state, **more)

    def send(self) -> None:
        self.at += SECOND
        with self.world.scope(), clock.at(self.at):
            services.reply_send(reply_id=self.reply.pk, post=self.world.clerk)

    def saves(self) -> list[DraftSave]:
        with self.world.scope():
            return list(DraftSave.objects.filter(reply=self.reply).order_by("number"))

    def bodies(self) -> list[str]:
        """What was written at this desk: without how it was begun, and what the world wrote first."""
        return [save.body for save in self.saves()[2:]]


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def colleague(world: World) -> Post:
    return post(world.assembly, Role.CLERK)


def test_typing_without_a_pause_is_one_row(desk: Desk):
    for text in ("一、强", "一、强意识", "一、强意识，从基层做起。"):
        desk.write(text)
    assert desk.bodies() == ["一、强意识，从基层做起。"]
    last = desk.saves()[-1]
    assert last.at - last.since == 10 * SECOND


@pytest.mark.parametrize("pause", [PAUSE, 10 * PAUSE])
def test_a_pause_begins_a_new_row(desk: Desk, pause: dt.timedelta):
    desk.write("一、强。")
    desk.write("一、强意识。", after=pause)
    desk.write("一、强意识，从基层做起。")
    assert desk.bodies() == ["一、强。", "一、强意识，从基层做起。"]


def test_another_person_begins_a_new_row(desk: Desk, colleague: Post):
    desk.write("甲。")
    desk.write("甲乙。", who=colleague)
    desk.write("甲乙丙。")
    assert desk.bodies() == ["甲。", "甲乙。", "甲乙丙。"]


def test_what_is_pasted_or_wiped_out_leaves_the_text_before_it(desk: Desk):
    long = "一、开头。" + "长" * (MOST_PUT_IN + 1)
    for text in ("一、开头。", long, "", "又写。"):
        desk.write(text)
    assert desk.bodies() == ["一、开头。", long, "又写。"]


def test_small_losses_add_up(desk: Desk):
    desk.write("甲" * 200)
    for left in range(190, 90, -10):
        desk.write("甲" * left)
    assert len(desk.bodies()) >= 3


def test_hours_of_typing_are_several_rows(desk: Desk):
    desk.write("甲")
    for n in range(60):
        desk.write("甲" + "乙" * n, after=dt.timedelta(minutes=1))
    assert len(desk.bodies()) >= dt.timedelta(minutes=60) / LONGEST


def test_a_press_on_save_stays_as_it_is(desk: Desk):
    desk.write("甲。")
    desk.write("甲。", by_hand=True)  # saved by itself just before
    desk.write("甲乙。")
    assert desk.bodies() == ["甲。", "甲乙。"]
    assert [save.kind for save in desk.saves()[2:]] == [Kind.SAVED, Kind.ITSELF]


def test_what_was_sent_up_is_not_grown_afterwards(desk: Desk):
    desk.write("一、强意识。")
    desk.send()
    with desk.world.scope():
        services.reply_recall(reply_id=desk.reply.pk, post=desk.world.clerk)
    desk.write("一、强意识吧。")
    assert desk.bodies() == ["一、强意识。", "一、强意识吧。"]


def test_a_save_that_changes_nothing_is_no_row(desk: Desk, colleague: Post):
    desk.write("甲。")
    desk.write("甲。", after=PAUSE)
    desk.write("甲。", who=colleague, by_hand=True)
    assert desk.bodies() == ["甲。"]


def test_a_choice_alone_is_kept_too(desk: Desk):
    desk.write("甲。")
    desk.write("甲。", after=PAUSE, result_class=item(desk.world.assembly, "result_class", "A"))
    assert [save.result_class.key for save in desk.saves()[2:]] == ["B", "A"]


def test_the_beginning_and_a_fix_of_the_check_are_rows(desk: Desk):
    assert [save.kind for save in desk.saves()] == [Kind.BEGUN, Kind.ITSELF]
    desk.write("一、强意识,从基层做起。")
    with desk.world.scope():
        services.reply_mend(reply_id=desk.reply.pk, post=desk.world.clerk, what="all")
    assert desk.saves()[-1].kind == Kind.MENDED


def test_a_draft_from_before_saves_were_kept_has_one(desk: Desk):
    migration = importlib.import_module("replies.migrations.0009_first_saves")
    with scopes_disabled():
        DraftSave.objects.all().delete()
        migration.give_saves(apps, None)
        migration.give_saves(apps, None)
    [save] = desk.saves()
    assert (save.body, save.post, save.number) == (desk.reply.body, desk.world.clerk, 1)
    desk.write("接着写。")
    assert [save.number for save in desk.saves()] == [1, 2]


# ---- putting back


def test_putting_back_is_a_new_save_and_can_be_undone(desk: Desk):
    desk.write("第一稿。")
    desk.write("完全不同的第二稿。", after=PAUSE)
    first, second = desk.saves()[-2:]
    desk.restore(first.name)
    assert desk.world.fresh(desk.reply).body == "第一稿。"
    assert desk.bodies() == ["第一稿。", "完全不同的第二稿。", "第一稿。"]
    with desk.world.scope():
        undo = version_selectors.undo_of(desk.world.fresh(desk.reply))
        assert undo
        assert undo.before == second.name
    desk.restore(undo.before)
    assert desk.world.fresh(desk.reply).body == "完全不同的第二稿。"
    assert len(desk.bodies()) == 4


def test_a_version_can_be_put_back_with_its_class(desk: Desk):
    desk.write("一、强意识。")
    desk.send()
    with desk.world.scope():
        services.reply_recall(reply_id=desk.reply.pk, post=desk.world.clerk)
    desk.write("改了。", result_class=item(desk.world.assembly, "result_class", "A"))
    desk.restore("v1")
    reply = desk.world.fresh(desk.reply)
    with desk.world.scope():
        assert (reply.body, reply.result_class.key) == ("一、强意识。", "B")
        story = events.story(reply.proposal)
    assert story[0].text == "put the draft back to version 1"


def test_the_log_says_what_was_put_back(desk: Desk):
    desk.write("第一稿。")
    name = desk.saves()[-1].name
    desk.write("第二稿完全不同。", after=PAUSE)
    desk.restore(name)
    with desk.world.scope():
        [line] = [line for line in events.story(desk.reply.proposal) if line.act == "reply.restore_save"]
    assert "20:00" in line.text  # in the assembly's own time


def test_what_was_sent_up_is_not_put_back(desk: Desk):
    desk.write("一、强意识。")
    desk.send()
    with pytest.raises(Refused, match="Only a draft"):
        desk.restore("s1")
    assert len(desk.bodies()) == 1


def test_putting_back_what_stands_there_is_refused(desk: Desk):
    desk.write("甲。")
    with pytest.raises(Refused, match="already"):
        desk.restore(desk.saves()[-1].name)


def test_nobody_puts_back_over_what_they_have_not_seen(desk: Desk):
    seen = desk.write("甲。").lock_version
    desk.write("甲乙。", after=PAUSE)
    with pytest.raises(Refused):
        desk.restore("s1", version_seen=seen)


@pytest.mark.parametrize("state", ["s99", "v1", "x1", "s", "s-1", "s１", "s" + "9" * 30])
def test_a_state_that_is_none_is_not_found(desk: Desk, state: str):
    with pytest.raises(Http404):
        desk.restore(state)


# ---- pages


def test_the_history_tells_who_when_and_how_much(desk: Desk, colleague: Post, browser: Browser):
    desk.write("甲。")
    desk.write("甲乙丙。", who=colleague)
    desk.write("一、强意识。", after=PAUSE)
    desk.send()
    page = browser(desk.world.checker).get(url("history", desk.reply)).content.decode()
    assert colleague.user.name in page
    assert "Sent up as version 1" in page
    assert re.search(r'class="diff">甲<ins>.*?乙丙<.*?</ins>。</div>', page)
    assert "+2" in page
    assert "restore" not in page


def test_the_history_has_pages(desk: Desk, browser: Browser):
    for n in range(60):
        desk.write(f"第{n}稿。", after=PAUSE)
    client = browser(desk.world.clerk)
    assert client.get(url("history", desk.reply)).content.decode().count('name="b"') == 50
    assert client.get(url("history", desk.reply) + "?page=2").content.decode().count('name="b"') == 12


def test_any_two_are_compared_in_whatever_order(desk: Desk, browser: Browser):
    desk.write("我局将后段推广。")
    desk.write("我局将年底前推广。", after=PAUSE)
    first, second = desk.saves()[-2:]
    client = browser(desk.world.leader)
    for query in (
        f"?a={first.name}&b={second.name}",
        f"?a={second.name}&b={first.name}",
        f"?b={second.name}",
    ):
        page = client.get(url("compare", desk.reply) + query).content.decode()
        assert re.search(
            r'class="diff">我局将<del>.*?后段<.*?</del><ins>.*?年底前<.*?</ins>推广。</div>', page
        )
    for query in ("?a=s77", "?a=v1", "?a=%00"):
        assert client.get(url("compare", desk.reply) + query).status_code == 404


def test_the_clerk_puts_back_with_one_click_and_is_offered_the_way_back(desk: Desk, browser: Browser):
    desk.write("第一稿。")
    desk.write("完全不同的第二稿。", after=PAUSE)
    first, second = desk.saves()[-2:]
    client = browser(desk.world.clerk)
    page = client.get(url("state", desk.reply, first.name)).content.decode()
    assert url("restore", desk.reply, first.name) in page
    seen = desk.world.fresh(desk.reply).lock_version
    facts = {"key": "k1", "version_seen": seen}
    answer = client.post(url("restore", desk.reply, first.name), facts, follow=True)
    assert "第一稿。" in answer.content.decode()
    assert url("restore", desk.reply, second.name) in answer.content.decode()
    client.post(url("restore", desk.reply, first.name), facts)  # a second click
    assert len(desk.bodies()) == 3


def test_a_draft_that_is_sent_by_hand_is_marked_so(desk: Desk, browser: Browser):
    reply = desk.world.fresh(desk.reply)
    facts = {"body": "手动保存。", "version_seen": reply.lock_version, "act": "save"}
    browser(desk.world.clerk).post(url("draft", reply), facts)
    assert desk.saves()[-1].kind == Kind.SAVED


PAGES = [("history",), ("compare",), ("state", "s1"), ("marked",), ("marked_pdf",)]


@pytest.mark.parametrize("page", PAGES)
def test_the_bureau_alone_knows_of_the_history(desk: Desk, browser: Browser, page: tuple[str, ...]):
    world = desk.world
    address = url(page[0], desk.reply, *page[1:])
    for role in (Role.CLERK, Role.CHECKER, Role.LEADER, Role.SEALKEEPER):
        assert browser(world.posts[role]).get(address).status_code == 200
    elsewhere = bureau(world.assembly)
    others = [post(world.assembly, Role.LEADER, bureau=elsewhere), post(assembly(), Role.CLERK)]
    for other in (*others, world.filer, world.reviewer, world.dispatcher, world.auditor, world.member):
        assert browser(other).get(address).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("checker", 403), ("leader", 403), ("filer", 404), ("reviewer", 404)]
)
def test_only_a_clerk_of_the_bureau_puts_back(desk: Desk, browser: Browser, role: str, status: int):
    answer = browser(desk.world.posts[role]).post(url("restore", desk.reply, "s1"), {"key": "k"})
    assert answer.status_code == status


def test_a_state_of_another_reply_is_not_found(desk: Desk, browser: Browser):
    desk.write("甲。")
    other = desk.world.drafting()
    name = desk.saves()[-1].name
    assert browser(desk.world.clerk).get(url("state", other, name)).status_code == 404


# ---- everyone's changes by name


def runs(desk: Desk, **more: Any) -> list[list[tuple[str, str, str]]]:
    with desk.world.scope():
        reply = policies.get_or_404(desk.world.clerk, desk.reply.pk)
        found = version_selectors.marked_of(reply, **more)
    return [
        [(run.text, run.by.name if run.by else "", run.gone.name if run.gone else "") for run in line]
        for line in found.paragraphs
    ]


def test_every_character_has_its_author(desk: Desk, colleague: Post):
    clerk, other = desk.world.clerk.user.name, colleague.user.name
    opening = desk.saves()[0].body
    desk.write(f"{opening}\n我局将后段推广好方法。")
    desk.write(f"{opening}\n我局将年底前推广好方法和模式。", who=colleague)
    desk.write(f"{opening}\n我局将年底前推广好模式。")
    assert runs(desk)[: opening.count("\n") + 1] == [[(line, "", "")] for line in opening.split("\n")]
    assert runs(desk)[-1] == [
        ("我局将", clerk, ""),
        ("后段", "", other),
        ("年底前", other, ""),
        ("推广好", clerk, ""),
        ("方法和", "", clerk),
        ("模式", other, ""),
        ("。", clerk, ""),
    ]


def test_ones_own_false_starts_are_not_shown_before_others_saw_them(desk: Desk):
    clerk = desk.world.clerk.user.name
    desk.write("一、强意思。")
    desk.write("一、强意识。", after=PAUSE)
    assert "思" not in str(runs(desk))
    desk.send()
    with desk.world.scope():
        services.reply_recall(reply_id=desk.reply.pk, post=desk.world.clerk)
    desk.write("一、强认识。", after=PAUSE)
    assert ("意", "", clerk) in runs(desk)[-1]


def test_the_changes_since_a_version_leave_what_it_said_unmarked(desk: Desk):
    desk.write("一、强意识。")
    desk.send()
    with desk.world.scope():
        services.reply_recall(reply_id=desk.reply.pk, post=desk.world.clerk)
        version = desk.reply.versions.get()
    desk.write("一、强意识，做实事。", after=PAUSE)
    clerk = desk.world.clerk.user.name
    assert runs(desk, since=version) == [[("一、强意识", "", ""), ("，做实事", clerk, ""), ("。", "", "")]]


def test_the_page_and_the_print_name_everyone(desk: Desk, colleague: Post, browser: Browser):
    desk.write("我局将后段推广好方法。")
    desk.write("我局将年底前推广好方法。", who=colleague)
    client = browser(desk.world.leader)
    page = client.get(url("marked", desk.reply)).content.decode()
    assert page.count(colleague.user.name) >= 3  # the legend, what was put in, what was taken out
    pdf = client.get(url("marked_pdf", desk.reply))
    assert pdf.headers["Content-Type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(pdf.content)) as sheets:
        text = "".join(sheet.extract_text() for sheet in sheets.pages).replace("\n", "")
    assert f"{colleague.user.name}删" in text
    assert "年底前" in text
    assert "后段" in text
