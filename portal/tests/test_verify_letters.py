"""`verify_letters`: a house that is whole, and every kind of alteration named, done with its digest or without."""

import hashlib
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_scopes import scopes_disabled

from portal.models import PublishedLetter
from portal.services import publication_make
from replies import letters, services, void_services
from replies.models import Approval, IssuedLetter, LetterCopy, LetterFile, LetterVoid, Opinion, ReplyVersion
from replies.tests.test_copies import Joint
from replies.verify import faults_in
from tests.factories import World

OTHER = "二、本段并非原文。"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


KEPT = ("replyversion", "issuedletter", "lettercopy", "letterfile", "lettervoid")


def unguarded() -> None:
    """Let rows be changed behind the application's back, which PostgreSQL itself refuses otherwise."""
    if connection.vendor == "postgresql":
        connection.check_constraints()
        with connection.cursor() as cursor:
            for name in KEPT:
                cursor.execute(f"ALTER TABLE replies_{name} DISABLE TRIGGER replies_{name}_is_kept")


@pytest.fixture
def letter(world: World) -> IssuedLetter:
    with world.scope():
        found = IssuedLetter.objects.get(reply=world.issued())
        services.letter_print(letter_id=found.pk, assembly_id=world.assembly.pk)
        return found


def said(**options: object) -> tuple[str, int]:
    """What the command says, and what it leaves with."""
    out = StringIO()
    try:
        call_command("verify_letters", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), error.returncode
    return out.getvalue(), 0


def faults(world: World, **options: bool) -> list[str]:
    return [f"{fault.where}: {fault.what}" for fault in faults_in(world.assembly.pk, **options)]


def changed_facts(row: IssuedLetter | LetterCopy) -> dict[str, object]:
    facts = dict(row.facts) | {"paragraphs": [*row.facts["paragraphs"][:-1], OTHER]}
    return {"facts": facts, "facts_sha256": letters.facts_digest(facts)}


def test_what_nobody_altered_is_whole(world: World, letter: IssuedLetter):
    with world.scope():
        void_services.letter_void(letter_id=letter.pk, post=world.leader, reason="印错。")
        world.opinion()
        publication_make(cases=[world.answered_twice()], post=world.reviewer)
        for row in IssuedLetter.objects.all():
            services.letter_print(letter_id=row.pk, assembly_id=world.assembly.pk)
    text, code = said()
    assert (code, "ALTERED" in text, "note" in text) == (0, False, False), text
    assert "3 letters · whole" in text
    assert said(assembly=world.assembly.code, render=False)[1] == 0
    assert said(assembly="000000")[1] == 1


def path_of(file: LetterFile) -> Path:
    return Path(file.pdf.path)


def a_byte(letter: IssuedLetter) -> None:
    path = path_of(letter.files.get())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def file_missing(letter: IssuedLetter) -> None:
    path_of(letter.files.get()).unlink()


def file_and_digest(letter: IssuedLetter) -> None:
    """Another letter's text under this letter's number, with the digest of its PDF in the row."""
    file = letter.files.get()
    facts = changed_facts(letter)["facts"]
    pdf = letters.set_anew(letters.letter_of(facts))
    path_of(file).write_bytes(pdf)
    LetterFile.objects.filter(pk=file.pk).update(sha256=hashlib.sha256(pdf).hexdigest())


def file_row(letter: IssuedLetter) -> None:
    LetterFile.objects.filter(letter=letter)._raw_delete("default")


def text(letter: IssuedLetter) -> None:
    ReplyVersion.objects.filter(pk=letter.version_id).update(body=OTHER)


def text_and_digest(letter: IssuedLetter) -> None:
    ReplyVersion.objects.filter(pk=letter.version_id).update(body=OTHER, sha256=digest(OTHER))


def points(letter: IssuedLetter) -> None:
    ReplyVersion.objects.filter(pk=letter.version_id).update(points=[{"verdict": "adopted"}])


def fact(letter: IssuedLetter) -> None:
    IssuedLetter.objects.filter(pk=letter.pk).update(facts=changed_facts(letter)["facts"])


def fact_and_digest(letter: IssuedLetter) -> None:
    """Letter and copy changed alike, each with its digest."""
    IssuedLetter.objects.filter(pk=letter.pk).update(**changed_facts(letter))
    LetterCopy.objects.filter(letter=letter).update(**changed_facts(letter))


def all_but_the_log(letter: IssuedLetter) -> None:
    """Text, facts, copy, signature, file: everything of the letter changed alike."""
    text_and_digest(letter)
    file_and_digest(letter)
    fact_and_digest(letter)
    letter.refresh_from_db()
    signed = letters.digest_signed_for(list(letter.copies.all()))
    Approval.objects.filter(version=letter.version_id, decision="signed").update(facts_sha256=signed)


def number(letter: IssuedLetter) -> None:
    IssuedLetter.objects.filter(pk=letter.pk).update(number=99)


