"""The letter engine for a typist without a server: python -m gongwen.

Reads and writes files and words what was found; every rule lives in the modules that it calls.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

from gongwen import fonts, parse, pdf, repair
from gongwen.check import ERROR, Finding, check
from gongwen.document import FORMS, Letter, LetterError
from gongwen.measure import UNITS, Departure, measure

_PICTURE_PX = 1240  # an A4 page at 150 dots per inch

_FINDINGS = {
    "missing-glyph": "no font has {char} ({code} {name})",
    "empty-title": "there is no title",
    "empty-addressee": "there is no addressee",
    "empty-body": "there is no body",
    "title-too-long": "the title has {characters} characters, {limit} are the most",
    "letter-too-long": "the letter has {characters} characters, {limit} are the most",
    "unknown-form": "there is no form called {form}",
    "bad-front-matter": "the front matter cannot be read at line {line}",
    "front-matter-too-long": "the front matter has {characters} characters, {limit} are the most",
    "unknown-key": "the front matter knows no key {key}",
    "duplicate-key": "the front matter gives {key} twice",
    "bad-value": "{key} has a value that it cannot have",
    "half-width": "{count} half-width marks beside Chinese: {found}",
    "doc-number-brackets": "the year of {found} stands between 〔 and 〕",
    "doc-number-zero": "the number of {found} begins with a zero",
    "doc-number-di": "{found} is written without 第",
    "doc-number-form": "{found} is not of the form 字〔2021〕6号",
    "heading-skipped": "{found} skips a level, {expected} comes first",
    "heading-misnumbered": "{found} should be {expected}",
}

_DEPARTURES = {
    "page-size": "the paper is {measured} mm, not {wanted}",
    "left-edge": "the line begins at {measured} mm, not {wanted}",
    "right-edge": "the line ends at {measured} mm, not {wanted}",
    "line-pitch": "{measured} mm below the line above, not {wanted}",
    "lines-per-page": "{measured} lines on a full page, not {wanted}",
    "cells-per-line": "{measured} characters on a full line, not {wanted}",
    "body-size": "the type has {measured} pt, not {wanted}",
    "page-number-place": "the page number stands at {measured} mm, not {wanted}",
    "forbidden-start": "the line begins with {measured}",
    "forbidden-end": "the line ends with {measured}",
    "glyph-without-text": "{measured} glyphs that no text belongs to",
}
_NO_NUMBER = "there is no page number at {wanted} mm"

_EPILOG = """\
A letter is a UTF-8 text in its natural order: title, addressee with its colon, paragraphs, date, contact
lines. Front matter above it, YAML between two lines of ---, may give: form, doc_number, result_class,
disclosure, letterhead, signers, title, addressees, issuers, date, contacts, copies_to, printed_by,
printed_on, watermark.

Fonts are taken from $GONGWEN_FONTS. Exit status: 0 done and nothing wrong, 1 an error or a departure found,
2 it could not be done (the reason stands in one line on standard error).
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status: 0, 1 where something was found, 2 where it failed."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (ValueError, OSError, fonts.FontsMissing) as error:
        print(f"gongwen: {_reason(error)}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gongwen",
        description="Official letters after GB/T 9704-2012: set them, check them, measure them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = _command(commands, _render, "render", "set a letter as PDF or as pictures of its pages", "IN")
    command.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help="OUT.pdf or OUT.png")
    command.add_argument("--form", choices=FORMS, help="the form of letter, if not as the text says")
    command = _command(commands, _check, "check", "say what is wrong with a letter before it is sent", "IN")
    command.add_argument("--json", action="store_true", help="findings as JSON")
    words = "say where a PDF, whoever made it, departs from the standard"
    command = _command(commands, _measure, "measure", words, "FILE.pdf")
    command.add_argument("--json", action="store_true", help="departures as JSON")
    _command(commands, _repair, "repair", "print a letter copied from a web page, put right", "IN")
    _command(commands, _fonts, "fonts", "list the fonts and how many characters each has")
    return parser


