"""Letters reach their proposers: which day, which way, who confirms, and the time to judge that follows from it."""

import datetime as dt
import io
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse

from office import clock, events
from office.acts import AlreadyDone
from office.models import Event
from office.workflow import Refused
from organizations.models import Role
from outcomes import archive, policies, services
from outcomes.models import Delivery, Feedback
from outcomes.tests.test_judging import PAPER, answered, ask, merged, state_of
from outcomes.tests.test_pages import Browser, browser  # noqa: F401 - a fixture
from replies.models import IssuedLetter
from tests.factories import World, item


def note(world: World, letter: IssuedLetter, **facts: Any) -> list[Delivery]:
    given = {"copies": letter.copies.all(), "post": world.sealkeeper, "delivered_on": clock.today()}
    given["way"] = item(world.assembly, "delivery_way", "post")
    return services.delivery_note(letter=letter, **(given | facts))


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"clerk", "sealkeeper"}))
def test_only_who_sends_letters_notes_it(world: World, role: str):
    letter = answered(world)
    with world.scope(), pytest.raises(PermissionDenied):
        note(world, letter, post=getattr(world, role))


def test_another_assembly_notes_nothing(world: World):
    letter = answered(world)
    other = World()
    with world.scope(), pytest.raises(PermissionDenied):
        note(world, letter, post=other.sealkeeper)


@pytest.mark.parametrize("days", [-1, 1])
def test_no_day_before_the_letter_or_after_today(world: World, days: int):
    letter = answered(world)
    with world.scope(), pytest.raises(Refused):
        note(world, letter, delivered_on=clock.today() + dt.timedelta(days))
    with world.scope():
        assert not Delivery.objects.exists()


def test_all_copies_in_one_act_and_once(world: World):
    with world.scope():
        letter, _writers = merged(world)
        first = letter.copies.get(order=1)
        assert [row.copy for row in note(world, letter, copies=[first], key="a")] == [first]
        with pytest.raises(AlreadyDone):
            note(world, letter, copies=[first], key="a")
        # One of the three went out already: nothing of this act stays.
        with pytest.raises(Refused):
            note(world, letter, key="b")
        assert Delivery.objects.count() == 1
        note(world, letter, copies=letter.copies.filter(delivery=None), key="b")
        assert Delivery.objects.count() == 3
        assert Event.objects.filter(act="letter.deliver").count() == 3


def test_a_copy_of_another_letter_is_left_alone(world: World):
    one, other = answered(world), answered(world)
    with world.scope():
        assert note(world, one, copies=list(other.copies.all())) == []


def test_the_receipt_is_the_proposers_own(world: World):
    with world.scope():
        letter, writers = merged(world)
        copies = list(letter.copies.order_by("order"))
        with pytest.raises(Refused):
            services.delivery_confirm(copy=copies[0], post=writers[0])
        note(world, letter)
        for who in (writers[1], world.clerk, world.reviewer):
            with pytest.raises((PermissionDenied, Http404)):
                services.delivery_confirm(copy=copies[0], post=who)
        row = services.delivery_confirm(copy=copies[0], post=writers[0])
        assert (row.received_on, row.received_by) == (clock.today(), writers[0].user.name)
        # A second time says the same and is not told twice.
        services.delivery_confirm(copy=copies[0], post=writers[0])
        assert Event.objects.filter(act="letter.receive").count() == 1
        assert list(policies.deliveries_visible_to(writers[1])) == [copies[1].delivery]


def test_with_a_name_the_receipt_is_confirmed_on_that_day(world: World):
    letter = answered(world)
    with world.scope():
        [row] = note(world, letter, received_by="岳小舟")
        assert (row.received_by, row.received_on) == ("岳小舟", clock.today())


def test_the_time_to_judge_counts_from_the_receipt(world: World):
    letter = answered(world)
    with world.scope():
        [row] = ask(world, letter)
        asked_until = row.due_on
        note(world, letter)
        row.refresh_from_db()
        assert row.due_on == asked_until
        with clock.at(clock.now() + dt.timedelta(7)):
            services.delivery_confirm(copy=row.copy, post=world.filer)
        row.refresh_from_db()
        assert row.due_on > asked_until
        assert Event.objects.filter(act="feedback.redate").count() == 1


def test_the_page_says_when_nothing_is_left_to_deliver(world: World, client: Client):
    letter = answered(world)
    with world.scope():
        note(world, letter)
    client.force_login(world.sealkeeper.user)
    url = reverse("outcomes:deliver", args=[letter.pk])
    assert client.get(url).status_code == 302
    assert client.post(url, {"delivered_on": "x"}).status_code == 302


def test_an_early_receipt_takes_no_time_away(world: World):
    letter = answered(world)
    with world.scope():
        note(world, letter, received_by="岳小舟")
        with clock.at(clock.now() + dt.timedelta(40)):
            [row] = ask(world, letter)
            assert row.due_on > clock.today() + dt.timedelta(14)
            assert Feedback.objects.get().is_open


# ---- receipts


