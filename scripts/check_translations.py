"""Tells whether locale/ is complete and matches the sources; with --update takes new texts from the sources.

Every catalogue must be accepted by msgfmt, with nothing untranslated, fuzzy or obsolete (the sources are
English, so an English entry may stay empty), hold exactly the texts that the sources hold now, and write
full-width marks beside Chinese characters.
"""

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
NOT_READ = (
    ".git",
    ".venv",
    "docs",
    "node_modules",
    "scripts",
    "static",
    "tests",
    "var",
)  # folders, at any depth

# A Han character, or a mark that in Chinese text stands among them.
HAN = r"[\u3400-\u9fff\uf900-\ufaff\u201c\u201d\u3001\u3002\u300a\u300b\uff01-\uff1f]"
HALF_WIDTH = re.compile(rf"(?<={HAN})[,:;!?()]|[,:;!?()](?={HAN})")
KEYWORD = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+(".*")$')


@dataclass
class Entry:
    line: int
    flags: set[str] = field(default_factory=set)
    obsolete: bool = False
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        return self.texts.get("msgctxt", ""), self.texts.get("msgid", "")

    @property
    def translations(self) -> list[str]:
        return [text for keyword, text in self.texts.items() if keyword.startswith("msgstr")]

    @property
    def is_header(self) -> bool:
        return self.key == ("", "")


def entries_of(text: str) -> Iterator[Entry]:
    """Yield the entries of a .po file, in order, without the header; no empty line need part them."""
    entry, keyword = Entry(1), ""
    for number, line in enumerate(text.splitlines(), 1):
        content = line.removeprefix("#~").strip()
        found = KEYWORD.match(content)
        if entry.translations and (line.startswith(("#:", "#,", "#.", "# ", "#|")) or starts_entry(found)):
            if not entry.is_header:
                yield entry
            entry, keyword = Entry(number), ""
        entry.obsolete |= line.startswith("#~")
        if line.startswith("#,"):
            entry.flags |= {flag.strip() for flag in line[2:].split(",")}
        elif found:
            keyword = found[1]
            entry.texts[keyword] = ast.literal_eval(found[2])
        elif content.startswith('"') and keyword:
            entry.texts[keyword] += ast.literal_eval(content)
    if entry.translations and not entry.is_header:
        yield entry


def starts_entry(found: re.Match[str] | None) -> bool:
    return found is not None and found[1] in ("msgctxt", "msgid")


def faults_of(entry: Entry, *, chinese: bool) -> Iterator[str]:
    if entry.obsolete:
        yield "obsolete, the sources no longer hold it"
        return
    if "fuzzy" in entry.flags:
        yield "fuzzy, nobody has looked at it"
    if not chinese:
        return
    if not all(entry.translations):
        yield "untranslated"
    if marks := HALF_WIDTH.findall("\n".join(entry.translations)):
        yield f"half-width {' '.join(marks)} beside a Chinese character"


def faults_of_file(path: Path) -> Iterator[str]:
    """Yield one line for each fault of a catalogue: msgfmt's word first, then each entry's."""
    told = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if told.returncode:
        yield told.stderr.strip()
    chinese = path.parent.parent.name.startswith("zh")
    for entry in entries_of(path.read_text()):
        for fault in faults_of(entry, chinese=chinese):
            yield f"{path.relative_to(ROOT)}:{entry.line}: {fault}: {entry.key[1][:60]!r}"


def extract(folder: Path) -> None:
    """Bring the catalogues in a folder's locale/ up to date with the sources there."""
    languages = [part for language in LANGUAGES for part in ("--locale", language)]
    ignored = [part for name in NOT_READ for part in ("--ignore", f"{name}/*")]
    # Files without line numbers: else every change of a source changes the catalogues.
    options = ["--add-location", "file", "--extension", "html,txt,py"]
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--verbosity", "0", *options, *languages, *ignored],
        cwd=folder,
        check=True,
    )


def catalogue(folder: Path, language: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def living_keys(path: Path) -> set[tuple[str, str]]:
    return {entry.key for entry in entries_of(path.read_text()) if not entry.obsolete}


def changed_since_extraction(root: Path) -> Iterator[str]:
    """Yield one line for each text that the sources hold and a catalogue does not, or the other way round."""
    with tempfile.TemporaryDirectory(prefix="dafu-messages-") as name:
        copy = Path(name) / "sources"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*NOT_READ))
        (copy / "locale").mkdir(exist_ok=True)
        extract(copy)
        for language in LANGUAGES:
            fresh, kept = living_keys(catalogue(copy, language)), living_keys(catalogue(root, language))
            yield from (f"{language}: not in the catalogue: {key[1]!r}" for key in sorted(fresh - kept))
            yield from (f"{language}: no longer in the sources: {key[1]!r}" for key in sorted(kept - fresh))


def faults_of_tree(root: Path) -> Iterator[str]:
    missing = [language for language in LANGUAGES if not catalogue(root, language).exists()]
    if missing:
        yield f"no catalogue for {', '.join(missing)}; `make messages` begins one"
        return
    for path in sorted((root / "locale").rglob("*.po")):
        yield from faults_of_file(path)
    yield from changed_since_extraction(root)


def main() -> int:
    if not shutil.which("msgfmt"):
        sys.exit("check_translations: msgfmt is missing, install it with: sudo apt-get install -y gettext")
    if sys.argv[1:] == ["--update"]:
        extract(ROOT)
        return 0
    faults = list(faults_of_tree(ROOT))
    print("\n".join(faults) if faults else f"{', '.join(LANGUAGES)}: complete")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
