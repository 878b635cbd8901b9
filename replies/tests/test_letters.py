"""Issue and the letter: its number, its date, its frozen facts, its file, and what can be read back from it."""

import datetime as dt
import io
from collections.abc import Callable
from unittest import mock

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django_scopes import scopes_disabled

from gongwen.tests.reading import body_text, read, squeeze
from office import clock
from office.workflow import Refused
from organizations.models import Bureau, LetterProfile, ListItem
from replies import letters, services
from replies.models import IssuedLetter, LetterFile, Reply
from tests.factories import World

Browser = Callable[..., Client]
BODY = "一、强意识，从基层做起。强化民主协商意识，主要在两个层面。\n（一）建立议事会制度。\n1.健全村规民约。"
TODAY = dt.date(2021, 5, 25)


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Callable) -> Callable:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def in_may():
    with clock.at(dt.datetime(2021, 5, 25, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))):
        yield


def issue(world: World, reply: Reply, browser: Browser, dated: object, **more: object):
    form = {"key": "k1", "version_seen": 1, "dated": dated} | more
    return browser(world.sealkeeper).post(reverse("replies:issue", args=[reply.pk]), form)


def letter_of(world: World, reply: Reply) -> IssuedLetter:
    with world.scope():
        return IssuedLetter.objects.get(reply=reply)


def file_of(letter: IssuedLetter) -> LetterFile:
    """The file of its only copy."""
    with scopes_disabled():
        return letter.files.get()


def bytes_of(letter: IssuedLetter) -> bytes:
    with file_of(letter).pdf.open() as file:
        return file.read()


@pytest.mark.usefixtures("in_may")
def test_the_issue_gives_number_date_and_file(world: World, browser: Browser, commits: Callable):
    with world.scope():
        Bureau.objects.update(number_word="君民复字", first_number=6)
    reply = world.signed(body=BODY)
    page = browser(world.sealkeeper).get(reverse("replies:issue", args=[reply.pk])).content.decode()
    assert "君民复字〔2021〕6号" in page
    assert 'value="2021-05-25"' in page
    with commits():
        assert issue(world, reply, browser, "2021-05-25").url == reply.get_absolute_url()
    letter = letter_of(world, reply)
    assert (str(letter), letter.dated, world.fresh(reply).state) == ("君民复字〔2021〕6号", TODAY, "issued")
    assert file_of(letter).sha256
    assert world.fresh(reply.proposal).state == "answered"


@pytest.mark.parametrize("dated", ["2021-05-25", "2021/5/25", "2021年5月25日"])
@pytest.mark.usefixtures("in_may")
def test_a_date_can_be_written_in_the_office_s_ways(
    world: World, browser: Browser, commits: Callable, dated: str
):
    reply = world.signed()
    with commits():
        issue(world, reply, browser, dated)
    assert letter_of(world, reply).dated == TODAY


@pytest.mark.parametrize(
    ("dated", "told"),
    [
        ("", "Give the date of the letter."),
        ("昨天", "This is no date of the calendar"),
        ("2021-02-30", "This is no date of the calendar"),
        ("2021-05-26", "The letter cannot be dated in the future."),
        ("2021-05-24", "The letter cannot be dated before it was signed."),
        ("0001-01-01", "The letter cannot be dated before it was signed."),
    ],
)
@pytest.mark.usefixtures("in_may")
def test_a_wrong_date_is_refused_and_burns_no_number(world: World, browser: Browser, dated: str, told: str):
    reply = world.signed()
    response = issue(world, reply, browser, dated)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert response.context["form"]["dated"].value() == dated
    assert world.fresh(reply).state == "signed"
    with world.scope():
        assert services.expected_doc_number(world.fresh(reply).bureau, 2021).endswith("1号")


