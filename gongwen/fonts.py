"""The fonts of a letter: which file sets which character, how wide it is, what its ink looks like.

Open fonts with two fallbacks come from set-up; a unit's own fonts in <folder>/own win over them.
Lines and pages are made elsewhere.
"""

from __future__ import annotations

import functools
import os
import re
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from fontTools.pens.basePen import AbstractPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, TTLibError

# Roles of type in GB/T 9704-2012, each with the open font that stands in for it.
ROLES = {
    "fang": "FandolFang-Regular.otf",
    "hei": "FandolHei-Regular.otf",
    "kai": "FandolKai-Regular.otf",
    "song": "FandolSong-Regular.otf",
    "title": "FandolSong-Bold.otf",
}

# All 8,105 general standard characters, then the rest up to Extension F.
FALLBACKS = ("LXGWWenKai-Light.ttf", "BabelStoneHan.ttf")

# Names in a font's own name table that make it the unit's font for a role.
OWN_NAMES = {
    "title": ("方正小标宋", "FZXiaoBiaoSong", "FZXBS", "小标宋"),
    "fang": ("仿宋", "FangSong", "FZFS", "STFangsong"),
    "kai": ("楷体", "KaiTi", "FZKT", "STKaiti"),
    "hei": ("黑体", "SimHei", "FZHT", "STHeiti"),
    "song": ("宋体", "SimSun", "NSimSun", "FZSSJ"),
}

_lock = threading.Lock()


class MissingGlyphs(ValueError):
    """No font has these characters. `characters` lists (character, "U+XXXX", Unicode name), sorted."""

    def __init__(self, characters: str) -> None:
        self.characters = [
            (char, f"U+{ord(char):04X}", unicodedata.name(char, "")) for char in sorted(set(characters))
        ]
        super().__init__(" ".join(f"{char} {code}" for char, code, _ in self.characters))


class FontsMissing(RuntimeError):
    """The font folder lacks a file; set-up has not been run."""


# Preparing a face for cutting it down takes a tenth of a second, once: it pays after some letters, for many characters.
_PREPARE_AFTER = 8
_MANY = 150

# The Fandol fonts draw a full-width yen sign as a dollar, and the trade mark as a speck.
_DRAWN_WRONG = (0xFFE5, 0x2122)


# One object for each file: a hash of its path for every character would cost more than composing.
@dataclass(frozen=True, eq=False)
class Face:
    """One font file. `name` is what a PDF calls it."""

    name: str
    source: Path

    @functools.cached_property
    def _font(self) -> hb.Font:
        return hb.Font(hb.Face(hb.Blob.from_file_path(str(self.source))))

    @functools.cached_property
    def _glyphs(self) -> dict[int, int]:
        find = self._font.get_nominal_glyph
        glyphs = _printable({code: find(code) for code in self._font.face.unicodes})
        for code in _DRAWN_WRONG if self.name.startswith("Fandol") else ():
            glyphs.pop(code, None)
        return glyphs

    @functools.cached_property
    def _scale(self) -> float:
        return 1000 / int(self._font.face.upem)

    def has(self, char: str) -> bool:
        """Whether the font draws the character."""
        return ord(char) in self._glyphs

    def glyph(self, char: str) -> int:
        """The number of the glyph of a character that the font has."""
        return self._glyphs[ord(char)]

    @functools.lru_cache(maxsize=20_000)  # noqa: B019
    def advance(self, char: str) -> int:
        """Width of a character that the font has, in thousandths of an em."""
        return round(self._font.get_glyph_h_advance(self.glyph(char)) * self._scale)

    def ink(self, char: str) -> tuple[int, int, int, int]:
        """Left, bottom, right and top of what is black, in thousandths of an em from the pen's start."""
        extents = self._font.get_glyph_extents(self.glyph(char))
        left, top = extents.x_bearing, extents.y_bearing
        edges = (left, top + extents.height, left + extents.width, top)
        left, bottom, right, top = (round(edge * self._scale) for edge in edges)
        return left, bottom, right, top

    @functools.lru_cache(maxsize=500)  # noqa: B019
    def blanks(self, char: str) -> tuple[int, int]:
        """Empty room left and right of the ink of a mark, in thousandths of an em."""
        left, _, right, _ = self.ink(char)
        return left, self.advance(char) - right

    def outline(self, text: str, pen: AbstractPen) -> None:
        """Draw the text's outlines side by side with a pen, in units of one em."""
        scale = self._scale / 1000
        for place, char in enumerate(text):
            to_em = TransformPen(pen, (scale, 0, 0, scale, place, 0))
            self._font.draw_glyph_with_pen(self.glyph(char), to_em)

    # For the writer of a PDF

    @functools.cached_property
    def is_cff(self) -> bool:
        """Whether the outlines are those of PostScript, not of TrueType."""
        return "CFF " in self._font.face.table_tags

    @functools.cached_property
    def _cff(self) -> Any:
        with TTFont(self.source, lazy=True, fontNumber=0) as font:
            return font["CFF "].cff.topDictIndex[0]

    @functools.cached_property
    def collection(self) -> tuple[str, str, int]:
        """Registry, ordering and supplement of the characters' numbers; Adobe's Identity where it has none."""
        return tuple(self._cff.ROS) if self.is_cid_keyed else ("Adobe", "Identity", 0)

    @functools.cached_property
    def is_cid_keyed(self) -> bool:
        """Whether a PDF names its glyphs by their numbers in a collection, not by their place in the file."""
        return self.is_cff and hasattr(self._cff, "ROS")

    def code(self, char: str) -> int:
        """The number by which a PDF with this font embedded names the character."""
        glyph = self.glyph(char)
        return int(self._cff.charset[glyph].removeprefix("cid") or 0) if self.is_cid_keyed else glyph

    @functools.cached_property
    def box(self) -> tuple[int, int, int, int]:
        """The box that holds the ink of every glyph, in thousandths of an em."""
        with TTFont(self.source, lazy=True, fontNumber=0) as font:
            head = font["head"]
            edges = (head.xMin, head.yMin, head.xMax, head.yMax)
        left, bottom, right, top = (round(edge * self._scale) for edge in edges)
        return left, bottom, right, top

    def for_subsets(self, characters: int) -> hb.Face:
        """The face for cutting it down to so many characters.

        Prepared, it is cut ten times faster and holds some 20 MB: worth it for the type of the body alone.
        """
        if characters < _MANY or not self.is_cff:
            return self._font.face
        _uses[self] = _uses.get(self, 0) + 1
        return self._prepared if _uses[self] > _PREPARE_AFTER else self._font.face

    @functools.cached_property
    def _prepared(self) -> hb.Face:
        return hb.subset_preprocess(self._font.face)


