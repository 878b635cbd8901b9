"""Remarks in the margin: they travel with the version, are answered and settled, and a return may be made of them."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import kept
from office import clock
from office.events import story
from office.models import Notice
from office.workflow import Refused
from organizations.models import Role
from replies import checks, remark_selectors, services
from replies import remark_services as remarks
from replies.models import Approval, Remark, RemarkEntry, Reply
from tests.factories import World, bureau, post

Browser = Callable[..., Client]
FIRST = "一、强意识，从基层做起。强化民主协商意识，把协商写进村规民约。"
SECOND = "二、建制度，让协商有章可循。明年六月底前建立议事会制度。"
BODY = f"{FIRST}\n{SECOND}"


def url(name: str, pk: int) -> str:
    return reverse(f"replies:{name}", args=[pk])


def note(world: World, reply: Reply, place: int = 2, text: str = "写明责任科室。", **more) -> Remark:
    with world.scope():
        facts = {"version": 1, "place": place, "text": text, "post": world.checker} | more
        return remarks.remark_add(reply_id=reply.pk, **facts)


def place_of(world: World, reply: Reply, text: str) -> int:
    """The number of the paragraph of the letter that holds a text."""
    with world.scope():
        lines = remark_selectors.margin_of(world.clerk, world.fresh(reply))["passages"]
    return next(one.n for one in lines if text in "".join(piece for _mark, piece in one.pieces))


def next_version(world: World, reply: Reply, change: Callable[[str], str]) -> Reply:
    """The reply returned, changed and sent up once more."""
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请改。")
        reply = world.fresh(reply)
        facts = {"result_class": reply.result_class, "disclosure": reply.disclosure}
        services.reply_save(reply_id=reply.pk, post=world.clerk, body=change(reply.body), **facts)
        services.reply_send(reply_id=reply.pk, post=world.clerk)
    return world.fresh(reply)


def the_one(world: World, reply: Reply) -> remark_selectors.Noted:
    with world.scope():
        [found] = remark_selectors.noted_on(world.fresh(reply))
        return found


def test_a_remark_changes_no_version_and_stands_beside_its_paragraph(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    with world.scope():
        digest = reply.newest.sha256
    place = place_of(world, reply, "议事会制度")
    note(world, reply, place, words="明年六月底前")
    with world.scope():
        assert world.fresh(reply).newest.sha256 == digest
    one = the_one(world, reply)
    assert (one.place, one.is_reworded, one.is_gone, one.state) == (place, False, False, "open")
    for role in ("clerk", "checker", "leader", "sealkeeper"):
        page = browser(world.posts[role]).get(url("review", reply.pk)).content.decode()
        assert "写明责任科室。" in page
        assert "<mark>明年六月底前</mark>" in page


def test_a_remark_travels_to_the_passage_as_it_reads_in_the_next_version(world: World):
    reply = world.in_review(body=BODY)
    place = place_of(world, reply, "议事会制度")
    note(world, reply, place)
    new = f"新增一段，放在最前面。\n{FIRST}\n二、建制度，让协商有章可循。明年五月底前由基层政权科建立议事会制度。"
    reply = next_version(world, reply, lambda body: body.replace(BODY, new))
    one = the_one(world, reply)
    assert (one.place, one.is_reworded) == (place + 1, True)
    assert "基层政权科" in one.line
    assert one.remark.version.number == 1
    assert one.met == "The passage was reworded."


def test_a_remark_whose_passage_is_gone_is_shown_with_the_old_words(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    note(world, reply, place_of(world, reply, "议事会制度"))
    reply = next_version(world, reply, lambda body: body.replace(SECOND, ""))
    one = the_one(world, reply)
    assert (one.place, one.is_gone) == (None, True)
    page = browser(world.checker).get(url("review", reply.pk)).content.decode()
    assert "The passage is gone" in page
    assert SECOND in page


def test_a_paragraph_that_stood_beside_it_is_not_taken_for_the_one_that_is_gone(world: World):
    twins = ["三、督促各镇落实资金，今年安排三十万元。", "四、督促各镇落实资金，今年安排四十万元。"]
    reply = world.in_review(body="\n".join([FIRST, *twins]))
    note(world, reply, place_of(world, reply, "四十万元"))
    reply = next_version(world, reply, lambda body: body.replace(twins[1], ""))
    assert the_one(world, reply).is_gone


def test_the_marked_words_lead_to_where_they_stand_now(world: World):
    reply = world.in_review(body=BODY)
    note(world, reply, place_of(world, reply, "议事会制度"), words="明年六月底前建立议事会制度")
    other = "按照部署，我局会同各镇街道研究制定细则和考核办法，明年六月底前建立议事会制度并推开到全部村居。"
    reply = next_version(world, reply, lambda body: body.replace(SECOND, other))
    one = the_one(world, reply)
    assert "明年六月底前建立议事会制度" in one.line


def test_a_remark_on_the_whole_letter_belongs_to_no_paragraph(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    note(world, reply, 0, "语气再诚恳一些。")
    one = the_one(world, reply)
    assert (one.is_whole, one.is_gone, one.met) == (True, False, "")
    assert "On the whole letter" in browser(world.leader).get(url("review", reply.pk)).content.decode()


def test_answered_settled_and_opened_again_each_an_event(world: World):
    reply = world.in_review(body=BODY)
    remark = note(world, reply)
    with world.scope():
        remarks.remark_answer(remark_id=remark.pk, post=world.clerk, text="已写明。")
        assert the_one(world, reply).state == "answered"
        remarks.remark_settle(remark_id=remark.pk, post=world.clerk)
        assert the_one(world, reply).state == "settled"
        with pytest.raises(Refused, match="in the meantime"):
            remarks.remark_settle(remark_id=remark.pk, post=world.checker)
        remarks.remark_reopen(remark_id=remark.pk, post=world.checker, text="还差时限。")
        kinds = [entry.kind for entry in the_one(world, reply).entries]
        assert kinds == ["answer", "settled", "reopened"]
        told = [line.act for line in story(reply.proposal)][:4]
    assert told == ["reply.remark_reopen", "reply.remark_settle", "reply.remark_answer", "reply.remark"]
    assert world.fresh(remark).is_open
    with pytest.raises(TypeError), world.scope():
        RemarkEntry.objects.first().delete()


def test_a_remark_typed_while_the_version_was_returned_is_not_lost(world: World):
    reply = world.in_review(body=BODY)
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请改。")
    note(world, reply, post=world.leader)
    assert the_one(world, reply).remark.version.number == 1


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"text": " "}, "Write what you want"),
        ({"place": 99}, "no such paragraph"),
        ({"version": 7}, "no such version"),
        ({"words": "并不在其中"}, "do not stand in the paragraph"),
    ],
)
def test_what_is_no_remark_is_refused(world: World, facts: dict, why: str):
    reply = world.in_review(body=BODY)
    with pytest.raises(Refused, match=why):
        note(world, reply, **facts)


def test_once_the_letter_is_out_its_remarks_stay_as_they_are(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    remark = note(world, reply)
    with world.scope():
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        services.reply_sign(reply_id=reply.pk, post=world.leader)
        services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        with pytest.raises(Refused, match="has been issued"):
            remarks.remark_answer(remark_id=remark.pk, post=world.clerk, text="已改。")
    page = browser(world.clerk).get(url("remark", remark.pk), follow=True)
    assert page.request["PATH_INFO"] == url("remarks", reply.pk)
    assert "写明责任科室。" in page.content.decode()


def test_nobody_outside_the_bureau_knows_of_remarks_and_the_seal_keeper_only_reads(
    world: World, browser: Browser
):
    reply = world.in_review(body=BODY)
    remark = note(world, reply, text="内部意见。")
    stranger = post(world.assembly, Role.CLERK, bureau=bureau(world.assembly))
    for who in (world.filer, world.reviewer, world.dispatcher, world.auditor, stranger):
        for name, pk in (("remark", remark.pk), ("remarks", reply.pk), ("remark_add", reply.pk)):
            assert browser(who).get(url(name, pk)).status_code == 404
        page = browser(who).get(reply.get_absolute_url()).content.decode()
        assert "内部意见。" not in page
    assert "内部意见。" in browser(world.clerk).get(reply.get_absolute_url()).content.decode()
    assert browser(world.sealkeeper).get(url("remark", remark.pk)).status_code == 200
    assert browser(world.sealkeeper).post(url("remark", remark.pk), {"act": "settle"}).status_code == 403
    assert browser(world.sealkeeper).get(url("remark_add", reply.pk)).status_code == 403
    with world.scope(), pytest.raises(PermissionDenied):
        remarks.remark_settle(remark_id=remark.pk, post=stranger)


def test_from_the_page_a_remark_is_noted_once(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    form = {"version_seen": 1, "place": 2, "text": "写明责任科室。", "words": "", "key": "k1"}
    checker = browser(world.checker)
    for _click in range(2):
        response = checker.post(url("remark_add", reply.pk), form)
        assert response.url == url("review", reply.pk) + "#p2"
    with world.scope():
        assert Remark.objects.count() == 1
    refused = checker.post(
        url("remark_add", reply.pk), form | {"text": "", "words": "并不在其中", "key": "k2"}
    )
    assert refused.status_code == 422
    assert "并不在其中" in refused.content.decode()


def test_a_remark_from_an_expired_session_comes_back(world: World, client: Client):
    address = url("remark_add", world.in_review(body=BODY).pk)
    form = {"text": "补上时限。", "place": "2", "written_by": kept.mark_for(world.checker.user)}
    client.post(address, form)
    client.force_login(world.checker.user)
    page = client.get(address)
    assert (page.context["form"]["text"].value(), page.context["form"]["place"].value()) == (
        "补上时限。",
        "2",
    )


def test_the_drafting_desk_answers_without_touching_the_text(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    remark = note(world, reply)
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请改。")
    clerk, version = browser(world.clerk), world.fresh(reply).lock_version
    page = clerk.get(url("draft", reply.pk)).content.decode()
    panel = page.index('id="remarks"')
    assert page.rindex("</form>", 0, page.index("data-autosave")) > panel  # its forms end before the big one
    part = clerk.post(
        url("remark", remark.pk),
        {"act": "answer", "text": "已写明。", "key": "k1"},
        headers={"HX-Request": "true"},
    )
    assert (part.status_code, "<html" in part.content.decode()) == (200, False)
    assert "已写明。" in part.content.decode()
    assert "Your answer stands beside the remark." in part.content.decode()
    back = clerk.post(url("remark", remark.pk), {"act": "settle", "key": "k2"})
    assert back.url == url("draft", reply.pk) + f"#remark-{remark.pk}"
    assert world.fresh(reply).lock_version == version


def test_sending_up_with_open_remarks_is_allowed_and_warned_of(world: World):
    reply = world.in_review(body=BODY)
    note(world, reply)
    note(world, reply, 0, "语气再诚恳一些。")
    with world.scope():
        services.reply_recall(reply_id=reply.pk, post=world.clerk)
        [fault] = [f for f in checks.findings_of(world.fresh(reply)) if f.rule == "open-remarks"]
        assert (fault.level, fault.text) == (checks.ADVICE, "2 remarks are still open.")
        services.reply_send(reply_id=reply.pk, post=world.clerk)
    assert world.fresh(reply).state == "in_review"


def test_a_return_is_made_of_the_open_remarks(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    place = place_of(world, reply, "议事会制度")
    note(world, reply, place, words="明年六月底前")
    note(world, reply, 0, "语气再诚恳一些。")
    settled = note(world, reply, 1, "这条不要了。")
    with world.scope():
        remarks.remark_settle(remark_id=settled.pk, post=world.checker)
    checker = browser(world.checker)
    assert "with 2 remarks" in checker.get(url("review", reply.pk)).content.decode()
    assert "Attach the 2 open remarks" in checker.get(url("check_return", reply.pk)).content.decode()
    form = {"version_seen": 1, "note": "", "with_remarks": "on", "key": "k1"}
    assert checker.post(url("check_return", reply.pk), form).status_code == 302
    with world.scope():
        kept_note = Approval.objects.get(decision="returned").note
    assert "语气再诚恳一些。" in kept_note
    assert "明年六月底前" in kept_note
    assert str(place) in kept_note
    assert "这条不要了。" not in kept_note


def test_a_return_with_neither_words_nor_remarks_is_refused(world: World, browser: Browser):
    reply = world.in_review(body=BODY)
    note(world, reply)
    response = browser(world.checker).post(url("check_return", reply.pk), {"version_seen": 1, "note": " "})
    assert response.status_code == 422
    assert "Give the reason" in response.content.decode()


def test_the_clerk_hears_once_of_the_remarks_on_a_version_and_their_writer_of_the_answers(world: World):
    reply = world.in_review(body=BODY)
    first, second = note(world, reply), note(world, reply, 1)
    with world.scope():
        for remark in (first, second):
            remarks.remark_answer(remark_id=remark.pk, post=world.clerk, text="已改。")
        told = list(Notice.objects.filter(kind__startswith="reply.remark").values_list("kind", "post"))
    assert told == [("reply.remarked", world.clerk.pk), ("reply.remark_answered", world.checker.pk)]


def test_the_leader_sees_first_what_changed_then_whether_own_remarks_were_met(world: World, browser: Browser):
    reply = world.awaiting_signature(body=BODY)
    note(world, reply, place_of(world, reply, "议事会制度"), post=world.leader)
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.leader, step="sign_return", note="请改。")
        reply = world.fresh(reply)
        facts = {"result_class": reply.result_class, "disclosure": reply.disclosure}
        body = reply.body.replace("明年六月底前", "明年五月底前由基层政权科")
        services.reply_save(reply_id=reply.pk, post=world.clerk, body=body, **facts)
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
    page = browser(world.leader).get(url("review", reply.pk)).content.decode()
    order = [
        "Changed since you decided on version 1",
        "Your remarks, and whether they were met",
        "The passage was reworded.",
        "Point by point",
        "Version 1 was returned",
        "The letter: ",
        "Text and remarks",
        'class="act-bar"',
    ]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ([], [(False, "甲乙丙丁戊")]),
        (["乙丙"], [(False, "甲"), (True, "乙丙"), (False, "丁戊")]),
        (["乙丙", "丙丁"], [(False, "甲"), (True, "乙丙丁"), (False, "戊")]),
        (["不在", ""], [(False, "甲乙丙丁戊")]),
        (["甲乙丙丁戊"], [(True, "甲乙丙丁戊")]),
    ],
)
def test_marked_words_cut_a_line(words: list[str], cut: list[tuple[bool, str]]):
    assert remark_selectors.pieces("甲乙丙丁戊", words) == cut
