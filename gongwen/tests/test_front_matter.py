"""Every key of the front matter, and the files that some of them name."""

from __future__ import annotations

import datetime
import io
import os

import pytest
from PIL import Image

from gongwen import front_matter
from gongwen.document import Attachment, LetterError, Picture, Stamp, Table
from gongwen.parse import read

BODY = "关于第51号提案的答复\n王某某委员：\n提案收悉。\n2021年5月25日\n"
SVG = b'<?xml version="1.0"?>\n<!-- a-b -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
PDF = b"%PDF-1.7\n"


def raster(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(out, kind)
    return out.getvalue()


PNG, JPEG = raster("PNG"), raster("JPEG")


def letter(*lines, folder=None):
    return read("\n".join(["---", *lines, "---", BODY]), folder)


def error(*lines, folder=None):
    with pytest.raises(LetterError) as caught:
        letter(*lines, folder=folder)
    return caught.value.rule, caught.value.data


@pytest.fixture
def folder(tmp_path):
    """A folder with the files that a letter may name."""
    place = tmp_path / "letters"
    place.mkdir()
    files = {
        "seal.svg": SVG,
        "seal.png": PNG,
        "photo.jpg": JPEG,
        "list.pdf": PDF,
        "paper.png": PDF,
        "odd.svg": PNG,
    }
    for name, content in files.items():
        (place / name).write_bytes(content)
    (place / "名单.txt").write_text("\ufeff名单\n\n一、甲镇\n| 镇 | 元 |\n| 甲 | 1 |\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("密", encoding="utf-8")
    (tmp_path / "secret.png").write_bytes(PNG)
    return place


# Texts and numbers


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("letterhead: |\n  甲局\n  乙局", "letterhead", "甲局\n乙局"),
        ("letterhead: [甲局, 乙局文件]", "letterhead", "甲局\n乙局文件"),
        ("secrecy: 机密★1年", "secrecy", "机密★1年"),
        ("urgency: 特急", "urgency", "特急"),
        ("copy_number: 1", "copy_number", "000001"),
        ("copy_number: 000001", "copy_number", "000001"),
        ("copy_number: '000012'", "copy_number", "000012"),
        ("copy_number: 089", "copy_number", "000089"),
        ("marks_at: number", "marks_at", "number"),
        ("note: 联系人：某某", "note", "联系人：某某"),
        ("note: （联系人：某某）", "note", "联系人：某某"),
        ("copies: 30", "copies", 30),
        ("copies: 30份", "copies", 30),
        ("seal_mm: 45", "seal_mm", 45.0),
        ("seal_mm: 42.5", "seal_mm", 42.5),
        ("qr: https://example.org/a?b=c#d", "qr", "https://example.org/a?b=c#d"),
        ("watermark: 草稿", "watermark", "草稿"),
        ("copies_to: [区政府办公室, 区政协。]", "copies_to", ("区政府办公室", "区政协")),
        ("seal: none", "sealed", False),
        ("seal: 无", "sealed", False),
        ("stamp: 冯广兴", "stamp", Stamp("冯广兴")),
        ("stamp: {title: 局长, name: 冯广兴}", "stamp", Stamp("冯广兴", "局长")),
        ("stamp: {职务: 局长, 姓名: 冯广兴}", "stamp", Stamp("冯广兴", "局长")),
        ("attachments: 名单", "attachments", (Attachment("名单"),)),
        (
            "attachments: [名单, 经费、物资安排表]",
            "attachments",
            (Attachment("名单"), Attachment("经费、物资安排表")),
        ),
        ("attachments:\n  - 名单:", "attachments", (Attachment("名单"),)),
    ],
)
def test_a_key_gives_its_fact(line, field, value):
    assert getattr(letter(line), field) == value


def test_without_a_seal_there_is_room_for_one():
    assert (letter().sealed, letter("seal:").sealed, letter().seals) == (True, True, ())


