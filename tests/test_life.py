"""Ten thousand acts, allowed and not, of all roles in three assemblies: what must hold holds after each."""

import json
import os
from collections import Counter

import pytest
from django.db.models import Q
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from office import events
from office.models import EventChain, NumberSeries
from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Role
from outcomes.models import Commitment, Delivery, Feedback
from proposals import policies
from proposals.models import (
    ENDED,
    Assignment,
    Chase,
    Contact,
    Cosigner,
    Decline,
    Extension,
    Proposal,
    ReviewOpinion,
)
from replies import policies as reply_policies
from replies.models import Approval, IssuedLetter, LetterCopy, Opinion, Reply, ReplyVersion
from tests.life import REFUSALS, Town, Walk

STEPS = int(os.environ.get("LIFE_STEPS", "500"))
WALKS = 20  # times STEPS: ten thousand acts
OF_THE_CASE = (
    (Assignment, "proposal"),
    (Cosigner, "proposal"),
    (ReviewOpinion, "proposal"),
    (Decline, "assignment__proposal"),
    (Extension, "assignment__proposal"),
    (Contact, "assignment__proposal"),
    (Chase, "assignment__proposal"),
    (Reply, "proposal"),
    (ReplyVersion, "reply__proposal"),
    (Approval, "version__reply__proposal"),
    (Opinion, "proposal"),
    (IssuedLetter, "reply__proposal"),
    (Delivery, "copy__letter__reply__proposal"),
    (Feedback, "case"),
    (Commitment, "case"),
)


def digest(case):
    """All rows of a case, and what else an act could leave behind."""
    with scopes_disabled():
        rows = {
            "events": list(EventChain.objects.order_by("pk").values_list("pk", "sequence")),
            "series": list(NumberSeries.objects.values_list("key", "next")),
        }
        if case:
            rows["case"] = list(Proposal.objects.filter(pk=case.pk).values_list())
            for model, path in OF_THE_CASE:
                rows[model.__name__] = list(
                    model.objects.filter(**{path: case.pk}).order_by("pk").values_list()
                )
        return rows


def states(case):
    """The state of everything that has one in a case."""
    with scopes_disabled():
        if not case:
            return {}
        found = {("proposal", case.pk): Proposal.objects.values_list("state", flat=True).get(pk=case.pk)}
        for model in (Assignment, Reply, Opinion):
            for pk, state in model.objects.filter(proposal=case.pk).values_list("pk", "state"):
                found[model._meta.model_name, pk] = state
        return found


def try_one(walk, *, exact):
    """Do one act: what is refused leaves nothing behind, and no state changes without an event.

    An exact look compares every row of the case; the other looks compare events, series and states.
    """
    with scopes_disabled():
        name, do, case = walk.choose()
    before, stood = digest(case if exact else None), states(case)
    refusal = ""
    try:
        with scopes_disabled():
            do()
    except REFUSALS as refused:
        refusal = f"{name} was refused ({refused!r}) but left something behind"
    now = states(case)
    if refusal:
        walk.refused[name] = walk.refused.get(name, 0) + 1
        same = now == stood and digest(case if exact else None) == before
        assert same, refusal
        return
    walk.done[name] = walk.done.get(name, 0) + 1
    changed = [key for key, state in now.items() if stood.get(key, "") != state]
    if changed:
        with scopes_disabled():
            assert digest(None)["events"] != before["events"], f"{name}: {changed} without an event"
    if case and now["proposal", case.pk] in ("closed", "withdrawn", "not_filed", "referred"):
        walk.town.live = [pk for pk in walk.town.live if pk != case.pk or walk.dice.random() < 0.3]


def without_gap(numbers, what):
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), (what, sorted(numbers))


def check_numbers(town):
    cases = Proposal.objects.filter(assembly=town.assembly, number__isnull=False)
    without_gap(cases.values_list("number", flat=True), "proposals")
    for model in (IssuedLetter, Opinion):
        series = Counter()
        rows = model.objects.filter(assembly=town.assembly, number__isnull=False)
        found = list(rows.values_list("bureau", "word", "year", "number"))
        for *key, _number in found:
            series[tuple(key)] += 1
        for key in series:
            without_gap([row[3] for row in found if row[:3] == key], key)


def expected_state(case):
    """Where an assigned case stands, read off its parts: a second telling of the rule."""
    parts = [(part.part, part.state) for part in case.assignments.all() if part.state not in ENDED]
    answering = [state for part, state in parts if part != "co"]
    if not parts:
        return {"filed"}
    assert answering, f"{case.pk}: co-handlers without one who answers"
    if all(state == "replied" for state in answering):
        return {"answered", "closed"}
    if "reopened" in answering:
        return {"reopened"}
    if all(state not in ("new", "declining") for _part, state in parts):
        return {"in_hand"}
    return {"assigned", "in_hand"}


def check_cases(town):
    rows = Proposal.objects.filter(assembly=town.assembly).prefetch_related("assignments", "merged")
    for case in rows:
        if case.assignments.all():
            assert case.state in expected_state(case) | (
                {"withdrawn", "merged"} if not _active(case) else set()
            ), (case.pk, case.state, [(p.part, p.state) for p in case.assignments.all()])
        else:
            assert case.state not in ("assigned", "in_hand", "answered", "reopened", "closed")
        leads = [p for p in _active(case) if p.part == "lead"]
        assert len(leads) <= 1
        assert bool(case.merged_into_id) == (case.state == "merged")
        assert not (case.state == "merged" and case.merged.all())


