"""Questions about replies: what waits for a post, what a case and the pages of a reply show. Reads only."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from office import calendar, clock, events
from office.acts import new_key
from office.calendar import Days
from office.pages import offers
from organizations.models import Post, Role
from proposals import policies as proposal_policies
from proposals.models import Assignment, Proposal
from proposals.selectors import DeskRow, day_of, lamp_of
from proposals.workflow import AssignmentState
from replies import chain, changes, opinion_selectors, points, policies, void_selectors
from replies.addressees import addressees_of
from replies.models import Approval, IssuedLetter, Reply, ReplyVersion
from replies.workflow import REPLY, ReplyState

S = ReplyState
# In which state a reply waits for which post, and what that post then does.
Work = tuple[str, str | Promise, str]
WORK: dict[str, Work] = {
    Role.CLERK: (S.DRAFTING, gettext_lazy("Go on drafting"), "replies:draft"),
    Role.CHECKER: (S.IN_REVIEW, gettext_lazy("Check the reply"), "replies:review"),
    Role.LEADER: (S.AWAITING_SIGNATURE, gettext_lazy("Read and sign"), "replies:review"),
    Role.SEALKEEPER: (S.SIGNED, gettext_lazy("Number and issue"), "replies:issue"),
}
# What a post can take back, by the state in which somebody else has it.
RECALLS = {Role.CLERK: (S.IN_REVIEW, "recall"), Role.CHECKER: (S.AWAITING_SIGNATURE, "pass_recall")}
HOLDERS: dict[str, str | Promise] = {
    S.DRAFTING: gettext_lazy("The clerk %(clerk)s is drafting it."),
    S.IN_REVIEW: gettext_lazy("It is with the checker."),
    S.AWAITING_SIGNATURE: gettext_lazy("It is with the leader."),
    S.SIGNED: gettext_lazy("It is with the seal keeper."),
}
RELATED = ("proposal__committee", "proposal__member__user", "assignment", "clerk__user")
OWN_WORDS = gettext_lazy("You wrote in this version, so somebody else has to decide on it.")


def to_do(post: Post) -> list[DeskRow]:
    """Return what waits for this post, nearest deadline first. At most eight queries."""
    if post.role not in WORK:
        return []
    days = Days.of(post.assembly_id)
    rows = _rows(_mine(post), days, work=WORK[post.role])
    if post.role == Role.CLERK:
        rows += [_start_row(assignment, days) for assignment in _to_start(post)]
    rows += void_selectors.to_do(post)
    rows += opinion_selectors.to_do(post, days)
    return sorted(rows, key=_urgency)


def waiting_for_others(post: Post) -> list[DeskRow]:
    """Return the bureau's replies and opinions that others move on, nearest deadline first. At most five queries."""
    if post.role not in WORK:
        return []
    others = policies.visible_to(post).exclude(state=S.ISSUED).exclude(pk__in=_mine(post).values("pk"))
    days = Days.of(post.assembly_id)
    rows = _rows(others, days, recalls=RECALLS.get(Role(post.role)))
    rows += opinion_selectors.waiting_for_others(post, days)
    return sorted(rows, key=_urgency)


