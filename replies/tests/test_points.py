"""Answering point by point: what is kept, what is lacking, what goes into the version, and the second reply."""

import datetime as dt

import pytest
from django.urls import reverse

from office import clock
from office.acts import Stale
from office.workflow import Refused
from replies import points, services
from replies.models import PointAnswer, Reply
from tests.factories import World, item

pytestmark = pytest.mark.django_db
BODY = "一、强意识，从基层做起。强化民主协商意识。\n二、建制度，议事会制度正在建立。"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def world():
    return World(needs_points=True)


def answer(verdict="adopted", **fields):
    values = {"verdict": verdict, "reason": "", "due": "", "owner": "", "passage": BODY.splitlines()[0]}
    return values | fields


def save(world: World, reply: Reply, answers, **more):
    return services.reply_save(
        reply_id=reply.pk,
        post=world.clerk,
        body=more.pop("body", reply.body),
        result_class=item(world.assembly, "result_class", "B"),
        disclosure=item(world.assembly, "disclosure", "open"),
        answers=dict(zip([one.pk for one in points.suggestions_of(reply)], answers, strict=False)),
        **more,
    )


def send(world: World, reply: Reply):
    return services.reply_send(reply_id=reply.pk, post=world.clerk)


def test_a_reply_goes_up_only_when_every_suggestion_is_answered(world):
    with world.scope():
        reply = world.drafting(body=BODY)
        with pytest.raises(Refused, match="no verdict"):
            send(world, reply)
        save(world, reply, [answer(), answer("planned", due="2999-12-31", owner="基层股")])
        version = send(world, reply)
        assert [row["verdict"] for row in version.points] == ["adopted", "planned"]
        assert version.points[1]["due"] == "2999-12-31"
        assert points.adoption(version.points)["percent"] == 100


def test_an_assembly_may_do_without():
    world = World(needs_points=False)
    with world.scope():
        assert send(world, world.drafting(body=BODY)).points == []


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        (answer(""), "no verdict"),
        (answer("not_adopted"), "reason"),
        (answer("partly"), "reason"),
        (answer("planned"), "by when"),
        (answer("planned", due="2999年12月", owner="基层股"), "by when"),
        (answer("planned", due="2999-12-31"), "by when"),
        (answer("planned", due="2001-01-01", owner="基层股"), "day that is over"),
        (answer(passage=""), "no passage"),
        (answer(passage="这一段已经不在答复里了，完全不同的话"), "gone from the text"),
    ],
)
def test_what_is_lacking_is_said(world, values, lacking):
    with world.scope():
        reply = world.drafting(body=BODY)
        save(world, reply, [answer(), values])
        [(point, fault)] = points.faults_of(world.fresh(reply))
        assert lacking in fault
        assert point.n == 2


def test_a_reworded_paragraph_is_still_the_one_chosen(world):
    with world.scope():
        reply = world.drafting(body=BODY)
        save(world, reply, [answer(), answer(passage=BODY.splitlines()[1])])
        reworded = reply.body.replace("议事会制度正在建立", "村（居）议事会制度正在逐步建立")
        reply = save(world, reply, [], body=reworded)
        places = [point.place for point in points.points_of(reply)]
        lines = reply.body.split("\n")
        assert [lines[place - 1][:2] for place in places if place] == ["一、", "二、"]


def test_a_page_that_is_behind_overwrites_no_answer(world):
    with world.scope():
        reply = world.drafting(body=BODY)
        seen = reply.lock_version
        save(world, reply, [answer()], version_seen=seen)
        with pytest.raises(Stale):
            save(world, reply, [answer("not_adopted")], version_seen=seen)
        assert PointAnswer.objects.get().verdict == "adopted"
        # What is kept already is no conflict.
        save(world, reply, [answer()], version_seen=seen)


def test_the_suggestions_of_merged_proposals_are_answered_too(world):
    from proposals import services as proposals

    with world.scope():
        lead, other = world.filed(), world.filed(suggestions=["增设停车位"])
        proposals.proposal_merge(proposal_id=other.pk, post=world.reviewer, lead=lead)
        [part] = proposals.proposal_assign(proposal_id=lead.pk, post=world.dispatcher, sole=world.bureau)
        proposals.assignment_sign_in(assignment_id=part.pk, post=world.clerk)
        reply = services.reply_create(assignment_id=part.pk, post=world.clerk)
        assert [one.text for one in points.suggestions_of(reply)] == [
            "强化协商意识",
            "建立议事会制度",
            "增设停车位",
        ]


def test_a_second_reply_begins_with_the_answers_of_the_first(world):
    World_reopened = _reopened(world)
    with world.scope():
        reply = services.reply_create(assignment_id=World_reopened.pk, post=world.clerk)
        assert sorted(PointAnswer.objects.filter(reply=reply).values_list("verdict", flat=True)) == [
            "adopted",
            "not_adopted",
        ]


def _reopened(world):
    from proposals import services as proposals

    with world.scope():
        reply = world.drafting(body=BODY)
        save(world, reply, [answer(), answer("not_adopted", reason="没有经费")])
        send(world, reply)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        services.reply_sign(reply_id=reply.pk, post=world.leader)
        services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        part = world.fresh(reply.assignment)
        case = proposals.locked(part.proposal_id)
        proposals.proposal_reopen(proposal=case, assignments=[part], judgement="不满意")
        return world.fresh(part)


def test_the_desk_keeps_what_is_typed_and_the_leader_reads_it(client, world):
    with world.scope():
        reply = world.drafting(body=BODY)
        keys = [one.pk for one in points.suggestions_of(reply)]
    client.force_login(world.clerk.user)
    page = client.get(reverse("replies:draft", args=[reply.pk])).content.decode()
    assert page.count("data-verdict") == 2
    typed = {"body": reply.body, "version_seen": reply.lock_version, "result_class": reply.result_class_id}
    typed |= {"disclosure": reply.disclosure_id}
    typed |= {f"point-{keys[0]}-verdict": "adopted", f"point-{keys[0]}-passage": BODY.splitlines()[0]}
    typed |= {f"point-{keys[1]}-verdict": "planned", f"point-{keys[1]}-due": "明年"}
    typed |= {
        f"point-{key}-{name}": ""
        for key in keys
        for name in points.FIELDS
        if f"point-{key}-{name}" not in typed
    }
    saved = client.post(reverse("replies:autosave", args=[reply.pk]), typed)
    assert saved.status_code == 200
    with world.scope():
        assert [row.due for row in PointAnswer.objects.order_by("pk")] == ["", "明年"]
    refused = client.post(
        reverse("replies:draft", args=[reply.pk]),
        typed | {"act": "send", "version_seen": saved.json()["version"]},
    )
    assert refused.status_code == 422
    assert f"#point-{keys[1]}" in refused.content.decode()
    day = (clock.today() + dt.timedelta(90)).isoformat()
    typed |= {f"point-{keys[1]}-due": day, f"point-{keys[1]}-owner": "基层股"}
    typed |= {f"point-{keys[1]}-passage": BODY.splitlines()[1], "version_seen": saved.json()["version"]}
    assert client.post(reverse("replies:draft", args=[reply.pk]), typed | {"act": "send"}).status_code == 302
    client.force_login(world.checker.user)
    page = client.get(reverse("replies:review", args=[reply.pk])).content.decode()
    assert "基层股" in page
    assert "100 % taken up" in page
