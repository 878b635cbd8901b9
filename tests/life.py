"""Three assemblies whose people do, by chance, everything that the services offer, whether they may or not."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from office import clock
from office.acts import AlreadyDone
from office.workflow import Refused
from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, ListItem, Post, Role
from outcomes import services as outcomes
from outcomes.models import Commitment, Delivery, Feedback
from proposals import policies
from proposals import services as proposals
from proposals.models import Assignment, Cosigner, Proposal
from replies import opinion_services as opinions
from replies import services as replies
from replies.models import IssuedLetter, Opinion, Reply
from tests.factories import World, bureau, committee, item, post

REFUSALS = (PermissionDenied, Refused, Http404, AlreadyDone)
OFFICES = (Role.REVIEWER, Role.DISPATCHER)
LIVE_CASES = 16
Act = tuple[tuple[str, ...], Callable[..., Any]]
ACTS: dict[str, dict[str, Act]] = {
    "proposal": {},
    "assignment": {},
    "reply": {},
    "opinion": {},
    "outcome": {},
}


def can(kind: str, *roles: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register an act on a kind of thing, with the roles that mostly try it."""

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        ACTS[kind][function.__name__] = (roles, function)
        return function

    return keep


class Town(World):
    """A world with a second and a third bureau, two bodies, two members and two people for what needs two."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts)
        bodies = [self.committee, committee(self.assembly)]
        self.bureaus = [self.bureau, bureau(self.assembly), bureau(self.assembly)]
        self.people = list(self.posts.values())
        self.people += [
            post(self.assembly, str(role)) for role in (Role.MEMBER, Role.REVIEWER, Role.DISPATCHER)
        ]
        self.people.append(post(self.assembly, Role.FILER, committee=bodies[1]))
        for body in self.bureaus[1:]:
            self.people += [post(self.assembly, str(role), bureau=body) for role in BUREAU_ROLES]
        self.bodies = bodies
        self.members = [one for one in self.people if one.role == Role.MEMBER]
        self.lists = {name: self._items(name) for name in ListItem.List.values}
        self.live: list[int] = []

    def _items(self, name: str) -> list[ListItem]:
        with self.scope():
            return list(ListItem.objects.filter(assembly=self.assembly, list=name))


class Walk:
    """One walk: `step` tries one act of one post; it says which, and whether the house refused it."""

    def __init__(self, seed: int, towns: list[Town]) -> None:
        self.dice = random.Random(seed)
        self.towns = towns
        self.town = towns[0]
        self.done: dict[str, int] = {}
        self.refused: dict[str, int] = {}

    def choose(self) -> tuple[str, Callable[[], Any], Proposal | None]:
        """Draw a town, a thing, an act and a post; return the act ready to be done."""
        dice = self.dice
        self.town = town = dice.choice(self.towns)
        if len(town.live) < LIVE_CASES and dice.random() < 0.3:
            who = self._who(PROPOSER_ROLES)
            return "create", lambda: self._begin(who), None
        kind = dice.choice(
            [
                "proposal",
                "proposal",
                "assignment",
                "assignment",
                "reply",
                "reply",
                "reply",
                "opinion",
                "outcome",
            ]
        )
        case = self._case()
        if case is None:
            who = self._who(PROPOSER_ROLES)
            return "create", lambda: self._begin(who), None
        thing = self._thing(kind, case)
        if thing is None:
            kind, thing = "proposal", case
        name = self._act_name(kind, thing)
        roles, act = ACTS[kind][name]
        who = self._who(roles, thing)
        return name, lambda: act(self, who, thing), case

    def _case(self) -> Proposal | None:
        live = self.town.live
        return Proposal.objects.get(pk=self.dice.choice(live)) if live else None

    def _thing(self, kind: str, case: Proposal) -> Any:
        if kind == "proposal":
            return case
        if kind == "outcome":
            rows: Any = IssuedLetter.objects.filter(reply__proposal=case)
        else:
            model = {"assignment": Assignment, "reply": Reply, "opinion": Opinion}[kind]
            rows = model.objects.filter(proposal=case)
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None

    def _act_name(self, kind: str, thing: Any) -> str:
        """Mostly a step that leads on from where the thing stands; now and then anything."""
        names = list(ACTS[kind])
        likely = LIKELY.get((kind, getattr(thing, "state", "")), ())
        return self.dice.choice(likely if likely and self.dice.random() < 0.85 else names)

    def _who(self, roles: tuple[str, ...], thing: Any = None) -> Post:
        """Mostly a post that should do it; now and then anyone, of another body or assembly too."""
        dice, chance = self.dice, self.dice.random()
        if chance < 0.04:
            return dice.choice(dice.choice(self.towns).people)
        if chance < 0.12:
            return dice.choice(self.town.people)
        fitting = [one for one in self.town.people if one.role in roles]
        own = getattr(thing, "bureau_id", None)
        if own and chance < 0.9:
            fitting = [one for one in fitting if one.bureau_id in (None, own)] or fitting
        if isinstance(thing, Proposal) and chance < 0.9:
            fitting = [
                one for one in fitting if policies.takes_part(one, thing) or one.role not in PROPOSER_ROLES
            ]
        return dice.choice(fitting or self.town.people)

    def _begin(self, who: Post) -> Proposal:
        made = proposals.proposal_create(post=who)
        self.town.live.append(made.pk)
        write(self, who, made)
        return made

    def day(self, back: int = 3) -> dt.date:
        """A day that is mostly possible."""
        return clock.today() - dt.timedelta(self.dice.choice([0, 0, 0, 0, 1, back, -2]))

    def words(self) -> str:
        """A reason that is mostly given."""
        return self.dice.choice(["职责不符，请改交。", "请再核实数据。", "情况已沟通。", " "])

    def pick(self, name: str) -> ListItem:
        """An item of one of the assembly's lists."""
        return self.dice.choice(self.town.lists[name])