def to_do_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `to_do` shows, to be counted."""
    to_start = [_to_start(post)] if post.role == Role.CLERK else []
    return [_mine(post), *to_start, void_selectors.to_replace(post), *opinion_selectors.to_do_rows(post)]


def _urgency(row: DeskRow) -> dt.date:
    return row.urgency


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
    """Assignments whose letter is owed and not begun."""
    begun = Reply.objects.filter(assignment=OuterRef("pk"), round=OuterRef("round"))
    rows = proposal_policies.assignments_visible_to(post).exclude(part=Assignment.Part.CO)
    rows = rows.filter(state__in=(AssignmentState.SIGNED_IN, AssignmentState.REOPENED))
    related = ("proposal__committee", "proposal__member__user", "bureau")
    return rows.exclude(Exists(begun)).select_related(*related)


def _start_row(assignment: Assignment, days: Days) -> DeskRow:
    proposal, again = assignment.proposal, assignment.round > 1
    detail = "" if again else _("signed in on %(day)s") % {"day": day_of(assignment.signed_in_at)}
    return DeskRow(
        number=proposal.number,
        title=proposal.short_title,
        who=proposal.proposer_name,
        url=proposal.get_absolute_url(),
        stands=_("The second reply is not begun yet") if again else _("The reply is not begun yet"),
        lamp=lamp_of(assignment, days, clock.today()),
        act_label=_("Draft the second reply") if again else _("Draft the reply"),
        act_url=reverse("replies:start", args=[assignment.pk]),
        act_method="post",
        hidden={"key": new_key()},
        urgency=assignment.due_on,
        **chain.with_latest({"detail": detail}, assignment, None, days),
    )


def _rows(
    replies: QuerySet[Reply], days: Days, *, work: Work | None = None, recalls: tuple[str, str] | None = None
) -> list[DeskRow]:
    found = list(replies.select_related(*RELATED).defer("body"))
    newest = newest_of(found)
    returned = returned_of(newest.values())
    rows = []
    for reply in found:
        version = newest.get(reply.pk)
        facts = _work_of(reply, version, work) if work else _with_others(reply, version, recalls)
        if work:
            facts = chain.with_latest(facts, reply.assignment, reply, days)
        if reply.state == S.DRAFTING and (back := returned.get(reply.pk)):
            head = _("Returned by %(who)s on %(day)s") % {"who": back.post, "day": day_of(back.at)}
            stands = pgettext("proposal", "returned for changes")
            facts |= {"reason": back.note, "reason_head": head, "stands": stands}
        rows.append(_row(reply, days, facts))
    return rows


def _row(reply: Reply, days: Days, facts: dict[str, Any]) -> DeskRow:
    proposal, assignment = reply.proposal, reply.assignment
    return DeskRow(
        number=proposal.number,
        title=proposal.short_title,
        who=proposal.proposer_name,
        url=proposal.get_absolute_url(),
        lamp=lamp_of(assignment, days, clock.today()),
        urgency=assignment.due_on,
        **({"stands": str(ReplyState(reply.state).label)} | facts),
    )


def _work_of(reply: Reply, version: ReplyVersion | None, work: Work) -> dict[str, Any]:
    """What this post does with the reply, and which version of it."""
    detail = _("last written on %(day)s") % {"day": day_of(reply.changed_at)}
    if version and reply.state != S.DRAFTING:
        facts = {"n": version.number, "who": version.sent_by.user.name, "day": day_of(version.sent_at)}
        detail = _("version %(n)d, sent up by %(who)s on %(day)s") % facts
    return {"detail": detail, "act_label": str(work[1]), "act_url": reverse(work[2], args=[reply.pk])}


def _with_others(
    reply: Reply, version: ReplyVersion | None, recalls: tuple[str, str] | None
) -> dict[str, Any]:
    """Who has the reply, and the act that takes it back while nobody there has decided."""
    facts: dict[str, Any] = {"detail": str(HOLDERS[reply.state]) % {"clerk": reply.clerk.user.name}}
    if recalls is None or version is None or reply.state != recalls[0]:
        return facts
    return facts | {
        "act_label": str(REPLY[recalls[1]].label),
        "act_url": reverse(f"replies:{recalls[1]}", args=[reply.pk]),
        "act_method": "post",
        "hidden": {"key": new_key(), "version_seen": version.number},
    }


def newest_of(replies: Iterable[Reply]) -> dict[int, ReplyVersion]:
    """Return each reply's newest version without its text, by the reply's key. One query."""
    rows = ReplyVersion.objects.filter(reply__in=[reply.pk for reply in replies]).order_by("number")
    return {row.reply_id: row for row in rows.defer("body").select_related("sent_by__user")}


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


def acts_of(post: Post, reply: Reply) -> list[dict[str, Any]]:
    """Return what this post may do with the reply where it stands, for parts/acts.html.

    A draft is sent up from its own page, where one sees it: so there is no button for that elsewhere.
    """
    if policies.may(post, "edit", reply):
        return [_link(_("Go on drafting"), "replies:draft", reply.pk)]
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
    return {"label": label, "url": reverse(name, args=[pk]), "method": "get", "kind": kind, "hidden": {}}


def panel_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return what a case page shows this post of the answers, and what the post may do about them.

    Keys: template (empty: nothing to show), acts (for parts/acts.html), letters (all that the post may read, by
    round and bureau), letter (the last of them), reply (the own bureau's that is not issued yet), newest (its
    version), returned (approval), hint, co_parts (of replies.opinion_selectors).
    """
    letters = list(_letters_of(post, proposal))
    parts = opinion_selectors.co_parts(post, proposal)
    reply = _open_reply(post, proposal)
    if reply:
        panel = _reply_panel(post, reply)
    else:
        acts = [_begin(assignment) for assignment in _startable(post, proposal)]
        if len(letters) == 1 and not acts:
            acts = [_link(_("Open the letter"), "replies:letter", letters[0].pk)]
        panel = _panel(acts)
    panel["acts"] += void_selectors.acts_on_case(post, proposal)
    panel["acts"] += opinion_selectors.acts_on_case(post, proposal)
    shown = "replies/panel.html" if letters or reply or parts else ""
    last = letters[-1] if letters else None
    return panel | {"template": shown, "letters": letters, "letter": last, "co_parts": parts}


