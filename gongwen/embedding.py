"""The glyphs that a letter uses, as fonts of its PDF: programs cut down, codes, widths, and what each code reads.

Knows no line and no page.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from dataclasses import dataclass

import pydyf
import uharfbuzz as hb

from gongwen.fonts import Face

# What a PDF needs of a font file: the rest is for word processors.
_TRUETYPE_TABLES = frozenset(("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep"))
_CODES_A_BLOCK = 100
_USUAL_WIDTH = 1000
_SYMBOLIC = 4
_ASCENT, _DESCENT, _STEM = 880, -120, 80


@dataclass(frozen=True)
class Subset:
    """A font for a PDF: its name, the code of each character, the compressed program and its length before."""

    name: str
    face: Face
    codes: dict[str, int]
    program: bytes
    length: int

    def encode(self, text: str) -> list[str]:
        """The hexadecimal code of each character, two bytes long."""
        return [f"{self.codes[char]:04x}" for char in text]


@functools.lru_cache(maxsize=24)
def subset(face: Face, characters: frozenset[str]) -> Subset:
    """The face cut down to these characters, which it must have."""
    codes = {char: face.code(char) for char in sorted(characters)}
    program = _program(face, characters)
    listed = hashlib.sha256(f"{face.name} {''.join(codes)}".encode()).digest()
    tag = "".join(chr(65 + byte % 26) for byte in listed[:6])
    return Subset(f"{tag}+{face.name}", face, codes, zlib.compress(program, 6), len(program))


def _program(face: Face, characters: frozenset[str]) -> bytes:
    """The outlines alone: a bare CFF table, or a TrueType file with what a PDF needs of it.

    Glyphs keep their places where a code is a place; the codes of a CID-keyed font survive without that.
    """
    request = hb.SubsetInput()
    request.glyph_set.update(face.glyph(char) for char in characters)
    request.flags = hb.SubsetFlags.NO_HINTING
    if not face.is_cid_keyed:
        request.flags |= hb.SubsetFlags.RETAIN_GIDS
    whole = face.for_subsets(len(characters))
    if face.is_cff:
        return bytes(hb.subset(whole, request).reference_table("CFF ").data)
    request.drop_table_tag_set.update(map(_tag, set(whole.table_tags) - _TRUETYPE_TABLES))
    return bytes(hb.subset(whole, request).blob.data)


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("latin-1"), "big")


def add_font(pdf: pydyf.PDF, font: Subset) -> bytes:
    """Add the font with all that belongs to it to a PDF; the reference by which pages name it."""
    collection = _collection(*font.face.collection)
    descendant = {
        "Type": "/Font",
        "Subtype": "/CIDFontType0" if font.face.is_cff else "/CIDFontType2",
        "BaseFont": f"/{font.name}",
        "CIDSystemInfo": collection,
        "DW": _USUAL_WIDTH,
        "W": _widths(font),
        "FontDescriptor": _add(pdf, _descriptor(pdf, font)),
    }
    if not font.face.is_cff:
        descendant["CIDToGIDMap"] = "/Identity"
    composite = {
        "Type": "/Font",
        "Subtype": "/Type0",
        "BaseFont": f"/{font.name}",
        "Encoding": "/Identity-H",
        "DescendantFonts": pydyf.Array([_add(pdf, pydyf.Dictionary(descendant))]),
        "ToUnicode": _add(pdf, pydyf.Stream([_readings(font)], compress=True)),
    }
    return _add(pdf, pydyf.Dictionary(composite))


def _add(pdf: pydyf.PDF, item: pydyf.Object) -> bytes:
    pdf.add_object(item)
    reference: bytes = item.reference
    return reference


def _collection(registry: str, ordering: str, supplement: int) -> pydyf.Dictionary:
    names = {"Registry": pydyf.String(registry), "Ordering": pydyf.String(ordering)}
    return pydyf.Dictionary({**names, "Supplement": supplement})


def _descriptor(pdf: pydyf.PDF, font: Subset) -> pydyf.Dictionary:
    kind = ("Subtype", "/CIDFontType0C") if font.face.is_cff else ("Length1", font.length)
    program = pydyf.Stream([font.program], pydyf.Dictionary(dict([("Filter", "/FlateDecode"), kind])))
    return pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{font.name}",
            "Flags": _SYMBOLIC,
            "FontBBox": pydyf.Array(font.face.box),
            "ItalicAngle": 0,
            "Ascent": _ASCENT,
            "Descent": _DESCENT,
            "CapHeight": _ASCENT,
            "StemV": _STEM,
            "FontFile3" if font.face.is_cff else "FontFile2": _add(pdf, program),
        }
    )


def _widths(font: Subset) -> pydyf.Array:
    """[code [width] …] of what is not as wide as an em."""
    widths = {code: font.face.advance(char) for char, code in font.codes.items()}
    found = pydyf.Array()
    for code in sorted(widths):
        if widths[code] != _USUAL_WIDTH:
            found += [code, pydyf.Array([widths[code]])]
    return found


def _readings(font: Subset) -> bytes:
    """The CMap that says which character each code reads as."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ]
    pairs = sorted((code, char) for char, code in font.codes.items())
    for start in range(0, len(pairs), _CODES_A_BLOCK):
        block = pairs[start : start + _CODES_A_BLOCK]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for code, char in block]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")
