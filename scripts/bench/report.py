"""What was measured as tables, for the terminal and for docs/benchmarks/letter.md. Measures nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.crowd import PROCESSES, Crowd
from bench.printed_again import Again
from bench.rounds import WARM_UPS, Comparison, Result

CASES = {
    "sample": "The published sample, three pages with its seal",
    "long": "Twelve pages with two tables and its seal",
}
_NAMES = {
    "gongwen": "gongwen, warm",
    "gongwen-cold": "gongwen, cold",
    "libreoffice": "LibreOffice",
    "chromium": "Chromium",
    "chromium-open": "Chromium, page kept open",
    "typst": "typst",
    "reportlab": "reportlab",
}
_MOST_MS, _NEXT_MS, _MOST_MB = 130, 80, 200
_OF_TWICE = 0.9


@dataclass
class Findings:
    """Everything that one run found; a part that was not asked for is None."""

    machine: dict[str, str]
    comparison: Comparison
    crowd: Crowd | None = None
    again: Again | None = None
    stages: dict[str, dict[str, float]] = field(default_factory=dict)


def figures(results: Sequence[Result]) -> str:
    """The engines' times, sizes and memory for one case."""
    head = (
        "engine",
        "CPU ms",
        "least to most",
        "wall ms",
        "least to most",
        "same again",
        "KB",
        "pages",
        "peak MB",
    )
    return table(head, (_figures_row(result) for result in results if result.taken))


def _figures_row(result: Result) -> list[str]:
    cpu, wall = ([getattr(one, name) * 1000 for one in result.taken] for name in ("cpu", "wall"))
    return [
        _NAMES[result.engine],
        _ms(median(cpu)),
        f"{_ms(min(cpu))} to {_ms(max(cpu))}",
        _ms(median(wall)),
        f"{_ms(min(wall))} to {_ms(max(wall))}",
        _ms(result.again.cpu * 1000) if result.again else "",
        f"{median(one.size for one in result.taken) / 1024:.0f}",
        str(result.look.pages) if result.look else "",
        f"{result.taken[-1].peak_mb:.0f}",
    ]


def _ms(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"


def looks(results: Sequence[Result]) -> str:
    """What the engines' PDFs are like."""
    head = ("engine", "text lost", "fonts not embedded", "tagged", "same bytes twice", "departures")
    rows = (
        [
            _NAMES[result.engine],
            str(look.lost),
            str(look.apart),
            _yes(look.tagged),
            _yes(look.same_bytes),
            str(look.departures),
        ]
        for result in results
        if (look := result.look)
    )
    return table(head, rows)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def crowd_table(crowd: Crowd) -> str:
    """Peak memory of each process on the way."""
    head = ("letters set", *(f"process {number + 1}, peak MB" for number in range(PROCESSES)))
    return table(head, ([str(mark), *(f"{mb:.0f}" for mb in mbs)] for mark, mbs in crowd.peaks.items()))


def stages_table(stages: dict[str, dict[str, float]]) -> str:
    """Where the time of one warm letter goes, for each case; the longest stage of the first case at the top."""
    names = dict.fromkeys(name for found in stages.values() for name in found)
    wholes = {case: sum(found.values()) for case, found in stages.items()}
    rows = [[name, *(_part(stages[case].get(name, 0), wholes[case]) for case in stages)] for name in names]
    together = ["together", *(f"{whole * 1000:.1f}" for whole in wholes.values())]
    return table(("stage", *(f"{case}, CPU ms" for case in stages)), [*rows, together])


def _part(seconds: float, whole: float) -> str:
    return f"{seconds * 1000:.1f} ({100 * seconds / whole:.0f} %)" if whole else ""


def marks_table(found: Findings) -> str:
    """What was to be reached, and whether it was."""
    return table(("to be reached", "measured", "reached"), _marks(found))


def _marks(found: Findings) -> Iterable[list[str]]:
    for case in CASES:
        results = {result.engine: result for result in found.comparison.of(case) if result.taken}
        if ours := results.get("gongwen"):
            yield from _marks_of(case, _median_cpu(ours), results)
    if crowd := found.crowd:
        failed = f"{len(crowd.failed)} failed"
        yield [f"{crowd.letters} different letters without a failure", failed, _yes(not crowd.failed)]
        peak = max((mb for mbs in crowd.peaks.values() for mb in mbs), default=0.0)
        if peak:
            yield [f"peak of each process at most {_MOST_MB} MB", f"{peak:.0f} MB", _yes(peak <= _MOST_MB)]
        share = crowd.together / crowd.alone / PROCESSES
        yield ["two processes within 10 % of twice one", f"{share:.0%} of twice", _yes(share >= _OF_TWICE)]
    if again := found.again:
        measured = f"{again.second * 1000:.1f} ms instead of {again.first * 1000:.0f}"
        yield ["same facts again come from the cache", measured, _yes(again.same_bytes)]


def _marks_of(case: str, ours: float, results: dict[str, Result]) -> Iterable[list[str]]:
    if case == "sample":
        for most in (_MOST_MS, _NEXT_MS):
            yield [f"{case}: warm, at most {most} ms CPU", f"{_ms(ours)} ms", _yes(ours <= most)]
    for name in ("libreoffice", "chromium", "chromium-open"):
        if name in results:
            theirs = _median_cpu(results[name])
            measured = f"{_ms(ours)} against {_ms(theirs)} ms"
            yield [f"{case}: less CPU than {_NAMES[name]}", measured, _yes(ours < theirs)]


def _median_cpu(result: Result) -> float:
    return median(one.cpu for one in result.taken) * 1000


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table that also reads well on a terminal: first column to the left, others to the right."""
    lines = [list(head), *map(list, rows)]
    wide = [max(len(line[place]) for line in lines) for place in range(len(head))]
    drawn = [_drawn(line, wide) for line in lines]
    rule = "|".join(["", "-" * (wide[0] + 2), *("-" * (width + 1) + ":" for width in wide[1:]), ""])
    return "\n".join([drawn[0], rule, *drawn[1:]])


def _drawn(cells: Sequence[str], wide: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if place == 0 else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, wide, strict=True))
    )
    return f"| {' | '.join([first, *others])} |"


def summary(found: Findings) -> str:
    """Everything for the terminal."""
    parts = []
    for case, title in CASES.items():
        if results := found.comparison.of(case):
            parts += [title, figures(results), looks(results)]
    if found.stages:
        parts += ["Where the time of one warm letter goes", stages_table(found.stages)]
    if found.crowd and found.crowd.peaks:
        parts += ["A thousand letters", crowd_table(found.crowd)]
    return "\n\n".join([*parts, "What was to be reached", marks_table(found)])


def rounds_told(comparison: Comparison) -> str:
    """How the rounds went, in a sentence."""
    return f"{comparison.rounds} rounds after {WARM_UPS} that do not count"
