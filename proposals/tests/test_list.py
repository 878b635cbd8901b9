"""The list of cases: who sees what, what can be asked of it, and that it stays quick."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from office import clock
from organizations.models import Role, Session
from proposals.filters import number_in
from tests.factories import World, bureau, committee, post

LIST = reverse("proposals:list")


def titles(response):
    return [row["case"].title for row in response.context["rows"]]


@pytest.fixture
def reviewer(world, browser):
    return browser(world.reviewer)


def test_each_post_sees_its_own_cases(world, browser):
    world.draft(title="草稿")
    world.submitted(title="待审")
    world.filed(title="立案")
    world.assigned(title="交办")
    seen = {
        "filer": {"草稿", "待审", "立案", "交办"},
        "reviewer": {"待审", "立案", "交办"},
        "dispatcher": {"立案", "交办"},
        "clerk": {"交办"},
        "leader": {"交办"},
        "sysadmin": set(),
    }
    for role, wanted in seen.items():
        assert set(titles(browser(world.posts[role]).get(LIST))) == wanted
    other_filer = post(world.assembly, Role.FILER, committee=committee(world.assembly))
    other_clerk = post(world.assembly, Role.CLERK, bureau=bureau(world.assembly))
    for other in (other_filer, other_clerk, World().reviewer):
        assert titles(browser(other).get(LIST)) == []


def test_the_newest_number_comes_first_and_drafts_before_it(world, browser):
    for title in ("第一件", "第二件"):
        world.filed(title=title)
    world.draft(title="草稿")
    assert titles(browser(world.filer).get(LIST)) == ["草稿", "第二件", "第一件"]


def test_a_newer_session_comes_before_an_older_one(world, reviewer):
    world.filed(title="上次会议")
    with world.scope():
        Session.objects.update(is_current=False)
        today = clock.today()
        days = {"opens": today, "closes": today, "filing_deadline": today + dt.timedelta(1)}
        Session.objects.create(assembly=world.assembly, name="五届六次会议", **days)
    world.filed(title="这次会议")
    assert titles(reviewer.get(LIST)) == ["这次会议", "上次会议"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("养老", ["农村养老服务"]),
        ("公交 线路", ["优化公交线路"]),
        ("照料中心", ["农村养老服务"]),
        ("没有这样的词", []),
    ],
)
def test_words_are_looked_for_in_title_and_text(world, reviewer, words, found):
    world.filed(title="农村养老服务", suggestions=["建立村级照料中心"])
    world.filed(title="优化公交线路")
    assert titles(reviewer.get(LIST, {"q": words})) == found


def test_the_name_of_the_bureau_finds_its_cases(world, reviewer):
    world.assigned(title="交办的")
    world.filed(title="没有交办的")
    assert titles(reviewer.get(LIST, {"q": world.bureau.short_name})) == ["交办的"]


@pytest.mark.parametrize("typed", ["2", " 2 ", "第2号", "第 2 號", "No. 2", "２"])
def test_a_number_alone_leads_to_its_case(world, reviewer, typed):
    world.filed()
    second = world.filed()
    assert reviewer.get(LIST, {"q": typed})["Location"] == second.get_absolute_url()


def test_a_number_that_several_cases_have_or_none_shows_the_list(world, reviewer):
    world.filed(title="建设2个公园")
    world.filed(title="第二件")
    assert titles(reviewer.get(LIST, {"q": "2"})) == ["第二件", "建设2个公园"]
    assert titles(reviewer.get(LIST, {"q": "77"})) == []


def test_a_number_never_leads_to_a_case_that_one_may_not_know(world, browser):
    world.filed()
    assert browser(world.clerk).get(LIST, {"q": "1"}).status_code == 200


@pytest.mark.parametrize(("typed", "number"), [("51", 51), ("第51号", 51), ("51号提案", None), ("", None)])
def test_what_counts_as_a_number(typed, number):
    assert number_in(typed) == number


def test_filters_by_state_and_session(world, reviewer):
    world.filed(title="立案")
    world.submitted(title="待审")
    assert titles(reviewer.get(LIST, {"state": "filed"})) == ["立案"]
    assert len(titles(reviewer.get(LIST, {"session": world.session.pk}))) == 2
    assert len(titles(reviewer.get(LIST, {"session": World().session.pk}))) == 2  # nobody could choose it


def test_filter_by_bureau_is_for_those_who_look_over_all_of_them(world, browser, reviewer):
    world.assigned(title="交办的")
    world.filed(title="没有交办的")
    other = bureau(world.assembly)
    assert titles(reviewer.get(LIST, {"bureau": world.bureau.pk})) == ["交办的"]
    assert titles(reviewer.get(LIST, {"bureau": other.pk})) == []
    assert "bureau" not in browser(world.filer).get(LIST).context["asked"].form.fields


def test_late_cases_only(world, reviewer):
    with clock.at(timezone.now() - dt.timedelta(400)):
        world.assigned(title="超期的")
        world.issued(title="早就答复的")
    world.assigned(title="不急的")
    assert titles(reviewer.get(LIST, {"late": "true"})) == ["超期的"]


def test_chips_count_what_each_of_them_would_show(world, reviewer):
    world.filed(title="养老立案")
    world.filed(title="公交立案")
    world.submitted(title="养老待审")
    (chips,) = reviewer.get(LIST).context["chips"]
    counts = {choice["value"]: choice["count"] for choice in chips["choices"]}
    assert counts == {"": 3, "submitted": 1, "filed": 2}
    (chips,) = reviewer.get(LIST, {"q": "养老", "state": "filed"}).context["chips"]
    active = [choice["value"] for choice in chips["choices"] if choice["active"]]
    assert ({c["value"]: c["count"] for c in chips["choices"]}, active) == (
        {"": 2, "submitted": 1, "filed": 1},
        ["filed"],
    )


def test_pages_have_fifty_rows(world, reviewer, monkeypatch):
    monkeypatch.setattr("proposals.views.PAGE_LENGTH", 2)
    for _ in range(3):
        world.filed()
    first, second = (reviewer.get(LIST, {"page": page, "state": "filed"}) for page in (1, 2))
    assert [len(titles(page)) for page in (first, second)] == [2, 1]
    assert "state=filed" in first.content.decode()
    assert reviewer.get(LIST, {"page": "x"}).status_code == 200


def test_an_empty_list_says_what_to_do(world, browser):
    page = browser(world.filer).get(LIST).content.decode()
    assert page.count(f'href="{reverse("proposals:new")}"') >= 2
    page = browser(world.reviewer).get(LIST, {"q": "没有"}).content.decode()
    assert page.count(f'href="{LIST}"') >= 2


def test_the_number_of_queries_does_not_grow_with_the_rows(world, reviewer):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert reviewer.get(LIST).status_code == 200
        return len(found)

    world.assigned()
    reviewer.get(LIST)
    few = queries()
    for _ in range(6):
        world.assigned()
        world.filed()
    assert queries() == few <= 26


def test_a_thousand_words_are_answered_like_a_few(world, browser):
    words = "+".join(f"w{n}" for n in range(1000))
    assert browser(world.reviewer).get(f"{reverse('proposals:list')}?q={words}").status_code == 200
