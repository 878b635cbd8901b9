"""The commands for one letter: render, check, measure, repair.

Each takes the arguments that __main__ has read and gives the exit status.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from gongwen import changes, repair
from gongwen.command_files import Source, read_bytes, read_letter, read_text, require_output, tell_hints
from gongwen.command_words import finding_words
from gongwen.document import Letter
from gongwen.front_matter import divide

_PICTURE_PX = 1240  # an A4 page at 150 dots per inch
_SUFFIXES = (".pdf", ".docx", ".png")


def render(options: Namespace) -> int:
    """Set the letter as PDF, as Word document or as pictures of its pages, by the output's name."""
    output: Path = options.output
    suffix = output.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ValueError(f"{output}: the output is a .pdf, a .docx or a .png")
    if options.pdfa and suffix != ".pdf":
        raise ValueError(f"{output}: only a .pdf can be PDF/A")
    require_output(output, options.file)
    source = read_letter(options.file)
    tell_hints(source)
    letter = replace(source.letter, form=options.form) if options.form else source.letter
    if suffix == ".docx":
        from gongwen import docx_out

        output.write_bytes(docx_out.write(letter))
    elif suffix == ".pdf":
        output.write_bytes(_pdf(letter, pdfa=options.pdfa))
    else:
        _write_pictures(letter, output)
    return 0


def _pdf(letter: Letter, *, pdfa: bool) -> bytes:
    from gongwen import pdf

    return pdf.render(letter, pdfa=True) if pdfa else pdf.render(letter)


def _write_pictures(letter: Letter, output: Path) -> None:
    """One page as OUT.png, several as OUT-1.png, OUT-2.png and so on."""
    from gongwen.pictures import pages_png

    pages = pages_png(_pdf(letter, pdfa=False), _PICTURE_PX)
    if len(pages) == 1:
        output.write_bytes(pages[0])
        return
    for number, page in enumerate(pages, start=1):
        output.with_stem(f"{output.stem}-{number}").write_bytes(page)


def check(options: Namespace) -> int:
    """Say what is wrong with the letter, or with --fix write it mended."""
    from gongwen.check import ERROR
    from gongwen.check import check as find

    if options.output and not options.fix:
        raise ValueError("-o goes with --fix: it says where the mended text is written")
    source = read_letter(options.file)
    if options.fix:
        return _write_mended(source, options.file, options.output)
    findings = find(source.letter)
    if options.json:
        _print_json({**asdict(finding), "sentence": finding_words(finding)} for finding in findings)
    else:
        for finding in findings:
            print(f"{finding.level}: {finding.place}: {finding_words(finding)} [{finding.rule}]")
        tell_hints(source)
    return int(any(finding.level == ERROR for finding in findings))


def _write_mended(source: Source, file: Path, output: Path | None) -> int:
    """Write the text with every fix carried out; what only a person can mend is left as it is."""
    from gongwen.fixes import fixed_text

    mended = fixed_text(source.text, folder=file.parent)
    if output is None:
        sys.stdout.write(mended)
    else:
        require_output(output, file)
        output.write_text(mended, encoding="utf-8", newline="")
    return 0


def measure(options: Namespace) -> int:
    """Say where a PDF departs from the standard."""
    from gongwen.measure import measure as find
    from gongwen.measure_words import sentence, unit

    departures = find(read_bytes(options.file))
    if options.json:
        _print_json({**asdict(one), "unit": unit(one), "sentence": sentence(one)} for one in departures)
    else:
        by_rule = sorted(departures, key=lambda one: (one.page, one.rule))
        for _, several in groupby(by_rule, key=lambda one: (one.page, one.rule)):
            print(_summary(list(several), sentence))
    return int(bool(departures))


def _summary(departures: Sequence[Any], sentence: Callable[[Any], str]) -> str:
    """The departures of one page from one rule: the first in words, the others by number."""
    first = departures[0]
    place = f"page {first.page}" + (f", line {first.line}" if first.line else "")
    said = f"{place}: {sentence(first)} [{first.rule}]" + (f" {first.text[:12]}" if first.text else "")
    return said + (f" (and {len(departures) - 1} more on this page)" if len(departures) > 1 else "")


def repaired(options: Namespace) -> int:
    """Print the text put right, or with --diff the lines that change with what changes in them.

    Front matter stays as it is: a comma there is YAML's.
    """
    text = read_text(options.file)
    front = text[: len(text) - len(divide(text)[1])]
    after = front + repair.repair(text[len(front) :])
    if options.diff:
        for line in changes.marked(text, changes.changes(text, after)):
            print(line)
    else:
        sys.stdout.write(after)
    return 0


def _print_json(items: Iterable[dict[str, Any]]) -> None:
    print(json.dumps(list(items), ensure_ascii=False, indent=2, default=str))
