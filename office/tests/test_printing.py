"""Forms on paper: A4, text that reads back, breaks, the QR, and that nothing is fetched or guessed."""

import hashlib
import io
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
import segno
from django.conf import settings
from django.template.base import Template
from django.utils import translation
from fontTools.ttLib import TTFont

from office import printing
from office.tests.sheets import CASE, LONG, SHEETS

A4 = (595, 842)
LABEL = "五届五次会议第51号"
FORMS = settings.BASE_DIR / "templates" / "forms"
HOSTILE = '<b>粗</b><img src="x.png">&"引"{{ x }}<script>'
# One sentence of each form that the office would look for.
WORDS = {
    "proposal": ("提案表", "建立议事会制度，每季度召开一次", "拟予立案"),
    "assignment": ("提案交办通知单", "交你单位主办", "2026年6月20日前", "申请退办", "回执"),
    "handling": ("提案办理单", "第30步", "所载事项截至2026年5月1日"),
    "opinion": ("会办意见函", "君财会办〔2026〕3号", "君山区民政局：", "不送提案者"),
    "decline": ("提案退办申请单", "属区民政局职责", "同意退办，改派君山区民政局办理"),
    "extension": ("提案延期办理申请单", "2026年7月20日", "□同意延期"),
    "chase": ("提案催办单", "第2次催办", "现已超期3天"),
    "questionnaire": ("提案办理征询意见表", "□基本满意", "承办单位不得代填", "2026年6月15日前"),
    "catalogue": ("提案目录", "关于第40件事的建议", "会办：君山区财政局", "立案40件"),
}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def pages_of(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [squeezed(page.extract_text()) for page in document.pages]


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return {(round(page.width), round(page.height)) for page in document.pages}


def test_every_form_has_a_sheet():
    assert set(printing.FORMS) == set(SHEETS) == set(WORDS)
    assert [form for form in printing.FORMS if not (FORMS / f"{form}.html").is_file()] == []


@pytest.mark.parametrize("form", SHEETS)
def test_a_form_is_a4_and_reads_back(form: str):
    pdf = printing.pdf_of(form, SHEETS[form])
    pages, whole = pages_of(pdf), "".join(pages_of(pdf))
    assert sizes_of(pdf) == ({A4[::-1]} if form == "catalogue" else {A4})
    assert [word for word in WORDS[form] if word not in whole] == []
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
        assert ("五届五次会议提案目录" if form == "catalogue" else LABEL) in page
        assert (SHEETS[form]["bureau"] if form == "opinion" else CASE["assembly"]) in page


@pytest.mark.parametrize("form", sorted(set(SHEETS) - {"handling", "catalogue"}))
def test_a_form_of_usual_length_is_one_sheet(form: str):
    assert len(pages_of(printing.pdf_of(form, SHEETS[form]))) == 1


@pytest.mark.parametrize("form", SHEETS)
def test_empty_facts_are_room_to_write(form: str):
    """Nothing that is not known is printed as a word of the program."""
    known = {key: SHEETS[form][key] for key in ("assembly", "session", "number", "link")}
    text = "".join(pages_of(printing.pdf_of(form, known)))
    assert not re.search("None|False|True|\\[|\\{", text)


def test_the_same_facts_give_the_same_bytes():
    first = printing.pdf_of("decline", SHEETS["decline"])
    assert first == printing.pdf_of("decline", SHEETS["decline"])
    code = (
        "import django, hashlib; django.setup()\n"
        "from office import printing; from office.tests.sheets import SHEETS\n"
        "print(hashlib.sha256(printing.pdf_of('decline', SHEETS['decline'])).hexdigest())"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": "/usr/bin:/bin"}
    environment |= {"VAR_DIR": str(settings.VAR_DIR), "FONTS_DIR": str(settings.FONTS_DIR)}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert told.stdout.strip() == hashlib.sha256(first).hexdigest(), told.stderr


def test_the_document_names_itself():
    with pdfplumber.open(io.BytesIO(printing.pdf_of("chase", SHEETS["chase"]))) as document:
        facts = document.metadata
        root = document.doc.catalog
    assert facts["Title"] == f"提案催办单 {LABEL}"
    assert facts["Author"] == CASE["assembly"]
    assert not {"CreationDate", "ModDate"} & set(facts)
    assert root["Lang"] in ("zh-CN", b"zh-CN")
    assert "StructTreeRoot" in root


@pytest.mark.parametrize("language", ["en", "zh-hant"])
def test_the_language_of_the_page_does_not_matter(language: str):
    with translation.override(language):
        other = printing.pdf_of("assignment", SHEETS["assignment"])
    assert other == printing.pdf_of("assignment", SHEETS["assignment"])


def modules_on_paper(pdf: bytes, size: int) -> list[list[bool]]:
    """Read the QR where it stands, 20 mm wide in the upper right corner."""
    scale = 8.0
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=scale).to_pil().convert("L")
    mm = scale * 72 / 25.4
    left, top, step = 170 * mm, 22 * mm, 20 * mm / size
    return [
        [
            picture.getpixel((int(left + (x + 0.5) * step), int(top + (y + 0.5) * step))) < 128
            for x in range(size)
        ]
        for y in range(size)
    ]


def test_the_qr_holds_the_address_of_the_case(settings):
    settings.SITE_URL = "https://dafu.example.org"
    code = segno.make("https://dafu.example.org/cases/51/", error="m", micro=False)
    wanted = [[bool(cell) for cell in row] for row in code.matrix]
    pdf = printing.pdf_of("proposal", SHEETS["proposal"])
    assert modules_on_paper(pdf, len(wanted)) == wanted
    other = printing.pdf_of("proposal", SHEETS["proposal"] | {"link": "/cases/52/"})
    assert modules_on_paper(other, len(wanted)) != wanted


def test_long_texts_break_between_pages():
    context = SHEETS["proposal"] | {"background": LONG, "suggestions": [LONG, "第二条"]}
    pages = pages_of(printing.pdf_of("proposal", context))
    assert len(pages) > 3
    told = "".join(page.removeprefix(CASE["assembly"]).split(LABEL)[0] for page in pages[1:])
    assert all(f"第{n}段：" in "".join(pages) for n in range(1, 21))
    assert "第二条" in told
    assert min(len(page) for page in pages[:-1]) > 300  # no page is left empty because a row was kept whole


def test_heads_of_tables_are_repeated():
    for form, head in (
        ("handling", "序号时间经办事项和意见"),
        ("catalogue", "编号案由提案者类别承办单位情况"),
    ):
        pages = pages_of(printing.pdf_of(form, SHEETS[form]))
        assert len(pages) > 1
        assert all(head in page for page in pages)


@pytest.mark.parametrize("form", sorted(set(SHEETS) - {"catalogue"}))
def test_markup_in_a_text_is_text(form: str, caplog):
    pdf = printing.pdf_of(form, SHEETS[form] | {"name": HOSTILE, "assembly": f"{CASE['assembly']}<i>"})
    assert squeezed(HOSTILE) in "".join(pages_of(pdf))
    assert caplog.records == []


@pytest.mark.parametrize("field", ["background", "reason", "text", "body", "note", "remarks"])
def test_markup_in_a_long_text_is_text(field: str):
    forms = [form for form, context in SHEETS.items() if field in context]
    assert forms
    for form in forms:
        told = "".join(pages_of(printing.pdf_of(form, SHEETS[form] | {field: f"甲\n{HOSTILE}\n\n乙"})))
        assert squeezed(HOSTILE) in told


@pytest.fixture
def listener():
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_nothing_is_fetched(listener, tmp_path: Path, caplog):
    """A control of the engine alone: even markup that names files and sites is not followed."""
    address, asked = listener
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text y="20">秘密</text></svg>')
    html = (
        f'<html lang="zh"><head><title>t</title><link rel="stylesheet" href="{address}/a.css">'
        f'<style>@import "{address}/b.css"; p {{ background: url({address}/c.png) }}</style></head>'
        f'<body><p>甲<img src="{address}/d.png" alt="d"><img src="{secret.as_uri()}" alt="s">'
        f'<a href="{address}/e" rel="attachment">乙</a>'
        '<img src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>" alt="x"></p>'
    )
    text = "".join(pages_of(printing.pdf_of_html(html)))
    assert "甲" in text
    assert "秘密" not in text
    assert asked == []
    assert len([record for record in caplog.records if "not fetched" in record.message]) >= 6


def test_the_fetcher_opens_its_fonts_alone():
    faces = printing._faces_for("字")
    fetcher = printing.OnlyFonts(faces)
    assert fetcher.fetch(faces[0].source.as_uri()).read(4) == b"OTTO"
    for url in (
        "file:///etc/hostname",
        faces[0].source.as_uri() + "/../x",
        "https://example.org/",
        "data:,x",
    ):
        with pytest.raises(ValueError, match="nothing but fonts"):
            fetcher.fetch(url)


def fonts_of(pdf: bytes) -> dict[str, set[str]]:
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        found: dict[str, set[str]] = {}
        for page in document.pages:
            for char in page.chars:
                found.setdefault(char["fontname"].partition("+")[2].split("-")[0], set()).add(char["text"])
    return found


def test_common_text_needs_the_small_fonts_alone():
    assert set(fonts_of(printing.pdf_of("proposal", SHEETS["proposal"]))) == {"title", "fang", "hei"}


def test_rare_characters_and_marks_are_drawn_by_a_font_that_has_them():
    name = "投资￥300万元、80㎡、𠮷、⑳、™"
    pdf = printing.pdf_of("proposal", SHEETS["proposal"] | {"name": name})
    assert name in "".join(pages_of(pdf))
    fonts = fonts_of(pdf)
    assert fonts["mended"] == {"￥", "™"}
    assert {"㎡", "𠮷", "⑳"} <= fonts.get("rare", set()) | fonts["rarest"]


def test_a_units_own_font_wins(settings, tmp_path: Path):
    for file in Path(printing.settings.FONTS_DIR).glob("*.?tf"):
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "own").mkdir()
    own = tmp_path / "own" / "fang.otf"
    shutil.copy(tmp_path / "FandolKai-Regular.otf", own)
    rename(own, "仿宋_GB2312")
    settings.FONTS_DIR = tmp_path
    faces = {face.family: face.source for face in printing._faces_for("字")}
    assert faces["fang"] == own
    assert faces["hei"].name == "FandolHei-Regular.otf"


