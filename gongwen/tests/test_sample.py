"""The published reply, set in both forms, read back and measured by a reader that had no part in it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageChops

from gongwen import pdf, pictures
from gongwen.tests import letters
from gongwen.tests.reading import Line, body_text, read, squeeze

FIRST_LINE = "君民复字〔2021〕6号B类同意公开"


@pytest.fixture(scope="module")
def plain():
    return read(pdf.render(letters.PLAIN))


@pytest.fixture(scope="module")
def filed():
    return read(pdf.render(letters.FILE))


def find(pages, start: str) -> Line:
    return next(
        line for page in pages for line in page.lines if squeeze(line.text).startswith(squeeze(start))
    )


def test_plain_form_says_the_sample_and_nothing_else_but_number_and_marks(plain):
    assert body_text(plain) == FIRST_LINE + squeeze(letters.SAMPLE)


def test_space_inside_the_title_is_kept_and_the_chosen_break_too(plain):
    assert [line.text for line in plain[0].lines[1:3]] == letters.SAMPLE.splitlines()[:2]


def test_pages_are_numbered_at_the_outer_edge(plain):
    assert [squeeze(page.number) for page in plain] == ["—1—", "—2—", "—3—"]


def test_every_line_begins_at_the_left_edge_or_two_cells_in(plain):
    body = [line for page in plain for line in page.lines if line.size == pytest.approx(16, abs=0.1)]
    for line in body[:-3]:
        assert line.left == pytest.approx(28, abs=0.05) or line.left == pytest.approx(39.14, abs=0.05)


def test_lines_that_run_on_end_at_the_right_edge(plain):
    lines = [line for page in plain for line in page.lines[:-2] if len(line.text) >= 26]
    assert len(lines) > 30
    assert all(abs(line.right - 184) < 0.3 for line in lines)


def test_pitch_is_the_grid_on_every_page(plain, filed):
    for page in [*plain, *filed[1:-1]]:
        for line in page.lines:
            rows = (line.baseline - 41.93) / 10.44886
            assert abs(rows - round(rows)) * 10.44886 < 0.05 or line.size > 20


def test_a_full_page_has_22_lines(plain, filed):
    assert len(plain[1].lines) == len(filed[1].lines) == 22


def test_only_the_heading_sentence_is_in_black_type(plain):
    line = find(plain, "一、强意识，从基层做起。")
    heading = len("一、强意识，从基层做起。")
    assert {"Hei" in font for font in line.fonts[:heading]} == {True}
    assert {"Fang" in font for font in line.fonts[heading:]} == {True}


def test_date_keeps_four_cells_at_the_right_and_room_for_a_seal_of_42_mm(plain):
    last_body, date, contact = (find(plain, text) for text in ("望你们对我局", "2021年", "承办负责人"))
    assert date.right == pytest.approx(184 - 4 * 5.571, abs=0.3)
    centre = date.baseline - 0.38 * 5.644 - 3
    body_bottom = last_body.baseline + 0.12 * 5.644
    assert 0 <= centre - 21 - body_bottom <= 10.45
    assert centre + 21 <= contact.baseline - 0.88 * 5.644 + 0.2


def test_contact_lines_follow_the_date_as_given(plain):
    assert [squeeze(line.text) for line in plain[-1].lines[-2:]] == [
        squeeze(line) for line in letters.SAMPLE.splitlines()[-2:]
    ]


def test_file_form_has_every_element_in_order(filed):
    said = body_text(filed)
    elements = (
        "B类同意公开" + letters.FILE.letterhead,
        "君民复字〔2021〕6号签发人：冯广兴",
        "对君山区政协五届五次会议第51号提案的答复区政协社会法制和民族宗教委员会：你们提出的",
        "宝贵的意见和建议。岳阳市君山区民政局2021年5月25日承办负责人：冯广兴承办人及联系人电话：",
        "抄送：区政府办公室，区政协提案委员会。岳阳市君山区民政局办公室2021年5月25日印发",
    )
    places: list[int] = []
    for element in elements:
        places.append(said.index(squeeze(element), places[-1] + 1 if places else 0))
    assert places == sorted(places)


def test_red_head_number_and_rule_stand_where_the_standard_says(filed):
    mark, number = find(filed, letters.FILE.letterhead), find(filed, "君民复字")
    red = next(rect for rect in filed[0].rects)
    assert "Song-Bold" in mark.fonts[0]
    assert (mark.left + mark.right) / 2 == pytest.approx(106, abs=0.2)
    assert red["non_stroking_color"][0] > 0.8
    assert red["x0"] * 25.4 / 72 == pytest.approx(28, abs=0.1)
    assert red["x1"] * 25.4 / 72 == pytest.approx(184, abs=0.1)
    number_bottom = number.baseline + 0.12 * 5.644
    assert red["top"] * 25.4 / 72 - number_bottom == pytest.approx(4, abs=0.1)


def test_top_of_the_red_marks_ink_is_72_mm_from_the_papers_edge():
    picture = Image.open(io.BytesIO(pictures.page_png(pdf.render(letters.FILE), 1, 2100)))
    red, green, _ = picture.split()
    ink = ImageChops.multiply(red.point(lambda v: 255 * (v > 200)), green.point(lambda v: 255 * (v < 100)))
    box = ink.getbbox()
    assert box
    assert box[1] / 10 == pytest.approx(72, abs=0.2)


def test_signers_name_is_in_kai_with_one_cell_at_the_right(filed):
    line = find(filed, "君民复字")
    assert all("Kai" in font for font in line.fonts[-3:])
    assert line.right == pytest.approx(184 - 5.571, abs=0.2)


def test_without_signers_the_number_is_centred():
    line = find(read(pdf.render(replace(letters.FILE, signers=()))), "君民复字")
    assert (line.left + line.right) / 2 == pytest.approx(106, abs=0.2)


def test_four_signers_stand_two_a_row_the_last_row_level_with_the_number():
    pages = read(pdf.render(replace(letters.FILE, signers=("冯广兴", "贾济民", "张三丰", "李四光"))))
    assert squeeze(find(pages, "君民复字").text).endswith("张三丰李四光")
    assert squeeze(find(pages, "签发人").text) == "签发人：冯广兴贾济民"


def test_name_is_centred_over_the_date(filed):
    name, date = find(filed[-1:], "岳阳市君山区民政局"), find(filed[-1:], "2021年")
    assert (name.left + name.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=0.2)
    assert date.baseline - name.baseline == pytest.approx(10.449, abs=0.05)


def test_a_name_too_long_to_be_centred_ends_at_the_right_edge():
    letter = replace(letters.FILE, issuers=("岳阳市君山区民族宗教事务和社会救助服务管理委员会办公室",))
    assert find(read(pdf.render(letter))[-1:], "岳阳市君山区民族").right < 184.2


def test_imprint_ends_on_the_lower_edge_of_the_type_area(filed):
    rules = sorted(rect["bottom"] * 25.4 / 72 for rect in filed[-1].rects)
    heights = [round((rect["bottom"] - rect["top"]) * 25.4 / 72, 2) for rect in filed[-1].rects]
    assert rules[-1] == pytest.approx(262, abs=0.05)
    assert heights == [0.35, 0.25, 0.35]


def test_no_date_no_number_is_a_draft_with_the_same_pages(plain):
    draft = read(pdf.render(replace(letters.PLAIN, date=None, doc_number="", watermark="草稿")))
    assert [len(page.lines) for page in draft] == [19, 22, 8]
    assert squeeze(draft[0].lines[0].text) == "B类同意公开"
    assert draft[0].lines[0].right == pytest.approx(184, abs=0.3)


def test_neither_number_nor_marks_leaves_the_first_line_out():
    bare = replace(letters.PLAIN, doc_number="", result_class="", disclosure="")
    assert body_text(read(pdf.render(bare))) == squeeze(letters.SAMPLE)


def test_number_and_marks_too_long_for_one_line_take_two():
    pages = read(
        pdf.render(replace(letters.PLAIN, doc_number="岳阳市君山区人民政府办公室民政复字〔2021〕16号"))
    )
    assert squeeze(pages[0].lines[0].text) == "B类同意公开"
    assert squeeze(pages[0].lines[1].text).endswith("16号")
