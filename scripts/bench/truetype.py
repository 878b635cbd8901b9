"""Fonts with PostScript outlines turned into TrueType, once, for an engine that takes no other."""

from __future__ import annotations

import os
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

_MOST_OFF = 1.0  # thousandths of an em that a curve may differ
_ONLY_POSTSCRIPT = ("CFF ", "VORG", "BASE", "GPOS", "vhea", "vmtx")


def truetype(source: Path, folder: Path) -> Path:
    """The file itself where it is TrueType, else a copy in `folder` that is: some seconds the first time."""
    with TTFont(source, lazy=True) as font:
        if "glyf" in font:
            return source
    target = folder / f"{source.stem}.ttf"
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(f".{os.getpid()}")
        with TTFont(source) as font:
            _convert(font)
            font.save(draft)
        os.replace(draft, target)
    return target


def _convert(font: TTFont) -> None:
    drawn = font.getGlyphSet()
    order = font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, _MOST_OFF, reverse_direction=True))
        outlines[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, outlines
    largest = font["maxp"]
    largest.tableVersion = 0x00010000
    for field in ("Zones", "TwilightPoints", "Storage", "FunctionDefs", "InstructionDefs", "StackElements"):
        setattr(largest, f"max{field}", 0)
    largest.maxZones, largest.maxSizeOfInstructions, largest.maxComponentElements = 1, 0, 0
    for tag in _ONLY_POSTSCRIPT:
        if tag in font:
            del font[tag]
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"
