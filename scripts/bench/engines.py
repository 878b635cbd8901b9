"""The engines that are compared, each behind the same few methods; this module holds only our own.

The others are in modules beside this one, loaded when asked for: none of their packages need be installed.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.meter import peak_mb
from bench.parts import written
from gongwen.document import Letter

ROOT = Path(__file__).resolve().parents[2]
FONTS = Path(os.environ.get("GONGWEN_FONTS") or ROOT / "var" / "fonts")
# Each engine by its name: module and class.
KNOWN = {
    "gongwen": ("bench.engines", "Gongwen"),
    "gongwen-cold": ("bench.engines", "GongwenCold"),
    "libreoffice": ("bench.libreoffice_engine", "LibreOffice"),
    "chromium": ("bench.chromium_engine", "Chromium"),
    "chromium-open": ("bench.chromium_engine", "ChromiumOpen"),
    "typst": ("bench.typst_engine", "Typst"),
    "reportlab": ("bench.reportlab_engine", "ReportLab"),
}


class NotInstalled(RuntimeError):
    """The engine cannot be measured here; the message says what is missing."""


class Engine:
    """Sets letters. `version` names what is measured; `processes` are those whose CPU and memory count."""

    version = ""

    def __init__(self, folder: Path) -> None:
        """Start what is to be kept warm. `folder` is a place for files. Raises NotInstalled."""
        self.folder = folder

    @property
    def processes(self) -> Sequence[int]:
        return [os.getpid()]

    def peak_mb(self) -> float:
        """Most memory held so far."""
        return peak_mb(self.processes)

    def prepare(self, letter: Letter) -> Any:
        """Make what the engine takes; not measured."""
        return letter

    def set(self, prepared: Any) -> bytes:
        """Give the PDF; measured."""
        raise NotImplementedError

    def close(self) -> None:
        """End what was started."""


def engine_of(name: str, folder: Path) -> Engine:
    """The engine by its name, warm. Raises NotInstalled."""
    module, kind = KNOWN[name]
    try:
        made: Engine = getattr(importlib.import_module(module), kind)(folder)
    except ImportError as error:
        raise NotInstalled(f"no Python package {error.name}") from error
    return made


class Gongwen(Engine):
    """Our engine in one process that goes on."""

    version = "this checkout"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        from gongwen import pdf

        self._render = pdf.render

    def set(self, prepared: Letter) -> bytes:
        return self._render(prepared)


class GongwenCold(Engine):
    """Our engine from the command line: a new process for each letter, its start counted."""

    version = "python -m gongwen render"

    @property
    def processes(self) -> Sequence[int]:
        return []

    def peak_mb(self) -> float:
        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024

    def prepare(self, letter: Letter) -> Path:
        source = self.folder / "letter.txt"
        source.write_text(_as_text(letter, self.folder), encoding="utf-8")
        return source

    def set(self, prepared: Path) -> bytes:
        target = prepared.with_suffix(".pdf")
        subprocess.run(
            [sys.executable, "-m", "gongwen", "render", str(prepared), "-o", str(target)],
            cwd=ROOT,
            env={**os.environ, "GONGWEN_FONTS": str(FONTS)},
            check=True,
        )
        return target.read_bytes()


def _as_text(letter: Letter, folder: Path) -> str:
    """The letter as a typist hands it to the command line: front matter, then the text in its order."""
    front: dict[str, Any] = {
        "form": letter.form,
        "doc_number": letter.doc_number,
        "result_class": letter.result_class,
        "disclosure": letter.disclosure,
        "issuers": list(letter.issuers),
        "date": written(letter.date),
        "seal": "none",
    }
    if letter.seals:
        front["seal"] = "seal.svg"
        (folder / front["seal"]).write_bytes(letter.seals[0].content)
    above = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    lines = [letter.title, "、".join(letter.addressees) + "：", *letter.text_paragraphs, *letter.contacts]
    return f"---\n{above}---\n" + "\n".join(lines) + "\n"
