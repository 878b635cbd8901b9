"""What measure says: nothing against our own letters, and each fault of pages made wrong on purpose."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache

import pikepdf
import pytest
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from gongwen import fonts, pdf
from gongwen.document import Attachment, Picture
from gongwen.lines import NotReadable
from gongwen.measure import measure
from gongwen.tests import letters
from gongwen.tests.sheets import saved

RARE = "㛃𬭚䶮旻晞昉喆镕"
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Sheet:
    """The same lines on every page, set one by one in the type engine itself: left edge and pitch in mm, size
    and cell in points; `number` is how far to the right and down its page numbers are moved, None for none.
    """

    lines: tuple[str, ...] = ("",)
    pages: int = 1
    left: float = 28.0
    pitch: float = 10.449
    size: float = 16.0
    cell: float = 15.793
    paper: tuple[float, float] = (210, 297)
    number: tuple[float, float] | None = None


FULL = Sheet((letters.SMOOTH,) * 22)


@cache
def style():
    config = FontConfiguration()
    faces = {
        name: (fonts.folder() / fonts.ROLES[role]).as_uri() for name, role in (("b", "fang"), ("n", "song"))
    }
    face = "".join(f"@font-face {{ font-family: {name}; src: url({url}) }}" for name, url in faces.items())
    rules = (
        "@page { margin: 0 } body { margin: 0; font-family: b; font-kerning: none }"
        "section { position: relative; break-after: page; overflow: hidden }"
        "p { position: absolute; margin: 0; white-space: pre; line-height: 1 } .n { font: 14pt/1 n }"
    )
    return CSS(string=face + rules, font_config=config), config


def made(sheet):
    """The sheet as PDF."""
    sections = "".join(section(sheet, page) for page in range(1, sheet.pages + 1))
    width, height = sheet.paper
    css, config = style()
    paper = CSS(string=f"@page {{ size: {width}mm {height}mm }} section {{ height: {height - 0.1}mm }}")
    return HTML(string=f"<html lang=zh><body>{sections}").write_pdf(
        stylesheets=[css, paper], font_config=config
    )


def section(sheet, page):
    spacing = sheet.cell - sheet.size
    lines = "".join(
        f'<p style="left:{sheet.left}mm;top:{37 + row * sheet.pitch}mm;font-size:{sheet.size}pt;'
        f'letter-spacing:{spacing}pt">{line}</p>'
        for row, line in enumerate(sheet.lines)
    )
    return f"<section>{lines}{number(sheet, page)}</section>"


def number(sheet, page):
    if not sheet.number:
        return ""
    right, down = sheet.number
    side = f"right:{210 - 184 + 4.94 - right}mm" if page % 2 else f"left:{28 + 4.94 + right}mm"
    return f'<p class="n" style="{side};top:{266.7 + down}mm">— {page} —</p>'


def rules(document):
    return {one.rule for one in measure(document)}


def with_content(document, before):
    """The same PDF with operators before each page's own."""
    with pikepdf.open(io.BytesIO(document)) as file:
        for page in file.pages:
            page.contents_add(before, prepend=True)
        return saved(file)


# Our own letters


@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_nothing_is_said_against_the_sample(form):
    assert measure(pdf.render(form)) == []


@pytest.mark.parametrize("count", [1, 2, 14, 16, 26, 33, 36, 90])
@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_nothing_is_said_against_any_length(form, count):
    assert measure(pdf.render(letters.with_lines(form, count))) == []


@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_nothing_is_said_against_rare_characters(form):
    assert measure(pdf.render(letters.saying(form, *[(letters.SMOOTH[:20] + RARE) * 3] * 12))) == []


MARKS = (
    "他说：“协商于民、协商为民。”（见《村规民约》、《议事会制度》）；“做不做？”“做！”——由百姓决定……真的，（居）民说了算。"
    "共3,456.7万元，占12.5%（2021年5月25日止），电话0730-8178696，见https://www.junshan.gov.cn/a?b=1。"
)


