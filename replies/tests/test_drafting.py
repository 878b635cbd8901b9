"""The drafting desk: nothing typed is lost, nothing half-done goes up, nobody overwrites anybody unasked."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

import gongwen
from accounts import kept
from office import clock
from organizations.models import Post, Role
from replies import letters, services
from replies.models import Reply, ReplyVersion
from tests.factories import World, item, post

Browser = Callable[..., Client]


def typed(world: World, reply: Reply, body: str, **more: object) -> dict[str, object]:
    return {
        "body": body,
        "result_class": item(world.assembly, "result_class", "B").pk,
        "disclosure": item(world.assembly, "disclosure", "open").pk,
        "version_seen": reply.lock_version,
    } | more


def said(response) -> str:
    """What the page says now: the last message."""
    return str(list(get_messages(response.wsgi_request))[-1])


def url(name: str, reply: Reply) -> str:
    return reverse(f"replies:{name}", args=[reply.pk])


def test_start_leads_to_the_draft_with_opening_and_closing(world: World, browser: Browser):
    assignment = world.signed_in()
    response = browser(world.clerk).post(reverse("replies:start", args=[assignment.pk]), {"key": "k1"})
    with world.scope():
        reply = Reply.objects.get()
        assert response.url == url("draft", reply)
        assert "推进协商民主，优化基层自治" in reply.body


def test_a_second_start_leads_to_the_same_draft(world: World, browser: Browser):
    assignment = world.signed_in()
    clerk, address = browser(world.clerk), reverse("replies:start", args=[assignment.pk])
    answers = [clerk.post(address, {"key": key}) for key in ("k1", "k1", "k2")]
    with world.scope():
        assert {answer.url for answer in answers} == {url("draft", Reply.objects.get())}


def test_only_a_clerk_starts(world: World, browser: Browser):
    address = reverse("replies:start", args=[world.signed_in().pk])
    assert browser(world.leader).post(address).status_code == 403
    assert browser(world.dispatcher).post(address).status_code == 403
    assert browser(world.filer).post(address).status_code == 404


def test_the_desk_shows_question_text_findings_and_pages(world: World, browser: Browser):
    reply = world.drafting(body="一、强意识,从基层做起。")
    page = browser(world.clerk).get(url("draft", reply)).content.decode()
    assert "强化协商意识" in page
    assert "half-width marks" in page
    assert f'src="{reverse("replies:page", args=[reply.pk, 1])}?v=' in page
    assert f'data-autosave="{url("autosave", reply)}"' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("role", [Role.CHECKER, Role.LEADER, Role.SEALKEEPER])
def test_others_of_the_bureau_read_instead(world: World, browser: Browser, role: str):
    reply = world.drafting()
    assert browser(world.posts[role]).get(url("draft", reply)).url == url("review", reply)
    assert browser(world.posts[role]).post(url("draft", reply), {"body": "改"}).status_code == 403


def test_save_keeps_what_was_typed(world: World, browser: Browser):
    reply = world.drafting()
    response = browser(world.clerk).post(
        url("draft", reply), typed(world, reply, "一、新的正文。\r\n二、再写一段。")
    )
    assert response.url == url("draft", reply)
    assert world.fresh(reply).body == "一、新的正文。\n二、再写一段。"


def test_autosave_answers_with_time_and_version(world: World, browser: Browser):
    reply = world.drafting()
    answer = browser(world.clerk).post(url("autosave", reply), typed(world, reply, "一、新的正文。"))
    fresh = world.fresh(reply)
    assert answer.json()["version"] == fresh.lock_version == reply.lock_version + 1
    assert len(answer.json()["saved_at"]) == 5


def test_autosave_says_when_somebody_else_was_quicker(world: World, browser: Browser):
    reply = world.drafting()
    clerk = browser(world.clerk)
    clerk.post(url("autosave", reply), typed(world, reply, "一、甲写的。"))
    answer = clerk.post(url("autosave", reply), typed(world, reply, "一、乙写的。"))
    assert (answer.status_code, bool(answer.json()["message"])) == (409, True)
    assert world.fresh(reply).body == "一、甲写的。"


def test_autosave_says_when_it_is_no_draft_any_more(world: World, browser: Browser):
    reply = world.in_review()
    answer = browser(world.clerk).post(url("autosave", reply), typed(world, reply, "一、甲写的。"))
    assert (answer.status_code, bool(answer.json()["message"])) == (403, True)


def test_a_request_without_text_empties_nothing(world: World, browser: Browser):
    reply = world.drafting()
    answer = browser(world.clerk).post(url("autosave", reply), {"version_seen": reply.lock_version})
    assert answer.status_code == 422
    assert world.fresh(reply).body == reply.body


def test_a_save_overtaken_by_its_own_autosave_is_no_conflict(world: World, browser: Browser):
    """Leaving the field saves by itself while the click on "Save" is already on its way."""
    reply = world.drafting()
    clerk, form = browser(world.clerk), typed(world, reply, "一、同一段话。")
    clerk.post(url("autosave", reply), form)
    assert clerk.post(url("draft", reply), form).status_code == 302


def test_a_stale_save_shows_both_texts_as_one(world: World, browser: Browser):
    reply = world.drafting()
    clerk = browser(world.clerk)
    clerk.post(url("autosave", reply), typed(world, reply, "一、甲写的。"))
    response = clerk.post(url("draft", reply), typed(world, reply, "一、乙写的。"))
    assert response.status_code == 409
    assert response.context["form"]["body"].value() == "一、甲写的。\n一、乙写的。"
    assert world.fresh(reply).body == "一、甲写的。"
    again = typed(world, world.fresh(reply), "一、乙写的。")
    assert clerk.post(url("draft", reply), again).status_code == 302


def test_text_sent_after_the_draft_went_up_comes_back(world: World, browser: Browser):
    reply = world.drafting()
    with world.scope():
        services.reply_send(reply_id=reply.pk, post=world.clerk)
    response = browser(world.clerk).post(url("draft", reply), typed(world, reply, "一、晚到的一句。"))
    assert response.status_code == 409
    assert "一、晚到的一句。" in response.content.decode()


def test_send_freezes_a_version(world: World, browser: Browser):
    reply = world.drafting()
    browser(world.clerk).post(url("draft", reply), typed(world, reply, "一、定稿。", act="send", key="k1"))
    with world.scope():
        version = ReplyVersion.objects.get()
    assert (world.fresh(reply).state, version.number, version.body) == ("in_review", 1, "一、定稿。")


def test_a_second_click_on_send_changes_nothing(world: World, browser: Browser):
    reply = world.drafting()
    clerk, form = browser(world.clerk), typed(world, reply, "一、定稿。", act="send", key="k1")
    clerk.post(url("draft", reply), form)
    assert clerk.post(url("draft", reply), form).status_code == 302
    with world.scope():
        assert ReplyVersion.objects.count() == 1


def test_an_empty_body_is_saved_and_not_sent(world: World, browser: Browser):
    reply = world.drafting()
    form = typed(world, reply, "", act="send", key="k1")
    response = browser(world.clerk).post(url("draft", reply), form)
    assert response.status_code == 422
    assert "The letter has no text yet" in response.content.decode()
    assert (world.fresh(reply).state, world.fresh(reply).body) == ("drafting", "")


def test_a_text_beyond_all_measure_is_refused_and_kept_in_the_field(world: World, browser: Browser):
    reply = world.drafting()
    response = browser(world.clerk).post(url("draft", reply), typed(world, reply, "长" * 200_001))
    assert response.status_code == 422
    assert len(response.context["form"]["body"].value()) == 200_001


def test_a_refused_send_has_kept_the_text(world: World, browser: Browser):
    reply = world.drafting()
    form = typed(world, reply, "一、写好了。", act="send", key="k1", result_class="")
    response = browser(world.clerk).post(url("draft", reply), form)
    assert response.status_code == 422
    assert 'href="#div_id_result_class"' in response.content.decode()
    assert world.fresh(reply).body == "一、写好了。"


def test_a_character_without_a_font_is_named_and_not_sent(world: World, browser: Browser):
    reply = world.drafting()
    form = typed(world, reply, "一、这里有\ue000字。", act="send", key="k1")
    response = browser(world.clerk).post(url("draft", reply), form)
    assert response.status_code == 422
    assert "U+E000" in response.content.decode()
    assert world.fresh(reply).state == "drafting"
    assert "U+E000" in browser(world.clerk).get(url("preview", reply)).content.decode()
    assert browser(world.clerk).get(reverse("replies:page", args=[reply.pk, 1])).status_code == 404


def test_put_right_keeps_the_typed_text_and_widens_its_marks(world: World, browser: Browser):
    reply = world.drafting()
    form = typed(world, reply, "一、强意识,从基层做起.", act="mend:half-width")
    response = browser(world.clerk).post(url("draft", reply), form)
    assert said(response) == "2 places were put right."
    assert world.fresh(reply).body == "一、强意识，从基层做起。"


def mend_keys(page: str) -> list[str]:
    return re.findall(r'value="mend:([^"]+)"', page)


def test_a_finding_shows_what_its_fix_would_change_and_carries_it_out(world: World, browser: Browser):
    reply = world.drafting(body="一、强意识,从基层做起。\n　　我们我们将在2021-05-25前完成。\n\n三、求实效。")
    clerk = browser(world.clerk)
    page = clerk.get(url("draft", reply)).content.decode()
    (half_width,) = (key for key in mend_keys(page) if key.startswith("half-width."))
    assert len(mend_keys(page)) == 5
    assert mend_keys(page)[-1] == "all"
    assert "[taken out: </span>,<" in page
    assert "[put in: </span>2021年5月25日<" in page
    response = clerk.post(url("draft", reply), typed(world, reply, reply.body, act=f"mend:{half_width}"))
    assert (said(response), response.url) == ("1 place was put right.", url("draft", reply) + "#findings")
    assert world.fresh(reply).body == reply.body.replace("识,", "识，")
    clerk.post(url("draft", reply), typed(world, world.fresh(reply), world.fresh(reply).body, act="mend:all"))
    assert world.fresh(reply).body.endswith(
        "一、强意识，从基层做起。\n　　我们将在2021年5月25日前完成。\n\n二、求实效。"
    )


def test_a_fix_whose_place_was_typed_over_changes_nothing(world: World, browser: Browser):
    reply = world.drafting(body="一、强意识,从基层做起。")
    clerk = browser(world.clerk)
    key = mend_keys(clerk.get(url("draft", reply)).content.decode())[0]
    response = clerk.post(url("draft", reply), typed(world, reply, "一、另写一段,好。", act=f"mend:{key}"))
    assert "changed in the meantime" in said(response)
    assert world.fresh(reply).body == "一、另写一段,好。"


def test_a_scraped_text_is_offered_repaired(world: World, browser: Browser):
    raw = (Path(gongwen.__file__).parent / "tests/data/junshan-51.raw.txt").read_text()
    clean = (Path(gongwen.__file__).parent / "tests/data/junshan-51.txt").read_text()
    reply = world.drafting(body="\n".join(raw.splitlines()[4:11]))
    clerk = browser(world.clerk)
    keys = mend_keys(clerk.get(url("draft", reply)).content.decode())
    assert [key.partition(".")[0] for key in keys] == ["scraped"]
    clerk.post(url("draft", reply), typed(world, reply, reply.body, act=f"mend:{keys[0]}"))
    assert "\n".join(clean.splitlines()[4:11]) in world.fresh(reply).body


def test_put_right_has_an_address_of_its_own_that_asks_for_the_version_seen(world: World, browser: Browser):
    reply = world.drafting(body="一、强意识,从基层做起。")
    clerk = browser(world.clerk)
    form = {"what": "half-width", "version_seen": reply.lock_version}
    clerk.post(url("mend", reply), form | {"version_seen": reply.lock_version - 1})
    assert "一、强意识,从基层做起。" in world.fresh(reply).body
    assert said(clerk.post(url("mend", reply), form)) == "1 place was put right."
    assert "一、强意识，从基层做起。" in world.fresh(reply).body


def test_who_only_reads_is_offered_no_fix(world: World, browser: Browser):
    reply = world.drafting(body="一、强意识,从基层做起。")
    assert mend_keys(browser(world.checker).get(url("review", reply)).content.decode()) == []
    findings = browser(world.checker).get(url("preview", reply), {"part": "findings"}).content.decode()
    assert "half-width marks" in findings
    assert mend_keys(findings) == []


def test_a_text_with_hundreds_of_findings_makes_no_endless_page(world: World, browser: Browser):
    reply = world.drafting(body="我们的的工作,好。\n" * 200)
    page = browser(world.clerk).get(url("draft", reply)).content.decode()
    assert page.count('id="finding-') == 50
    assert "more are shown" in page


def test_send_has_an_address_of_its_own(world: World, browser: Browser):
    reply = world.drafting()
    form = {"version_seen": reply.lock_version, "key": "k1"}
    clerk = browser(world.clerk)
    assert clerk.post(url("send", reply), form).url == reply.get_absolute_url()
    assert said(clerk.post(url("send", reply), form)) == "This was done already; nothing was changed."
    assert world.fresh(reply).state == "in_review"


def test_text_from_an_expired_session_comes_back(world: World, browser: Browser, client: Client):
    reply = world.drafting()
    form = typed(world, reply, "一、差点丢了的一段。", written_by=kept.mark_for(world.clerk.user))
    client.post(url("draft", reply), form)
    client.force_login(world.clerk.user)
    response = client.get(url("draft", reply))
    assert response.context["form"]["body"].value() == "一、差点丢了的一段。"
    assert "not saved yet" in response.content.decode()
    assert world.fresh(reply).body == reply.body


def test_the_reason_of_a_return_stands_on_the_desk(world: World, browser: Browser):
    reply = world.in_review()
    with world.scope():
        services.reply_return(
            reply_id=reply.pk, post=world.checker, step="check_return", note="第三条没有回应。"
        )
    assert "第三条没有回应。" in browser(world.clerk).get(url("draft", reply)).content.decode()


def test_what_is_typed_appears_as_text(world: World, browser: Browser):
    reply = world.drafting(body="一、<script>alert(1)</script><b>粗</b>。")
    page = browser(world.clerk).get(url("draft", reply)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_list_entry_of_another_assembly_is_no_choice(world: World, browser: Browser):
    reply = world.drafting()
    foreign = item(World().assembly, "result_class", "A").pk
    form = typed(world, reply, "一、正文。", result_class=foreign)
    assert browser(world.clerk).post(url("draft", reply), form).status_code == 422


def test_an_entry_out_of_use_stays_where_it_was_chosen(world: World, browser: Browser):
    reply = world.drafting()
    chosen = item(world.assembly, "result_class", "B")
    with world.scope():
        type(chosen).objects.filter(pk=chosen.pk).update(is_active=False)
    clerk = browser(world.clerk)
    assert clerk.post(url("draft", reply), typed(world, reply, "一、正文。")).status_code == 302


def test_a_page_of_the_draft_is_a_picture_that_nobody_keeps(world: World, browser: Browser):
    reply = world.drafting()
    clerk = browser(world.clerk)
    picture = clerk.get(reverse("replies:page", args=[reply.pk, 1]))
    assert picture.content.startswith(b"\x89PNG")
    assert picture["Cache-Control"] == "private, no-store"
    assert clerk.get(reverse("replies:page", args=[reply.pk, 9])).status_code == 404
    assert clerk.get(reverse("replies:page", args=[reply.pk, 0])).status_code == 404


def test_the_fragments_of_the_desk(world: World, browser: Browser):
    reply = world.drafting(body="一、强意识,从基层做起。")
    clerk = browser(world.clerk)
    assert "<html" not in clerk.get(url("preview", reply)).content.decode()
    findings = clerk.get(url("preview", reply), {"part": "findings"}).content.decode()
    assert "half-width marks" in findings
    assert 'id="stands"' in findings


def test_a_second_clerk_goes_on_with_the_draft(world: World, browser: Browser):
    reply = world.drafting()
    colleague = post(world.assembly, "clerk", bureau=world.bureau)
    assert (
        browser(colleague).post(url("draft", reply), typed(world, reply, "一、接着写。")).status_code == 302
    )
    with world.scope():
        assert colleague.user in world.fresh(reply).writers.all()


def test_a_version_that_is_no_number_sends_nothing_up(world, browser):
    reply = world.drafting()
    url = reverse("replies:send", args=[reply.pk])
    browser(world.clerk).post(url, {"version_seen": "abc"})
    assert world.fresh(reply).state == "drafting"


def test_a_paragraph_that_begins_with_thousands_of_figures_is_shown(world, browser):
    reply = world.drafting(body="1" * 5000 + ".好")
    assert browser(world.clerk).get(reverse("replies:draft", args=[reply.pk])).status_code == 200


def test_who_goes_on_after_the_first_clerk_has_left_stands_in_the_letter(world: World):
    reply, next_clerk = world.drafting(), post(world.assembly, Role.CLERK, phone="0730-0000999")
    with world.scope():
        services.reply_send(reply_id=reply.pk, post=next_clerk)
        assert world.fresh(reply).clerk == world.clerk
        services.reply_recall(reply_id=reply.pk, post=next_clerk)
        Post.objects.filter(pk=world.clerk.pk).update(until=clock.today() - dt.timedelta(1))
        services.reply_send(reply_id=reply.pk, post=next_clerk)
        assert "0730-0000999" in "".join(letters.letter_facts(world.fresh(reply))["contacts"])
