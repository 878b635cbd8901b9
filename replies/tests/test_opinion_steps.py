"""The exact acts that each role has in each state of an opinion, each tried by everyone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from office.models import Event
from organizations.models import BUREAU_ROLES, Role
from proposals.tests.test_steps import outsiders, went_through
from replies import opinion_policies as policies
from replies import opinion_services as services
from replies.models import Opinion
from replies.opinion_workflow import OPINION, OpinionState
from tests.factories import World, post
from tests.rows import refusal_of

Attempts = dict[str, tuple[Callable[..., Any], dict[str, Any]]]
# Only the people of the bureau that gives the opinion have any.
ALLOWED: dict[str, dict[str, list[str]]] = {
    "drafting": {Role.CLERK: ["edit", "send"]},
    "awaiting_signature": {Role.CLERK: ["recall"], Role.LEADER: ["give", "return"]},
    "given": {},
}


def attempts(opinion: Opinion) -> Attempts:
    """How each act is tried through its service, with values that would be right in some state."""
    pk = {"opinion_id": opinion.pk}
    return {
        "edit": (services.opinion_save, pk | {"body": f"{opinion.body}\n补充一句。"}),
        "send": (services.opinion_send, pk),
        "give": (services.opinion_sign, pk),
        "return": (services.opinion_return, pk | {"note": "请补数据。"}),
        "recall": (services.opinion_recall, pk),
    }


def lead_bureau(opinion: Opinion) -> list[Any]:
    """People of the bureau that leads the case."""
    with scopes_disabled():
        lead = opinion.proposal.assignments.get(part="lead").bureau
        return [post(opinion.assembly, str(role), bureau=lead) for role in BUREAU_ROLES]


def test_every_state_and_every_act_has_its_line(world: World):
    assert set(ALLOWED) == set(OpinionState.values)
    assert set(attempts(world.opinion("drafting"))) == {"edit", *(step.name for step in OPINION)}


@pytest.mark.parametrize("state", OpinionState.values)
def test_exactly_these_acts_are_allowed(world: World, state: str):
    opinion = world.opinion(state)
    assert opinion.state == state
    others = lead_bureau(opinion)
    with world.scope():
        found = {role: allowed(wearer, opinion) for role, wearer in world.posts.items()}
        assert all(allowed(wearer, opinion) == [] for wearer in others)
    assert found == {role: ALLOWED[state].get(role, []) for role in world.posts}


def allowed(wearer: Any, opinion: Opinion) -> list[str]:
    """The acts that the policy gives a post, in the table's order."""
    names = ["edit"] if policies.may(wearer, "edit", opinion) else []
    names += [
        step.name for step in OPINION.steps_from(opinion.state) if policies.may(wearer, step.name, opinion)
    ]
    return names if policies.visible_to(wearer).filter(pk=opinion.pk).exists() else []


@pytest.mark.slow
@pytest.mark.parametrize("state", OpinionState.values)
def test_each_act_is_tried_by_everyone_in_each_state(world: World, state: str):
    opinion = world.opinion(state)
    acts = attempts(opinion)
    with world.scope():
        went = {role: went_through(acts, wearer) for role, wearer in world.posts.items()}
    assert went == {role: set(ALLOWED[state].get(role, [])) for role in world.posts}
    others = [*lead_bureau(opinion), *outsiders(world)]
    with scopes_disabled():
        for wearer in others:
            assert went_through(acts, wearer) == set(), wearer


@pytest.mark.parametrize("state", OpinionState.values)
def test_each_allowed_act_leads_where_the_table_says_and_is_told(world: World, state: str):
    opinion = world.opinion(state)
    acts = attempts(opinion)
    with world.scope():
        for role, names in ALLOWED[state].items():
            for name in (name for name in names if name != "edit"):
                act, values = acts[name]
                told = Event.objects.filter(act=OPINION.act_name(name), post=world.posts[role])
                before = told.count()
                with transaction.atomic():
                    assert refusal_of(lambda a=act, v=values, r=role: a(post=world.posts[r], **v)) is None
                    assert world.fresh(opinion).state == OPINION[name].target, name
                    assert told.count() == before + 1, name
                    transaction.set_rollback(True)
