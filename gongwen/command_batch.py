"""The command for a folder of letters: each as PDF, on several processes, with a bar that shows how far it is.

How one letter is set is no matter of this module.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import groupby
from pathlib import Path

from gongwen.command_files import read_letter
from gongwen.command_words import reason

_SUFFIXES = (".txt", ".md", ".docx")
_MOST_AT_ONCE = 16
_BAR = 30


def batch(options: Namespace) -> int:
    """Set every letter of the folder as PDF into OUT; the exit status is 1 where any could not be set."""
    letters = _letters(options.folder)
    options.output.mkdir(exist_ok=True)
    started = time.monotonic()
    failed = 0
    for done, (name, why) in enumerate(_set_all(letters, options.output, options.jobs), start=1):
        if why:
            failed += 1
            print(f"{_clear()}{name}: {why}", file=sys.stderr)
        if sys.stderr.isatty():
            print(f"\r{bar(done, len(letters))}", end="", file=sys.stderr, flush=True)
    seconds = time.monotonic() - started
    print(_clear(), end="", file=sys.stderr)
    print(f"{len(letters) - failed} of {len(letters)} letters set in {seconds:.1f} s, {failed} failed")
    return int(failed > 0)


def _letters(folder: Path) -> list[Path]:
    """The letters of the folder by name. ValueError, if there is none or two would have one name as PDF."""
    found = sorted(
        (path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file()),
        key=lambda path: (path.stem, path.suffix),
    )
    if not found:
        raise ValueError(f"{folder}: no letter there ({', '.join(_SUFFIXES)})")
    for stem, several in groupby(found, key=lambda path: path.stem):
        names = [path.name for path in several]
        if len(names) > 1:
            raise ValueError(f"{folder}: {' and '.join(names)} would both become {stem}.pdf")
    return found


def _set_all(letters: list[Path], folder: Path, jobs: int) -> Iterator[tuple[str, str]]:
    """Name of each letter and why it could not be set, empty where it could."""
    set_one = partial(set_letter, folder=folder)
    jobs = min(jobs, len(letters))
    if jobs == 1:
        yield from map(set_one, letters)
        return
    # The type engine's libraries do not outlive a fork.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from _results(pool, set_one, letters, max(1, min(_MOST_AT_ONCE, len(letters) // (4 * jobs))))


def _results(
    pool: ProcessPoolExecutor, set_one: partial[tuple[str, str]], letters: Iterable[Path], at_once: int
) -> Iterator[tuple[str, str]]:
    try:
        yield from pool.map(set_one, letters, chunksize=at_once)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def set_letter(path: Path, folder: Path) -> tuple[str, str]:
    """Set one letter as PDF into the folder: its name and why it could not be, empty where it could."""
    from gongwen import pdf

    try:
        (folder / f"{path.stem}.pdf").write_bytes(pdf.render(read_letter(path).letter))
    # Whatever is wrong with one letter must not keep the others from being set.
    except Exception as error:
        return path.name, reason(error)
    return path.name, ""


def bar(done: int, total: int) -> str:
    """How far it is, as a bar and in numbers."""
    full = _BAR * done // total
    return f"[{'#' * full}{'.' * (_BAR - full)}] {done} of {total}"


def _clear() -> str:
    """Take the bar off the line of a terminal."""
    return "\r\x1b[K" if sys.stderr.isatty() else ""
