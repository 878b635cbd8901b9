"""Questions about opinions of co-handling bureaus: what waits for a post, what a page and a form show. Reads only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from office import calendar, clock
from office.acts import new_key
from office.calendar import Days, Lamp
from office.pages import offers
from organizations.models import Post, Role
from proposals import policies as proposal_policies
from proposals.models import Assignment, Proposal
from proposals.papers_answer import opinion_context
from proposals.selectors import DeskRow, day_of, lamp_of
from proposals.workflow import AssignmentState
from replies import chain
from replies import opinion_policies as policies
from replies.models import Opinion
from replies.opinion_workflow import OPINION, OpinionState

S = OpinionState
WORK: dict[str, tuple[str, str | Promise, str]] = {
    Role.CLERK: (S.DRAFTING, gettext_lazy("Go on with the opinion"), "replies:opinion_draft"),
    Role.LEADER: (S.AWAITING_SIGNATURE, gettext_lazy("Read and sign the opinion"), "replies:opinion"),
}
STANDS: dict[str, str | Promise] = {
    S.DRAFTING: gettext_lazy("The opinion is being drafted"),
    S.AWAITING_SIGNATURE: gettext_lazy("The opinion awaits signature"),
}
OWN_WORDS = gettext_lazy("You wrote in this opinion, so somebody else has to sign it.")
RELATED = (
    "proposal__committee",
    "proposal__member__user",
    "assignment",
    "clerk__user",
    "returned_by__user",
    "returned_by__bureau",
)


# ---- the desk


def to_do(post: Post, days: Days) -> list[DeskRow]:
    """Return what of opinions waits for this post. At most two queries."""
    rows = [_work_row(opinion, post, days) for opinion in _mine(post).select_related(*RELATED)]
    return rows + [_start_row(assignment, days) for assignment in to_start(post)]


def waiting_for_others(post: Post, days: Days) -> list[DeskRow]:
    """Return the bureau's opinions that others move on. At most one query."""
    if post.role not in WORK:
        return []
    others = policies.of_own_bureau(post).exclude(state=S.GIVEN).exclude(pk__in=_mine(post).values("pk"))
    return [_waiting_row(opinion, post, days) for opinion in others.select_related(*RELATED)]


def to_do_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `to_do` shows, to be counted."""
    return [_mine(post), to_start(post)]


def _mine(post: Post) -> QuerySet[Opinion]:
    """Opinions that this post can move on; what one wrote oneself waits for somebody else's signature."""
    if post.role not in WORK:
        return Opinion.objects.none()
    rows = policies.of_own_bureau(post).filter(state=WORK[post.role][0])
    if post.role == Role.LEADER:
        wrote = Opinion.writers.through.objects.filter(opinion=OuterRef("pk"), user=post.user_id)
        rows = rows.exclude(Exists(wrote))
    return rows


def to_start(post: Post) -> QuerySet[Assignment]:
    """Return the co-handling assignments whose opinion is owed and not begun, for a clerk of the bureau."""
    if post.role != Role.CLERK:
        return Assignment.objects.none()
    rows = proposal_policies.assignments_visible_to(post).filter(part=Assignment.Part.CO)
    rows = rows.filter(state=AssignmentState.SIGNED_IN, opinion=None)
    return rows.select_related("proposal__committee", "proposal__member__user", "bureau")


def _row(assignment: Assignment, proposal: Proposal, days: Days, **facts: Any) -> DeskRow:
    return DeskRow(
        number=proposal.number,
        title=proposal.short_title,
        who=proposal.proposer_name,
        url=proposal.get_absolute_url(),
        lamp=lamp_of(assignment, days, clock.today()),
        urgency=assignment.due_on,
        **facts,
    )


def _start_row(assignment: Assignment, days: Days) -> DeskRow:
    return _row(
        assignment,
        assignment.proposal,
        days,
        stands=_("The opinion is not begun yet"),
        detail=_("signed in on %(day)s") % {"day": day_of(assignment.signed_in_at)},
        act_label=_("Draft the opinion"),
        act_url=reverse("replies:opinion_start", args=[assignment.pk]),
        act_method="post",
        hidden={"key": new_key()},
    )


def _work_row(opinion: Opinion, post: Post, days: Days) -> DeskRow:
    _state, label, name = WORK[post.role]
    facts = {"act_label": str(label), "act_url": reverse(name, args=[opinion.pk])}
    stands = chain.with_latest(_stands(opinion), opinion.assignment, opinion, days)
    return _row(opinion.assignment, opinion.proposal, days, **stands, **facts)


def _waiting_row(opinion: Opinion, post: Post, days: Days) -> DeskRow:
    facts: dict[str, Any] = {}
    if opinion.state == S.AWAITING_SIGNATURE and policies.may(post, "recall", opinion):
        facts = {
            "act_label": str(OPINION["recall"].label),
            "act_url": reverse("replies:opinion_recall", args=[opinion.pk]),
            "act_method": "post",
            "hidden": {"key": new_key(), "version_seen": opinion.version},
        }
    return _row(opinion.assignment, opinion.proposal, days, **_stands(opinion), **facts)