LIKELY = {
    ("proposal", "draft"): ("submit", "invite", "submit", "write"),
    ("proposal", "cosigning"): ("cosign", "cosign", "submit", "unsign", "reword"),
    ("proposal", "submitted"): ("examine", "file", "file_", "give_back"),
    ("proposal", "returned"): ("write", "submit"),
    ("proposal", "filed"): ("assign", "merge", "assign_one", "mark"),
    ("proposal", "merged"): ("unmerge", "mark"),
    ("proposal", "assigned"): ("add", "mark", "mark"),
    ("proposal", "in_hand"): ("add",),
    ("proposal", "answered"): ("settle",),
    ("assignment", "new"): ("sign_in", "sign_in_", "sign_in__", "decline", "take_back"),
    ("assignment", "signed_in"): (
        "begin",
        "begin_opinion",
        "ask_time",
        "decide_time",
        "contact",
        "hand_over",
    ),
    ("assignment", "declining"): ("decide", "keep"),
    ("assignment", "reopened"): ("begin", "ask_time", "decide_time", "chase"),
    ("reply", "drafting"): ("draft", "send", "send"),
    ("reply", "in_review"): ("check", "check", "check", "check", "check_back", "recall_reply"),
    ("reply", "awaiting_signature"): ("sign", "sign", "sign", "sign", "sign_back", "pass_back"),
    ("reply", "signed"): ("issue", "issue", "issue", "issue", "issue", "issue_back"),
    ("outcome", ""): ("deliver", "confirm", "ask", "ask", "judge", "judge", "judge", "promise", "kept"),
    ("opinion", "drafting"): ("draft_opinion", "send_opinion"),
    ("opinion", "awaiting_signature"): ("sign_opinion", "return_opinion", "recall_opinion"),
}


# ---- the question


@can("proposal", *PROPOSER_ROLES)
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