def signature(letter: IssuedLetter) -> None:
    Approval.objects.filter(version=letter.version_id, decision="signed").update(is_void=True)


def signer(letter: IssuedLetter) -> None:
    other = Approval.objects.get(version=letter.version_id, decision="passed").post_id
    Approval.objects.filter(version=letter.version_id, decision="signed").update(post=other)


def addressee(letter: IssuedLetter) -> None:
    LetterCopy.objects.filter(letter=letter).update(name="李四")


def check_code(letter: IssuedLetter) -> None:
    LetterCopy.objects.filter(letter=letter).update(check_code="another")


def void_row(letter: IssuedLetter) -> None:
    LetterVoid.objects.create(
        assembly_id=letter.assembly_id,
        letter=letter,
        reason="无",
        post=letter.issued_by,
        at=letter.issued_at,
    )


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (a_byte, "the PDF was changed"),
        (file_missing, "the PDF is missing"),
        (file_and_digest, "the digest of the PDF was changed: the log has another"),
        (file_and_digest, "the PDF does not say what its facts say"),
        (file_row, "the row of its PDF is gone"),
        (text, "the text was changed"),
        (text_and_digest, "the digest was changed: the log has another"),
        (text_and_digest, "another text was signed"),
        (points, "the answers to the suggestions were changed"),
        (fact, "a fact of the letter was changed"),
        (fact_and_digest, "the digest of the facts was changed: the log has another"),
        (fact_and_digest, "the letter is not what was signed"),
        (fact_and_digest, "the PDF does not say what its facts say"),
        (fact_and_digest, "a copy was changed with its digest"),
        (all_but_the_log, "the digest that was signed was changed: the log has another"),
        (all_but_the_log, "the digest of the PDF was changed: the log has another"),
        (number, "number or date is not what was issued"),
        (signature, "the signature is gone"),
        (signer, "the name of who signed was changed"),
        (addressee, "the addressee of the copy to 李四 was changed"),
        (check_code, "was changed"),
        (void_row, "it stands as void; the log knows nothing of that"),
    ],
)
def test_an_alteration_is_named(world: World, letter: IssuedLetter, alter: Callable, told: str):
    unguarded()
    with world.scope():
        alter(letter)
    found = faults(world)
    assert any(told in one for one in found), found
    text, code = said(assembly=world.assembly.code)
    assert code == 1
    assert told in text


@pytest.mark.parametrize("alter", [a_byte, file_missing, file_and_digest, fact_and_digest, all_but_the_log])
def test_the_quick_way_names_it_too(world: World, letter: IssuedLetter, alter: Callable):
    unguarded()
    with world.scope():
        alter(letter)
        assert any(str(letter) in one for one in faults(world, render=False))


def test_an_opinion_that_was_altered_with_its_digest_is_named(world: World):
    row = world.opinion()
    with world.scope():
        facts = dict(row.facts) | {"body": OTHER}
        rows = Opinion.objects.filter(pk=row.pk)
        rows.update(body=OTHER, facts=facts, facts_sha256=letters.facts_digest(facts))
    assert faults(world) == [f"{row}: the digest of the facts was changed: the log has another"]


@pytest.mark.parametrize("with_digest", [False, True])
def test_a_public_copy_that_was_altered_is_named(world: World, letter: IssuedLetter, with_digest: bool):
    with world.scope():
        publication_make(cases=[letter.reply.proposal], post=world.reviewer)
        row = PublishedLetter.objects.get()
        content = Path(row.pdf.path).read_bytes() + b"\n"
        Path(row.pdf.path).write_bytes(content)
        if with_digest:
            PublishedLetter.objects.update(sha256=hashlib.sha256(content).hexdigest())
    text, code = said()
    assert code == 1
    assert f"{letter}, public copy" in text


def test_one_assembly_does_not_hide_in_another(world: World, letter: IssuedLetter):
    other = World()
    with world.scope():
        a_byte(letter)
    assert said(assembly=other.assembly.code)[1] == 0
    assert said()[1] == 1


def test_a_letter_that_is_gone_is_named(world: World, letter: IssuedLetter):
    unguarded()
    with scopes_disabled():
        for model in (LetterFile, LetterCopy):
            model.objects.filter(letter=letter)._raw_delete("default")
        IssuedLetter.objects.filter(pk=letter.pk)._raw_delete("default")
    assert f"{letter}: the letter is gone" in faults(world)


def test_letters_to_several_proposers_are_whole_and_each_is_watched(world: World):
    joint = Joint(world)
    with world.scope():
        found = IssuedLetter.objects.get(reply=world.answered(joint.assignment))
        services.letter_print(letter_id=found.pk, assembly_id=world.assembly.pk)
        last = found.copies.last()
        assert last.order == 3
    assert faults(world) == []
    unguarded()
    with world.scope():
        LetterCopy.objects.filter(pk=last.pk).update(**changed_facts(last))
    told = faults(world, render=False)
    assert any("a copy was changed with its digest" in one for one in told)
    assert any("the letter is not what was signed" in one for one in told)
