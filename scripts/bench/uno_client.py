"""Speaks to a LibreOffice that listens: reads lines of input and output file, answers each with a line.

Runs with Debian's own Python, the only one that has LibreOffice's module, and imports nothing of ours.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

_SECONDS_TO_START = 60


def connected(pipe: str) -> Any:
    """The desktop of the office behind this pipe, as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def convert(desktop: Any, source: Path, target: Path) -> None:
    """Open the file unseen and write it as a tagged PDF."""
    document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (_property("Hidden", True),))
    tagged = uno.Any("[]com.sun.star.beans.PropertyValue", (_property("UseTaggedPDF", True),))
    options = (_property("FilterName", "writer_pdf_Export"), _property("FilterData", tagged))
    document.storeToURL(target.as_uri(), options)
    document.close(True)


def _property(name: str, value: Any) -> Any:
    return PropertyValue(Name=name, Value=value)


def main() -> None:
    desktop = connected(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        source, target = line.rstrip("\n").split("\t")
        convert(desktop, Path(source), Path(target))
        print("done", flush=True)
    desktop.terminate()


if __name__ == "__main__":
    main()
