"""Ten thousand acts, allowed and not, of all roles in three assemblies: what must hold holds after each."""

import json
import os
from collections import Counter, deque

import pytest
from django.db import connection
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from office import clock, events
from office.models import Event, Reminder
from outcomes.services import EVENT_SENTENCES as OUTCOMES
from proposals.models import Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL
from replies.models import IssuedLetter, LetterCopy
from replies.opinion_workflow import OPINION
from replies.workflow import REPLY
from tests import life_acts
from tests.life import House, Walk, standing
from tests.life_checks import check_all
from tests.rows import refusal_of

STEPS = int(os.environ.get("LIFE_STEPS", "500"))
WALKS = 20  # times STEPS: ten thousand acts
OVER = ("closed", "withdrawn", "not_filed", "referred")


def told():
    """How far the histories have come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sequence FROM office_eventchain ORDER BY id")
        return cursor.fetchall()


def try_one(walk):
    """Do one act: what is refused leaves no row behind (`refusal_of`), and no state changes without an event."""
    walk.house.pass_time(walk.dice)
    with clock.at(walk.house.now), scopes_disabled():
        name, do, stood = walk.choose()
        heard = told()
        refusal = refusal_of(do)
        if refusal:
            walk.refused[name] = walk.refused.get(name, 0) + 1
            return f"{name}: {refusal!r}"
        walk.done[name] = walk.done.get(name, 0) + 1
        case = next((pk for kind, pk in stood if kind == "proposal"), None)
        now = standing(case) if case else {}
        changed = [key for key, (state, _more) in now.items() if stood.get(key, ("", ""))[0] != state]
        assert not changed or told() != heard, f"{name}: {changed} without an event"
        if case and is_over(*now["proposal", case]) and walk.dice.random() < 0.3:
            walk.town.live.remove(case)
        return name


def is_over(state, lead):
    """Whether nothing more happens in a case itself: it has ended, or another one is answered for it."""
    return state in OVER or (state == "merged" and lead != "filed")


@pytest.fixture
def house(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return House()


@pytest.mark.slow
def test_ten_thousand_acts_leave_the_house_in_order(house):
    """One life of three assemblies, told in twenty walks with drawn seeds."""
    done, refused, broken, seen = Counter(), Counter(), [], []

    @seed(20_260_309)
    @settings(
        max_examples=WALKS,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def live(start):
        if broken:  # asked again after a fault: the house is not what it was
            raise broken[0]
        walk, trail = Walk(start, house), deque(maxlen=25)
        try:
            for number in range(1, STEPS + 1):
                trail.append(try_one(walk))
                if number % 250 == 0:
                    check_all(walk.town, walk.town.people[len(seen) % 5 :: 5])
            seen.append(start)
            if len(seen) % 5 == 0:
                for town in house.towns:
                    check_all(town, town.people)
        except Exception as fault:
            fault.add_note("\n".join(trail))
            broken.append(fault)
            raise
        done.update(walk.done)
        refused.update(walk.refused)

    live()
    with scopes_disabled():
        for town in house.towns:
            assert events.first_fault(town.assembly.pk) is None
        found = happened()
    print(json.dumps({"done": done, "refused": refused, "happened": found, "until": house.now.isoformat()}))
    assert sum(done.values()) + sum(refused.values()) == WALKS * STEPS
    assert STEPS < 500 or set(life_acts.NAMES) - set(done) == set()
    thin = {name: found[name] for name in WANTED if found[name] < WANTED[name] * WALKS * STEPS / 10_000}
    assert not thin, f"the life of the house has become shallow: {thin}"


def happened():
    """How often each thing happened, by the events and by the rows that it left."""
    found = Counter(Event.objects.values_list("act", flat=True))
    cases, letters = Proposal.objects, IssuedLetter.objects
    closed = cases.filter(state="closed")
    found.update(
        {
            "second letters": letters.filter(reply__round=2).count(),
            "letters of a merged case": letters.filter(reply__proposal__merged__isnull=False)
            .distinct()
            .count(),
            "letters to members": LetterCopy.objects.filter(member__isnull=False).count(),
            "closed as judged": closed.filter(was_judged=True, round=1).count(),
            "closed after a second letter": closed.filter(round=2).count(),
            "closed without judgement": closed.filter(was_judged=False).count(),
            "answered by several bureaus": closed.filter(assignments__part="split").distinct().count(),
            "reminders": Reminder.objects.count(),
        }
    )
    return found


# The steps of a bureau's part that are told as the act from which they follow.
FOLLOWS = {"reply": "reply.issue", "give": "opinion.give", "reopen": "proposal.reopen"}
STEPS_OF_TABLES = {
    FOLLOWS.get(step.name, table.act_name(step.name)) if table is ASSIGNMENT else table.act_name(step.name)
    for table in (PROPOSAL, ASSIGNMENT, REPLY, OPINION)
    for step in table
}
OTHERS = {
    *("attachment.add", "attachment.remove", "contact.add", "contact.none", "chase.send", "assignment.add"),
    *("cosigner.accept", "cosigner.decline", "cosigner.withdraw", "cosigner.lapse", "assignment.hand_over"),
    *("extension.ask", "extension.grant", "extension.refuse", "proposal.mark", "proposal.enter"),
}
# How often each must have happened in ten thousand acts.
WANTED = dict.fromkeys(STEPS_OF_TABLES | OTHERS | set(OUTCOMES), 2) | {
    "reply.issue": 80,
    "second letters": 20,
    "letters of a merged case": 3,
    "letters to members": 40,
    "closed as judged": 20,
    "closed after a second letter": 10,
    "closed without judgement": 2,
    "answered by several bureaus": 5,
    "proposal.settle": 6,
    "reminders": 500,
}
