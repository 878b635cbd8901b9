"""Files that go with a proposal: what is taken, what is refused with which words, who may fetch them."""

import io
import shutil
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.models import Role
from proposals import services
from proposals.checks import attachment_fault
from proposals.models import Attachment
from tests.factories import World, committee, post

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00\x01\x00\x00\x00" + bytes(200)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
MB = 1024 * 1024
NAME = "村级照料现状，附表（二）.pdf"


@pytest.fixture
def draft(world):
    return world.draft()


@pytest.fixture
def filer(world, browser):
    return browser(world.filer)


def send(client, draft, *files, **typed):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    data = {"upload": uploads, "version_seen": draft.lock_version} | typed
    return client.post(reverse("proposals:edit", args=[draft.pk]), data)


def attached(world, draft):
    with world.scope():
        return list(draft.attachments.all())


def attach(world, draft, name=NAME, content=PDF):
    with world.scope():
        upload = SimpleUploadedFile(name, content)
        return services.attachment_add(proposal_id=draft.pk, post=world.filer, upload=upload)


def test_several_files_are_attached_at_once(world, filer, draft):
    assert send(filer, draft, (NAME, PDF), ("说明.txt", "请看附表。".encode())).status_code == 302
    found = attached(world, draft)
    assert [(row.name, row.content_type) for row in found] == [
        (NAME, "application/pdf"),
        ("说明.txt", "text/plain"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("程序.pdf", ELF, "PDF"),
        ("图.png", HTML, "PNG"),
        ("空.pdf", b"", "空.pdf"),
        ("程序.exe", ELF, "pdf doc docx"),
        ("没有后缀", PDF, "pdf doc docx"),
        ("大.pdf", PDF + bytes(21 * MB), "20"),
    ],
)
def test_a_bad_file_is_named_and_costs_no_text(world, filer, draft, name, content, told):
    response = send(filer, draft, (name, content), title="新的题目")
    (sentence,) = response.context["form"].errors["upload"]
    assert response.status_code == 422
    assert name in sentence
    assert told in sentence
    assert attached(world, draft) == []
    assert world.fresh(draft).title == "新的题目"


def test_a_file_of_50_mb_gets_the_limit_and_its_own_size_told(world, filer, draft):
    response = send(filer, draft, ("录像.pdf", PDF + bytes(50 * MB)), title="新的题目")
    (sentence,) = response.context["form"].errors["upload"]
    assert "51" in sentence  # rounded up: a file a little over the limit must not look as if it were allowed
    assert "20" in sentence
    assert world.fresh(draft).title == "新的题目"


def test_a_bad_file_keeps_no_good_one_back(world, filer, draft):
    assert send(filer, draft, ("程序.pdf", ELF), (NAME, PDF)).status_code == 422
    assert [row.name for row in attached(world, draft)] == [NAME]


def test_a_bad_file_stops_the_submission(world, filer, draft):
    assert send(filer, draft, ("程序.pdf", ELF), act="submit").status_code == 422
    assert world.fresh(draft).state == "draft"


def test_the_limit_is_the_assemblys_own(db):
    world = World(attachment_limit_mb=1)
    upload = SimpleUploadedFile(NAME, PDF + bytes(MB))
    assert "2 MB" in attachment_fault(upload, world.assembly)


def test_a_word_file_is_taken(world, draft):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")
    assert attach(world, draft, "方案.docx", content.getvalue()).name == "方案.docx"


def test_a_file_is_sent_to_be_saved_under_its_own_name(world, filer, draft):
    response = filer.get(reverse("proposals:attachment", args=[attach(world, draft).pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9D%91")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_a_file_that_is_gone_from_the_disk_is_not_found(world, filer, draft, settings, tmp_path):
    attachment = attach(world, draft)
    shutil.move(attachment.file.path, tmp_path / "away")
    assert filer.get(reverse("proposals:attachment", args=[attachment.pk])).status_code == 404


def test_removing_a_file_saves_the_text_first(world, filer, draft):
    attachment = attach(world, draft)
    url = reverse("proposals:attachment_remove", args=[attachment.pk])
    data = {"version_seen": draft.lock_version, "title": "新的题目"}
    assert filer.post(url, data)["Location"].startswith(reverse("proposals:edit", args=[draft.pk]))
    assert (attached(world, draft), world.fresh(draft).title) == ([], "新的题目")


def test_a_file_of_a_submitted_proposal_stays(world, filer):
    draft = world.draft()
    attachment = attach(world, draft)
    with world.scope():
        services.proposal_submit(proposal_id=draft.pk, post=world.filer)
    assert filer.post(reverse("proposals:attachment_remove", args=[attachment.pk])).status_code == 403
    assert attached(world, draft) == [attachment]


def test_the_file_of_a_draft_does_not_exist_for_others(world, browser, draft):
    attachment = attach(world, draft)
    colleague = post(world.assembly, Role.FILER, committee=committee(world.assembly))
    for other in (colleague, world.reviewer, world.clerk, World().filer):
        client = browser(other)
        assert client.get(reverse("proposals:attachment", args=[attachment.pk])).status_code == 404
        assert client.post(reverse("proposals:attachment_remove", args=[attachment.pk])).status_code == 404
    with world.scope():
        assert Attachment.objects.filter(pk=attachment.pk).exists()


def test_the_file_of_a_case_is_read_by_those_who_see_the_case(world, browser):
    draft = world.draft()
    attachment = attach(world, draft)
    with world.scope():
        services.proposal_submit(proposal_id=draft.pk, post=world.filer)
    url = reverse("proposals:attachment", args=[attachment.pk])
    assert browser(world.reviewer).get(url).status_code == 200
    assert browser(world.dispatcher).get(url).status_code == 404


def test_the_same_file_sent_twice_is_attached_once(world, filer, draft):
    """A second click, or a reload of the answer."""
    for _n in range(2):
        assert send(filer, draft, (NAME, PDF)).status_code == 302
    assert send(filer, draft, (NAME, PDF + b"\n")).status_code == 302
    assert [row.name for row in attached(world, draft)] == [NAME, NAME]