def _active(case):
    return [part for part in case.assignments.all() if part.state not in ENDED]


def check_parts(town):
    rows = Assignment.objects.filter(assembly=town.assembly).prefetch_related(
        "declines", "extensions", "replies"
    )
    for part in rows:
        waiting = [one for one in part.declines.all() if not one.decision]
        assert len(waiting) == (1 if part.state == "declining" else 0)
        assert len([one for one in part.extensions.all() if one.is_granted is None]) <= 1
        assert part.due_on >= part.assigned_at.date()
        issued = [reply for reply in part.replies.all() if reply.state == "issued"]
        assert part.state != "replied" or len(issued) == part.round
        assert len(part.replies.all()) <= part.round


def check_approvals(town):
    """Approvals count only for the newest version, and none while the clerk has the text."""
    valid = Approval.objects.filter(assembly=town.assembly, is_void=False).exclude(decision="returned")
    assert not valid.filter(version__reply__state__in=("drafting", "in_review")).exists()
    signed = set(valid.filter(decision="signed").values_list("version__reply", flat=True))
    wanted = Reply.objects.filter(assembly=town.assembly, state__in=("signed", "issued"))
    assert signed == set(wanted.values_list("pk", flat=True))
    for approval in valid.select_related("version__reply").prefetch_related("version__writers"):
        assert approval.version == approval.version.reply.newest
        assert approval.post.user_id not in {user.pk for user in approval.version.writers.all()}


def check_sight(town):
    """Nobody sees what is not theirs: told a second time, from the rows themselves."""
    for who in town.people:
        seen = list(
            policies.visible_to(who).prefetch_related("assignments", "merged__assignments", "cosigners")
        )
        assert all(case.assembly_id == town.assembly.pk for case in seen)
        for case in seen:
            _check_one(who, case)
        for reply in reply_policies.visible_to(who).select_related("proposal"):
            assert reply.assembly_id == town.assembly.pk
            assert reply.state == "issued" or who.bureau_id == reply.bureau_id, (who.role, reply.pk)


def _check_one(who, case):
    if who.role in BUREAU_ROLES:
        parts = list(case.assignments.all())
        parts += list(Assignment.objects.filter(proposal=case.merged_into_id)) if case.merged_into_id else []
        assert who.bureau_id in {part.bureau_id for part in parts}, (who.role, case.pk)
    elif who.role in PROPOSER_ROLES:
        assert any(_is_of(who, one) for one in [case, *case.merged.all()]), (who.role, case.pk)
    elif who.role == Role.REVIEWER:
        assert case.submitted_at or case.entered_by_id, case.state
    else:
        assert who.role == Role.DISPATCHER
        assert case.number, case.state


def _is_of(who, case):
    own = case.committee_id and case.committee_id == who.committee_id
    own = own or (case.member and case.member.user_id == who.user_id)
    asked = case.cosigners.filter(state__in=policies.SIGNING)
    mine = Q(committee=who.committee) if who.role == Role.FILER else Q(member__user_id=who.user_id)
    return bool(own) or asked.filter(mine).exists()


def check_letters(town):
    """Every proposer of a case that was answered has exactly one copy of each of its letters."""
    for letter in IssuedLetter.objects.filter(assembly=town.assembly).prefetch_related("copies"):
        to = [(copy.proposal_id, copy.committee_id, copy.member_id) for copy in letter.copies.all()]
        assert to
        assert len(to) == len(set(to))
    assert (
        not LetterCopy.objects.exclude(letter__assembly=town.assembly).filter(assembly=town.assembly).exists()
    )


CHECKS = (check_numbers, check_cases, check_parts, check_approvals, check_letters)


def check_all(towns, *, sight=False):
    with scopes_disabled():
        for town in towns:
            for check in CHECKS:
                check(town)
            if sight:
                check_sight(town)


@pytest.fixture
def towns(db):
    return [Town(), Town(), Town(needs_first_review=True)]


@pytest.mark.slow
def test_ten_thousand_acts_leave_the_house_in_order(towns):
    """One life of three assemblies, told in twenty walks with drawn seeds."""
    done, refused = Counter(), Counter()

    @settings(
        max_examples=WALKS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32))
    def live(seed):
        walk = Walk(seed, towns)
        for number in range(1, STEPS + 1):
            try_one(walk, exact=number % 8 == 0)
            if number % 100 == 0:
                check_all(towns if number % 500 == 0 else [walk.town], sight=number % 500 == 0)
        done.update(walk.done)
        refused.update(walk.refused)

    live()
    with scopes_disabled():
        for town in towns:
            assert events.first_fault(town.assembly.pk) is None
    print(json.dumps({"done": done, "refused": refused}))
    for wanted in (
        "file",
        "merge",
        "unmerge",
        "issue",
        "judge",
        "sign_opinion",
        "decide",
        "cosign",
    ):
        assert done[wanted], f"no walk reached {wanted}: {dict(done)}"
    assert sum(done.values()) + sum(refused.values()) == WALKS * STEPS
