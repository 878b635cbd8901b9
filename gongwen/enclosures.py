"""The files that a letter's front matter names: seals, a signature stamp, attachments.

The only reader of files in the engine's way in; nothing outside the letter's own folder is opened.
"""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

from PIL import Image

from gongwen.document import MAX_CHARACTERS, MAX_PICTURE_BYTES, Attachment, LetterError, Picture, Stamp
from gongwen.front_matter import SPECIMEN, Named
from gongwen.tables_text import blocks
from gongwen.typed import lines_of, strip_empty

_MAX_PIXELS = 50_000_000  # an A4 page at 600 dots per inch has 35
_MAX_TEXT_BYTES = 4 * MAX_CHARACTERS
_DRAWINGS = ("svg", "png", "jpeg")
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:(?:<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^>\[]*>)\s*)*<svg[\s>]"
)


def seals(names: tuple[str, ...], bodies: tuple[str, ...], folder: Path | None) -> tuple[Picture, ...]:
    """The seals: a file each, or a drawn specimen with the body's name; one SPECIMEN alone is one for each body.

    LetterError: bad-value (key), if there is no body for a specimen · as picture.
    """
    if names == (SPECIMEN,):
        names = (SPECIMEN,) * max(1, len(bodies))
    return tuple(_seal(name, bodies[place : place + 1], folder) for place, name in enumerate(names))


def _seal(name: str, body: tuple[str, ...], folder: Path | None) -> Picture:
    if name != SPECIMEN:
        return picture("seal", name, folder)
    if not body:
        raise LetterError("bad-value", key="seal")
    from gongwen.seals import specimen

    return specimen(body[0])


def stamp(named: Named, folder: Path | None) -> Stamp:
    """The signature stamp with its picture, if it has one. LetterError: as picture."""
    drawn = picture("stamp", named.file, folder) if named.file else None
    return Stamp(named.name, named.title, drawn)


def picture(key: str, file: str, folder: Path | None) -> Picture:
    """A drawing: SVG, PNG or JPEG by what is in the file, whatever its name says.

    LetterError: file-not-allowed, no-such-file, unreadable-file, not-a-picture (all: key, file) ·
    file-too-large (key, file, limit).
    """
    content = _content(key, file, folder, MAX_PICTURE_BYTES)
    return Picture(content, _kind(key, file, content, _DRAWINGS))


def with_file(attachment: Attachment, file: str, folder: Path | None) -> Attachment:
    """The attachment with what is in the file before what it has already.

    LetterError: as picture · not-text (key, file).
    """
    key = "attachments"
    if not file.lower().endswith((".txt", ".md")):
        content = _content(key, file, folder, MAX_PICTURE_BYTES)
        held = Picture(content, _kind(key, file, content, (*_DRAWINGS, "pdf")))
        return replace(attachment, blocks=(held, *attachment.blocks))
    content = _content(key, file, folder, _MAX_TEXT_BYTES)
    try:
        lines = lines_of(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LetterError("not-text", key=key, file=file) from error
    strip_empty(lines)
    if lines and lines[0].lstrip("# ") == attachment.title:
        del lines[0]
    return replace(attachment, blocks=(*blocks(lines), *attachment.blocks))


def _content(key: str, file: str, folder: Path | None, limit: int) -> bytes:
    if folder is None:
        raise LetterError("file-not-allowed", key=key, file=file)
    place = folder.resolve()
    try:
        path = (place / file).resolve()
        if not path.is_relative_to(place):
            raise LetterError("file-not-allowed", key=key, file=file)
        # A pipe or a device would never end, or wait for ever.
        if not path.is_file():
            raise LetterError("no-such-file", key=key, file=file)
        if path.stat().st_size > limit:
            raise LetterError("file-too-large", key=key, file=file, limit=limit)
        return path.read_bytes()
    except (OSError, RuntimeError) as error:
        raise LetterError("unreadable-file", key=key, file=file) from error


def _kind(key: str, file: str, content: bytes, allowed: tuple[str, ...]) -> str:
    kind = kind_of(content)
    if kind not in allowed or (kind in ("png", "jpeg") and not _decodes(content)):
        raise LetterError("not-a-picture", key=key, file=file)
    return kind


def kind_of(content: bytes) -> str:
    """One of PICTURE_KINDS by the first bytes, else an empty text."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"%PDF-"):
        return "pdf"
    return "svg" if _SVG.match(content[:10_000]) else ""


def _decodes(content: bytes) -> bool:
    """Whether the pixels can be read, all of them, and are not more than any page could show."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            # The type engine tells Pillow to load what is cut off as well: only this finds a PNG's end missing.
            image.verify()
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > _MAX_PIXELS:
                return False
            image.load()
    # Pillow's readers raise whatever comes up in a broken file.
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
