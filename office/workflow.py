"""Tables of steps: from, to, who, guard, sentence. Each business app keeps its own table in workflow.py.

The state field is protected (django-fsm-2): a state changes through a step of its table and in no other way.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_fsm import FSMModelMixin, TransitionNotAllowed, transition

from office.events import SENTENCES

Text = str | Promise


class Refused(Exception):
    """An act that the rules of the house refuse; its text says what to do, in the language of the page."""

    def __init__(self, *sentences: str | Promise) -> None:
        super().__init__(reduce(_after_each_other, map(str, sentences)))


def _after_each_other(first: str, second: str) -> str:
    """English parts two sentences by a blank, Chinese does not."""
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": second}


@dataclass(frozen=True)
class Step:
    """One row of a table.

    `by` are the roles that may take the step; none means that it follows from another act. `page` says that
    the step asks for something (a reason, a date) on a page of its own. `guard` raises Refused with the
    reason why the step cannot be taken on this object now. `kind` draws the button: main, quiet or danger.
    """

    name: str
    source: tuple[str, ...]
    target: str
    by: tuple[str, ...]
    label: Text
    sentence: Text
    guard: Callable[[Any], None] | None = None
    page: bool = False
    kind: str = "main"
    confirm: Text = ""
    is_return: bool = False


class Table:
    """The steps of one state field, in the order in which buttons are shown."""

    def __init__(self, noun: str, states: type[models.TextChoices], steps: Iterable[Step]) -> None:
        self.noun = noun
        self.states = states
        self.steps = {step.name: step for step in steps}
        self._validate()

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps.values())

    def __getitem__(self, name: str) -> Step:
        return self.steps[name]

    def _validate(self) -> None:
        known = set(self.states.values)
        for step in self:
            unknown = {*step.source, step.target} - known
            if unknown:
                raise ValueError(f"{self.noun}.{step.name}: unknown states {sorted(unknown)}")
        reached = {step.target for step in self} | {next(iter(self.states.values))}
        if known - reached:
            raise ValueError(f"{self.noun}: states never reached: {sorted(known - reached)}")

    def act_name(self, name: str) -> str:
        """Return how the event log names a step: "reply.sign"."""
        return f"{self.noun}.{name}"

    def register_sentences(self) -> None:
        """Let the history read this table's events."""
        SENTENCES.update({self.act_name(step.name): step.sentence for step in self})

    def steps_from(self, state: str) -> list[Step]:
        """Return the steps that lead on from a state, in the table's order."""
        return [step for step in self if state in step.source]

    def perform(self, obj: Any, name: str) -> Step:
        """Take a step on a locked object: check state and guard, set the state (the caller saves it)."""
        step = self[name]
        if obj.state in step.source and step.guard:
            step.guard(obj)
        try:
            getattr(obj, f"step_{name}")()
        except TransitionNotAllowed:
            stands = self.states(obj.state).label
            raise Refused(
                _("This cannot be done now: it stands at “%(state)s”.") % {"state": stands}
            ) from None
        return step

    def methods(self) -> type:
        """Return an abstract model with one protected transition per step, for the owner of the state field."""
        body: dict[str, Any] = {"__module__": __name__, "Meta": type("Meta", (), {"abstract": True})}
        for step in self:
            body[f"step_{step.name}"] = _transition_of(step)
        return type(f"{self.noun.title()}Steps", (FSMModelMixin, models.Model), body)


def _transition_of(step: Step) -> Callable[[Any], None]:
    def take(self: Any) -> None:
        """The step itself has no side effect: services do what goes with it."""

    take.__name__ = f"step_{step.name}"
    return transition(field="state", source=list(step.source), target=step.target)(take)
