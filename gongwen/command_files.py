"""What the commands read and write: letters as text or Word, PDFs, and output that is where it should be.

Prints nothing but hints on standard error.
"""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from gongwen import parse, repair
from gongwen.document import Letter

_MAX_BYTES = 200_000_000
_MAX_TEXT_BYTES = 10_000_000
# A zip file, which a .docx is, and the container of the .doc of old.
_WORD = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Source:
    """A letter that was read: `text` is what it was read from, `dropped` what a Word document had besides."""

    letter: Letter
    text: str
    dropped: tuple[str, ...] = ()


def read_bytes(path: Path, limit: int = 0) -> bytes:
    """The file's content. ValueError beyond the limit (200 MB): a device may have no end."""
    limit = limit or _MAX_BYTES
    with path.open("rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError(f"{path}: more than {limit // 1_000_000} MB")
    return content


def read_text(path: Path) -> str:
    """The text of a UTF-8 file."""
    return read_bytes(path, _MAX_TEXT_BYTES).decode("utf-8-sig")


def read_letter(path: Path) -> Source:
    """The letter in a text or a Word document, whichever it is by its first bytes."""
    content = read_bytes(path)
    if content.startswith(_WORD):
        from gongwen import docx_in

        imported = docx_in.read(content)
        return Source(imported.letter, imported.text, imported.dropped)
    text = read_text(path)
    return Source(parse.read(text, path.parent), text)


def tell_hints(source: Source) -> None:
    """Say on standard error, a line each, what whoever gave the file should know."""
    hints = [*source.dropped]
    if repair.looks_scraped(source.text):
        hints.append("this text seems to be copied from a web page: try repair")
    for hint in hints:
        print(f"gongwen: {hint}", file=sys.stderr)


def require_output(output: Path, source: Path) -> None:
    """Raise before any work is done where the output could not be written, or would replace what is read."""
    if not output.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(output))
    if output.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(output))
    if output.exists() and source.exists() and output.samefile(source):
        raise ValueError(f"{output}: the output would replace the letter itself")
