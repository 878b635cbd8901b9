"""The exact steps that each role is offered in each state. A state or a role without a line fails."""

import pytest

from organizations.models import Post, Role
from proposals import policies
from proposals.models import Assignment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState

NOBODY: dict[str, list[str]] = {}
PROPOSAL_STEPS = {
    "draft": {"filer": ["submit", "withdraw"]},
    "submitted": {"filer": ["recall", "withdraw"], "reviewer": ["file", "return", "refuse"]},
    "returned": {"filer": ["submit", "withdraw"]},
    "filed": {"filer": ["withdraw"], "dispatcher": ["assign"]},
    "not_filed": NOBODY,
    "withdrawn": NOBODY,
    "assigned": NOBODY,
    "in_hand": NOBODY,
    "answered": NOBODY,
}
ASSIGNMENT_STEPS = {
    "new": {"clerk": ["sign_in"], "dispatcher": ["recall"]},
    "signed_in": NOBODY,
    "replied": NOBODY,
    "recalled": NOBODY,
}
ROLES = {
    "filer",
    "reviewer",
    "dispatcher",
    "clerk",
    "checker",
    "leader",
    "sealkeeper",
    "sysadmin",
    "secadmin",
    "auditor",
}


def offered(table, post, obj):
    return [step.name for step in table.steps_from(obj.state) if policies.may(post, step.name, obj)]


def post_as(role):
    return Post(assembly_id=1, role=role, committee_id=2, bureau_id=3, dispatcher_id=4)


def test_every_state_and_role_has_a_line():
    assert set(PROPOSAL_STEPS) == set(ProposalState.values)
    assert set(ASSIGNMENT_STEPS) == set(AssignmentState.values)
    assert set(Role.values) == ROLES


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("state", PROPOSAL_STEPS)
def test_steps_of_a_proposal(state: str, role: str):
    proposal = Proposal(assembly_id=1, committee_id=2, state=state)
    assert offered(PROPOSAL, post_as(role), proposal) == PROPOSAL_STEPS[state].get(role, [])


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("state", ASSIGNMENT_STEPS)
def test_steps_of_an_assignment(state: str, role: str):
    assignment = Assignment(assembly_id=1, bureau_id=3, state=state)
    assert offered(ASSIGNMENT, post_as(role), assignment) == ASSIGNMENT_STEPS[state].get(role, [])


@pytest.mark.parametrize("state", PROPOSAL_STEPS)
def test_nobody_elsewhere_is_offered_a_step(state: str):
    proposal = Proposal(assembly_id=1, committee_id=2, state=state)
    for role in ROLES:
        elsewhere = Post(assembly_id=9, role=role, committee_id=8, bureau_id=7)
        assert offered(PROPOSAL, elsewhere, proposal) == []


def test_another_committee_and_another_bureau_are_offered_nothing():
    filer = Post(assembly_id=1, role="filer", committee_id=5)
    clerk = Post(assembly_id=1, role="clerk", bureau_id=6)
    assert offered(PROPOSAL, filer, Proposal(assembly_id=1, committee_id=2, state="draft")) == []
    assert offered(ASSIGNMENT, clerk, Assignment(assembly_id=1, bureau_id=3, state="new")) == []
