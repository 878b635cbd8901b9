"""A thousand letters, no two alike, on two processes: failures, memory on the way, and speed against one.

Run as `python -m bench.crowd FIRST STEP LETTERS`, this is one of those processes: it prints a line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bench.engines import ROOT
from bench.letters import different, warming
from bench.meter import peak_mb
from bench.rounds import environment

PROCESSES = 2
# One process alone sets so many: enough to be compared, and the whole crowd need not be set twice.
ALONE = 200
_MARKS = (100, 500, 1000)


@dataclass(frozen=True)
class Crowd:
    """`peaks` holds, for each mark in letters, the peak of every process in MB; the rates are letters a second.

    `alone` is the rate of one process for the first letters, `together` of two for the same ones.
    """

    letters: int
    failed: list[str]
    peaks: dict[int, list[float]]
    seconds: float
    alone: float
    together: float


def set_crowd(letters: int, say: Callable[[str], None]) -> Crowd:
    """Set so many letters on two processes, and before that the first of them on one."""
    few = min(ALONE, letters)
    say(f"{few} letters on one process")
    (single,) = _run(few, 1)
    say(f"{letters} letters on {PROCESSES} processes")
    several = _run(letters, PROCESSES)
    peaks = {
        mark: [one["peaks"][str(mark // PROCESSES)] for one in several] for mark in _MARKS if mark <= letters
    }
    return Crowd(
        letters=letters,
        failed=[failure for one in several for failure in one["failed"]],
        peaks=peaks,
        seconds=max(one["at"][-1] for one in several),
        alone=few / single["at"][few - 1],
        together=few / max(one["at"][few // PROCESSES - 1] for one in several),
    )


def _run(letters: int, processes: int) -> list[dict[str, Any]]:
    """Start the processes, let them begin together once all are warm, and collect what they tell."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.crowd", str(first), str(processes), str(letters)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
            text=True,
        )
        for first in range(processes)
    ]
    for process in started:
        assert process.stdout  # noqa: S101 (it was asked for)
        process.stdout.readline()
    for process in started:
        assert process.stdin  # noqa: S101 (it was asked for)
        process.stdin.close()
        process.stdin = None
    return [json.loads(process.communicate()[0]) for process in started]


def main() -> None:
    """Set every STEPth letter from FIRST on."""
    first, step, letters = map(int, sys.argv[1:])
    from gongwen import pdf

    pdf.render(warming())
    print("warm", flush=True)
    sys.stdin.read()
    began = time.perf_counter()
    at, failed, peaks = [], [], {}
    for count, letter in enumerate(islice(different(letters), first, None, step), start=1):
        try:
            made = pdf.render(letter)
            if not made.startswith(b"%PDF-"):
                failed.append(f"{letter.doc_number}: no PDF")
        except Exception as error:  # whatever it is, it is a letter that was not set
            failed.append(f"{letter.doc_number}: {type(error).__name__} {error}")
        at.append(time.perf_counter() - began)
        if count * step in _MARKS:
            peaks[count] = peak_mb([os.getpid()])
    print(json.dumps({"at": at, "failed": failed, "peaks": peaks}))


if __name__ == "__main__":
    main()
