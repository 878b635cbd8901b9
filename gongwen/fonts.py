"""The fonts of a letter: which file sets which character, how wide it is, where the type engine finds it.

Open fonts with two fallbacks come from set-up; a unit's own fonts in <folder>/own win over them.
Lines and pages are made elsewhere.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import io
import os
import re
import shutil
import struct
import tempfile
import threading
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.basePen import AbstractPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, TTLibError
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration

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

# One em from 0.88 above to 0.12 below the baseline: the metrics of the body font. A fallback with taller
# metrics would move its line by up to 0.27 mm.
ASCENT, DESCENT = 0.88, 0.12

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


@dataclass(frozen=True)
class Face:
    """One font file. `family` is the name under which the type engine knows it."""

    family: str
    source: Path
    folder: Path

    @property
    def url(self) -> str:
        """The address by which the style sheet asks for this file."""
        return f"gongwen:font/{self.family}"

    @functools.cached_property
    def path(self) -> Path:
        """The file for the type engine, with the metrics of the body type: made when first needed."""
        return with_body_metrics(self.source, self.folder)

    @functools.cached_property
    def _advances(self) -> dict[int, int]:
        with TTFont(self.source, lazy=True, fontNumber=0) as font:
            widths, scale = font["hmtx"].metrics, 1000 / font["head"].unitsPerEm
            glyphs = _printable(font.getBestCmap())
            return {code: round(widths[glyph][0] * scale) for code, glyph in glyphs.items()}

    def has(self, char: str) -> bool:
        """Whether the font draws the character."""
        return ord(char) in self._advances

    def advance(self, char: str) -> int:
        """Width of a character that the font has, in thousandths of an em."""
        return self._advances[ord(char)]

    @functools.lru_cache(maxsize=500)  # noqa: B019
    def ink(self, char: str) -> tuple[int, int, int, int]:
        """Left, bottom, right and top of what is black, in thousandths of an em from the pen's start."""
        with TTFont(self.source, lazy=True, fontNumber=0) as font:
            glyphs, units = font.getGlyphSet(), font["head"].unitsPerEm
            pen = BoundsPen(glyphs)
            glyphs[font.getBestCmap()[ord(char)]].draw(pen)
        left, bottom, right, top = (round(edge * 1000 / units) for edge in pen.bounds or (0, 0, 0, 0))
        return left, bottom, right, top

    def blanks(self, char: str) -> tuple[int, int]:
        """Empty room left and right of the ink of a mark, in thousandths of an em."""
        left, _, right, _ = self.ink(char)
        return left, self.advance(char) - right

    def outline(self, text: str, pen: AbstractPen) -> None:
        """Draw the text's outlines side by side with a pen, in units of one em."""
        with TTFont(self.source, lazy=True, fontNumber=0) as font:
            glyphs, scale = font.getGlyphSet(), 1 / font["head"].unitsPerEm
            for place, char in enumerate(text):
                glyph = glyphs[font.getBestCmap()[ord(char)]]
                glyph.draw(TransformPen(pen, (scale, 0, 0, scale, place, 0)))


# The type engine takes these from whatever emoji font the machine has, or has not.
_EMOJI = frozenset(range(0x1F000, 0x1FB00)) | frozenset(
    map(
        ord,
        "\u231a\u231b\u23e9\u23ea\u23eb\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u267f\u2693\u26a1\u26aa\u26ab"
        "\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c"
        "\u274e\u2753\u2754\u2755\u2757\u2795\u2796\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55"
        "\u2648\u2649\u264a\u264b\u264c\u264d\u264e\u264f\u2650\u2651\u2652\u2653",
    )
)


def _printable(cmap: dict[int, str]) -> dict[int, str]:
    """What of a font's coverage can be printed and read back: one character for each glyph.

    Kangxi radicals, bullets and the like share a glyph with a commoner character, and a PDF font can name
    only one of the two: the lowest code point outside the controls and the compatibility blocks.
    """
    chosen: dict[str, int] = {}
    for code, glyph in sorted(cmap.items(), key=lambda item: _uncommon(item[0])):
        chosen.setdefault(glyph, code)
    return {code: glyph for glyph, code in chosen.items() if not _unprintable(code)}


