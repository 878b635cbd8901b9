"""Phrases: who keeps and sees which, what a draft gets of them, and what a bureau took over from earlier letters."""

import time
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from django_scopes import scope

from office.models import Event
from organizations import migrations
from organizations import policies as organization_policies
from organizations.models import Phrase
from organizations.services import setting_save
from replies import checks, earlier, letters, phrase_selectors, phrase_text, services
from replies.models import IssuedLetter
from replies.phrase_text import Frame, Group, placed
from tests import factories
from tests.factories import World

pytestmark = pytest.mark.django_db
FRAME = Frame("你们的提案收悉，现答复如下：", "感谢你们。", ("开头另一句。",), ("谢谢你们的支持。",))
ANSWER = "\n".join(
    f"第{n}项工作已经由区民政局会同有关街道逐项办理完毕。" for n in ("一", "二", "三", "四", "五", "六")
)


def phrase(world: World, *, bureau=None, **fields) -> Phrase:
    facts = {
        "group": Group.BODY,
        "title": "采纳建议",
        "text": "《{title}》所提建议，{bureau}予以采纳。",
    } | fields
    with world.scope():
        return Phrase.objects.create(assembly=world.assembly, bureau=bureau, **facts)


def typed(reply, act: str, **more) -> dict:
    fields = {"body": reply.body, "version_seen": reply.lock_version, "act": act, "key": "a" * 32}
    fields |= {"result_class": reply.result_class_id or "", "disclosure": reply.disclosure_id or ""}
    return fields | more


# ---- where a passage goes


@pytest.mark.parametrize(
    ("group", "body", "expected"),
    [
        (Group.BODY, f"{FRAME.opening}\n正文。\n感谢你们。", f"{FRAME.opening}\n正文。\n新。\n感谢你们。"),
        (Group.REFUSAL, "正文。\n谢谢你们的支持。", "正文。\n新。\n谢谢你们的支持。"),
        (Group.BODY, "正文。", "正文。\n新。"),
        (Group.BODY, "", "新。"),
        (Group.OPENING, f"{FRAME.opening}\n正文。", "新。\n正文。"),
        (Group.OPENING, "开头另一句。\n正文。", "新。\n正文。"),
        (Group.OPENING, "正文。", "新。\n正文。"),
        (Group.THANKS, "正文。\n感谢你们。\n附言。", "正文。\n新。\n附言。"),
        (Group.THANKS, "正文。", "正文。\n新。"),
        (Group.OPENING, "来信收悉，答复如下：\n正文。", "新。\n正文。"),
        (Group.OPENING, "开头另一句。还有一句，答复如下：\n正文。", "新。\n正文。"),
        (Group.THANKS, "正文。感谢你们。", "正文。感谢你们。\n新。"),
        (Group.BODY, "正文。\n再次感谢关心。", "正文。\n新。\n再次感谢关心。"),
        (Group.LETTER, "旧的。", f"{FRAME.opening}\n新。\n感谢你们。"),
    ],
)
def test_a_passage_goes_where_it_belongs(group, body, expected):
    assert placed(body, "新。", group, FRAME) == expected


def test_a_whole_letter_may_bring_its_own_frame():
    whole = f"{FRAME.opening}\n一、情况\n感谢你们。"
    assert placed("旧的。", whole, Group.LETTER, FRAME) == whole


def test_opening_and_closing_are_no_answer():
    assert not phrase_text.has_answer(f"{FRAME.opening}\n谢谢你们的支持。\n", FRAME)
    assert not phrase_text.has_answer("来信收悉，答复如下：\n再次感谢关心。", FRAME)
    assert phrase_text.has_answer(f"{FRAME.opening}\n正文。\n感谢你们。", FRAME)


# ---- what an assembly begins with


def test_every_assembly_begins_with_phrases_that_can_be_filled(world):
    with world.scope():
        rows = list(Phrase.objects.filter(assembly=world.assembly))
        assert {row.group for row in rows} == set(Group)
        for row in rows:
            row.full_clean()
        texts = [one.text for one in phrase_selectors.entries_of(world.drafting())]
    assert not any("{" in text for text in texts)


# ---- who keeps which


