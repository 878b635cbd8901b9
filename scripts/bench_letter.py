"""Measures the letter engine against others and writes docs/benchmarks/letter.md: `make bench-letter`.

The parts are in scripts/bench; what is to be installed first is scripts/setup.sh's business.
"""

import sys
from pathlib import Path


def main() -> int:
    """Measure as the command line says."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from bench.command import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
