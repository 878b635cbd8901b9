"""The lives of the demo's proposals: each a generator that says when its next act happens, then does it.

All acts go through the real services, in the order of time, so the demo's log and numbers are real ones.
"""

import datetime as dt
import heapq
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from demo import points, whole_life
from demo.cast import Cast
from office import clock
from proposals import services as proposals
from proposals.models import Assignment, Proposal
from replies import services as replies
from replies.models import Reply

Life = Iterator[dt.datetime]
# How many days ago a case in this state was submitted, and how far apart its neighbours lie: chosen so that
# the desks show cases in good time, urgent ones and a few late ones.
SUBMITTED_DAYS_AGO = {
    "answered": (150, 4),
    "in_hand": (110, 3),
    "assigned": (20, 1),
    "filed": (12, 1),
    "submitted": (7, 1),
    "returned": (9, 1),
    "not_filed": (40, 3),
    "withdrawn": (33, 1),
    "draft": (3, 1),
}


def play(lives: list[Life]) -> None:
    """Let all lives happen together, act by act, in the order of time."""
    queue = [(next(life), place, life) for place, life in enumerate(lives)]
    heapq.heapify(queue)
    while queue:
        moment, place, life = heapq.heappop(queue)
        with clock.at(moment):
            following = next(life, None)
        if following:
            heapq.heappush(queue, (following, place, life))


def at_work(day: dt.date, place: int) -> dt.datetime:
    """A moment in office hours of a day or of the Monday after it, another one for each place in the list."""
    if day.weekday() > 4:
        day += dt.timedelta(7 - day.weekday())
    hour = dt.datetime.combine(day, dt.time(9), ZoneInfo(settings.TIME_ZONE))
    moment = hour + dt.timedelta(minutes=(place * 37) % 420)
    return min(moment, timezone.now() - dt.timedelta(minutes=1))


def sample_days() -> dict[str, dt.date]:
    """The days of the published case: those known from the letter and its session, the rest believable."""
    return {
        "draft": dt.date(2021, 1, 12),
        "submit": dt.date(2021, 1, 13),
        "review": dt.date(2021, 1, 27),
        "assign": dt.date(2021, 2, 26),
        "sign_in": dt.date(2021, 3, 1),
        "start": dt.date(2021, 4, 12),
        "send": dt.date(2021, 5, 21),
        "check": dt.date(2021, 5, 24),
        "sign": dt.date(2021, 5, 25),
        "issue": dt.date(2021, 5, 25),
        "deliver": dt.date(2021, 5, 26),
        "ask": dt.date(2021, 5, 27),
        "judge": dt.date(2021, 6, 4),
        "publish": dt.date(2021, 6, 8),
    }


def days_of(case: dict[str, Any], place: int, today: dt.date) -> dict[str, dt.date]:
    """The days of a made-up case, counted back from today by where it stands."""
    ago, apart = SUBMITTED_DAYS_AGO[case["state"]]
    submitted = today - dt.timedelta(max(ago - place * apart, 1))
    # A case in hand has had its days; what comes later is pressed into the days that are left.
    room = (today - submitted).days
    offsets = {"draft": -2, "submit": 0, "review": 4, "assign": 9, "sign_in": 11, "start": 18, "send": 40,
               "check": 42, "sign": 44, "issue": 45, "deliver": 46, "ask": 47, "judge": 52, "publish": 55}  # fmt: skip
    return {name: submitted + dt.timedelta(min(days, room)) for name, days in offsets.items()}


def life_of(case: dict[str, Any], place: int, days: dict[str, dt.date], cast: Cast) -> Life:
    """The whole life of one case, up to the state that its text asks for."""
    when = {name: at_work(day, place) + dt.timedelta(seconds=n) for n, (name, day) in enumerate(days.items())}
    state = case["state"]
    yield when["draft"]
    proposal = _draft(case, cast)
    if state == "draft":
        return
    yield when["submit"]
    filer = proposal.written_by
    proposals.proposal_submit(proposal_id=proposal.pk, post=filer)
    yield from _after_submission(case, proposal, when, cast)


