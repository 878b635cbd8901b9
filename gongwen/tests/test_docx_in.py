"""Word documents read: what they say, what is told as left out, and files that are made to do harm."""

from __future__ import annotations

import datetime
import http.server
import io
import shutil
import subprocess
import threading
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image

from gongwen import docx_in, docx_out, docx_zip
from gongwen.document import Table
from gongwen.docx_in import DocxError
from gongwen.docx_numbers import formatted
from gongwen.tests import letters

ENTITIES = '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file://{canary}">]>'
needs_office = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def saying(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def changed(content: bytes, part: str, before: str, after: str) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            text = source.read(name)
            target.writestr(name, text.replace(before.encode(), after.encode(), 1) if name == part else text)
    return out.getvalue()


def with_body(markup: str) -> bytes:
    return changed(saying("甲"), "word/document.xml", "<w:body>", f"<w:body>{markup}")


def said(paragraph: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{paragraph}</w:t></w:r></w:p>"


# What is said


def test_the_sample_typed_in_word_is_the_same_letter_as_from_text():
    found = docx_in.read(saying(*letters.SAMPLE.splitlines()))
    assert found.text == letters.SAMPLE.rstrip("\n")
    assert found.letter.title == letters.PLAIN.title
    assert found.letter.paragraphs == letters.PLAIN.paragraphs
    assert found.letter.date == datetime.date(2021, 5, 25)
    assert found.losses == ()
    assert found.dropped == ()


def test_a_line_break_in_the_title_is_the_chosen_break():
    found = docx_in.read(saying("对第51号提案的\n答复", "区政协：", "收悉。"))
    assert found.letter.title == "对第51号提案的\n答复"


def test_formatting_goes_and_the_text_stays_together():
    document = docx.Document()
    paragraph = document.add_paragraph("你们")
    paragraph.add_run("提出").bold = True
    paragraph.add_run("的提案")
    found = docx_in.read(saved(document))
    assert (found.text, found.losses) == ("你们提出的提案", ())


def test_our_own_documents_come_back_with_text_and_paragraphs():
    found = docx_in.read(docx_out.write(letters.FILE))
    assert found.letter.paragraphs == letters.FILE.paragraphs
    assert found.letter.addressees == letters.FILE.addressees
    assert found.letter.date == letters.FILE.date


@needs_office
def test_a_document_that_libreoffice_made_is_read_with_its_list_and_table(tmp_path):
    page = tmp_path / "letter.html"
    page.write_text(
        "<html><meta charset=utf-8><body><p>区政协：</p><ol><li>修路</li><li>架桥</li></ol>"
        "<table border=1><tr><th>项目</th><th>时限</th></tr><tr><td>道路</td><td>6月</td></tr></table></body></html>",
        encoding="utf-8",
    )
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    reading = ["--infilter=HTML (StarWriter)", "--convert-to", "docx", "--outdir", tmp_path, page]
    subprocess.run(["soffice", "--headless", profile, *reading], check=True, capture_output=True, timeout=120)
    text = docx_in.read((tmp_path / "letter.docx").read_bytes()).text
    assert "区政协：" in text
    assert "1.修路" in text
    assert "2.架桥" in text
    assert "| 道路 | 6月 |" in text


# Lists


def test_automatic_numbers_become_text():
    document = docx.Document()
    for words in ("修路", "架桥"):
        document.add_paragraph(words, style="List Number")
    assert docx_in.read(saved(document)).text == "1.修路\n2.架桥"


def chinese_list() -> bytes:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = (
        ("chineseCounting", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%3."),
        ("decimal", "%1.%3"),
    )
    markup = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (kind, text) in enumerate(levels)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{markup}</w:abstractNum>')
    )
    for number, start in (
        (90, ""),
        (91, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
    ):
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="90"/>{start}</w:num>'
            )
        )
    for words, level, number in (
        ("甲", 0, 90), ("乙", 1, 90), ("丙", 1, 90), ("丁", 2, 90), ("戊", 0, 90), ("己", 1, 90), ("庚", 0, 91),
    ):  # fmt: skip
        numbered(document.add_paragraph(words), number, level)
    return saved(document)


def numbered(paragraph, number: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = number


def test_levels_count_each_for_itself_and_begin_anew_below_a_higher_one():
    text = docx_in.read(chinese_list()).text
    assert text.split("\n") == ["一、甲", "（一）乙", "（二）丙", "1.丁", "二、戊", "（一）己", "一、庚"]


def test_bullets_are_told_and_left_out():
    document = docx.Document()
    document.add_paragraph("修路", style="List Bullet")
    found = docx_in.read(saved(document))
    assert (found.text, found.losses) == ("修路", (("bullet", 1),))


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        (10, "chineseCounting", "十"), (11, "chineseCounting", "十一"), (20, "chineseCounting", "二十"),
        (101, "chineseCounting", "一百零一"), (110, "chineseCountingThousand", "一百一十"),
        (12, "ideographDigital", "一二"), (3, "decimalEnclosedCircle", "③"), (4, "decimalFullWidth", "４"),
        (2, "ideographTraditional", "乙"), (28, "lowerLetter", "bb"), (14, "upperRoman", "XIV"),
        (7, "decimalZero", "07"), (15, "chineseLegalSimplified", "拾伍"), (5, "unheardOf", "5"),
    ],
)  # fmt: skip
def test_number_formats(number, style, written):
    assert formatted(number, style) == written


