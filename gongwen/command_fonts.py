"""The command that says which fonts there are, what each is for, and which characters none of them has.

Only counts; the fonts are gongwen.fonts'.
"""

from __future__ import annotations

from argparse import Namespace

from gongwen import fonts
from gongwen.standard_characters import standard_characters

_MOST_NAMED = 100


def show_fonts(options: Namespace) -> int:
    """List the fonts by role, how many characters each has, and what is missing of 通用规范汉字表."""
    known = fonts.font_set()
    standard = standard_characters()
    print(f"fonts in {fonts.folder()}")
    for role, faces in known.chains.items():
        print(f"{role:8}{' > '.join(face.source.name for face in faces)}")
    print(f"characters  of the {len(standard):,} standard ones (通用规范汉字表)")
    for face in known.faces():
        print(f"{_coverage(face):10,}{sum(map(face.has, standard)):8,}  {face.source.name}")
    missing = known.missing(standard)
    print(f"the set prints {len(standard) - len(missing):,} of the {len(standard):,} standard characters")
    if missing:
        more = f" and {len(missing) - _MOST_NAMED:,} more" if len(missing) > _MOST_NAMED else ""
        print(f"missing: {missing[:_MOST_NAMED]}{more}")
    return 0


def _coverage(face: fonts.Face) -> int:
    return sum(face.has(chr(code)) for code in range(0x20, 0x32400))