def _draft(case: dict[str, Any], cast: Cast) -> Proposal:
    filer = cast.post("filer", case["committee"])
    proposal = proposals.proposal_create(post=filer)
    fields = {
        "title": case["title"],
        "background": case["background"],
        "analysis": case["analysis"],
        "contact_name": case["contact_name"],
        "contact_phone": case["contact_phone"],
        "consents_to_publish": case["consent_to_publish"],
        "category": cast.item("category", case["category"]),
        "suggested_bureau": cast.bureau(case["suggested_bureau"]),
    }
    return proposals.proposal_save(
        proposal_id=proposal.pk, post=filer, fields=fields, suggestions=case["suggestions"]
    )


def _after_submission(
    case: dict[str, Any], proposal: Proposal, when: dict[str, dt.datetime], cast: Cast
) -> Life:
    reviewer, state = cast.post("reviewer"), case["state"]
    if state == "submitted":
        return
    yield when["review"]
    if state == "returned":
        proposals.proposal_return(proposal_id=proposal.pk, post=reviewer, note=case["return_reason"])
    elif state == "not_filed":
        reason = cast.item("refusal", case["refusal_reason"])
        note = case.get("refusal_note", "")
        proposals.proposal_refuse(proposal_id=proposal.pk, post=reviewer, reason=reason, note=note)
    elif state == "withdrawn":
        note = case.get("return_reason") or "提案人已与承办单位当面沟通，所提事项正在解决。"
        proposals.proposal_withdraw(proposal_id=proposal.pk, post=proposal.written_by, note=note)
    else:
        proposals.proposal_file(proposal_id=proposal.pk, post=reviewer)
        if state != "filed":
            yield from _after_filing(case, proposal, when, cast)


def _after_filing(case: dict[str, Any], proposal: Proposal, when: dict[str, dt.datetime], cast: Cast) -> Life:
    yield when["assign"]
    bureau = cast.bureau(case["suggested_bureau"])
    [assignment] = proposals.proposal_assign(
        proposal_id=proposal.pk, post=cast.post("dispatcher"), sole=bureau
    )
    if case["state"] == "assigned":
        return
    yield when["sign_in"]
    clerk = cast.writer("clerk", case)
    proposals.assignment_sign_in(assignment_id=assignment.pk, post=clerk)
    if case["reply_state"] != "none":
        yield from _reply(case, assignment, when, cast)


def _reply(case: dict[str, Any], assignment: Assignment, when: dict[str, dt.datetime], cast: Cast) -> Life:
    clerk, state = cast.writer("clerk", case), case["reply_state"]
    yield when["start"]
    reply = replies.reply_create(assignment_id=assignment.pk, post=clerk)
    replies.reply_save(
        reply_id=reply.pk,
        post=clerk,
        body="\n".join(case["reply"]["paragraphs"]),
        result_class=cast.item("result_class", case["reply"]["result_class"]),
        disclosure=cast.item("disclosure", case["reply"]["disclosure"]),
        answers=points.answers_to(
            reply, case["reply"]["paragraphs"], case["reply"]["result_class"], is_done=state != "drafting"
        ),
    )
    if state != "drafting":
        yield when["send"]
        replies.reply_send(reply_id=reply.pk, post=clerk)
        if state != "in_review":
            yield from _after_sending(case, reply, when, cast)


def _after_sending(case: dict[str, Any], reply: Reply, when: dict[str, dt.datetime], cast: Cast) -> Life:
    checker, leader = cast.writer("checker", case), cast.writer("leader", case)
    state, note = case["reply_state"], case.get("return_reason", "")
    yield when["check"]
    if state == "returned" and case["returned_by"] == "checker":
        replies.reply_return(reply_id=reply.pk, post=checker, step="check_return", note=note)
        return
    replies.reply_pass(reply_id=reply.pk, post=checker)
    if state == "awaiting_signature":
        return
    yield when["sign"]
    if state == "returned":
        replies.reply_return(reply_id=reply.pk, post=leader, step="sign_return", note=note)
        return
    replies.reply_sign(reply_id=reply.pk, post=leader)
    if state == "issued":
        yield when["issue"]
        keeper = cast.writer("sealkeeper", case)
        replies.reply_issue(reply_id=reply.pk, post=keeper, dated=clock.today())
        yield from whole_life.after_issue(cast, reply.proposal, when, case["place"])
