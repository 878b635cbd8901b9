"""Writing a proposal: nothing typed is lost, whatever is wrong, and nothing is done twice."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import kept
from office.acts import new_key
from office.models import Event
from organizations.models import Role
from proposals import services
from proposals.models import Proposal
from tests.factories import World, committee, item, post

TEXT: dict[str, Any] = {
    "title": "加强农村养老服务",
    "background": "全区老年人口占比逐年上升，村级照料设施不足。",
    "analysis": "资金分散，队伍不稳。",
    "suggestion": ["建立村级照料中心", "稳定护理队伍", ""],
    "contact_name": "湘君宜",
    "contact_phone": "0730-0000202",
    "consents_to_publish": "yes",
}


def edit_url(proposal):
    return reverse("proposals:edit", args=[proposal.pk])


def typed(proposal, **changes):
    """What a browser sends for the page of this draft."""
    return TEXT | {"version_seen": proposal.lock_version, "key": new_key()} | changes


def texts(world, proposal):
    with world.scope():
        return [suggestion.text for suggestion in proposal.suggestions.all()]


@pytest.fixture
def draft(world):
    return world.draft(title="")


@pytest.fixture
def filer(world, browser):
    return browser(world.filer)


def test_a_draft_is_begun_by_a_button(world, filer):
    assert filer.get(reverse("proposals:new")).status_code == 200
    with world.scope():
        assert not Proposal.objects.exists()
        response = filer.post(reverse("proposals:new"), {"key": new_key()})
        assert response["Location"] == edit_url(Proposal.objects.get())


def test_beginning_twice_with_one_key_gives_one_draft(world, filer):
    key = new_key()
    first, second = (filer.post(reverse("proposals:new"), {"key": key}) for _ in range(2))
    assert first["Location"] == second["Location"]
    with world.scope():
        assert Proposal.objects.count() == 1


def test_without_an_open_session_the_page_says_what_to_do(world, filer):
    with world.scope():
        type(world.session).objects.update(is_current=False)
    response = filer.post(reverse("proposals:new"), {"key": new_key()}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("proposals:list")
    assert len(response.context["messages"]) == 1


def test_only_a_filer_begins_a_proposal(world, browser):
    assert browser(world.reviewer).get(reverse("proposals:new")).status_code == 403
    assert browser(world.reviewer).post(reverse("proposals:new")).status_code == 403


def test_get_never_writes(world, filer):
    draft, submitted = world.draft(), world.submitted()
    urls = [reverse("proposals:new"), reverse("proposals:list"), edit_url(draft)]
    urls += [reverse("proposals:withdraw", args=[case.pk]) for case in (draft, submitted)]
    with CaptureQueriesContext(connection) as queries:
        for url in urls:
            assert filer.get(url).status_code == 200
    told = ("INSERT", "UPDATE", "DELETE")
    writes = [query["sql"] for query in queries if query["sql"].startswith(told)]
    assert [sql for sql in writes if "django_session" not in sql] == []


def test_the_page_has_one_empty_box_more(world, filer):
    page = filer.get(edit_url(world.draft())).content.decode()
    assert page.count('name="suggestion"') == 4  # two, the empty one, and the one that a script copies


def test_everything_is_saved(world, filer, draft):
    category = item(world.assembly, "category", "society")
    data = typed(draft, category=category.pk, suggested_bureau=world.bureau.pk, act="save")
    assert filer.post(edit_url(draft), data).status_code == 302
    saved = world.fresh(draft)
    assert (saved.title, saved.analysis) == (TEXT["title"], TEXT["analysis"])
    assert (saved.consents_to_publish, saved.contact_phone) == (True, "0730-0000202")
    assert (saved.category_id, saved.suggested_bureau_id) == (category.pk, world.bureau.pk)
    assert texts(world, draft) == ["建立村级照料中心", "稳定护理队伍"]


def test_one_more_box_without_script(world, filer, draft):
    data = typed(draft, suggestion=["一", "二", "三"], act="add")
    response = filer.post(edit_url(draft), data, follow=True)
    assert response.content.decode().count('name="suggestion"') == 5
    assert texts(world, draft) == ["一", "二", "三"]


def test_a_field_that_was_not_sent_stays(world, filer):
    draft = world.draft()
    filer.post(edit_url(draft), {"title": "另一个题目", "version_seen": draft.lock_version})
    saved = world.fresh(draft)
    assert (saved.title, saved.background) == ("另一个题目", draft.background)
    assert (saved.consents_to_publish, texts(world, draft)) == (True, ["强化协商意识", "建立议事会制度"])


def test_an_over_long_title_is_kept_and_named(world, filer, draft):
    title = "长" * 61
    response = filer.post(edit_url(draft), typed(draft, title=title, act="save"))
    assert response.status_code == 422
    assert "60" in response.context["form"].errors["title"][0]
    assert f">\n{title}</textarea>" in response.content.decode()
    assert (world.fresh(draft).title, world.fresh(draft).analysis) == (title, TEXT["analysis"])


def test_the_limit_of_the_title_is_the_assemblys_own(db, browser):
    world = World(title_limit=10)
    draft = world.draft(title="")
    response = browser(world.filer).post(edit_url(draft), typed(draft, title="十" * 11))
    assert "10" in response.context["form"].errors["title"][0]


def test_the_page_after_an_error_can_be_saved_again(world, filer, draft):
    shown = filer.post(edit_url(draft), typed(draft, title="长" * 61)).context["proposal"]
    assert filer.post(edit_url(draft), typed(shown, title="短题目")).status_code == 302
    assert world.fresh(draft).title == "短题目"


def test_submitting_says_everything_that_is_missing_and_loses_nothing(world, filer, draft):
    data = typed(draft, title="", analysis="", suggestion=["", " "], act="submit")
    response = filer.post(edit_url(draft), data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"title", "analysis", "suggestion"}
    page = response.content.decode()
    assert 'href="#id_title"' in page
    assert 'href="#div_id_suggestion"' in page
    assert (world.fresh(draft).state, world.fresh(draft).background) == ("draft", TEXT["background"])


def test_submitting_sends_it_to_the_review(world, filer, draft):
    response = filer.post(edit_url(draft), typed(draft, act="submit"))
    assert response["Location"] == reverse("desk:case", args=[draft.pk])
    assert (world.fresh(draft).state, world.fresh(draft).title) == ("submitted", TEXT["title"])


def test_submitting_twice_submits_once(world, filer, draft):
    data = typed(draft, act="submit")
    first, second = (filer.post(edit_url(draft), data) for _ in range(2))
    assert first["Location"] == second["Location"]
    with world.scope():
        assert Event.objects.filter(act="proposal.submit").count() == 1


def test_saving_twice_is_no_conflict(world, filer, draft):
    data = typed(draft, act="save")
    assert [filer.post(edit_url(draft), data).status_code for _ in range(2)] == [302, 302]
    assert world.fresh(draft).lock_version == draft.lock_version + 1


def test_what_someone_else_saved_is_not_overwritten(world, filer, draft):
    with world.scope():
        fields = {"title": "别人的题目"}
        services.proposal_save(
            proposal_id=draft.pk, post=world.filer, fields=fields, suggestions=["别人的建议"]
        )
    response = filer.post(edit_url(draft), typed(draft, act="submit"))
    page = response.content.decode()
    assert response.status_code == 409
    assert TEXT["analysis"] in page
    assert "别人的建议" in page
    assert "data-autosave" not in page
    assert (world.fresh(draft).title, world.fresh(draft).state) == ("别人的题目", "draft")


def test_after_a_conflict_ones_own_text_can_be_kept(world, filer, draft):
    with world.scope():
        services.proposal_save(proposal_id=draft.pk, post=world.filer, fields={"title": "甲"}, suggestions=[])
    shown = filer.post(edit_url(draft), typed(draft)).context["proposal"]
    assert filer.post(edit_url(draft), typed(shown)).status_code == 302
    assert world.fresh(draft).title == TEXT["title"]


def test_text_that_comes_after_the_submission_is_shown_and_not_saved(world, filer):
    submitted = world.submitted()
    response = filer.post(edit_url(submitted), typed(submitted, act="save"))
    assert response.status_code == 409
    assert TEXT["analysis"] in response.content.decode()
    assert world.fresh(submitted).title == submitted.title


def test_the_page_of_a_submitted_proposal_leads_to_the_case(world, filer):
    submitted = world.submitted()
    response = filer.get(edit_url(submitted))
    assert response["Location"] == reverse("desk:case", args=[submitted.pk])


def test_the_reason_of_a_return_stands_above_the_text(world, filer):
    proposal = world.submitted()
    with world.scope():
        note = "请写明照料设施的现状和数据。"
        services.proposal_return(proposal_id=proposal.pk, post=world.reviewer, note=note)
    assert note in filer.get(edit_url(proposal)).content.decode()


def test_line_breaks_are_kept_as_the_database_has_them(world, filer, draft):
    data = typed(draft, background="第一段。\r\n第二段。", title="推进\r\n协商民主")
    filer.post(edit_url(draft), data)
    assert world.fresh(draft).background == "第一段。\n第二段。"
    assert world.fresh(draft).title == "推进协商民主"


def test_a_character_that_no_text_has_costs_no_other_field(world, filer, draft):
    response = filer.post(edit_url(draft), typed(draft, analysis="\x00"))
    assert response.status_code == 422
    assert world.fresh(draft).title == TEXT["title"]


# ---- saving by itself


def autosave(client, proposal, data):
    url = reverse("proposals:autosave", args=[proposal.pk])
    return client.post(url, data, headers={"X-Requested-With": "fetch"})


def test_autosave_says_when_and_which_version(world, filer, draft):
    answer = autosave(filer, draft, typed(draft)).json()
    assert set(answer) == {"saved_at", "version"}
    assert answer["version"] == world.fresh(draft).lock_version == draft.lock_version + 1


def test_autosave_of_an_over_long_title_keeps_it(world, filer, draft):
    assert autosave(filer, draft, typed(draft, title="长" * 80)).status_code == 200
    assert len(world.fresh(draft).title) == 80


def test_autosave_on_an_old_version_is_refused_with_a_reason(world, filer, draft):
    autosave(filer, draft, typed(draft))
    answer = autosave(filer, draft, typed(draft, title="又一个题目"))
    assert answer.status_code == 409
    assert answer.json()["message"]
    assert world.fresh(draft).title == TEXT["title"]


@pytest.mark.parametrize("version", ["", "x"])
def test_autosave_takes_a_broken_version_for_an_old_one(world, filer, draft, version):
    status = autosave(filer, draft, typed(draft, version_seen=version)).status_code
    assert status == {"": 200, "x": 409}[version]


def test_autosave_after_the_submission_is_refused_as_json(world, filer):
    submitted = world.submitted()
    answer = autosave(filer, submitted, typed(submitted))
    assert (answer.status_code, bool(answer.json()["message"])) == (403, True)


def test_autosave_without_a_session_is_told_to_sign_in(draft):
    assert autosave(Client(), draft, typed(draft)).status_code == 401


# ---- a session that ended


def test_text_typed_into_an_expired_session_is_saved_after_the_sign_in(world, draft):
    client = Client()
    data = typed(draft, written_by=kept.mark_for(world.filer.user), act="submit")
    response = client.post(edit_url(draft), data)
    assert response["Location"].startswith(reverse("account_login"))
    signed_in(client, world.filer)
    response = client.get(edit_url(draft), follow=True)
    assert TEXT["analysis"] in response.content.decode()
    assert len(response.context["messages"]) == 1
    assert (world.fresh(draft).title, world.fresh(draft).state) == (TEXT["title"], "draft")
    assert len(client.get(edit_url(draft)).context["messages"]) == 0


def test_late_text_does_not_overwrite_what_came_meanwhile(world, draft):
    client = Client()
    client.post(edit_url(draft), typed(draft, written_by=kept.mark_for(world.filer.user)))
    with world.scope():
        services.proposal_save(proposal_id=draft.pk, post=world.filer, fields={"title": "甲"}, suggestions=[])
    signed_in(client, world.filer)
    response = client.get(edit_url(draft))
    assert response.status_code == 409
    assert TEXT["analysis"] in response.content.decode()
    assert world.fresh(draft).title == "甲"


def test_nobody_else_gets_the_text_of_an_expired_session(world, draft):
    colleague = post(world.assembly, Role.FILER)
    client = Client()
    client.post(edit_url(draft), typed(draft, written_by=kept.mark_for(world.filer.user)))
    signed_in(client, colleague)
    assert TEXT["analysis"] not in client.get(edit_url(draft)).content.decode()
    assert world.fresh(draft).title == ""


def signed_in(client, someone):
    """Sign in on the same browser, which keeps the session's text as a real sign-in does."""
    lost = client.session.get(kept.SESSION_KEY)
    client.force_login(someone.user)
    session = client.session
    session[kept.SESSION_KEY] = lost
    session.save()


# ---- who may not


@pytest.mark.parametrize("name", ["edit", "autosave", "withdraw", "submit", "recall"])
def test_a_draft_does_not_exist_for_others(world, browser, draft, name):
    elsewhere = World()
    others = [
        post(world.assembly, Role.FILER, committee=committee(world.assembly)),
        world.reviewer,
        world.clerk,
        elsewhere.filer,
    ]
    url = reverse(f"proposals:{name}", args=[draft.pk])
    assert {browser(other).post(url, typed(draft)).status_code for other in others} == {404}
    assert world.fresh(draft).title == ""


def test_a_nul_in_a_suggestion_is_left_out(world, browser):
    """PostgreSQL cannot keep one."""
    draft = world.draft()
    sent = {"suggestion": ["one\0", "\0"], "version_seen": draft.lock_version}
    assert browser(world.filer).post(reverse("proposals:edit", args=[draft.pk]), sent).status_code == 302
    with world.scope():
        assert [suggestion.text for suggestion in draft.suggestions.all()] == ["one"]
