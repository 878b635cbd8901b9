"""The points that a text counts itself: a number, a letter or a word like 一是 before each."""

import re

PLAIN = str.maketrans("０１２３４５６７８９", "0123456789")
HAN = "一二三四五六七八九十"

# What a counted line begins with, by kind.
MARKS = {
    "chapter": re.compile(rf"(?:第[{HAN}]+部分[、：: ]?|[{HAN}]{{1,3}}[、.．])[ \u3000]*"),
    "section": re.compile(rf"[（(][ ]?[{HAN}]{{1,3}}[ ]?[)）][、]?[ \u3000]*"),
    "number": re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))[ \u3000]*"),
    "bracket": re.compile(r"(?:[（(][ ]?\d{1,2}[ ]?[)）]|\d{1,2}[)）])[、.]?[ \u3000]*"),
    "circle": re.compile("[\u2460-\u2473\u2474-\u249b][、.]?[ \u3000]*"),
    "ordinal": re.compile(rf"第[{HAN}]{{1,2}}[，,、：:][ \u3000]*"),
    "is": re.compile(rf"[{HAN}]{{1,2}}(?:是|要)[：:，]?"),
    "named": re.compile(rf"建议[ ]?(?:[{HAN}]{{1,2}}|\d{{1,2}})[：:、.．][ \u3000]*"),
    "bullet": re.compile("[●■◆▲▶★•·◇○□※*\uf06c\uf0d8\u2022-][ \u3000]*(?=[\u4e00-\u9fff])"),
}
_INLINE = [
    re.compile(rf"(?:(?<=[。；;：:，,！\n])|\A)[ \u3000]*(?:[{HAN}]{{1,2}})(?:是|要)(?=[^否])"),
    re.compile(r"(?:(?<=[。；;：:！\n])|\A)[ \u3000]*[（(]?\d{1,2}(?:[、．)）]|\.(?!\d))"),
    re.compile(rf"(?:(?<=[。；;：:！\n])|\A)[ \u3000]*[（(][{HAN}]{{1,2}}[)）]"),
    re.compile("[\u2460-\u2473]"),
    re.compile(rf"(?:(?<=[。；;：:！\n])|\A)[ \u3000]*第[{HAN}]{{1,2}}[，,、]"),
]


def mark_of(line: str) -> tuple[str, str]:
    """Return the kind of the number that a line begins with, and the line without it; empty for no number."""
    plain = line.translate(PLAIN)
    for kind, pattern in MARKS.items():
        if found := pattern.match(plain):
            return kind, line[found.end() :]
    return "", line


def split_points(text: str) -> list[str]:
    """Return the points of a suggestion that counts them itself (一是……；二是……), or the whole text alone.

    What stands before the first point opens each of them no more: it goes before the first.
    """
    for pattern in _INLINE:
        found = list(pattern.finditer(text.translate(PLAIN)))
        if len(found) < 2:
            continue
        ends = [one.start() for one in found[1:]] + [len(text)]
        points = [_point(text[one.end() : end]) for one, end in zip(found, ends, strict=True)]
        if head := text[: found[0].start()].strip(" \u3000\n"):
            points[0] = f"{head}{points[0]}"
        if all(len(point) >= 4 for point in points):
            return points
    return [text]


def points_in(line: str) -> list[str]:
    """Return the points of one line; a line that counts none comes back alone, without its number."""
    points = split_points(line)
    return points if len(points) > 1 else [mark_of(line)[1] if mark_of(line)[0] else line]


def _point(text: str) -> str:
    text = text.strip(" \u3000\n，,")
    return re.sub("[；;]$", "。", text)
