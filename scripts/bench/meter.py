"""What processes use: CPU time in nanoseconds and memory, of each with all that it has started."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SCHEDULED = 2  # Linux: the clock of a process that counts what it ran, finer than the ticks in /proc


@dataclass(frozen=True)
class Used:
    """Seconds of CPU (user and system) and of wall time."""

    cpu: float
    wall: float


class Meter:
    """Measures what some processes and their descendants use between `start` and `stop`.

    What this process's own children used that ended in between is counted too.
    """

    def __init__(self, roots: Sequence[int]) -> None:
        self._roots = roots
        self._before: dict[int, int] = {}
        self._ended = 0.0
        self._began = 0

    def start(self) -> None:
        self._before = {pid: cpu_ns(pid) for pid in tree(self._roots)}
        self._ended = _ended_children()
        self._began = time.perf_counter_ns()

    def stop(self) -> Used:
        wall = time.perf_counter_ns() - self._began
        after = {pid: cpu_ns(pid) for pid in tree(self._roots)}
        cpu = sum(ns - self._before.get(pid, 0) for pid, ns in after.items())
        return Used(cpu / 1e9 + _ended_children() - self._ended, wall / 1e9)


def _ended_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_ns(pid: int) -> int:
    """CPU time of a process with all its threads, ended ones too; 0 for one that is gone."""
    try:
        return time.clock_gettime_ns((~pid << 3) | _SCHEDULED)
    except OSError:
        return 0


def tree(roots: Sequence[int]) -> list[int]:
    """These processes and all that they have started."""
    if not roots:
        return []
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    found = list(roots)
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def name_of(pid: int) -> str:
    """The program that runs in a process; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _parent(process: Path) -> int:
    try:
        # The name stands in brackets and may hold anything.
        return int((process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def peak_mb(roots: Sequence[int]) -> float:
    """Most memory that the processes held, in MB: each one's own peak, added up."""
    return sum(_status_kb(pid, "VmHWM:") for pid in tree(roots)) / 1024


def _status_kb(pid: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)