def _unprintable(code: int) -> bool:
    return code < 0x20 or 0xE000 <= code <= 0xF8FF or code in _EMOJI


def _uncommon(code: int) -> tuple[bool, int]:
    compatibility = code < 0x20 or 0x2E80 <= code <= 0x2FDF or 0xE000 <= code <= 0xFAFF
    return compatibility or 0x2F800 <= code <= 0x2FA1F, code


@dataclass(frozen=True)
class FontSet:
    """The faces of every role, the best first."""

    chains: dict[str, tuple[Face, ...]]

    def __hash__(self) -> int:
        return id(self)

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
    plain = re.sub("[^A-Za-z0-9-]", "", path.stem)
    mark = "" if plain == path.stem else f"-{zlib.crc32(path.name.encode()):08x}"
    return Face(f"gw-{plain}{mark}", path, place)


def with_body_metrics(source: Path, place: Path) -> Path:
    """The font file itself where its metrics are the body type's, else a copy under `place` that has them."""
    with TTFont(source, lazy=True, fontNumber=0) as font:
        units, header = font["head"].unitsPerEm, font["hhea"]
        ascent, descent = round(ASCENT * units), -round(DESCENT * units)
        if (header.ascent, header.descent) == (ascent, descent) and source.suffix.lower() != ".ttc":
            return source
    stat = source.stat()
    copy = _cache(place) / f"{source.stem}-{stat.st_size:x}-{stat.st_mtime_ns:x}.font"
    if not copy.is_file():
        _save(_adapted(_single_font(source), ascent, descent), copy)
    return copy


def _single_font(source: Path) -> bytes:
    if source.suffix.lower() != ".ttc":
        return source.read_bytes()
    out = io.BytesIO()
    with TTFont(source, lazy=True, fontNumber=0) as font:
        font.save(out, reorderTables=False)
    return out.getvalue()


def _adapted(content: bytes, ascent: int, descent: int) -> bytes:
    """The font with other vertical metrics, written in place: saving 50 MB anew takes eight seconds."""
    with TTFont(io.BytesIO(content), lazy=True) as font:
        header, windows = (font.reader.tables[tag].offset for tag in ("hhea", "OS/2"))
    changed = bytearray(content)
    struct.pack_into(">hhh", changed, header + 4, ascent, descent, 0)
    struct.pack_into(">hhhHH", changed, windows + 68, ascent, descent, 0, ascent, -descent)
    return bytes(changed)


def _cache(place: Path) -> Path:
    """A folder of our own for adapted copies: beside the fonts, or a new one where none may be written."""
    cache = place / "cache"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return _private_cache()
    return cache if os.access(cache, os.W_OK) else _private_cache()


@functools.cache
def _private_cache() -> Path:
    return Path(tempfile.mkdtemp(prefix="gongwen-fonts-"))


def _save(content: bytes, target: Path) -> None:
    """Write under a name of its own first: another process may be doing the same."""
    handle, draft = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(draft, target)


_configuration: FontConfiguration | None = None


def _keep_libraries_loaded() -> None:
    """Let the type engine's libraries outlive the interpreter.

    Python unloads them in any order at exit; a layout freed after its library is gone crashes the process.
    """
    for library in (ffi.gobject, ffi.pango, ffi.pangoft2, ffi.fontconfig, ffi.harfbuzz):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))


def configuration() -> FontConfiguration:
    """The one font configuration of this process, made when first asked for.

    A new one for each letter leaks some 30 MB a time. Callers hold the engine's lock while they use it.
    """
    global _configuration
    if _configuration is None:
        _configuration = FontConfiguration()
        _keep_libraries_loaded()
        atexit.register(_remove_font_files)
    return _configuration


def _remove_font_files() -> None:
    """Take this process's copies of the fonts off the disk: a hundred megabytes that nobody else would remove."""
    if _configuration is not None and _configuration._folder:
        shutil.rmtree(_configuration._folder, ignore_errors=True)


def _forget_configuration() -> None:
    """In a forked child: make an own configuration, and leave the parent's font files on disk alone."""
    global _configuration
    if _configuration is not None:
        _configuration._folder = None
        _configuration = None


os.register_at_fork(after_in_child=_forget_configuration)
