"""The only door to deliveries, feedback and commitments: who sees which, who may do what.

A bureau knows nothing of a judgement until it is in, and can never give it: it is asked by the assembly.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature
from django.db.models import Q, QuerySet
from django.http import Http404
from django_scopes import scopes_disabled

from organizations.models import BUREAU_ROLES, PROPOSER_ROLES, Post, Role
from outcomes.models import LINKS, Commitment, Delivery, Feedback, FollowUp, NoPromise
from proposals import policies as proposals
from replies import policies as replies
from replies.models import IssuedLetter, LetterCopy

PROMISE = ("letter__version__result_class", "case__assembly", "bureau")
DELIVERING = (Role.CLERK, Role.SEALKEEPER)


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


def feedback_visible_to(post: Post) -> QuerySet[Feedback]:
    """Return the feedback that this post may know of: proposers their own, bureaus only what is in."""
    rows: QuerySet[Feedback] = Feedback.objects.filter(assembly_id=post.assembly_id)
    if post.role in PROPOSER_ROLES:
        return rows.filter(_own(post))
    if post.role == Role.REVIEWER:
        return rows
    if post.role == Role.DISPATCHER:
        return rows.filter(state=Feedback.State.IN)
    if post.role in BUREAU_ROLES:
        return rows.filter(letter__bureau_id=post.bureau_id, state=Feedback.State.IN)  # type: ignore[misc]
    return rows.none()


def _own(post: Post) -> Q:
    if post.role == Role.FILER:
        return Q(committee_id=post.committee_id, committee__isnull=False)
    return Q(member__user_id=post.user_id)


def own_feedback_or_404(post: Post, pk: int) -> Feedback:
    """Return a questionnaire that this post itself answers; whoever else sees it is refused."""
    row = _with_letter(feedback_visible_to(post)).filter(pk=pk).first()
    if row is None:
        raise Http404
    require(post.role in PROPOSER_ROLES)
    return row


def feedback_or_404(post: Post, pk: int) -> Feedback:
    """Return feedback that this post may know of."""
    row = _with_letter(feedback_visible_to(post)).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _with_letter(rows: QuerySet[Feedback]) -> QuerySet[Feedback]:
    return rows.select_related("letter__bureau", "letter__void", "copy__proposal", "case", "assembly")


def by_link_or_404(token: str) -> Feedback:
    """Return the questionnaire of a one-time link, in whichever assembly; Http404 for one that nobody gave out.

    It remembers which link this was: `link_serial` is the link's, `is_withdrawn` says that a newer one took its place.
    """
    try:
        name, _dot, serial = LINKS.unsign(token).partition(".")
        pk, given = int(name), int(serial or 0)
    except (BadSignature, ValueError):
        raise Http404 from None
    with scopes_disabled():
        row = _with_letter(Feedback.objects.filter(pk=pk)).first()
    if row is None:
        raise Http404
    row.is_withdrawn, row.link_serial = row.link_serial != given, given
    return row


def may_ask(post: Post) -> bool:
    """The proposals committee asks, and enters what came back on paper."""
    return post.role == Role.REVIEWER


def may_deliver(post: Post, letter: IssuedLetter) -> bool:
    """Whoever sends the bureau's letters notes how they reached the proposers."""
    return post.role in DELIVERING and post.bureau_id == letter.bureau_id


def letter_or_404(post: Post, pk: int) -> IssuedLetter:
    """Return a letter that this post may read."""
    return replies.letter_or_404(post, pk)


def deliveries_visible_to(post: Post) -> QuerySet[Delivery]:
    """Return the deliveries of the letters that this post may read; proposers see their own."""
    rows: QuerySet[Delivery] = Delivery.objects.filter(copy__letter__in=replies.letters_visible_to(post))
    if post.role == Role.FILER:
        return rows.filter(copy__committee_id=post.committee_id)  # type: ignore[misc]
    return rows.filter(copy__member__user_id=post.user_id) if post.role == Role.MEMBER else rows


