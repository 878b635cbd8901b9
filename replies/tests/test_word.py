"""Word at the drafting desk: a file becomes text, a state becomes a file; for whom, and what is refused."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongwen import docx_in, docx_out
from gongwen.document import Letter, Table
from organizations.models import Post
from replies import services, word_in
from replies.models import DraftSave, IssuedLetter, Reply
from tests.factories import World

Browser = Callable[[Post], Client]
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTER = Letter(
    form="plain",
    title="关于某某提案的答复",
    addressees=("区妇联",),
    paragraphs=("一、已经做的。", Table((("年度", "件数"), ("2025", "12"))), "二、打算做的。"),
    date=None,
    issuers=("区民政局",),
)


def url(name: str, reply: Reply, *more: str) -> str:
    return reverse(f"replies:{name}", args=[reply.pk, *more])


def file_of(letter: Letter = LETTER) -> SimpleUploadedFile:
    return SimpleUploadedFile("答复.docx", docx_out.write(letter), TYPE)


def text_of(response: Any) -> str:
    return docx_in.read(response.content).text


def send(client: Client, reply: Reply, file: SimpleUploadedFile) -> Any:
    return client.post(url("word", reply), {"word": file})


# ---- in


def test_what_came_is_shown_and_nothing_changed(world: World, browser: Browser):
    reply = world.drafting()
    answer = send(browser(world.clerk), reply, file_of())
    found = answer.context["found"]
    assert found.body.splitlines()[0] == "一、已经做的。"
    assert "| 2025 | 12 |" in found.body
    assert "二、打算做的。" in found.body
    assert "区妇联" not in found.body
    assert "区妇联" in dict(found.head).values()
    assert world.fresh(reply).body == reply.body


def test_it_takes_the_place_of_the_text_which_stays_in_the_history(world: World, browser: Browser):
    reply = world.drafting()
    data = {"text": "一、新的正文。\r\n二、第二段。", "where": "instead", "version_seen": reply.lock_version}
    assert browser(world.clerk).post(url("word_take", reply), data).status_code == 302
    assert world.fresh(reply).body == "一、新的正文。\n二、第二段。"
    with world.scope():
        assert DraftSave.objects.filter(reply=reply, body=reply.body).exists()


def test_it_goes_before_the_closing(world: World, browser: Browser):
    reply = world.drafting()
    data = {"text": "一、又一段。", "where": "after", "version_seen": reply.lock_version}
    browser(world.clerk).post(url("word_take", reply), data)
    body = world.fresh(reply).body
    assert body.index("又一段") < body.index("感谢你们")
    assert word_in.with_it("", "一。", "", in_place=False) == "一。"
    assert word_in.with_it("甲。", "一。", "感谢。", in_place=False) == "甲。\n一。"


def test_somebody_elses_text_is_not_written_over(world: World, browser: Browser):
    reply = world.drafting()
    client = browser(world.clerk)
    with world.scope():
        facts = {"result_class": reply.result_class, "disclosure": reply.disclosure}
        services.reply_save(
            reply_id=reply.pk, post=world.clerk, body=reply.body + "\n九、别人写的。", **facts
        )
    data = {"text": "一、新的正文。", "where": "instead", "version_seen": reply.lock_version}
    assert client.post(url("word_take", reply), data).status_code == 409
    assert "九、别人写的。" in world.fresh(reply).body
    with world.scope():
        assert DraftSave.objects.get(kind="aside").body == "一、新的正文。"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", b"<a>" + b" " * 300_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "save it as .docx first"),
        ("程序.docx", b"\x7fELF" + b"\0" * 4000, "not a Word file"),
        ("空.docx", b" ", "not a Word file"),
        ("炸弹.docx", bomb(), "too long to be read"),
        ("太大.docx", b"PK" + b"\0" * (21 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(
    world: World, browser: Browser, name: str, content: bytes, told: str
):
    reply = world.drafting()
    file = SimpleUploadedFile(name, content, TYPE)
    answer = browser(world.clerk).post(url("word", reply), {"word": file}, follow=True)
    assert told in answer.content.decode()
    assert world.fresh(reply).body == reply.body


def test_no_file_is_told(world: World, browser: Browser):
    reply = world.drafting()
    answer = browser(world.clerk).post(url("word", reply), {}, follow=True)
    assert "Choose a Word file" in answer.content.decode()


def test_only_who_writes_takes_text_in(world: World, browser: Browser):
    reply = world.drafting()
    assert send(browser(world.checker), reply, file_of()).status_code == 403
    assert send(browser(world.filer), reply, file_of()).status_code == 404


# ---- out


def test_the_draft_and_each_state_as_word(world: World, browser: Browser):
    reply = world.in_review()
    client = browser(world.checker)
    now = client.get(url("draft_docx", reply))
    assert now["Content-Type"] == TYPE
    assert "强化民主协商意识" in text_of(now)
    first = client.get(url("state_docx", reply, "s1"))
    assert "强化民主协商意识" not in text_of(first)
    sent = client.get(url("state_docx", reply, "v1"))
    assert "强化民主协商意识" in text_of(sent)
    assert "docx" in sent["Content-Disposition"]
    assert world.fresh(reply).body == reply.body
    assert client.get(url("state_docx", reply, "v9")).status_code == 404
    assert browser(world.filer).get(url("state_docx", reply, "v1")).status_code == 404


def test_the_issued_letter_as_word_under_its_number(world: World, browser: Browser):
    reply = world.issued()
    with world.scope():
        letter = IssuedLetter.objects.get(reply=reply)
    answer = browser(world.filer).get(reverse("replies:letter_docx", args=[letter.pk]))
    assert "强化民主协商意识" in text_of(answer)
    assert "docx" in answer["Content-Disposition"]
    page = browser(world.filer).get(reverse("replies:letter", args=[letter.pk])).content.decode()
    assert reverse("replies:letter_docx", args=[letter.pk]) in page


def test_a_text_that_cannot_be_set_is_told(world: World, browser: Browser):
    reply = world.drafting()
    with world.scope():
        facts = {"result_class": reply.result_class, "disclosure": reply.disclosure}
        services.reply_save(reply_id=reply.pk, post=world.clerk, body="", **facts)
    answer = browser(world.clerk).get(url("draft_docx", reply))
    assert answer.status_code in (200, 302)