def test_a_bureau_keeps_its_own(world, browser):
    client = browser(world.checker)
    sent = {
        "group": Group.REFUSAL,
        "title": "经费所限",
        "text": "{place}财政有限。\r\n敬请理解。",
        "is_active": "on",
    }
    sent |= {"order": 1, "key": "b" * 32}
    assert client.post(reverse("replies:phrase_new"), sent).status_code == 302
    with world.scope():
        row = Phrase.objects.get(title="经费所限")
        assert (row.bureau, row.text) == (world.bureau, "{place}财政有限。\n敬请理解。")
        event = Event.objects.filter(act="settings.change").last()
        assert "经费所限" in event.facts
    assert "经费所限" in client.get(reverse("replies:phrases")).content.decode()
    again = client.post(reverse("replies:phrase_new"), sent | {"key": "c" * 32})
    assert again.status_code == 422
    assert "one of this name already" in again.content.decode()
    wrong = client.post(
        reverse("replies:phrase_edit", args=[row.pk]), sent | {"text": "{money}", "key": "d" * 32}
    )
    assert "In braces only these names can stand" in wrong.content.decode()
    changed = sent | {"text": "新的话。", "key": "e" * 32}
    assert client.post(reverse("replies:phrase_edit", args=[row.pk]), changed).status_code == 302
    assert client.post(reverse("replies:phrase_remove", args=[row.pk]), {"key": "f" * 32}).status_code == 302
    with world.scope():
        assert not Phrase.objects.filter(pk=row.pk).exists()
        assert Event.objects.filter(act="settings.remove").exists()


@pytest.mark.parametrize("role", ["leader", "sealkeeper", "sysadmin", "filer", "reviewer", "dispatcher"])
def test_others_do_not_keep_phrases_of_a_bureau(world, browser, role):
    row = phrase(world, bureau=world.bureau)
    client = browser(world.posts[role])
    assert client.get(reverse("replies:phrases")).status_code == 403
    assert client.get(reverse("replies:phrase_edit", args=[row.pk])).status_code == 403
    assert client.post(reverse("replies:phrase_remove", args=[row.pk])).status_code == 403


def test_other_bureaus_phrases_are_not_found(world, browser):
    other = factories.bureau(world.assembly)
    row, house = phrase(world, bureau=other, text="别的局的话。"), phrase(world, text="全区的话。")
    client = browser(world.clerk)
    for one in (row, house):
        assert client.get(reverse("replies:phrase_edit", args=[one.pk])).status_code == 404
        assert client.post(reverse("replies:phrase_remove", args=[one.pk])).status_code == 404
    assert "别的局的话" not in client.get(reverse("replies:phrases")).content.decode()
    reply = world.drafting()
    shown = client.get(reverse("replies:draft", args=[reply.pk])).content.decode()
    assert "别的局的话" not in shown
    assert "全区的话" in shown
    assert (
        client.post(reverse("replies:draft", args=[reply.pk]), typed(reply, f"phrase:{row.pk}")).status_code
        == 404
    )


def test_the_service_asks_as_well(world):
    row = phrase(world, bureau=factories.bureau(world.assembly))
    with world.scope():
        for post in (world.clerk, world.sysadmin):
            with pytest.raises(organization_policies.PermissionDenied):
                setting_save(post=post, setting=row)


def test_the_system_administrator_keeps_those_of_the_assembly(world, browser):
    phrase(world, bureau=world.bureau, title="局里的")
    client = browser(world.sysadmin)
    page = client.get(reverse("organizations:setting_list", args=["phrases"])).content.decode()
    assert "局里的" not in page
    assert "暂不能解决" in page
    sent = {
        "group": Group.BODY,
        "title": "新短语",
        "text": "《{title}》",
        "order": 3,
        "is_active": "on",
        "key": "g" * 32,
    }
    assert client.post(reverse("organizations:setting_new", args=["phrases"]), sent).status_code == 302
    with world.scope():
        assert Phrase.objects.get(title="新短语").bureau is None


# ---- on the desk