@pytest.mark.parametrize("shift", range(0, 28, 5))
def test_nothing_is_said_against_marks_numbers_and_addresses(shift):
    assert measure(pdf.render(letters.saying(letters.PLAIN, letters.SMOOTH[:shift] + MARKS * 12))) == []


def test_nothing_is_said_against_other_parts_of_a_letter():
    names = tuple(f"岳阳市君山区第{place}街道办事处工作委员会" for place in range(1, 21))
    contacts = tuple(f"联系人{place}：某某" for place in range(30))
    for letter in (
        replace(letters.FILE, addressees=names, signers=("冯广兴", "某某某", "某某")),
        replace(letters.PLAIN, contacts=contacts, watermark="草稿"),
        letters.saying(letters.PLAIN, "。段落以标点开头", "——破折号开头"),
    ):
        assert measure(pdf.render(letter)) == []


@pytest.mark.parametrize("form", [letters.PLAIN, letters.FILE])
def test_a_document_that_was_put_into_an_attachment_is_not_measured(form):
    guest = Picture(made(replace(FULL, size=15.0, pitch=9.0)), "pdf")
    assert measure(pdf.render(replace(form, attachments=(Attachment("清单", (guest,)),)))) == []


# Pages of others


def test_nothing_is_said_against_a_right_page_of_another_maker():
    assert measure(made(replace(FULL, pages=3, number=(0, 0)))) == []
    # 22 equal lines in 225 mm, as word processors have them.
    assert measure(made(replace(FULL, pages=3, number=(0, 0), pitch=10.227))) == []


def test_paper():
    found = [
        one for one in measure(made(Sheet(("推进协商民主",), paper=(148, 210)))) if one.rule == "page-size"
    ]
    assert [(one.page, one.measured, one.wanted) for one in found] == [(1, "148.0 x 210.0", "210.0 x 297.0")]


def test_a_table_may_lie_on_its_side_but_not_on_the_first_page():
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as file:
        file.pages[1].Rotate = 90
        assert "page-size" not in rules(saved(file))
        file.pages[0].Rotate = 90
        assert "page-size" in rules(saved(file))


@pytest.mark.parametrize("left", [25.0, 30.0, 35.0])
def test_a_shifted_margin(left):
    found = [one for one in measure(made(replace(FULL, left=left))) if one.rule == "left-edge"]
    assert len(found) == 22
    assert found[0].measured == pytest.approx(left, abs=0.05)
    assert found[0].wanted == 28


def test_a_letter_of_ours_that_was_moved_aside():
    aside = with_content(pdf.render(letters.PLAIN), f"1 0 0 1 {2 * POINTS_PER_MM:.3f} 0 cm".encode())
    found = measure(aside)
    moved = {"left-edge", "right-edge", "page-number-place", "title-centre", "date-right"}
    assert {one.rule for one in found} == moved
    assert next(one.measured for one in found if one.rule == "left-edge") == pytest.approx(30, abs=0.05)


def test_a_page_whose_corner_is_not_at_zero_is_measured_from_its_corner():
    with pikepdf.open(io.BytesIO(with_content(pdf.render(letters.PLAIN), b"1 0 0 1 50 70 cm"))) as file:
        for page in file.pages:
            page.MediaBox = pikepdf.Array([50, 70, 50 + 210 * POINTS_PER_MM, 70 + 297 * POINTS_PER_MM])
        assert measure(saved(file)) == []


def test_lines_that_run_on_to_a_ragged_edge():
    found = measure(made(Sheet((letters.SMOOTH, letters.SMOOTH[:26], letters.SMOOTH, "推进"))))
    assert [(one.rule, one.line) for one in found] == [("right-edge", 2), ("cells-per-line", 2)]
    assert found[0].measured == pytest.approx(184 - 2 * 5.571, abs=0.2)
    assert (found[1].measured, found[1].wanted) == (26, 28)


def test_a_line_beyond_the_edge():
    (found,) = measure(made(Sheet((letters.SMOOTH + "民",))))
    assert (found.rule, found.line, found.text[-1]) == ("right-edge", 1, "民")