def own_copy_or_404(post: Post, pk: int) -> LetterCopy:
    """Return a copy that is addressed to this post itself."""
    if post.role not in PROPOSER_ROLES:
        raise Http404
    rows = LetterCopy.objects.filter(assembly_id=post.assembly_id).filter(_own(post))
    row = rows.select_related("letter__reply__proposal").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def may_read_receipt(post: Post, delivery: Delivery) -> bool:
    """A receipt may bear several names: it is for the bureau that keeps it, and for the assembly's offices."""
    if post.role in BUREAU_ROLES:
        return post.bureau_id == delivery.copy.letter.bureau_id
    return post.role in (Role.REVIEWER, Role.DISPATCHER)


def delivery_or_404(post: Post, pk: int) -> Delivery:
    """Return a delivery that this post may know of."""
    related = ("copy__letter__reply__proposal", "copy__letter__bureau", "way")
    row = deliveries_visible_to(post).select_related(*related).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def copies_visible_to(post: Post, letter: IssuedLetter) -> QuerySet[LetterCopy]:
    """Return the copies of a letter of whose delivery this post may know: proposers the own ones."""
    return replies.copies_visible_to(post, letter)


def commitments_visible_to(post: Post) -> QuerySet[Commitment]:
    """Return the promises that this post may follow: bureaus their own, proposers those made to them."""
    return _followed(post, Commitment.objects.filter(assembly_id=post.assembly_id))


def no_promises_visible_to(post: Post) -> QuerySet[NoPromise]:
    """Return the statements that there is nothing to list, of the letters whose promises this post may follow."""
    return _followed(post, NoPromise.objects.filter(assembly_id=post.assembly_id))


def _followed(post: Post, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    if post.role in BUREAU_ROLES:
        return rows.filter(bureau_id=post.bureau_id)
    if post.role in (Role.REVIEWER, Role.DISPATCHER, *PROPOSER_ROLES):
        return rows.filter(case__in=proposals.visible_to(post))
    return rows.none()


def follow_ups_visible_to(post: Post, commitment: Commitment) -> list[FollowUp]:
    """Return the follow-up letters about a promise; `mine`: the addressees whose copy this post may read."""
    rows = list(commitment.follow_ups.select_related("post__user"))
    own: set[int] | None = None
    if post.role in PROPOSER_ROLES:
        own = set(replies.copies_visible_to(post, commitment.letter).values_list("pk", flat=True))
    for row in rows:
        row.mine = [one for one in row.addressees if own is None or one["copy"] in own]
    return [row for row in rows if row.mine]


def follow_up_or_404(post: Post, pk: int) -> FollowUp:
    """Return a follow-up letter with the addressees whose copies this post may read (`mine`)."""
    promise = commitments_visible_to(post).select_related("letter").filter(follow_ups=pk).first()
    rows = follow_ups_visible_to(post, promise) if promise else []
    row = next((one for one in rows if one.pk == pk), None)
    if row is None:
        raise Http404
    return row


def may_keep_commitments(post: Post, bureau_id: int) -> bool:
    """A bureau's clerk lists what was promised, and notes how far it has come."""
    return post.role == Role.CLERK and post.bureau_id == bureau_id


def commitment_or_404(post: Post, pk: int, *, to_change: bool = False) -> Commitment:
    """Return a promise: Http404 for what one may not know of, PermissionDenied for what one may not change."""
    row = commitments_visible_to(post).select_related(*PROMISE).filter(pk=pk).first()
    if row is None:
        raise Http404
    require(not to_change or may_keep_commitments(post, row.bureau_id))
    return row


def may_read_archive(post: Post) -> bool:
    """Who keeps the files of an assembly reads the whole case as one document."""
    return post.role in (Role.REVIEWER, Role.DISPATCHER)


def may_print(post: Post) -> bool:
    """The questionnaire with its link is for those who ask and those who answer."""
    return may_ask(post) or post.role in PROPOSER_ROLES