_uses: dict[Face, int] = {}


def _printable(cmap: dict[int, int]) -> dict[int, int]:
    """What of a font's coverage can be printed and read back: one character for each glyph.

    Kangxi radicals, bullets and the like share a glyph with a commoner character, and a PDF font can name
    only one of the two: the lowest code point outside the controls and the compatibility blocks.
    """
    chosen: dict[int, int] = {}
    for code, glyph in sorted(cmap.items(), key=lambda item: _uncommon(item[0])):
        chosen.setdefault(glyph, code)
    return {code: glyph for glyph, code in chosen.items() if not _unprintable(code)}


def _unprintable(code: int) -> bool:
    return code < 0x20 or 0xE000 <= code <= 0xF8FF


def _uncommon(code: int) -> tuple[bool, int]:
    compatibility = code < 0x20 or 0x2E80 <= code <= 0x2FDF or 0xE000 <= code <= 0xFAFF
    return compatibility or 0x2F800 <= code <= 0x2FA1F, code


@dataclass(frozen=True, eq=False)
class FontSet:
    """The faces of every role, the best first."""

    chains: dict[str, tuple[Face, ...]]

    @functools.lru_cache(maxsize=50_000)  # noqa: B019
    def face(self, role: str, char: str) -> Face | None:
        """The face that sets this character in this role, or None where no font has it."""
        return next((face for face in self.chains[role] if face.has(char)), None)

    def missing(self, text: str) -> str:
        """The characters of the text that no font has, each once, in order of appearance."""
        return "".join(char for char in dict.fromkeys(text) if self.face("fang", char) is None)

    def faces(self) -> list[Face]:
        """Every face, each once."""
        return list(dict.fromkeys(face for chain in self.chains.values() for face in chain))


def folder() -> Path:
    """Where the fonts are: $GONGWEN_FONTS, else var/fonts beside the package."""
    default = Path(__file__).resolve().parent.parent / "var" / "fonts"
    return Path(os.environ.get("GONGWEN_FONTS") or default)


def font_set() -> FontSet:
    """The fonts of this process, read once. Raises FontsMissing naming the file that is not there."""
    with _lock:
        return _load(folder())


@functools.lru_cache(maxsize=4)
def _load(place: Path) -> FontSet:
    own = _own_fonts(place / "own")
    fallbacks = tuple(_face(place, place / name) for name in FALLBACKS)
    chains = {}
    for role, name in ROLES.items():
        wins = tuple(_face(place, path) for path in own.get(role, ()))
        chains[role] = (*wins, _face(place, place / name), *fallbacks)
    return FontSet(chains)


def _own_fonts(place: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(place.glob("*")) if place.is_dir() else ():
        if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
            for role in _roles_of(path):
                found.setdefault(role, []).append(path)
    return found


def _roles_of(path: Path) -> list[str]:
    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            names = {str(record) for record in font["name"].names if record.nameID in (1, 4, 6)}
    except (TTLibError, OSError):
        return []
    return [role for role, known in OWN_NAMES.items() if any(name.startswith(known) for name in names)][:1]


@functools.lru_cache(maxsize=64)
def _face(place: Path, path: Path) -> Face:
    if not path.is_file():
        raise FontsMissing(f"{path} is missing: run python3 scripts/fetch_fonts.py {place}")
    return Face(re.sub("[^A-Za-z0-9-]", "", path.stem) or "Own", path)
