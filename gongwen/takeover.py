"""Objects of one PDF taken over into another that is being written: a page as a form, with all that it needs.

Nothing is decoded: streams come as they are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pikepdf
import pydyf

# What ties a page to the rest of its own document, and would drag it along.
_LEFT_OUT = frozenset(
    ("/Parent", "/StructParents", "/StructParent", "/Metadata", "/PieceInfo", "/LastModified")
)
_NATIVE = {True: "true", False: "false", None: "null"}


class TakeOver:
    """Copies objects of one document into a PDF, each once however often it is asked for."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self._known: dict[tuple[int, int], bytes] = {}

    def __call__(self, item: Any) -> Any:
        """The object as part of the other PDF: a reference where it has a number of its own."""
        if not isinstance(item, pikepdf.Object) or not item.is_indirect:
            return self._copied(item)
        if item.objgen not in self._known:
            copy = self._shell(item)
            self._pdf.add_object(copy)
            self._known[item.objgen] = copy.reference
            self._fill(copy, item)
        return self._known[item.objgen]

    def _copied(self, item: Any) -> Any:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Array):
            copy = self._shell(item)
            self._fill(copy, item)
            return copy
        if isinstance(item, pikepdf.Object):
            return item.unparse()
        return _NATIVE[item] if isinstance(item, bool | None) else _number(item)

    def _shell(self, item: pikepdf.Object) -> pydyf.Object:
        """The same kind of object, still empty: what it holds may point back to it."""
        if isinstance(item, pikepdf.Stream):
            return pydyf.Stream([item.read_raw_bytes()], pydyf.Dictionary())
        if isinstance(item, pikepdf.Array):
            return pydyf.Array()
        if isinstance(item, pikepdf.Dictionary):
            return pydyf.Dictionary()
        return _Value(item.unparse())

    def _fill(self, copy: pydyf.Object, item: pikepdf.Object) -> None:
        if isinstance(item, pikepdf.Array):
            copy.extend(self(one) for one in item)
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            entries = copy.extra if isinstance(item, pikepdf.Stream) else copy
            for key, value in item.items():
                if key not in _LEFT_OUT and key != "/Length":
                    entries[key[1:]] = self(value)


class _Value(pydyf.Object):
    """A number, name or string with an object number of its own."""

    def __init__(self, value: bytes) -> None:
        super().__init__()
        self._value = value

    @property
    def data(self) -> bytes:
        return self._value


def _number(value: int | float | Decimal) -> int | bytes:
    return value if isinstance(value, int) else f"{value:f}".encode("ascii")
