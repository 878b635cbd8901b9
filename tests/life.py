"""Three assemblies whose people do, by chance, everything that the services offer, whether they may or not.

A walk draws a case, an act and a post; `life_acts` holds the acts, `life_checks` what must hold after them.
"""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from office import clock, tick
from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, ListItem, Post, Role
from outcomes.models import Feedback
from proposals import policies
from proposals.models import Assignment, Proposal
from replies.models import IssuedLetter, LetterCopy, Opinion, Reply
from tests.factories import World, bureau, committee, post

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGINNING = dt.datetime(2026, 3, 9, 9, 0, tzinfo=SHANGHAI)
LIVE_CASES = 8
Act = tuple[tuple[str, ...], Callable[..., Any]]
Situation = dict[tuple[str, int], tuple[str, str]]  # kind and key: the state, and what else is to be known
Choice = tuple[str, Callable[[], Any], Situation]
ACTS: dict[str, dict[str, Act]] = {
    "proposal": {},
    "assignment": {},
    "reply": {},
    "opinion": {},
    "letter": {},
}
MODELS: dict[str, Any] = {
    "proposal": Proposal,
    "assignment": Assignment,
    "reply": Reply,
    "opinion": Opinion,
    "letter": IssuedLetter,
}


def can(kind: str, *roles: str, name: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register an act on a kind of thing, with the roles that mostly try it."""

    def keep(function: Callable[..., Any]) -> Callable[..., Any]:
        ACTS[kind][name or function.__name__] = (roles, function)
        return function

    return keep


class Town(World):
    """A world with more bureaus, bodies and members, and with people for what needs two."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**facts)
        bodies = [self.committee, committee(self.assembly)]
        self.bureaus = [self.bureau, *(bureau(self.assembly) for _number in range(3))]
        self.people = list(self.posts.values())
        self.people += [
            post(self.assembly, str(role)) for role in (Role.MEMBER, Role.REVIEWER, Role.DISPATCHER)
        ]
        self.people.append(post(self.assembly, Role.FILER, committee=bodies[1]))
        for body in self.bureaus[1:]:
            self.people += [post(self.assembly, str(role), bureau=body) for role in BUREAU_ROLES]
        self.people.append(post(self.assembly, Role.CLERK, bureau=self.bureau))
        # A small bureau: its clerk wears the leader's and the checker's post as well, and signs nothing of the own.
        small = self.bureaus[1]
        clerk = next(one for one in self.people if one.bureau == small and one.role == Role.CLERK)
        roles = (Role.LEADER, Role.CHECKER)
        self.people += [post(self.assembly, str(role), user=clerk.user, bureau=small) for role in roles]
        self.bodies = bodies
        self.members = [one for one in self.people if one.role == Role.MEMBER]
        self.lists = {name: self._items(name) for name in ListItem.List.values}
        self.live: list[int] = []

    def _items(self, name: str) -> list[ListItem]:
        with self.scope():
            return list(ListItem.objects.filter(assembly=self.assembly, list=name))


class House:
    """The three assemblies and the one clock that they share; it never goes back."""

    def __init__(self) -> None:
        self.now = BEGINNING
        with clock.at(self.now):
            self.towns = [Town(), Town(feedback_from="lead"), Town(needs_first_review=True)]

    def pass_time(self, dice: random.Random) -> None:
        """Some minutes, and now and then some days, to any hour of the day or the night."""
        self.now += dt.timedelta(minutes=dice.randint(1, 9))
        if dice.random() < 0.045:
            self.now += dt.timedelta(days=dice.randint(0, 3), minutes=dice.randint(0, 24 * 60))


class Walk:
    """One walk: it chooses one act of one post after the other, and counts what was done and what was refused."""

    def __init__(self, seed: int, house: House) -> None:
        self.dice = random.Random(seed)
        self.house = house
        self.town = house.towns[0]
        self.done: dict[str, int] = {}
        self.refused: dict[str, int] = {}

    def choose(self) -> Choice:
        """Draw a town, a case, an act and a post; return the act ready to be done, and how the case stands."""
        dice = self.dice
        self.town = town = dice.choice(self.house.towns)
        if dice.random() < 0.012:
            return "tick", tick_away, {}
        if not town.live or (len(town.live) < LIVE_CASES and dice.random() < 0.3):
            who = self._who((*PROPOSER_ROLES, *PROPOSER_ROLES, Role.REVIEWER))
            return "create", lambda: begin(self, who), {}
        situation = standing(dice.choice(town.live))
        ways = ways_on(situation) if dice.random() < 0.8 else []
        if ways:
            [((kind, pk), name)] = dice.choices([way for way, _n in ways], [weight for _way, weight in ways])
        else:
            kind, pk = dice.choice(list(situation))
            name = dice.choice(list(ACTS[kind]))
        roles, act = ACTS[kind][name]
        thing = MODELS[kind].objects.get(pk=pk)
        who = self._who(roles, thing)
        return name, lambda: act(self, who, thing), situation

    def _who(self, roles: tuple[str, ...], thing: Any = None) -> Post:
        """Mostly a post that should do it; now and then anyone, of another body or assembly too."""
        dice, chance = self.dice, self.dice.random()
        if chance < 0.04:
            return dice.choice(dice.choice(self.house.towns).people)
        if chance < 0.1:
            return dice.choice(self.town.people)
        role = dice.choice(roles)
        fitting = [one for one in self.town.people if one.role == role]
        own = getattr(thing, "bureau_id", None)
        if own and chance < 0.93:
            fitting = [one for one in fitting if one.bureau_id in (None, own)] or fitting
        if isinstance(thing, Proposal) and role in PROPOSER_ROLES and chance < 0.93:
            fitting = [one for one in self.town.people if policies.takes_part(one, thing)] or fitting
        return dice.choice(fitting or self.town.people)

    def day(self, back: int = 3) -> dt.date:
        """A day that is mostly possible."""
        return clock.today() - dt.timedelta(self.dice.choice([0, 0, 0, 0, 0, 0, 1, back, -2]))

    def words(self) -> str:
        """A reason that is mostly given."""
        return self.dice.choice(["职责不符，请改交。", "请再核实数据。", "情况已沟通。", "已会商一致。", " "])

    def pick(self, name: str) -> ListItem:
        """An item of one of the assembly's lists."""
        return self.dice.choice(self.town.lists[name])


STANDING = """
    SELECT 'proposal', p.id, p.state, CASE
        WHEN p.merged_into_id IS NOT NULL
        THEN (SELECT l.state FROM proposals_proposal l WHERE l.id = p.merged_into_id)
        WHEN EXISTS (SELECT 1 FROM proposals_cosigner c WHERE c.proposal_id = p.id AND c.state = 'invited')
        THEN 'invited' ELSE '' END FROM proposals_proposal p WHERE p.id = %s
    UNION ALL
    SELECT 'assignment', a.id, a.state, CASE
        WHEN EXISTS (SELECT 1 FROM replies_opinion o WHERE o.assignment_id = a.id) THEN 'begun'
        WHEN EXISTS (SELECT 1 FROM replies_reply r WHERE r.assignment_id = a.id AND r.round = a.round) THEN 'begun'
        ELSE a.part END FROM proposals_assignment a WHERE a.proposal_id = %s
    UNION ALL
    SELECT 'reply', id, state, CASE WHEN result_class_id IS NULL THEN '' ELSE 'written' END
        FROM replies_reply WHERE proposal_id = %s
    UNION ALL
    SELECT 'opinion', id, state, CASE WHEN body = '' THEN '' ELSE 'written' END
        FROM replies_opinion WHERE proposal_id = %s
    UNION ALL
    SELECT 'letter', l.id, '', '' FROM replies_issuedletter l
        JOIN replies_reply r ON r.id = l.reply_id WHERE r.proposal_id = %s
    ORDER BY 1, 2
"""


def standing(case: int) -> Situation:
    """Where a case, its parts and its papers stand: the state of each, and what else decides on the way on."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, [case] * 5)
        return {(kind, pk): (state, more) for kind, pk, state, more in cursor.fetchall()}


def ways_on(situation: Situation) -> list[tuple[tuple[tuple[str, int], str], float]]:
    """The acts that lead on from where the case, its parts and its papers stand, each with its weight."""
    ways = []
    [of_case] = [state for (kind, _pk), (state, _more) in situation.items() if kind == "proposal"]
    for (kind, pk), (state, more) in situation.items():
        stands = f"{state} {more}".strip()
        if kind == "letter":
            stands = _letter_stands(pk, of_case)
        elif kind == "proposal" and state == "answered" and _is_unsettled(pk):
            stands = "unsettled"
        likely = LIKELY.get((kind, stands)) or LIKELY.get((kind, state), {})
        ways += [(((kind, pk), name), weight) for name, weight in likely.items()]
    return ways


def _is_unsettled(case: int) -> bool:
    return Feedback.objects.filter(case=case, letter__reply__round=2, reopens=True).exists()


def _letter_stands(letter: int, of_case: str) -> str:
    if of_case == "answered" and LetterCopy.objects.filter(letter=letter, feedback=None).exists():
        sent = LetterCopy.objects.filter(letter=letter).exclude(delivery=None)
        return "to_ask" if sent.exists() else "to_deliver"
    if Feedback.objects.filter(letter=letter, state=Feedback.State.ASKED).exists():
        return "asked"
    return "done" if of_case == "closed" else "waiting"


def own_posts(town: Town, row: Any) -> list[Post]:
    """The posts of the body or the member that a copy or a questionnaire names."""
    return [
        one
        for one in town.people
        if (one.role == Role.FILER and row.committee_id and one.committee_id == row.committee_id)
        or (one.role == Role.MEMBER and row.member_id and one.user_id == row.member.user_id)
    ]


def begin(walk: Walk, who: Post) -> Proposal:
    """A new case: begun by who files it, or entered from paper."""
    acts = ACTS["proposal"]
    made = acts["create"][1](walk, who)
    walk.town.live.append(made.pk)
    if who.role == Role.REVIEWER:
        acts["attach"][1](walk, who, made)
    acts["write"][1](walk, who, made)
    return made


def tick_away() -> None:
    """What the clock does without anybody's click; nothing of it fails."""
    said: list[str] = []
    assert tick.run(said.append) == 0, said


# What leads on from where a thing stands, and how often it is drawn beside the others.
LIKELY: dict[tuple[str, str], dict[str, float]] = {
    ("proposal", "draft"): {"submit": 3, "invite": 1.5, "attach": 0.3, "detach": 0.3, "withdraw": 0.1},
    ("proposal", "cosigning"): {"submit": 2, "unsign": 0.5, "reword": 0.4},
    ("proposal", "cosigning invited"): {"cosign": 3, "submit": 0.5, "unsign": 0.5, "reword": 0.3},
    ("proposal", "submitted"): {
        **{"examine": 1.5, "file": 5, "give_back": 0.6, "recall": 0.3, "refuse": 0.5, "refer": 0.4}
    },
    ("proposal", "returned"): {"write": 1, "submit": 3},
    ("proposal", "filed"): {"assign": 2, "assign_one": 0.7, "merge": 3, "mark": 0.3, "withdraw": 0.1},
    ("proposal", "merged filed"): {"unmerge": 0.7},
    ("proposal", "assigned"): {"add": 0.3},
    ("proposal", "in_hand"): {"add": 0.2},
    ("proposal", "unsettled"): {"settle": 3},
    ("assignment", "new"): {"sign_in": 5, "decline": 1.5, "take_back": 0.4},
    ("assignment", "signed_in"): {
        "begin": 8,
        "decline": 0.3,
        "contact": 0.5,
        "hand_over": 0.8,
        "ask_time": 0.5,
    },
    ("assignment", "signed_in co"): {"begin_opinion": 4, "decline": 0.3, "ask_time": 0.3},
    ("assignment", "signed_in begun"): {
        **{"ask_time": 0.4, "decide_time": 0.4, "contact": 0.2, "no_contact": 0.1, "chase": 0.1}
    },
    ("assignment", "declining"): {"decide": 3, "keep": 0.6},
    ("assignment", "reopened"): {"begin": 8, "ask_time": 0.5, "chase": 0.2},
    ("assignment", "reopened begun"): {"ask_time": 0.2, "decide_time": 0.3, "chase": 0.1},
    ("reply", "drafting"): {"draft": 5, "send": 0.3},
    ("reply", "drafting written"): {"draft": 0.5, "send": 5},
    ("reply", "in_review"): {"check": 6, "check_back": 0.5, "recall_reply": 0.5},
    ("reply", "awaiting_signature"): {"sign": 6, "sign_back": 0.5, "pass_back": 0.5},
    ("reply", "signed"): {"issue": 6, "issue_back": 0.6},
    ("opinion", "drafting"): {"draft_opinion": 3, "send_opinion": 0.2},
    ("opinion", "drafting written"): {"draft_opinion": 0.4, "send_opinion": 3},
    ("opinion", "awaiting_signature"): {"sign_opinion": 3, "return_opinion": 0.7, "recall_opinion": 0.7},
    ("letter", "to_deliver"): {"deliver": 3, "ask": 1.5},
    ("letter", "to_ask"): {
        **{"ask": 4, "deliver": 0.5, "confirm": 0.5, "receipt": 0.5, "promise": 0.4, "no_promise": 0.6}
    },
    ("letter", "asked"): {
        **{"judge": 3, "judge_on_paper": 0.7, "judge_by_link": 0.7, "confirm": 1, "deliver": 1.2},
        **{"relink": 0.4, "receipt": 0.4, "promise": 0.1, "no_promise": 0.2},
    },
    ("letter", "waiting"): {"promise": 0.2, "note": 0.1},
    ("letter", "done"): {"promise": 1, "note": 1, "kept": 1.5, "follow_up": 1, "no_promise": 0.3},
}
