"""The parts of a Word document, taken out of its zip only after the whole has been found harmless.

Every XML part is walked once without keeping anything before any of them becomes a tree. Nothing outside the
file is ever opened: what a relationship points at outside is left alone.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from xml.parsers import expat

from lxml import etree

MAX_FILE_BYTES = 50_000_000
MAX_XML_BYTES = 20_000_000
MAX_PARTS = 2_000
# A hundred pages have some fifty thousand; each takes about a kilobyte while it is read.
MAX_ELEMENTS = 300_000
MAX_DEPTH = 60
# Word's own XML packs to a tenth, rarely to a fortieth.
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 1_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_SENTENCES = {
    "not-docx": "This is not a Word document (.docx).",
    "old-doc": "This is a Word document of the old kind (.doc): save it as .docx first.",
    "encrypted-docx": "The document is locked with a password: save it without one first.",
    "damaged-docx": "The document is damaged and cannot be read.",
    "docx-too-large": "The document is too large: {size} of at most {limit} {unit}.",
    "docx-has-dtd": "The document declares its own XML entities, which no word processor does.",
    "docx-too-deep": "The document is nested more than {limit} levels deep.",
}


class DocxError(ValueError):
    """The file cannot be read as a Word document. `rule` says why, `data` holds its details."""

    def __init__(self, rule: str, **data: object) -> None:
        super().__init__(_SENTENCES[rule].format(**data))
        self.rule = rule
        self.data = data


def open_parts(content: bytes) -> Mapping[str, bytes]:
    """The XML parts by name, all of them checked; pictures and the like stay packed.

    DocxError: not-docx, old-doc, encrypted-docx, damaged-docx, docx-has-dtd · docx-too-large (size, limit,
    unit) · docx-too-deep (limit).
    """
    _require_zip(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            members = _xml_members(file)
            parts = {member.filename: file.read(member) for member in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        if isinstance(error, DocxError):
            raise
        raise DocxError("damaged-docx") from error
    if "[Content_Types].xml" not in parts:
        raise DocxError("not-docx")
    walker = _Walker()
    for part in parts.values():
        walker.walk(part)
    return parts


def _require_zip(content: bytes) -> None:
    if content.startswith(_OLE):
        raise DocxError("encrypted-docx" if _ENCRYPTED_PACKAGE in content else "old-doc")
    if not content.startswith(b"PK"):
        raise DocxError("not-docx")
    _require(len(content), MAX_FILE_BYTES, "bytes")


def _xml_members(file: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What is XML by its name; the sizes that the zip states are also the most that is read of it."""
    infos = file.infolist()
    _require(len(infos), MAX_PARTS, "parts")
    members = [info for info in infos if info.filename.endswith((".xml", ".rels"))]
    if any(info.flag_bits & 1 for info in members):
        raise DocxError("encrypted-docx")
    if len({info.filename for info in members}) < len(members):
        raise DocxError("damaged-docx")
    _require(sum(info.file_size for info in members), MAX_XML_BYTES, "bytes of text")
    for info in members:
        if info.file_size > _RATIO_COUNTS_FROM:
            _require(info.file_size // max(1, info.compress_size), MAX_RATIO, "times its packed size")
    return members


def _require(size: int, limit: int, unit: str) -> None:
    if size > limit:
        raise DocxError("docx-too-large", size=size, limit=limit, unit=unit)


class _Walker:
    """Walks XML without building anything: no declarations, not too deep, not too many elements."""

    def __init__(self) -> None:
        self._depth = self._elements = 0

    def walk(self, part: bytes) -> None:
        """Raise DocxError where the part is not well-formed or beyond the limits."""
        self._depth = 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._enter
        parser.EndElementHandler = self._leave
        try:
            parser.Parse(part, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise error if isinstance(error, DocxError) else DocxError("damaged-docx") from error

    def _refuse(self, *_: object) -> None:
        raise DocxError("docx-has-dtd")

    def _enter(self, *_: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise DocxError("docx-too-deep", limit=MAX_DEPTH)
        _require(self._elements, MAX_ELEMENTS, "elements")

    def _leave(self, _: str) -> None:
        self._depth -= 1


def tree(part: bytes) -> etree._Element:
    """A checked part as a tree; a strict document's names become the usual ones."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(part.replace(_STRICT, _TRANSITIONAL), parser)
    except etree.XMLSyntaxError as error:
        raise DocxError("damaged-docx") from error


def main_part(parts: Mapping[str, bytes]) -> str:
    """The name of the document itself, as the package says. DocxError: not-docx."""
    found = _targets(parts, "_rels/.rels", "", "officeDocument")
    name = next((name for name in [*found, "word/document.xml"] if name in parts), None)
    if name is None:
        raise DocxError("not-docx")
    return name


def related(parts: Mapping[str, bytes], name: str, kind: str) -> list[str]:
    """Names of the parts of this kind ("styles", "numbering", "header" …) that belong to the part `name`."""
    folder, base = posixpath.split(name)
    found = _targets(parts, f"{folder}/_rels/{base}.rels".lstrip("/"), folder, kind)
    return [target for target in dict.fromkeys(found) if target in parts]


def _targets(parts: Mapping[str, bytes], rels: str, folder: str, kind: str) -> list[str]:
    if rels not in parts:
        return []
    kinds = (f"{_OFFICE}/{kind}", f"{_STRICT_OFFICE}/{kind}")
    return [
        posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
        for element in tree(parts[rels])
        if element.get("Type") in kinds and element.get("TargetMode") != "External"
    ]
