"""The page docs/benchmarks/letter.md: the tables of one run, what was measured, and what to bear in mind."""

from __future__ import annotations

from bench.report import (
    CASES,
    Findings,
    crowd_table,
    figures,
    looks,
    marks_table,
    rounds_told,
    stages_table,
)

_OPENING = """\
# How fast and how small: the letter engine measured

Written by `make bench-letter`, which measures all of it in one run; what is changed here by hand is lost.
"""

_HOW = """\
## What was measured

Each engine runs in a process of its own and sets the same letters. They take turns letter by letter, and the
order moves on by one each round, so that a noise on the machine hits all alike. In every round the clauses of
each paragraph change places: nobody meets a text that was laid out before. *Same again* is the CPU time for
the last letter a second time; it shows what an engine remembers.

- **CPU** is user and system time of the process, or of the tree of processes where the engine is another
  program, by the kernel's nanosecond clock. The median counts, of {rounds}.
- **Peak** is the most memory that the process held, for a tree the sum: what its processes share is counted
  once for each of them.
- **gongwen, warm** is `gongwen.pdf.render` in a process that goes on, **cold** is `python -m gongwen render`
  with the start of Python and the reading of the fonts.
- **LibreOffice** is an office without a window that listens; it opens the .docx that `gongwen.docx_out` writes
  and exports a tagged PDF. Writing the .docx, and the client, do not count.
- **Chromium** prints HTML on the same grid with the same font files. It loads each letter as a page of its own,
  or one page stays open with its fonts and only its content changes. The client does not count.
- **typst** runs in process, its compiler and fonts kept.
- **reportlab** places lines that `gongwen.compose` composed, and composing counts. It takes no PostScript outlines:
  the fonts were turned into TrueType before.
"""

_REMARKS = """\
## To bear in mind

- A *departure* is a place where `python -m gongwen measure` finds the page off GB/T 9704-2012: line pitch,
  cells in a line, edges, page numbers, marks at the start or end of a line. The other engines set the same text
  honestly on nearly the same grid, but they have no means for 28 cells in every line by pushing marks together
  first; templates of more effort would come closer.
- LibreOffice lays out what is written as Word wants it. Date and identifier differ each time, so its bytes do.
- Chromium has no option for a fixed date either. It draws these fonts glyph by glyph (Type 3), which makes its files
  large, and holds several hundred MB. A page that stays open is the most that can be saved, and what one letter
  left behind could show in the next.
- typst remembers paragraphs that it has set (*same again*), and grows with what it remembers.
- reportlab writes no tags, which a reader for the blind needs, and knows no lines: it shows what placing them costs.
- None but ours has 签发人, 版记, the red head or the room of a seal by the standard: they would have to be written for
  each. The sample has a document number, marks, title, headings, signature with its seal, contact lines and page
  numbers on the outer side, and all of them set these.
- Figures of different machines or of a busy one cannot be compared; those within one run can.
"""

_REPEAT = """\
## To repeat it

`make bench-letter` installs what it needs (Debian: chromium, libreoffice-writer-nogui, python3-uno; Python:
requirements-bench.txt) and measures for some minutes. `.venv/bin/python scripts/bench_letter.py --help` tells how to
measure only some engines, cases or rounds.
"""


def page(found: Findings) -> str:
    """The whole page."""
    parts = [
        _OPENING,
        "## What was to be reached\n",
        marks_table(found) + "\n",
        "## The machine\n",
        "\n".join(f"- {name}: {value}" for name, value in _facts(found).items()) + "\n",
        _HOW.format(rounds=rounds_told(found.comparison)),
    ]
    for case, title in CASES.items():
        if results := found.comparison.of(case):
            parts += [f"## {title}\n", figures(results) + "\n", looks(results) + "\n"]
    parts += _profile(found) + _crowd(found) + _again(found)
    return "\n".join([*parts, _REMARKS, _REPEAT])


def _facts(found: Findings) -> dict[str, str]:
    versions = {
        "Engines": "; ".join(v for name, v in found.comparison.versions.items() if "gongwen" not in name)
    }
    missing = "; ".join(f"{name} ({why})" for name, why in found.comparison.missing.items())
    return {**found.machine, **versions, **({"Left out": missing} if missing else {})}


def _profile(found: Findings) -> list[str]:
    if not found.stages:
        return []
    words = (
        "One warm letter of each case under a profiler, by the place of each module; the shares are applied to the\n"
        "time without the profiler. What C does for a function counts as that function's.\n"
    )
    return ["## Where the time goes\n", words, stages_table(found.stages) + "\n"]


def _crowd(found: Findings) -> list[str]:
    crowd = found.crowd
    if not crowd:
        return []
    words = (
        f"{crowd.letters} letters of 200 to 3,000 characters, no two alike, some with rare characters, some with\n"
        f"tables, on two processes: {len(crowd.failed)} failed; {crowd.letters / crowd.seconds:.1f} letters a second."
        f" For the same\nfirst letters one process reached {crowd.alone:.1f} a second and two"
        f" {crowd.together:.1f}.\n"
    )
    told = [f"- {failure}" for failure in crowd.failed[:10]]
    peaks = [crowd_table(crowd) + "\n"] if crowd.peaks else []
    return ["## A thousand different letters\n", words, *told, *peaks]


def _again(found: Findings) -> list[str]:
    if not found.again:
        return []
    words = (
        "The application keeps a PDF under the digest of its facts. The sample asked for through it took"
        f" {found.again.first * 1000:.0f} ms\nof CPU the first time and {found.again.second * 1000:.1f} ms after"
        f" that, with {'the same' if found.again.same_bytes else 'OTHER'} bytes.\n"
    )
    return ["## The same letter printed again\n", words]
