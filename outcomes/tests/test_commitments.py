"""Promises of a reply: listed with a day and an owner, followed with proof, kept with a new class; later, too."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from office import clock, events
from office.workflow import Refused
from organizations.models import ListItem, Role, Session
from outcomes import policies, selectors, services
from outcomes.models import Commitment, CommitmentNote, NoPromise
from outcomes.tests.test_judging import PAPER, answered, ask, judge
from replies.models import IssuedLetter
from tests.factories import World, bureau, item, post


def promise(world: World, letter: IssuedLetter, *, days: int = 10, text: str = "建成议事厅") -> Commitment:
    due = clock.today() + dt.timedelta(days)
    return services.commitment_add(letter=letter, post=world.clerk, text=text, due_on=due, owner="王科长")


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"clerk"}))
def test_only_the_bureaus_clerk_keeps_them(world: World, role: str):
    letter = answered(world)
    with world.scope():
        row, who = promise(world, letter), getattr(world, role)
        for attempt in (
            lambda: services.commitment_add(
                letter=letter, post=who, text="一", due_on=clock.today(), owner="王"
            ),
            lambda: services.commitment_note(commitment=row, post=who, text="一"),
            lambda: services.commitment_done(commitment=row, post=who, day=clock.today()),
        ):
            with pytest.raises(PermissionDenied):
                attempt()
        assert not CommitmentNote.objects.exists()


def test_who_follows_them(world: World):
    letter = answered(world)
    with world.scope():
        row = promise(world, letter)
        seeing = {
            str(role) for role in Role if policies.commitments_visible_to(getattr(world, role)).exists()
        }
        bureau_roles = {"clerk", "checker", "leader", "sealkeeper"}
        assert seeing == bureau_roles | {"reviewer", "dispatcher", "filer"}
        stranger = post(world.assembly, Role.CLERK, bureau=bureau(world.assembly))
        with pytest.raises(Http404):
            policies.commitment_or_404(stranger, row.pk)
    other = World()
    with scope(assembly=other.assembly), pytest.raises(Http404):
        policies.commitment_or_404(other.clerk, row.pk)


def test_what_a_promise_needs(world: World):
    letter = answered(world)
    with world.scope():
        for text, owner, days in ((" ", "王科长", 1), ("建成议事厅", " ", 1), ("建成议事厅", "王科长", -1)):
            due = clock.today() + dt.timedelta(days)
            with pytest.raises(Refused):
                services.commitment_add(letter=letter, post=world.clerk, text=text, due_on=due, owner=owner)
        assert not Commitment.objects.exists()


def test_progress_with_proof_that_is_what_it_says(world: World):
    letter = answered(world)
    with world.scope():
        row = promise(world, letter)
        for name, content in (("a.pdf", b"<html></html>"), ("a.exe", PAPER), ("a.pdf", b"")):
            proof = SimpleUploadedFile(name, content)
            with pytest.raises(Refused):
                services.commitment_note(commitment=row, post=world.clerk, text="已开工。", proof=proof)
        with pytest.raises(Refused):
            services.commitment_note(commitment=row, post=world.clerk, text=" ")
        proof = SimpleUploadedFile("验收单.pdf", PAPER)
        note = services.commitment_note(commitment=row, post=world.clerk, text="已开工。", proof=proof)
        assert note.proof_name == "验收单.pdf"
        assert "验收单" not in str(note.proof)


def test_kept_once_on_a_day_that_can_be_with_its_new_class(world: World):
    letter = answered(world)
    with world.scope():
        row = promise(world, letter)
        for days in (-1, 1):
            day = clock.today() + dt.timedelta(days)
            with pytest.raises(Refused):
                services.commitment_done(commitment=row, post=world.clerk, day=day)
        became = item(world.assembly, "result_class", "A")
        kept = services.commitment_done(commitment=row, post=world.clerk, day=clock.today(), became=became)
        assert (kept.done_on, kept.became) == (clock.today(), str(became))
        with pytest.raises(Refused):
            services.commitment_done(commitment=row, post=world.clerk, day=clock.today())


def test_they_outlive_the_case_and_the_session(world: World):
    letter = answered(world)
    with world.scope():
        [asked] = ask(world, letter)
        judge(asked, world.filer)
        row = promise(world, letter, days=500)
        assert not selectors.commitments_soon(world.clerk).exists()
        Session.objects.update(is_current=False)
        with clock.at(clock.now() + dt.timedelta(480)):
            assert list(selectors.commitments_soon(world.clerk)) == [row]
            assert list(selectors.commitments_due(world.assembly)) == [row]
            services.commitment_done(commitment=row, post=world.clerk, day=clock.today())
            assert not selectors.commitments_due(world.assembly).exists()


def test_a_reply_that_promises_waits_until_something_is_listed(world: World):
    letter = answered(world)  # of class B
    with world.scope():
        assert list(selectors.unpromised(world.clerk)) == [letter]
        promise(world, letter)
        assert not selectors.unpromised(world.clerk).exists()


def test_a_reply_that_holds_nothing_to_list_leaves_the_desk_with_a_reason(world: World):
    letter = answered(world)  # of class B
    with world.scope():
        for role in sorted({str(role) for role in Role} - {"clerk"}):
            with pytest.raises(PermissionDenied):
                services.commitment_none(letter=letter, post=getattr(world, role), reason="无")
        with pytest.raises(Refused):
            services.commitment_none(letter=letter, post=world.clerk, reason=" ")
        services.commitment_none(letter=letter, post=world.clerk, reason="答复未列时限，属长期工作。")
        assert not selectors.unpromised(world.clerk).exists()
        with pytest.raises(Refused):
            services.commitment_none(letter=letter, post=world.clerk, reason="再说一次。")
        [line] = [one for one in events.story(letter.reply.proposal) if one.act == "commitment.none"]
        assert line.note == "答复未列时限，属长期工作。"
        for who in (world.clerk, world.reviewer, world.filer):
            assert policies.no_promises_visible_to(who).exists()
            assert selectors.panel_of(who, letter.reply.proposal)["none"]
        stranger = post(world.assembly, Role.CLERK, bureau=bureau(world.assembly))
        assert not policies.no_promises_visible_to(stranger).exists()
        promise(world, letter)
        assert not NoPromise.objects.exists()
        with pytest.raises(Refused):
            services.commitment_none(letter=letter, post=world.clerk, reason="已列承诺。")


def test_a_class_that_promises_nothing_needs_no_word(world: World):
    letter = answered(world)
    with world.scope():
        ListItem.objects.filter(pk=letter.version.result_class_id).update(promises=False)
        letter = IssuedLetter.objects.get(pk=letter.pk)
        with pytest.raises(Refused):
            services.commitment_none(letter=letter, post=world.clerk, reason="无")


def test_the_way_out_is_offered_where_a_promise_is_listed(world: World, client: Client):
    letter = answered(world)
    client.force_login(world.clerk.user)
    url = reverse("outcomes:commitment_none", args=[letter.pk])
    add = reverse("outcomes:commitment_add", args=[letter.pk])
    assert url in client.get(add).content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 422
    page = client.post(url, {"reason": "属长期工作。"}, follow=True)
    assert "属长期工作。" in page.content.decode()
    assert url not in client.get(add).content.decode()
    client.force_login(world.reviewer.user)
    assert "属长期工作。" in client.get(reverse("outcomes:commitments")).content.decode()
