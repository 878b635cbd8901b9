"""One engine in a process of its own: takes letters from standard input, answers with what each one used.

Started by rounds.py as `python -m bench.worker NAME`; messages are pickles between the two.
"""

from __future__ import annotations

import os
import pickle
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from bench.engines import Engine, NotInstalled, engine_of
from bench.meter import Meter


def main() -> None:
    """Serve until the other side closes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an engine prints must not get between the answers
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            engine = engine_of(sys.argv[1], Path(folder))
        except NotInstalled as error:
            _answer(answers, {"missing": str(error)})
            return
        try:
            _answer(answers, {"version": engine.version})
            _serve(engine, answers)
        finally:
            engine.close()


def _serve(engine: Engine, answers: BinaryIO) -> None:
    while True:
        try:
            letter = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own parent)
        except EOFError:
            return
        prepared = engine.prepare(letter)
        meter = Meter(engine.processes)
        meter.start()
        pdf = engine.set(prepared)
        used = meter.stop()
        _answer(answers, {"pdf": pdf, "cpu": used.cpu, "wall": used.wall, "peak_mb": engine.peak_mb()})


def _answer(answers: BinaryIO, message: dict[str, Any]) -> None:
    pickle.dump(message, answers)
    answers.flush()


if __name__ == "__main__":
    main()