def sheet() -> bytes:
    """A scan that can be opened and bound."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(target)
    return target.getvalue()


def receipt(name: str = "回执.pdf", content: bytes = PAPER) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_one_receipt_for_several_copies_is_kept_once(world: World):
    with world.scope():
        letter, _writers = merged(world)
        with pytest.raises(Refused):
            note(world, letter, receipt=receipt())  # by whom?
        with pytest.raises(Refused):
            note(world, letter, receipt=receipt(content=b"<html></html>"), received_by="岳小舟")
        assert not Delivery.objects.exists()
        scan = receipt(content=sheet())
        rows = note(world, letter, receipt=scan, received_by="岳小舟", note="会上分发。")
        assert len({str(row.receipt) for row in rows}) == 1
        assert "回执" not in str(rows[0].receipt)
        assert {row.receipt_name for row in rows} == {"回执.pdf"}
        story = events.story(state_of(letter))
        assert [line.note for line in story if line.act == "letter.deliver"] == ["会上分发。"] * len(rows)
        told = [line.text for line in story if line.act == "letter.receipt"]
        assert len(told) == len(rows)
        assert all("回执.pdf" in text for text in told)
        # In the file of the case it stands once, though it holds for several.
        names = [title for title, _pdf in archive._parts(world.reviewer, state_of(letter))]
        assert sum(name.startswith("送达回执") for name in names) == 1


def test_a_receipt_that_came_back_late(world: World):
    letter = answered(world)
    with world.scope():
        [row] = note(world, letter)
        [asked] = ask(world, letter)
        for wrong in ({"received_by": "岳小舟"}, {"received_on": clock.today()}, {"receipt": receipt()}):
            with pytest.raises(Refused):
                services.delivery_receipt(delivery=row, post=world.clerk, **wrong)
        for days in (-1, 1):
            day = clock.today() + dt.timedelta(days)
            with pytest.raises(Refused):
                services.delivery_receipt(
                    delivery=row, post=world.clerk, received_by="岳小舟", received_on=day
                )
        with clock.at(clock.now() + dt.timedelta(7)):
            row = services.delivery_receipt(
                delivery=row, post=world.clerk, received_by="岳小舟", received_on=clock.today(), note="邮寄。"
            )
            assert (row.received_by, row.received_on, row.note) == ("岳小舟", clock.today(), "邮寄。")
        assert world.fresh(asked).due_on > asked.due_on  # the time to judge counts from the receipt
        with pytest.raises(Refused):
            services.delivery_receipt(delivery=row, post=world.clerk)  # nothing new
        row = services.delivery_receipt(
            delivery=row, post=world.clerk, received_by="别人", received_on=clock.today(), receipt=receipt()
        )
        assert (row.received_by, row.receipt_name) == ("岳小舟", "回执.pdf")
        services.delivery_receipt(delivery=row, post=world.sealkeeper, receipt=receipt("清晰.pdf"))
        assert world.fresh(row).receipt_name == "清晰.pdf"
        acts = [line.act for line in events.story(state_of(letter))]
        assert (acts.count("letter.receive"), acts.count("letter.receipt")) == (1, 2)


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"clerk", "sealkeeper"}))
def test_only_who_sends_letters_enters_a_receipt(world: World, role: str):
    letter = answered(world)
    with world.scope():
        [row] = note(world, letter)
        with pytest.raises(PermissionDenied):
            services.delivery_receipt(delivery=row, post=getattr(world, role), receipt=receipt())


def test_who_reads_a_receipt(world: World, browser: Browser):  # noqa: F811
    letter = answered(world)
    other = World()
    with world.scope():
        [row] = note(world, letter, receipt=receipt(), received_by="岳小舟")
    url = reverse("outcomes:receipt_scan", args=[row.pk])
    answers = {str(role): browser(getattr(world, role)).get(url).status_code for role in Role}
    assert {role for role, status in answers.items() if status == 200} == {
        "clerk",
        "checker",
        "leader",
        "sealkeeper",
        "reviewer",
        "dispatcher",
    }
    assert (answers["filer"], answers["member"]) == (403, 404)
    assert Client().get(url).status_code == 302
    assert {browser(getattr(other, str(role))).get(url).status_code for role in Role} == {404}
    sent = browser(world.clerk).get(url)
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(sent.streaming_content) == PAPER


def test_the_pages_of_a_merged_cases_deliveries(world: World, browser: Browser):  # noqa: F811
    with world.scope():
        letter, writers = merged(world)
        copies = list(letter.copies.order_by("order"))
        way = item(world.assembly, "delivery_way", "post")
    me, url = browser(world.sealkeeper), reverse("outcomes:deliveries", args=[letter.pk])
    assert reverse("outcomes:deliver", args=[letter.pk]) in me.get(url).content.decode()
    facts = {"copies": [copies[0].pk], "way": way.pk, "delivered_on": clock.today().isoformat()}
    facts |= {"received_by": "岳小舟", "receipt": receipt()}
    page = me.post(reverse("outcomes:deliver", args=[letter.pk]), facts, follow=True)
    assert page.redirect_chain[-1][0] == url
    assert "回执.pdf" in page.content.decode()
    with world.scope():
        [second] = note(world, letter, copies=[copies[1]])
    late = reverse("outcomes:receipt", args=[second.pk])
    assert me.post(late, {"received_by": ""}).status_code == 422
    assert (
        me.post(late, {"received_by": "刘一", "received_on": clock.today().isoformat()}, follow=True)
        .context["rows"][1]["delivery"]
        .received_by
        == "刘一"
    )
    # A proposer finds the own copy and nothing of the others.
    own = browser(writers[2]).get(url).content.decode()
    assert copies[2].name in own
    assert copies[0].name not in own
    assert "回执.pdf" not in own
    assert browser(writers[0]).get(late).status_code == 404
    assert browser(world.reviewer).get(late).status_code == 403