@pytest.mark.parametrize(
    "line",
    [
        "copy_number: 1234567",
        "copy_number: -1",
        "copy_number: 0x12",
        "copy_number: [1]",
        "copies: 0",
        "copies: 100000",
        "copies: many",
        "copies: 3.5",
        "seal_mm: 5",
        "seal_mm: 400",
        "seal_mm: -42",
        "seal_mm: .inf",
        "seal_mm: 1e9",
        "marks_at: left",
        "seal: seal",
        "seal: list.pdf",
        "seal: [none]",
        "seal: {a: b}",
        "seal: [[seal.svg]]",
        "seal: specimen",
        "secrecy: [a]",
        "note: [a, b]",
        "qr: 5",
        "stamp: 5",
        "stamp: [a]",
        "stamp: {name: [a]}",
        "stamp: {title: 局长}",
        "stamp: ''",
        "attachments: 5",
        "attachments: [5]",
        "attachments: [[a]]",
        "attachments: {a: b.pdf}",
        "attachments: [{a: b.pdf, c: d.pdf}]",
        "attachments: [{a: [b.pdf]}]",
        "attachments: &a [*a]",
    ],
)
def test_a_value_that_a_key_cannot_have_is_told(line):
    assert error(line) == ("bad-value", {"key": line.partition(":")[0]})


@pytest.mark.parametrize(
    ("line", "rule", "key"),
    [
        ("stamp: {colour: red}", "unknown-key", "stamp: colour"),
        ("stamp: {name: 甲, 姓名: 乙}", "duplicate-key", "stamp: 姓名"),
    ],
)
def test_a_wrong_part_of_the_stamp_is_told(line, rule, key):
    assert error(line) == (rule, {"key": key})


def test_every_key_of_the_issue_is_known():
    said = """form issuers letterhead doc_number signers result_class disclosure secrecy urgency copy_number title
    addressees date seal seal_mm stamp contacts note attachments copies_to printed_by printed_on copies watermark
    qr verify marks_at"""
    assert set(front_matter.KEYS) == set(said.split())


# Seals and stamps in files


@pytest.mark.parametrize(
    ("file", "picture"),
    [
        ("seal.svg", Picture(SVG, "svg")),
        ("seal.png", Picture(PNG, "png")),
        ("photo.jpg", Picture(JPEG, "jpeg")),
        ("odd.svg", Picture(PNG, "png")),
        ("./seal.svg", Picture(SVG, "svg")),
    ],
)
def test_a_seal_in_a_file_is_judged_by_what_is_in_it(folder, file, picture):
    found = letter(f"seal: {file}", folder=folder)
    assert (found.sealed, found.seals) == (True, (picture,))
    assert letter(f"stamp: {file}", folder=folder).stamp == Stamp("", "", picture)


def test_a_stamp_with_its_picture_has_name_and_title(folder):
    said = "stamp: {职务: 局长, 姓名: 冯广兴, 文件: seal.png}"
    assert letter(said, folder=folder).stamp == Stamp("冯广兴", "局长", Picture(PNG, "png"))


def test_a_seal_for_each_issuer(folder):
    issuers = "issuers: [岳阳市君山区民政局, 岳阳市君山区财政局]"
    drawn = letter(issuers, "seal: 样章", folder=folder).seals
    assert [picture.kind for picture in drawn] == ["svg", "svg"]
    assert drawn[0] != drawn[1]
    mixed = letter(issuers, "seal: [seal.png, specimen]", folder=folder).seals
    assert mixed == (Picture(PNG, "png"), drawn[1])


def test_a_specimen_bears_the_name_above_the_date_or_on_the_head():
    above = read("---\nseal: specimen\n---\n" + BODY.replace("2021", "区民政局\n2021")).seals
    assert above == letter("seal: specimen", "letterhead: 区民政局文件").seals


# Attachments in files


