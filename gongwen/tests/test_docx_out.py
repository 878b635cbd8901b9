"""Letters as Word documents: the same pages as the PDF in another word processor, and what stands in the file."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import docx
import pytest
from lxml import etree
from PIL import Image

from gongwen import docx_lines, docx_out, pdf
from gongwen.document import Attachment, LetterError, Picture, Stamp, Table
from gongwen.fonts import MissingGlyphs
from gongwen.seals import specimen
from gongwen.tests import letters
from gongwen.tests.letters import FILE, PLAIN, with_lines
from gongwen.tests.reading import page_texts, squeeze

LETTER = replace(FILE, form="letter", letterhead="岳阳市君山区民政局")
FORMS = {"plain": PLAIN, "file": FILE, "letter": LETTER}
LENGTHS = (1, 2, 6, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 23, 30, 38, 45, 60)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NAMES = ("岳阳市君山区民政局", "中共岳阳市君山区委组织部", "君山区财政局")


def drawn(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#88aacc").save(out, kind)
    return out.getvalue()


TABLE = Table(
    (
        ("序号", "项目", "责任单位", "完成时限"),
        *((str(place), "推进协商民主优化基层自治" * (1 + place % 3), "区民政局", f"2021年{place % 12 + 1}月底前")
          for place in range(1, 40)),
    ),
    caption="表1  任务分工表",
)  # fmt: skip
LATIN = (
    "一、办理情况。2021年5月25日，我局投入1,234.5万元，占年度预算的98.5%，在12个乡镇新建村（居）议事厅38个，比2020年"
    "增加15个，覆盖率从2019年12月31日的61.2%提高到2021年3月31日的87.6%。",
    "（一）详见区政府网站https://www.junshan.gov.cn/xxgk/2021/index.html，或者致电0730-8178696，联系GB/T 9704-2012"
    "标准起草组，邮箱minzheng@junshan.gov.cn，二维码见附件2。",
    "“四方五步”——议事、决策、实施、监督……是我区在2018年至2020年间形成的做法，2021年推广到全区105个村。" * 6,
)
COMPLETE = replace(
    FILE,
    secrecy="机密★1年",
    result_class="",
    disclosure="",
    urgency="特急",
    note="此件公开发布",
    seals=(specimen(NAMES[0]),),
    attachments=(
        Attachment("任务分工表", (TABLE,)),
        Attachment("示意图", ("说明文字。", Picture(drawn(), "png"), "图后文字。")),
        Attachment("议事规则", tuple(f"第{place}条 {letters.SMOOTH}。" for place in range(1, 40))),
    ),
    copies=30,
    watermark="样稿",
    qr="https://example.org/letter",
)
OTHERS = {
    "complete": COMPLETE,
    "complete-letter": replace(COMPLETE, form="letter"),
    "complete-plain": replace(COMPLETE, form="plain"),
    "joint": replace(
        FILE,
        letterhead="\n".join(NAMES),
        issuers=NAMES,
        signers=("冯广兴", "贾济民", "张三丰"),
        seals=tuple(map(specimen, NAMES)),
    ),
    "two": replace(FILE, letterhead="\n".join(NAMES[:2]), issuers=NAMES[:2], sealed=False),
    "joint-letter": replace(LETTER, issuers=NAMES),
    "table": replace(PLAIN, paragraphs=(*PLAIN.paragraphs[:3], TABLE, *PLAIN.paragraphs[3:])),
    "stamp": replace(FILE, stamp=Stamp("冯广兴", "局长")),
    "unsealed": replace(LETTER, sealed=False),
    "addressees": replace(PLAIN, addressees=tuple(f"君山区第{place}镇人民政府" for place in range(1, 61))),
    "addressees-file": replace(FILE, addressees=tuple(f"君山区第{place}镇人民政府" for place in range(1, 31))),
    "six": replace(FILE, letterhead="\n".join(NAMES * 2), issuers=NAMES * 2, seals=tuple(map(specimen, NAMES * 2))),
    "attached": replace(FILE, attachments=(Attachment("示意图", (Picture(drawn(size=(40, 70)), "png"),)),)),
    "latin": replace(PLAIN, paragraphs=LATIN + PLAIN.paragraphs),
    "latin-file": replace(FILE, paragraphs=PLAIN.paragraphs[:2] + LATIN * 2),
    "checked": replace(FILE, verify="https://example.org/verify/Ab3dEf7hIj_k-mNo/"),
    "checked-letter": replace(with_lines(LETTER, 4), verify="https://example.org/verify/Ab3dEf7hIj_k-mNo/"),
    "draft": replace(LETTER, date=None, doc_number="", watermark="草稿"),
}  # fmt: skip
LETTERS = {
    **FORMS,
    **{f"{form}-{count}": with_lines(letter, count) for form, letter in FORMS.items() for count in LENGTHS},
    **OTHERS,
}


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """The pages of every letter as LibreOffice sets its .docx: one start for all of them."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    place = tmp_path_factory.mktemp("docx")
    for name, letter in LETTERS.items():
        (place / f"{name}.docx").write_bytes(docx_out.write(letter))
    convert([place / f"{name}.docx" for name in LETTERS], place)
    return {name: beginnings((place / f"{name}.pdf").read_bytes()) for name in LETTERS}


def test_without_the_lines_own_spacing_the_pages_would_differ(tmp_path, monkeypatch):
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    monkeypatch.setattr(docx_lines, "_spacing", lambda *_: docx_lines.SPACING)
    untuned = tmp_path / "letter.docx"
    untuned.write_bytes(docx_out.write(OTHERS["latin"]))
    convert([untuned], tmp_path)
    assert beginnings((tmp_path / "letter.pdf").read_bytes()) != beginnings(pdf.render(OTHERS["latin"]))


