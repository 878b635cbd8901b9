"""Each act of a reply tried by everyone in each state, and who may begin one: a refused act changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from office import clock
from office.models import Event
from organizations.models import Role
from proposals.tests.test_steps import outsiders, part_stage, went_through
from proposals.workflow import AssignmentState
from replies import opinion_services, services
from replies.models import Reply
from replies.tests.test_rights import ALLOWED, in_state
from replies.workflow import REPLY, ReplyState
from tests.factories import World, item
from tests.rows import refusal_of

Attempts = dict[str, tuple[Callable[..., Any], dict[str, Any]]]
RETURNS = ("check_return", "sign_return", "issue_return")


def attempts(world: World, reply: Reply) -> Attempts:
    """How each act is tried through its service, with values that would be right in some state."""
    pk = {"reply_id": reply.pk}
    text = {"body": f"{reply.body}\n补充一句。", "result_class": item(world.assembly, "result_class", "A")}
    text |= {"disclosure": item(world.assembly, "disclosure", "open")}
    acts: Attempts = {
        "edit": (services.reply_save, pk | text),
        "send": (services.reply_send, pk),
        "pass": (services.reply_pass, pk),
        "sign": (services.reply_sign, pk),
        "issue": (services.reply_issue, pk | {"dated": clock.today()}),
        "recall": (services.reply_recall, pk),
        "pass_recall": (services.reply_pass_recall, pk),
    }
    return acts | {step: (services.reply_return, pk | {"step": step, "note": "请改。"}) for step in RETURNS}


def test_the_attempts_are_all_acts_of_the_table(world: World):
    assert set(attempts(world, world.drafting())) == {"edit", *(step.name for step in REPLY)}


@pytest.mark.slow
@pytest.mark.parametrize("state", ReplyState.values)
def test_each_act_is_tried_by_everyone_in_each_state(world: World, state: str):
    reply = in_state(world, state)
    acts = attempts(world, reply)
    with world.scope():
        went = {role: went_through(acts, wearer) for role, wearer in world.posts.items()}
    assert went == {role: set(names) for role, names in ALLOWED[state].items()}
    with scopes_disabled():
        for wearer in outsiders(world):
            assert went_through(acts, wearer) == set(), wearer


@pytest.mark.parametrize("state", ReplyState.values)
def test_each_allowed_act_leads_where_the_table_says_and_is_told(world: World, state: str):
    reply = in_state(world, state)
    acts = attempts(world, reply)
    with world.scope():
        for role, names in ALLOWED[state].items():
            for name in (name for name in names if name != "edit"):
                act, values = acts[name]
                told = Event.objects.filter(act=REPLY.act_name(name), post=world.posts[role])
                before = told.count()
                with transaction.atomic():
                    assert refusal_of(lambda a=act, v=values, r=role: a(post=world.posts[r], **v)) is None
                    assert world.fresh(reply).state == REPLY[name].target, name
                    assert told.count() == before + 1, name
                    transaction.set_rollback(True)


# In which state of its part a bureau begins what: the answer, or the opinion where it handles a case with others.
BEGINS = {AssignmentState.SIGNED_IN: "reply", AssignmentState.REOPENED: "reply"}


@pytest.mark.parametrize("state", AssignmentState.values)
def test_only_a_clerk_begins_and_only_what_is_owed(world: World, state: str):
    part = part_stage(world, state)
    pk = {"assignment_id": part.pk}
    acts: Attempts = {
        "reply": (services.reply_create, pk),
        "opinion": (opinion_services.opinion_create, pk),
    }
    with world.scope():
        for role, wearer in world.posts.items():
            owed = {BEGINS[AssignmentState(state)]} if state in BEGINS and role == Role.CLERK else set()
            assert went_through(acts, wearer) == owed, role
    with scopes_disabled():
        for wearer in outsiders(world):
            assert went_through(acts, wearer) == set(), wearer


@pytest.mark.parametrize("state", ["drafting", "signed", "issued"])
def test_what_was_begun_is_not_begun_again(world: World, state: str):
    part = in_state(world, state).assignment
    acts: Attempts = {"reply": (services.reply_create, {"assignment_id": part.pk})}
    with world.scope():
        assert went_through(acts, world.clerk) == set()