def test_what_cannot_be_printed_is_refused_before_it_has_a_number(world: World, browser: Browser):
    """The bureau's word was changed after the signature, to something that no font can set."""
    reply = world.signed()
    with world.scope():
        Bureau.objects.update(number_word="君\ue000复字")
    response = issue(world, reply, browser, clock.today().isoformat())
    assert response.status_code == 422
    assert "U+E000" in response.content.decode()
    assert world.fresh(reply).state == "signed"
    with world.scope():
        assert not IssuedLetter.objects.exists()


def test_a_second_click_issues_once(world: World, browser: Browser, commits: Callable):
    reply = world.signed()
    with commits():
        answers = [issue(world, reply, browser, clock.today().isoformat()) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    with world.scope():
        assert IssuedLetter.objects.count() == 1


def test_numbers_have_no_gap_and_a_return_burns_none(world: World):
    first = letter_of(world, world.issued())
    returned = world.signed()
    with world.scope():
        services.reply_return(reply_id=returned.pk, post=world.sealkeeper, step="issue_return", note="请改。")
    second = letter_of(world, world.issued())
    assert (first.number, second.number) == (1, 2)


def test_each_year_has_a_series_of_its_own(world: World):
    zone = dt.timezone(dt.timedelta(hours=8))
    numbers = []
    for year in (2021, 2022):
        with clock.at(dt.datetime(year, 3, 1, 10, tzinfo=zone)):
            numbers.append(str(letter_of(world, world.issued()))[-8:])
    assert numbers == ["〔2021〕1号", "〔2022〕1号"]


def test_facts_are_frozen(world: World, commits: Callable):
    """Whatever is changed afterwards, the letter made again from its facts is the same, byte for byte."""
    with commits():
        reply = world.issued(body=BODY)
    letter = letter_of(world, reply)
    before = bytes_of(letter)
    with world.scope():
        Bureau.objects.update(name="改名后的局", number_word="改字", printed_by="改了")
        LetterProfile.objects.update(title="改了的题目", form="plain", contacts="", letterhead="改")
        ListItem.objects.update(mark="Z类", label="改")
        world.leader.user.name = "新领导"
        world.leader.user.save()
        again = letters.letter_of(letter_of(world, reply).facts)
    letters.caches["pages"].clear()
    assert letters.pdf_of(again) == before
    assert letter_of(world, reply).facts_sha256 == letter.facts_sha256


@pytest.mark.parametrize("form", ["plain", "file"])
def test_the_file_reads_back_as_the_letter(world: World, commits: Callable, form: str):
    if form == "plain":
        world.plain_letters()
    with commits():
        reply = world.issued(body=BODY)
    letter = letter_of(world, reply)
    text = body_text(read(bytes_of(letter)))
    parts = [str(letter), "第1号提案的", f"{world.committee.name}：", *reply.body.splitlines()]
    places = [text.find(squeeze(part)) for part in parts]
    assert -1 not in places
    # In the file form the signer's line and the red head come before; the order of these is the same in both.
    assert places == sorted(places)


def has_watermark(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        first = document.pages[0].Contents
        streams = [first] if isinstance(first, pikepdf.Stream) else list(first)
        return any(b"0.91 g" in stream.read_bytes() for stream in streams)


def test_a_draft_bears_its_mark_and_a_letter_does_not(world: World, browser: Browser, commits: Callable):
    reply = world.signed()
    draft = browser(world.clerk).get(reverse("replies:draft_pdf", args=[reply.pk]))
    assert has_watermark(draft.content)
    assert iri_to_uri("草稿-第1号.pdf").lower() in draft["Content-Disposition"].lower()
    with commits():
        issue(world, reply, browser, clock.today().isoformat())
    assert not has_watermark(bytes_of(letter_of(world, reply)))


def test_markup_in_the_body_is_text_in_the_letter(world: World, commits: Callable):
    hostile = '一、<script>alert(1)</script><img src="file:///etc/passwd">&amp;。'
    with commits():
        reply = world.issued(body=hostile)
    assert squeeze(hostile) in body_text(read(bytes_of(letter_of(world, reply))))


def test_printing_twice_gives_the_same_file(world: World, commits: Callable):
    with commits():
        reply = world.issued()
    letter = letter_of(world, reply)
    [again] = services.letter_print(letter_id=letter.pk, assembly_id=letter.assembly_id)
    assert (again.pk, again.sha256) == (file_of(letter).pk, file_of(letter).sha256)


def test_a_crash_after_the_issue_is_mended_by_the_next_reader(world: World, browser: Browser):
    """The commit went through and the file was never made."""
    reply = world.issued()  # outside of a commit nothing is printed
    with world.scope():
        assert not LetterFile.objects.exists()
        pk = IssuedLetter.objects.get(reply=reply).pk
    answer = browser(world.filer).get(reverse("replies:letter_pdf", args=[pk]))
    assert answer.content.startswith(b"%PDF")
    with world.scope():
        assert LetterFile.objects.count() == 1


def test_a_failing_printer_does_not_undo_the_issue(world: World, browser: Browser, commits: Callable):
    reply = world.signed()
    broken = mock.patch.object(letters, "pdf_of", side_effect=OSError("no room left"))
    with broken, pytest.raises(OSError, match="no room left"), commits():
        issue(world, reply, browser, clock.today().isoformat())
    assert world.fresh(reply).state == "issued"


def test_the_letter_is_shown_opened_and_downloaded(world: World, browser: Browser, commits: Callable):
    with commits():
        reply = world.issued()
    letter = letter_of(world, reply)
    filer = browser(world.filer)
    page = filer.get(reverse("replies:letter", args=[letter.pk])).content.decode()
    assert str(letter) in page
    assert file_of(letter).sha256 in page
    address = reverse("replies:letter_pdf", args=[letter.pk])
    shown, saved = filer.get(address), filer.get(address, {"download": 1})
    name = iri_to_uri(f"{letter}.pdf").lower()
    assert shown["Content-Disposition"].lower() == f"inline; filename*=utf-8''{name}"
    assert saved["Content-Disposition"].lower() == f"attachment; filename*=utf-8''{name}"
    assert shown.content == saved.content == bytes_of(letter)
    assert shown["Cache-Control"] == "private, no-store"
    picture = filer.get(reverse("replies:letter_page", args=[letter.pk, 1]))
    assert picture["Content-Type"] == "image/png"
    assert filer.get(reverse("replies:letter_page", args=[letter.pk, 99])).status_code == 404


def test_the_letter_does_not_tell_the_committee_of_versions(
    world: World, browser: Browser, commits: Callable
):
    with commits():
        reply = world.issued()
    letter = letter_of(world, reply)
    versions = reverse("replies:versions", args=[letter.reply_id])
    address = reverse("replies:letter", args=[letter.pk])
    assert versions in browser(world.clerk).get(address).content.decode()
    assert versions not in browser(world.filer).get(address).content.decode()


def test_the_language_of_the_page_does_not_reach_the_letter(
    world: World, browser: Browser, settings: object, commits: Callable
):
    reply = world.drafting()
    with world.scope():
        pages = []
        for language in ("en", "zh-hans"):
            letters.caches["pages"].clear()
            with letters.translation.override(language):
                pages.append(letters.pdf_of(letters.draft_letter(world.fresh(reply))))
    assert pages[0] == pages[1]


def test_a_letter_that_reads_otherwise_than_it_was_signed_is_not_issued(world: World, commits: Callable):
    reply = world.signed(body=BODY)
    with world.scope():
        profile = LetterProfile.objects.get(bureau=None)
        LetterProfile.objects.update(title="关于第{number}号提案的复函")
        with pytest.raises(Refused, match="not the one that was signed"), translation.override("en"):
            services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        assert not IssuedLetter.objects.exists()

        profile.save()
        with commits():
            services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        assert IssuedLetter.objects.get().number == 1
