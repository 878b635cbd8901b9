"""The same letter asked for twice through the application: set the first time, from the cache the second.

Run as `python -m bench.printed_again`: prints a line of JSON. Everything that it writes goes to a folder of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from bench.engines import ROOT
from bench.rounds import environment


@dataclass(frozen=True)
class Again:
    """Seconds of CPU for the letter set and found again (the median of some times), and whether bytes agree."""

    first: float
    second: float
    same_bytes: bool


def print_again() -> Again:
    """Measure it in a new process with a cache of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        settings = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": folder,
            "SECRET_KEY": "only for measuring" * 4,
        }
        said = subprocess.run(
            [sys.executable, "-m", "bench.printed_again"],
            cwd=ROOT,
            env={**environment(), **settings},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    return Again(**json.loads(said))


def main() -> None:
    import django

    django.setup()
    from bench.letters import letter_of
    from gongwen import pdf
    from replies.letters import pdf_of

    pdf.render(letter_of("sample", 1, None))
    letter = letter_of("sample", 2, None)
    began = time.process_time()
    made = pdf_of(letter)
    first = time.process_time() - began
    times, found = [], b""
    for _ in range(9):
        began = time.process_time()
        found = pdf_of(letter)
        times.append(time.process_time() - began)
    print(json.dumps({"first": first, "second": sorted(times)[4], "same_bytes": found == made}))


if __name__ == "__main__":
    main()
