"""Many at once, on the database that the settings give: numbers without gap or double, one signature, one number."""

from functools import partial

import pytest

from office import clock
from office.events import first_fault
from office.workflow import Refused
from organizations.models import Bureau, Role, Session
from proposals import services as proposal_services
from proposals.models import Proposal
from replies import services as reply_services
from replies.models import Approval, IssuedLetter, LetterFile
from tests.factories import World, post
from tests.threads import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


def test_fifty_filings_at_once_leave_no_gap_and_no_double():
    world = World()
    with world.scope():
        Session.objects.update(first_number=51)
    cases = [world.submitted() for _n in range(50)]
    acts = [
        partial(proposal_services.proposal_file, proposal_id=case.pk, post=world.reviewer) for case in cases
    ]

    assert failures(at_once(world.assembly, acts)) == []

    with world.scope():
        numbers = sorted(Proposal.objects.values_list("number", flat=True))
    assert numbers == list(range(51, 101))
    assert first_fault(world.assembly.pk) is None


def test_a_filing_that_fails_leaves_no_gap():
    world = World()
    returned, filed = world.submitted(), world.submitted()
    with world.scope():
        proposal_services.proposal_return(proposal_id=returned.pk, post=world.reviewer, note="缺少建议。")
    acts = [
        partial(proposal_services.proposal_file, proposal_id=case.pk, post=world.reviewer)
        for case in (returned, filed, returned)
    ]

    results = at_once(world.assembly, acts)

    assert [type(result) for result in results] == [Refused, Proposal, Refused]
    assert world.fresh(filed).number == 1


def test_fifty_issues_at_once_leave_no_gap_and_no_double():
    world = World()
    with world.scope():
        Bureau.objects.update(first_number=6)
    replies = [world.signed() for _n in range(50)]
    today = clock.today()
    acts = [
        partial(reply_services.reply_issue, reply_id=reply.pk, post=world.sealkeeper, dated=today)
        for reply in replies
    ]

    assert failures(at_once(world.assembly, acts)) == []

    with world.scope():
        numbers = sorted(IssuedLetter.objects.values_list("number", flat=True))
        assert LetterFile.objects.count() == 50
    assert numbers == list(range(6, 56))
    assert first_fault(world.assembly.pk) is None


def test_two_leaders_signing_at_once_give_one_signature_and_one_number():
    world = World()
    reply = world.awaiting_signature()
    leaders = [world.leader, post(world.assembly, Role.LEADER, bureau=world.bureau)]
    sign = [
        partial(reply_services.reply_sign, reply_id=reply.pk, post=leader, version_seen=1)
        for leader in leaders
    ]

    results = at_once(world.assembly, sign)

    assert {type(result) for result in results} == {Approval, Refused}
    keepers = [world.sealkeeper, post(world.assembly, Role.SEALKEEPER, bureau=world.bureau)]
    issue = [
        partial(reply_services.reply_issue, reply_id=reply.pk, post=keeper, dated=clock.today())
        for keeper in keepers
    ]
    results = at_once(world.assembly, issue)

    assert {type(result) for result in results} == {IssuedLetter, Refused}
    with world.scope():
        assert Approval.objects.filter(decision="signed").count() == 1
        assert [letter.number for letter in IssuedLetter.objects.all()] == [1]


def test_one_key_clicked_twenty_times_files_once():
    world = World()
    case = world.submitted()
    act = partial(
        proposal_services.proposal_file, proposal_id=case.pk, post=world.reviewer, key="the-same-click"
    )

    results = at_once(world.assembly, [act] * 20)

    assert len(failures(results)) == 19
    assert world.fresh(case).number == 1
