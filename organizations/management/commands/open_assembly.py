"""`manage.py open_assembly`: the first act on a fresh database, an assembly with its three administrators."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from office.workflow import Refused
from organizations import services
from organizations.models import ADMIN_ROLES, Assembly, Post


class Command(BaseCommand):
    help = (
        "Open an assembly with the default lists, deadline rules, calendar and letter profile, and accounts "
        "for its administrators, who must be three different people: the system administrator sets up "
        "sessions, committees, bureaus and lists; the security administrator opens all other accounts and "
        "gives posts; the auditor reads the event log. The initial passwords are printed once and stored "
        "nowhere. Either everything is opened or nothing. Example: manage.py open_assembly 430611 "
        "中国人民政治协商会议岳阳市君山区委员会 区政协 君山区 --sysadmin li --secadmin wang --auditor zhao"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="division code, six to twelve digits, such as 430611")
        parser.add_argument("name", help="full name of the assembly")
        parser.add_argument("short_name", metavar="short", help="short name, such as 区政协")
        parser.add_argument("place", help="the place as letters name it, such as 君山区")
        for role in ADMIN_ROLES:
            told = f"user name of a new account: {role.label}"
            parser.add_argument(f"--{role}", required=True, metavar="USERNAME", help=told)

    def handle(self, *args: Any, **options: Any) -> None:
        facts = {name: options[name] for name in ("code", "name", "short_name", "place")}
        passwords = {options[role]: services.new_password() for role in ADMIN_ROLES}
        if len(passwords) < len(ADMIN_ROLES):
            raise CommandError("The three administrators must be three different people.")
        try:
            with transaction.atomic():
                assembly = services.assembly_open(**facts)
                for role in ADMIN_ROLES:
                    _open_administrator(assembly, role, options[role], passwords[options[role]])
        except (ValidationError, Refused) as wrong:
            raise CommandError(_sentence(wrong)) from None
        self.stdout.write(f"{assembly.code} {assembly.name}")
        for role in ADMIN_ROLES:
            self.stdout.write(f"{role.label}: {options[role]} {passwords[options[role]]}")


def _open_administrator(assembly: Assembly, role: str, username: str, password: str) -> None:
    post = Post(assembly=assembly, role=role)
    services.person_open(by=None, username=username, name=username, password=password, first_post=post)


def _sentence(wrong: ValidationError | Refused) -> str:
    return " ".join(wrong.messages) if isinstance(wrong, ValidationError) else str(wrong)