def _command(commands: Any, run: Any, name: str, words: str, file: str = "") -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    command.set_defaults(run=run)
    if file:
        command.add_argument(
            "file", metavar=file, type=Path, help="a UTF-8 text" if file == "IN" else "a PDF"
        )
    return command


def _reason(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, LetterError) and error.rule in _FINDINGS:
        return _FINDINGS[error.rule].format_map(error.data)
    if isinstance(error, fonts.MissingGlyphs):
        return f"no font has {error}"
    if isinstance(error, UnicodeDecodeError):
        return f"the text is not UTF-8 (byte {error.start + 1})"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split())


def _text(options: argparse.Namespace) -> str:
    return str(options.file.read_text(encoding="utf-8-sig"))


def _letter(options: argparse.Namespace) -> Letter:
    return parse.read(_text(options))


# The commands


def _render(options: argparse.Namespace) -> int:
    output: Path = options.output
    if output.suffix.lower() not in (".pdf", ".png"):
        raise ValueError(f"{output}: the output is a .pdf or a .png")
    letter = _letter(options)
    document = pdf.render(replace(letter, form=options.form) if options.form else letter)
    if output.suffix.lower() == ".pdf":
        output.write_bytes(document)
    else:
        _write_pictures(pdf.pages_png(document, _PICTURE_PX), output)
    return 0


def _write_pictures(pictures: Sequence[bytes], output: Path) -> None:
    """One page as OUT.png, several as OUT-1.png, OUT-2.png and so on."""
    if len(pictures) == 1:
        output.write_bytes(pictures[0])
        return
    for number, picture in enumerate(pictures, start=1):
        output.with_stem(f"{output.stem}-{number}").write_bytes(picture)


def _check(options: argparse.Namespace) -> int:
    text = _text(options)
    findings = check(parse.read(text))
    if options.json:
        _print_json({**asdict(finding), "sentence": _words(finding)} for finding in findings)
    else:
        for finding in findings:
            print(f"{finding.level}: {finding.place}: {_words(finding)} [{finding.rule}]")
        if repair.looks_scraped(text):
            print("gongwen: this text seems to be copied from a web page: try repair", file=sys.stderr)
    return int(any(finding.level == ERROR for finding in findings))


def _words(finding: Finding) -> str:
    return _FINDINGS[finding.rule].format_map(finding.data)


def _measure(options: argparse.Namespace) -> int:
    departures = measure(options.file.read_bytes())
    if options.json:
        _print_json({**asdict(one), "unit": UNITS.get(one.rule, "mm")} for one in departures)
    else:
        by_rule = sorted(departures, key=lambda one: (one.page, one.rule))
        for _, several in groupby(by_rule, key=lambda one: (one.page, one.rule)):
            print(_summary(list(several)))
    return int(bool(departures))


def _summary(departures: Sequence[Departure]) -> str:
    """The departures of one page from one rule: the first in words, the others by number."""
    first = departures[0]
    place = f"page {first.page}" + (f", line {first.line}" if first.line else "")
    words = _NO_NUMBER if first.measured == "" else _DEPARTURES[first.rule]
    said = f"{place}: {words.format_map(asdict(first))}"
    said += f" [{first.rule}]" + (f" {first.text[:12]}" if first.text else "")
    return said + (f" (and {len(departures) - 1} more on this page)" if len(departures) > 1 else "")


def _repair(options: argparse.Namespace) -> int:
    print(repair.repair(_text(options)), end="")
    return 0


def _fonts(options: argparse.Namespace) -> int:
    chains = fonts.font_set().chains
    print(f"fonts in {fonts.folder()}")
    for role, faces in chains.items():
        print(f"{role:8}{' > '.join(face.source.name for face in faces)}")
    for face in fonts.font_set().faces():
        print(f"{_coverage(face):8} characters in {face.source.name}")
    return 0


def _coverage(face: fonts.Face) -> int:
    return sum(face.has(chr(code)) for code in range(0x20, 0x32400))


def _print_json(items: Iterable[dict[str, Any]]) -> None:
    print(json.dumps(list(items), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    sys.exit(main())
