"""Tables of steps: mistakes in a table show at the start, and a state changes through a step only."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models
from django_fsm import TransitionNotAllowed

from office.workflow import Refused, Step, Table


class Light(models.TextChoices):
    RED = "red", "red"
    GREEN = "green", "green"


def step(name: str = "go", source: tuple[str, ...] = ("red",), target: str = "green", **facts) -> Step:
    return Step(name, source, target, by=("driver",), label="Go", sentence="went", **facts)


def test_a_table_of_known_states_is_accepted():
    table = Table("light", Light, [step(), step("stop", ("green",), "red")])
    assert [found.name for found in table] == ["go", "stop"]
    assert [found.name for found in table.steps_from("red")] == ["go"]
    assert table.act_name("go") == "light.go"


@pytest.mark.parametrize(
    "wrong", [step(source=("amber",)), step(source=("red", "amber")), step(target="amber")]
)
def test_a_table_with_an_unknown_state_is_refused(wrong: Step):
    with pytest.raises(ValueError, match="unknown states"):
        Table("light", Light, [wrong, step("stop", ("green",), "red")])


def test_a_state_that_no_step_reaches_is_refused():
    with pytest.raises(ValueError, match="never reached"):
        Table("light", Light, [step("wait", ("red",), "red")])


@pytest.mark.parametrize("name", ["proposals.Proposal", "proposals.Assignment", "replies.Reply"])
def test_a_protected_state_cannot_be_assigned(name: str):
    row = apps.get_model(name)()
    with pytest.raises(AttributeError):
        row.state = "draft"


def test_a_step_from_another_state_is_refused_in_words():
    def go() -> None:
        raise TransitionNotAllowed

    table = Table("light", Light, [step(), step("stop", ("green",), "red")])
    with pytest.raises(Refused, match="green"):
        table.perform(SimpleNamespace(state="green", step_go=go), "go")


def test_a_guard_says_why_a_step_cannot_be_taken():
    def refuse(_obj: object) -> None:
        raise Refused("not at night")

    table = Table("light", Light, [step(guard=refuse), step("stop", ("green",), "red")])
    with pytest.raises(Refused, match="not at night"):
        table.perform(SimpleNamespace(state="red"), "go")
