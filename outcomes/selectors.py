"""Questions about what follows an answer: what waits for a post, what the case page shows. Writes nothing."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from office import calendar, clock
from office.acts import new_key
from office.calendar import Days
from organizations.models import PROPOSER_ROLES, Assembly, Post, Role
from outcomes import policies
from outcomes.archive import can_be_archived
from outcomes.models import Commitment, Delivery, Feedback
from proposals import policies as proposals
from proposals.models import Proposal
from proposals.selectors import DeskRow, day_of
from proposals.workflow import ProposalState
from replies import policies as replies
from replies.models import IssuedLetter, LetterCopy

SOON = dt.timedelta(30)  # a promise lies on the desk so long before its day


def to_ask(post: Post) -> QuerySet[IssuedLetter]:
    """Return the letters of answered cases whose proposers have not all been asked, oldest first."""
    if not policies.may_ask(post):
        return IssuedLetter.objects.none()
    unasked = LetterCopy.objects.filter(letter=OuterRef("pk"), feedback=None)
    rows = replies.letters_visible_to(post).filter(reply__proposal__state=ProposalState.ANSWERED)
    related = ("reply__proposal__committee", "reply__proposal__member__user", "bureau")
    rows = rows.filter(Exists(unasked)).select_related(*related).prefetch_related("copies")
    return rows.order_by("dated", "pk")


def undelivered(post: Post) -> QuerySet[IssuedLetter]:
    """Return the own bureau's letters of which a copy has not been delivered yet."""
    if post.role not in policies.DELIVERING:
        return IssuedLetter.objects.none()
    waiting = LetterCopy.objects.filter(letter=OuterRef("pk"), delivery=None)
    rows = IssuedLetter.objects.filter(bureau=post.bureau).filter(Exists(waiting))
    related = ("reply__proposal__committee", "reply__proposal__member__user")
    return rows.select_related(*related).order_by("dated", "pk")


def unpromised(post: Post) -> QuerySet[IssuedLetter]:
    """Return the own bureau's letters that promise something of which nothing is listed yet."""
    if post.role != Role.CLERK:
        return IssuedLetter.objects.none()
    rows = IssuedLetter.objects.filter(bureau=post.bureau, commitments=None)
    rows = rows.filter(version__result_class__promises=True)
    related = ("reply__proposal__committee", "reply__proposal__member__user")
    return rows.select_related(*related).order_by("dated", "pk")


def questionnaires(post: Post) -> QuerySet[Feedback]:
    """Return the questionnaires that this very post answers, nearest date first."""
    if post.role not in PROPOSER_ROLES:
        return Feedback.objects.none()
    rows = policies.feedback_visible_to(post).filter(state=Feedback.State.ASKED, due_on__gte=clock.today())
    return rows.select_related("copy__proposal", "letter__bureau", "case").order_by("due_on", "pk")


def commitments_soon(post: Post) -> QuerySet[Commitment]:
    """Return the own bureau's promises that are due soon or late."""
    if post.role != Role.CLERK:
        return Commitment.objects.none()
    rows = policies.commitments_visible_to(post).filter(done_on=None, due_on__lte=clock.today() + SOON)
    return rows.select_related("case", "letter").order_by("due_on", "pk")


def to_meet(post: Post) -> QuerySet[Proposal]:
    """Return the cases that two replies did not settle: a meeting is to be recorded."""
    if not policies.may_ask(post):
        return Proposal.objects.none()
    rows = proposals.visible_to(post).filter(state=ProposalState.ANSWERED, round__gte=2)
    unmet = Feedback.objects.filter(case=OuterRef("pk"), letter__reply__round__gte=2, reopens=True)
    return rows.filter(Exists(unmet)).select_related("committee", "member__user")


def commitments_due(assembly: Assembly) -> QuerySet[Commitment]:
    """Return the assembly's open promises, for reminders."""
    rows: QuerySet[Commitment] = Commitment.objects.filter(assembly=assembly, done_on=None)
    return rows.select_related("case", "bureau", "letter")


def to_do(post: Post) -> list[DeskRow]:
    """Return what waits for this post after an answer."""
    days = Days.of(post.assembly_id)
    rows = [_row_to_judge(row, days) for row in questionnaires(post)]
    if waiting := list(to_ask(post)):
        rows.append(_row_to_ask(waiting))
    rows += [_row_to_meet(case) for case in to_meet(post)]
    rows += [
        _row_of_letter(x, _("The letter goes out"), _("Note the delivery"), "deliver")
        for x in undelivered(post)
    ]
    rows += [
        _row_of_letter(x, _("The reply promises something"), _("List what was promised"), "commitment_add")
        for x in unpromised(post)
    ]
    return rows + [_row_of_promise(row, days) for row in commitments_soon(post)]


def to_do_count(post: Post) -> int:
    """Count the rows of `to_do`."""
    counted = (questionnaires, to_meet, undelivered, unpromised, commitments_soon)
    found = sum(rows(post).count() for rows in counted)
    return found + int(to_ask(post).exists())


