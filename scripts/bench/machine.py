"""The machine in general words: what somebody needs to judge the figures, and nothing that names it."""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_DISTRIBUTION = r'PRETTY_NAME="([^"]*)'
_BUSY = 0.5  # more work than this waiting beforehand, and figures are too high


def described() -> dict[str, str]:
    """Facts by name, in the order in which they are told."""
    kilobytes = int(_found(r"MemTotal:\s*(\d+)", "/proc/meminfo") or 0)
    return {
        "Processor": f"{_processor()}, {os.cpu_count()} cores{_virtual()}",
        "Memory": f"{kilobytes / 2**20:.0f} GB",
        "System": f"{_found(_DISTRIBUTION, '/etc/os-release')}, Linux {platform.release().split('-')[0]}",
        "Python": f"{platform.python_version()}, {_packages('weasyprint', 'uharfbuzz', 'pydyf', 'pikepdf')}",
        "Measured on": date.today().isoformat(),
    }


def load() -> float:
    """Mean number of busy processes in the last minute."""
    return os.getloadavg()[0]


def busy(before: float) -> bool:
    """Whether other work on the machine made the figures too high."""
    return before > _BUSY


def _packages(*names: str) -> str:
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def _processor() -> str:
    model = _found(r"model name\s*:\s*(.*)", "/proc/cpuinfo") or platform.machine()
    clock = float(_found(r"cpu MHz\s*:\s*([\d.]+)", "/proc/cpuinfo") or 0)
    return f"{model} at {clock / 1000:.1f} GHz" if clock else model


def _virtual() -> str:
    return ", virtual" if _found(r"flags.*\b(hypervisor)\b", "/proc/cpuinfo") else ""


def _found(pattern: str, file: str) -> str:
    try:
        match = re.search(pattern, Path(file).read_text(encoding="utf-8"))
    except OSError:
        return ""
    return match.group(1).strip() if match else ""
