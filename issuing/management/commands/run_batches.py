"""`manage.py run_batches`: goes on with batches that nobody is working at. Safe to run again, by cron or a timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django_scopes import scopes_disabled

from issuing import worker
from issuing.models import Batch


class Command(BaseCommand):
    help = "Go on with batches of letters that were broken off."

    def handle(self, *args: Any, **options: Any) -> None:
        with scopes_disabled():
            idle = [batch for batch in Batch.objects.filter(state=Batch.State.RUNNING) if batch.is_idle]
        for batch in idle:
            issued = worker.run(batch.pk, batch.assembly_id)
            self.stdout.write(f"batch {batch.pk}: {issued} issued")