def _row_to_judge(row: Feedback, days: Days) -> DeskRow:
    lamp = calendar.lamp(due=row.due_on, today=clock.today(), warn_days=row.warn_days, days=days)
    return DeskRow(
        number=row.copy.proposal.number,
        title=row.copy.proposal.short_title,
        who=str(row.letter.bureau),
        url=row.case.get_absolute_url(),
        stands=_("The assembly asks what you think of the reply"),
        lamp=lamp,
        act_label=_("Judge the reply"),
        act_url=row.get_absolute_url(),
        urgency=row.due_on,
    )


def _row_to_ask(letters: list[IssuedLetter]) -> DeskRow:
    first = letters[0]
    return DeskRow(
        number=None,
        title=_("Ask the proposers what they think of %(n)d replies") % {"n": len(letters)},
        who="",
        url=reverse("outcomes:to_ask"),
        stands=_("answered"),
        detail=_("since %(day)s") % {"day": day_of(first.dated)},
        act_label=_("Ask the proposers"),
        act_url=reverse("outcomes:to_ask"),
        urgency=first.dated,
    )


def _row_to_meet(case: Proposal) -> DeskRow:
    return DeskRow(
        number=case.number,
        title=case.short_title,
        who=case.proposer_name,
        url=case.get_absolute_url(),
        stands=_("The second reply did not satisfy either"),
        act_label=_("Record the meeting"),
        act_url=reverse("proposals:settle", args=[case.pk]),
        urgency=clock.today(),
    )


def _row_of_letter(letter: IssuedLetter, stands: str, label: str, name: str) -> DeskRow:
    case = letter.reply.proposal
    return DeskRow(
        number=case.number,
        title=case.short_title,
        who=case.proposer_name,
        url=case.get_absolute_url(),
        stands=stands,
        detail=str(letter),
        act_label=label,
        act_url=reverse(f"outcomes:{name}", args=[letter.pk]),
        urgency=letter.dated,
    )


def _row_of_promise(row: Commitment, days: Days) -> DeskRow:
    return DeskRow(
        number=row.case.number,
        title=row.text[:60],
        who=row.owner,
        url=reverse("outcomes:commitment", args=[row.pk]),
        stands=_("promised"),
        detail=str(row.letter),
        lamp=lamp_of(row, days),
        act_label=_("Note how it stands"),
        act_url=reverse("outcomes:commitment", args=[row.pk]),
        urgency=row.due_on,
    )


def lamp_of(row: Commitment, days: Days) -> calendar.Lamp:
    """Return how urgent a promise is, or when it was kept."""
    if row.done_on:
        return calendar.Lamp("done", _("done on %(day)s") % {"day": day_of(row.done_on)}, row.done_on)
    return calendar.lamp(due=row.due_on, today=clock.today(), warn_days=30, days=days)


def panel_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return what a case page shows of deliveries, judgements and promises, for outcomes/panel.html."""
    letters = list(replies.letters_visible_to(post).filter(reply__proposal=proposal).select_related("bureau"))
    if not letters:
        return {"template": "", "acts": []}
    deliveries = policies.deliveries_visible_to(post).filter(copy__letter__in=letters)
    feedback = policies.feedback_visible_to(post).filter(letter__in=letters)
    promises = policies.commitments_visible_to(post).filter(letter__in=letters)
    days = Days.of(proposal.assembly_id)
    return {
        "template": "outcomes/panel.html",
        "acts": _acts(post, letters, proposal),
        "deliveries": list(deliveries.select_related("copy__letter", "way")),
        "feedback": list(feedback.select_related("copy", "letter")),
        "promises": [(row, lamp_of(row, days)) for row in promises.select_related("letter")],
        "confirmable": _confirmable(post, letters),
        "sees_paper": policies.may_ask(post),
        "key": new_key(),
    }


def _confirmable(post: Post, letters: list[IssuedLetter]) -> list[Delivery]:
    if post.role not in PROPOSER_ROLES:
        return []
    rows = policies.deliveries_visible_to(post).filter(copy__letter__in=letters, received_on=None)
    return list(rows.select_related("copy__letter"))


def _acts(post: Post, letters: list[IssuedLetter], proposal: Proposal) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = []
    for letter in letters:
        if policies.may_deliver(post, letter) and letter.copies.filter(delivery=None).exists():
            acts.append(_link(_("Note the delivery"), "deliver", letter.pk))
        if policies.may_keep_commitments(post, letter.bureau_id):
            acts.append(_link(_("List a promise"), "commitment_add", letter.pk))
    if policies.may_ask(post) and to_ask(post).filter(reply__proposal=proposal).exists():
        acts.append(_link(_("Ask the proposers"), "to_ask"))
    for row in questionnaires(post).filter(letter__in=letters):
        acts.append(_link(_("Judge the reply"), "answer", row.pk))
    if policies.may_read_archive(post) and can_be_archived(proposal):
        acts.append(_link(_("The whole case as one PDF"), "archive", proposal.pk))
    return acts


def _link(label: str, name: str, *args: int) -> dict[str, Any]:
    url = reverse(f"outcomes:{name}", args=args)
    return {"label": label, "url": url, "method": "get", "kind": "quiet", "hidden": {}}
