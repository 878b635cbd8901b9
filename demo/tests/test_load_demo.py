"""The demo: 65 cases in every state, the sample as number 51, safe to load again, never beside a real assembly."""

import io
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope, scopes_disabled

from accounts.models import User
from demo import signins
from office.events import first_fault
from organizations.models import Assembly, Bureau, Committee, Post, Role
from proposals.models import Proposal
from proposals.workflow import ProposalState
from replies.models import IssuedLetter, LetterCopy, LetterFile, Reply
from replies.workflow import ReplyState
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def own_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def load(*arguments):
    told = io.StringIO()
    call_command("load_demo", *arguments, stdout=told)
    return told.getvalue()


def test_the_demo_holds_what_it_promises_and_can_be_loaded_again(own_var, client):
    told = load()
    again = load()

    main, second = Assembly.objects.order_by("code")
    with scope(assembly=main):
        assert (Committee.objects.count(), Bureau.objects.count(), Proposal.objects.count()) == (8, 12, 65)
        assert set(Proposal.objects.values_list("state", flat=True)) == set(ProposalState.values)
        assert set(Reply.objects.values_list("state", flat=True)) == set(ReplyState.values)
        assert set(Post.objects.values_list("role", flat=True)) == set(Role.values)
        sample = Proposal.objects.get(title="推进协商民主，优化基层自治")
        letter = IssuedLetter.objects.get(reply__proposal=sample)
        assert (sample.number, sample.session.name, letter.dated.isoformat()) == (
            51,
            "五届五次会议",
            "2021-05-25",
        )
        assert IssuedLetter.objects.count() == 11
        assert LetterFile.objects.count() == LetterCopy.objects.count() == 14
        numbers = Counter(Proposal.objects.exclude(number=None).values_list("session", "number"))
        assert max(numbers.values()) == 1
    with scope(assembly=second):
        assert Proposal.objects.count() == 5
    assert first_fault(main.pk) is first_fault(second.pk) is None
    password = signins.kept_or_renewed()
    assert password in told
    assert password in again
    for _role, username, _who in signins.table():
        assert client.login(username=username, password=password)


def test_reset_refuses_where_a_real_assembly_lives(own_var):
    factories.assembly()
    with pytest.raises(CommandError, match="not the demo's"):
        load("--reset")
    with scopes_disabled():
        assert Assembly.objects.count() == 1


def test_a_lost_password_file_means_a_new_password_for_the_demo_only(own_var):
    real = factories.post(factories.assembly(), Role.REVIEWER).user
    demo = factories.post(factories.assembly(is_demo=True), Role.REVIEWER).user

    password = signins.kept_or_renewed()

    assert User.objects.get(pk=demo.pk).check_password(password)
    assert not User.objects.get(pk=real.pk).check_password(password)
