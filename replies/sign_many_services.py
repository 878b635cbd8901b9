"""Several signatures at once: each is its own act, and only for a version that this very person had open."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from office import clock
from office.acts import AlreadyDone, act, refuse_stale
from office.workflow import Refused
from organizations.models import Post
from proposals import services as proposal_services
from replies import letters, policies, services
from replies.models import Approval, Reply, ReplyLook
from replies.workflow import ReplyState

# A reply's key and the number of the version that is to be signed.
Chosen = tuple[int, int]
LONGEST_KEY = 40


@dataclass(frozen=True)
class Outcome:
    """What became of one chosen reply: signed, or why not."""

    reply: int
    number: int | None
    title: str
    version: int
    is_signed: bool
    why: str = ""

    def facts(self) -> dict[str, Any]:
        """Return it as plain values, to be kept in a session."""
        return asdict(self)


def look(*, reply: Reply, post: Post) -> None:
    """Note that this person has the version before them that awaits their signature, and the letter it makes."""
    version = reply.newest
    if (
        version is None
        or reply.state != ReplyState.AWAITING_SIGNATURE
        or not policies.may(post, "sign", reply)
    ):
        return
    reply.reader = post
    digest = letters.signed_digest(reply)
    seen, is_new = ReplyLook.objects.get_or_create(
        assembly_id=reply.assembly_id,
        version=version,
        user_id=post.user_id,
        defaults={"facts_sha256": digest, "at": clock.now()},
    )
    if not is_new and seen.facts_sha256 != digest:
        seen.facts_sha256, seen.at = digest, clock.now()
        seen.save(update_fields=["facts_sha256", "at"])


def refuse_unseen(reply: Reply, post: Post) -> None:
    """Refuse a version that this person never opened, and a letter that reads otherwise since they did."""
    seen = ReplyLook.objects.filter(version=reply.newest, user_id=post.user_id).first()
    if seen is None:
        raise Refused(_("You have not opened this version yet: read it first."))
    reply.reader = post
    if seen.facts_sha256 != letters.signed_digest(reply):
        raise Refused(_("The letter was changed since you opened it: read it again."))


def sign_many(*, post: Post, chosen: Iterable[Chosen], proof: str = "", key: str = "") -> list[Outcome]:
    """Sign each of these versions, one after the other, and return what became of each.

    One that is refused does not hold up the others. What the post may not know of is left out without a word.
    """
    return list(_signed(post, dict(chosen), proof, key))


def _signed(post: Post, versions: dict[int, int], proof: str, key: str) -> Iterator[Outcome]:
    rows = policies.visible_to(post).filter(pk__in=versions).select_related("proposal")
    found = {reply.pk: reply for reply in rows}
    for pk, version in versions.items():
        if pk in found:
            why = _why_not(pk, version, post, proof, f"{key}-{pk}"[-LONGEST_KEY:] if key else "")
            case = found[pk].proposal
            yield Outcome(pk, case.number, case.short_title, version, not why, why)


def _why_not(pk: int, version: int, post: Post, proof: str, key: str) -> str:
    """Sign one; return why it was refused, nothing when it is signed."""
    try:
        sign_seen(reply_id=pk, post=post, version_seen=version, proof=proof, key=key)
    except AlreadyDone:
        return ""
    except Refused as refusal:
        return str(refusal)
    except PermissionDenied:
        return _("You may not sign this one: you wrote in it, or it is for somebody else to sign.")
    return ""


def sign_seen(*, reply_id: int, post: Post, version_seen: int, proof: str = "", key: str = "") -> Approval:
    """Sign the newest version, if it is the one that was chosen and this person had it open."""
    with act(post=post, key=key):
        proposal_services.locked(Reply.objects.values_list("proposal_id", flat=True).get(pk=reply_id))
        reply = policies.visible_to(post).get(pk=reply_id)
        policies.require(post, "sign", reply)
        newest = reply.newest
        refuse_stale(version_seen, newest.number if newest else 0)
        if reply.state == ReplyState.AWAITING_SIGNATURE:  # else the table says what it stands at
            refuse_unseen(reply, post)
        return services.reply_sign(reply_id=reply_id, post=post, version_seen=version_seen, proof=proof)
