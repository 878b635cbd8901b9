"""Checking, signing, returning, taking back: what each does, and what none of them may do."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts import kept
from office.events import story
from office.workflow import Refused
from organizations.models import Role
from replies import letters, policies, services
from replies.models import Approval, Reply
from tests.factories import World, post

Browser = Callable[..., Client]


def url(name: str, reply: Reply) -> str:
    return reverse(f"replies:{name}", args=[reply.pk])


def said(response) -> str:
    """What the page says now: the last message."""
    return str(list(get_messages(response.wsgi_request))[-1])


def again(world: World, reply: Reply, text: str) -> Reply:
    """Edit the returned draft and send it up once more."""
    reply = world.fresh(reply)
    with world.scope():
        services.reply_save(
            reply_id=reply.pk,
            post=world.clerk,
            body=f"{reply.body}\n{text}",
            result_class=reply.result_class,
            disclosure=reply.disclosure,
        )
        services.reply_send(reply_id=reply.pk, post=world.clerk)
    return world.fresh(reply)


def decisions(world: World, reply: Reply) -> list[tuple[int, str, bool]]:
    with world.scope():
        rows = Approval.objects.filter(version__reply=reply).order_by("pk")
        return list(rows.values_list("version__number", "decision", "is_void"))


@pytest.mark.parametrize(
    ("state", "role", "act", "then"),
    [
        ("in_review", "checker", "pass", "awaiting_signature"),
        ("awaiting_signature", "leader", "sign", "signed"),
        ("in_review", "clerk", "recall", "drafting"),
        ("awaiting_signature", "checker", "pass_recall", "in_review"),
    ],
)
def test_an_act_is_done_once(world: World, browser: Browser, state: str, role: str, act: str, then: str):
    reply = getattr(world, state)()
    person = browser(world.posts[role])
    form = {"key": "k1", "version_seen": 1}
    first, second = person.post(url(act, reply), form), person.post(url(act, reply), form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert said(second) == "This was done already; nothing was changed."
    assert world.fresh(reply).state == then


def test_a_second_click_with_a_key_of_its_own_is_refused(world: World, browser: Browser):
    reply = world.awaiting_signature()
    leader = browser(world.leader)
    for key in ("k1", "k2"):
        response = leader.post(url("sign", reply), {"key": key, "version_seen": 1})
    assert said(response).startswith("This cannot be done now")
    assert [d for d in decisions(world, reply) if d[1] == "signed"] == [(1, "signed", False)]


def test_signing_refuses_an_older_version(world: World, browser: Browser):
    reply = world.awaiting_signature()
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.leader, step="sign_return", note="请改。")
    again(world, reply, "补充。")
    with world.scope():
        services.reply_pass(reply_id=reply.pk, post=world.checker)
    response = browser(world.leader).post(url("sign", reply), {"key": "k1", "version_seen": 1})
    assert response.url == url("review", reply)
    assert said(response).startswith("Someone changed this in the meantime")
    assert world.fresh(reply).state == "awaiting_signature"


@pytest.mark.parametrize("seen", ["", "x"])
def test_nobody_signs_a_version_that_was_not_shown(world: World, browser: Browser, seen: str):
    reply = world.awaiting_signature()
    browser(world.leader).post(url("sign", reply), {"key": "k1", "version_seen": seen})
    assert world.fresh(reply).state == "awaiting_signature"


@pytest.mark.parametrize(
    ("state", "role", "act"),
    [
        ("in_review", "checker", "check_return"),
        ("awaiting_signature", "leader", "sign_return"),
        ("signed", "sealkeeper", "issue_return"),
        ("signed", "leader", "issue_return"),
    ],
)
def test_a_return_voids_every_approval_and_keeps_its_reason(
    world: World, browser: Browser, state: str, role: str, act: str
):
    reply = getattr(world, state)()
    person = browser(world.posts[role])
    assert person.get(url(act, reply)).status_code == 200
    form = {"key": "k1", "version_seen": 1, "note": "第三条建议没有回应。"}
    assert person.post(url(act, reply), form).status_code == 302
    assert world.fresh(reply).state == "drafting"
    *approvals, last = decisions(world, reply)
    assert all(is_void for _number, _decision, is_void in approvals)
    assert last == (1, "returned", False)
    again(world, reply, "第三条补上了。")
    assert "第三条建议没有回应。" in person.get(url("review", reply)).content.decode()
    with world.scope():
        assert "第三条建议没有回应。" in [line.note for line in story(reply.proposal)]


def test_a_return_without_a_reason_is_refused_and_keeps_what_was_sent(world: World, browser: Browser):
    reply = world.in_review()
    checker = browser(world.checker)
    response = checker.post(url("check_return", reply), {"key": "k1", "version_seen": 1, "note": "  "})
    assert response.status_code == 422
    assert "Give the reason" in response.content.decode()
    assert world.fresh(reply).state == "in_review"


def test_a_reason_from_an_expired_session_comes_back(world: World, client: Client):
    address = url("check_return", world.in_review())
    client.post(address, {"note": "第三条没有回应。", "written_by": kept.mark_for(world.checker.user)})
    client.force_login(world.checker.user)
    assert client.get(address).context["form"]["note"].value() == "第三条没有回应。"


def test_a_return_that_comes_too_late_keeps_its_text(world: World, browser: Browser):
    reply = world.in_review()
    with world.scope():
        services.reply_recall(reply_id=reply.pk, post=world.clerk)
    again(world, reply, "补充。")
    form = {"key": "k1", "version_seen": 1, "note": "这里要改。"}
    response = browser(world.checker).post(url("check_return", reply), form)
    assert response.status_code == 422
    assert "这里要改。" in response.content.decode()
    assert response.context["form"]["version_seen"].value() == 2


def test_the_page_of_an_act_that_is_over_leads_back(world: World, browser: Browser):
    reply = world.awaiting_signature()
    response = browser(world.checker).get(url("check_return", reply))
    assert response.url == url("review", reply)
    assert browser(world.sealkeeper).get(url("issue", reply)).url == url("review", reply)


def test_an_approval_of_an_older_version_does_not_count(world: World):
    reply = world.awaiting_signature()
    with world.scope():
        services.reply_pass_recall(reply_id=reply.pk, post=world.checker)
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请改。")
    reply = again(world, reply, "改过了。")
    assert reply.state == "in_review"
    assert decisions(world, reply) == [(1, "passed", True), (1, "returned", False)]


def test_a_recalled_version_stays_and_the_next_has_the_next_number(world: World, browser: Browser):
    reply = world.in_review()
    browser(world.clerk).post(url("recall", reply), {"key": "k1", "version_seen": 1})
    reply = again(world, reply, "收回后改的。")
    with world.scope():
        assert list(reply.versions.values_list("number", flat=True)) == [1, 2]
        assert "收回后改的。" not in reply.versions.get(number=1).body


def test_the_first_version_says_that_there_is_nothing_to_compare(world: World, browser: Browser):
    page = browser(world.checker).get(url("review", world.in_review())).content.decode()
    assert "First version" in page


def test_the_leader_sees_what_changed_since_the_own_decision(world: World, browser: Browser):
    reply = world.awaiting_signature()
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.leader, step="sign_return", note="写明时间。")
    again(world, reply, "二稿补充。")
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="再改。")
    again(world, reply, "三稿补充。")
    with world.scope():
        services.reply_pass(reply_id=reply.pk, post=world.checker)
    leader, checker = (browser(post).get(url("review", reply)) for post in (world.leader, world.checker))
    assert [text for line in leader.context["changed"].passages for op, text in line if op == 1] == [
        "二稿补充。",
        "三稿补充。",
    ]
    assert checker.context["changed"].heading == "Changed since you decided on version 3"
    assert checker.context["changed"].count == 0


def test_somebody_new_sees_what_changed_since_the_version_before(world: World, browser: Browser):
    reply = world.in_review()
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="再改。")
    reply = again(world, reply, "二稿补充。")
    changed = browser(world.leader).get(url("review", reply)).context["changed"]
    assert (changed.heading, changed.count) == ("Changed since version 1", 1)


def test_the_question_before_signing_says_what_cannot_be_undone(world: World, browser: Browser):
    page = browser(world.leader).get(url("review", world.awaiting_signature())).content.decode()
    assert 'data-confirm="Your signature stays on record for good' in page


def test_the_review_of_an_issued_reply_is_its_letter(
    world: World, browser: Browser, django_capture_on_commit_callbacks: Callable
):
    with django_capture_on_commit_callbacks(execute=True):
        reply = world.issued()
    with world.scope():
        letter = reply.letter
    assert browser(world.leader).get(url("review", reply)).url == reverse("replies:letter", args=[letter.pk])


def test_the_review_names_who_wrote_the_version(world: World, browser: Browser):
    page = browser(world.leader).get(url("review", world.awaiting_signature()))
    assert page.context["writers"] == [world.clerk.user.name]


def test_versions_show_decisions_and_any_two_compared(world: World, browser: Browser):
    reply = world.in_review()
    with world.scope():
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请补充时间。")
    reply = again(world, reply, "二稿补充。")
    clerk = browser(world.clerk)
    page = clerk.get(url("versions", reply))
    assert "请补充时间。" in page.content.decode()
    assert page.context["comparison"].count == 1
    back = clerk.get(url("versions", reply), {"a": 2, "b": 1}).context["comparison"]
    assert [op for op, _text in back.passages[0]] == [-1]
    assert clerk.get(url("versions", reply), {"a": "x", "b": 9}).context["comparison"] is None
    assert clerk.get(url("versions", world.drafting())).status_code == 200


def test_a_second_leader_sees_and_signs_the_letter_with_the_own_name(world: World):
    reply, second = world.awaiting_signature(), post(world.assembly, Role.LEADER)
    with world.scope():
        seen = letters.letter_facts(policies.get_or_404(second, reply.pk))
        assert seen["signers"] == [second.user.name]
        services.reply_sign(reply_id=reply.pk, post=second)
        assert letters.letter_facts(world.fresh(reply)) == seen
        assert letters.letter_facts(policies.get_or_404(world.leader, reply.pk)) == seen


def test_a_leader_whose_name_no_font_can_set_is_told_before_signing(world: World):
    reply, second = world.awaiting_signature(), post(world.assembly, Role.LEADER)
    second.user.name = "李\ue000"
    second.user.save()
    with world.scope(), pytest.raises(Refused, match=r"U\+E000"):
        services.reply_sign(reply_id=reply.pk, post=second)
    assert world.fresh(reply).state == "awaiting_signature"
