"""Questions about letters that no longer hold: what a page says of them, which of them lack another letter."""

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from office.acts import new_key
from organizations.models import Post, Role
from proposals.models import Proposal
from proposals.selectors import DeskRow, day_of
from proposals.workflow import AssignmentState
from replies import policies, void_policies
from replies.models import IssuedLetter

RELATED = ("reply__proposal__committee", "reply__proposal__member__user", "reply__assignment", "void")


def to_replace(post: Post) -> QuerySet[IssuedLetter]:
    """Return the own bureau's void letters in whose place nothing is being written yet."""
    if post.role != Role.CLERK:
        return IssuedLetter.objects.none()
    rows: QuerySet[IssuedLetter] = policies.letters_visible_to(post).filter(bureau=post.bureau)
    rows = rows.filter(void__isnull=False, correction=None, reply__assignment__state=AssignmentState.REPLIED)
    return rows.filter(reply__round=F("reply__assignment__round")).select_related(*RELATED)


def to_do(post: Post) -> list[DeskRow]:
    """Return a row of the desk for each void letter that lacks another."""
    return [_row(letter) for letter in to_replace(post)]


def _row(letter: IssuedLetter) -> DeskRow:
    case, void = letter.reply.proposal, letter.void
    return DeskRow(
        number=case.number,
        title=case.short_title,
        who=case.proposer_name,
        url=case.get_absolute_url(),
        stands=_("The letter is void: another is owed"),
        detail=_("%(letter)s, void since %(day)s") % {"letter": letter, "day": day_of(void.at)},
        act_label=_("Write the letter in its place"),
        act_url=reverse("replies:letter_correct", args=[letter.pk]),
        act_method="post",
        hidden={"key": new_key()},
        urgency=letter.reply.assignment.due_on,
    )


def acts_on_case(post: Post, proposal: Proposal) -> list[dict[str, Any]]:
    """Return the acts that a case page offers where its letter is void, for parts/acts.html."""
    return [_correct(letter, "main") for letter in to_replace(post).filter(reply__proposal=proposal)]


def acts_on_letter(post: Post, letter: IssuedLetter) -> list[dict[str, Any]]:
    """Return what this post may do with an issued letter besides printing it, for parts/acts.html."""
    acts = []
    if void_policies.may_correct(post, letter) and void_policies.can_be_corrected(letter):
        acts.append(_correct(letter, "main" if letter.voided else "quiet"))
    if void_policies.may_void(post, letter) and not letter.voided:
        url = reverse("replies:letter_void", args=[letter.pk])
        label = _("Declare it void")
        void = {"name": "void", "label": label, "url": url, "method": "get", "kind": "danger", "hidden": {}}
        acts.append(void)
    return acts


def _correct(letter: IssuedLetter, kind: str) -> dict[str, Any]:
    label = _("Write the letter in its place") if letter.voided else _("Write a letter that puts it right")
    url = reverse("replies:letter_correct", args=[letter.pk])
    confirm = "" if letter.voided else _("Begin another letter in the place of this one?")
    return {
        "name": "correct",
        "label": label,
        "url": url,
        "method": "post",
        "kind": kind,
        "confirm": confirm,
        "hidden": {"key": new_key()},
    }