def _letters_of(post: Post, proposal: Proposal) -> QuerySet[IssuedLetter]:
    rows = policies.letters_visible_to(post).filter(reply__proposal__in=_answered_in(proposal))
    seen = Count("copies", filter=Q(copies__in=policies.copies_visible_to(post).values("pk")))
    related = ("bureau", "version", "reply__corrects", "void", "correction__letter")
    return rows.annotate(copies_seen=seen).select_related(*related).order_by("reply__round", "bureau", "pk")


def _answered_in(proposal: Proposal) -> tuple[int, ...]:
    """A proposal that was merged into another is answered there."""
    return (proposal.pk, proposal.merged_into_id) if proposal.merged_into_id else (proposal.pk,)


def _open_reply(post: Post, proposal: Proposal) -> Reply | None:
    """The own bureau's reply that is being worked at: the newest, as long as it is not issued."""
    related = ("proposal", "assignment", "bureau", "clerk__user", "clerk__bureau")
    rows = policies.visible_to(post).select_related(*related).filter(proposal=proposal)
    return rows.exclude(state=S.ISSUED).order_by("-round", "-pk").first()


def first_letter_of(reply: Reply) -> IssuedLetter | None:
    """Return the letter that a second reply goes on from."""
    if reply.round < 2:
        return None
    rows = IssuedLetter.objects.filter(reply__assignment=reply.assignment_id, reply__round=reply.round - 1)
    return rows.order_by("-pk").first()


def again_of(reply: Reply) -> dict[str, Any]:
    """Return why a second reply is due: the letter it goes on from, and how that was judged; else nothing."""
    letter = first_letter_of(reply)
    if letter is None:
        return {}
    judged = next((line for line in events.story(reply.proposal) if line.act == "proposal.reopen"), None)
    return {"first_letter": letter, "judged": judged}


def _panel(acts: list[dict[str, Any]], **shown: Any) -> dict[str, Any]:
    nothing = {"template": "", "reply": None, "letter": None, "newest": None, "returned": None, "hint": ""}
    return nothing | shown | {"acts": acts}


