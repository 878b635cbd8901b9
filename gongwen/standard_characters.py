"""通用规范汉字表 (2013): the 8,105 characters of names, places and schoolbooks that a letter may need.

A list only, in the order of the table; who prints them is for fonts to say.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Three lines, one for each level; taken from the property kTGH of the Unihan database (Unicode 15.0).
_FILE = Path(__file__).parent / "data" / "standard_characters.txt"


@cache
def levels() -> tuple[str, str, str]:
    """3,500 common characters, 3,000 less common ones, and 1,605 of names, places and sciences."""
    first, second, third = _FILE.read_text(encoding="utf-8").split()
    return first, second, third


def standard_characters() -> str:
    """All 8,105 in the order of the table."""
    return "".join(levels())
