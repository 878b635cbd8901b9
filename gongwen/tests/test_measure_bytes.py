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


TURNS = {
    90: "0 1 -1 0 595.2756 0",
    180: "-1 0 0 -1 595.2756 841.8898",
    270: "0 -1 1 0 0 841.8898",
}


@pytest.mark.parametrize("inherited", [False, True])
@pytest.mark.parametrize("turn", TURNS)
def test_pages_that_are_turned_upright_are_measured_as_they_are_seen(letter, turn, inherited):
    with pikepdf.open(io.BytesIO(letter)) as file:
        for page in file.pages:
            a, b, c, d, _, _ = (float(figure) for figure in TURNS[turn].split())
            wide, high = (841.8898, 595.2756) if turn != 180 else (595.2756, 841.8898)
            page.contents_add(
                f"q {a} {b} {c} {d} {max(0, -(a + c)) * wide} {max(0, -(b + d)) * high} cm ".encode(),
                prepend=True,
            )
            page.contents_add(b" Q")
            page.MediaBox = pikepdf.Array([0, 0, wide, high])
            if not inherited:
                page.Rotate = turn
        if inherited:
            file.Root.Pages.Rotate = turn
        document = sheets.saved(file)
    assert measure(document) == measure(letter)


def test_a_page_in_another_unit_is_measured_as_it_is_seen(letter):
    with pikepdf.open(io.BytesIO(letter)) as file:
        for page in file.pages:
            page.contents_add(b"q 0.5 0 0 0.5 0 0 cm ", prepend=True)
            page.contents_add(b" Q")
            page.MediaBox = pikepdf.Array([float(edge) / 2 for edge in page.MediaBox])
            page.UserUnit = 2
        assert measure(sheets.saved(file)) == measure(letter)
        file.pages[0].UserUnit = 3
        assert [one.rule for one in measure(sheets.saved(file))].count("page-size") == 1


@pytest.mark.parametrize("unit", [0, -1, 10**12, pikepdf.Name.A])
def test_a_unit_that_is_none(unit):
    survives(made(b"BT /F 16 Tf 80 700 Td (words of text) Tj ET", UserUnit=unit, Rotate=pikepdf.Name.A))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_that_is_shown_turned_is_told_as_such(turn):
    with pytest.raises(NotReadable, match="turned"):
        measure(made(b"BT /F 16 Tf 80 700 Td (words of text) Tj ET", Rotate=turn))
    with pytest.raises(NotReadable, match="no text"):
        measure(made(b"0 0 9 9 re f", Rotate=turn))


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
