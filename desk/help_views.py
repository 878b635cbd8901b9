"""Help: the tables of states, drawn from the very tables that the program obeys."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk.states_picture import Arrow, picture
from office.workflow import Step, Table
from organizations.models import Role
from organizations.posts import OfficeRequest
from proposals.workflow import ASSIGNMENT, PROPOSAL
from replies.opinion_workflow import OPINION
from replies.workflow import REPLY

TABLES = (PROPOSAL, ASSIGNMENT, REPLY, OPINION)


@dataclass(frozen=True)
class Way:
    """One step from one state, in words."""

    who: str
    what: str
    to: str


@dataclass(frozen=True)
class StateRow:
    """One state with all ways that lead on from it."""

    label: str
    ways: list[Way]


@dataclass(frozen=True)
class Chapter:
    """One table: its heading, its picture, its rows."""

    slug: str
    title: str
    picture: SafeString
    rows: list[StateRow]


@require_safe
def states(request: OfficeRequest) -> HttpResponse:
    """Show for each state who may do what, and where it leads."""
    return render(request, "desk/help_states.html", {"chapters": [chapter_of(table) for table in TABLES]})


def chapter_of(table: Table) -> Chapter:
    """Return what the page says of one table."""
    places = {state: place for place, state in enumerate(table.states.values)}
    ways = {(places[source], places[step.target]) for step in table for source in step.source}
    title = _titles()[table.noun]
    drawing = picture(
        [str(label) for label in table.states.labels],
        [Arrow(start, end) for start, end in sorted(ways)],
        _("%(title)s: the states and the ways between them; the table below says the same in words")
        % {"title": title},
    )
    rows = [
        StateRow(str(table.states(state).label), [way_of(table, step) for step in table.steps_from(state)])
        for state in table.states.values
    ]
    return Chapter(table.noun, title, drawing, rows)


def way_of(table: Table, step: Step) -> Way:
    """Return one step in words; a step of nobody follows from another act."""
    who = _("; ").join(str(Role(role).label) for role in step.by) or _("follows by itself")
    what = str(step.label) or _follows()[table.act_name(step.name)]
    return Way(who, what, str(table.states(step.target).label))


def _titles() -> dict[str, str]:
    return {
        "proposal": _("A proposal"),
        "assignment": _("A bureau's part in a proposal"),
        "reply": _("A reply"),
        "opinion": _("The opinion of a co-handling bureau"),
    }


def _follows() -> dict[str, Any]:
    """What brings about the steps that nobody takes by themselves."""
    return {
        "proposal.begin": _("Every bureau has signed it in"),
        "proposal.unassign": _("The last assignment was taken back"),
        "proposal.answer": _("Every letter that the proposers are owed has been issued"),
        "proposal.reopen": _("A proposer's judgement asks for a second reply"),
        "proposal.close": _("The proposers have judged, or their time is over"),
        "assignment.reply": _("The letter of the bureau was issued"),
        "assignment.give": _("The opinion of the bureau was signed"),
        "assignment.reopen": _("A proposer's judgement asks for a second reply"),
    }
