"""The benchmark still runs: one round of one case, from the command line to the page."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "scripts/bench_letter.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_one_round_makes_the_table_and_the_page(tmp_path):
    page = tmp_path / "letter.md"
    done = bench(
        "--rounds=1", "--engines=gongwen,reportlab", "--cases=sample", "--profile", f"--output={page}"
    )
    assert done.returncode == 0, done.stderr
    assert "| gongwen, warm " in done.stdout
    assert (
        "| reportlab " in done.stdout or "reportlab is left out: no Python package reportlab" in done.stderr
    )
    written = page.read_text(encoding="utf-8")
    assert "| gongwen, warm " in written
    assert "| composing lines " in written
    assert str(ROOT) not in written


def test_an_engine_that_nobody_knows_is_refused():
    done = bench("--engines=quill")
    assert done.returncode == 2
    assert "no quill; there are gongwen" in done.stderr