# Tables


def test_a_table_stays_a_table():
    document = docx.Document()
    document.add_paragraph("对提案的答复")
    document.add_paragraph("区政协：")
    document.add_paragraph("安排如下：")
    table = document.add_table(2, 2)
    for cell, words in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("项目", "时限", "a|b", "6月"), strict=True
    ):
        cell.text = words
    found = docx_in.read(saved(document))
    assert found.letter.paragraphs[-1] == Table((("项目", "时限"), ("a|b", "6月")))


def test_merged_cells_are_divided_and_told():
    document = docx.Document()
    table = document.add_table(3, 3)
    for place, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = str(place)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "甲"
    found = docx_in.read(saved(document))
    assert found.text.split("\n")[0] == "| 甲 |  | 2 |"
    assert "|  |  | 5 |" in found.text
    assert found.losses == (("merged-cell", 1),)


def run(inside: str) -> str:
    return f"<w:r>{inside}</w:r>"


def words(text: str) -> str:
    return run(f"<w:t>{text}</w:t>")


def field(*instructions: str, result: str = "") -> str:
    code = "".join(run(f"<w:instrText>{one}</w:instrText>") for one in instructions)
    shown = run('<w:fldChar w:fldCharType="separate"/>') + words(result) if result else ""
    ends = (run(f'<w:fldChar w:fldCharType="{end}"/>') for end in ("begin", "end"))
    return f"{code}{shown}".join(ends)


RUBY = run(f"<w:ruby><w:rubyPr/><w:rt>{words('zhé')}</w:rt><w:rubyBase>{words('喆')}</w:rubyBase></w:ruby>")


@pytest.mark.parametrize(
    "middle",
    [
        RUBY,
        f'<w:fldSimple w:instr="AUTHOR">{words("喆")}</w:fldSimple>',
        f'<w:dir w:val="ltr">{words("喆")}</w:dir>',
        f'<w:bdo w:val="ltr"><w:dir w:val="rtl">{words("喆")}</w:dir></w:bdo>',
        field(" EQ \\o\\ad(\\s\\up 9(zhé),喆)"),
        field(' eq \\* jc2 \\* "Font:宋体" \\* hps10 ', "\\o\\ad(\\s\\up 9(", "zhé", "),喆", ")"),
        field(" EQ \\o\\ac(○,口)", result="喆"),
        field("AUTHOR", result="喆"),
    ],
)
def test_text_in_a_wrapper_is_kept_where_it_stands(middle):
    found = docx_in.read(with_body(f"<w:p>{words('陈')}{middle}{words('同志')}</w:p>"))
    assert found.text.splitlines()[0] == "陈喆同志"
    assert found.losses == ()


@pytest.mark.parametrize("code", ["EQ \\f(1,2)", "EQ \\o(", "EQ", "PAGE", "EQ \\o(\\s(1,2))"])
def test_a_field_that_shows_no_single_character_writes_nothing(code):
    assert docx_in.read(with_body(f"<w:p>{words('陈')}{field(code)}</w:p>")).text.splitlines()[0] == "陈"


def test_a_row_that_begins_after_a_column_keeps_its_columns():
    document = docx.Document()
    table = document.add_table(2, 3)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], "甲乙丙丁戊己", strict=True):
        cell.text = text
    row = table.rows[1]._tr
    row.remove(row.tc_lst[0])
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    (table,) = [one for one in docx_in.read(saved(document)).letter.paragraphs if isinstance(one, Table)]
    assert table.rows == (("甲", "乙", "丙"), ("", "戊", "己"))


def test_a_table_of_one_column_is_text():
    document = docx.Document()
    document.add_table(2, 1).cell(0, 0).text = "抄送：区政府。"
    assert docx_in.read(saved(document)).text == "抄送：区政府。"


# What is left out


def test_pictures_and_headers_are_told_with_their_number():
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    document = docx.Document()
    for _ in range(2):
        document.add_picture(io.BytesIO(out.getvalue()))
    document.sections[0].header.paragraphs[0].text = "内部资料"
    document.sections[0].footer.paragraphs[0].text = "— 1 —"
    found = docx_in.read(saved(document))
    assert found.losses == (("picture", 2), ("header-footer", 1))
    assert found.dropped == ("2 pictures were left out.", "1 header or footer with text was left out.")


