"""The acts of the life of three assemblies: each calls one service, with values that are mostly right."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from organizations.models import PROPOSER_ROLES, Post, Role
from outcomes import services as outcomes
from outcomes.models import Commitment, Delivery, Feedback
from proposals import policies
from proposals import services as proposals
from proposals.models import Assignment, Cosigner, Proposal
from replies import opinion_services as opinions
from replies import services as replies
from replies.models import IssuedLetter, Opinion, Reply
from tests.factories import item
from tests.life import ACTS, Walk, can, own_posts

OFFICES = (Role.REVIEWER, Role.DISPATCHER)
WRITERS = (*PROPOSER_ROLES, Role.REVIEWER)


def upload(name: str) -> SimpleUploadedFile:
    """A small file that is what its name says."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


# ---- the question


@can("proposal", *WRITERS)
def create(walk: Walk, who: Post, _case: Proposal | None = None) -> Proposal:
    if who.role != Role.REVIEWER:
        return proposals.proposal_create(post=who)
    owner = walk.dice.choice(["committee", "member"])
    one = walk.dice.choice(walk.town.bodies if owner == "committee" else walk.town.members)
    return proposals.proposal_enter(post=who, **{owner: one})


@can("proposal", *WRITERS)
def attach(walk: Walk, who: Post, case: Proposal) -> None:
    name = walk.dice.choice(["提案原件.pdf", "调研报告.pdf"])
    proposals.attachment_add(proposal_id=case.pk, post=who, upload=upload(name))


@can("proposal", *WRITERS)
def detach(walk: Walk, who: Post, case: Proposal) -> None:
    found = case.attachments.order_by("pk").last()
    if found is None:
        raise Http404
    proposals.attachment_remove(attachment=found, post=who)


@can("proposal", *WRITERS)
def write(walk: Walk, who: Post, case: Proposal) -> None:
    texts = {
        "title": "推进协商民主，优化基层自治",
        "background": "近年来，我区一些村（居）探索协商议事。",
        "analysis": walk.dice.choice(["认识不一，制度不全。", "认识不一，制度不全，人手不足。"]),
        "contact_name": "岳小舟",
        "contact_phone": "0730-0000101",
        "consents_to_publish": True,
    }
    proposals.proposal_save(
        proposal_id=case.pk, post=who, fields=texts, suggestions=["强化协商意识", "建立议事会制度"]
    )


