"""No English is left on a page in Chinese: every address of the matrix, seen by every role, in both scripts.

What is read: text, titles of pages, and the attributes that people see or hear. What may stay: `MAY_STAY`.
"""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from check_translations import LANGUAGES, catalogue, entries_of
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from office import events
from organizations.models import ListItem, Role
from proposals.models import Attachment, Proposal
from replies.models import Reply
from tests.factories import PASSWORD
from tests.test_matrix import ROWS, Scene

ROOT = Path(__file__).resolve().parent.parent
CHINESE = ("zh-hans", "zh-hant")
READ_ATTRIBUTES = {"alt", "title", "placeholder", "aria-label", "data-confirm", "data-moved", "data-removed"}
NOT_READ = {"script", "style", "code", "kbd"}
MAY_STAY = {
    "PDF",
    "Word",
    "JPG",
    "PNG",
    "SHA",
    "KB",
    "MB",
    "Ctrl",
    "Enter",
    "Cookie",
    "EN",
    *Attachment.TYPES,
}
# Data of the tests, names in braces of patterns, and what scripts fill in.
DATA = re.compile(r"\{\w*\}|\buser\d+\b|金丝雀[a-z_]*")
WORD = re.compile(r"[A-Za-z]{2,}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# Frequent characters in the form that only the simplified script has.
SIMPLIFIED = set("个们这请办签发时间复单为长过还写没员会议录设闭关动选择该问题经历页阅")


class Reader(HTMLParser):
    """Gathers what a page says; what stands in an element marked as English is meant to be English."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag, attrs):
        if self.unread and tag == self.unread[0]:
            self.unread.append(tag)
        elif not self.unread and (tag in NOT_READ or (tag != "html" and ("lang", "en") in attrs)):
            self.unread = [tag]
        if not self.unread:
            self.said += [value or "" for name, value in attrs if name in READ_ATTRIBUTES]

    def handle_endtag(self, tag):
        if self.unread and tag == self.unread[0]:
            self.unread.pop()

    def handle_data(self, data):
        if not self.unread:
            self.said.append(data)


def english_in(html: str) -> set[str]:
    """Return the English words that a page shows."""
    reader = Reader()
    reader.feed(html)
    return set(WORD.findall(DATA.sub(" ", " ".join(reader.said)))) - MAY_STAY


def english_of(response) -> set[str]:
    if response.streaming:
        b"".join(response.streaming_content)
        return set()
    if response["Content-Type"].startswith("application/json"):
        return english_in(str(json.loads(response.content).get("message", "")))
    return english_in(response.content.decode()) if "text/html" in response["Content-Type"] else set()


@pytest.fixture
def scene(db, django_capture_on_commit_callbacks, settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        return Scene()


def values_for(scene, row):
    """What a person would fill in, whatever the form asks for."""
    with scene.world.scope():
        reason = ListItem.objects.filter(list="refusal").first()
        target = (0, *(one for one in scene.targets.get(row.target, ()) if isinstance(one, int)))[-1]
        proposal, reply = Proposal.objects.filter(pk=target).first(), Reply.objects.filter(pk=target).first()
        if row.name.startswith("proposals:") or not reply:
            seen = proposal.lock_version if proposal else 1
        elif row.name in ("replies:draft", "replies:autosave", "replies:mend", "replies:send"):
            seen = reply.lock_version
        else:
            seen = reply.versions.count()
    return {
        "key": f"{row.name}-{target}"[:40],
        "version_seen": seen,
        "act": "send" if row.name.startswith("replies:") else "submit",
        "note": "请补充时间安排。",
        "reason": reason.pk,
        "bureau": scene.world.bureau.pk,
        "dated": dt.date.today().isoformat(),
        "body": "一、强意识,从基层做起。",
    }


def asked(scene, row, who):
    """Every way to ask at an address: to look, to send an empty form and a full one; refusals are all alike."""
    if who in row.ok or row.name == "desk:case" or (row.public and who == "anonymous"):
        yield "get", {}
    if who in row.ok and row.target:
        yield "post", {}
        yield "post", values_for(scene, row)


def english_left(scene, rows):
    """Return what is left, by page and person; nothing that the requests do stays done."""
    left, read = {}, 0
    for row in rows:
        url = scene.url_of(row)
        for who in [*map(str, Role), "anonymous"]:
            for method, data in asked(scene, row, who):
                with transaction.atomic():
                    response = getattr(scene.clients[who], method)(url, data, follow=True)
                    words = english_of(response)
                    transaction.set_rollback(True)
                read += response.status_code != 405
                if words and response.status_code != 405:
                    left[f"{method} {url} as {who} ({response.status_code})"] = sorted(words)
    assert read > len(rows)
    return left


# Which would end the session, or change the language of the next page.
NOT_ASKED = {"account_logout", "set_language", "account_change_password"}


@pytest.mark.slow
@pytest.mark.parametrize("language", CHINESE)
def test_no_page_has_english_left(scene, language, settings):
    settings.LANGUAGE_CODE = language
    User.objects.update(language=language)
    left = english_left(scene, [row for row in ROWS if row.name not in NOT_ASKED])
    assert left == {}


SIGN_IN = {"login": "user1", "password": "wrong"}
SETTINGS = ("sessions", "committees", "bureaus", "dispatchers", "lists", "rules", "days", "letters", "limits")


def pages_of_forms(scene):
    """Every kind of setting, sign-in, password: role, address, and what is sent (None: only looked at)."""
    for slug in SETTINGS:
        yield "sysadmin", reverse("organizations:setting_list", args=[slug]), None
        if slug != "limits":
            yield "sysadmin", reverse("organizations:setting_new", args=[slug]), None
            yield "sysadmin", reverse("organizations:setting_new", args=[slug]), {}
    wrong = {"title": "{nobody}", "opening": "{", "form": "none", "length": "x", "first_number": "0"}
    yield "sysadmin", reverse("organizations:setting_new", args=["letters"]), wrong
    yield "sysadmin", reverse("organizations:setting_new", args=["sessions"]), wrong | {"opens": "yesterday"}
    yield "secadmin", reverse("organizations:person_open"), {"username": "no blanks", "role": "clerk"}
    yield "secadmin", reverse("organizations:post_give_named"), {"username": "nobody", "role": "x"}
    yield "anonymous", reverse("account_login"), None
    yield "anonymous", reverse("account_login"), {}
    yield "anonymous", reverse("account_login"), SIGN_IN
    change = reverse("account_change_password")
    yield "clerk", change, None
    yield "clerk", change, {}
    yield "clerk", change, {"oldpassword": "wrong", "password1": "short", "password2": "other"}
    yield "clerk", change, {"oldpassword": PASSWORD, "password1": "1234567890", "password2": "1234567890"}
    yield "clerk", reverse("account_logout"), None
    yield "auditor", f"{reverse('organizations:log')}?about=reply&who=nobody", None
    yield "filer", "/nowhere/", None
    yield "clerk", f"{reverse('proposals:list')}?late=true&state=in_hand&q=1", None


@pytest.mark.parametrize("language", CHINESE)
def test_no_form_and_no_mistake_in_it_has_english_left(scene, language, settings):
    settings.LANGUAGE_CODE = language
    User.objects.update(language=language)
    left = {}
    for who, url, data in pages_of_forms(scene):
        client = scene.clients[who]
        response = client.get(url, follow=True) if data is None else client.post(url, data)
        if words := english_of(response) - {"nobody", "yesterday", "no", "blanks", "none"}:
            left[f"{url} as {who}, {data}"] = sorted(words)
    assert left == {}


@pytest.mark.parametrize("language", CHINESE)
@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "429.html", "500.html"])
def test_no_page_of_trouble_has_english_left(template, language):
    from django.template.loader import render_to_string

    with translation.override(language):
        assert english_in(render_to_string(template)) == set()


@pytest.mark.parametrize("language", CHINESE)
def test_the_history_speaks_chinese(language):
    with translation.override(language):
        for act, sentence in events.SENTENCES.items():
            assert HAN.search(str(sentence)), act
            assert english_in(str(sentence)) == set(), act


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>提案 was returned by 提案委</p>", {"was", "returned", "by"}),
        ('<img alt="Page of the letter">', {"Page", "of", "the", "letter"}),
        ("<title>Desk · 答复</title>", {"Desk"}),
        ('<p lang="en">English</p><template><p>Saved</p></template>', {"Saved"}),
        ("<script>let words;</script><code>reply:12</code><kbd>Esc</kbd>下载 PDF，Ctrl+S 保存", set()),
    ],
)
def test_english_is_noticed(html, found):
    """A control."""
    assert english_in(html) == found


def test_a_page_in_english_would_fail(scene):
    """A control: the same walk through a page in another language finds much."""
    User.objects.update(language="en")
    assert english_left(scene, [row for row in ROWS if row.name == "proposals:list"])


@pytest.mark.parametrize(("code", "words"), [("zh-hans", "办公桌"), ("zh-hant", "辦公桌"), ("en", "Desk")])
def test_every_language_loads(code, words):
    with translation.override(code):
        assert translation.gettext("Desk") == words
        assert translation.ngettext("%(n)d day late", "%(n)d days late", 2) % {"n": 2} != "2 day late"


def test_every_catalogue_has_every_text():
    keys = [{entry.key for entry in entries_of(catalogue(ROOT, name).read_text())} for name in LANGUAGES]
    assert keys[0] == keys[1] == keys[2]


def test_the_traditional_texts_are_traditional():
    told = [t for entry in entries_of(catalogue(ROOT, "zh_Hant").read_text()) for t in entry.translations]
    assert [text for text in told if SIMPLIFIED & set(text)] == []


def test_the_language_can_be_switched(scene):
    client: Client = scene.clients["clerk"]
    headings = {}
    for code, _name in settings.LANGUAGES:
        page = client.post(reverse("set_language"), {"language": code, "next": "/proposals/"}, follow=True)
        headings[code] = re.search(r"<h1>(.*?)</h1>", page.content.decode(), re.DOTALL)[1].strip()
    assert headings == {"zh-hans": "提案", "zh-hant": "提案", "en": "Proposals"}
    desk = client.get("/").content.decode()
    assert re.search(r"\d+ cases? waits? for you today", desk)
