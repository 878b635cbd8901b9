"""Attachments, seals and stamps: what comes from files, taken over whole, and nothing loaded from outside."""

from __future__ import annotations

import io
import socket
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from gongwen import parse, pdf, pictures, seals
from gongwen.check import check
from gongwen.document import Attachment, LetterError, Picture, Stamp, Table
from gongwen.measure import measure
from gongwen.tests import letters
from gongwen.tests.reading import body_text, read, squeeze

EXAMPLES = sorted((Path(__file__).parents[2] / "docs" / "letters").glob("*.txt"))
NAME = "岳阳市君山区民政局"


def picture(kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB") -> Picture:
    out = io.BytesIO()
    Image.new(mode, size, "#3070a0").save(out, kind.upper())
    return Picture(out.getvalue(), kind)


def svg(content: str) -> Picture:
    head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return Picture(f'{head} viewBox="0 0 10 10">{content}</svg>'.encode(), "svg")


def attached(*blocks) -> pikepdf.Pdf:
    letter = replace(letters.PLAIN, attachments=(Attachment("材料", tuple(blocks)),))
    return pikepdf.open(io.BytesIO(pdf.render(letter)))


def long_document() -> Picture:
    body = (letters.SMOOTH * 28 * 22 * 40)[: 28 * 22 * 39]
    content = pdf.render(replace(letters.PLAIN, paragraphs=(body,)))
    assert pictures.page_count(content) >= 40
    return Picture(content, "pdf")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_of_the_documentation_hold(example):
    letter = parse.read(example.read_text(encoding="utf-8"), example.parent)
    assert check(letter) == []
    assert measure(pdf.render(letter)) == []


def test_the_pages_of_a_document_run_on_with_the_letters_own_numbers():
    document = long_document()
    count = pictures.page_count(document.content)
    letter = replace(letters.PLAIN, attachments=(Attachment("汇编", (document,)),))
    printed = pdf.render(letter)
    before = pictures.page_count(pdf.render(replace(letter, attachments=(Attachment("汇编"),))))
    pages = read(printed)
    assert len(pages) == before + count
    assert all(squeeze(page.number).endswith(f"—{place}—") for place, page in enumerate(pages, start=1))
    assert letters.SMOOTH in body_text(pages[before : before + 2])
    assert measure(printed) == []


def flat_document(font: str = "") -> Picture:
    """One page on its side with a black bar along its head, and text in a font that is not embedded."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(842, 595))
        page.Contents = document.make_stream(b"0 g 0 500 842 95 re f")
        if font:
            dictionary = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(font)
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=document.make_indirect(dictionary)))
        document.save(out)
    return Picture(out.getvalue(), "pdf")


def test_a_page_on_its_side_is_turned_with_its_head_at_the_left():
    letter = replace(letters.PLAIN, attachments=(Attachment("测算表", (flat_document(),)),))
    page = Image.open(io.BytesIO(pictures.pages_png(pdf.render(letter), 210)[-1])).convert("L")
    assert grey_at(page, 35, 150) < 60
    assert grey_at(page, 150, 60) > 200


def grey_at(page: Image.Image, x: int, y: int) -> int:
    return page.crop((x, y, x + 1, y + 1)).tobytes()[0]


def test_pdf_a_refuses_a_document_without_its_fonts():
    letter = replace(letters.PLAIN, attachments=(Attachment("测算表", (flat_document("/Helvetica"),)),))
    assert pdf.render(letter)
    with pytest.raises(LetterError) as error:
        pdf.render(letter, pdfa=True)
    assert error.value.rule == "not-archivable"
    own = replace(
        letters.PLAIN, attachments=(Attachment("原件", (Picture(pdf.render(letters.PLAIN), "pdf"),)),)
    )
    assert pdf.render(own, pdfa=True)


def test_five_different_drawings():
    names = ("甲局", "乙局", "丙局", "丁局", "戊局", "己局")
    letter = replace(letters.FILE, issuers=names, seals=tuple(map(seals.specimen, names)), letterhead="")
    with pikepdf.open(io.BytesIO(pdf.render(letter))) as document:
        assert sum(map(is_figure, document.objects)) == 6


def test_a_seal_on_white_ground_lets_the_name_show_through():
    letter = replace(letters.FILE, seals=(Picture(white_square(), "png"),))
    with_seal, without = (ink_of(one) for one in (letter, replace(letter, seals=())))
    assert with_seal == pytest.approx(without, rel=0.01)


def ink_of(letter) -> int:
    """How much of the page with the date is black."""
    page = Image.open(io.BytesIO(pictures.pages_png(pdf.render(letter), 900)[2])).convert("L")
    return sum(255 - grey for grey in page.tobytes())


def white_square() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (50, 50), "white").save(out, "PNG")
    return out.getvalue()


def test_forty_pages_of_text():
    text = tuple((letters.SMOOTH * 22)[: 28 * 22 - 2] for _ in range(40))
    letter = replace(letters.PLAIN, attachments=(Attachment("汇编", text),))
    printed = pdf.render(letter)
    assert pictures.page_count(printed) >= 43
    assert measure(printed) == []
    assert body_text(read(printed)).endswith("".join(text))


@pytest.mark.parametrize(
    "given",
    [
        picture("png"),
        picture("png", mode="RGBA"),
        picture("png", mode="1"),
        picture("jpeg"),
        picture("png", (20, 2000)),
        svg('<rect width="10" height="10"/>'),
    ],
    ids=["png", "transparent", "two colours", "jpeg", "tall", "svg"],
)
def test_a_picture_is_a_figure_within_the_type_area(given):
    with attached(given) as document:
        figures = [item for item in document.objects if is_figure(item)]
        assert len(figures) == 1
        left, low, right, high = (float(edge) * 25.4 / 72 for edge in figures[0].A.BBox)
        assert 27.9 <= left < right <= 184.1
        assert 297 - 262.1 <= low < high <= 297 - 37
        assert str(figures[0].Alt) == "附件 材料"


def is_figure(item) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"


def test_a_picture_is_prepared_once_and_stands_in_the_file_once():
    seal = picture("png", (420, 420), "RGBA")
    letter = replace(letters.FILE, issuers=(NAME, NAME, NAME), seals=(seal, seal, seal))
    with pikepdf.open(io.BytesIO(pdf.render(letter))) as document:
        images = [item for item in document.objects if is_image(item)]
        assert len(images) == 2  # colours and transparency
        assert sum(map(is_figure, document.objects)) == 3


def is_image(item) -> bool:
    return isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"


def locked() -> Picture:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as document:
        document.save(out, encryption=pikepdf.Encryption(user="u", owner="o"))
    return Picture(out.getvalue(), "pdf")


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Picture(b"%PDF-1.7 nothing", "pdf"),
        lambda: Picture(picture("png").content[:60], "png"),
        lambda: Picture(b"<svg", "svg"),
        lambda: Picture(picture("png").content, "jpeg"),
        lambda: picture("png", (20_000, 20_000), "1"),
        locked,
        lambda: Picture(b"x", "gif"),
    ],
)
def test_what_cannot_be_read_is_told(bad):
    with pytest.raises(LetterError) as error:
        attached(bad())
    assert error.value.rule == "bad-picture"


def test_a_drawing_loads_no_file_and_no_address(tmp_path):
    canary = tmp_path / "canary.png"
    canary.write_bytes(picture("png").content)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        links = "".join(
            f'<image xlink:href="{place}" width="9" height="9"/><use xlink:href="{place}#a"/>'
            for place in (url, canary.as_uri())
        )
        style = f"<style>@import url({url}); rect {{ fill: url({canary.as_uri()}#a) }}</style>"
        for drawing in (links, style, style + links):
            with suppress(LetterError), attached(svg(drawing + '<rect width="5" height="5"/>')) as document:
                assert not any(map(is_image, document.objects))
        with pytest.raises(TimeoutError):
            server.accept()


def test_entities_of_a_drawing_do_not_grow():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)
    )
    drawing = f'{bomb}]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&j;</text></svg>'
    with pytest.raises(LetterError):
        attached(Picture(drawing.encode(), "svg"))


def test_a_specimen_says_that_it_is_one():
    assert "样章" in seals.specimen(NAME).content.decode()
    letter = replace(letters.FILE, stamp=Stamp("冯广兴", "局长"))
    with pikepdf.open(io.BytesIO(pdf.render(letter))) as document:
        assert [str(item.Alt) for item in document.objects if is_figure(item)] == ["签名章：冯广兴"]


def test_cells_of_a_table_are_tagged_with_their_head():
    rows = (("序号", "建议"), ("1", "采纳"), ("2", ""))
    with attached(Table(rows)) as document:
        kinds = [
            str(item.S) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item
        ]
        assert [kinds.count(kind) for kind in ("/Table", "/TR", "/TH", "/TD")] == [1, 3, 2, 4]
        marks = [len(document.Root.StructTreeRoot.ParentTree.Nums[place]) for place in (1, 3, 5, 7)]
        for page, count in zip(document.pages, marks, strict=True):
            content = b"".join(stream.read_bytes() for stream in page.Contents)
            assert content.count(b"/MCID") == count
            assert content.count(b"BDC") + content.count(b"BMC") == content.count(b"EMC")
