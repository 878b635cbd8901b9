"""The proposers are told in writing how a promise was kept: by whom, when, frozen, each with the own copy."""

import datetime as dt
import io
from typing import Any

import pdfplumber
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from office import clock, events
from office.acts import AlreadyDone
from office.models import Notice
from office.workflow import Refused
from organizations.models import Role
from outcomes import archive, policies, selectors, services
from outcomes.models import Commitment, FollowUp
from outcomes.tests.test_commitments import promise
from outcomes.tests.test_judging import answered, merged, state_of
from outcomes.tests.test_pages import Browser, browser  # noqa: F401 - a fixture
from replies.models import IssuedLetter
from tests.factories import World, item

TEXT = "议事厅已建成。\n已交付使用。"


def kept(world: World, letter: IssuedLetter) -> Commitment:
    row = promise(world, letter, text="建成议事厅。")
    became = item(world.assembly, "result_class", "A")
    return services.commitment_done(commitment=row, post=world.clerk, day=clock.today(), became=became)


def tell(world: World, row: Commitment, **facts: Any) -> FollowUp:
    given: dict[str, Any] = {"commitment": row, "post": world.clerk, "text": TEXT, "dated": clock.today()}
    return services.follow_up_send(**(given | facts))


def words_of(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return ["".join((page.extract_text() or "").split()) for page in opened.pages]


@pytest.mark.parametrize("role", sorted({str(role) for role in Role} - {"clerk"}))
def test_only_the_bureaus_clerk_writes_it(world: World, role: str):
    letter = answered(world)
    with world.scope():
        row = kept(world, letter)
        with pytest.raises(PermissionDenied):
            tell(world, row, post=getattr(world, role))
        assert not FollowUp.objects.exists()


def test_when_it_can_be_written(world: World):
    letter = answered(world)
    with world.scope():
        row = promise(world, letter)
        with pytest.raises(Refused):
            tell(world, row)  # not kept yet
        row = services.commitment_done(commitment=row, post=world.clerk, day=clock.today())
        for wrong in ({"text": " "}, *({"dated": clock.today() + dt.timedelta(n)} for n in (-1, 1))):
            with pytest.raises(Refused):
                tell(world, row, **wrong)
        assert not FollowUp.objects.exists()
        tell(world, row, key="a")
        with pytest.raises(AlreadyDone):
            tell(world, row, key="a")
        tell(world, row, text="另函说明。")
        assert [one.text for one in FollowUp.objects.all()] == [TEXT, "另函说明。"]


def test_it_waits_on_the_desk_until_it_is_written(world: World):
    letter = answered(world)
    with world.scope():
        row = promise(world, letter)
        assert not selectors.untold(world.clerk).exists()
        services.commitment_note(commitment=row, post=world.clerk, text="已开工。")
        services.commitment_note(commitment=row, post=world.clerk, text="已验收。")
        row = services.commitment_done(commitment=row, post=world.clerk, day=clock.today())
        url = reverse("outcomes:follow_up", args=[row.pk])
        assert url in [one.act_url for one in selectors.to_do(world.clerk)]
        counted = sum(rows.count() for rows in selectors.to_do_rows(world.clerk))
        assert len(selectors.to_do(world.clerk)) == counted
        assert selectors.progress_of(row) == "已开工。\n已验收。"
        assert selectors.to_do(world.checker) == []
        tell(world, row)
        assert not selectors.untold(world.clerk).exists()


def test_it_is_frozen(world: World):
    letter = answered(world)
    with world.scope():
        made = tell(world, kept(world, letter))
        facts = made.facts
        assert (facts["document_number"], facts["promise"]) == (str(letter), "建成议事厅。")
        assert (facts["before"][:2], facts["after"][:2]) == ("B类", "A类")
        made.text = "改过"
        with pytest.raises(TypeError):
            made.save()
        with pytest.raises(TypeError):
            made.delete()


def test_the_story_tells_it_and_everybody_concerned_hears_of_it(world: World):
    with world.scope():
        letter, writers = merged(world)
        made = tell(world, kept(world, letter))
        [line] = [one for one in events.story(state_of(letter)) if one.act == "commitment.tell"]
        assert line.note == TEXT
        assert all(one["name"] in line.text for one in made.addressees)
        told = Notice.objects.filter(kind="promise.kept")
        assert {notice.post_id for notice in told} >= {*(one.pk for one in writers), world.reviewer.pk}


def test_each_proposer_gets_the_own_copy_and_no_other(world: World, browser: Browser):  # noqa: F811
    with world.scope():
        letter, writers = merged(world)
        made = tell(world, kept(world, letter))
        numbers = [one["number"] for one in made.addressees]
    url = reverse("outcomes:follow_up_pdf", args=[made.pk])
    for place, (writer, one) in enumerate(zip(writers, made.addressees, strict=True)):
        me = browser(writer)
        pages = words_of(me.get(url).content)
        assert len(pages) == 1
        assert f"第{numbers[place]}号提案" in pages[0]
        assert "建成议事厅。现将" in pages[0]
        assert "转为“A类" in pages[0]
        other = made.addressees[place - 1]
        assert me.get(url, {"copy": one["copy"]}).status_code == 200
        assert me.get(url, {"copy": other["copy"]}).status_code == 404
        assert me.get(reverse("outcomes:commitment", args=[made.commitment_id])).status_code == 200
    for role in ("clerk", "leader", "reviewer", "dispatcher"):
        pages = words_of(browser(getattr(world, role)).get(url).content)
        assert [bool(page) for page in pages] == [True, False] * len(writers)  # each begins on a front


def test_nobody_else_reads_it(world: World, browser: Browser):  # noqa: F811
    letter = answered(world)
    other = World()
    with world.scope():
        made = tell(world, kept(world, letter))
        assert policies.follow_ups_visible_to(world.member, made.commitment) == []
    url = reverse("outcomes:follow_up_pdf", args=[made.pk])
    write = reverse("outcomes:follow_up", args=[made.commitment_id])
    assert Client().get(url).status_code == 302
    assert browser(world.member).get(url).status_code == 404
    assert browser(world.filer).get(write).status_code == 403
    for role in Role:
        assert browser(getattr(other, str(role))).get(url).status_code == 404
        assert browser(getattr(other, str(role))).get(write).status_code == 404


def test_the_page_shows_the_pages_before_anything_is_sent(world: World, browser: Browser):  # noqa: F811
    letter = answered(world)
    with world.scope():
        row = promise(world, letter)
        services.commitment_note(commitment=row, post=world.clerk, text="已开工。")
    me, url = browser(world.clerk), reverse("outcomes:follow_up", args=[row.pk])
    assert me.get(url).status_code == 302  # not kept yet
    with world.scope():
        services.commitment_done(commitment=row, post=world.clerk, day=clock.today())
    assert "已开工。" in me.get(url).content.decode()
    sent = {"text": TEXT, "dated": clock.today().isoformat()}
    look = me.post(url, sent | {"look": "yes"})
    assert "草稿" in words_of(look.content)[0]
    assert me.post(url, sent | {"look": "yes", "text": ""}).status_code == 422
    with world.scope():
        assert not FollowUp.objects.exists()
    page = me.post(url, sent, follow=True)
    with world.scope():
        made = FollowUp.objects.get()
    assert reverse("outcomes:follow_up_pdf", args=[made.pk]) in page.content.decode()
    assert "草稿" not in words_of(me.get(reverse("outcomes:follow_up_pdf", args=[made.pk])).content)[0]


def test_the_file_of_the_case_holds_it(world: World):
    letter = answered(world)
    with world.scope():
        tell(world, kept(world, letter))
        pdf = archive.pdf_of_case(world.dispatcher, state_of(letter))
    assert any("承诺事项办理情况的函" in page for page in words_of(pdf))
