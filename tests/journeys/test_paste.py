"""What comes from Word, Excel or a web page is pasted as clean lines, seen in a real browser."""

import pytest
from playwright.sync_api import expect

from gongwen.document import Table
from gongwen.tables_text import blocks
from tests.factories import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {color: red}</style></head>
<body lang=ZH-CN><!--StartFragment-->
<p class=MsoNormal style='text-indent:32.0pt'>贵委提出的
提案收悉<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1"><span
class=MsoFootnoteReference>[1]</span></a>。</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>（一）<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>加强领导</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span
style='mso-list:Ignore'>&middot;<span>&nbsp;</span></span>有点的一条</p>
<p class=MsoNormal>保留<del cite="mailto:x" datetime="2026-01-01">删去的</del><ins>新增的</ins>文字<span
style='display:none;mso-hide:all'>隐藏</span>完</p>
<table class=MsoTableGrid><tr><td><p>年度</p></td><td><p>件数</p></td></tr>
<tr><td rowspan=2><p>2025</p></td><td><p>12|13</p></td></tr><tr><td><p>14</p></td></tr></table>
<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p>脚注文字</p></div></div>
<!--EndFragment--></body></html>"""
WEB = """<h2>工作要求</h2><ol start="3"><li>甲项</li><li>乙项<ul><li>小点</li></ul></li></ol><script>alert(1)</script>
<p>见通知<sup class="reference"><a href="#c1">[1]</a></sup>第二段。</p><table><tr><td>只有一列</td></tr></table>"""
PASTE = """([html, plain]) => {
    const data = new DataTransfer();
    data.setData("text/plain", plain);
    data.setData("text/html", html);
    const field = document.querySelector("[name=body]");
    field.focus();
    field.select();
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    if (field.dispatchEvent(event)) document.execCommand("insertText", false, plain);
    return field.value;
}"""


@pytest.fixture
def world(transactional_db):
    return World()


@pytest.fixture
def desk(world, person):
    page = person(world.clerk.user, PASSWORD)
    page.goto(f"/replies/{world.drafting().pk}/draft/")
    yield page
    page.locator("[name=body]").blur()
    expect(page.locator("form[data-save-state=saved]")).to_be_attached(timeout=10_000)


def test_word_comes_out_clean(desk):
    text = desk.evaluate(PASTE, [WORD, "Word 的纯文本"])
    lines = text.split("\n")
    assert lines[:4] == ["贵委提出的提案收悉。", "（一）加强领导", "有点的一条", "保留新增的文字完"]
    assert not [word for word in ("脚注", "[1]", "删去", "隐藏") if word in text]
    (table,) = [block for block in blocks(lines) if isinstance(block, Table)]
    assert table.rows == (("年度", "件数"), ("2025", "12|13"), ("", "14"))
    note = desk.locator("#id_body-paste-note")
    note.get_by_role("button").click()
    assert desk.input_value("[name=body]") == "Word 的纯文本"


def test_a_web_page_keeps_its_numbers(desk):
    text = desk.evaluate(PASTE, [WEB, "x"])
    assert text == "工作要求\n3.甲项\n4.乙项\n小点\n见通知第二段。\n只有一列"


def test_plain_html_is_pasted_as_its_text(desk):
    assert desk.evaluate(PASTE, ["<b>加粗</b>的话", "加粗的话"]) == "加粗的话"
    assert desk.locator("#id_body-paste-note").count() == 0