@pytest.mark.parametrize(
    ("markup", "text", "losses"),
    [
        (
            '<w:p><w:r><w:t>甲</w:t></w:r><w:del w:id="1"><w:r><w:delText>乙</w:delText></w:r></w:del>'
            '<w:ins w:id="2"><w:r><w:t>丙</w:t></w:r></w:ins></w:p>',
            "甲丙",
            (("deletion", 1), ("insertion", 1)),
        ),
        (
            '<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
            '<w:r><w:commentReference w:id="3"/></w:r></w:p>',
            "甲",
            (("note", 1), ("comment", 1)),
        ),
        (
            "<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>乙</w:t></w:r></w:p>",
            "甲",
            (("hidden-text", 1),),
        ),
        (
            '<w:p><w:r><w:t>30 m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
            "<w:t>2</w:t></w:r></w:p>",
            "30 m2",
            (("raised-text", 1),),
        ),
        (
            '<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
            "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
            "甲",
            (("text-box", 1),),
        ),
        (
            '<w:p><w:r><w:t>甲</w:t></w:r><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
            "<m:r><m:t>x</m:t></m:r></m:oMath></w:p>",
            "甲",
            (("formula", 1),),
        ),
    ],
)  # fmt: skip
def test_what_has_no_place_in_a_letter_is_counted(markup, text, losses):
    found = docx_in.read(with_body(markup))
    assert found.text.split("\n")[0] == text
    assert found.losses == losses
    assert len(found.dropped) == len(losses)


# Harm


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not-docx"),
        (b"%PDF-1.7", "not-docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted-docx"),
        (b"PK\x03\x04" + bytes(100), "damaged-docx"),
    ],
)
def test_other_files_are_refused_in_one_sentence(content, rule):
    with pytest.raises(DocxError) as caught:
        docx_in.read(content)
    assert caught.value.rule == rule
    assert str(caught.value).endswith(".")


def test_a_zip_that_is_no_document_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("content.xml", "<a/>")
    with pytest.raises(DocxError, match="not a Word document"):
        docx_in.read(out.getvalue())


def refused(content: bytes) -> str:
    with pytest.raises(DocxError) as caught:
        docx_in.read(content)
    return caught.value.rule


def test_a_bomb_is_refused_before_anything_is_unpacked():
    bomb = with_body(f"<!--{'x' * (docx_zip.MAX_XML_BYTES + 1)}-->")
    assert len(bomb) < 200_000
    assert refused(bomb) == "docx-too-large"
    assert refused(with_body(f"<!--{' ' * 5_000_000}-->")) == "docx-too-large"  # by its ratio


def test_too_many_elements_or_too_deep_ones_are_refused():
    assert refused(with_body("<w:p/>" * (docx_zip.MAX_ELEMENTS + 1))) == "docx-too-large"
    deep = "<w:sdt><w:sdtContent>" * 40 + "</w:sdtContent></w:sdt>" * 40
    assert refused(with_body(deep)) == "docx-too-deep"


def test_the_deepest_that_is_allowed_is_read():
    levels = (docx_zip.MAX_DEPTH - 6) // 2
    deep = "<w:sdt><w:sdtContent>" * levels + said("深") + "</w:sdtContent></w:sdt>" * levels
    assert docx_in.read(with_body(deep)).text.startswith("深")


def test_no_entity_is_ever_read(tmp_path):
    canary = tmp_path / "canary"
    canary.write_text("secret")
    content = changed(
        saying("甲"), "word/document.xml", "<w:document", ENTITIES.format(canary=canary) + "<w:document"
    )
    assert refused(changed(content, "word/document.xml", "甲", "&a;")) == "docx-has-dtd"


def test_nothing_outside_is_ever_opened(tmp_path):
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/picture.png"
    document = docx.Document()
    for target in (address, "file:///etc/hostname"):
        relation = document.part.relate_to(target, _IMAGE, is_external=True)
        run = document.add_paragraph("甲").add_run()
        blip = OxmlElement("a:blip")
        blip.set(qn("r:link"), relation)
        drawing = OxmlElement("w:drawing")
        drawing.append(blip)
        run._r.append(drawing)
    document.part.relate_to(address, _TEMPLATE, is_external=True)
    found = docx_in.read(saved(document))
    server.shutdown()
    server.server_close()
    assert (asked, found.text, found.losses) == ([], "甲\n甲", (("picture", 2),))


_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
_TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


@pytest.mark.parametrize(
    "markup",
    [
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="-4"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>',
        said("甲", '<w:numPr><w:ilvl w:val="x"/><w:numId w:val="-1"/></w:numPr>'),
    ],
)
def test_senseless_numbers_do_no_harm(markup):
    assert docx_in.read(with_body(markup)).text.endswith("甲")


def test_a_damaged_zip_and_damaged_xml_are_one_sentence():
    assert refused(saying("甲")[:-200]) == "damaged-docx"
    assert refused(changed(saying("甲"), "word/document.xml", "</w:body>", "")) == "damaged-docx"


def test_more_pieces_than_a_letter_can_have_are_refused():
    runs = "".join(f"<w:r><w:t>{place}</w:t></w:r>" for place in range(docx_in.MAX_PIECES))
    assert refused(with_body(f"<w:p>{runs}</w:p>")) == "docx-too-large"
