"""The exact steps that each role is offered in each state. A state or a role without a line fails."""

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from office import clock
from office.models import Event
from organizations.models import Dispatcher, Role
from proposals import policies, services
from proposals.models import Assignment, Proposal
from proposals.workflow import ASSIGNMENT, PROPOSAL, AssignmentState, ProposalState
from tests.factories import World, bureau, committee, item, post
from tests.rows import refusal_of, runs

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


def attempts(world, case):
    """How each act of a proposal is tried through its service, with values that would be right somewhere."""
    reason = item(world.assembly, "refusal", "repeated")
    to = item(world.assembly, "referral", "advice")
    pk = {"proposal_id": case.pk}
    return {
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


def part_attempts(world, part):
    """The same for the acts of an assignment."""
    other, own = bureau(world.assembly), {"assignment_id": part.pk}
    return {
        "sign_in": (services.assignment_sign_in, own),
        "decline": (services.assignment_decline, own | {"reason": "不属本局职责。"}),
        "keep": (services.assignment_keep, own),
        "reassign": (services.decline_decide, own | {"decision": "reassign", "bureau": other}),
        "join": (services.decline_decide, own | {"decision": "join", "bureau": other}),
        "insist": (services.decline_decide, own | {"decision": "insist", "note": "仍由你局办理。"}),
        "recall": (services.assignment_recall, own),
    }


def went_through(acts, wearer):
    """The acts that ran for this post; each was undone, and each that was refused left no row changed."""
    return {name for name, (act, values) in acts.items() if runs(lambda a=act, v=values: a(post=wearer, **v))}


def outsiders(world):
    """Another bureau's people, another body's filer, another member, and everyone of another assembly."""
    other, elsewhere = bureau(world.assembly), World()
    roles = (Role.CLERK, Role.CHECKER, Role.LEADER, Role.SEALKEEPER)
    found = [post(world.assembly, str(role), bureau=other) for role in roles]
    found += [post(world.assembly, "filer", committee=committee(world.assembly))]
    return [*found, post(world.assembly, "member"), *elsewhere.posts.values()]


def test_the_attempts_are_all_acts_that_anyone_may_take(world):
    case, part = world.draft(), world.assigned()
    world.cosigner, world.other_case = post(world.assembly, "member"), case
    assert set(attempts(world, case)) == {step.name for step in PROPOSAL if step.by}
    assert set(part_attempts(world, part)) == {step.name for step in ASSIGNMENT if step.by}


@pytest.mark.slow
@pytest.mark.parametrize("owner", ["filer", "member"])
@pytest.mark.parametrize("state", PROPOSAL_STEPS)
def test_each_act_is_tried_by_everyone_in_each_state(world, state: str, owner: str):
    if owner == "member":  # the one files what the other did, and the other way round
        world.posts["filer"], world.posts["member"] = world.member, world.filer
    case = stage(world, state)
    assert case.state == state
    acts = attempts(world, case)
    with world.scope():
        for role, wearer in world.posts.items():
            may = [] if role == "member" else PROPOSAL_STEPS[state].get(role, [])
            assert went_through(acts, wearer) == set(may), role
    with scopes_disabled():
        for wearer in outsiders(world):
            assert went_through(acts, wearer) == set(), wearer


@pytest.mark.slow
@pytest.mark.parametrize("state", ASSIGNMENT_STEPS)
def test_each_act_of_a_bureaus_part_is_tried_by_everyone_in_each_state(world, state: str):
    part = part_stage(world, state)
    assert part.state == state
    acts = part_attempts(world, part)
    with world.scope():
        for role, wearer in world.posts.items():
            assert went_through(acts, wearer) == set(ASSIGNMENT_STEPS[state].get(role, [])), role
    with scopes_disabled():
        for wearer in outsiders(world):
            assert went_through(acts, wearer) == set(), wearer


@pytest.mark.parametrize("state", PROPOSAL_STEPS)
def test_each_allowed_act_leads_where_the_table_says_and_is_told(world, state: str):
    case = stage(world, state)
    acts = attempts(world, case)
    with world.scope():
        for role, names in PROPOSAL_STEPS[state].items():
            for name in names if role != "member" else []:
                assert taken(PROPOSAL, case, world.posts[role], name, acts) == PROPOSAL[name].target, name


@pytest.mark.parametrize("state", ASSIGNMENT_STEPS)
def test_each_allowed_act_of_a_part_leads_where_the_table_says_and_is_told(world, state: str):
    part = part_stage(world, state)
    acts = part_attempts(world, part)
    with world.scope():
        for role, names in ASSIGNMENT_STEPS[state].items():
            for name in names:
                found = taken(ASSIGNMENT, part, world.posts[role], name, acts)
                assert found == ASSIGNMENT[name].target, name


def taken(table, row, wearer, name, acts):
    """The state to which an act led, once it was told in the history; it is undone."""
    act, values = acts[name]
    told = Event.objects.filter(act=table.act_name(name), post=wearer)
    before = told.count()
    with transaction.atomic():
        assert refusal_of(lambda: act(post=wearer, **values)) is None, name
        state = type(row).objects.get(pk=row.pk).state
        assert told.count() == before + 1, name
        transaction.set_rollback(True)
    return state


def test_the_first_answer_leaves_nothing_to_settle_and_an_assigned_lead_no_way_back(world):
    """What the table allows and the case gives no ground for."""
    world.cosigner, world.other_case = post(world.assembly, "member"), world.filed()
    answered = world.fresh(world.issued().proposal)
    again = world.fresh(world.answered(world.reopened()).proposal)  # the second reply has not been judged
    assert answered.state == again.state == "answered"
    merged = stage(world, "merged")
    with world.scope():
        services.proposal_assign(
            proposal_id=merged.merged_into_id, post=world.dispatcher, sole=bureau(world.assembly)
        )
        for case in (answered, again, merged):
            acts = attempts(world, case)
            for role, wearer in world.posts.items():
                assert went_through(acts, wearer) == set(), (case.state, role)


def stage(world, state):
    """A case of the world's first proposer in this state, with ground for each act that the table allows."""
    world.cosigner = post(world.assembly, "member")
    world.other_case = world.filed(title="另一件已立案的提案")
    with world.scope():
        match state:
            case "draft" | "submitted" | "filed":
                return getattr(world, state)()
            case "assigned":
                return world.fresh(world.assigned().proposal)
            case "in_hand":
                return world.fresh(world.signed_in().proposal)
            case "answered":
                return world.answered_twice()
            case "reopened":
                return world.fresh(world.reopened().proposal)
        made = {"cosigning": world.draft, "merged": world.filed, "closed": world.answered_twice}
        case = made.get(state, world.submitted)()
        brought_on(world, case, state)
        return world.fresh(case)


def brought_on(world, case, state):
    """The one act that leads to this state."""
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
            services.proposal_refer(**pk, post=world.reviewer, to=item(world.assembly, "referral", "advice"))
        case "merged":
            services.proposal_merge(**pk, post=world.reviewer, lead=world.filed(title="主提案"))
        case "withdrawn":
            services.proposal_withdraw(**pk, post=world.filer, note="不再需要。")
        case "closed":
            services.proposal_settle(**pk, post=world.reviewer, day=clock.today(), note="已面谈。")


def part_stage(world, state):
    """The part of the world's bureau in this state."""
    with world.scope():
        match state:
            case "signed_in":
                return world.signed_in()
            case "replied":
                return world.fresh(world.issued().assignment)
            case "reopened":
                return world.reopened()
            case "given":
                return world.fresh(world.opinion().assignment)
        part = world.assigned()
        pk = {"assignment_id": part.pk}
        if state in ("declining", "reassigned"):
            services.assignment_decline(**pk, post=world.clerk, reason="不属本局职责。")
        if state == "reassigned":
            other = bureau(world.assembly)
            services.decline_decide(**pk, post=world.dispatcher, decision="reassign", bureau=other)
        if state == "recalled":
            services.assignment_recall(**pk, post=world.dispatcher)
        return world.fresh(part)
