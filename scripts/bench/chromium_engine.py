"""Chromium's print to PDF, the browser kept warm: HTML on the grid, with the same font files."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Sequence
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.engines import FONTS, Engine, NotInstalled
from bench.meter import name_of, tree
from bench.parts import Part, parts_of
from gongwen.document import Letter

_FACES = {
    "fang": "FandolFang-Regular.otf",
    "hei": "FandolHei-Regular.otf",
    "kai": "FandolKai-Regular.otf",
    "song": "FandolSong-Regular.otf",
    "title": "FandolSong-Bold.otf",
    "more": "LXGWWenKai-Light.ttf",
    "rare": "BabelStoneHan.ttf",
}
_PITCH = "10.44886mm"
_NUMBER = (
    "font: 14pt song; vertical-align: top; padding: 2mm 4.94mm 0; content: '\u2014 ' counter(page) ' \u2014'"
)
_STYLE = f"""
@page {{ size: 210mm 297mm; margin: 34.562mm 26mm 32.46mm 28mm }}
@page :right {{ @bottom-right {{ {_NUMBER} }} }}
@page :left {{ @bottom-left {{ {_NUMBER} }} }}
html {{ font: 16pt/{_PITCH} fang, more, rare; letter-spacing: -.013em; orphans: 1; widows: 1 }}
body, p, h1, table {{ margin: 0 }}
p {{ text-align: justify; line-break: strict; text-spacing-trim: normal }}
.head {{ display: flex; justify-content: space-between; margin-bottom: calc(2 * {_PITCH}) }}
h1 {{ font: 22pt/{_PITCH} title, more; letter-spacing: 0; text-align: center }}
.addressee {{ margin-top: {_PITCH} }}
.paragraph, .contact {{ text-indent: 2em }}
.h1 {{ font-family: hei, more }} .h2 {{ font-family: kai, more }}
table {{ width: 100%; border-collapse: collapse; text-align: center }}
td, th {{ border: .5pt solid; font-weight: normal }}
.issuer, .date {{ text-align: right; padding-right: 4em; position: relative }}
.issuer {{ margin-top: {_PITCH} }} .date {{ margin-bottom: {_PITCH} }}
.date img {{ position: absolute; right: 4em; bottom: -8mm }}
"""
_WHEN_READY = """async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map(image => image.decode()));
}"""


class ChromiumOpen(Engine):
    """A headless browser with one page that stays open. What speaks to the browser is not counted."""

    how = "one page kept open"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        program = shutil.which("chromium")
        if not program:
            raise NotInstalled("no program chromium")
        self._playwright = sync_playwright().start()
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        self._browser = self._playwright.chromium.launch(executable_path=program, args=options)
        self.version = f"Chromium {self._browser.version}, {self.how}"
        self._file = folder / "letter.html"
        self._file.write_text(_document(""), encoding="utf-8")
        self._page = self._browser.new_page()
        self._page.goto(self._file.as_uri())

    @property
    def processes(self) -> Sequence[int]:
        return [pid for pid in tree([os.getpid()]) if name_of(pid).startswith("chrom")][:1]

    def set(self, prepared: Letter) -> bytes:
        self._show(_body(prepared))
        self._page.evaluate(_WHEN_READY)
        return self._page.pdf(prefer_css_page_size=True, tagged=True)

    def _show(self, body: str) -> None:
        self._page.evaluate("body => { document.body.innerHTML = body }", body)

    def close(self) -> None:
        self._browser.close()
        self._playwright.stop()


class Chromium(ChromiumOpen):
    """The same browser and page, but each letter is loaded anew: nothing of the last one can stay behind."""

    how = "each letter loaded as a page"

    def _show(self, body: str) -> None:
        self._file.write_text(_document(body), encoding="utf-8")
        self._page.goto(self._file.as_uri())


def _document(body: str) -> str:
    head = f'<meta charset="utf-8"><style>{_faces()}{_STYLE}</style>'
    return f'<!DOCTYPE html><html lang="zh-Hans"><head>{head}</head><body>{body}</body></html>'


def _body(letter: Letter) -> str:
    picture = base64.b64encode(letter.seals[0].content).decode() if letter.seals else ""
    seal = (
        f'<img style="width:{letter.seal_mm}mm" src="data:image/svg+xml;base64,{picture}">' if picture else ""
    )
    return "".join(_markup(part, seal) for part in parts_of(letter))


def _faces() -> str:
    return "".join(
        f"@font-face {{ font-family: {name}; src: url({(FONTS / file).as_uri()}) }}"
        for name, file in _FACES.items()
    )


def _markup(part: Part, seal: str) -> str:
    cells = [escape(cell) for cell in part.cells]
    match part.kind:
        case "head":
            return f'<div class="head"><span>{cells[0]}</span><span>{cells[1]}</span></div>'
        case "title":
            return f"<h1>{cells[0]}</h1>"
        case "table":
            return f"<p style='text-align:center'>{cells[0]}</p>{_table(part)}"
        case "paragraph":
            return f'<p class="paragraph"><span class="h{part.level}">{cells[0]}</span>{cells[1]}</p>'
        case "date":
            return f'<p class="date">{seal}{cells[0]}</p>'
    return f'<p class="{part.kind}">{cells[0]}</p>'


def _table(part: Part) -> str:
    rows = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in part.rows]
    return f"<table><thead><tr>{rows[0]}</tr></thead><tr>{'</tr><tr>'.join(rows[1:])}</tr></table>"
