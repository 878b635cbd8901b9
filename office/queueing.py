"""The queue's entry: which of these notices also leave the house, and when. Written with the notices themselves."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from office import clock
from office.models import Notice, NoticeChoice, Outgoing

DIGEST_HOUR = 8
CHANNEL_OF = {
    NoticeChoice.Way.MAIL: Outgoing.Channel.MAIL,
    NoticeChoice.Way.DIGEST: Outgoing.Channel.DIGEST,
}


def enqueue(notices: Iterable[Notice], group: str) -> None:
    """Queue new notices of one group, all of one assembly, in the caller's transaction.

    One mail a person, however many posts the person holds; one message for the webhook.
    """
    of_user: dict[int, list[Notice]] = defaultdict(list)
    for notice in notices:
        of_user[notice.post.user_id].append(notice)
    chosen = NoticeChoice.objects.filter(user__in=of_user, group=group).exclude(user__email="")
    ways = dict(chosen.exclude(way=NoticeChoice.Way.DESK).values_list("user", "way"))
    rows = [_row(of_user[user], CHANNEL_OF[NoticeChoice.Way(way)], user) for user, way in ways.items()]
    if settings.NOTICE_WEBHOOK_URL and of_user:
        rows.append(_row([n for some in of_user.values() for n in some], Outgoing.Channel.WEBHOOK, None))
    Outgoing.objects.bulk_create(rows)


def next_digest() -> dt.datetime:
    """Return the next 8 o'clock of the office's time zone."""
    now = timezone.localtime(clock.now())
    today = now.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if now < today else today + dt.timedelta(days=1)


def _row(notices: list[Notice], channel: Outgoing.Channel, user_id: int | None) -> Outgoing:
    return Outgoing(
        assembly_id=notices[0].assembly_id,
        user_id=user_id,
        channel=channel,
        notices=[notice.pk for notice in notices],
        next_try=next_digest() if channel == Outgoing.Channel.DIGEST else clock.now(),
    )
