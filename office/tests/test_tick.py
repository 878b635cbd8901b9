"""The clockwork: each job in its own transaction, one run at a time, nothing twice."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from office import clock, notices, tick
from office.models import Notice, Reminder, TickLock
from tests import factories
from tests.told import chooses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]


@pytest.fixture(autouse=True)
def jobs(monkeypatch):
    monkeypatch.setattr(tick, "JOBS", [])
    return tick.JOBS


def run() -> str:
    out = StringIO()
    call_command("tick", stdout=out)
    return out.getvalue()


def reminding(world, case):
    def remind(assembly) -> int:
        if assembly != world.assembly or not notices.once(assembly.pk, f"due:{case.pk}"):
            return 0
        return notices.notify(
            kind="test.said",
            thread=f"proposal:{case.pk}",
            posts=[world.dispatcher],
            url="/",
            who="",
            title="",
        )

    return remind


def test_two_runs_send_once(world, jobs, mailoutbox):
    chooses(world.dispatcher, "mail")
    jobs.append(("reminders", reminding(world, world.filed())))
    assert run() == "reminders: 1 done\ndaily mail: 0 gathered\nmail and webhook: 1 done\n"
    assert run() == "reminders: 0 done\ndaily mail: 0 gathered\nmail and webhook: 0 done\n"
    assert len(mailoutbox) == 1


def test_a_job_that_fails_takes_back_its_own_and_nothing_else(world, jobs):
    factories.World()
    case = world.filed()

    def broken(assembly) -> int:
        notices.once(assembly.pk, "half")
        if assembly == world.assembly:
            raise ZeroDivisionError
        return 1

    jobs += [("broken", broken), ("reminders", reminding(world, case))]
    out = StringIO()
    with pytest.raises(CommandError, match="1 job"):
        call_command("tick", stdout=out)
    assert "broken: 1 done, 1 failed\nreminders: 1 done\n" in out.getvalue()
    with world.scope():
        assert not Reminder.objects.filter(key="half").exists()
        assert Notice.objects.count() == 1


def test_one_run_at_a_time_and_a_dead_one_does_not_block_for_ever(jobs):
    seen = []

    def nested(assembly) -> int:
        seen.append(run())
        return 1

    jobs.append(("nested", nested))
    factories.assembly()
    run()
    assert seen == ["another run is at work; nothing was done\n"]
    TickLock.objects.update(until=clock.now() + tick.HOLD)
    assert "another run" in run()
    with clock.at(clock.now() + tick.HOLD + dt.timedelta(seconds=1)):
        assert "mail and webhook" in run()
    assert len(seen) == 2
