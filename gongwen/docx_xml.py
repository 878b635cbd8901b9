"""The files of a .docx package, written the same for the same content: what is in every document of ours.

Knows no letter; text is escaped here and nowhere else. Basis: ECMA-376 part 1, Word 2013's compatibility mode.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A zip knows no earlier day, and the day of writing would make the same letter other bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)

# Names of the fonts as users' word processors have them, and what stands in where one of them has not.
FONTS = {
    "fang": ("仿宋_GB2312", "FangSong"),
    "hei": ("黑体", "SimHei"),
    "kai": ("楷体_GB2312", "KaiTi"),
    "song": ("宋体", "SimSun"),
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S"),
}


def text_xml(text: str) -> str:
    """The text as character data, without what XML cannot hold."""
    return escape(_UNWRITABLE.sub("", text))


def attribute(text: str) -> str:
    """The text as an attribute's value, with its quotation marks."""
    return quoteattr(_UNWRITABLE.sub("", text))


def fonts_xml(role: str) -> str:
    """The font of a role for all kinds of characters; marks that West and East share are the East's."""
    name = FONTS[role][0]
    return (
        f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" w:hint="eastAsia"/>'
    )


@dataclass
class Package:
    """Parts under word/, by name. Pictures with the same bytes are kept once."""

    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    media: dict[str, bytes] = field(default_factory=dict)
    _relations: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def add_part(self, name: str, kind: str, content: str) -> str:
        """Add a part that belongs to the document ("header", "styles" …); the id of the relationship."""
        self.parts[name] = (kind, content)
        return self._relate("document.xml", kind, name)

    def add_picture(self, content: bytes, kind: str, owner: str = "document.xml") -> str:
        """Add a PNG or JPEG that the part `owner` shows; the id of the relationship."""
        suffix = "png" if kind == "png" else "jpg"
        name = f"media/{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"
        self.media[name] = content
        return self._relate(owner, "image", name)

    def _relate(self, owner: str, kind: str, target: str) -> str:
        known = self._relations.setdefault(owner, [])
        if (kind, target) not in known:
            known.append((kind, target))
        return f"rId{known.index((kind, target)) + 1}"

    def write(self, document: str, core: str) -> bytes:
        """The whole package with this document and these core properties."""
        files = {
            "[Content_Types].xml": self._content_types(),
            "_rels/.rels": _relations_xml(
                [
                    (f"{_OFFICE}/officeDocument", "word/document.xml"),
                    (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                ]
            ),
            "docProps/core.xml": core,
            "word/document.xml": document,
            **{f"word/{name}": content for name, (_, content) in sorted(self.parts.items())},
        }
        for owner, relations in sorted(self._relations.items()):
            full = [(f"{_OFFICE}/{kind}", target) for kind, target in relations]
            files[f"word/_rels/{owner}.rels"] = _relations_xml(full)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, text in files.items():
                _put(file, name, (_DECLARATION + text).encode(), zipfile.ZIP_DEFLATED)
            for name, content in sorted(self.media.items()):
                _put(file, f"word/{name}", content, zipfile.ZIP_STORED)
        return out.getvalue()

    def _content_types(self) -> str:
        overrides = [("/word/document.xml", f"{_MAIN}.document.main+xml")]
        overrides += [
            (f"/word/{name}", f"{_MAIN}.{kind}+xml") for name, (kind, _) in sorted(self.parts.items())
        ]
        overrides += [("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml")]
        return (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            '<Default Extension="jpg" ContentType="image/jpeg"/>'
            + "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
            + "</Types>"
        )


def _put(file: zipfile.ZipFile, name: str, content: bytes, packing: int) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = packing
    info.create_system = 0
    file.writestr(info, content)


def _relations_xml(relations: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def core_xml(title: str, language: str, day: str) -> str:
    """Core properties: title, language and the letter's own day, if it has one."""
    dates = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:{name}>'
        for name in ("created", "modified")
        if day
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{text_xml(title)}</dc:title>{dates}<dc:language>{text_xml(language)}</dc:language>"
        "</cp:coreProperties>"
    )


def font_table_xml() -> str:
    """The fonts with their Western names, and what kind of font to take where neither is there."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="{"modern" if role in ("fang", "hei", "kai") else "auto"}"/><w:pitch w:val="fixed"/></w:font>'
        for role, (name, other) in FONTS.items()
    )
    return f"<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def settings_xml() -> str:
    """Settings: odd and even footers apart, marks never drawn together but where the letter says so."""
    flags = ("spaceForUL", "doNotLeaveBackslashAlone", "adjustLineHeightInTable", "useFELayout")
    modes = (
        ("compatibilityMode", 15),
        ("overrideTableStyleFontSizeAndJustification", 1),
        ("enableOpenTypeFeatures", 1),
        ("doNotFlipMirrorIndents", 1),
        ("differentiateMultirowTableHeaders", 1),
    )
    return (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
        '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        + "".join(f"<w:{flag}/>" for flag in flags)
        + "".join(
            f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
            for name, value in modes
        )
        + '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )
