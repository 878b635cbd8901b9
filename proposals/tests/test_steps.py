"""The exact steps that each role is offered in each state. A state or a role without a line fails."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from office import clock
from office.workflow import Refused
from organizations.models import Dispatcher, Role
from proposals import policies, services
from proposals.models import Assignment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState
from tests.factories import World, bureau, committee, item, post

NOBODY: dict[str, list[str]] = {}
WRITING = ["submit", "invite", "withdraw"]
DECIDING = ["file", "examine", "return", "refer", "refuse"]
# Who may take which step in which state, in the order of the buttons. The own proposer is a filer or a member.
PROPOSAL_STEPS = {
    "draft": {"filer": WRITING, "member": WRITING},
    "cosigning": {who: ["submit", "invite", "reword", "withdraw"] for who in ("filer", "member")},
    "submitted": {
        "filer": ["recall", "withdraw"],
        "member": ["recall", "withdraw"],
        "reviewer": DECIDING,
    },
    "returned": {"filer": WRITING, "member": WRITING},
    "filed": {
        "filer": ["withdraw"],
        "member": ["withdraw"],
        "reviewer": ["merge"],
        "dispatcher": ["assign"],
    },
    "not_filed": NOBODY,
    "referred": NOBODY,
    "merged": {"reviewer": ["unmerge"]},
    "withdrawn": NOBODY,
    "assigned": NOBODY,
    "in_hand": NOBODY,
    "answered": {"reviewer": ["settle"]},
    "reopened": NOBODY,
    "closed": NOBODY,
}
ASSIGNMENT_STEPS = {
    "new": {"clerk": ["sign_in", "decline"], "dispatcher": ["recall"]},
    "signed_in": {"clerk": ["decline"]},
    "declining": {"clerk": ["keep"], "dispatcher": ["reassign", "join", "insist"]},
    "replied": NOBODY,
    "given": NOBODY,
    "reopened": NOBODY,
    "reassigned": NOBODY,
    "recalled": NOBODY,
}
ROLES = set(Role.values)


def offered(table, post, obj):
    return [step.name for step in table.steps_from(obj.state) if policies.may(post, step.name, obj)]


@pytest.fixture
def world(db):
    return World()


def test_every_state_and_role_has_a_line():
    assert set(PROPOSAL_STEPS) == set(ProposalState.values)
    assert set(ASSIGNMENT_STEPS) == set(AssignmentState.values)
    assert {
        "filer",
        "member",
        "reviewer",
        "dispatcher",
        "clerk",
        "checker",
        "leader",
        "sealkeeper",
        "sysadmin",
        "secadmin",
        "auditor",
    } == ROLES


def case_of(world, role, state):
    """A case of the world's committee, or of its member where the member is asked about."""
    owner = {"member": world.member} if role == "member" else {"committee": world.committee}
    return Proposal(assembly=world.assembly, state=state, **owner)


def part_of(world, state):
    asked = Assignment(assembly=world.assembly, bureau=world.bureau, state=state)
    asked.pk = 0
    return asked


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("state", PROPOSAL_STEPS)
def test_steps_of_a_proposal(world, state: str, role: str):
    with world.scope():
        found = offered(PROPOSAL, world.posts[role], case_of(world, role, state))
    assert found == PROPOSAL_STEPS[state].get(role, [])


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("state", ASSIGNMENT_STEPS)
def test_steps_of_an_assignment(world, state: str, role: str):
    with world.scope():
        found = offered(ASSIGNMENT, world.posts[role], part_of(world, state))
    assert found == ASSIGNMENT_STEPS[state].get(role, [])


def test_without_a_dispatching_office_the_reviewer_gives_the_assignments(world):
    with world.scope():
        Dispatcher.objects.update(is_active=False)
        reviewer = world.reviewer
        assert offered(PROPOSAL, reviewer, case_of(world, "reviewer", "filed")) == ["assign", "merge"]
        assert offered(ASSIGNMENT, reviewer, part_of(world, "new")) == ["recall"]
        decide = ["reassign", "join", "insist"]
        assert offered(ASSIGNMENT, reviewer, part_of(world, "declining")) == decide


@pytest.mark.parametrize("state", PROPOSAL_STEPS)
def test_nobody_elsewhere_is_offered_a_step(world, state: str):
    elsewhere = World()
    for role in ROLES:
        with elsewhere.scope():
            assert offered(PROPOSAL, elsewhere.posts[role], case_of(world, role, state)) == [], role


def test_another_body_another_member_and_another_bureau_are_offered_nothing(world):
    with world.scope():
        filer = post(world.assembly, "filer", committee=committee(world.assembly))
        member, clerk = (
            post(world.assembly, "member"),
            post(world.assembly, "clerk", bureau=bureau(world.assembly)),
        )
        assert offered(PROPOSAL, filer, case_of(world, "filer", "draft")) == []
        assert offered(PROPOSAL, member, case_of(world, "member", "draft")) == []
        assert offered(ASSIGNMENT, clerk, part_of(world, "new")) == []