def _reply_panel(post: Post, reply: Reply) -> dict[str, Any]:
    """Nobody decides from the case page: the decision is taken where the text and the pages are in sight."""
    acts = acts_of(post, reply)
    if not policies.may(post, "edit", reply):
        acts = [act for act in acts if act["kind"] == "quiet" or act["name"] == "issue"]
        acts.insert(0, _review_link(post, reply, "quiet" if acts else "main"))
    return _panel(
        acts,
        reply=reply,
        newest=reply.newest,
        returned=returned_now(reply),
        hint=OWN_WORDS if barred_as_writer(post, reply) else "",
    )


def _review_link(post: Post, reply: Reply, kind: str) -> dict[str, Any]:
    state, label, name = WORK[post.role]
    decides = state == reply.state and name == "replies:review"
    return _link(str(label) if decides else _("Read the reply"), "replies:review", reply.pk, kind)


def _startable(post: Post, proposal: Proposal) -> Iterable[Assignment]:
    return _to_start(post).filter(proposal=proposal) if post.role == Role.CLERK else []


def _begin(assignment: Assignment) -> dict[str, Any]:
    label = _("Draft the second reply") if assignment.round > 1 else _("Draft the reply")
    act = _link(label, "replies:start", assignment.pk)
    return act | {"method": "post", "hidden": {"key": new_key()}}


def desk_of(post: Post, reply: Reply) -> dict[str, Any]:
    """Return what stands around the text on the drafting desk."""
    assignment, proposal = reply.assignment, reply.proposal
    newest = reply.newest
    days = Days.of(reply.assembly_id)
    return {
        "reply": reply,
        "proposal": proposal,
        "assignment": assignment,
        "suggestions": list(proposal.suggestions.all()),
        "lamp": lamp_of(assignment, days, clock.today()),
        "chain": chain.chain_of(assignment, reply, days),
        "due_lines": calendar.explain(assignment.due_how),
        "number": newest.number + 1 if newest else 1,
        "newest": newest,
        "returned": returned_now(reply),
        "co_parts": opinion_selectors.co_parts(post, proposal),
        "addressees": addressees_of(proposal),
    } | again_of(reply)


def review_of(post: Post, reply: Reply) -> dict[str, Any]:
    """Return what a person needs to decide on the reply, or to follow it."""
    assignment = reply.assignment
    newest = ReplyVersion.objects.filter(reply=reply).select_related("sent_by__user").last()
    days = Days.of(reply.assembly_id)
    answered = points.table_of(reply)
    return {
        "answered": answered,
        "adoption": points.adoption(answered),
        "suggestions": points.suggestions_of(reply),
        "reply": reply,
        "proposal": reply.proposal,
        "lamp": lamp_of(assignment, days, clock.today()),
        "chain": chain.chain_of(assignment, reply, days),
        "assignment": assignment,
        "newest": newest,
        "writers": sorted(user.name for user in newest.writers.all()) if newest else [],
        "changed": changes.since_last_look(post, reply),
        "approvals": _decisions(reply).exclude(decision=Approval.Decision.RETURNED),
        "returns": _decisions(reply).filter(decision=Approval.Decision.RETURNED),
        "acts": acts_of(post, reply),
        "barred": OWN_WORDS if barred_as_writer(post, reply) else "",
        "is_draft": reply.state == S.DRAFTING,
        "co_parts": opinion_selectors.co_parts(post, reply.proposal),
        "addressees": addressees_of(reply.proposal),
    } | again_of(reply)


def _decisions(reply: Reply) -> QuerySet[Approval]:
    rows = Approval.objects.filter(version__reply=reply).order_by("-pk")
    return rows.select_related("version", "post__user", "post__bureau")


def versions_of(reply: Reply) -> dict[int, ReplyVersion]:
    """Return every version by its number, oldest first, each with its decisions as `decisions`."""
    related = ("sent_by__user", "sent_by__bureau", "result_class", "disclosure")
    decided = Approval.objects.select_related("post__user", "post__bureau").order_by("pk")
    rows = reply.versions.select_related(*related).order_by("number")
    with_decisions = rows.prefetch_related(Prefetch("approvals", decided, to_attr="decisions"))
    return {row.number: row for row in with_decisions}
