"""The check of a printed letter: what it tells whoever has the letter, and what it tells nobody."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from office import clock
from portal.drafts import waiting
from portal.models import PublishedLetter
from portal.services import publication_make
from portal.verify_views import MOST_MB
from proposals.models import Proposal
from replies import services, void_services
from replies.models import IssuedLetter
from tests.factories import World

VERIFY = reverse("portal:verify")
HELD, VOID = "it holds", "It no longer holds."


@pytest.fixture
def letter(world: World) -> IssuedLetter:
    with world.scope():
        found = IssuedLetter.objects.get(reply=world.issued(body="一、只有收信人知道的话。"))
        services.letter_print(letter_id=found.pk, assembly_id=world.assembly.pk)
        return found


def link_of(world: World, letter: IssuedLetter) -> str:
    with world.scope():
        return reverse("portal:verify_letter", args=[letter.copies.get().check_code])


def pdf_of(world: World, letter: IssuedLetter) -> bytes:
    with world.scope(), letter.files.get().pdf.open() as file:
        return bytes(file.read())


def sent(client: Client, url: str, content: bytes) -> str:
    answer = client.post(url, {"ask": "file", "file": SimpleUploadedFile("a.pdf", content)})
    assert answer.status_code == 200
    return answer.content.decode()


def asked(client: Client, number: str, dated: dt.date | str) -> str:
    return client.post(VERIFY, {"ask": "number", "number": number, "dated": str(dated)}).content.decode()


def test_the_code_tells_who_issued_it_and_when(client: Client, world: World, letter: IssuedLetter):
    page = client.get(link_of(world, letter)).content.decode()
    with world.scope():
        digest = letter.files.get().sha256
    for said in (str(letter), letter.bureau.name, world.assembly.name, digest, HELD):
        assert said in page
    assert "<dt>Copies</dt>" not in page


def test_it_tells_neither_text_nor_addressee_nor_title(client: Client, world: World, letter: IssuedLetter):
    with world.scope():
        copy = letter.copies.get()
        void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="内部的理由。")
    for page in (
        client.get(link_of(world, letter)).content.decode(),
        asked(client, str(letter), letter.dated),
    ):
        assert str(letter) in page
        for kept in (copy.name, "只有收信人知道的话", copy.proposal.title, "内部的理由"):
            assert kept not in page


def test_a_code_that_no_letter_bears(client: Client, world: World, letter: IssuedLetter):
    for code in ("nothing", "-", "0" * 16, link_of(world, letter).split("/")[-2][:-1]):
        answer = client.get(reverse("portal:verify_letter", args=[code]))
        assert (answer.status_code, str(letter) in answer.content.decode()) == (404, False)


def test_void_and_replaced_are_told(client: Client, world: World, letter: IssuedLetter):
    link = link_of(world, letter)
    with world.scope():
        void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="印错。")
    assert VOID in client.get(link).content.decode()
    with world.scope():
        reply = void_services.correction_create(letter_id=letter.pk, post=world.clerk)
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        services.reply_sign(reply_id=reply.pk, post=world.leader)
        newer = services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
    page = client.get(link).content.decode()
    assert "another took its place" in page
    assert str(newer) in page
    assert HELD in client.get(link_of(world, newer)).content.decode()


@pytest.mark.parametrize("way", ["{}", " {} ", "typed"])
def test_number_and_date_lead_to_it(client: Client, world: World, letter: IssuedLetter, way: str):
    number = way.format(letter)
    if way == "typed":
        number = f"{letter.word}[{letter.year}]第{letter.number}号"
    assert HELD in asked(client, number, letter.dated)
    assert HELD in asked(client, number, f"{letter.dated:%Y年%-m月%-d日}")


def test_anything_but_both_exactly_leads_nowhere(client: Client, world: World, letter: IssuedLetter):
    word, year, number, day = letter.word, letter.year, letter.number, letter.dated
    for said, dated in (
        (str(letter), day - dt.timedelta(1)),
        (f"{word}〔{year}〕{number + 1}号", day),
        (f"{word[:-1]}〔{year}〕{number}号", day),
        (f"%〔{year}〕{number}号", day),
        (f"{number}", day),
        ("〔〕", day),
    ):
        page = asked(client, said, dated)
        assert "No letter with this number and this date" in page
        assert letter.bureau.name not in page


def test_what_is_missing_is_asked_for(client: Client, db: None):
    answer = client.post(VERIFY, {"ask": "number", "number": "", "dated": "昨天"})
    assert answer.status_code == 422
    assert client.post(VERIFY, {"ask": "file"}).status_code == 422
    assert client.get(VERIFY).status_code == 200


def test_the_file_is_compared_byte_for_byte(client: Client, world: World, letter: IssuedLetter):
    link, pdf = link_of(world, letter), pdf_of(world, letter)
    assert "the very letter" in sent(client, link, pdf)
    assert "not one byte differs" in sent(client, VERIFY, pdf)
    for url in (link, VERIFY):
        assert "not a file that was issued here" in sent(client, url, pdf[:-1] + b"x")


def test_the_public_copy_and_another_letter_are_told_apart(
    client: Client, world: World, letter: IssuedLetter
):
    with world.scope():
        publication_make(cases=[letter.reply.proposal], post=world.reviewer)
        with PublishedLetter.objects.get().pdf.open() as file:
            public = file.read()
        other = IssuedLetter.objects.get(reply=world.issued())
        services.letter_print(letter_id=other.pk, assembly_id=world.assembly.pk)
    link = link_of(world, letter)
    assert "the public copy" in sent(client, link, public)
    assert "the public copy" in sent(client, VERIFY, public)
    assert f"another letter: {other}" in sent(client, link, pdf_of(world, other))


def test_nothing_of_an_upload_is_kept(client: Client, world: World, letter: IssuedLetter, settings):

    before = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    sent(client, VERIFY, b"%PDF-1.7 " + b"x" * 3_000_000)
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_too_large_a_file_is_refused(client: Client, db: None):
    file = SimpleUploadedFile("a.pdf", b"x" * (MOST_MB * 1024 * 1024 + 1))
    answer = client.post(VERIFY, {"ask": "file", "file": file})
    assert answer.status_code == 422
    assert "larger than 10 MB" in answer.content.decode()


def test_guessing_is_slowed_down(client: Client, db: None):
    answers = [client.get(reverse("portal:verify_letter", args=[f"c{n}"])).status_code for n in range(40)]
    assert (answers[0], answers[-1]) == (404, 429)
    assert client.post(VERIFY, {"ask": "number"}).status_code == 429


def test_a_void_letter_is_taken_from_the_public(client: Client, world: World, letter: IssuedLetter):
    with world.scope():
        [row] = publication_make(cases=[letter.reply.proposal], post=world.reviewer)
        assert client.get(row.get_absolute_url()).status_code == 200
        assert row.get_absolute_url() in client.get(link_of(world, letter)).content.decode()
        void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="印错。")
    assert client.get(row.get_absolute_url()).status_code == 410
    with world.scope():
        row.refresh_from_db()
        assert "void" in row.withdrawn_because


def test_what_puts_a_published_letter_right_waits_to_be_published(
    client: Client, world: World, letter: IssuedLetter
):
    with world.scope():
        case = letter.reply.proposal
        [row] = publication_make(cases=[case], post=world.reviewer)
        assert not waiting(Proposal.objects.filter(pk=case.pk))
        reply = void_services.correction_create(letter_id=letter.pk, post=world.clerk)
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        services.reply_sign(reply_id=reply.pk, post=world.leader)
        newer = services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        row.refresh_from_db()
        assert row.is_live
        assert "no longer holds" in client.get(row.get_absolute_url()).content.decode()
        assert list(waiting(Proposal.objects.filter(pk=case.pk))) == [case]
        publication_make(cases=[world.fresh(case)], post=world.reviewer)
        assert [one.letter for one in row.letters.all()] == [newer]
        assert "no longer holds" not in client.get(row.get_absolute_url()).content.decode()