# ---- every act tried in every state, by everyone


def attempts(world, case, assignment):
    """How each act is tried through its service, with values that would be right somewhere."""
    reason = item(world.assembly, "refusal", "repeated")
    to = item(world.assembly, "referral", "advice")
    other = bureau(world.assembly)
    pk = {"proposal_id": case.pk}
    own = {"assignment_id": assignment.pk} if assignment else {}
    acts = {
        "submit": (services.proposal_submit, pk),
        "invite": (services.proposal_invite, pk | {"members": [world.cosigner]}),
        "reword": (services.proposal_reword, pk),
        "file": (services.proposal_file, pk),
        "examine": (services.proposal_examine, pk | {"verdict": "file"}),
        "return": (services.proposal_return, pk | {"note": "请改。"}),
        "refer": (services.proposal_refer, pk | {"to": to}),
        "refuse": (services.proposal_refuse, pk | {"reason": reason}),
        "assign": (services.proposal_assign, pk | {"sole": world.bureau}),
        "merge": (services.proposal_merge, pk | {"lead": world.other_case}),
        "unmerge": (services.proposal_unmerge, pk),
        "recall": (services.proposal_recall, pk),
        "withdraw": (services.proposal_withdraw, pk | {"note": "不再需要。"}),
        "settle": (services.proposal_settle, pk | {"day": clock.today(), "note": "已面谈。"}),
    }
    parts = {
        "sign_in": (services.assignment_sign_in, own),
        "decline": (services.assignment_decline, own | {"reason": "不属本局职责。"}),
        "keep": (services.assignment_keep, own),
        "reassign": (services.decline_decide, own | {"decision": "reassign", "bureau": other}),
        "join": (services.decline_decide, own | {"decision": "join", "bureau": other}),
        "insist": (services.decline_decide, own | {"decision": "insist", "note": "仍由你局办理。"}),
        "recall": (services.assignment_recall, own),
    }
    return acts, (parts if assignment else {})


def done(act, values, wearer):
    """Whether the act went through; what it did is undone."""
    try:
        with transaction.atomic():
            act(post=wearer, **values)
            transaction.set_rollback(True)
    except (PermissionDenied, Refused, Http404):
        return False
    return True


# Acts that the table allows but that this very case gives no ground for.
NO_GROUND = {("answered", "settle"), ("merged", "unmerge")}


@pytest.mark.slow
@pytest.mark.parametrize("state", [s for s in PROPOSAL_STEPS if s not in ("reopened", "closed")])
def test_each_act_is_tried_by_everyone_in_each_state(world, state: str):
    case, assignment = stage(world, state)
    with world.scope():
        acts, parts = attempts(world, case, assignment)
        for role, wearer in world.posts.items():
            went = {name for name, (act, values) in acts.items() if done(act, values, wearer)}
            may = set(PROPOSAL_STEPS[state].get(role, [])) if role != "member" else set()
            assert went == may - {name for at, name in NO_GROUND if at == state}, role
            went = {name for name, (act, values) in parts.items() if done(act, values, wearer)}
            own = set(ASSIGNMENT_STEPS[assignment.state].get(role, [])) if assignment else set()
            assert went == own, role


def stage(world, state):
    """A case of the world's committee in this state, and its assignment where it has one."""
    world.cosigner = post(world.assembly, "member")
    world.other_case = world.filed(title="另一件已立案的提案")
    with world.scope():
        if state in ("assigned", "in_hand", "answered"):
            make = {"assigned": world.assigned, "in_hand": world.signed_in, "answered": world.issued}[state]
            made = make()
            assignment = made if isinstance(made, Assignment) else made.assignment
            return world.fresh(assignment.proposal), world.fresh(assignment)
        if state in ("draft", "submitted", "filed"):
            return getattr(world, state)(), None
        case = (
            world.filed()
            if state == "merged"
            else world.submitted()
            if state != "cosigning"
            else world.draft()
        )
        pk = {"proposal_id": case.pk}
        match state:
            case "cosigning":
                services.proposal_invite(**pk, post=world.filer, members=[post(world.assembly, "member")])
            case "returned":
                services.proposal_return(**pk, post=world.reviewer, note="请改。")
            case "not_filed":
                reason = item(world.assembly, "refusal", "repeated")
                services.proposal_refuse(**pk, post=world.reviewer, reason=reason)
            case "referred":
                services.proposal_refer(
                    **pk, post=world.reviewer, to=item(world.assembly, "referral", "advice")
                )
            case "merged":
                lead = world.filed(title="主提案")
                services.proposal_merge(**pk, post=world.reviewer, lead=lead)
                services.proposal_assign(proposal_id=lead.pk, post=world.dispatcher, sole=world.bureau)
            case "withdrawn":
                services.proposal_withdraw(**pk, post=world.filer, note="不再需要。")
        return world.fresh(case), None
