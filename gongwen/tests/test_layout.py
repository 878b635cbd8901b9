"""Pages before they are drawn: no date without body, for every length, form and kind of signature block."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen import fonts
from gongwen.document import Attachment, Stamp
from gongwen.layout import pages
from gongwen.paper import LOWER_MM, RIGHT_MM, Sheet, Text
from gongwen.tests import letters

LETTER = replace(letters.FILE, form="letter")
JOINT = ("岳阳市君山区民政局", "岳阳市君山区财政局", "岳阳市君山区人力资源和社会保障局")
SMOOTH = set(letters.SMOOTH)

FORMS = [
    pytest.param(letters.PLAIN, id="plain"),
    pytest.param(letters.FILE, id="file"),
    pytest.param(LETTER, id="letter"),
]
BLOCKS = [
    pytest.param({}, id="sealed"),
    pytest.param({"sealed": False}, id="unsealed"),
    pytest.param({"stamp": Stamp("冯广兴", "局长")}, id="stamped"),
    pytest.param({"issuers": JOINT, "letterhead": ""}, id="joint"),
    pytest.param({"attachments": (Attachment("统计表"), Attachment("名单"))}, id="attachments"),
    pytest.param({"contacts": (), "copies_to": (), "printed_by": "", "printed_on": None}, id="bare"),
]


def texts(sheet: Sheet) -> list[Text]:
    return [one for one in sheet.content if isinstance(one, Text)]


def is_body(text: Text) -> bool:
    return bool(text.lines) and set(text.lines[0].line.text) <= SMOOTH


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("block", BLOCKS)
def test_every_length_leaves_body_beside_the_date_and_on_page_1(form, block):
    font_set = fonts.font_set()
    for count in range(1, 121):
        sheets = pages(letters.with_lines(replace(form, **block), count), font_set)
        dated = [
            sheet for sheet in sheets if any(t.lines[0].line.text == "2021年5月25日" for t in texts(sheet))
        ]
        assert len(dated) == 1
        assert any(map(is_body, texts(dated[0]))), count
        assert count == 1 or any(map(is_body, texts(sheets[0]))), count
        assert sum(len(t.lines) for sheet in sheets for t in texts(sheet) if is_body(t)) == count


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("block", BLOCKS)
def test_nothing_stands_outside_the_type_area(form, block):
    font_set = fonts.font_set()
    for count in (1, 7, 12, 18, 22, 40):
        for sheet in pages(letters.with_lines(replace(form, **block), count), font_set):
            for text in texts(sheet):
                for line in text.lines:
                    right = line.x + line.line.width / 1000 * line.size / 72 * 25.4 * line.narrow / 100
                    assert line.x >= 27.9
                    assert right <= RIGHT_MM + 0.3
                    assert line.baseline <= LOWER_MM
