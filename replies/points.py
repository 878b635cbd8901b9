"""Answering point by point (逐条答复): every suggestion has a verdict and the passage that says so.

Reads and checks; `services.reply_save` writes. What is planned becomes a promise once the letter is out (outcomes).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from gongwen.text import paragraphs
from office import clock
from proposals.models import Suggestion
from replies.models import PointAnswer, Reply

Verdict = PointAnswer.Verdict
NEEDS_REASON = (Verdict.PARTLY, Verdict.NOT_ADOPTED)
FIELDS = ("verdict", "reason", "due", "owner", "passage")
# As long as the columns are; what is longer is cut where it is typed.
LONGEST = {"due": 20, "owner": 60, "verdict": 12}
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y\u5e74%m\u6708%d\u65e5", "%Y.%m.%d")
# A paragraph that was reworded this little is still the one that was chosen.
STILL_THE_SAME = 0.55

# By the suggestion's key: the fields of FIELDS as they were typed.
Typed = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class Point:
    """One suggestion with its answer as it stands: `place` is the number of the paragraph that answers it."""

    n: int
    suggestion: Suggestion
    answer: PointAnswer
    place: int | None

    @property
    def name(self) -> str:
        """The prefix of its fields on a page."""
        return f"point-{self.suggestion.pk}"

    @property
    def is_lost(self) -> bool:
        """Whether a passage was chosen that stands in the text no more."""
        return bool(self.answer.passage) and self.place is None

    @property
    def faults(self) -> list[str]:
        return list(_faults(self))


def suggestions_of(reply: Reply) -> list[Suggestion]:
    """Return what the reply has to answer: the suggestions of its proposal, then of those merged into it."""
    case = reply.proposal_id
    rows = Suggestion.objects.filter(Q(proposal=case) | Q(proposal__merged_into=case)).select_related(
        "proposal"
    )
    return sorted(rows, key=lambda one: (one.proposal_id != case, one.proposal.number or 0, one.order))


def points_of(reply: Reply, typed: Typed | None = None) -> list[Point]:
    """Return every suggestion with its answer: as it is kept or, with `typed`, as it stands in the fields."""
    kept = {row.suggestion_id: row for row in PointAnswer.objects.filter(reply=reply)}
    lines = paragraphs(reply.body)
    found = []
    for n, suggestion in enumerate(suggestions_of(reply), 1):
        answer = kept.get(suggestion.pk) or PointAnswer(reply=reply, suggestion=suggestion)
        if typed is not None and suggestion.pk in typed:
            answer = PointAnswer(reply=reply, suggestion=suggestion, **typed[suggestion.pk])
        found.append(Point(n, suggestion, answer, place_of(answer.passage, lines)))
    return found


def page_of(reply: Reply, typed: Typed) -> dict[str, Any]:
    """Return what the fields of the drafting desk show, for replies/points_fields.html."""
    rows = points_of(reply, typed)
    return {"points": rows, "verdicts": Verdict.choices, "paragraphs": paragraphs(reply.body)}


def place_of(passage: str, lines: Sequence[str]) -> int | None:
    """Return the number, from 1, of the paragraph that a passage is now; None when it is gone."""
    if not passage:
        return None
    if passage in lines:
        return lines.index(passage) + 1
    likeness = [_likeness(passage, line) for line in lines]
    best = max(likeness, default=0.0)
    return likeness.index(best) + 1 if best >= STILL_THE_SAME else None


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= STILL_THE_SAME else 0.0


def typed_in(data: Mapping[str, str], reply: Reply) -> Typed:
    """Return the answers that a page sent, by suggestion; nothing for a suggestion whose fields did not arrive."""
    found = {}
    for suggestion in suggestions_of(reply):
        prefix = f"point-{suggestion.pk}-"
        if f"{prefix}verdict" not in data:
            continue
        values = {name: data.get(prefix + name, "").replace("\r\n", "\n").strip() for name in FIELDS}
        values = {name: value[: LONGEST.get(name, 5000)] for name, value in values.items()}
        if values["verdict"] not in Verdict.values:
            values["verdict"] = ""
        found[suggestion.pk] = values
    return found


def changed(reply: Reply, answers: Typed) -> list[PointAnswer]:
    """Return the answers that differ from what is kept, to be written."""
    kept = {row.suggestion_id: row for row in PointAnswer.objects.filter(reply=reply)}
    found = []
    for suggestion in suggestions_of(reply) if answers else ():
        values = answers.get(suggestion.pk)
        before = kept.get(suggestion.pk)
        if values is not None and {name: getattr(before, name, "") for name in FIELDS} != values:
            row = PointAnswer(assembly_id=reply.assembly_id, reply=reply, suggestion=suggestion, **values)
            found.append(row)
    return found


def from_first_reply(reply: Reply) -> list[PointAnswer]:
    """Return the answers of the reply before, with which a second one begins; none of a first one."""
    rows = PointAnswer.objects.filter(
        reply__assignment=reply.assignment_id, reply__round=reply.round - 1
    ).select_related("suggestion")
    # A letter that was put right has two replies: the later one counts.
    before = {row.suggestion_id: row for row in rows.order_by("reply")}.values()
    return [
        PointAnswer(
            assembly_id=reply.assembly_id,
            reply=reply,
            suggestion=row.suggestion,
            **{name: getattr(row, name) for name in FIELDS},
        )
        for row in before
    ]


def day_of(typed: str) -> dt.date | None:
    """Return the day that was typed; None for what is no whole date."""
    for pattern in DATE_FORMATS:
        try:
            return dt.datetime.strptime(typed.strip(), pattern).date()
        except ValueError:
            continue
    return None


def faults_of(reply: Reply) -> Iterator[tuple[Point, str]]:
    """Return what is lacking before the reply can go up, suggestion by suggestion."""
    for point in points_of(reply):
        for fault in point.faults:
            yield point, fault


def _faults(point: Point) -> Iterator[str]:
    answer, n = point.answer, {"n": point.n}
    if not answer.verdict:
        yield _("Suggestion %(n)d has no verdict: say whether it is adopted.") % n
        return
    if answer.verdict in NEEDS_REASON and not answer.reason:
        yield _("Suggestion %(n)d is not adopted, or only in part: give the reason.") % n
    if answer.verdict == Verdict.PLANNED:
        day = day_of(answer.due)
        if day is None or not answer.owner:
            yield _("Suggestion %(n)d is planned: say by when, as a whole date, and who sees to it.") % n
        elif day < clock.today():
            yield _("Suggestion %(n)d is planned for a day that is over: give a later one.") % n
    if not answer.passage:
        yield _("Suggestion %(n)d has no passage: choose the paragraph that answers it.") % n
    elif point.is_lost:
        yield _("The paragraph that answered suggestion %(n)d is gone from the text: choose another one.") % n


def frozen(reply: Reply) -> list[dict[str, Any]]:
    """Return the answers as a version keeps them (small JSON values): nothing where none was given."""
    given = [point for point in points_of(reply) if point.answer.verdict]
    return [
        {
            "n": point.n,
            "proposal": point.suggestion.proposal.number,
            "suggestion": point.suggestion.text,
            "verdict": point.answer.verdict,
            "reason": point.answer.reason if point.answer.verdict in NEEDS_REASON else "",
            "due": _iso(point.answer.due) if point.answer.verdict == Verdict.PLANNED else "",
            "owner": point.answer.owner if point.answer.verdict == Verdict.PLANNED else "",
            "passage": point.answer.passage,
            "place": point.place,
        }
        for point in given
    ]


def _iso(typed: str) -> str:
    day = day_of(typed)
    return day.isoformat() if day else ""


def table_of(reply: Reply) -> list[dict[str, Any]]:
    """Return the answers for a page: those of the newest version, of a draft as they stand, each with its words."""
    newest = reply.newest
    rows = newest.points if newest and reply.state != "drafting" else frozen(reply)
    return [row | {"label": Verdict(row["verdict"]).label, "day": day_of(row["due"])} for row in rows]


def adoption(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the rate of adoption in percent, whole and partly adopted and planned ones counted, and each count."""
    counts = [
        {"verdict": value, "label": label, "n": sum(row["verdict"] == value for row in rows)}
        for value, label in Verdict.choices
    ]
    taken = sum(row["verdict"] != Verdict.NOT_ADOPTED for row in rows)
    return {"total": len(rows), "percent": round(100 * taken / len(rows)) if rows else None, "counts": counts}
