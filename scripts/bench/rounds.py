"""Rounds: every engine sets the same letter one after the other, so that noise of the machine hits all alike.

Each engine runs in a process of its own (worker.py) and is idle while another one is measured.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bench.engines import FONTS, ROOT
from bench.letters import letter_of
from bench.looked_at import Look, look_at
from gongwen.document import Letter, Picture

WARM_UPS = 2
# A PDF that bears the time of its making is another one by then.
_A_SECOND = 1.1
# A process that starts anew reads its letter as text, which holds no table.
ONLY_SAMPLE = ("gongwen-cold",)


@dataclass(frozen=True)
class Taken:
    """One letter by one engine: seconds of CPU and wall time, bytes, most memory so far in MB."""

    cpu: float
    wall: float
    size: int
    peak_mb: float


@dataclass
class Result:
    """What one engine took for one case in every round; `again` is the last letter set a second time."""

    engine: str
    case: str
    taken: list[Taken] = field(default_factory=list)
    again: Taken | None = None
    look: Look | None = None


@dataclass
class Comparison:
    """Every result, the engines' versions by name, why others are not there, and which ones failed."""

    rounds: int
    results: list[Result] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def of(self, case: str) -> list[Result]:
        """The results of one case, in the order of the engines."""
        return [result for result in self.results if result.case == case]


class EngineFailed(RuntimeError):
    """An engine stopped while it was measured; what it said stands on standard error."""


class _Running:
    """An engine in its own process."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
        )
        self.greeting = self._hear()

    def set(self, letter: Letter) -> tuple[Taken, bytes]:
        assert self._process.stdin  # noqa: S101 (it was asked for)
        pickle.dump(letter, self._process.stdin)
        self._process.stdin.flush()
        answer = self._hear()
        pdf = answer.pop("pdf")
        return Taken(size=len(pdf), **answer), pdf

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout  # noqa: S101 (it was asked for)
        try:
            heard: dict[str, Any] = pickle.load(self._process.stdout)  # noqa: S301 (from our own child)
        except EOFError as error:
            raise EngineFailed(self.name) from error
        return heard

    def close(self) -> None:
        with suppress(OSError, subprocess.TimeoutExpired):
            self._process.communicate(timeout=60)
        if self._process.poll() is None:
            self._process.kill()


def environment() -> dict[str, str]:
    """What our own processes see: this checkout's modules and fonts."""
    paths = os.pathsep.join([str(ROOT / "scripts"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": paths, "GONGWEN_FONTS": str(FONTS), "LC_ALL": "C.UTF-8"}


def compare(
    names: Sequence[str], cases: Sequence[str], rounds: int, seal: Picture | None, say: Callable[[str], None]
) -> Comparison:
    """Let these engines set these cases. An engine that is not installed is told and left out."""
    found = Comparison(rounds)
    running: list[_Running] = []
    try:
        for name in names:
            one = _Running(name)
            running.append(one)
            if "missing" in one.greeting:
                found.missing[name] = one.greeting["missing"]
                say(f"{name} is left out: {one.greeting['missing']}")
            else:
                found.versions[name] = one.greeting["version"]
        there = [one for one in running if one.name in found.versions]
        for case in cases:
            able = [one for one in there if case == "sample" or one.name not in ONLY_SAMPLE]
            try:
                found.results += _case(able, case, rounds, seal, say)
            except EngineFailed as error:
                # The others have been measured with a failing one between them: their figures would mislead.
                say(f"{case}: {error} failed, the case is left out")
                found.failed.append(f"{error} ({case})")
    finally:
        for one in running:
            one.close()
    return found


def _case(
    engines: Sequence[_Running], case: str, rounds: int, seal: Picture | None, say: Callable[[str], None]
) -> list[Result]:
    results = {one.name: Result(one.name, case) for one in engines}
    last = {}
    for number in range(WARM_UPS + rounds):
        letter = letter_of(case, number, seal)
        for one in _turned(engines, number):
            taken, last[one.name] = one.set(letter)
            if number >= WARM_UPS:
                results[one.name].taken.append(taken)
        say(f"{case}: round {number + 1} of {WARM_UPS + rounds}")
    time.sleep(_A_SECOND)
    for one in engines:
        results[one.name].again, pdf = one.set(letter)
        results[one.name].look = look_at(pdf, letter, same_bytes=pdf == last[one.name])
    return list(results.values())


def _turned(engines: Sequence[_Running], by: int) -> list[_Running]:
    by %= max(1, len(engines))
    return [*engines[by:], *engines[:by]]
