"""Proposals on the same subject: near titles are found, far ones are not, and only what a post may see."""

import datetime as dt
import time

import pytest
from django.urls import reverse

from organizations.models import Role, Session
from proposals import services
from proposals.models import Proposal
from proposals.similar import similar_to
from tests.factories import World, committee, post

TITLE = "关于加强农村养老服务的提案"


def titles(world: World, title: str, *, by: str = "filer", **options: int) -> list[str]:
    with world.scope():
        return [match.title for match in similar_to(getattr(world, by), title, **options)]


@pytest.mark.parametrize(
    "title", ["推进我区农村养老服务体系建设", "完善农村居家养老", "关于进一步提升农村养老服务水平的建议"]
)
def test_near_titles_are_found(world, title):
    world.draft(title=TITLE)
    assert titles(world, title) == [TITLE]


@pytest.mark.parametrize(
    "title",
    [
        "关于加强农村公路养护的提案",
        "关于加强城区停车管理的提案",
        "关于进一步加强工作的建议",
        "",
        "的",
        "关于",
    ],
)
def test_the_words_of_every_title_do_not_make_two_alike(world, title):
    world.draft(title=TITLE)
    assert titles(world, title) == []


def test_the_nearest_come_first_and_few(world):
    for title in ("农村养老护理队伍", "加强农村养老服务", "城市养老服务设施", "农村养老机构消防"):
        world.draft(title=title)
    assert titles(world, TITLE, limit=2)[0] == "加强农村养老服务"
    assert len(titles(world, TITLE, limit=2)) == 2


def test_the_words_in_common_are_told(world):
    world.draft(title="推进农村养老服务")
    with world.scope():
        [match] = similar_to(world.filer, TITLE)
    assert match.why == "农村养老服务"


def test_oneself_is_left_out(world):
    draft = world.draft(title=TITLE)
    assert titles(world, TITLE, exclude=draft.pk) == []


def test_only_what_the_post_may_see(world):
    other = post(world.assembly, Role.FILER, committee=committee(world.assembly))
    with world.scope():
        foreign = services.proposal_create(post=other)
        services.proposal_save(proposal_id=foreign.pk, post=other, fields={"title": TITLE}, suggestions=[])
    assert titles(world, TITLE) == []
    assert titles(world, TITLE, by="reviewer") == []  # a draft of others
    elsewhere = World()
    elsewhere.filed(title=TITLE)
    assert titles(world, TITLE, by="reviewer") == []
    world.submitted(title=TITLE)
    assert titles(world, TITLE, by="reviewer") == [TITLE]


def test_old_sessions_are_left_out(world):
    draft = world.draft(title=TITLE)
    with world.scope():
        Session.objects.filter(pk=draft.session_id).update(opens=dt.date(2010, 1, 5))
    assert titles(world, TITLE) == []


def test_five_thousand_titles_are_quick(world):
    draft = world.draft(title=TITLE)
    words = ("养老", "道路", "教育", "医疗", "文旅", "农业", "消防", "停车", "垃圾", "产业")
    rows = [
        Proposal(
            assembly_id=draft.assembly_id, session_id=draft.session_id, committee_id=draft.committee_id,
            written_by_id=draft.written_by_id, created_at=draft.created_at, changed_at=draft.changed_at,
            title=f"关于加强第{n}村{words[n % 10]}{words[n // 10 % 10]}设施{words[n // 100 % 10]}的提案",
        )
        for n in range(5000)
    ]  # fmt: skip
    with world.scope():
        Proposal.objects.bulk_create(rows)
    titles(world, TITLE)
    begun = time.perf_counter()
    titles(world, TITLE)
    assert time.perf_counter() - begun < 0.5  # a tenth of a second on a quiet machine


def test_the_page_and_the_piece_show_them(world, browser):
    found = world.draft(title="推进农村养老服务")
    draft = world.draft(title=TITLE)
    filer = browser(world.filer)
    assert found.get_absolute_url() in filer.get(reverse("proposals:edit", args=[draft.pk])).content.decode()
    address = reverse("proposals:similar", args=[draft.pk])
    assert "推进农村养老服务" in filer.get(address, {"title": "农村养老"}).content.decode()
    assert not filer.get(address, {"title": "城区停车"}).content.strip()
    assert not filer.get(address).content.strip()
    assert browser(world.clerk).get(address).status_code == 404
