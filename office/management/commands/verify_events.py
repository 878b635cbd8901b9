"""`manage.py verify_events`: walk every assembly's event chain and name the first bad row."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from office.events import first_fault


class Command(BaseCommand):
    help = "Check the event log of every assembly; exit 1 and name the first bad row where one is found."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for assembly in apps.get_model("organizations", "Assembly").objects.order_by("code"):
            fault = first_fault(assembly.pk)
            faults += fault is not None
            verdict = f"row {fault.sequence}: {fault.reason}" if fault else "whole"
            self.stdout.write(f"{assembly.code} {assembly.name}: {verdict}")
        if faults:
            raise CommandError(f"{faults} event log(s) are not whole")