def convert(files, place) -> None:
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{place}/profile",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "--outdir", place, *files], check=True, capture_output=True, timeout=300)


def beginnings(content: bytes) -> list[str]:
    """The first characters of each page, its number aside."""
    return [re.sub("—[0-9]+—", "", squeeze(text))[:8] for text in page_texts(content)]


@pytest.mark.parametrize("name", LETTERS)
def test_another_word_processor_sets_the_same_pages(converted, name):
    assert converted[name] == beginnings(pdf.render(LETTERS[name]))


# What stands in the file


def parts(letter) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx_out.write(letter))) as file:
        return {name: file.read(name) for name in file.namelist()}


def document(letter) -> str:
    return parts(letter)["word/document.xml"].decode()


def test_the_same_letter_gives_the_same_bytes():
    docx_out.write(PLAIN)
    assert docx_out.write(COMPLETE) == docx_out.write(COMPLETE)


@pytest.mark.parametrize("letter", [COMPLETE, OTHERS["joint"], LETTER], ids=["complete", "joint", "letter"])
def test_every_part_is_well_formed_and_every_relationship_leads_somewhere(letter):
    found = parts(letter)
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    for name in (name for name in found if name.endswith(".rels") and "word" in name):
        for relation in etree.fromstring(found[name]):
            assert f"word/{relation.get('Target')}" in found
    identifiers = re.findall(r'<wp:docPr id="(\d+)"', "".join(map(str, found.values())))
    assert len(identifiers) == len(set(identifiers))


def test_a_second_program_reads_every_paragraph():
    read = docx.Document(io.BytesIO(docx_out.write(FILE)))
    said = [paragraph.text for paragraph in read.paragraphs]
    for paragraph in FILE.paragraphs:
        assert paragraph in said
    assert read.core_properties.title == "对君山区政协五届五次会议第51号提案的 答 复"


def test_only_the_heading_sentence_is_in_heading_type():
    root = etree.fromstring(parts(PLAIN)["word/document.xml"])
    paragraph = next(one for one in root.iter(f"{W}p") if "".join(one.itertext()).startswith("一、强意识"))
    heavy = [
        "".join(run.itertext())
        for run in paragraph.iter(f"{W}r")
        if run.find(f"{W}rPr/{W}rFonts").get(f"{W}eastAsia") == "黑体"
    ]
    assert "".join(heavy) == "一、强意识，从基层做起。"


def test_fonts_have_the_names_that_users_have():
    found = parts(FILE)
    said = "".join(content.decode() for name, content in found.items() if name.endswith(".xml"))
    assert set(re.findall('w:eastAsia="([^"-]+)"', said)) <= {
        "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体",
    }  # fmt: skip
    assert "altName" in found["word/fontTable.xml"].decode()


def test_page_numbers_stand_outside_and_not_on_a_letters_first_page():
    found = parts(LETTER)
    assert 'w:jc w:val="right"' in found["word/footer-default.xml"].decode()
    assert 'w:jc w:val="left"' in found["word/footer-even.xml"].decode()
    assert "PAGE" not in found["word/footer-first.xml"].decode()
    assert "titlePg" in found["word/document.xml"].decode()
    assert "evenAndOddHeaders" in found["word/settings.xml"].decode()
    assert "titlePg" not in document(FILE)


def test_the_seal_lies_behind_the_text_and_is_a_picture_with_a_clear_ground():
    found = parts(replace(FILE, seals=(specimen(NAMES[0]),)))
    assert 'behindDoc="1"' in found["word/document.xml"].decode()
    name = next(name for name in found if name.startswith("word/media/"))
    image = Image.open(io.BytesIO(found[name]))
    assert image.format == "PNG"
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] == 0


def test_the_head_of_a_table_repeats():
    said = document(OTHERS["table"])
    assert said.count("<w:tblHeader/>") == said.count("<w:tbl>")


def test_the_red_rule_lies_below_the_number():
    assert re.search(r'<w:bottom w:val="single" w:sz="16" w:space="\d+" w:color="E60012"/>', document(FILE))


def test_pages_of_an_attached_document_are_pictures():
    attached = replace(PLAIN, attachments=(Attachment("原件", (Picture(pdf.render(PLAIN), "pdf"),)),))
    found = parts(attached)
    assert len([name for name in found if name.startswith("word/media/")]) == 3


def test_a_picture_that_stands_twice_is_kept_once():
    picture = Picture(drawn("JPEG"), "jpeg")
    twice = replace(PLAIN, attachments=(Attachment("甲", (picture,)), Attachment("乙", (picture,))))
    assert len([name for name in parts(twice) if name.startswith("word/media/")]) == 1


def test_markup_stays_text():
    letter = letters.saying(PLAIN, "<w:br/>&amp;&#1;]]>")
    assert "&lt;w:br/&gt;&amp;amp;&amp;#1;]]&gt;" in document(letter)


def test_what_cannot_be_set_is_told_as_for_the_pdf():
    with pytest.raises(LetterError):
        docx_out.write(replace(PLAIN, title=""))
    with pytest.raises(MissingGlyphs):
        docx_out.write(letters.saying(PLAIN, "\U00012000"))


def test_no_rule_stands_between_the_two_lists_of_the_imprint():
    table = etree.fromstring(parts(OTHERS["addressees-file"])["word/document.xml"]).findall(f".//{W}tbl")[-1]
    nil = [
        [side.tag.removeprefix(W) for side in row.iter(f"{W}top", f"{W}bottom")]
        for row in table.iter(f"{W}tr")
    ]
    assert nil == [["bottom"], ["top"], []]
