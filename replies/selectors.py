"""Questions about replies: what waits for a post, what a case shows of its reply, what a page needs. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import calendar, clock
from office.acts import new_key
from office.calendar import Days, Lamp
from office.pages import offers
from organizations.models import Post, Role
from proposals import policies as proposal_policies
from proposals.models import Assignment, Proposal
from proposals.selectors import DeskRow
from proposals.workflow import AssignmentState
from replies import policies
from replies.models import Approval, IssuedLetter, Reply, ReplyVersion
from replies.workflow import REPLY, ReplyState

S = ReplyState
# In which state a reply waits for which post, and what that post then does.
WORK: dict[str, tuple[str, str | Promise, str]] = {
    Role.CLERK: (S.DRAFTING, gettext_lazy("Go on drafting"), "replies:draft"),
    Role.CHECKER: (S.IN_REVIEW, gettext_lazy("Check the reply"), "replies:review"),
    Role.LEADER: (S.AWAITING_SIGNATURE, gettext_lazy("Read and sign"), "replies:review"),
    Role.SEALKEEPER: (S.SIGNED, gettext_lazy("Number and issue"), "replies:issue"),
}
HOLDERS: dict[str, str | Promise] = {
    S.DRAFTING: gettext_lazy("The clerk %(clerk)s is drafting it."),
    S.IN_REVIEW: gettext_lazy("It is with the checker."),
    S.AWAITING_SIGNATURE: gettext_lazy("It is with the leader."),
    S.SIGNED: gettext_lazy("It is with the seal keeper."),
}
OWN_WORDS = gettext_lazy("You wrote in this version, so somebody else has to decide on it.")


@dataclass(frozen=True)
class Panel:
    """What a case page shows of the answer: the reply to those who may follow it, the letter to those who may read it."""

    reply: Reply | None
    letter: IssuedLetter | None
    newest: ReplyVersion | None
    returned: Approval | None
    acts: list[dict[str, Any]]
    hint: str = ""


def to_do(post: Post) -> list[DeskRow]:
    """Return what waits for this post, nearest deadline first. At most five queries."""
    if post.role not in WORK:
        return []
    days = Days.of(post.assembly_id)
    rows = _rows(_mine(post), days, WORK[post.role])
    if post.role == Role.CLERK:
        rows += [_start_row(assignment, days) for assignment in _to_start(post)]
    return sorted(rows, key=_due)


def waiting_for_others(post: Post) -> list[DeskRow]:
    """Return the bureau's replies that somebody else has to move on, nearest deadline first. At most four queries."""
    if post.role not in WORK:
        return []
    others = policies.visible_to(post).exclude(state=S.ISSUED).exclude(pk__in=_mine(post).values("pk"))
    return sorted(_rows(others, Days.of(post.assembly_id)), key=_due)


def count_to_do(post: Post) -> int:
    """Count what waits for this post, for the navigation. At most two queries."""
    return _mine(post).count() + (_to_start(post).count() if post.role == Role.CLERK else 0)


def _due(row: DeskRow) -> Any:
    return row.lamp.date


def _mine(post: Post) -> QuerySet[Reply]:
    """Replies that this post can move on; what one wrote oneself waits for somebody else's decision."""
    if post.role not in WORK:
        return policies.visible_to(post).none()
    rows = policies.visible_to(post).filter(state=WORK[post.role][0])
    if post.role in (Role.CHECKER, Role.LEADER):
        own = ReplyVersion.objects.filter(reply=OuterRef("pk"), writers=post.user_id)
        rows = rows.exclude(Exists(own))
    return rows


def _to_start(post: Post) -> QuerySet[Assignment]:
    rows = proposal_policies.assignments_visible_to(post).select_related("proposal__committee", "bureau")
    return rows.filter(state=AssignmentState.SIGNED_IN, reply=None)


def _start_row(assignment: Assignment, days: Days) -> DeskRow:
    proposal = assignment.proposal
    return DeskRow(
        number=proposal.number,
        title=proposal.short_title,
        who=proposal.committee.name,
        url=proposal.get_absolute_url(),
        stands=_("Signed in; the reply is not begun yet"),
        lamp=lamp_of(assignment, days),
        act_label=_("Draft the reply"),
        act_url=reverse("replies:start", args=[assignment.pk]),
        act_method="post",
    )


def _rows(
    replies: QuerySet[Reply], days: Days, work: tuple[str, str | Promise, str] | None = None
) -> list[DeskRow]:
    related = ("proposal__committee", "assignment", "clerk__user")
    rows = list(replies.select_related(*related).defer("body"))
    newest = newest_of(rows)
    returned = returned_of(newest.values())
    return [_row(reply, days, newest.get(reply.pk), returned.get(reply.pk), work) for reply in rows]


