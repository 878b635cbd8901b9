"""Two people in one draft: who is told of whom, and that nothing either of them wrote is lost."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from office import clock
from organizations.models import Post, Role
from proposals.models import Suggestion
from replies import services, together_merge, together_presence, together_services, version_selectors
from replies.models import DraftSave, PointAnswer, Reply, ReplyPresence
from replies.together_merge import BOTH, CONFLICT, MINE, THEIRS
from tests.factories import World, post

Browser = Callable[[Post], Client]
BODY = "一、第一段。\n二、第二段。\n三、第三段。"
NOON = dt.datetime(2026, 3, 2, 12, 3, tzinfo=dt.UTC)


def url(name: str, reply: Reply, *more: str) -> str:
    return reverse(f"replies:{name}", args=[reply.pk, *more])


@pytest.fixture
def pair(world: World) -> tuple[Reply, Post, Post]:
    """A draft, and two clerks of one bureau."""
    reply = world.drafting()
    with world.scope():
        facts = {"result_class": None, "disclosure": None}
        reply = services.reply_save(reply_id=reply.pk, post=world.clerk, body=BODY, by_hand=True, **facts)
        other = post(world.assembly, Role.CLERK, bureau=world.clerk.bureau)
    return reply, world.clerk, other


def typed(world: World, seen: int, body: str, **more: Any) -> dict[str, Any]:
    return {"body": body, "version_seen": seen, "key": "", "act": "save"} | more


# ---- three texts


def made(base: str, theirs: str, mine: str) -> tuple[str, list[str]]:
    chunks = together_merge.merge(base, theirs, mine)
    return together_merge.text_of(chunks), [chunk.kind for chunk in chunks if chunk.kind != "same"]


def test_paragraphs_that_one_side_changed_are_taken_in():
    theirs, mine = BODY.replace("第一段", "第一段甲"), BODY + "\n四、乙的新段。"
    assert made(BODY, theirs, mine) == (
        "一、第一段甲。\n二、第二段。\n三、第三段。\n四、乙的新段。",
        [THEIRS, MINE],
    )


def test_what_both_changed_stands_twice_until_somebody_chooses():
    theirs, mine = BODY.replace("第二段", "甲的话"), BODY.replace("第二段", "乙的话")
    chunks = together_merge.merge(BODY, theirs, mine)
    assert [chunk.kind for chunk in chunks] == ["same", CONFLICT, "same"]
    assert together_merge.text_of(chunks) == "一、第一段。\n二、甲的话。\n二、乙的话。\n三、第三段。"
    assert together_merge.text_of(chunks, {1: MINE}) == mine
    assert together_merge.text_of(chunks, {1: THEIRS}) == theirs


def test_the_same_change_is_no_conflict_and_a_deletion_gives_way_to_words():
    same = BODY.replace("第二段", "同一句")
    assert made(BODY, same, same) == (same, [])
    gone = "一、第一段。\n三、第三段。"
    assert made(BODY, gone, BODY.replace("第二段", "乙的话")) == (
        BODY.replace("第二段", "乙的话"),
        [CONFLICT],
    )


def test_who_only_typed_on_is_no_conflict():
    theirs, mine = (
        BODY.replace("二、第二段。", "二、第二段。已"),
        BODY.replace("二、第二段。", "二、第二段。已完成。"),
    )
    assert made(BODY, theirs, mine) == (mine, [MINE])


def test_choices_leave_what_was_written_by_hand():
    theirs, mine = BODY.replace("第二段", "甲的话"), BODY.replace("第二段", "乙的话")
    chunks = together_merge.merge(BODY, theirs, mine)
    by_hand = together_merge.text_of(chunks).replace("第三段", "改过的第三段")
    text, missed = together_merge.rechosen(by_hand, chunks, {1: BOTH}, {1: MINE})
    assert (text, missed) == (mine.replace("第三段", "改过的第三段"), [])
    text, missed = together_merge.rechosen("全部改写。", chunks, {1: BOTH}, {1: MINE})
    assert (text, missed) == ("全部改写。", [1])


@pytest.mark.parametrize("seed", range(300))
def test_every_paragraph_that_either_side_put_in_is_there(seed: int):
    chance = random.Random(seed)
    base = [f"第{n}段。" for n in range(chance.randrange(0, 9))]
    sides = []
    for name in ("甲", "乙"):
        lines = list(base)
        for n in range(chance.randrange(0, 6)):
            at = chance.randrange(len(lines) + 1)
            match chance.choice(("in", "out", "change", "empty")):
                case "in":
                    lines.insert(at, f"{name}加的第{n}句。")
                case "out" if at < len(lines):
                    del lines[at]
                case "change" if at < len(lines):
                    lines[at] = f"{lines[at]}{name}改{n}。"
                case "empty":
                    lines.insert(at, "")
        sides.append(lines)
    theirs, mine = sides
    text, _kinds = made(*("\n".join(lines) for lines in (base, theirs, mine)))
    for line in {*theirs, *mine} - set(base):
        assert line in text
    for line in set(theirs) & set(mine) & set(base):
        assert line in text
    if theirs == base:
        assert text == "\n".join(mine)
    if mine == base:
        assert text == "\n".join(theirs)


def test_a_text_of_thousands_of_lines_takes_no_age():
    base = "\n" * 100_000
    assert "甲" in made(base, base[:500] + "甲" + base[:70_000], base[:600] + "乙" + base[:90_000])[0]


# ---- who is here


def test_the_second_is_told_of_the_first(world: World, browser: Browser, pair: Any):
    reply, first, second = pair
    with clock.at(NOON):
        browser(first).get(url("draft", reply))
        answer = browser(second).get(url("draft", reply))
    assert first.user.name in "".join(answer.context["others"])
    assert "20:03" in "".join(answer.context["others"])  # in Beijing
    with clock.at(NOON + dt.timedelta(seconds=30)):
        told = browser(first).post(url("present", reply)).json()
        saved = browser(first).post(
            url("autosave", reply), typed(world, reply.lock_version, BODY + "\n四、新。")
        )
    assert second.user.name in told["others"][0]
    assert second.user.name in saved.json()["others"][0]
    with clock.at(NOON + dt.timedelta(seconds=65)):
        assert browser(second).post(url("present", reply)).json()["others"]  # the first was heard of 35 s ago
    with clock.at(NOON + dt.timedelta(seconds=200)):
        assert browser(second).post(url("present", reply)).json()["others"] == []


def test_since_is_when_this_stay_began(world: World, pair: Any):
    reply, first, second = pair
    with world.scope():
        for seconds in (0, 30, 60, 300, 330):
            with clock.at(NOON + dt.timedelta(seconds=seconds)):
                together_presence.seen(reply, first)
        with clock.at(NOON + dt.timedelta(seconds=331)):
            (one,) = together_presence.others_in(reply, second)
    assert one.since == NOON + dt.timedelta(seconds=300)


def test_who_only_reads_is_not_in_the_draft(world: World, browser: Browser):
    reply = world.drafting()
    browser(world.checker).get(url("draft", reply))
    assert browser(world.checker).post(url("present", reply)).status_code == 403
    with world.scope():
        assert not ReplyPresence.objects.exists()


# ---- both saved


def test_what_came_too_late_is_kept_and_shown_beside(world: World, browser: Browser, pair: Any):
    reply, first, second = pair
    pages = [browser(one) for one in (first, second)]
    for page in pages:
        page.get(url("draft", reply))
    seen = world.fresh(reply).lock_version
    theirs, mine = (
        BODY.replace("第一段", "甲的话"),
        BODY.replace("第一段", "乙的话").replace("第三段", "乙的三"),
    )
    pages[0].post(url("draft", reply), typed(world, seen, theirs))
    answer = pages[1].post(url("draft", reply), typed(world, seen, mine))
    assert answer.status_code == 409
    assert answer.context["form"]["body"].value() == "一、甲的话。\n一、乙的话。\n二、第二段。\n三、乙的三。"
    assert first.user.name in answer.context["savers"]
    assert world.fresh(reply).body == theirs
    with world.scope():
        aside = DraftSave.objects.get(kind="aside")
    assert (aside.body, aside.from_save.body) == (mine, BODY)

    again = pages[1].get(url("together", reply, aside.name))
    assert again.status_code == 200
    now = world.fresh(reply).lock_version
    choose = typed(world, now, answer.context["form"]["body"].value(), act="choose")
    chosen = pages[1].post(url("together", reply, aside.name), choose | {"was-1": "both", "choice-1": "mine"})
    text = chosen.context["form"]["body"].value()
    assert text == "一、乙的话。\n二、第二段。\n三、乙的三。"
    saved = pages[1].post(url("together", reply, aside.name), typed(world, now, text))
    assert saved.status_code == 302
    assert world.fresh(reply).body == text
    with world.scope():
        bodies = set(DraftSave.objects.values_list("body", flat=True))
    assert {BODY, theirs, mine, text} <= bodies


def test_an_autosave_that_comes_too_late_is_kept_and_grows(world: World, browser: Browser, pair: Any):
    reply, first, second = pair
    for one in (first, second):
        browser(one).get(url("draft", reply))
    browser(first).post(
        url("autosave", reply), typed(world, reply.lock_version, BODY.replace("第一段", "甲"))
    )
    page = browser(second)
    for text in ("乙", "乙写", "乙写的"):
        mine = BODY.replace("第一段", text)
        assert page.post(url("autosave", reply), typed(world, reply.lock_version, mine)).status_code == 409
    with world.scope():
        assert [save.body for save in DraftSave.objects.filter(kind="aside")] == [mine]


def test_a_page_that_is_behind_but_has_all_of_it_saves(world: World, browser: Browser, pair: Any):
    """The answer to the last save never arrived: the same person types on and is no stranger to themself."""
    reply, first, _second = pair
    page = browser(first)
    page.get(url("draft", reply))
    page.post(url("autosave", reply), typed(world, reply.lock_version, BODY + "\n四、写了一半"))
    answer = page.post(
        url("autosave", reply), typed(world, reply.lock_version, BODY + "\n四、写了一半，写完了。")
    )
    assert answer.status_code == 200
    assert world.fresh(reply).body.endswith("写完了。")


def test_the_row_that_somebodys_page_shows_does_not_grow(world: World, pair: Any):
    reply, first, second = pair
    facts = {"reply_id": reply.pk, "result_class": None, "disclosure": None}
    with world.scope():
        with clock.at(NOON):
            saved = services.reply_save(post=first, body=BODY + "\n四、一", **facts)
            together_presence.begin(saved, second)
        with clock.at(NOON + dt.timedelta(seconds=3)):
            services.reply_save(post=first, body=BODY + "\n四、一二", **facts)
        with clock.at(NOON + dt.timedelta(seconds=6)):
            services.reply_save(post=first, body=BODY + "\n四、一二三", **facts)
        bodies = list(reply.saves.values_list("body", flat=True))
    assert bodies[-2:] == [BODY + "\n四、一", BODY + "\n四、一二三"]


def test_what_is_set_aside_never_was_the_draft(world: World, browser: Browser, pair: Any):
    reply, first, second = pair
    facts = {"reply_id": reply.pk, "result_class": None, "disclosure": None}
    with world.scope():
        saved = services.reply_save(post=first, body=BODY + "\n四、甲。", **facts)
        aside = together_services.set_aside(
            post=second, body="乙的。", version_seen=reply.lock_version, **facts
        )
        services.reply_save(post=first, body=BODY + "\n四、甲。\n五、又。", by_hand=True, **facts)
        reply = world.fresh(reply)
        rows = version_selectors.history_of(reply)
        marked = version_selectors.marked_of(reply)
        assert second.user in reply.writers.all()
    assert [row.is_now for row in rows if row.name == aside.name] == [False]
    assert sum(row.is_now for row in rows) == 1
    assert all(row.before != aside.name for row in rows)
    assert "乙的" not in str(marked)
    assert saved.body not in ("乙的。",)
    page = browser(first).get(url("history", reply))
    assert "Set aside" in page.content.decode()


def test_answers_to_suggestions_survive_the_page(world: World, browser: Browser, pair: Any):
    reply, first, second = pair
    with world.scope():
        one, two = (
            Suggestion.objects.create(
                assembly=world.assembly, proposal=reply.proposal, order=90 + n, text=f"建议{n}"
            )
            for n in (1, 2)
        )
    pages = [browser(who) for who in (first, second)]
    for page in pages:
        page.get(url("draft", reply))

    def fields(suggestion: Suggestion, verdict: str, reason: str = "") -> dict[str, str]:
        values = {"verdict": verdict, "reason": reason, "due": "", "owner": "", "passage": ""}
        return {f"point-{suggestion.pk}-{name}": value for name, value in values.items()}

    seen = world.fresh(reply).lock_version
    theirs = fields(one, "adopted") | fields(two, "partly", "甲的理由")
    mine = fields(one, "") | fields(two, "not_adopted", "乙的理由")
    pages[0].post(url("draft", reply), typed(world, seen, BODY, **theirs))
    answer = pages[1].post(url("draft", reply), typed(world, seen, BODY + "\n四、乙。", **mine))
    assert answer.status_code == 409
    stands = {point.suggestion.pk: point.answer.verdict for point in answer.context["points"]}
    assert (stands[one.pk], stands[two.pk]) == ("adopted", "not_adopted")
    assert [row.n for row in answer.context["together"].answers] == [
        row.n for row in answer.context["points"]
    ][-1:]
    assert "甲的理由" in answer.content.decode()
    now = world.fresh(reply).lock_version
    merged = fields(one, "adopted") | fields(two, "not_adopted", "乙的理由")
    with world.scope():
        aside = DraftSave.objects.get(kind="aside")
    pages[1].post(url("together", reply, aside.name), typed(world, now, BODY + "\n四、乙。", **merged))
    with world.scope():
        kept = dict(PointAnswer.objects.values_list("suggestion_id", "verdict"))
    assert (kept[one.pk], kept[two.pk]) == ("adopted", "not_adopted")


def test_a_third_save_is_not_written_over_from_the_page_of_three_texts(
    world: World, browser: Browser, pair: Any
):
    reply, first, second = pair
    pages = [browser(who) for who in (first, second)]
    for page in pages:
        page.get(url("draft", reply))
    seen = world.fresh(reply).lock_version
    pages[0].post(url("draft", reply), typed(world, seen, BODY.replace("第一段", "甲")))
    first_409 = pages[1].post(url("draft", reply), typed(world, seen, BODY.replace("第一段", "乙")))
    shown = world.fresh(reply).lock_version
    name = first_409.context["aside"].name
    pages[0].post(url("draft", reply), typed(world, shown, BODY.replace("第一段", "甲又改")))
    for act in ("choose", "save"):
        text = typed(world, shown, BODY.replace("第一段", f"乙选的{act}"), act=act)
        assert pages[1].post(url("together", reply, name), text).status_code == 409
    assert "甲又改" in world.fresh(reply).body


def test_text_of_a_draft_that_went_up_is_kept_too(world: World, browser: Browser):
    reply = world.in_review()
    answer = browser(world.clerk).post(url("draft", reply), typed(world, 1, "一、晚到的一句。"))
    assert answer.status_code == 409
    assert answer.context["form"]["body"].value() == "一、晚到的一句。"
    with world.scope():
        assert DraftSave.objects.get(kind="aside").body == "一、晚到的一句。"


def test_the_page_is_for_the_bureaus_clerks(world: World, browser: Browser, pair: Any):
    reply, first, _second = pair
    with world.scope():
        facts = {"result_class": None, "disclosure": None, "version_seen": 1}
        aside = together_services.set_aside(reply_id=reply.pk, post=first, body="甲。", **facts)
    assert browser(world.checker).get(url("together", reply, aside.name)).status_code == 403
    assert browser(world.filer).get(url("together", reply, aside.name)).status_code == 404
    assert browser(first).get(url("together", reply, "s1")).status_code == 404
    assert browser(first).get(url("together", reply, "v1")).status_code == 404