def _stands(opinion: Opinion) -> dict[str, Any]:
    facts: dict[str, Any] = {"stands": str(STANDS[opinion.state])}
    if opinion.state == S.DRAFTING and opinion.returned_by:
        day = day_of(opinion.returned_at)
        head = _("Returned by %(who)s on %(day)s") % {"who": opinion.returned_by, "day": day}
        stands = pgettext("proposal", "returned for changes")
        return {"stands": stands, "reason": opinion.return_note, "reason_head": head}
    day = day_of(opinion.sent_at if opinion.state == S.AWAITING_SIGNATURE else opinion.changed_at)
    words = _("sent up on %(day)s") if opinion.state == S.AWAITING_SIGNATURE else _("last written on %(day)s")
    return facts | {"detail": words % {"day": day}}


# ---- beside a case and a reply


@dataclass(frozen=True)
class CoPart:
    """One co-handling bureau of a case, and how far its opinion is; `opinion` only for who may read it."""

    assignment: Assignment
    opinion: Opinion | None
    lamp: Lamp | None
    is_given: bool


def co_parts(post: Post, proposal: Proposal) -> list[CoPart]:
    """Return the co-handling bureaus of which this post may know, for replies/opinions.html."""
    rows = list(policies.co_parts_visible_to(post, proposal))
    if not rows:
        return []
    found = policies.visible_to(post).filter(proposal=proposal).select_related("bureau", "signed_by__user")
    opinions = {opinion.assignment_id: opinion for opinion in found}
    days, today = Days.of(proposal.assembly_id), clock.today()
    return [
        CoPart(row, opinions.get(row.pk), lamp_of(row, days, today), row.state == AssignmentState.GIVEN)
        for row in rows
    ]


def acts_on_case(post: Post, proposal: Proposal) -> list[dict[str, Any]]:
    """Return what the case page offers this post about its own bureau's opinion, for parts/acts.html."""
    opinion = policies.of_own_bureau(post).filter(proposal=proposal).exclude(state=S.GIVEN).first()
    if opinion is None:
        return [_begin(assignment) for assignment in to_start(post).filter(proposal=proposal)]
    if policies.may(post, "edit", opinion):
        return [_link(_("Go on with the opinion"), "replies:opinion_draft", opinion.pk)]
    signs = opinion.state == S.AWAITING_SIGNATURE and policies.may(post, "give", opinion)
    label = _("Read and sign the opinion") if signs else _("Read the opinion")
    recall = [act for act in acts_of(post, opinion) if act["name"] == "recall"]
    kind = "main" if signs else "quiet"
    return [_link(label, "replies:opinion", opinion.pk, kind), *recall]


def _link(label: str, name: str, pk: int, kind: str = "main") -> dict[str, Any]:
    return {"label": label, "url": reverse(name, args=[pk]), "method": "get", "kind": kind, "hidden": {}}


def _begin(assignment: Assignment) -> dict[str, Any]:
    act = _link(_("Draft the opinion"), "replies:opinion_start", assignment.pk)
    return act | {"method": "post", "hidden": {"key": new_key()}}


def acts_of(post: Post, opinion: Opinion) -> list[dict[str, Any]]:
    """Return what this post may do with the opinion where it stands, for parts/acts.html."""
    if opinion.state == S.DRAFTING:
        may_edit = policies.may(post, "edit", opinion)
        return [_link(_("Go on with the opinion"), "replies:opinion_draft", opinion.pk)] if may_edit else []
    return offers(
        OPINION,
        opinion,
        may=lambda name: policies.may(post, name, opinion),
        url_prefix="replies:opinion_",
        version=opinion.version,
    )


def page_of(post: Post, opinion: Opinion) -> dict[str, Any]:
    """Return what the pages of an opinion show around its text."""
    days = Days.of(opinion.assembly_id)
    return {
        "opinion": opinion,
        "proposal": opinion.proposal,
        "assignment": opinion.assignment,
        "suggestions": list(opinion.proposal.suggestions.all()),
        "due_lines": calendar.explain(opinion.assignment.due_how),
        "lamp": lamp_of(opinion.assignment, days, clock.today()),
        "chain": chain.chain_of(opinion.assignment, opinion, days),
        "is_own": policies.is_in_its_bureau(post, opinion),
        "writers": sorted(opinion.writers.values_list("name", flat=True)),
        "acts": acts_of(post, opinion),
        "barred": OWN_WORDS if policies.barred_as_writer(post, opinion) else "",
        "has_word": bool(opinion.bureau.opinion_word),
    }


def paper_context(opinion: Opinion) -> dict[str, Any]:
    """Return what the form 会办意见函 says: of a given opinion its frozen facts, else the draft as it stands."""
    if opinion.state != S.GIVEN:
        draft = {"contact": opinion.clerk.user.name, "phone": opinion.clerk.phone}
        return opinion_context(opinion.assignment, body=opinion.body, **draft)
    facts = opinion.facts
    frozen = {"bureau": facts["bureau"], "session": facts["session"], "number": facts["number"]}
    return (
        opinion_context(
            opinion.assignment,
            body=facts["body"],
            document_number=facts["doc_number"],
            signed_by=facts["signed_by"],
            dated=dt.date.fromisoformat(facts["dated"]),
            contact=facts["clerk"],
            phone=facts["phone"],
        )
        | frozen
        | {"name": facts["title"]}
    )
