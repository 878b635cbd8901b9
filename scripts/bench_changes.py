"""Measures how long two texts of 5,000 characters take to compare; writes docs/benchmarks/changes.md.

`make bench-changes`. The bound is 50 ms for every pair, whatever the texts have in common. Beside it stands
diff-match-patch, as it comes, with two seconds for its answer.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "changes.md"
BOUND_MS = 50
TIMES = 15

HEAD = """# Comparing two texts

Two texts of 5,000 characters each, compared character by character: the middle and the longest of {times} measurements
in milliseconds of CPU, and how many places are marked. The bound is {bound} ms for every pair. For comparison
diff-match-patch with its clean-up, which may stop after two seconds. Made by `make bench-changes`; Python {python}.

| the two texts | middle | longest | places | diff-match-patch | its places |
|---|---:|---:|---:|---:|---:|
"""


def measured(compare: Callable[[], Any], times: int) -> tuple[float, float, Any]:
    """Return the middle and the longest time in milliseconds, and the answer."""
    taken, found = [], None
    for _ in range(times):
        started = time.process_time()
        found = compare()
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken), max(taken), found


def places(changes: list[tuple[int, str]]) -> int:
    """Count the places that are marked."""
    marks = [op != 0 for op, _text in changes]
    return sum(mark and not before for before, mark in zip([False, *marks], marks, strict=False))


def by_library(before: str, after: str) -> list[tuple[int, str]]:
    """Compare with diff-match-patch."""
    from diff_match_patch import diff_match_patch

    engine = diff_match_patch()
    engine.Diff_Timeout = 2.0
    found: list[tuple[int, str]] = engine.diff_main(before, after)
    engine.diff_cleanupSemantic(found)
    return found


def main() -> int:
    """Measure every pair, write the page, and say whether the bound held."""
    sys.path.insert(0, str(ROOT))
    from replies.version_diff import differences
    from tests.texts import PAIRS

    lines, worst = [], 0.0
    for name, (before, after) in PAIRS.items():
        middle, longest, found = measured(lambda a=before, b=after: differences(a, b), TIMES)  # type: ignore[misc]
        theirs, _longest, other = measured(lambda a=before, b=after: by_library(a, b), 1)  # type: ignore[misc]
        worst = max(worst, longest)
        row = f"{name} | {middle:.1f} | {longest:.1f} | {places(found)} | {theirs:.0f} | {places(other)}"
        print(row.replace(" | ", "\t"))
        lines.append(f"| {row} |")
    head = HEAD.format(times=TIMES, bound=BOUND_MS, python=sys.version.split()[0])
    PAGE.write_text(head + "\n".join(lines) + "\n")
    print(f"The longest took {worst:.1f} ms; the bound is {BOUND_MS} ms.")
    return worst >= BOUND_MS


if __name__ == "__main__":
    sys.exit(main())