@can("proposal", *PROPOSER_ROLES)
def submit(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_submit(proposal_id=case.pk, post=who)


@can("proposal", *PROPOSER_ROLES)
def recall(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_recall(proposal_id=case.pk, post=who)


@can("proposal", *PROPOSER_ROLES)
def withdraw(walk: Walk, who: Post, case: Proposal) -> None:
    if walk.dice.random() < 0.1:
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


ACTS["proposal"]["file_"] = ACTS["proposal"]["file"]


@can("proposal", Role.REVIEWER)
def give_back(walk: Walk, who: Post, case: Proposal) -> None:
    proposals.proposal_return(proposal_id=case.pk, post=who, note="请补充具体建议")


@can("proposal", Role.REVIEWER)
def refuse(walk: Walk, who: Post, case: Proposal) -> None:
    if walk.dice.random() < 0.1:
        proposals.proposal_refuse(proposal_id=case.pk, post=who, reason=walk.pick("refusal"))


@can("proposal", Role.REVIEWER)
def refer(walk: Walk, who: Post, case: Proposal) -> None:
    if walk.dice.random() < 0.1:
        proposals.proposal_refer(proposal_id=case.pk, post=who, to=walk.pick("referral"))


@can("proposal", Role.REVIEWER)
def merge(walk: Walk, who: Post, case: Proposal) -> None:
    lead = Proposal.objects.get(pk=walk.dice.choice(walk.town.live))
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
        {"split": [first]},
        {"lead": first, "co": [first]},
        {"sole": first, "co": [second]},
    ]
    proposals.proposal_assign(proposal_id=case.pk, post=who, **walk.dice.choice(ways))


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


ACTS["assignment"]["sign_in_"] = ACTS["assignment"]["sign_in__"] = ACTS["assignment"]["sign_in"]


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
        bureau=walk.dice.choice([None, *walk.town.bureaus]),
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
    if walk.dice.random() < 0.3:
        proposals.contact_none(assignment_id=part.pk, post=who, reason=walk.words())
        return
    facts = {"way": walk.pick("contact_way"), "held_on": walk.day(), "people": "岳小舟", "said": walk.words()}
    proposals.contact_add(assignment_id=part.pk, post=who, **facts)


@can("assignment", Role.CLERK, Role.CHECKER)
def hand_over(walk: Walk, who: Post, part: Assignment) -> None:
    proposals.assignment_hand_over(assignment_id=part.pk, post=who, clerk=walk.dice.choice(walk.town.people))


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


@can("outcome", Role.CLERK, Role.SEALKEEPER)
def deliver(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    copies = [copy for copy in letter.copies.all() if walk.dice.random() < 0.8]
    outcomes.delivery_note(
        letter=letter, copies=copies, post=who, way=walk.pick("delivery_way"), delivered_on=walk.day()
    )


@can("outcome", *PROPOSER_ROLES)
def confirm(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.delivery_confirm(copy=walk.dice.choice(list(letter.copies.all())), post=who)


@can("outcome", Role.REVIEWER)
def ask(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.feedback_ask(letter=letter, post=who)


@can("outcome", *PROPOSER_ROLES)
def judge(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    rows = list(Feedback.objects.filter(letter=letter, state="asked").order_by("pk"))
    if not rows:
        raise Http404
    row = walk.dice.choice(rows)
    outcomes.feedback_give(
        feedback=row,
        judgement=walk.dice.choice(row.judgements)["id"],
        answers={str(one["id"]): (one["choices"] or ["好"])[0] for one in row.questions},
        post=who,
        came="desk",
    )


@can("outcome", Role.CLERK)
def promise(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    outcomes.commitment_add(letter=letter, post=who, text=walk.words(), due_on=walk.day(), owner="基建股")


@can("outcome", Role.CLERK)
def kept(walk: Walk, who: Post, letter: IssuedLetter) -> None:
    row = Commitment.objects.filter(letter=letter).order_by("pk").first()
    if row is None:
        raise Http404
    outcomes.commitment_done(commitment=row, post=who, day=walk.day())


WATCHED = (Assignment, Cosigner, Reply, Opinion, Feedback, Delivery, Commitment)
