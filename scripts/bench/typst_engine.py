"""typst, in process and kept warm, with a template that sets the letter on the same grid."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from bench.engines import FONTS, Engine
from bench.parts import parts_of
from gongwen.document import Letter


class Typst(Engine):
    """The compiler keeps its fonts; the letter comes as JSON."""

    version = f"typst {version('typst')}, in process"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        template = folder / "letter.typ"
        template.write_text(
            (Path(__file__).parent / "letter.typ").read_text(encoding="utf-8"), encoding="utf-8"
        )
        self._compiler = typst.Compiler(
            str(template), root=str(folder), font_paths=[str(FONTS)], ignore_system_fonts=True
        )

    def set(self, prepared: Letter) -> bytes:
        facts: dict[str, Any] = {
            "title": prepared.title.replace("\n", " "),
            "parts": [asdict(part) for part in parts_of(prepared)],
            "seal": prepared.seals[0].content.decode() if prepared.seals else "",
            "seal_mm": prepared.seal_mm,
        }
        pdf = self._compiler.compile(format="pdf", sys_inputs={"letter": json.dumps(facts)})
        if not isinstance(pdf, bytes):
            raise TypeError("typst gave no PDF")
        return pdf
