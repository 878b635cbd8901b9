"""What measure's departures say: one sentence and one unit for each rule.

Which rules there are and where they come from stands beside their figures.
"""

from __future__ import annotations

from dataclasses import asdict

from gongwen.departure import Departure

UNITS = {
    "body-size": "pt",
    "title-size": "pt",
    "imprint-size": "pt",
    "lines-per-page": "lines",
    "cells-per-line": "characters",
    "title-length": "characters",
    "signature-alone": "lines",
    "glyph-without-text": "glyphs",
    "page-number-order": "number",
}
"""The unit of a rule's figures where it is not mm."""

_SENTENCES = {
    "page-size": "the paper is {measured} mm, not {wanted}",
    "left-edge": "the line begins at {measured} mm, not {wanted}",
    "right-edge": "the line ends at {measured} mm, not {wanted}",
    "line-pitch": "{measured} mm below the line above, not {wanted}",
    "lines-per-page": "{measured} lines on a full page, not {wanted}",
    "cells-per-line": "{measured} characters on a full line, not {wanted}",
    "body-size": "the type has {measured} pt, not {wanted}",
    "page-number-place": "the page number stands at {measured} mm, not {wanted}",
    "page-number-order": "the page number is {measured}, not {wanted}",
    "forbidden-start": "the line begins with {measured}",
    "forbidden-end": "the line ends with {measured}",
    "glyph-without-text": "{measured} glyphs that no text belongs to",
    "mark-top": "the ink of the red mark begins at {measured} mm, not {wanted}",
    "mark-centre": "the middle of the red mark is at {measured} mm, not {wanted}",
    "corner-left": "copy number, secrecy or urgency begins at {measured} mm, not {wanted}",
    "corner-type": "secrecy and urgency are in {measured}, not in {wanted}",
    "number-right": "the document number ends at {measured} mm, not {wanted}",
    "number-left": "the document number begins at {measured} mm, not {wanted}",
    "number-centre": "the middle of the document number is at {measured} mm, not {wanted}",
    "number-below": "the document number stands {measured} mm below the red rules, not {wanted}",
    "signers-right": "the signers' names end at {measured} mm, not {wanted}",
    "signers-type": "the signers' names are in {measured}, not in {wanted}",
    "red-rule-edges": "the red rule goes from {measured} mm, not from {wanted}",
    "red-rule-below": "the red rule stands {measured} mm below the document number, not {wanted}",
    "double-rule-edges": "a red rule goes from {measured} mm, not from {wanted}",
    "double-rule-weights": "the red rules are {measured} mm, not {wanted}",
    "double-rule-below": "the red rules stand {measured} mm below the mark, not {wanted}",
    "double-rule-foot": "the lower red rules end at {measured} mm, not {wanted}",
    "title-size": "the title has {measured} pt, not {wanted}",
    "title-centre": "the middle of the title's line is at {measured} mm, not {wanted}",
    "title-length": "{measured} characters on a line of the title, not at most {wanted}",
    "title-below": "{measured} mm of empty lines above the title, not {wanted}",
    "attachment-left": "the attachment's label begins at {measured} mm, not {wanted}",
    "attachment-top": "the attachment's label stands at {measured} mm, not on the first line at {wanted}",
    "attachment-type": "the attachment's label is in {measured}, not in {wanted}",
    "signature-alone": "the signature stands on a page without any of the body",
    "date-right": "the date ends at {measured} mm, not {wanted}",
    "date-left": "the date begins at {measured} mm, not {wanted}",
    "name-centre": "the middle of the name is at {measured} mm, not over the date's at {wanted}",
    "name-right": "name and date end at {measured} mm, not {wanted}",
    "seal-centre": "the middle of the seal is at {measured} mm, not on the date's at {wanted}",
    "seal-blank": "the seal at {measured} mm stands on no text",
    "seal-top": "the seal begins {measured} mm below the text, not 0 to 10.45",
    "imprint-size": "the imprint's type has {measured} pt, not {wanted}",
    "imprint-left": "the imprint's line begins at {measured} mm, not {wanted}",
    "imprint-right": "the imprint's line ends at {measured} mm, not {wanted}",
    "imprint-rule-edges": "a rule of the imprint goes from {measured} mm, not from {wanted}",
    "imprint-rule-weight": "a rule of the imprint is {measured} mm thick, not {wanted}",
    "imprint-foot": "the imprint's last rule ends at {measured} mm, not {wanted}",
    "first-page-number": "the letter form's first page bears no number, this one says {measured}",
    "outside-area": "something stands outside the type area: at {measured} mm, beyond {wanted}",
}
_NOTHING = {
    "red-rule-edges": "there is no red rule from {wanted} mm below the document number",
    "page-number-place": "there is no page number at {wanted} mm",
    "double-rule-foot": "there are no lower red rules at {wanted} mm",
}


def unit(departure: Departure) -> str:
    """The unit of the departure's figures: mm for most."""
    return UNITS.get(departure.rule, "mm")


def sentence(departure: Departure) -> str:
    """What is wrong, in one sentence without its place."""
    nothing = departure.measured == "" and departure.rule in _NOTHING
    words = (_NOTHING if nothing else _SENTENCES)[departure.rule]
    return words.format_map(asdict(departure))
