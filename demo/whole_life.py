"""The demo's fuller lives: proposals of members, a merged case with co-handlers, and what follows answers.

As everything of the demo they go through the real services, at moments in office hours.
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from demo import points
from demo.cast import Cast
from office import clock
from organizations.models import ListItem, Post
from outcomes import services as outcomes
from outcomes.models import Feedback
from portal import services as portal
from proposals import services as proposals
from proposals.models import Assignment, Proposal
from replies import opinion_services as opinions
from replies import services as replies
from replies.models import IssuedLetter

Life = Iterator[dt.datetime]
TEXTS = Path(__file__).parent / "data" / "whole_life.json"
LEAD, CO, DECLINING, INSTEAD = "区教育局", "区交通运输局", "区林业局", "区城管局"


def at_work(today: dt.date, ago: int, hour: int) -> dt.datetime:
    """An hour of the office's day so many days ago, or of the Friday before it."""
    day = today - dt.timedelta(ago)
    if day.weekday() > 4:
        day -= dt.timedelta(day.weekday() - 4)
    return dt.datetime.combine(day, dt.time(9 + hour), ZoneInfo(settings.TIME_ZONE))


def lives(cast: Cast, today: dt.date) -> list[Life]:
    """The fuller lives of the main assembly's newest session."""
    texts = json.loads(TEXTS.read_text(encoding="utf-8"))
    return [cosigning(cast, today, texts), referred(cast, today, texts), merged(cast, today, texts)]


def _draft(cast: Cast, writer: Post, text: dict[str, Any], bureau: str = "") -> Proposal:
    fields = {name: text[name] for name in ("title", "background", "analysis")}
    fields |= {
        "contact_name": writer.user.name,
        "contact_phone": writer.phone,
        "consents_to_publish": True,
        "category": cast.item("category", text["category"]),
        "suggested_bureau": cast.bureau(bureau) if bureau else None,
    }
    made = proposals.proposal_create(post=writer)
    return proposals.proposal_save(
        proposal_id=made.pk, post=writer, fields=fields, suggestions=text["suggestions"]
    )


def cosigning(cast: Cast, today: dt.date, texts: dict[str, Any]) -> Life:
    """A member's proposal that gathers signatures: one signed, one still asked."""
    first, second, third = cast.members()
    yield at_work(today, 4, 0)
    case = _draft(cast, first, texts["cosigning"])
    until = today + dt.timedelta(5)
    proposals.proposal_invite(proposal_id=case.pk, post=first, members=[second, third], until=until)
    yield at_work(today, 2, 0)
    proposals.cosigner_answer(cosigner_id=case.cosigners.get(member=second).pk, post=second, signs=True)


def referred(cast: Cast, today: dt.date, texts: dict[str, Any]) -> Life:
    """A proposal that was not filed but referred."""
    member = cast.members()[2]
    yield at_work(today, 30, 0)
    case = _draft(cast, member, texts["referred"])
    proposals.proposal_submit(proposal_id=case.pk, post=member)
    yield at_work(today, 27, 0)
    to = cast.item("referral", "public_opinion")
    note = "反映的是具体事项，已转有关单位办理，并将结果告知您。"
    proposals.proposal_refer(proposal_id=case.pk, post=cast.post("reviewer"), to=to, note=note)


