"""Pairs of texts of five thousand characters, from one small edit to nothing in common. Knows no Django."""

import random
from pathlib import Path

SAMPLE = (Path(__file__).parents[1] / "gongwen" / "tests" / "data" / "junshan-51.txt").read_text()
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2500)]
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
PUNCTUATION = "，、。；"


def edited(text: str, edits: int, seed: int) -> str:
    """Return a text in which so many characters were changed, lost or added, anywhere."""
    rnd, characters = random.Random(seed), list(text)
    for _ in range(edits):
        at = rnd.randrange(len(characters))
        characters[at] = rnd.choice(["", rnd.choice(COMMON), characters[at] + rnd.choice(COMMON)])
    return "".join(characters)


def text_of(alphabet: str | list[str], line: int, seed: int, size: int = 5000) -> str:
    """Return a text of these characters, with paragraphs of this length (0: none)."""
    rnd = random.Random(seed)
    return "".join("\n" if line and at % line == line - 1 else rnd.choice(alphabet) for at in range(size))


LETTER = (SAMPLE * 6)[:5000]
LINES = text_of(COMMON + PUNCTUATION, 60, 1)
PAIRS = {
    "one edit": (LETTER, edited(LETTER, 1, 1)),
    "twenty edits": (LETTER, edited(LETTER, 20, 2)),
    "three hundred edits": (LETTER, edited(LETTER, 300, 3)),
    "two thousand edits": (LINES, edited(LINES, 2000, 4)),
    "nothing in common": (text_of(HAN, 0, 5), text_of(HAN, 0, 6)),
    "the same common characters": (text_of(COMMON, 0, 7), text_of(COMMON, 0, 8)),
    "two characters": (text_of("的了", 0, 9), text_of("的了", 0, 10)),
    "the same paragraphs in another order": (LINES, "\n".join(sorted(LINES.split("\n")))),
    "halves changed places": (LINES, LINES[2500:] + LINES[:2500]),
    "backwards": (LINES, LINES[::-1]),
    "no paragraphs any more": (LINES, LINES.replace("\n", "")),
    "one character": ("的" * 5000, "的" * 4999 + "一"),
    "every other character": (
        "".join(c + "甲" for c in LINES[:2500]),
        "".join(c + "乙" for c in LINES[:2500]),
    ),
}
