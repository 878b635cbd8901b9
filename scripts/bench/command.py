"""The command line of bench_letter.py: what is to be measured, and where the page goes. Measures nothing itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bench.crowd import set_crowd
from bench.engines import KNOWN, ROOT
from bench.letters import CASES, ISSUER
from bench.machine import busy, described, load
from bench.page import page
from bench.printed_again import print_again
from bench.report import Findings, summary
from bench.rounds import compare
from bench.stages import stages
from gongwen.seals import specimen

_PAGE = ROOT / "docs" / "benchmarks" / "letter.md"
_ROUNDS, _THOUSAND = 15, 1000
_WORDS = "Measures the letter engine against others, prints the figures and writes a page of them."


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_letter", description=_WORDS)
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help=f"letters for each engine ({_ROUNDS})")
    parser.add_argument("--engines", type=_names(KNOWN), default=list(KNOWN), help=", ".join(KNOWN))
    parser.add_argument("--cases", type=_names(CASES), default=list(CASES), help=", ".join(CASES))
    parser.add_argument(
        "--thousand",
        type=int,
        nargs="?",
        const=_THOUSAND,
        default=0,
        metavar="LETTERS",
        help="also that many different letters on two processes, and the cache (1,000 if no number is given)",
    )
    parser.add_argument("--profile", action="store_true", help="also where the time goes")
    parser.add_argument("--output", type=Path, default=_PAGE, help="the page to write")
    return parser.parse_args(arguments)


def _names(known: Iterable[str]) -> Callable[[str], list[str]]:
    """An argument's type: some of these names, with commas between."""

    def names(text: str) -> list[str]:
        unknown = [name for name in text.split(",") if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"no {', '.join(unknown)}; there are {', '.join(known)}")
        return text.split(",")

    return names


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def run(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, write the page."""
    options = _options(arguments)
    before = load()
    if busy(before):
        _say(f"The machine is busy (load {before:.1f}): every figure will be too high.")
    seal = specimen(ISSUER)
    machine = {**described(), "Load before": f"{before:.1f}{' (busy)' if busy(before) else ''}"}
    found = Findings(machine, compare(options.engines, options.cases, options.rounds, seal, _say))
    if options.profile:
        found.stages = {case: stages(case, seal) for case in options.cases}
    if options.thousand:
        found.crowd = set_crowd(options.thousand, _say)
        found.again = print_again()
    print(summary(found))
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(page(found), encoding="utf-8")
    return 1 if found.comparison.failed else 0
