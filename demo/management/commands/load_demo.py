"""`manage.py load_demo`: the demo assemblies with their cases, played through the real services.

Safe to run again: what is there stays. `--reset` starts over, and refuses where a real assembly lives.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django_scopes import scope

from demo import cast, lives, signins, whole_life
from office import clock
from organizations.models import Assembly

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = (
        "Load the demo assemblies (again: nothing changes). --reset throws the demo away and loads it anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="throw the demo away first")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is never loaded in production.")
        if options["reset"]:
            self._reset()
        if not Assembly.objects.filter(is_demo=True).exists():
            self._load()
        self._print_sign_ins()

    def _reset(self) -> None:
        if Assembly.objects.filter(is_demo=False).exists():
            raise CommandError("Not reset: this database holds an assembly that is not the demo's.")
        call_command("flush", interactive=False, verbosity=0)
        for folder in ("letters", "attachments", "outcomes", "public"):
            shutil.rmtree(Path(settings.MEDIA_ROOT) / folder, ignore_errors=True)

    def _load(self) -> None:
        self.stdout.write("Loading the demo: 70 cases are filed, answered and signed …")
        password = signins.new_password()
        facts = json.loads((DATA / "assembly.json").read_text(encoding="utf-8"))
        try:
            with translation.override("zh-hans"):
                for name, file in (("main", "proposals.json"), ("second", "proposals_second.json")):
                    load_assembly(
                        facts[name], json.loads((DATA / file).read_text(encoding="utf-8")), password
                    )
        except BaseException:
            # A load that breaks leaves nothing half-made behind.
            self._reset()
            raise
        signins.keep(password)

    def _print_sign_ins(self) -> None:
        self.stdout.write(f"\nSign in with the password {signins.kept_or_renewed()} as:")
        for role, username, who in signins.table():
            self.stdout.write(f"  {role:<11} {username:<10} {who}")


def load_assembly(facts: dict[str, Any], cases: list[dict[str, Any]], password: str) -> None:
    """Open one assembly and let its cases happen, session by session."""
    assembly = cast.assembly_from(facts)
    with scope(assembly=assembly):
        cast.people_from(assembly, facts["people"], password)
        for session in facts["sessions"]:
            cast.session_opens(assembly, session)
            ours = [case for case in cases if case["session"] == session["name"]]
            _play(ours, cast.Cast(assembly), is_first=session["first_number"] > 1)


def _play(cases: list[dict[str, Any]], players: cast.Cast, *, is_first: bool) -> None:
    """`is_first`: the session of the published case, whose days are those of 2021."""
    places: dict[str, int] = {}
    together: list[lives.Life] = []
    for case in cases:
        place = places[case["state"]] = places.get(case["state"], -1) + 1
        case |= {"is_sample": is_first, "place": place}
        days = lives.sample_days() if is_first else lives.days_of(case, place, clock.today())
        together.append(lives.life_of(case, len(together), days, players))
    if cases and players.members() and not is_first:
        together += whole_life.lives(players, clock.today())
    lives.play(together)
