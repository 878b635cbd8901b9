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
    rows = rows.filter(Exists(unasked), void=None).select_related(*related).prefetch_related("copies")
    return rows.order_by("dated", "pk")


def undelivered(post: Post) -> QuerySet[IssuedLetter]:
    """Return the own bureau's letters of which a copy has not been delivered yet."""
    if post.role not in policies.DELIVERING:
        return IssuedLetter.objects.none()
    waiting = LetterCopy.objects.filter(letter=OuterRef("pk"), delivery=None)
    rows = IssuedLetter.objects.filter(bureau=post.bureau, void=None).filter(Exists(waiting))
    related = ("reply__proposal__committee", "reply__proposal__member__user")
    return rows.select_related(*related).order_by("dated", "pk")


def unpromised(post: Post) -> QuerySet[IssuedLetter]:
    """Return the own bureau's letters that promise something of which nothing is listed yet."""
    if post.role != Role.CLERK:
        return IssuedLetter.objects.none()
    rows = IssuedLetter.objects.filter(bureau=post.bureau, commitments=None, no_promise=None, void=None)
    rows = rows.filter(version__result_class__promises=True)
    rows = rows.exclude(
        reply__corrects__commitments__isnull=False
    )  # listed with the letter that it puts right
    related = ("reply__proposal__committee", "reply__proposal__member__user")
    return rows.select_related(*related).order_by("dated", "pk")


def questionnaires(post: Post) -> QuerySet[Feedback]:
    """Return the questionnaires that this very post answers, nearest date first."""
    if post.role not in PROPOSER_ROLES:
        return Feedback.objects.none()
    rows = policies.feedback_visible_to(post).filter(
        state=Feedback.State.ASKED, due_on__gte=clock.today(), letter__void=None
    )
    return rows.select_related("copy__proposal", "letter__bureau", "case").order_by("due_on", "pk")


def commitments_soon(post: Post) -> QuerySet[Commitment]:
    """Return the own bureau's promises that are due soon or late."""
    if post.role != Role.CLERK:
        return Commitment.objects.none()
    rows = policies.commitments_visible_to(post).filter(done_on=None, due_on__lte=clock.today() + SOON)
    return rows.select_related("case", "letter").order_by("due_on", "pk")


def untold(post: Post) -> QuerySet[Commitment]:
    """Return the own bureau's promises that were kept, of which the proposers have not been told."""
    if post.role != Role.CLERK:
        return Commitment.objects.none()
    rows = policies.commitments_visible_to(post).filter(done_on__isnull=False, follow_ups=None)
    return rows.select_related("case", "letter").order_by("done_on", "pk")


def progress_of(row: Commitment) -> str:
    """Return the progress notes of a promise, one paragraph each, as the beginning of a follow-up letter."""
    return "\n".join(row.notes.values_list("text", flat=True))


def to_meet(post: Post) -> QuerySet[Proposal]:
    """Return the cases that two replies did not settle: a meeting is to be recorded."""
    if not policies.may_ask(post):
        return Proposal.objects.none()
    rows = proposals.visible_to(post).filter(state=ProposalState.ANSWERED, round__gte=2)
    return rows.filter(Exists(_unmet(OuterRef("pk")))).select_related("committee", "member__user")


def is_unmet(case: Proposal) -> bool:
    """Say whether a second reply was judged and did not satisfy."""
    return bool(_unmet(case.pk).exists())


def _unmet(case: Any) -> QuerySet[Feedback]:
    return Feedback.objects.filter(case=case, letter__reply__round__gte=2, reopens=True)


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
    rows += [_row_to_tell(row) for row in untold(post)]
    return rows + [_row_of_promise(row, days) for row in commitments_soon(post)]


def to_do_rows(post: Post) -> list[QuerySet[Any]]:
    """Return what `to_do` shows, to be counted; the letters to be asked about are one row there."""
    questions = (questionnaires, to_meet, undelivered, unpromised, untold, commitments_soon)
    one_to_ask = IssuedLetter.objects.filter(pk__in=to_ask(post).values("pk")[:1])
    return [*(rows(post) for rows in questions), one_to_ask]


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


def _row_to_tell(row: Commitment) -> DeskRow:
    return DeskRow(
        number=row.case.number,
        title=row.text[:60],
        who=row.owner,
        url=reverse("outcomes:commitment", args=[row.pk]),
        stands=_("The promise was kept"),
        detail=str(row.letter),
        act_label=_("Write the follow-up letter"),
        act_url=reverse("outcomes:follow_up", args=[row.pk]),
        urgency=row.done_on or row.due_on,
    )


