"""Numbers that belong to a person, as they stand in a text: what the check warns of and a public copy masks."""

import re
from collections.abc import Iterator

IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx](?![0-9A-Za-z])"
)
MOBILE = re.compile(
    r"(?<![0-9.A-Za-z-])(?:\+?86[- ]?)?1[3-9][0-9]([- ]?)[0-9]{4}\1[0-9]{4}"
    r"(?![0-9]|[- ][0-9]|\.[0-9]|[余多]?[元万亿%％㎡人户])"
)
CARD = re.compile(
    r"(?<![0-9A-Za-z.-])[1-9][0-9]{3}(?:([ -]?)[0-9]{4})(?:\1[0-9]{4}){2}(?:\1[0-9]{1,3})?(?![0-9A-Za-z])"
)

# A mask may take more than a warning names: whoever published a number too much cannot take it back.
_MASKED = (
    # An identity number in one piece or in groups, old ones of fifteen figures where they are called so.
    re.compile(
        r"(?<![0-9A-Za-z])[1-8][0-9]{5}[ -]?(?:19|20)[0-9]{2}[ -]?[01][0-9][ -]?[0-3][0-9][ -]?"
        r"[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
    ),
    re.compile(r"(?<=身份证)[^0-9\n]{0,8}[0-9]{15}(?![0-9])"),
    re.compile(
        r"(?<![0-9.A-Za-z])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}"
        r"(?![0-9]|\.[0-9]|[余多]?[元万亿%㎡人户])"
    ),
    re.compile(r"(?<![0-9.A-Za-z])(?:\+?86[- ]?)?1[3-9][0-9](?:([- ])[0-9]{3}\1[0-9]{5})(?![0-9])"),
    re.compile(r"(?<![0-9A-Za-z.])(?:[0-9]{4}[ -]?){4}[0-9]{0,3}(?![0-9A-Za-z])"),
    re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(r"(?<=微信)号?[ \uff1a:为是]{0,2}[A-Za-z][A-Za-z0-9_-]{5,19}"),
    re.compile(r"(?<=[Qq]{2})号?[ \uff1a:为是]{0,2}[1-9][0-9]{4,10}"),
    # The telephone of a person who is named to call: an office's own number elsewhere in a text is meant to be read.
    re.compile(
        r"(?:(?<=联系人)|(?<=联系电话)|(?<=联系方式)|(?<=承办人)|(?<=经办人)|(?<=负责人)|(?<=手机)|(?<=家庭电话))"
        r"[^0-9\n。；]{0,20}(?:\(?0[0-9]{2,3}\)?[- ]?)?[2-9][0-9]{6,7}(?![0-9])"
    ),
)
_CONTACT_LINE = re.compile(r"(?:承办(?:负责|单位联系)?人|经办人|联系(?:人|电话|方式))[^。]{0,60}")
# One character for one, so that a place in one text is the same place in the other.
_PLAIN = str.maketrans(
    {0xFF10 + n: str(n) for n in range(10)} | {"－": "-", "—": "-", "–": "-", "（": "(", "）": ")"}
)


def masked(text: str) -> str:
    """Return the text with every number of a person covered by asterisks; its length stays the same."""
    chars = list(text)
    plain = text.translate(_PLAIN)
    for start, end in _spans(plain):
        places = [place for place in range(start, end) if chars[place].isalnum() or chars[place] in "@._%+"]
        for place in places[3:-4] if _is_mobile(plain[start:end]) else places[1:]:
            chars[place] = "*"
    return "".join(chars)


def is_contact_line(paragraph: str) -> bool:
    """Say whether a paragraph only names who is to be called."""
    return bool(_CONTACT_LINE.fullmatch(paragraph.strip()))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in _MASKED:
        for match in pattern.finditer(text):
            start = next(
                place for place in range(*match.span()) if text[place].isascii() and text[place].isalnum()
            )
            yield start, match.end()


def _is_mobile(text: str) -> bool:
    return text.startswith("1") and sum(char.isdigit() for char in text) == 11
