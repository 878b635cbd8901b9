"""Whatever the bytes are: departures or NotReadable, soon, and never another error."""

from __future__ import annotations

import io
import random
import time

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongwen.lines import NotReadable
from gongwen.measure import measure
from gongwen.tests import sheets


@pytest.fixture(scope="module")
def letter():
    return sheets.drawn(sheets.FILE, sheets.SEALED)


def survives(document):
    try:
        return measure(document)
    except NotReadable:
        return None


def made(content, box=(0, 0, 595, 842), **page):
    """One page with these operators and one of the standard fonts."""
    with pikepdf.new() as file:
        font = file.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        file.add_blank_page()
        first = file.pages[0]
        first.MediaBox = pikepdf.Array(box)
        first.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        first.Contents = file.make_stream(content)
        for name, value in page.items():
            first[f"/{name}"] = value
        return sheets.saved(file)


@pytest.mark.parametrize("part", [0, 1, 8, 100, 0.3, 0.6, 0.9, 0.99])
def test_a_file_that_was_cut_off(letter, part):
    survives(letter[: part if isinstance(part, int) else int(len(letter) * part)])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_garbage(content):
    survives(content)
    survives(b"%PDF-1.7\n" + content)
    survives(made(b"BT /F 16 Tf 80 700 Td (words) Tj " + content))


def test_a_file_with_bytes_changed(letter):
    chance = random.Random(7)
    for _ in range(60):
        changed = bytearray(letter)
        for _ in range(chance.choice((1, 20, 400))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        survives(bytes(changed))


@pytest.mark.parametrize(
    "figure", ["0", "-1", "1e38", "-1e38", "1e-38", "99999999999999999999999999999999999999999999", "nan"]
)
def test_figures_beyond_all_measure(figure):
    text = f"BT /F {figure} Tf {figure} {figure} Td (1 2) Tj ET BT /F 16 Tf 80 700 Td (words of text) Tj ET "
    lines = f"{figure} w 0 {figure} m {figure} 0 l S 1 0 0 rg 0 0 {figure} 2 re f {figure} 0 0 1 0 0 cm 9 9 99 1 re f"
    survives(made((text + lines).encode()))


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 0), (0, 0, 1e6, 1e6), (-5e8, -5e8, 5e8, 5e8), (595, 842, 0, 0), (0, 0, 1, 1)]
)
def test_pages_of_any_size(box):
    survives(made(b"BT /F 16 Tf 80 700 Td (words of text) Tj ET", box))


def test_no_pages_and_a_locked_file(letter):
    with pikepdf.new() as none, pytest.raises(NotReadable):
        measure(sheets.saved(none))
    with pikepdf.open(io.BytesIO(letter)) as file:
        locked = io.BytesIO()
        file.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(NotReadable):
        measure(locked.getvalue())


def test_groups_within_groups_and_a_group_within_itself():
    with pikepdf.open(io.BytesIO(made(b"BT /F 16 Tf 80 700 Td (words) Tj ET /X Do"))) as file:
        group = file.make_stream(b"1 0 0 rg 0 0 200 2 re f /X Do")
        group.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 600, 850]
        )
        group.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=group))
        file.pages[0].Resources.XObject = pikepdf.Dictionary(X=group)
        survives(sheets.saved(file))


def test_a_drawing_of_a_hundred_thousand_lines_is_soon_measured():
    lines = b"BT /F 16 Tf 80 700 Td (words) Tj ET " + b"10 10 m 300 10 l S 10 10 300 1 re f " * 50_000
    began = time.process_time()
    survives(made(lines))
    assert time.process_time() - began < 20


def test_200_pages_take_no_longer_than_their_number_asks():
    page = sheets.drawn(sheets.Paper(sheets.body(0, 22)))
    with pikepdf.open(io.BytesIO(page)) as one, pikepdf.new() as many:
        for _ in range(200):
            many.pages.append(one.pages[0])
        document = sheets.saved(many)
    began = time.process_time()
    assert len({departure.page for departure in measure(document)}) > 100  # no page numbers
    assert time.process_time() - began < 20
