"""What waits for whom, nearest deadline first, in a fixed number of queries; and the answer on a case page."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office.counting import total
from organizations.models import Role
from proposals.models import Assignment
from replies import selectors, services
from replies.models import Reply
from tests.factories import World, post


def titles(rows: list) -> list[str]:
    return [row.title for row in rows]


@pytest.fixture
def busy(world: World, django_capture_on_commit_callbacks: Callable) -> World:
    """One case in every state."""
    for state in ("signed_in", "drafting", "in_review", "awaiting_signature", "signed"):
        getattr(world, state)(title=state)
    with django_capture_on_commit_callbacks(execute=True):
        world.issued(title="issued")
    return world


LIES = {
    "clerk": (["drafting", "signed_in"], ["awaiting_signature", "in_review", "signed"]),
    "checker": (["in_review"], ["awaiting_signature", "drafting", "signed"]),
    "leader": (["awaiting_signature"], ["drafting", "in_review", "signed"]),
    "sealkeeper": (["signed"], ["awaiting_signature", "drafting", "in_review"]),
}


def test_each_case_lies_where_it_waits(busy: World):
    with busy.scope():
        for role in Role.values:
            wearer = busy.posts[role]
            found = selectors.to_do(wearer), selectors.waiting_for_others(wearer)
            assert tuple(sorted(titles(rows)) for rows in found) == LIES.get(role, ([], []))
            assert total(selectors.to_do_rows(wearer)) == len(found[0])


def test_another_bureau_finds_nothing(busy: World):
    from tests.factories import bureau

    other = bureau(busy.assembly)
    with busy.scope():
        for role in ("clerk", "checker", "leader", "sealkeeper"):
            stranger = post(busy.assembly, role, bureau=other)
            assert selectors.to_do(stranger) == selectors.waiting_for_others(stranger) == []


def test_the_nearest_deadline_comes_first(world: World):
    for days, title in ((9, "later"), (-1, "late"), (3, "soon")):
        reply = world.in_review(title=title)
        with world.scope():
            due = dt.date.today() + dt.timedelta(days)
            Assignment.objects.filter(pk=reply.assignment_id).update(due_on=due)
    with world.scope():
        rows = selectors.to_do(world.checker)
    assert titles(rows) == ["late", "soon", "later"]
    assert [row.lamp.state for row in rows] == ["late", "soon", "fine"]


QUESTIONS = (selectors.to_do, selectors.waiting_for_others)


def test_the_number_of_queries_does_not_grow(busy: World):
    busy.in_review()
    _return_one(busy)
    once = queries_of(busy)
    for state in ("signed_in", "drafting", "in_review", "awaiting_signature", "signed", "in_review"):
        getattr(busy, state)()
    _return_one(busy)
    assert queries_of(busy) == once
    assert max(once.values()) <= 8


def queries_of(world: World) -> dict[tuple[str, str], int]:
    """How many queries each question costs each post of the bureau."""
    counts = {}
    for role in ("clerk", "checker", "leader", "sealkeeper"):
        for question in QUESTIONS:
            with world.scope(), CaptureQueriesContext(connection) as queries:
                question(world.posts[role])
            counts[role, question.__name__] = len(queries)
    return counts


def _return_one(world: World) -> None:
    with world.scope():
        reply = Reply.objects.filter(state="in_review").latest("pk")
        services.reply_return(reply_id=reply.pk, post=world.checker, step="check_return", note="请改。")


def test_a_returned_draft_brings_its_reason(world: World):
    world.in_review()
    _return_one(world)
    with world.scope():
        row = selectors.to_do(world.clerk)[0]
    assert row.reason == "请改。"
    assert world.checker.user.name in row.reason_head


def test_a_draft_taken_back_has_no_reason_of_an_earlier_return(world: World):
    reply = world.in_review()
    _return_one(world)
    with world.scope():
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_recall(reply_id=reply.pk, post=world.clerk)
        assert selectors.to_do(world.clerk)[0].reason == ""


def test_what_one_wrote_waits_for_somebody_else(world: World):
    world.in_review()
    own = post(world.assembly, "checker", user=world.clerk.user, bureau=world.bureau)
    with world.scope():
        assert (selectors.to_do(own), total(selectors.to_do_rows(own))) == ([], 0)
        assert len(selectors.waiting_for_others(own)) == 1


@pytest.mark.parametrize(
    ("state", "role", "act"),
    [("in_review", "clerk", "recall"), ("awaiting_signature", "checker", "pass_recall")],
)
def test_what_can_be_taken_back_says_so(world: World, state: str, role: str, act: str):
    reply = getattr(world, state)()
    with world.scope():
        row = selectors.waiting_for_others(world.posts[role])[0]
    assert row.act_url == f"/replies/{reply.pk}/{act.replace('_', '-')}/"
    assert row.hidden["version_seen"] == 1


@pytest.mark.parametrize(
    ("state", "role", "labels"),
    [
        ("drafting", "clerk", ["Go on drafting"]),
        ("drafting", "leader", ["Read the reply"]),
        ("in_review", "checker", ["Check the reply"]),
        ("in_review", "clerk", ["Read the reply", "Take back"]),
        ("awaiting_signature", "leader", ["Read and sign"]),
        ("signed", "sealkeeper", ["Read the reply", "Number and issue"]),
        ("in_review", "filer", []),
        ("in_review", "dispatcher", []),
    ],
)
def test_the_case_page_offers(world: World, state: str, role: str, labels: list[str], settings):
    from django.utils.translation import override

    reply = getattr(world, state)()
    with world.scope(), override("en"):
        panel = selectors.panel_of(world.posts[role], reply.proposal)
        assert [str(act["label"]) for act in panel["acts"]] == labels


def test_the_case_page_offers_to_begin(world: World):
    assignment = world.signed_in()
    with world.scope():
        acts = selectors.panel_of(world.clerk, assignment.proposal)["acts"]
        assert [act["method"] for act in acts] == ["post"]
        assert selectors.panel_of(world.leader, assignment.proposal)["acts"] == []
