"""The way out of the house: mail and webhook from one queue (docs/decisions/0009-outgoing.md).

A row names notices. Their text is made when it is sent, so that the guard, the post and the person are asked again.
"""

import datetime as dt
import hashlib
import hmac
import json
import logging
import urllib.request
from collections import defaultdict
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scope, scopes_disabled

from accounts.models import User
from office import clock
from office.models import Notice, Outgoing
from office.notices import sentence, visible

log = logging.getLogger(__name__)

# Minutes until the next try, after the first, the second … failure; after the last one it is given up.
WAITS = (1, 5, 30, 120, 720)
# A server that is down costs a run no more than so many waits; the rest stays for the next run.
FAILURES_A_RUN = 3
SUBJECT_MARK = "[答复]"


def gather_digests() -> int:
    """Turn what waited for the daily mail into one mail a person and assembly; return how many."""
    gathered: dict[tuple[int, int], list[Outgoing]] = defaultdict(list)
    with scopes_disabled(), transaction.atomic():
        for row in _due().filter(channel=Outgoing.Channel.DIGEST, user__isnull=False).order_by("pk"):
            gathered[row.assembly_id, row.user_id or 0].append(row)
        for (assembly_id, user_id), rows in gathered.items():
            Outgoing.objects.create(
                assembly_id=assembly_id,
                user_id=user_id,
                channel=Outgoing.Channel.MAIL,
                notices=[key for row in rows for key in row.notices],
                next_try=clock.now(),
            )
            Outgoing.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(gathered)


def send_due() -> tuple[int, int]:
    """Send what is due; return how many messages were dealt with and how many failed this time."""
    with scopes_disabled():
        rows = list(_due().exclude(channel=Outgoing.Channel.DIGEST).select_related("user", "assembly"))
    done, failed = 0, dict.fromkeys(Outgoing.Channel.values, 0)
    for row in rows:
        if failed[row.channel] < FAILURES_A_RUN and _claim(row):
            if _try(row):
                done += 1
            else:
                failed[row.channel] += 1
    return done, sum(failed.values())


def _due() -> QuerySet[Outgoing]:
    waiting = Outgoing.objects.filter(sent_at=None, failed_at=None, next_try__lte=clock.now())
    return waiting.order_by("next_try", "pk")


def _claim(row: Outgoing) -> bool:
    """Count the try before it is made, so that no second run makes the same one."""
    last = row.tries >= len(WAITS)
    again = clock.now() + dt.timedelta(minutes=WAITS[-1 if last else row.tries])
    with scopes_disabled():
        mine = Outgoing.objects.filter(pk=row.pk, tries=row.tries, sent_at=None, failed_at=None)
        claimed = mine.update(tries=row.tries + 1, next_try=again)
    row.tries += 1
    return bool(claimed)


def _try(row: Outgoing) -> bool:
    try:
        with scope(assembly=row.assembly):
            notices = _still_told(row)
            if notices:
                _send_mail(row.user, notices) if row.user else _call_webhook(row, notices)
    except Exception as fault:  # whatever is wrong with one message, the others go out
        _note_failure(row, fault)
        return False
    with scopes_disabled():
        Outgoing.objects.filter(pk=row.pk).update(sent_at=clock.now(), error="")
    return True


def _note_failure(row: Outgoing, fault: Exception) -> None:
    given_up = row.tries > len(WAITS)
    log.log(
        logging.ERROR if given_up else logging.WARNING,
        "%s %s, try %s: %s",
        row.channel,
        row.pk,
        row.tries,
        fault,
    )
    with scopes_disabled():
        Outgoing.objects.filter(pk=row.pk).update(
            error=f"{type(fault).__name__}: {fault}"[:300], failed_at=clock.now() if given_up else None
        )


def _still_told(row: Outgoing) -> list[Notice]:
    """The row's notices that may go out now; by mail only what was not read on the desk in the meantime."""
    rows = Notice.objects.filter(pk__in=row.notices)
    if row.channel == Outgoing.Channel.MAIL:
        rows = rows.filter(read_at=None)
    posts = apps.get_model("organizations", "Post").objects.held().filter(user__is_active=True)
    told: list[Notice] = []
    for post in posts.filter(pk__in=rows.values("post")).order_by("pk"):
        told += visible(rows.filter(post=post).select_related("post__user"), post)
    return sorted(told, key=lambda notice: notice.pk)


def _send_mail(user: User, notices: list[Notice]) -> None:
    if not user.email:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        # Two posts of one person are told the same: once is enough in a mail.
        lines = list(dict.fromkeys((sentence(notice), _absolute(notice.url)) for notice in notices))
        about = lines[0][0]
        if len(lines) > 1:
            about = ngettext("%(n)s notice", "%(n)s notices", len(lines)) % {"n": len(lines)}
        parts = [f"{text}\n{link}".strip() for text, link in lines]
        page = _absolute(reverse("office:notice_settings"))
        parts.append(_("You chose to get this by e-mail. Change it here:") + f"\n{page}")
        mail.send_mail(
            f"{SUBJECT_MARK} {about}", "\n\n".join(parts) + "\n", settings.DEFAULT_FROM_EMAIL, [user.email]
        )


def _call_webhook(row: Outgoing, notices: list[Notice]) -> None:
    """Post the notices as JSON, signed over the very bytes; the same id again is the same message."""
    if not settings.NOTICE_WEBHOOK_URL:
        return
    with translation.override(settings.LANGUAGE_CODE):
        told = [_as_json(notice) for notice in notices]
    message = {"id": row.pk, "assembly": row.assembly.code, "notices": told}
    body = json.dumps(message, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310 - the address is the administrator's own
        settings.NOTICE_WEBHOOK_URL,
        data=body,
        headers={"Content-Type": "application/json; charset=utf-8", "X-Dafu-Signature": signature(body)},
    )
    with urllib.request.urlopen(request, timeout=settings.EMAIL_TIMEOUT):  # noqa: S310
        pass


def signature(body: bytes) -> str:
    """Return the header that proves who sent a webhook's body: sha256=<HMAC in hexadecimal>."""
    secret = settings.NOTICE_WEBHOOK_SECRET.encode()
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def _as_json(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "user": notice.post.user.username,
        "name": notice.post.user.name,
        "text": sentence(notice),
        "url": _absolute(notice.url),
        "at": notice.at.isoformat(),
    }


def _absolute(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url else ""