def merged(cast: Cast, today: dt.date, texts: dict[str, Any]) -> Life:
    """Three proposals answered as one, with co-handlers, a declined assignment, more time, and an unmet proposer."""
    filer, (first, second, _third) = cast.post("filer", "教卫文史委"), cast.members()
    party = cast.post("filer", "民盟支部")
    reviewer, dispatcher = cast.post("reviewer"), cast.post("dispatcher")
    yield at_work(today, 120, 0)
    lead = _draft(cast, filer, texts["lead"], LEAD)
    proposals.proposal_submit(proposal_id=lead.pk, post=filer)
    yield at_work(today, 119, 0)
    other = _draft(cast, first, texts["second"], LEAD)
    proposals.proposal_invite(proposal_id=other.pk, post=first, members=[second])
    proposals.cosigner_answer(cosigner_id=other.cosigners.get().pk, post=second, signs=True)
    proposals.proposal_submit(proposal_id=other.pk, post=first)
    third = _draft(cast, party, texts["third"], LEAD)
    proposals.proposal_submit(proposal_id=third.pk, post=party)
    yield at_work(today, 114, 0)
    for case in (lead, other, third):
        proposals.proposal_file(proposal_id=case.pk, post=reviewer)
    for case in (other, third):
        proposals.proposal_merge(proposal_id=case.pk, post=reviewer, lead=lead, note="内容相近，合并办理。")
    marks: dict[str, Any] = {"is_key": True, "key_leader": "副主席 程远帆"}
    proposals.proposal_mark(proposal_id=lead.pk, post=reviewer, **marks)
    yield at_work(today, 110, 0)
    co = [cast.bureau(CO), cast.bureau(DECLINING)]
    parts = proposals.proposal_assign(
        proposal_id=lead.pk, post=dispatcher, lead=cast.bureau(LEAD), co=co, note="请主办单位牵头会商。"
    )
    yield from _handled(cast, today, texts, parts)
    yield from _judged(cast, today, lead)


def _handled(cast: Cast, today: dt.date, texts: dict[str, Any], parts: list[Assignment]) -> Life:
    own, co, declining = parts
    clerk, co_clerk = cast.post("clerk", LEAD), cast.post("clerk", CO)
    yield at_work(today, 108, 0)
    proposals.assignment_sign_in(assignment_id=own.pk, post=clerk)
    proposals.assignment_sign_in(assignment_id=co.pk, post=co_clerk)
    reason = "校门前停车秩序属城市管理职责，与我局职责无关。"
    proposals.assignment_decline(
        assignment_id=declining.pk,
        post=cast.post("clerk", DECLINING),
        reason=reason,
        suggested=cast.bureau(INSTEAD),
    )
    yield at_work(today, 105, 0)
    instead = proposals.decline_decide(
        assignment_id=declining.pk,
        post=cast.post("dispatcher"),
        decision="reassign",
        bureau=cast.bureau(INSTEAD),
        note="同意，请区城管局接办。",
    )
    yield at_work(today, 103, 0)
    proposals.assignment_sign_in(assignment_id=instead.pk, post=cast.post("clerk", INSTEAD))
    yield at_work(today, 90, 0)
    proposals.contact_add(
        assignment_id=own.pk,
        post=clerk,
        way=cast.item("contact_way", "forum"),
        held_on=today - dt.timedelta(95),
        people="教卫文史委、民盟支部、陆一苹委员；区教育局基教股",
        said="当面听取了三件提案的意见，一同察看了两所学校门前的交通。",
    )
    yield from _opinion(cast, today, texts, co, CO, 85)
    yield from _opinion(cast, today, texts, instead, INSTEAD, 83)
    yield at_work(today, 60, 0)
    asked = proposals.extension_ask(
        assignment_id=own.pk, post=clerk, reason="三处路口的设施须报市公路部门批复，申请延期。"
    )
    yield at_work(today, 58, 0)
    proposals.extension_decide(extension_id=asked.pk, post=cast.post("dispatcher"), grants=True)
    yield from _reply(cast, today, texts, own)


def _opinion(
    cast: Cast, today: dt.date, texts: dict[str, Any], part: Assignment, bureau: str, ago: int
) -> Life:
    yield at_work(today, ago, 0)
    clerk = cast.post("clerk", bureau)
    opinion = opinions.opinion_create(assignment_id=part.pk, post=clerk)
    opinions.opinion_save(opinion_id=opinion.pk, post=clerk, body=texts["opinion"])
    opinions.opinion_send(opinion_id=opinion.pk, post=clerk)
    yield at_work(today, ago - 2, 0)
    opinions.opinion_sign(opinion_id=opinion.pk, post=cast.post("leader", bureau))


