"""`manage.py verify_letters`: every digest of letters, opinions and public copies anew; names what was altered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from organizations.models import Assembly
from portal import verify as public
from replies import verify as replies


class Command(BaseCommand):
    help = (
        "Compute every digest of letters, opinions and public copies anew; exit 1 and name what was altered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assembly", metavar="CODE", help="only the assembly with this code")
        parser.add_argument(
            "--no-render",
            action="store_false",
            dest="render",
            help="quick: do not set each letter anew to hold its PDF against its facts",
        )

    def handle(self, *args: Any, assembly: str | None, render: bool, **options: Any) -> None:
        rows = Assembly.objects.order_by("code")
        chosen = list(rows.filter(code=assembly) if assembly else rows)
        if assembly and not chosen:
            raise CommandError(_("There is no assembly with the code %s.") % assembly)
        altered = sum(self._check(one, render=render) for one in chosen)
        if altered:
            told = ngettext("%(n)d thing was altered.", "%(n)d things were altered.", altered)
            raise CommandError(told % {"n": altered})

    def _check(self, assembly: Assembly, *, render: bool) -> int:
        """Tell what is wrong in one assembly; return how much was altered."""
        self.letters = 0
        found = [
            *replies.faults_in(assembly.pk, render=render, each=self._counted),
            *public.faults_in(assembly.pk, render=render),
        ]
        altered = sum(not fault.is_note for fault in found)
        verdict = (
            pgettext("letters checked", "whole") if not altered else pgettext("letters checked", "ALTERED")
        )
        told = ngettext("%(n)d letter", "%(n)d letters", self.letters) % {"n": self.letters}
        self.stdout.write(f"{assembly.code} {assembly.name} · {told} · {verdict}")
        for fault in found:
            note, changed = pgettext("letters checked", "note"), pgettext("letters checked", "ALTERED")
            mark = note if fault.is_note else changed
            self.stdout.write(f"  {mark} · {fault.where} · {fault.what}")
        return altered

    def _counted(self) -> None:
        self.letters += 1
