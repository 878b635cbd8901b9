"""Two people in one draft, the questions: what a page began from, and what three texts make together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from organizations.models import ListItem
from proposals.models import Suggestion
from replies import points, together_merge
from replies.changes import differences
from replies.models import DraftSave, PointAnswer, Reply
from replies.together_merge import MINE, THEIRS, Chunk
from replies.version_diff import Change
from replies.version_keeping import saves_of

NAMES = {"result_class": _("Result class"), "disclosure": _("Disclosure of the reply")}


def base_of(reply: Reply, version_seen: int) -> DraftSave:
    """Return the state that a page with this version showed.

    Where it is not on record it is an earlier one: more is then asked about than need be, and nothing is lost.
    """
    rows = saves_of(reply).order_by("-number")
    noted = rows.filter(version__gt=0, version__lte=version_seen).first()
    return noted or rows.reverse()[0]


def aside_or_404(reply: Reply, name: str) -> DraftSave:
    """Return what was set aside under this name in addresses ("s7"), or Http404."""
    number = name[1:]
    if name[:1] != "s" or not (number.isascii() and number.isdecimal() and len(number) < 8):
        raise Http404
    related = ("from_save", "post__user", "result_class", "disclosure")
    rows = reply.saves.filter(kind=DraftSave.Kind.ASIDE, number=int(number)).select_related(*related)
    found: DraftSave | None = rows.first()
    if found is None:
        raise Http404
    return found


def began_from(aside: DraftSave) -> DraftSave:
    """Return the state from which the page began whose text was set aside."""
    if aside.from_save is None:
        raise Http404
    return aside.from_save


@dataclass(frozen=True)
class AnswerRow:
    """One suggestion's answer in three states; `values` is how it stands in the fields of the page."""

    suggestion: Suggestion
    n: int
    theirs: dict[str, str]
    mine: dict[str, str]
    values: dict[str, str]
    is_conflict: bool

    @property
    def theirs_label(self) -> str:
        """The verdict that is kept, in words."""
        verdict = self.theirs["verdict"]
        return str(points.Verdict(verdict).label) if verdict else ""


def answers_of(reply: Reply, typed: points.Typed, base: Mapping[str, Any] | None) -> list[AnswerRow]:
    """Return each suggestion whose fields were typed, with what is kept and what stands in the fields."""
    kept = {row.suggestion_id: row for row in PointAnswer.objects.filter(reply=reply)}
    rows = []
    for n, suggestion in enumerate(points.suggestions_of(reply), 1):
        if suggestion.pk not in typed:
            continue
        theirs = {name: getattr(kept.get(suggestion.pk), name, "") for name in points.FIELDS}
        mine = dict(typed[suggestion.pk])
        began = None if base is None else base.get(str(suggestion.pk), dict.fromkeys(points.FIELDS, ""))
        rows.append(AnswerRow(suggestion, n, theirs, mine, *_of_two(began, theirs, mine)))
    return rows


def _of_two(
    began: dict[str, str] | None, theirs: dict[str, str], mine: dict[str, str]
) -> tuple[dict[str, str], bool]:
    """What stands of two answers, and whether both sides changed it."""
    if theirs == mine or mine == began or not any(mine.values()):
        return theirs, False
    if theirs == began or not any(theirs.values()):
        return mine, False
    return mine, True


@dataclass(frozen=True)
class Side:
    """A run of lines that one side alone changed, as a page marks it."""

    kind: str
    changes: list[Change]


@dataclass(frozen=True)
class Conflict:
    """A place that both changed: each side's text, marked against what both began from, and what is chosen."""

    n: int
    base_text: str
    theirs: list[Change]
    mine: list[Change]
    theirs_text: str
    mine_text: str
    chosen: str


@dataclass(frozen=True)
class Together:
    """What the page shows of three texts."""

    chunks: list[Chunk]
    sides: list[Side] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    facts: list[tuple[str, str, str]] = field(default_factory=list)  # name, kept now, typed
    fields: dict[str, Any] = field(default_factory=dict)  # for DraftForm
    answers: list[AnswerRow] = field(default_factory=list)  # those that both changed

    @property
    def text(self) -> str:
        """The text made one, nothing of either side missing."""
        return together_merge.text_of(self.chunks)

    @property
    def theirs(self) -> list[Side]:
        return [side for side in self.sides if side.kind == THEIRS]

    @property
    def mine(self) -> list[Side]:
        return [side for side in self.sides if side.kind == MINE]


def together_of(reply: Reply, aside: DraftSave, choices: Mapping[int, str]) -> Together:
    """Return what was set aside brought together with the draft as it is kept now."""
    base = began_from(aside)
    chunks = together_merge.merge(base.body, reply.body, aside.body)
    kept = aside.answers or {}
    typed = {int(key): values for key, values in kept.get("typed", {}).items()}
    rows = answers_of(reply, typed, kept.get("base"))
    fields, facts = _facts(base, reply, aside)
    fields["answers"] = {row.suggestion.pk: row.values for row in rows}
    return Together(
        chunks=chunks,
        sides=[_side(chunk) for chunk in chunks if chunk.kind in (MINE, THEIRS)],
        conflicts=[_conflict(chunk, choices) for chunk in together_merge.conflicts(chunks)],
        facts=facts,
        fields=fields,
        answers=[row for row in rows if row.is_conflict],
    )


def _facts(
    base: DraftSave, reply: Reply, aside: DraftSave
) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """Class and disclosure as they stand in the fields, and those that both sides changed."""
    fields: dict[str, Any] = {}
    both = []
    for name, label in NAMES.items():
        began, theirs, mine = (getattr(row, name) for row in (base, reply, aside))
        fields[name] = getattr(theirs if mine == began else mine, "pk", None)
        if mine not in (began, theirs) and theirs != began:
            both.append((str(label), _label(theirs), _label(mine)))
    return fields, both


def _label(item: ListItem | None) -> str:
    return str(item.label) if item else "–"


def _side(chunk: Chunk) -> Side:
    other = chunk.mine if chunk.kind == MINE else chunk.theirs
    return Side(chunk.kind, differences("\n".join(chunk.base), "\n".join(other)))


def _conflict(chunk: Chunk, choices: Mapping[int, str]) -> Conflict:
    base, theirs, mine = ("\n".join(lines) for lines in (chunk.base, chunk.theirs, chunk.mine))
    chosen = choices.get(chunk.n, chunk.default)
    in_theirs, in_mine = (differences(base or text, text) for text in (theirs, mine))
    return Conflict(chunk.n, base, in_theirs, in_mine, theirs, mine, chosen)


def savers_since(reply: Reply, base: DraftSave, user_id: int) -> list[str]:
    """Return the names of those who saved since a state; this person's own only where there is nobody else."""
    rows = saves_of(reply).filter(number__gte=base.number, at__gte=base.at).exclude(pk=base.pk)
    names = {row.post.user_id: row.post.user.name for row in rows.select_related("post__user")}
    others = [name for user, name in names.items() if user != user_id]
    return others or list(names.values())


def last_saver(reply: Reply) -> int | None:
    """Return the key of the person who saved the draft last."""
    found: int | None = saves_of(reply).order_by("-number").values_list("post__user_id", flat=True).first()
    return found
