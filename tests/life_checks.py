"""What must hold in a house after any number of acts: told a second time, from the rows and the events alone."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_scopes import scopes_disabled

from office import notices
from office.calendar import Days
from office.models import Event
from office.workflow import Table
from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Post, Role
from outcomes import policies as outcome_policies
from outcomes.models import Commitment, Delivery, Feedback
from proposals import deadlines, policies
from proposals.models import ENDED, Assignment, Proposal
from proposals.workflow import PROPOSAL
from replies import opinion_policies
from replies import policies as reply_policies
from replies.models import Approval, IssuedLetter, LetterCopy, Opinion, Reply
from replies.opinion_workflow import OPINION
from replies.workflow import REPLY
from tests.life import Town


def without_gap(numbers: Any, what: Any) -> None:
    """A series begins with 1 and misses nothing."""
    assert sorted(numbers) == list(range(1, len(numbers) + 1)), (what, sorted(numbers))


def check_numbers(town: Town) -> None:
    """Every series of numbers is without gap."""
    cases = Proposal.objects.filter(assembly=town.assembly, number__isnull=False)
    without_gap(cases.values_list("number", flat=True), "proposals")
    for model in (IssuedLetter, Opinion):
        series: Counter[tuple[Any, ...]] = Counter()
        rows = model.objects.filter(assembly=town.assembly, number__isnull=False)
        found = list(rows.values_list("bureau", "word", "year", "number"))
        for *key, _number in found:
            series[tuple(key)] += 1
        for key in series:
            without_gap([row[3] for row in found if row[:3] == key], key)


def expected_state(case: Proposal) -> set[str]:
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


def check_cases(town: Town) -> None:
    """A case stands where its parts stand; a merged one has its lead."""
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


def _active(case: Proposal) -> list[Assignment]:
    return [part for part in case.assignments.all() if part.state not in ENDED]


def check_parts(town: Town) -> None:
    """A part has one open request at most, the dates that its rules give, and a letter for each round."""
    days = Days.of(town.assembly.pk)
    rows = Assignment.objects.filter(assembly=town.assembly).prefetch_related(
        "declines", "extensions", "replies"
    )
    for part in rows:
        waiting = [one for one in part.declines.all() if not one.decision]
        assert len(waiting) == (1 if part.state == "declining" else 0)
        assert len([one for one in part.extensions.all() if one.is_granted is None]) <= 1
        assert part.due_on >= part.counted_from >= timezone.localtime(part.assigned_at).date()
        assert part.due_on == deadlines.due_of(part, days).date, (part.pk, part.state)
        issued = [reply for reply in part.replies.all() if reply.state == "issued"]
        assert part.state != "replied" or len(issued) == part.round
        assert len(part.replies.all()) <= part.round


def check_approvals(town: Town) -> None:
    """Approvals count only for the newest version, and none while the clerk has the text."""
    valid = Approval.objects.filter(assembly=town.assembly, is_void=False).exclude(decision="returned")
    assert not valid.filter(version__reply__state__in=("drafting", "in_review")).exists()
    signed = set(valid.filter(decision="signed").values_list("version__reply", flat=True))
    wanted = Reply.objects.filter(assembly=town.assembly, state__in=("signed", "issued"))
    assert signed == set(wanted.values_list("pk", flat=True))
    for approval in valid.select_related("version__reply").prefetch_related("version__writers"):
        assert approval.version == approval.version.reply.newest
        assert approval.post.user_id not in {user.pk for user in approval.version.writers.all()}


def check_sight(town: Town, people: list[Post]) -> None:
    """None of these sees what is not theirs: told a second time, from the rows themselves."""
    for who in people:
        seen = list(
            policies.visible_to(who).prefetch_related("assignments", "merged__assignments", "cosigners")
        )
        assert all(case.assembly_id == town.assembly.pk for case in seen)
        for case in seen:
            _check_one(who, case)
        _check_papers(who, {case.pk for case in seen})
        _check_outcomes(who, {case.pk for case in seen})
        threads = {f"proposal:{case.pk}" for case in seen}
        assert {row.thread for row in notices.notices_of(who)} <= threads, who.role


def _check_papers(who: Post, cases: set[int]) -> None:
    """Drafts are for their bureau; an opinion is for who answers, and a copy for whom it names."""
    for reply in reply_policies.visible_to(who):
        assert who.bureau_id == reply.bureau_id, (who.role, reply.pk)
    for letter in reply_policies.letters_visible_to(who).select_related("reply"):
        assert letter.reply.proposal_id in cases, (who.role, letter.pk)
    for copy in reply_policies.copies_visible_to(who).filter(letter__assembly=who.assembly_id):
        assert who.role not in PROPOSER_ROLES or _is_named(who, copy), (who.role, copy.pk)
    for opinion in opinion_policies.visible_to(who).prefetch_related("proposal__assignments"):
        parts = opinion.proposal.assignments.all()
        leads = {p.bureau_id for p in parts if p.part != "co" and p.state not in ENDED}
        if opinion.bureau_id != who.bureau_id:
            assert opinion.state == "given", (who.role, opinion.pk)
            assert who.bureau_id in leads or who.role in (Role.REVIEWER, Role.DISPATCHER)


def _check_outcomes(who: Post, cases: set[int]) -> None:
    """A bureau knows of a judgement when it is in; a proposer knows the own alone."""
    for row in outcome_policies.feedback_visible_to(who).select_related("letter", "member"):
        assert row.case_id in cases, (who.role, row.pk)
        if who.role in PROPOSER_ROLES:
            assert _is_named(who, row), (who.role, row.pk)
        elif who.role in BUREAU_ROLES:
            assert (row.state, row.letter.bureau_id) == ("in", who.bureau_id), (who.role, row.pk)
    for promise in outcome_policies.commitments_visible_to(who):
        assert promise.case_id in cases, (who.role, promise.pk)
        assert who.role not in BUREAU_ROLES or promise.bureau_id == who.bureau_id, (who.role, promise.pk)


def _is_named(who: Post, row: Any) -> bool:
    if who.role == Role.FILER:
        return bool(row.committee_id == who.committee_id)
    return row.member is not None and row.member.user_id == who.user_id


def _check_one(who: Post, case: Proposal) -> None:
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


def _is_of(who: Post, case: Proposal) -> bool:
    own = case.committee_id and case.committee_id == who.committee_id
    own = own or (case.member and case.member.user_id == who.user_id)
    asked = case.cosigners.filter(state__in=policies.SIGNING)
    mine = Q(committee=who.committee) if who.role == Role.FILER else Q(member__user_id=who.user_id)
    return bool(own) or asked.filter(mine).exists()


def check_letters(town: Town) -> None:
    """Every proposer of a case that was answered has exactly one copy of each of its letters."""
    for letter in IssuedLetter.objects.filter(assembly=town.assembly).prefetch_related("copies"):
        to = [(copy.proposal_id, copy.committee_id, copy.member_id) for copy in letter.copies.all()]
        assert to
        assert len(to) == len(set(to))
    assert (
        not LetterCopy.objects.exclude(letter__assembly=town.assembly).filter(assembly=town.assembly).exists()
    )


def check_outcomes(town: Town) -> None:
    """Deliveries, judgements and promises have days that can be, and a settled case says how."""
    for row in Delivery.objects.filter(assembly=town.assembly).select_related("copy__letter"):
        assert row.copy.letter.dated <= row.delivered_on <= timezone.localtime(row.at).date()
        assert row.received_on is None or row.received_by
    rows = Feedback.objects.filter(assembly=town.assembly)
    for one in rows.select_related("copy", "entered_by"):
        assert (one.state == "asked") == (one.in_at is None), one.pk
        assert (one.state == "in") == bool(one.judgement), one.pk
        assert one.due_on >= timezone.localtime(one.asked_at).date()
        assert (one.committee_id, one.member_id) == (one.copy.committee_id, one.copy.member_id)
        assert (one.came == "paper") == bool(one.entered_by_id and one.scan), one.pk
    for promise in Commitment.objects.filter(assembly=town.assembly).select_related("letter"):
        assert promise.due_on >= promise.letter.dated
        assert promise.done_on is None or promise.done_on >= promise.letter.dated
    asked = set(rows.filter(state="asked", counts=True).values_list("case_id", flat=True))
    closed = Proposal.objects.filter(assembly=town.assembly, state="closed")
    assert not closed.filter(closed_at=None).exists()
    assert not closed.filter(was_judged=None).exists()
    assert not asked & set(closed.filter(round=1).values_list("pk", flat=True))


def check_history(town: Town) -> None:
    """The events of each case, paper and opinion, read in order, lead to where it stands."""
    for table, model in ((PROPOSAL, Proposal), (REPLY, Reply), (OPINION, Opinion)):
        told = _told(town, table)
        for row in model.objects.filter(assembly=town.assembly):
            state = next(iter(table.states.values))
            for name in told[f"{table.noun}:{row.pk}"]:
                assert state in table[name].source, (table.noun, row.pk, name, state)
                state = table[name].target
            assert state == row.state, (table.noun, row.pk, state, row.state)


def _told(town: Town, table: Table) -> dict[str, list[str]]:
    acts = {table.act_name(step.name): step.name for step in table}
    found: dict[str, list[str]] = defaultdict(list)
    rows = Event.objects.filter(assembly=town.assembly, act__in=acts).order_by("sequence")
    for subject, act in rows.values_list("subject", "act"):
        found[subject].append(acts[act])
    return found


CHECKS = (
    check_numbers,
    check_cases,
    check_parts,
    check_approvals,
    check_letters,
    check_outcomes,
    check_history,
)


def check_all(town: Town, people: list[Post]) -> None:
    """Everything that must hold now, and what these people see."""
    with scopes_disabled():
        for check in CHECKS:
            check(town)
        check_sight(town, people)
