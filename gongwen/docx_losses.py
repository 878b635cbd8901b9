"""What a Word document holds and a letter has no place for: counted, and taken out before the text is read."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from gongwen.docx_numbers import W

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_GRAPHIC = f"{_DRAWING}graphicData"

# One and many of what each rule counts.
SENTENCES = {
    "picture": ("{} picture was left out.", "{} pictures were left out."),
    "text-box": ("{} text box was left out.", "{} text boxes were left out."),
    "drawing": ("{} drawn line or shape was left out.", "{} drawn lines or shapes were left out."),
    "embedded-object": ("{} embedded object was left out.", "{} embedded objects were left out."),
    "formula": ("{} formula was left out.", "{} formulas were left out."),
    "note": ("{} footnote or endnote was left out.", "{} footnotes or endnotes were left out."),
    "comment": ("{} comment was left out.", "{} comments were left out."),
    "deletion": ("{} tracked deletion was carried out.", "{} tracked deletions were carried out."),
    "insertion": ("{} tracked insertion was kept as text.", "{} tracked insertions were kept as text."),
    "hidden-text": ("{} piece of hidden text was left out.", "{} pieces of hidden text were left out."),
    "raised-text": (
        "{} raised or lowered piece of text stands on the line now.",
        "{} raised or lowered pieces of text stand on the line now.",
    ),
    "symbol": (
        "{} symbol of a font without letters was left out.",
        "{} symbols of a font without letters were left out.",
    ),
    "bullet": ("{} bullet of a list was left out.", "{} bullets of lists were left out."),
    "header-footer": ("{} header or footer with text was left out.", "{} headers or footers were left out."),
    "merged-cell": (
        "{} merged cell was divided, its text stands in the first.",
        "{} merged cells were divided, their text stands in the first of each.",
    ),
    "nested-table": ("{} table inside a table became text.", "{} tables inside tables became text."),
    "wide-table": (
        "{} table with too many columns became text.",
        "{} tables with too many columns became text.",
    ),
}


def says_something(part: etree._Element) -> bool:
    """Whether a header or footer holds more than a page number."""
    text = "".join(one.text or "" for one in part.iter(f"{W}t"))
    return bool(re.search(r"[^\W\d_第页共]", text))


def take_out(root: etree._Element, losses: Counter[str]) -> None:
    """Count and remove what a letter has no place for, the outermost of things within things first."""
    for element in list(root.iter(etree.Element)):
        if element.getparent() is None or not _within(element, root):
            continue
        rule = _RULES[element.tag](element) if element.tag in _RULES else ""
        if rule:
            losses[rule] += 1
        if rule in _KEPT:
            continue
        if rule or element.tag in _UNSEEN:
            _remove(element)
        elif element.tag == f"{W}hyperlink":
            element.attrib.clear()


def _within(element: etree._Element, root: etree._Element) -> bool:
    """Whether nothing around the element has been removed."""
    return element.getroottree().getroot() is root


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _drawing_rule(element: etree._Element) -> str:
    if any(has_text(box) for box in element.iter(f"{W}txbxContent")):
        return "text-box"
    tags = {f"{_DRAWING}blip", f"{_VML}imagedata"}
    if any(one.tag in tags for one in element.iter(etree.Element)):
        return "picture"
    kinds = [str(one.get("uri", "")) for one in element.iter(_GRAPHIC)]
    return "embedded-object" if any(kind.endswith(("/chart", "/diagram")) for kind in kinds) else "drawing"


def _alternate_rule(element: etree._Element) -> str:
    drawn = (f"{W}drawing", f"{W}pict", f"{W}object")
    return _drawing_rule(element) if any(one.tag in drawn for one in element.iter(etree.Element)) else ""


def has_text(element: etree._Element) -> bool:
    """Whether there is anything to read in the element."""
    return any((one.text or "").strip() for one in element.iter(f"{W}t"))


def _run_rule(run: etree._Element) -> str:
    properties = run.find(f"{W}rPr")
    if properties is None or not has_text(run):
        return ""
    if _is_on(properties.find(f"{W}vanish")):
        return "hidden-text"
    raised = properties.find(f"{W}vertAlign")
    return "raised-text" if raised is not None and raised.get(f"{W}val") != "baseline" else ""


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")


def _tracked(rule: str, element: etree._Element) -> str:
    """Tracked text; a tracked mark among a paragraph's or a row's properties is mammoth's to judge."""
    parent = element.getparent()
    inside = parent is not None and parent.tag in (f"{W}rPr", f"{W}trPr", f"{W}tcPr", f"{W}pPr")
    return "" if inside or len(element) == 0 else rule


_RULES = {
    f"{W}drawing": _drawing_rule,
    f"{W}pict": _drawing_rule,
    f"{W}object": lambda element: "embedded-object",
    f"{_MC}AlternateContent": _alternate_rule,
    f"{_MATH}oMath": lambda element: "formula",
    f"{W}footnoteReference": lambda element: "note",
    f"{W}endnoteReference": lambda element: "note",
    f"{W}commentReference": lambda element: "comment",
    f"{W}del": lambda element: _tracked("deletion", element),
    f"{W}moveFrom": lambda element: _tracked("deletion", element),
    f"{W}ins": lambda element: _tracked("insertion", element),
    f"{W}moveTo": lambda element: _tracked("insertion", element),
    f"{W}r": _run_rule,
}
_KEPT = ("insertion", "raised-text")
# Neither text nor anything that a reader of the page would miss.
_UNSEEN = frozenset(
    W + name
    for name in (
        *("bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "commentRangeStart"),
        *("commentRangeEnd", "lastRenderedPageBreak", "sectPr", "pPrChange", "rPrChange", "tblPrChange"),
    )
)