@can("proposal", *WRITERS)
def submit(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_submit(proposal_id=case.pk, post=who)


@can("proposal", *PROPOSER_ROLES)
def recall(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_recall(proposal_id=case.pk, post=who)


@can("proposal", *PROPOSER_ROLES)
def withdraw(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_withdraw(proposal_id=case.pk, post=who, note="另行研究")


@can("proposal", *PROPOSER_ROLES)
def invite(walk: Walk, who: Post, case: Proposal) -> None:
    dice, town = walk.dice, walk.town
    proposals.proposal_invite(
        proposal_id=case.pk,
        post=who,
        members=dice.sample(town.members, dice.randint(0, 2)),
        committees=dice.sample(town.bodies, dice.randint(0, 1)),
    )


@can("proposal", *PROPOSER_ROLES)
def reword(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_reword(proposal_id=case.pk, post=who)


def _invited(walk: Walk, who: Post, case: Proposal) -> tuple[Cosigner, Post]:
    rows = list(case.cosigners.select_related("member", "committee").order_by("pk"))
    if not rows:
        raise Http404
    row = walk.dice.choice(rows)
    own = [p for p in walk.town.people if policies.invitations_to(p).filter(pk=row.pk).exists()]
    return row, walk.dice.choice(own) if own and walk.dice.random() < 0.8 else who


@can("proposal", *PROPOSER_ROLES)
def cosign(walk: Walk, who: Post, case: Proposal) -> None:
    row, who = _invited(walk, who, case)
    proposals.cosigner_answer(cosigner_id=row.pk, post=who, signs=walk.dice.random() < 0.8)


@can("proposal", *PROPOSER_ROLES)
def unsign(walk: Walk, who: Post, case: Proposal) -> None:
    row, who = _invited(walk, who, case)
    proposals.cosigner_withdraw(cosigner_id=row.pk, post=who)


@can("proposal", Role.REVIEWER)
def examine(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_examine(proposal_id=case.pk, post=who, verdict="file", text=walk.words())


@can("proposal", Role.REVIEWER)
def file(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_file(proposal_id=case.pk, post=who)


@can("proposal", Role.REVIEWER)
def give_back(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_return(proposal_id=case.pk, post=who, note="请补充具体建议")


@can("proposal", Role.REVIEWER)
def refuse(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_refuse(proposal_id=case.pk, post=who, reason=walk.pick("refusal"))


@can("proposal", Role.REVIEWER)
def refer(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_refer(proposal_id=case.pk, post=who, to=walk.pick("referral"))


@can("proposal", Role.REVIEWER)
def merge(walk: Walk, who: Post, case: Proposal) -> None:
    others = Proposal.objects.filter(pk__in=walk.town.live).order_by("pk")
    filed = list(others.filter(state="filed").exclude(pk=case.pk)) if walk.dice.random() < 0.8 else []
    lead = walk.dice.choice(filed or list(others))
    proposals.proposal_merge(proposal_id=case.pk, post=who, lead=lead)


@can("proposal", Role.REVIEWER)
def unmerge(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_unmerge(proposal_id=case.pk, post=who)


@can("proposal", Role.REVIEWER)
def mark(walk: Walk, who: Post, case: Proposal) -> None:
    leader = walk.dice.choice(["区政协副主席", ""])
    proposals.proposal_mark(proposal_id=case.pk, post=who, is_key=True, key_leader=leader)


@can("proposal", *OFFICES)
def assign(walk: Walk, who: Post, case: Proposal) -> None:
    first, second, third = walk.dice.sample(walk.town.bureaus, 3)
    ways: list[dict[str, Any]] = [
        {"sole": first},
        {"lead": first, "co": [second]},
        {"lead": first, "co": [second, third]},
        {"split": [first, second]},
        {"split": [first, second], "co": [third]},
    ]
    wrong: list[dict[str, Any]] = [{"split": [first]}, {"lead": first, "co": [first]}]
    wrong.append({"sole": first, "co": [second]})
    way = walk.dice.choice(ways if walk.dice.random() < 0.9 else wrong)
    proposals.proposal_assign(proposal_id=case.pk, post=who, **way)


@can("proposal", Role.DISPATCHER)
def assign_one(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_assign(proposal_id=case.pk, post=who, sole=walk.dice.choice(walk.town.bureaus))


@can("proposal", Role.DISPATCHER)
def add(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.assignment_add(proposal_id=case.pk, post=who, bureau=walk.dice.choice(walk.town.bureaus))


@can("proposal", Role.REVIEWER)
def settle(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_settle(proposal_id=case.pk, post=who, day=walk.day(), note=walk.words())


# ---- a bureau's part


@can("assignment", Role.CLERK)
def sign_in(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.assignment_sign_in(assignment_id=part.pk, post=who)


@can("assignment", Role.CLERK)
def decline(walk: Walk, who: Post, part: Assignment) -> None:
    suggested = walk.dice.choice([None, *walk.town.bureaus])
    proposals.assignment_decline(assignment_id=part.pk, post=who, reason=walk.words(), suggested=suggested)


@can("assignment", Role.CLERK)
def keep(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.assignment_keep(assignment_id=part.pk, post=who)


@can("assignment", Role.DISPATCHER)
def decide(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.decline_decide(
        assignment_id=part.pk,
        post=who,
        decision=walk.dice.choice(["reassign", "join", "insist"]),
        note=walk.words(),
        bureau=walk.dice.choice([None, *walk.town.bureaus, *walk.town.bureaus]),
    )


@can("assignment", Role.DISPATCHER)
def take_back(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.assignment_recall(assignment_id=part.pk, post=who)


@can("assignment", Role.CLERK)
def ask_time(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.extension_ask(assignment_id=part.pk, post=who, reason=walk.words())


@can("assignment", Role.DISPATCHER)
def decide_time(walk: Walk, who: Post, part: Assignment) -> None:
    asked = part.extensions.order_by("-pk").first()
    if asked is None:
        raise Http404
    proposals.extension_decide(
        extension_id=asked.pk, post=who, grants=walk.dice.random() < 0.5, note=walk.words()
    )


@can("assignment", Role.CLERK)
def contact(walk: Walk, who: Post, part: Assignment) -> None:
    facts = {"way": walk.pick("contact_way"), "held_on": walk.day(), "people": "岳小舟", "said": walk.words()}
    proposals.contact_add(assignment_id=part.pk, post=who, **facts)


@can("assignment", Role.CLERK)
def no_contact(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.contact_none(assignment_id=part.pk, post=who, reason=walk.words())


@can("assignment", Role.CLERK, Role.CHECKER)
def hand_over(walk: Walk, who: Post, part: Assignment) -> None:
    clerks = [one for one in walk.town.people if one.role == Role.CLERK]
    own = [one for one in clerks if one.bureau_id == part.bureau_id and one.pk != part.clerk_id]
    clerk = walk.dice.choice(own or clerks if walk.dice.random() < 0.8 else walk.town.people)
    proposals.assignment_hand_over(assignment_id=part.pk, post=who, clerk=clerk)


@can("assignment", Role.DISPATCHER)
def chase(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.chase_send(assignment_id=part.pk, post=who, text=walk.words())


@can("assignment", Role.CLERK)
def begin(walk: Walk, who: Post, part: Assignment) -> None:
    replies.reply_create(assignment_id=part.pk, post=who)


@can("assignment", Role.CLERK)
def begin_opinion(walk: Walk, who: Post, part: Assignment) -> None:
    opinions.opinion_create(assignment_id=part.pk, post=who)


# ---- the answer


@can("reply", Role.CLERK)
def draft(walk: Walk, who: Post, reply: Reply) -> None:
    body = reply.body if "一、" in reply.body else f"{reply.body}\n一、强意识，从基层做起。强化民主协商意识。"
    replies.reply_save(
        reply_id=reply.pk,
        post=who,
        body=body,
        result_class=item(walk.town.assembly, "result_class", walk.dice.choice("AB")),
        disclosure=item(walk.town.assembly, "disclosure", "open"),
    )


@can("reply", Role.CLERK)
def send(walk: Walk, who: Post, reply: Reply) -> None:
    replies.reply_send(reply_id=reply.pk, post=who)


@can("reply", Role.CLERK)
def recall_reply(walk: Walk, who: Post, reply: Reply) -> None:
    replies.reply_recall(reply_id=reply.pk, post=who)


@can("reply", Role.CHECKER)
def check(walk: Walk, who: Post, reply: Reply) -> None:
    replies.reply_pass(reply_id=reply.pk, post=who)


@can("reply", Role.CHECKER)
def pass_back(walk: Walk, who: Post, reply: Reply) -> None:
    replies.reply_pass_recall(reply_id=reply.pk, post=who)


@can("reply", Role.LEADER)
def sign(walk: Walk, who: Post, reply: Reply) -> None:
    replies.reply_sign(reply_id=reply.pk, post=who)


def _returned(step: str) -> Callable[..., None]:
    def give_it_back(walk: Walk, who: Post, reply: Reply) -> None:
        replies.reply_return(reply_id=reply.pk, post=who, step=step, note=walk.words())

    return give_it_back


ACTS["reply"]["check_back"] = ((Role.CHECKER,), _returned("check_return"))
ACTS["reply"]["sign_back"] = ((Role.LEADER,), _returned("sign_return"))
ACTS["reply"]["issue_back"] = ((Role.SEALKEEPER,), _returned("issue_return"))


@can("reply", Role.SEALKEEPER)
def issue(walk: Walk, who: Post, reply: Reply) -> None:
    replies.reply_issue(reply_id=reply.pk, post=who, dated=walk.day())


@can("opinion", Role.CLERK)
def draft_opinion(walk: Walk, who: Post, opinion: Opinion) -> None:
    opinions.opinion_save(opinion_id=opinion.pk, post=who, body="我局意见如下。")


@can("opinion", Role.CLERK)
def send_opinion(walk: Walk, who: Post, opinion: Opinion) -> None:
    opinions.opinion_send(opinion_id=opinion.pk, post=who)


@can("opinion", Role.CLERK)
def recall_opinion(walk: Walk, who: Post, opinion: Opinion) -> None:
    opinions.opinion_recall(opinion_id=opinion.pk, post=who)


@can("opinion", Role.LEADER)
def return_opinion(walk: Walk, who: Post, opinion: Opinion) -> None:
    opinions.opinion_return(opinion_id=opinion.pk, post=who, note=walk.words())


@can("opinion", Role.LEADER)
def sign_opinion(walk: Walk, who: Post, opinion: Opinion) -> None:
    opinions.opinion_sign(opinion_id=opinion.pk, post=who)


# ---- what follows


@can("letter", Role.CLERK, Role.SEALKEEPER)
def deliver(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    copies = [copy for copy in letter.copies.all() if walk.dice.random() < 0.8]
    received_by = walk.dice.choice(["", "岳小舟"])
    way, day = walk.pick("delivery_way"), walk.day()
    outcomes.delivery_note(
        letter=letter, copies=copies, post=who, way=way, delivered_on=day, received_by=received_by
    )


@can("letter", *PROPOSER_ROLES)
def confirm(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    copy = walk.dice.choice(list(letter.copies.select_related("member", "letter__reply").order_by("order")))
    outcomes.delivery_confirm(copy=copy, post=_own(walk, who, copy))


@can("letter", Role.CLERK, Role.SEALKEEPER)
def receipt(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    rows = list(
        Delivery.objects.filter(copy__letter=letter).select_related("copy__letter__reply").order_by("pk")
    )
    if not rows:
        raise Http404
    scan = upload("回执.pdf") if walk.dice.random() < 0.6 else None
    outcomes.delivery_receipt(
        delivery=walk.dice.choice(rows), post=who, received_by="岳小舟", received_on=walk.day(), receipt=scan
    )


def _own(walk: Walk, who: Post, row: Any) -> Post:
    """Mostly the post of who is named, else the one that was drawn."""
    own = own_posts(walk.town, row)
    return walk.dice.choice(own) if own and walk.dice.random() < 0.85 else who


@can("letter", Role.REVIEWER)
def ask(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.feedback_ask(letter=letter, post=who)


@can("letter", Role.REVIEWER)
def relink(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    rows = list(Feedback.objects.filter(letter=letter).order_by("state", "pk"))
    if not rows:
        raise Http404
    outcomes.feedback_relink(feedback=rows[0], post=who, reason=walk.words())


def _judged(walk: Walk, letter: IssuedLetter, who: Post | None, came: str) -> None:
    rows = Feedback.objects.filter(letter=letter).select_related("member").order_by("pk")
    open_ones = list(rows.filter(state="asked")) or list(rows)
    if not open_ones:
        raise Http404
    row = walk.dice.choice(open_ones)
    bad = walk.dice.random() < 0.5
    fitting = [one for one in row.judgements if one["reopens"] == bad]
    if came == "desk" and who:
        who = _own(walk, who, row)
    outcomes.feedback_give(
        feedback=row,
        judgement=walk.dice.choice(fitting)["id"] if walk.dice.random() < 0.95 else 0,
        answers={str(one["id"]): (one["choices"] or ["好"])[0] for one in row.questions},
        post=who,
        came=came,
        scan=upload("征询意见表.pdf") if came == "paper" and walk.dice.random() < 0.8 else None,
    )


@can("letter", *PROPOSER_ROLES)
def judge(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    _judged(walk, letter, who, "desk")


@can("letter", Role.REVIEWER)
def judge_on_paper(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    _judged(walk, letter, who, "paper")


@can("letter", *PROPOSER_ROLES)
def judge_by_link(walk: Walk, _who: Post, letter: IssuedLetter) -> None:
    _judged(walk, letter, None, "link")


@can("letter", Role.CLERK)
def promise(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.commitment_add(letter=letter, post=who, text=walk.words(), due_on=walk.day(-30), owner="基建股")


@can("letter", Role.CLERK)
def no_promise(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.commitment_none(letter=letter, post=who, reason=walk.words())


def _promised(walk: Walk, letter: IssuedLetter) -> Commitment:
    rows = list(Commitment.objects.filter(letter=letter).select_related("letter").order_by("pk"))
    if not rows:
        raise Http404
    return walk.dice.choice(rows)


@can("letter", Role.CLERK)
def note(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    proof = upload("验收单.pdf") if walk.dice.random() < 0.3 else None
    outcomes.commitment_note(commitment=_promised(walk, letter), post=who, text=walk.words(), proof=proof)


@can("letter", Role.CLERK)
def kept(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    became = walk.dice.choice([None, item(walk.town.assembly, "result_class", "A")])
    outcomes.commitment_done(commitment=_promised(walk, letter), post=who, day=walk.day(), became=became)


@can("letter", Role.CLERK)
def follow_up(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.follow_up_send(
        commitment=_promised(walk, letter), post=who, text="议事厅已建成。", dated=walk.day()
    )


NAMES = [name for acts in ACTS.values() for name in acts]
