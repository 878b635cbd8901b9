"""Fetch the open fonts of the letter into a folder: python3 scripts/fetch_fonts.py var/fonts

Takes them from Debian's own packages, without root, and checks every file. Needs nothing but Python itself.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = {
    "texlive-lang-chinese": (
        "FandolFang-Regular.otf",
        "FandolHei-Regular.otf",
        "FandolKai-Regular.otf",
        "FandolSong-Regular.otf",
        "FandolSong-Bold.otf",
    ),
    "fonts-lxgw-wenkai": ("LXGWWenKai-Light.ttf",),
    "fonts-babelstone-han": ("BabelStoneHan.ttf",),
}

# SHA-256 of each file that letters were measured with; a later Debian may add a line.
KNOWN = {
    "BabelStoneHan.ttf": {"a2027ca3606907f6a628e9cd869605e3879beaaa38b37c7fec95b372130628c8"},
    "FandolFang-Regular.otf": {"d838ad32ce2244d8144f408c37fe71065aba6fbbc80759a4d2aa2033948d5bc9"},
    "FandolHei-Regular.otf": {"4afa97aa8751e0118617df88272b58d43691b5cffb7ea024c4580496e9f34d28"},
    "FandolKai-Regular.otf": {"ea7e7fb4f9b3ac694a68d43946e04d21deed6e8c29a7c2d3081e1a4138f2f827"},
    "FandolSong-Bold.otf": {"ffa76a70e128947a4dd22151d5ee829b23e24ce3cb6fe8ad49891cd1c2d9e9b9"},
    "FandolSong-Regular.otf": {"a3820003227d4abe31fe28b493200d94a849ccfd078b50a019264f70353020b0"},
    "LXGWWenKai-Light.ttf": {"e302f84a1967817f91fc4011de7c8c12489c41072a7f0605a1c7b1399352cb93"},
}


def is_right(path: Path) -> bool:
    """Whether the file is there and is one of the known ones."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() in KNOWN[path.name]


def fetch(package: str, wanted: list[str], target: Path) -> None:
    """Download one package, unpack it beside the target, move the wanted files in. SystemExit on failure."""
    with tempfile.TemporaryDirectory(dir=target) as work:
        run(
            ["apt-get", "download", package],
            work,
            f"cannot download {package}: run apt-get update as root first",
        )
        archives = list(Path(work).glob("*.deb"))
        run(["dpkg", "-x", str(archives[0]), "unpacked"], work, f"cannot unpack {archives[0].name}")
        for name in wanted:
            take(name, Path(work) / "unpacked", target)


def take(name: str, source: Path, target: Path) -> None:
    """Move one font file from the unpacked package into the folder, if it is a known one."""
    found = next(source.rglob(name), None)
    if found is None:
        sys.exit(f"fetch_fonts: {name} is not in the package; name another package in {__file__}")
    if not is_right(found):
        with found.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        sys.exit(
            f"fetch_fonts: {name} is another edition than letters were measured with (SHA-256 {digest}); "
            f"look at a letter set with it, then add this digest to KNOWN in {__file__}"
        )
    found.chmod(0o644)
    shutil.move(found, target / name)


def run(command: list[str], folder: str, failure: str) -> None:
    """Run a command in a folder; on failure exit with one line that says what to do."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        sys.exit(
            f"fetch_fonts: there is no {command[0]} here; put the files of KNOWN into the folder by hand"
        )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        sys.exit(f"fetch_fonts: {failure} ({last})")


def main(arguments: list[str]) -> None:
    """Fetch what is missing or wrong in the folder; say so only when something was fetched."""
    if len(arguments) != 1:
        sys.exit("usage: python3 scripts/fetch_fonts.py FOLDER")
    target = Path(arguments[0]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    for package, names in PACKAGES.items():
        wanted = [name for name in names if not is_right(target / name)]
        if wanted:
            print(f"fetching {', '.join(wanted)} from {package}")
            fetch(package, wanted, target)


if __name__ == "__main__":
    main(sys.argv[1:])