def lamp_of(row: Commitment, days: Days) -> calendar.Lamp:
    """Return how urgent a promise is, or when it was kept."""
    if row.done_on:
        return calendar.Lamp("done", _("done on %(day)s") % {"day": day_of(row.done_on)}, row.done_on)
    return calendar.lamp(due=row.due_on, today=clock.today(), warn_days=30, days=days)


def commitment_page(post: Post, row: Commitment) -> dict[str, Any]:
    """Return what the page of a promise shows: its progress, the letters about it, and what this post may do."""
    may_keep = policies.may_keep_commitments(post, row.bureau_id)
    return {
        "row": row,
        "lamp": lamp_of(row, Days.of(row.assembly_id)),
        "notes": list(row.notes.select_related("post__user")),
        "follow_ups": policies.follow_ups_visible_to(post, row),
        "may_keep": may_keep and row.done_on is None,
        "may_tell": may_keep and row.done_on is not None,
    }


def panel_of(post: Post, proposal: Proposal) -> dict[str, Any]:
    """Return what a case page shows of deliveries, judgements and promises, for outcomes/panel.html."""
    rows = replies.letters_visible_to(post).filter(reply__proposal=proposal)
    letters = list(rows.select_related("bureau", "void"))
    if not letters:
        return {"template": "", "acts": []}
    deliveries = policies.deliveries_visible_to(post).filter(copy__letter__in=letters)
    feedback = policies.feedback_visible_to(post).filter(letter__in=letters)
    promises = policies.commitments_visible_to(post).filter(letter__in=letters)
    none = policies.no_promises_visible_to(post).filter(letter__in=letters)
    days = Days.of(proposal.assembly_id)
    return {
        "template": "outcomes/panel.html",
        "acts": _acts(post, letters, proposal),
        "letters": letters,
        "deliveries": list(deliveries.select_related("copy__letter", "way")),
        "feedback": list(feedback.select_related("copy", "letter")),
        "promises": [(row, lamp_of(row, days)) for row in promises.prefetch_related("follow_ups")],
        "none": list(none.select_related("letter", "bureau")),
        "confirmable": _confirmable(post, letters),
        "sees_paper": policies.may_ask(post),
        "key": new_key(),
    }


def _confirmable(post: Post, letters: list[IssuedLetter]) -> list[Delivery]:
    if post.role not in PROPOSER_ROLES:
        return []
    rows = policies.deliveries_visible_to(post).filter(copy__letter__in=letters, received_on=None)
    return list(rows.select_related("copy__letter"))


def deliveries_page(post: Post, letter: IssuedLetter) -> dict[str, Any]:
    """Return what the page of a letter's deliveries shows: the copies with how they reached their proposers."""
    copies = policies.copies_visible_to(post, letter).select_related("proposal")
    known = policies.deliveries_visible_to(post).filter(copy__letter=letter)
    found = {row.copy_id: row for row in known.select_related("copy__letter", "way", "post__user")}
    rows = [{"copy": copy, "delivery": found.get(copy.pk)} for copy in copies]
    may_deliver = policies.may_deliver(post, letter) and letter.voided is None
    return {
        "letter": letter,
        "rows": rows,
        "is_own": post.role in PROPOSER_ROLES,
        "may_deliver": may_deliver,
        "waits": may_deliver and len(found) < len(rows),
        "reads": {row.pk for row in found.values() if row.receipt and policies.may_read_receipt(post, row)},
        "key": new_key(),
    }


def _acts(post: Post, letters: list[IssuedLetter], proposal: Proposal) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = []
    for letter in letters:
        if letter.voided:
            continue
        if policies.may_deliver(post, letter) and letter.copies.filter(delivery=None).exists():
            acts.append(_link(_("Note the delivery"), "deliver", letter.pk))
        if policies.may_keep_commitments(post, letter.bureau_id):
            acts.append(_link(_("List a promise"), "commitment_add", letter.pk))
    for letter in unpromised(post).filter(pk__in=[letter.pk for letter in letters]):
        acts.append(_link(_("There is nothing to list"), "commitment_none", letter.pk))
    for promise in untold(post).filter(letter__in=letters):
        acts.append(_link(_("Write the follow-up letter"), "follow_up", promise.pk))
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