def test_the_desk_shows_phrases_filled_in_and_escaped(world, browser):
    phrase(world, bureau=world.bureau, title="<b>粗</b>", text="<script>alert(1)</script>《{title}》")
    phrase(world, title="停用的", text="不用了。", is_active=False)
    reply = world.drafting(title="提案<script>")
    page = browser(world.clerk).get(reverse("replies:draft", args=[reply.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;《提案&lt;script&gt;》" in page
    assert "<script>alert" not in page
    assert "<b>粗" not in page
    assert "停用的" not in page


def test_a_phrase_goes_in_without_script(world, browser):
    row, reply = phrase(world, bureau=world.bureau), world.drafting()
    client, address = browser(world.clerk), reverse("replies:draft", args=[reply.pk])
    sent = typed(reply, f"phrase:{row.pk}", body=reply.body + "\n刚写的一句。")
    assert client.post(address, sent).status_code == 302
    reply = world.fresh(reply)
    with world.scope():
        opening, closing = letters.opening_and_closing(reply)
        assert reply.body.startswith(opening)
        assert f"《{reply.proposal.title}》所提建议，{world.bureau.name}予以采纳。\n{closing}" in reply.body
        assert reply.body.endswith("刚写的一句。")
        assert reply.saves.count() > 2
    assert client.post(address, typed(reply, "phrase:999999")).status_code == 404
    assert client.post(address, typed(reply, "phrase:x")).status_code == 404


def test_a_whole_letter_asks_first(world, browser):
    row = phrase(world, bureau=world.bureau, group=Group.LETTER, text="一、情况\n××。")
    reply, client = world.drafting(), browser(world.clerk)
    address = reverse("replies:draft", args=[reply.pk])
    asked = client.post(address, typed(reply, f"phrase:{row.pk}"))
    page = reverse("replies:phrase_letter", args=[reply.pk, row.pk])
    assert asked.url == page
    assert "强化民主协商意识" in world.fresh(reply).body
    form = client.get(page)
    assert form.status_code == 200
    sent = {"version_seen": world.fresh(reply).lock_version, "key": "h" * 32}
    assert client.post(page, sent).url == address
    with world.scope():
        opening, closing = letters.opening_and_closing(reply)
        assert world.fresh(reply).body == f"{opening}\n一、情况\n××。\n{closing}"
        faults = [fault.text for fault in checks.findings_of(world.fresh(reply)) if fault.rule == "gap"]
    assert faults == ["×× stands for what is to be filled in, in paragraph 3."]
    assert browser(world.leader).get(page).status_code == 403
    with scope(assembly=world.assembly):
        before = services.reply_save(
            reply_id=reply.pk,
            post=world.clerk,
            body=f"{opening}\n{closing}",
            result_class=None,
            disclosure=None,
        )
    assert client.post(address, typed(before, f"phrase:{row.pk}")).url == address
    assert "一、情况" in world.fresh(reply).body


def test_the_marked_text_is_kept_as_a_phrase(world, browser):
    reply, client = world.drafting(), browser(world.clerk)
    address = reverse("replies:draft", args=[reply.pk])
    fields = {"phrase-title": "标记的", "phrase-text": "{you}的建议已采纳。", "phrase-group": Group.BODY}
    fields |= {"phrase-key": "i" * 32}
    assert client.post(address, typed(reply, "keep", **fields)).url == address
    with world.scope():
        row = Phrase.objects.get(title="标记的")
    assert (row.bureau, row.is_active) == (world.bureau, True)
    refused = client.post(address, typed(world.fresh(reply), "keep", **(fields | {"phrase-key": "j" * 32})))
    assert refused.status_code == 422
    assert "one of this name already" in refused.content.decode()
    # Empty fields for a phrase hold nothing up.
    empty = {"phrase-title": "", "phrase-text": "", "phrase-group": Group.BODY}
    assert client.post(address, typed(world.fresh(reply), "save", **empty)).status_code == 302


# ---- letters of earlier years


def issued(world: World, body: str, **fields) -> IssuedLetter:
    reply = world.issued(body=body, **fields)
    with world.scope():
        return IssuedLetter.objects.get(reply=reply)


def test_letters_on_similar_proposals_are_offered(world, browser):
    letter = issued(world, ANSWER)
    reply = world.drafting(title="关于推进基层协商民主的建议")
    with world.scope():
        [found] = earlier.similar_letters(world.clerk, reply)
    assert (found.letter, found.is_own) == (letter, True)
    assert found.paragraphs == ANSWER.splitlines()
    client, address = browser(world.clerk), reverse("replies:draft", args=[reply.pk])
    assert f'value="earlier:{letter.pk}.5"' in client.get(address).content.decode()
    assert client.post(address, typed(reply, f"earlier:{letter.pk}.1")).url == address
    assert ANSWER.splitlines()[1] in world.fresh(reply).body
    for wrong in (f"earlier:{letter.pk}.6", f"earlier:{letter.pk}", "earlier:99999.0"):
        assert client.post(address, typed(world.fresh(reply), wrong)).status_code == 404


def test_letters_of_other_bureaus_are_not_offered(world, browser):
    other = factories.bureau(world.assembly)
    posts = {
        role: factories.post(world.assembly, role, bureau=other)
        for role in ("clerk", "checker", "leader", "sealkeeper")
    }
    own, world.bureau = world.bureau, other
    mine = {role: world.posts[role] for role in posts}
    world.posts |= posts
    letter = issued(world, ANSWER)
    world.bureau, world.posts = own, world.posts | mine
    reply = world.drafting(title="关于推进基层协商民主的建议", body=ANSWER)
    with world.scope():
        assert earlier.similar_letters(world.clerk, reply) == []
        assert earlier.taken_over(reply) is None
    client, address = browser(world.clerk), reverse("replies:draft", args=[reply.pk])
    assert client.post(address, typed(reply, f"earlier:{letter.pk}.1")).status_code == 404


def advice(world: World, reply) -> list[str]:
    with world.scope():
        return [fault.text for fault in checks.findings_of(world.fresh(reply)) if fault.rule == "taken-over"]


def test_more_than_a_few_sentences_of_an_earlier_letter_are_told(world):
    letter = issued(world, ANSWER)
    assert advice(world, world.drafting(body="\n".join(ANSWER.splitlines()[:3]))) == []
    [told] = advice(world, world.drafting(body=ANSWER.replace("，", ",")))
    assert told.startswith(f"6 sentences are word for word those of {letter}, from “第一项工作")
    # What the house words itself does not count.
    phrase(world, text="\n".join(ANSWER.splitlines()[:4]))
    assert advice(world, world.drafting(body=ANSWER)) == []


def test_short_sentences_and_the_frame_do_not_count():
    found = earlier.sentences("一、基本情况\n已经办好。区民政局 2025 年新建了三个示范点；其余的明年建成！")
    assert list(found) == ["区民政局2025年新建了三个示范点"]


def copies(row, count: int, **changed) -> list:
    """Rows like this one, with these values by their number."""
    model = type(row)
    facts = {
        field.name: getattr(row, field.name) for field in model._meta.concrete_fields if field.name != "id"
    }
    rows = [model(**facts | {name: value(n) for name, value in changed.items()}) for n in range(count)]
    return model.objects.bulk_create(rows)


def test_the_comparison_is_fast(world, django_assert_max_num_queries):
    letter, reply = issued(world, ANSWER), world.drafting(body=ANSWER)
    with world.scope():
        letter = IssuedLetter.objects.get(pk=letter.pk)
        sources = copies(letter.reply, 220, round=lambda n: n + 10)
        bodies = [ANSWER * 12 + f"第{n}号信另有一句足够长的话。" for n in range(220)]
        versions = copies(letter.version, 220, reply=sources.__getitem__, body=bodies.__getitem__)
        linked = {"version": versions.__getitem__, "reply": sources.__getitem__}
        copies(letter, 220, number=lambda n: 1000 + n, facts_sha256=lambda n: f"{n:064d}", **linked)
        earlier.taken_over(reply)
        began = time.perf_counter()
        with django_assert_max_num_queries(10):
            found = earlier.taken_over(reply)
        took = time.perf_counter() - began
    assert found.count == 6
    assert took < 0.1  # 30 ms on a quiet machine


def test_assemblies_from_before_get_the_phrases(world):
    [found] = Path(migrations.__file__).parent.glob("*_first_phrases.py")
    with world.scope():
        Phrase.objects.filter(assembly=world.assembly).delete()
        import_module(f"organizations.migrations.{found.stem}").fill(apps, None)
        assert Phrase.objects.filter(assembly=world.assembly).count() == 14
