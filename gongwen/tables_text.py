"""Paragraphs and tables as lines of text, both ways: tables as Markdown writes them, with a caption above.

Knows no order of a letter, and nothing of widths and rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from gongwen.document import Table

_BAR = re.compile(r"(?<!\\)\|")
_DIVIDER = re.compile(r"\|[ \u3000]*:?-{3,}:?[ \u3000]*(?:\|[ \u3000]*:?-{3,}:?[ \u3000]*)*\|?")
_CAPTION = re.compile(
    "附?表 ?(?:[0-9一二三四五六七八九十]{1,3}(?:[-—][0-9]{1,3})?(?:[ \u3000：:.．、].*)?|[：:].+)"
)
_MAX_CAPTION = 80
_LINE_ENDS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def blocks(lines: Iterable[str]) -> tuple[str | Table, ...]:
    """What the lines say: a paragraph each, and a table for lines that begin with a bar and have another.

    A line such as |---|---| parts a table's head from its rows; without it the first row is the head. \\| is
    a bar within a cell. A line directly above that reads 表1 …… or 表1：…… is the caption. Empty lines part
    two tables and are left out.
    """
    found: list[str | Table] = []
    above = ""
    for tabular, group in groupby((line.strip(" \t\u3000") for line in lines), key=_is_row):
        run = list(group)
        rows, head = _rows(run) if tabular else ((), 0)
        if not rows:
            found += filter(None, run)
            above = run[-1]
            continue
        captioned = bool(_CAPTION.fullmatch(above)) and len(above) <= _MAX_CAPTION
        if captioned:
            found.pop()
        found.append(Table(rows, above if captioned else "", head))
        above = ""
    return tuple(found)


def _is_row(line: str) -> bool:
    return line.startswith("|") and len(_BAR.findall(line)) > 1


def _rows(run: list[str]) -> tuple[tuple[tuple[str, ...], ...], int]:
    """The cells of every row, and how many of the rows are the head."""
    divider = next((place for place, line in enumerate(run) if _DIVIDER.fullmatch(line)), None)
    rows = [_cells(line) for place, line in enumerate(run) if place != divider]
    return tuple(rows), 1 if divider is None else divider


def _cells(line: str) -> tuple[str, ...]:
    cells = [cell.replace(r"\|", "|").strip(" \t\u3000") for cell in _BAR.split(line)[1:]]
    return tuple(cells[:-1] if len(cells) > 1 and not cells[-1] else cells)


def table_lines(table: Table) -> list[str]:
    """The lines that blocks reads the table from; a line end within a cell becomes a space."""
    lines = [_row_line(row) for row in table.rows]
    columns = max(map(len, table.rows), default=1)
    lines.insert(min(table.head, len(lines)), "|" + "---|" * columns)
    return [table.caption, *lines] if table.caption else lines


def _row_line(row: tuple[str, ...]) -> str:
    cells = (_LINE_ENDS.sub(" ", cell).replace("|", r"\|") for cell in row)
    return "".join(f"| {cell} " for cell in cells) + "|"


def block_lines(found: Iterable[str | Table]) -> list[str]:
    """The lines that blocks reads these paragraphs and tables from; an empty one around every table."""
    lines: list[str] = []
    for block in found:
        lines += [block] if isinstance(block, str) else ["", *table_lines(block), ""]
    return lines