def rename(path: Path, name: str) -> None:
    with TTFont(path) as font:
        font["name"].setName(name, 1, 3, 1, 0x804)
        font.save(path)


def test_the_answer_carries_a_name_and_is_shown():
    response = printing.answer(b"%PDF", "交办通知单-第51号.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")


def test_several_forms_become_one_file():
    parts = [printing.pdf_of(form, SHEETS[form]) for form in ("assignment", "handling", "catalogue")]
    whole = printing.joined(parts)
    assert pages_of(whole) == [page for part in parts for page in pages_of(part)]
    assert sizes_of(whole) == {A4, A4[::-1]}
    assert whole == printing.joined(parts)


def test_a_file_says_what_it_is_and_for_whom():
    assert printing.name_of("assignment", SHEETS["assignment"]) == f"提案交办通知单-{LABEL}-君山区民政局.pdf"
    assert printing.name_of("catalogue", SHEETS["catalogue"]) == "提案目录-五届五次会议.pdf"


def test_forms_use_no_catalogue_and_full_width_marks():
    """Their words are Chinese and stand in them; half-width marks beside a Chinese character are slips."""
    for path in sorted(FORMS.rglob("*.html")):
        text = path.read_text()
        Template(text)
        assert not re.search("{% (block)?translate", text), path
        bare = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", "", text.split("endcomment %}", 1)[1], flags=re.DOTALL)
        assert not re.search(r"[\u4e00-\u9fff][,:;!?()]|[,:;!?()][\u4e00-\u9fff]", bare), path
