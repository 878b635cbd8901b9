"""Questions of the page where a leader signs several replies: what waits, and which of it was opened."""

from dataclasses import dataclass

from office import clock
from office.calendar import Days, Lamp
from office.workflow import Refused
from organizations.models import Post, Role
from proposals.selectors import lamp_of
from replies import selectors
from replies.models import Remark, Reply, ReplyVersion
from replies.sign_many_services import refuse_unseen


@dataclass(frozen=True)
class Waiting:
    """One reply that awaits a signature: `why_not` says why it cannot be chosen, and is empty once it was opened."""

    reply: Reply
    version: ReplyVersion
    lamp: Lamp | None
    remarks: int
    why_not: str

    @property
    def value(self) -> str:
        """What its checkbox sends."""
        return f"{self.reply.pk}:{self.version.number}"


def waiting_for(post: Post) -> list[Waiting]:
    """Return what awaits this leader's signature, nearest date first; own words wait for somebody else's."""
    if post.role != Role.LEADER:
        return []
    related = ("proposal__committee", "proposal__member__user", "proposal__session", "proposal__assembly")
    rows = selectors.to_do_rows(post)[0].select_related(*related, "assignment", "bureau", "clerk__user")
    rows = rows.select_related("result_class", "disclosure").order_by("assignment__due_on", "pk")
    days = Days.of(post.assembly_id)
    newest = selectors.newest_of(rows)
    return [_waiting(reply, newest[reply.pk], post, days) for reply in rows if reply.pk in newest]


def _waiting(reply: Reply, version: ReplyVersion, post: Post, days: Days) -> Waiting:
    open_remarks = Remark.objects.filter(reply=reply, is_open=True).count()
    lamp = lamp_of(reply.assignment, days, clock.today())
    return Waiting(reply, version, lamp, open_remarks, _why_not(reply, post))


def _why_not(reply: Reply, post: Post) -> str:
    try:
        refuse_unseen(reply, post)
    except Refused as refusal:
        return str(refusal)
    return ""


def together(post: Post, reply: Reply) -> dict[str, int]:
    """Return how many replies wait beside this one and how many were opened; nothing where it is the only one."""
    rows = waiting_for(post)
    if len(rows) < 2 or reply.pk not in {row.reply.pk for row in rows}:
        return {}
    return {"total": len(rows), "opened": sum(not row.why_not for row in rows)}