def test_a_file_is_an_attachment_by_its_own_name(folder):
    found = letter(
        "attachments: [list.pdf, photo.jpg, 名单.txt, 表.md]".replace(", 表.md", ""), folder=folder
    )
    assert found.attachments == (
        Attachment("list", (Picture(PDF, "pdf"),)),
        Attachment("photo", (Picture(JPEG, "jpeg"),)),
        Attachment("名单", ("一、甲镇", Table((("镇", "元"), ("甲", "1"))))),
    )


def test_a_file_is_an_attachment_by_the_name_that_it_is_given(folder):
    found = letter("attachments:", "  - 经费安排表: list.pdf", "  - 照片: paper.png", folder=folder)
    assert found.attachments == (
        Attachment("经费安排表", (Picture(PDF, "pdf"),)),
        Attachment("照片", (Picture(PDF, "pdf"),)),
    )


def test_a_file_in_a_folder_below_is_allowed(folder):
    (folder / "附件").mkdir()
    (folder / "附件" / "表.png").write_bytes(PNG)
    assert letter("attachments: 附件/表.png", folder=folder).attachments == (
        Attachment("表", (Picture(PNG, "png"),)),
    )


@pytest.mark.parametrize(
    ("line", "rule", "file"),
    [
        ("seal: none.svg", "no-such-file", "none.svg"),
        ("seal: ../secret.png", "file-not-allowed", "../secret.png"),
        ("seal: paper.png", "not-a-picture", "paper.png"),
        ("attachments: ../secret.txt", "file-not-allowed", "../secret.txt"),
        ("attachments: [/etc/hosts.txt]", "file-not-allowed", "/etc/hosts.txt"),
        ("attachments: [a: /etc/passwd]", "file-not-allowed", "/etc/passwd"),
        ("attachments: [a: .]", "no-such-file", "."),
        (f"attachments: {'n' * 300}.pdf", "no-such-file", "n" * 300 + ".pdf"),
        ("stamp: gone.jpg", "no-such-file", "gone.jpg"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_with_its_key(folder, line, rule, file):
    key = line.partition(":")[0]
    found = error(line, folder=folder)
    assert found == (rule, {"key": key, "file": file}) or (len(file) > 255 and found[0] == "unreadable-file")


def test_a_letter_that_is_no_file_names_none():
    assert error("seal: seal.svg") == ("file-not-allowed", {"key": "seal", "file": "seal.svg"})
    assert error("attachments: a.pdf")[0] == "file-not-allowed"
    assert error("stamp: a.png")[0] == "file-not-allowed"


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("a.png", b"", "not-a-picture"),
        ("a.png", b"text", "not-a-picture"),
        ("a.png", PNG[: len(PNG) // 2], "not-a-picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "not-a-picture"),
        ("a.svg", b"<html><svg/></html>", "not-a-picture"),
        ("a.pdf", b"PK\x03\x04", "not-a-picture"),
        ("a.txt", "甲".encode("gb18030"), "not-text"),
        ("a.md", b"\xff\xfe\x00", "not-text"),
        ("a.txt", b"a" * 300_000, "file-too-large"),
        ("a.pdf", PDF + bytes(20_000_001), "file-too-large"),
    ],
)
def test_a_file_that_is_not_what_it_must_be(folder, name, content, rule):
    (folder / name).write_bytes(content)
    found, data = error(f"attachments: {name}", folder=folder)
    assert (found, data["key"], data["file"]) == (rule, "attachments", name)


def test_a_picture_of_too_many_pixels_is_told(folder):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    (folder / "bomb.png").write_bytes(out.getvalue())
    assert error("seal: bomb.png", folder=folder)[0] == "not-a-picture"


def test_a_link_out_of_the_folder_and_a_pipe_are_not_followed(folder):
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    os.mkfifo(folder / "pipe.txt")
    assert error("attachments: link.txt", folder=folder)[0] == "file-not-allowed"
    assert error("attachments: pipe.txt", folder=folder)[0] == "no-such-file"


def test_a_day_may_be_written_both_ways():
    day = datetime.date(2021, 5, 6)
    assert letter("date: 2021-05-06").date == letter("printed_on: 2021年5月6日").printed_on == day
