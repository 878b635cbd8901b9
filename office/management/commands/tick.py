"""`manage.py tick`: reminders, the daily mail and the queue. Run it every few minutes (docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from office import tick


class Command(BaseCommand):
    help = (
        "Do what falls due: each job for each assembly, the daily mail, mail and webhook. One run at a time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if failures := tick.run(self.stdout.write):
            raise CommandError(f"{failures} job(s) failed; the log says why")
