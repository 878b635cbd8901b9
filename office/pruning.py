"""What the office forgets: notices long read, messages that went out, keys of reminders. The log is never touched.

These rows are no record of a case (the log is): they say that somebody was told. So how long they are kept is no
rule of an assembly and stands here.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Q

from office import clock
from office.models import Notice, Outgoing, Reminder

if TYPE_CHECKING:
    from organizations.models import Assembly

# A quarter: whoever was away for a long leave still finds on the desk what was read there before.
READ_NOTICES = dt.timedelta(days=90)
# Long enough to answer “did that mail go out?” and to see why one did not.
MESSAGES = dt.timedelta(days=30)
# A year and a month: no reminder that staff can sensibly set runs longer before its date.
REMINDERS = dt.timedelta(days=400)


def prune(assembly: "Assembly") -> int:
    """Delete an assembly's rows that nobody needs any more; return how many. Run by the clock."""
    now = clock.now()
    gone = Q(sent_at__lt=now - MESSAGES) | Q(failed_at__lt=now - MESSAGES)
    old = [
        Outgoing.objects.filter(gone, assembly=assembly),
        Notice.objects.filter(assembly=assembly, read_at__lt=now - READ_NOTICES),
        Reminder.objects.filter(assembly=assembly, at__lt=now - _reminders_kept(assembly)),
    ]
    return sum(rows.delete()[0] for rows in old)


def _reminders_kept(assembly: "Assembly") -> dt.timedelta:
    """A key still says “given” as long as its reminder is the one that is due, so it outlives the longest wait."""
    waits = [int(part) for part in assembly.reminder_days.split(",") if part]
    return max(REMINDERS, dt.timedelta(days=max([*waits, assembly.overdue_every]) + 1))