def _reply(cast: Cast, today: dt.date, texts: dict[str, Any], part: Assignment) -> Life:
    yield at_work(today, 50, 0)
    clerk = cast.post("clerk", LEAD)
    reply = replies.reply_create(assignment_id=part.pk, post=clerk)
    opening, *closing = reply.body.split("\n")
    replies.reply_save(
        reply_id=reply.pk,
        post=clerk,
        body="\n".join([opening, *texts["reply"], *closing]),
        result_class=cast.item("result_class", "B"),
        disclosure=cast.item("disclosure", "open"),
        answers=points.answers_to(reply, texts["reply"], "B", is_done=True),
    )
    replies.reply_send(reply_id=reply.pk, post=clerk)
    yield at_work(today, 47, 0)
    replies.reply_pass(reply_id=reply.pk, post=cast.post("checker", LEAD))
    yield at_work(today, 45, 0)
    replies.reply_sign(reply_id=reply.pk, post=cast.post("leader", LEAD))
    yield at_work(today, 44, 0)
    keeper = cast.post("sealkeeper", LEAD)
    replies.reply_issue(reply_id=reply.pk, post=keeper, dated=replies.signed_on(reply))


def _judged(cast: Cast, today: dt.date, lead: Proposal) -> Life:
    yield at_work(today, 42, 0)
    letter = IssuedLetter.objects.get(reply__proposal=lead)
    _deliver(cast, letter, LEAD)
    clerk = cast.post("clerk", LEAD)
    promise = outcomes.commitment_add(
        letter=letter,
        post=clerk,
        text="三处国道路口的红绿灯和减速带安装完毕。",
        due_on=today + dt.timedelta(120),
        owner="基建股",
    )
    soon = outcomes.commitment_add(
        letter=letter,
        post=clerk,
        text="已规划的临时停靠区全部施划标线。",
        due_on=today - dt.timedelta(12),
        owner="交通管理股",
    )
    yield at_work(today, 40, 0)
    asked = outcomes.feedback_ask(letter=letter, post=cast.post("reviewer"))
    yield at_work(today, 32, 0)
    outcomes.commitment_note(commitment=promise, post=clerk, text="市公路部门已经受理，正在现场核对。")
    words = ("满意", "基本满意", "不满意", "满意")
    for place, row in enumerate(asked):
        yield at_work(today, 31 - 2 * place, 0)
        _judge(cast, row, words[place])
    yield at_work(today, 14, 0)
    outcomes.commitment_done(commitment=soon, post=clerk, day=clock.today())
    told = "六所学校门前的临时停靠区已经全部施划标线，并安排专人在上下学时段引导。"
    outcomes.follow_up_send(commitment=soon, post=clerk, text=told, dated=clock.today())


def _judge(cast: Cast, row: Feedback, word: str) -> None:
    owner = cast.owner_of(row)
    judgement = next(one["id"] for one in row.judgements if one["label"] == word)
    answers = {str(one["id"]): (one["choices"] or [""])[0] for one in row.questions}
    remarks = "停靠区只划了六所学校，最堵的一所没有划上，希望再想办法。" if word == "不满意" else ""
    outcomes.feedback_give(
        feedback=row, judgement=judgement, answers=answers, remarks=remarks, post=owner, came="desk"
    )


def _deliver(cast: Cast, letter: IssuedLetter, bureau: str) -> None:
    way: ListItem = cast.item("delivery_way", "by_hand")
    keeper = cast.post("sealkeeper", bureau)
    outcomes.delivery_note(
        letter=letter,
        copies=letter.copies.all(),
        post=keeper,
        way=way,
        delivered_on=letter.dated,
        received_by="本人",
    )


def after_issue(cast: Cast, case: Proposal, when: dict[str, dt.datetime], place: int) -> Life:
    """What follows an ordinary answer: some are closed, some asked, some only delivered, by their place."""
    letter = IssuedLetter.objects.get(reply__proposal=case)
    yield when["deliver"]
    _deliver(cast, letter, letter.bureau.short_name)
    if place % 4 < 3:
        yield when["ask"]
        asked = outcomes.feedback_ask(letter=letter, post=cast.post("reviewer"))
        if place % 4 < 2:
            yield when["judge"]
            for row in asked:
                _judge(cast, row, ("满意", "基本满意")[place % 2])
    if case.consents_to_publish and place % 5 < 3:
        yield when["publish"]
        portal.publication_make(cases=[case], post=cast.post("reviewer"))
    for promise in letter.commitments.filter(due_on__lt=timezone.localdate()):
        yield at_work(promise.due_on, 0, 0)
        outcomes.commitment_done(commitment=promise, post=promise.post, day=clock.today())
