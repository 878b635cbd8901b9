"""Where one warm letter's time goes: cProfile's own times of every function, gathered by the module's place."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import defaultdict

from bench.letters import letter_of
from gongwen.document import Picture

# Part of a path (or of a built-in's name) and its stage; the first that fits decides.
_STAGES = (
    ("zlib", "compression"),
    ("zopfli", "compression"),
    ("gongwen/compose", "composing lines"),
    ("gongwen/titles", "composing lines"),
    ("gongwen/text", "cleaning text"),
    ("gongwen/document", "facts and digest"),
    ("gongwen/markup", "markup"),
    ("gongwen/fonts", "fonts"),
    ("gongwen/seal", "seal"),
    ("gongwen/", "our other modules"),
    ("weasyprint/pdf/fonts", "fonts"),
    ("weasyprint/text/fonts", "fonts"),
    ("fontTools", "fonts"),
    ("harfbuzz", "fonts"),
    ("weasyprint/draw", "drawing"),
    ("weasyprint/pdf/stream", "drawing"),
    ("weasyprint/svg", "drawing"),
    ("weasyprint/layout", "layout"),
    ("weasyprint/formatting_structure", "layout"),
    ("weasyprint/text", "layout"),
    ("weasyprint/pdf", "writing"),
    ("pydyf", "writing"),
    ("pikepdf", "writing"),
    ("weasyprint", "HTML and CSS"),
    ("tinycss2", "HTML and CSS"),
    ("cssselect2", "HTML and CSS"),
    ("tinyhtml5", "HTML and CSS"),
    ("xml/etree", "HTML and CSS"),
)
_BUILT_IN = "~"


def stages(case: str, seal: Picture | None) -> dict[str, float]:
    """CPU seconds by stage of one warm letter of this case, the longest first.

    A profiler slows what calls much: its shares are applied to the time without it.
    """
    from gongwen import pdf

    for number in range(3):
        pdf.render(letter_of(case, number, seal))
    whole = min(_seconds(case, number, seal) for number in range(3, 8))
    profile = cProfile.Profile(time.process_time)
    profile.runcall(pdf.render, letter_of(case, 8, seal))
    by_stage = _gathered(pstats.Stats(profile))
    total = sum(by_stage.values())
    ordered = sorted(by_stage.items(), key=lambda item: -item[1])
    return {stage: whole * seconds / total for stage, seconds in ordered}


def _seconds(case: str, number: int, seal: Picture | None) -> float:
    from gongwen import pdf

    letter = letter_of(case, number, seal)
    began = time.process_time()
    pdf.render(letter)
    return time.process_time() - began


def _gathered(found: pstats.Stats) -> dict[str, float]:
    by_stage: defaultdict[str, float] = defaultdict(float)
    for (path, _, name), (_, _, own, _, callers) in found.stats.items():  # type: ignore[attr-defined]
        named = _stage(name) if path == _BUILT_IN else ""
        if path != _BUILT_IN or named or not callers:
            by_stage[named or _stage(path) or "Python itself"] += own
            continue
        # What C does for a function counts as that function's.
        for (caller, _, _), (_, _, its_own, _) in callers.items():
            by_stage[_stage(caller) or "Python itself"] += its_own
    return dict(by_stage)


def _stage(place: str) -> str:
    return next((stage for part, stage in _STAGES if part in place), "")
