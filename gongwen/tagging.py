"""What each drawn box is to a reader of the PDF: paragraph, heading, picture, or a table with its cells.

To the type engine every box is a figure with a number; here the numbers become structure. A table is one box,
whose cells are marked inside it: to lay out a box for each cell would cost more than all the rest of a letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydyf

from gongwen.drawing import Fonts, box_of, draw_types
from gongwen.paper import Figure, Grid, Sheet, Text


def marked_cells(grid: Grid, fonts: Fonts, first: int) -> bytes:
    """The cells of a table, each its own marked content, counted from `first` on.

    The engine's mark around the box is ended before them, and an artifact takes its end.
    """
    parts = [b"EMC"]
    for number, cell in enumerate(written_cells(grid), start=first):
        parts.append(f"/{cell.tag} <</MCID {number}>> BDC".encode("ascii"))
        parts.append(draw_types(cell.lines, fonts))
        parts.append(b"EMC")
    return b"\n".join([*parts, b"/Artifact BMC"])


def written_cells(grid: Grid) -> list[Text]:
    """The cells that are not empty, row by row."""
    return [cell for row in grid.rows for cell in row if cell.lines]


def is_kind(item: Any, kind: str) -> bool:
    """Whether a PDF object is a dictionary of this type."""
    return isinstance(item, dict) and item.get("Type") == kind


def number_of(reference: bytes | str) -> int:
    """The number of the object that a reference names."""
    return int(reference.split()[0])


class Tagger:
    """Says of each box in one PDF what it is; boxes are numbered over all pages, in reading order."""

    def __init__(self, pdf: pydyf.PDF, sheets: Sequence[Sheet]) -> None:
        self._pdf = pdf
        self._items = [(page, item) for page, sheet in enumerate(sheets) for item in sheet.content]
        root = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
        self._marks = pdf.objects[number_of(root["ParentTree"])]["Nums"]

    def tag(self) -> None:
        """Name every box that the engine took for a figure."""
        for element in [item for item in self._pdf.objects if is_kind(item, "/StructElem")]:
            if element["S"] == "/Figure":
                page, item = self._items[int(element["Alt"].string)]
                self._name(element, item, page)

    def _name(self, element: pydyf.Dictionary, item: Text | Figure | Grid, page: int) -> None:
        if isinstance(item, Figure):
            element["Alt"] = pydyf.String(item.alt)
            element["A"]["BBox"] = box_of(item)
            return
        del element["Alt"], element["A"]
        element["S"] = f"/{item.tag}" if isinstance(item, Text) else "/Table"
        if isinstance(item, Grid):
            element["K"] = pydyf.Array(
                self._row(element, item, place, page) for place in range(len(item.rows))
            )

    def _row(self, table: pydyf.Dictionary, grid: Grid, place: int, page: int) -> bytes:
        row = self._element("/TR", table)
        row["K"] = pydyf.Array(self._cell(row, cell, page) for cell in grid.rows[place])
        reference: bytes = row.reference
        return reference

    def _cell(self, row: pydyf.Dictionary, cell: Text, page: int) -> bytes:
        element = self._element(f"/{cell.tag}", row)
        if cell.tag == "TH":
            element["A"] = pydyf.Dictionary({"O": "/Table", "Scope": "/Column"})
        if cell.lines:
            marks = self._marks[2 * page + 1]
            element["K"].append(len(marks))
            marks.append(element.reference)
        reference: bytes = element.reference
        return reference

    def _element(self, kind: str, parent: pydyf.Dictionary) -> pydyf.Dictionary:
        entries = {"Type": "/StructElem", "S": kind, "K": pydyf.Array(), "Pg": parent["Pg"]}
        element = pydyf.Dictionary({**entries, "P": parent.reference})
        self._pdf.add_object(element)
        return element
