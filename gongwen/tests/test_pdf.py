"""The PDF as a file: same facts same bytes, language, tags, pictures, watermark, hostile text, memory."""

from __future__ import annotations

import io
import multiprocessing
import os
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from gongwen import pdf, pictures, prepared
from gongwen.document import MAX_CHARACTERS, LetterError
from gongwen.tests import letters
from gongwen.tests.reading import body_text, read, squeeze


def test_same_facts_same_bytes_and_other_facts_another_file():
    first = pdf.render(letters.PLAIN)
    other = pdf.render(replace(letters.PLAIN, doc_number="君民复字〔2021〕7号"))
    assert pdf.render(letters.PLAIN) == first != other


def test_language_title_date_tags_and_fonts():
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as document:
        assert str(document.Root.Lang) == "zh-Hans"
        assert str(document.docinfo["/Title"]) == "对君山区政协五届五次会议第51号提案的 答 复"
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo["/CreationDate"]).startswith("D:20210525")
        for font in document.pages[0].Resources.Font.values():
            assert "/ToUnicode" in font
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_one_paragraph_is_one_tagged_paragraph():
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as document:
        kinds = [str(element.S) for element in elements(document.Root.StructTreeRoot.K[0])]
    assert kinds.count("/H1") == 1
    # number line, addressee, body, date, two contact lines; one paragraph runs over a page break
    assert kinds.count("/P") in range(11, 15)


def elements(element):
    yield element
    for child in element.get("/K", []):
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield from elements(child)


def test_pictures_of_pages():
    document = pdf.render(letters.PLAIN)
    assert pictures.page_count(document) == 3
    found = pictures.pages_png(document, 400)
    assert len(found) == 3
    assert pictures.page_png(document, 2, 400) == found[1]
    assert Image.open(io.BytesIO(found[0])).size == (400, 566)
    for number in (0, 4):
        with pytest.raises(IndexError):
            pictures.page_png(document, number, 400)


def test_watermark_is_pale_on_every_page_and_no_part_of_the_text():
    draft = pdf.render(replace(letters.PLAIN, watermark="草稿"))
    assert body_text(read(draft)) == body_text(read(pdf.render(letters.PLAIN)))
    for picture in pictures.pages_png(draft, 600):
        shades = Image.open(io.BytesIO(picture)).convert("L").histogram()
        assert sum(shades[225:240]) > 5_000
    with pikepdf.open(io.BytesIO(draft)) as document:
        assert document.pages[0].Contents[0].read_bytes().startswith(b"/Artifact BMC")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "&amp;&lt;&#x41;&nbsp;",
        "{{ secret }}{% load x %}",
        'file:///etc/passwd <img src="file:///etc/passwd">',
        "</p></body></html><style>*{display:none}</style>",
        "(" * 300 + ")" * 300,
        "（" * 300 + "甲" + "）" * 300,
        "《“" * 150,
        "，" * 300,
        "<" * 300,
        "@import url(http://127.0.0.1/);]]>--><!--",
    ],
)
@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_hostile_text_is_text(form, hostile):
    pages = read(pdf.render(replace(form, paragraphs=(hostile,), contacts=(hostile[:80],))))
    assert squeeze(hostile) in body_text(pages)
    assert all(line.right < 190 for page in pages for line in page.lines)


def test_hostile_text_in_every_other_field():
    words = "<b>&甲"
    letter = replace(
        letters.FILE, title=words, addressees=(words,), doc_number=words, letterhead=words, signers=(words,),
        issuers=(words,), copies_to=(words,), printed_by=words, language='zh"><script>',
    )  # fmt: skip
    assert body_text(read(pdf.render(letter))).count(words) == 8


def test_control_characters_are_dropped():
    said = body_text(
        read(pdf.render(letters.saying(letters.PLAIN, "甲\x00\x07\x1b\u200b\ufeff\u202e乙\ud800丙")))
    )
    assert "甲乙丙" in said


def test_no_file_and_no_network_is_touched(tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        body = f'<img src="{url}"><link rel="attachment" href="{canary.as_uri()}"><object data="{url}">'
        document = pdf.render(letters.saying(letters.PLAIN, body))
        with pytest.raises(TimeoutError):
            server.accept()
    with pikepdf.open(io.BytesIO(document)) as opened:
        assert len(opened.attachments) == 0


def test_the_fetcher_opens_nothing():
    fetcher = prepared.Denying()
    for url in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "gongwen:picture"):
        with pytest.raises(ValueError, match="nothing from outside"):
            fetcher.fetch(url)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"title": " "}, "empty-title"),
        ({"addressees": ()}, "empty-addressee"),
        ({"paragraphs": ()}, "empty-body"),
        ({"paragraphs": ("\x00\u200b",)}, "empty-body"),
        ({"title": "\x00"}, "empty-title"),
        ({"form": "poster"}, "unknown-form"),
        ({"qr": "x" * 201}, "qr-too-long"),
        ({"paragraphs": ("长" * 120_000,)}, "letter-too-long"),
    ],
)
def test_a_letter_that_cannot_be_set_says_why(change, rule):
    with pytest.raises(LetterError) as error:
        pdf.render(replace(letters.PLAIN, **change))
    assert error.value.rule == rule


@pytest.mark.slow
def test_the_longest_letter_is_set():
    body = (letters.SMOOTH * (MAX_CHARACTERS // 28))[: MAX_CHARACTERS - 100]
    assert pictures.page_count(pdf.render(letters.saying(letters.PLAIN, body))) > 90


def test_threads_share_one_engine():
    expected = pdf.render(letters.PLAIN)
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda: results.append(pdf.render(letters.PLAIN))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


def _render_in_child(queue) -> None:
    queue.put(pdf.render(letters.PLAIN))


def test_a_forked_child_makes_its_own_fonts_and_leaves_the_parents_alone():
    expected = pdf.render(letters.PLAIN)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=_render_in_child, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == expected
    child.join()
    rare = pdf.render(letters.saying(letters.PLAIN, "旻" * 30))
    assert "旻" * 30 in body_text(read(rare))


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.slow
def test_memory_stays_flat_over_100_letters():
    forms = (letters.PLAIN, letters.FILE)
    for number in range(10):
        pdf.render(replace(forms[number % 2], doc_number=f"君民复字〔2021〕{number + 1}号"))
    before = resident_mb()
    for number in range(100):
        pdf.render(replace(forms[number % 2], doc_number=f"君民复字〔2022〕{number + 1}号"))
    assert resident_mb() - before < 15
