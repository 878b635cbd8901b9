"""Letters of every form under the independent ruler and under measure: both say nothing. The ruler does see
what is drawn wrong.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongwen import pdf
from gongwen.document import Attachment, Stamp
from gongwen.measure import measure
from gongwen.seals import specimen
from gongwen.tests import letters, sheets
from gongwen.tests.ruler import faults

BUREAU = "岳阳市君山区民政局"
JOINT = (BUREAU, "岳阳市君山区财政局", "君山区农业农村局")
FORMS = {
    "plain": replace(letters.PLAIN, issuers=(BUREAU,)),
    "file": letters.FILE,
    "letter": replace(letters.FILE, form="letter"),
}


def sealed(letter):
    return replace(letter, seals=tuple(specimen(name) for name in letter.issuers))


VARIATIONS = {
    "as it is": lambda letter: letter,
    "sealed": sealed,
    "not sealed": lambda letter: replace(letter, sealed=False),
    "stamped": lambda letter: replace(letter, stamp=Stamp("冯广兴", "局长")),
    "joint": lambda letter: sealed(replace(letter, issuers=JOINT, letterhead="")),
    "joint without seals": lambda letter: replace(letter, issuers=JOINT, letterhead="", sealed=False),
    "corner": lambda letter: replace(letter, copy_number="000012", secrecy="秘密★1年", urgency="特急"),
    "no signers": lambda letter: replace(letter, signers=()),
    "four signers": lambda letter: replace(letter, signers=("冯广兴", "贾济民", "张三丰", "李四光")),
    "attachment": lambda letter: replace(
        letter, attachments=(Attachment("工作清单", ("推进协商民主，优化基层自治。" * 40,)),)
    ),
    "copies": lambda letter: replace(
        letter, copies_to=tuple(f"第{n}街道办事处" for n in range(12)), copies=50
    ),
}
LENGTHS = (1, 3, 8, 14, 15, 17, 30)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("variation", VARIATIONS)
def test_nothing_departs_in_any_form(form, variation):
    document = pdf.render(VARIATIONS[variation](FORMS[form]))
    assert faults(document) == []
    assert measure(document) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", LENGTHS)
def test_nothing_departs_at_any_length(form, count):
    document = pdf.render(sealed(letters.with_lines(FORMS[form], count)))
    assert faults(document) == []
    assert measure(document) == []


def test_pages_drawn_by_hand_agree():
    for papers in ((sheets.FILE, sheets.SEALED), (sheets.LETTER,), (sheets.FILE, sheets.UNSEALED)):
        assert faults(sheets.drawn(*papers)) == []


FILE, LETTER, LAST = sheets.FILE, sheets.LETTER, sheets.LAST
RULE, BAR = FILE.parts["rule"], LAST.parts["rule3"]
WRONG = {
    "red mark's ink begins": (FILE.moved("mark", y=FILE.parts["mark"].y + 1),),
    "red mark's middle": (FILE.moved("mark", x=108),),
    "red rule below the number": (
        FILE.but(rule=replace(RULE, top=RULE.top + 0.5, bottom=RULE.bottom + 0.5)),
    ),
    "red rule begins": (FILE.moved("rule", left=30),),
    "number's middle": (FILE.moved("number", x=104),),
    "double rule's foot": (LETTER.moved("lower2", top=277, bottom=278),),
    "double rule begins": (LETTER.moved("upper1", left=28),),
    "number's right edge": (LETTER.moved("number", x=182),),
    "page 1 of the letter form bears a number": (
        LETTER.but(page=sheets.Words("— 1 —", 179.06, 270.91, 14, "song", "right")),
    ),
    "title 关于第五十一 size": (FILE.moved("title", size=20),),
    "title 关于第五十一 middle": (FILE.moved("title", x=103),),
    "page 1 pitch": (FILE.moved("body1", y=sheets.row(14) + 0.3),),
    "page 1 cell": (FILE.moved("body1", cell=5.6),),
    "page 1 推进协商民主优化: begins": (FILE.moved("body1", x=27),),
    "date ends": (FILE, LAST.moved("date", x=170)),
    "seal's middle": (FILE, replace(LAST, raw=sheets.ring(sheets.DATE_MIDDLE + 1, sheets.SEAL_Y, 21))),
    "seal's top": (FILE, replace(LAST, raw=sheets.ring(sheets.DATE_MIDDLE, sheets.SEAL_Y, 33))),
    "imprint's last rule": (FILE, LAST.but(rule3=replace(BAR, top=BAR.top + 0.1, bottom=BAR.bottom + 0.1))),
    "weight of an imprint rule": (FILE, LAST.but(rule3=replace(BAR, top=BAR.top - 0.1))),
    "page 2 number's left edge": (FILE, LAST.moved("page", x=28)),
    "page 2 dash": (FILE, LAST.moved("page", y=272)),
}


@pytest.mark.parametrize("said", WRONG)
def test_each_fault_is_seen(said):
    assert any(fault.startswith(said) for fault in faults(sheets.drawn(*WRONG[said])))