@pytest.mark.parametrize("pitch", [9.878, 10.7, 11.0, 16.0, 20.9])
def test_another_pitch(pitch):
    found = [
        one for one in measure(made(replace(FULL, lines=FULL.lines[:10], pitch=pitch))) if "pitch" in one.rule
    ]
    assert len(found) == 9
    assert all(one.measured == pytest.approx(pitch, abs=0.03) for one in found)


def test_an_empty_line_is_no_pitch():
    assert measure(made(Sheet((letters.SMOOTH, "推进", "", "", "特此答复")))) == []


@pytest.mark.parametrize("count", [20, 21])
def test_a_page_that_is_not_full(count):
    found = measure(made(Sheet((letters.SMOOTH,) * count, pages=3, number=(0, 0))))
    assert {(one.rule, one.measured, one.wanted) for one in found} == {("lines-per-page", count, 22)}
    assert [one.page for one in found] == [1, 2]


@pytest.mark.parametrize(("size", "cell"), [(16.5, 15.793), (15.0, 15.793), (14.0, 14.0), (18.0, 18.0)])
def test_type_of_another_size(size, cell):
    found = [
        one for one in measure(made(replace(FULL, size=size, cell=cell, left=28))) if one.rule == "body-size"
    ]
    assert len(found) == 22
    assert found[0].measured == pytest.approx(size, abs=0.02)
    assert found[0].wanted == 16


def test_other_cells():
    sheet = Sheet((letters.SMOOTH[:27],) * 10, cell=(156 * POINTS_PER_MM - 16) / 26)
    assert rules(made(sheet)) == {"cells-per-line"}


@pytest.mark.parametrize("moved", [(0, 3), (0, -3), (5, 0), (-70, 0)])
def test_a_moved_page_number(moved):
    found = measure(made(replace(FULL, pages=2, number=moved)))
    assert [(one.rule, one.page) for one in found] == [("page-number-place", 1), ("page-number-place", 2)]
    assert [one.wanted for one in found] == ["179.1, 269.0", "32.9, 269.0"]


def test_pages_without_number():
    found = measure(made(replace(FULL, pages=3)))
    assert [(one.rule, one.page, one.measured) for one in found] == [
        ("page-number-place", 2, ""),
        ("page-number-place", 3, ""),
    ]


@pytest.mark.parametrize("mark", "。，、）》”%")
def test_a_line_that_begins_with_a_forbidden_mark(mark):
    found = measure(made(Sheet((letters.SMOOTH, mark + letters.SMOOTH[1:], "推进"))))
    assert [(one.rule, one.line, one.measured) for one in found if "start" in one.rule] == [
        ("forbidden-start", 2, mark)
    ]


@pytest.mark.parametrize("mark", "（《“")
def test_a_line_that_ends_with_a_forbidden_mark(mark):
    found = measure(made(Sheet((letters.SMOOTH[1:] + mark, letters.SMOOTH, "推进"))))
    assert [(one.rule, one.line, one.measured) for one in found if "end" in one.rule] == [
        ("forbidden-end", 1, mark)
    ]


def test_a_dash_may_begin_a_line_whole_but_not_in_halves():
    rest = letters.SMOOTH[:26]
    assert "forbidden-start" not in rules(made(Sheet((letters.SMOOTH, "——" + rest, "推进"))))
    assert "forbidden-start" in rules(made(Sheet((letters.SMOOTH[1:] + "—", "—" + rest + "民", "推进"))))


def test_glyphs_that_no_text_belongs_to():
    with pikepdf.open(io.BytesIO(made(FULL))) as file:
        for page in file.pages:
            for font in page.Resources.Font.values():
                if "/ToUnicode" in font:  # pages share their fonts
                    del font["/ToUnicode"]
        found = measure(saved(file))
    assert {"glyph-without-text"} <= {one.rule for one in found}
    assert sum(one.measured for one in found if one.rule == "glyph-without-text") > 400


def test_what_cannot_be_measured():
    empty = pikepdf.new()
    empty.add_blank_page()
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf.render(letters.PLAIN))) as file:
        file.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    for document in (b"", b"%PDF-1.7", b"text", saved(empty), locked.getvalue()):
        with pytest.raises(NotReadable):
            measure(document)
