"""A batch of letters: each is issued once whatever happens, and what goes into the post holds every one."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.urls import reverse

from issuing import papers, policies, selectors, services, worker
from issuing.models import LEASE, Batch, BatchItem
from office import clock
from office.models import Event
from office.workflow import Refused
from replies.models import IssuedLetter
from tests.factories import World, bureau, post
from tests.threads import at_once

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.LANGUAGE_CODE = "en"


def begun(world: World, count: int = 3) -> Batch:
    with world.scope():
        replies = [world.signed() for _ in range(count)]
        return services.batch_begin(replies=replies, dated=clock.today(), post=world.sealkeeper)


def numbers(world: World) -> list[int]:
    with world.scope():
        return sorted(IssuedLetter.objects.values_list("number", flat=True))


@pytest.fixture
def unstarted(monkeypatch):
    """The page's own thread stays out of it: the workers of the test do the work."""
    monkeypatch.setattr(worker, "start", lambda *_batch: None)


@pytest.fixture
def world(db):
    return World()


def test_every_letter_is_issued_once_in_the_order_of_the_batch(world):
    batch = begun(world, 4)
    with world.scope():
        assert worker.run(batch.pk, batch.assembly_id) == 4
        assert worker.run(batch.pk, batch.assembly_id) == 0
        assert world.fresh(batch).state == "done"
        items = list(selectors.items_of(batch))
        assert [item.letter.number for item in items] == [1, 2, 3, 4]
        assert Event.objects.filter(act="reply.issue").count() == 4


def test_what_cannot_be_issued_is_named_and_the_rest_goes_on(world):
    batch = begun(world, 3)
    with world.scope():
        second = batch.items.get(order=2)
        from replies import services as replies

        replies.reply_return(
            reply_id=second.reply_id, post=world.leader, step="issue_return", note="有一处要改"
        )
        assert worker.run(batch.pk, batch.assembly_id) == 2
        found = selectors.progress_of(batch)
        assert (found.issued, found.refused, found.left, found.percent) == (2, 1, 0, 100)
        assert world.fresh(second).said
    assert numbers(world) == [1, 2]


def test_stopped_and_gone_on_with(world):
    batch = begun(world, 2)
    with world.scope():
        services.batch_stop(batch=batch, post=world.sealkeeper)
        assert worker.run(batch.pk, batch.assembly_id) == 0
        assert selectors.to_do(world.sealkeeper)
        services.batch_go_on(batch=batch, post=world.sealkeeper)
        assert worker.run(batch.pk, batch.assembly_id) == 2
        with pytest.raises(Refused):
            services.batch_go_on(batch=batch, post=world.sealkeeper)
        assert not selectors.to_do(world.sealkeeper)


def test_a_reply_is_in_one_batch_only(world):
    batch = begun(world, 1)
    with world.scope():
        reply = batch.items.get().reply
        with pytest.raises(Refused):
            services.batch_begin(replies=[reply], dated=clock.today(), post=world.sealkeeper)


def test_only_the_own_seal_keeper_issues(world):
    batch = begun(world, 1)
    with world.scope():
        other = post(world.assembly, "sealkeeper", bureau=bureau(world.assembly))
        with pytest.raises(Http404):
            services.batch_stop(batch=batch, post=other)
        with pytest.raises(PermissionDenied):
            services.batch_stop(batch=batch, post=world.clerk)
        assert not policies.visible_to(other).exists()
        assert not policies.visible_to(world.reviewer).exists()


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_issue_each_letter_once(unstarted):
    world = World()
    batch = begun(world, 3)
    issued = at_once(world.assembly, [lambda: worker.run(batch.pk, batch.assembly_id)] * 6)
    assert sum(issued) == 3
    assert numbers(world) == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path, unstarted):
    """A real process, killed with -9 in the middle; another one takes over when its lease has run out."""
    world = World()
    batch = begun(world, 8)
    process = _worker_process(tmp_path)
    _wait_until(lambda: len(numbers(world)) >= 2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = numbers(world)
    with world.scope():
        assert not worker.run(batch.pk, batch.assembly_id), "the lease still holds"
        assert not world.fresh(batch).is_idle
        with clock.at(clock.now() + 2 * LEASE):
            assert world.fresh(batch).is_idle
            worker.run(batch.pk, batch.assembly_id)
        assert world.fresh(batch).state == "done"
        assert not BatchItem.objects.exclude(state="issued").exists()
        assert len(list(papers.pdfs_of(selectors.copies_of(batch)))) == 8
    assert 2 <= len(before) < 8
    assert numbers(world) == list(range(1, 9))


def _worker_process(media: Path) -> subprocess.Popen:
    own = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{own['NAME']}"
    else:
        url = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    env = os.environ | {"DATABASE_URL": url, "MEDIA_ROOT": str(media)}
    return subprocess.Popen([sys.executable, str(ROOT / "manage.py"), "run_batches"], env=env, cwd=ROOT)


def _wait_until(holds) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "the worker did nothing"
        time.sleep(0.02)


def test_the_post_holds_every_letter(world):
    batch = begun(world, 3)
    with world.scope():
        worker.run(batch.pk, batch.assembly_id)
        copies = selectors.copies_of(batch)
        with pikepdf.open(io.BytesIO(papers.print_pdf(copies))) as pdf:
            assert len(pdf.pages) % 2 == 0
        names = zipfile.ZipFile(io.BytesIO(papers.archive_zip(copies))).namelist()
        assert len(set(names)) == 3
        assert all(str(copy.letter) in name for copy, name in zip(copies, names, strict=True))
        envelopes = papers.envelopes_pdf(batch, copies)
        listed = papers.deliveries_pdf(batch, copies)
    assert [str(copy.letter) in page for copy, page in zip(copies, _pages(envelopes), strict=True)] == [
        True
    ] * 3
    assert all(str(copy.letter) in "".join(_pages(listed)) for copy in copies)


def _pages(pdf: bytes) -> list[str]:
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.django_db(transaction=True)
def test_the_page_begins_shows_and_prints(client):
    world = World()
    with world.scope():
        replies = [world.signed() for _ in range(2)]
    client.force_login(world.sealkeeper.user)
    page = client.get(reverse("issuing:begin"))
    assert page.content.decode().count('name="reply"') == 2
    with world.scope():
        batch = services.batch_begin(replies=replies, dated=clock.today(), post=world.sealkeeper)
    _wait_until(lambda: world.fresh(batch).state == "done")
    shown = client.get(batch.get_absolute_url()).content.decode()
    assert "2 of 2 letters issued" in shown
    assert client.get(reverse("issuing:progress", args=[batch.pk]))["HX-Refresh"] == "true"
    for what in ("letters", "files", "envelopes", "deliveries"):
        assert client.get(reverse("issuing:paper", args=[batch.pk, what])).status_code == 200
    assert client.get(reverse("issuing:paper", args=[batch.pk, "other"])).status_code == 404
