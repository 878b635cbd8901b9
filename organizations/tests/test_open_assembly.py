"""`manage.py open_assembly`: an assembly and three people who can sign in, or nothing at all."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from organizations.models import Assembly
from organizations.posts import posts_of

FACTS = ["430611", "中国人民政治协商会议岳阳市君山区委员会", "区政协", "君山区"]
PEOPLE = {"sysadmin": "li", "secadmin": "wang", "auditor": "zhao"}


def open_assembly(*facts: str, **people: str) -> str:
    said = StringIO()
    call_command("open_assembly", *(facts or FACTS), **(PEOPLE | people), stdout=said)
    return said.getvalue()


def test_it_opens_an_assembly_with_three_administrators(db):
    lines = open_assembly().splitlines()
    assembly = Assembly.objects.get(code="430611")
    assert lines[0] == "430611 中国人民政治协商会议岳阳市君山区委员会"
    for line, (role, username) in zip(lines[1:], PEOPLE.items(), strict=True):
        _role, name, password = line.rsplit(" ", 2)
        assert name == username
        (post,) = posts_of(User.objects.get(username=username))
        assert (post.role, post.assembly) == (role, assembly)
        client = Client()
        client.post(reverse("account_login"), {"login": username, "password": password})
        assert client.get(reverse("desk:home")).status_code == 200


@pytest.mark.parametrize(
    ("facts", "people"),
    [
        (["43", *FACTS[1:]], {}),
        (FACTS, {"auditor": "li"}),
        (FACTS, {"auditor": "known"}),
        (FACTS, {"auditor": "two words"}),
    ],
)
def test_a_mistake_opens_nothing(db, facts: list[str], people: dict[str, str]):
    User.objects.create_user("known", name="已有之人")
    with pytest.raises(CommandError):
        open_assembly(*facts, **people)
    assert not Assembly.objects.exists()
    assert User.objects.count() == 1


def test_a_code_is_opened_once(db):
    open_assembly()
    with pytest.raises(CommandError):
        open_assembly(sysadmin="a", secadmin="b", auditor="c")
    assert Assembly.objects.count() == 1
