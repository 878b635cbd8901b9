"""LibreOffice kept warm: one office without a window, given the .docx that our engine writes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bench.engines import FONTS, Engine, NotInstalled
from gongwen.document import Letter

_DEBIAN_PYTHON = "/usr/bin/python3"
# The fonts that a .docx names, and the open ones that stand in for them.
_STAND_INS = {
    "\u65b9\u6b63\u5c0f\u6807\u5b8b\u7b80\u4f53": "FandolSong",
    "\u4eff\u5b8b_GB2312": "FandolFang",
    "\u4eff\u5b8b": "FandolFang",
    "\u6977\u4f53_GB2312": "FandolKai",
    "\u6977\u4f53": "FandolKai",
    "\u9ed1\u4f53": "FandolHei",
    "\u5b8b\u4f53": "FandolSong",
}


class LibreOffice(Engine):
    """The client that speaks to the office is not counted, nor is writing the .docx: only the office is."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        program = shutil.which("soffice")
        if not program:
            raise NotInstalled("no program soffice")
        if subprocess.run([_DEBIAN_PYTHON, "-c", "import uno"], stderr=subprocess.DEVNULL).returncode:
            raise NotInstalled("no package python3-uno")
        from gongwen.docx_out import write

        self._write = write
        self._office = self._start(program)
        self._client = subprocess.Popen(
            [_DEBIAN_PYTHON, str(Path(__file__).parent / "uno_client.py"), folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin"},
            text=True,
        )
        try:
            self._listen()
        except RuntimeError:
            self.close()
            raise
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        self.version = " ".join(said.split()[:2]) + ", an office that listens"

    def _start(self, program: str) -> subprocess.Popen[bytes]:
        settings = self.folder / "fonts.conf"
        settings.write_text(_font_settings(self.folder), encoding="utf-8")
        profile = (self.folder / "profile").as_uri()
        accept = f"--accept=pipe,name={self.folder.name};urp;"
        options = ["--headless", "--norestore", "--nologo", "--nodefault", f"-env:UserInstallation={profile}"]
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "FONTCONFIG_FILE": str(settings),
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.Popen([program, *options, accept], env=environment, stderr=subprocess.DEVNULL)

    def _listen(self) -> None:
        if not self._client.stdout or not self._client.stdout.readline():
            raise RuntimeError("LibreOffice did not answer")

    @property
    def processes(self) -> Sequence[int]:
        return [self._office.pid]

    def prepare(self, letter: Letter) -> Path:
        source = self.folder / "letter.docx"
        source.write_bytes(self._write(letter))
        return source

    def set(self, prepared: Path) -> bytes:
        target = prepared.with_suffix(".pdf")
        assert self._client.stdin  # noqa: S101 (it was asked for)
        self._client.stdin.write(f"{prepared}\t{target}\n")
        self._client.stdin.flush()
        self._listen()
        return target.read_bytes()

    def close(self) -> None:
        with suppress(OSError, subprocess.TimeoutExpired):
            self._client.communicate(timeout=20)
        with suppress(subprocess.TimeoutExpired):
            self._office.wait(timeout=20)
        for process in (self._client, self._office):
            if process.poll() is None:
                process.kill()
                process.wait()


def _font_settings(folder: Path) -> str:
    """Only our fonts are there, and stand in for those that the .docx names."""
    aliases = "".join(
        f'<match><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{ours}</string></edit></match>'
        for name, ours in _STAND_INS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{FONTS}</dir><cachedir>{folder}/fontcache</cachedir>{aliases}</fontconfig>"
    )