def _row(
    reply: Reply,
    days: Days,
    newest: ReplyVersion | None,
    returned: Approval | None,
    work: tuple[str, str | Promise, str] | None,
) -> DeskRow:
    proposal = reply.proposal
    back = returned if reply.state == S.DRAFTING else None
    return DeskRow(
        number=proposal.number,
        title=proposal.short_title,
        who=proposal.committee.name,
        url=proposal.get_absolute_url(),
        stands=str(ReplyState(reply.state).label),
        detail=_detail(reply, newest, work is None),
        lamp=lamp_of(reply.assignment, days),
        act_label=str(work[1]) if work else "",
        act_url=reverse(work[2], args=[reply.pk]) if work else "",
        reason=back.note if back else "",
        reason_head=_("Returned by %(who)s") % {"who": back.post} if back else "",
    )


def _detail(reply: Reply, newest: ReplyVersion | None, with_others: bool) -> str:
    if with_others:
        return str(HOLDERS[reply.state]) % {"clerk": reply.clerk.user.name}
    if reply.state == S.DRAFTING or newest is None:
        return ""
    return _("Version %(n)d, sent up by %(who)s") % {"n": newest.number, "who": newest.sent_by.user.name}


def newest_of(replies: Iterable[Reply]) -> dict[int, ReplyVersion]:
    """Return each reply's newest version without its text, by the reply's key. One query."""
    rows = ReplyVersion.objects.filter(reply__in=[reply.pk for reply in replies])
    return {row.reply_id: row for row in rows.defer("body").select_related("sent_by__user").order_by("number")}


def returned_of(versions: Iterable[ReplyVersion]) -> dict[int, Approval]:
    """Return the return of each of these versions that was returned, by the reply's key. One query."""
    rows = Approval.objects.filter(
        version__in=[version.pk for version in versions], decision=Approval.Decision.RETURNED
    )
    return {row.version.reply_id: row for row in rows.select_related("version", "post__user", "post__bureau")}


def returned_now(reply: Reply) -> Approval | None:
    """Return why the reply came back to drafting, while it is there."""
    newest = reply.newest if reply.state == S.DRAFTING else None
    return returned_of([newest]).get(reply.pk) if newest else None


def lamp_of(assignment: Assignment, days: Days) -> Lamp:
    """Return how urgent the answer is; an answered case says when."""
    if assignment.replied_on:
        return Lamp("done", _("answered"), assignment.replied_on)
    return calendar.lamp(
        due=assignment.due_on, today=clock.today(), warn_days=assignment.warn_days, days=days
    )


def acts_of(post: Post, reply: Reply) -> list[dict[str, Any]]:
    """Return what this post may do with the reply where it stands, for parts/acts.html.

    A draft is sent up from its own page, where one sees it: so there is no button for that elsewhere.
    """
    if reply.state == S.DRAFTING:
        return [_link(_("Go on drafting"), "replies:draft", reply.pk)] if policies.may(post, "edit", reply) else []
    newest = reply.newest
    version = newest.number if newest else 0
    return offers(
        REPLY, reply, may=lambda name: policies.may(post, name, reply), url_prefix="replies:", version=version
    )


def barred_as_writer(post: Post, reply: Reply) -> bool:
    """Say whether this post's decision is due and only its own words stand against it."""
    due = any(
        step.name in policies.APPROVING and post.role in step.by for step in REPLY.steps_from(reply.state)
    )
    return due and not policies.did_not_write_it(post, reply)


def _link(label: str, name: str, pk: int, kind: str = "main") -> dict[str, Any]:
    return {"label": label, "url": reverse(name, args=[pk]), "method": "get", "kind": kind}


def panel_of(post: Post, proposal: Proposal) -> Panel | None:
    """Return what a case page shows this post of the answer; None where there is nothing for it to see."""
    letter = policies.letters_visible_to(post).select_related("bureau", "version").filter(reply__proposal=proposal).first()
    related = ("proposal", "assignment", "bureau", "clerk__user", "clerk__bureau")
    reply = policies.visible_to(post).select_related(*related).filter(proposal=proposal).first()
    if letter:
        return Panel(reply, letter, letter.version, None, [_link(_("Open the letter"), "replies:letter", letter.pk)])
    if reply:
        return _reply_panel(post, reply)
    return _start_panel(post, proposal)


def _reply_panel(post: Post, reply: Reply) -> Panel:
    """Nobody decides from the case page: the decision is taken where the text and the pages are in sight."""
    acts = acts_of(post, reply)
    if not policies.may(post, "edit", reply):
        acts = [act for act in acts if act["kind"] == "quiet" or act["name"] == "issue"]
        acts.insert(0, _review_link(post, reply, "quiet" if acts else "main"))
    hint = str(OWN_WORDS) if barred_as_writer(post, reply) else ""
    return Panel(reply, None, reply.newest, returned_now(reply), acts, hint)


def _review_link(post: Post, reply: Reply, kind: str) -> dict[str, Any]:
    state, label, name = WORK[post.role]
    decides = state == reply.state and name == "replies:review"
    return _link(str(label) if decides else _("Read the reply"), "replies:review", reply.pk, kind)


def _start_panel(post: Post, proposal: Proposal) -> Panel | None:
    if post.role != Role.CLERK:
        return None
    assignment = _to_start(post).filter(proposal=proposal).first()
    if assignment is None:
        return None
    begin = _link(_("Draft the reply"), "replies:start", assignment.pk) | {
        "method": "post",
        "hidden": {"key": new_key()},
    }
    return Panel(None, None, None, None, [begin])
