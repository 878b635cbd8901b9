"""The handling sheet: every step that its reader may know of, in order, and nothing else."""

import re

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from desk.selectors import story_for
from organizations.posts import SESSION_KEY
from proposals import services
from tests.factories import World


@pytest.fixture
def world(db):
    return World()


def sheet(held, proposal):
    client = Client()
    client.force_login(held.user)
    session = client.session
    session[SESSION_KEY] = held.pk
    session.save()
    return client.get(reverse("desk:paper_handling", args=[proposal.pk]))


def text_of(response):
    assert response.status_code == 200
    pages = pypdfium2.PdfDocument(response.content)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))


def test_every_step_stands_on_the_sheet_oldest_first(world):
    reply = world.issued()
    text = text_of(sheet(world.clerk, reply.proposal))
    assert world.bureau.name in text
    with translation.override("zh-hans"), world.scope():
        told = [re.sub(r"\s", "", line.text) for line in story_for(world.clerk, reply.proposal)][::-1]
    assert len(told) > 5
    place = text.index("事项和意见")
    for words in told:
        place = text.index(words[:6], place) + 1
    assert "None" not in text


def test_the_sheet_tells_no_more_than_the_case_page(world):
    assignment = world.signed_in()
    with world.scope():
        services.assignment_decline(assignment_id=assignment.pk, post=world.clerk, reason="不属本局职责。")
    assert "不属本局职责" in text_of(sheet(world.dispatcher, assignment.proposal))
    assert "不属本局职责" not in text_of(sheet(world.filer, assignment.proposal))
    with translation.override("zh-hans"):
        declining = str(world.fresh(assignment).get_state_display())
    assert re.sub(r"\s", "", declining) in text_of(sheet(world.dispatcher, assignment.proposal))
    assert re.sub(r"\s", "", declining) not in text_of(sheet(world.filer, assignment.proposal))


def test_a_stranger_finds_no_sheet(world):
    proposal = world.filed()
    for stranger in (world.clerk, world.sysadmin, World().reviewer):
        assert sheet(stranger, proposal).status_code == 404
