"""What a reply plans becomes a promise with its day and owner, when the letter goes out and not before."""

import datetime as dt

from office import clock
from outcomes.models import Commitment
from replies import points, services
from tests.factories import World, item


def test_planned_suggestions_become_promises(db: None) -> None:
    world = World(needs_points=True)
    day = clock.today() + dt.timedelta(120)
    with world.scope():
        reply = world.drafting(body="一、强意识。\n二、建制度。")
        first, second = points.suggestions_of(reply)
        answer = {"verdict": "adopted", "reason": "", "due": "", "owner": "", "passage": "一、强意识。"}
        planned = answer | {
            "verdict": "planned",
            "due": day.isoformat(),
            "owner": "基层股",
            "passage": "二、建制度。",
        }
        facts: dict = {"result_class": item(world.assembly, "result_class", "B")}
        facts |= {"disclosure": item(world.assembly, "disclosure", "open"), "body": reply.body}
        answers = {first.pk: answer, second.pk: planned}
        services.reply_save(reply_id=reply.pk, post=world.clerk, answers=answers, **facts)
        services.reply_send(reply_id=reply.pk, post=world.clerk)
        services.reply_pass(reply_id=reply.pk, post=world.checker)
        services.reply_sign(reply_id=reply.pk, post=world.leader)
        assert not Commitment.objects.exists()
        services.reply_issue(reply_id=reply.pk, post=world.sealkeeper, dated=clock.today())
        [row] = Commitment.objects.all()
        assert (row.text, row.due_on, row.owner) == (second.text, day, "基层股")
