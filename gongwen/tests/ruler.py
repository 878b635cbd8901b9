"""A second opinion on a letter's geometry, from another reader and with figures of its own: not a line of gongwen.

For letters that mean to follow GB/T 9704-2012 to the letter: its tolerances are the check list's, not a fair
reader's. Run it as a program on a file, or call faults().
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pdfplumber
from PIL import Image, ImageChops

INCH = 25.4
POINT = INCH / 72
DOTS = 20  # of a rasterised page, for each mm

TYPE_AREA_X, TYPE_AREA_Y = (28.0, 184.0), (37.0, 262.0)
CENTRE = 106.0
LINE = 225 / 40.375 * 1.875  # 22 characters and 21 gaps of 7/8 character fill 225 mm
CELL = 156 / 28
THREE, FOUR = 16 * POINT, 14 * POINT  # 三号, 四号
RISE, FALL = 0.88, 0.12  # of an em box over and under the baseline
DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
NUMBER = re.compile(r"\S+〔\d{4}〕\d+号")
PAGE_NUMBER = re.compile(r"—(\d+)—")


@dataclass
class Row:
    """The characters of one baseline: text without spaces, edges and baseline in mm, size in points."""

    text: str
    left: float
    right: float
    y: float
    size: float
    steps: list[float]
    red: bool

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def top(self) -> float:
        return self.y - RISE * self.size * POINT

    @property
    def bottom(self) -> float:
        return self.y + FALL * self.size * POINT


@dataclass
class Sheet:
    """One page, and its ink in black and in red as pictures of DOTS dots a mm."""

    number: int
    size: tuple[float, float]
    rows: list[Row]
    rules: list[tuple[float, float, float, float, bool]]
    red: Image.Image
    black: Image.Image

    def body(self) -> list[Row]:
        """Rows of 16 points inside the type area's height."""
        return [row for row in self.rows if abs(row.size - 16) < 0.05 and row.y < 264 and not row.red]


def sheets(pdf: bytes) -> list[Sheet]:
    """Every page as it is measured here."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [_sheet(page) for page in document.pages]


def _sheet(page) -> Sheet:
    height = float(page.height)
    image = page.to_image(resolution=DOTS * INCH).original.convert("RGB")
    red, green, blue = image.split()
    strong = red.point(lambda level: 255 * (level > 150))
    pale = ImageChops.lighter(green, blue).point(lambda level: 255 * (level < 120))
    dark = red.point(lambda level: 255 * (level < 110))
    return Sheet(
        number=page.page_number,
        size=(float(page.width) * POINT, height * POINT),
        rows=_rows(page.chars, height),
        rules=sorted(_rule(rect) for rect in page.rects if (rect["bottom"] - rect["top"]) * POINT < 2),
        red=ImageChops.multiply(strong, pale),
        black=dark,
    )


def _rows(chars, height) -> list[Row]:
    upright = [char for char in chars if char["upright"] and char["text"].strip()]
    upright.sort(key=lambda char: (round(height - char["matrix"][5], 1), char["matrix"][4]))
    groups: list[list[dict]] = []
    for char in upright:
        same = groups and abs(char["matrix"][5] - groups[-1][0]["matrix"][5]) < 1.5
        if not same or abs(char["size"] - groups[-1][0]["size"]) > 1:
            groups.append([])
        groups[-1].append(char)
    return [_row(sorted(group, key=lambda char: char["matrix"][4]), height) for group in groups]


def _row(chars, height) -> Row:
    starts = [char["matrix"][4] * POINT for char in chars]
    last = chars[-1]
    colour = last["non_stroking_color"] or (0,)
    return Row(
        text="".join(char["text"] for char in chars),
        left=starts[0],
        right=starts[-1] + (last["x1"] - last["x0"]) * POINT,
        y=(height - chars[0]["matrix"][5]) * POINT,
        size=max(char["size"] for char in chars),
        steps=[after - before for before, after in pairwise(starts)],
        red=len(colour) == 3 and colour[0] > 0.5 > colour[1],
    )


def _rule(rect) -> tuple[float, float, float, float, bool]:
    """(top, bottom, left, right, whether red)."""
    colour = rect["non_stroking_color"] or (0,)
    top, bottom, left, right = (rect[name] * POINT for name in ("top", "bottom", "x0", "x1"))
    return top, bottom, left, right, len(colour) == 3 and colour[0] > 0.5 > colour[1]


def ink(picture: Image.Image, left=0.0, top=0.0, right=210.0, bottom=297.0) -> tuple[float, ...] | None:
    """Box of the ink within these bounds: left, top, right, bottom in mm."""
    box = picture.crop(tuple(round(edge * DOTS) for edge in (left, top, right, bottom))).getbbox()
    if not box:
        return None
    return left + box[0] / DOTS, top + box[1] / DOTS, left + box[2] / DOTS, top + box[3] / DOTS


class Ruler:
    """Holds the rules of the check list against one letter and notes what fails."""

    def __init__(self, pdf: bytes) -> None:
        self.sheets = sheets(pdf)
        self.said: list[str] = []
        first = self.sheets[0]
        self.reds = [rule for rule in first.rules if rule[4] and rule[3] - rule[2] > 100]
        self.form = {0: "plain", 1: "file", 4: "letter"}.get(len(self.reds), "unknown")
        self.attached = next(
            (s.number for s in self.sheets if s.rows and re.fullmatch(r"附件\d*", s.rows[0].text)), 999
        )

    def near(self, what: str, found: float, wanted: float, within: float) -> None:
        if not abs(found - wanted) <= within:
            self.said.append(f"{what}: {found:.3f}, not {wanted:.3f} ± {within}")

    def hold(self, what: str, truth: bool) -> None:
        if not truth:
            self.said.append(what)

    def run(self) -> list[str]:
        self.hold(f"{len(self.reds)} red rules on page 1", self.form != "unknown")
        for sheet in self.sheets:
            self.paper(sheet)
            self.area(sheet)
            self.grid(sheet)
            self.number(sheet)
        self.full_pages()
        if self.form == "file":
            self.file_head(self.sheets[0])
        if self.form == "letter":
            self.letter_head(self.sheets[0])
        self.title(self.sheets[0])
        self.signature()
        self.imprint(self.sheets[-1])
        return self.said

    def paper(self, sheet: Sheet) -> None:
        self.near(f"page {sheet.number} width", sheet.size[0], 210, 0.1)
        self.near(f"page {sheet.number} height", sheet.size[1], 297, 0.1)

    def area(self, sheet: Sheet) -> None:
        """Type area: x 28 to 184, y 37 to 262, each ± 0.1, for all but red marks, titles and page numbers."""
        for row in sheet.rows:
            if row.red or PAGE_NUMBER.fullmatch(row.text):
                continue
            where = f"page {sheet.number} {row.text[:8]}"
            half = row.size * POINT / 2 if row.text[-1] in "，。、；：？！）》”’】" else 0.0
            self.hold(f"{where}: begins at {row.left:.2f}", row.left > TYPE_AREA_X[0] - 0.1)
            self.hold(f"{where}: ends at {row.right:.2f}", row.right - half < TYPE_AREA_X[1] + 0.15)
            over = 0.5 * (row.size * POINT - THREE) if row.size > 16 else 0.0
            self.hold(f"{where}: rises to {row.top:.2f}", row.top > TYPE_AREA_Y[0] - 0.1 - over)
            self.hold(f"{where}: falls to {row.bottom:.2f}", row.bottom < TYPE_AREA_Y[1] + 0.1 + over)

    def grid(self, sheet: Sheet) -> None:
        """Cells of 5.571 ± 0.02 on lines of 28 characters, rows 10.449 ± 0.02 apart."""
        full = [row for row in sheet.body() if re.fullmatch(r"[\u4e00-\u9fff]{28}", row.text)]
        for row in full:
            worst = max(row.steps, key=lambda step: abs(step - CELL))
            self.near(f"page {sheet.number} cell of {row.text[:6]}", worst, CELL, 0.02)
        title = max((row.y for row in sheet.rows if row.size > 18 and not row.red), default=0)
        long = [row for row in sheet.body() if row.right - row.left > 100 and row.y > title]
        for above, row in pairwise(long):
            count = round((row.y - above.y) / LINE)
            if 1 <= count <= 3:
                self.near(
                    f"page {sheet.number} pitch at {row.text[:6]}",
                    row.y - above.y,
                    count * LINE,
                    0.02 * count,
                )

    def full_pages(self) -> None:
        """22 baselines on a page of body between the first page and the last two before the date."""
        dated = self.dated()
        last = dated[0].number if dated else 0
        for sheet in self.sheets[1:]:
            text = [row for row in sheet.rows if not PAGE_NUMBER.fullmatch(row.text)]
            if sheet.number < last - 1 and all(abs(row.size - 16) < 0.05 for row in text):
                self.hold(f"page {sheet.number}: {len(text)} lines", len(text) == 22)

    def number(self, sheet: Sheet) -> None:
        """Dash at 269 ± 0.3, one 4号 cell from the outer edge; none on page 1 of the letter form."""
        found = [row for row in sheet.rows if PAGE_NUMBER.fullmatch(row.text) and row.y > 262]
        if self.form == "letter" and sheet.number == 1:
            self.hold("page 1 of the letter form bears a number", not found)
            return
        for row in found:
            dash = ink(sheet.black, row.left - 0.2, 264, row.left + FOUR * 0.9, 276)
            if dash:
                self.near(f"page {sheet.number} dash", (dash[1] + dash[3]) / 2, 269, 0.3)
            odd = int(PAGE_NUMBER.fullmatch(row.text)[1]) % 2
            if odd:
                self.near(f"page {sheet.number} number's right edge", row.right, TYPE_AREA_X[1] - FOUR, 0.1)
            else:
                self.near(f"page {sheet.number} number's left edge", row.left, TYPE_AREA_X[0] + FOUR, 0.1)

    def mark(self, sheet: Sheet, wanted: float, above: float) -> float:
        """Ink of the red mark begins there and is centred; where it ends."""
        box = ink(sheet.red, bottom=above - 0.2)
        if not box:
            self.hold("no red mark", False)
            return 0.0
        self.near("red mark's ink begins", box[1], wanted, 0.2)
        rows = [row for row in sheet.rows if row.red and row.y < above]
        if rows:
            self.near(
                "red mark's middle", (min(r.left for r in rows) + max(r.right for r in rows)) / 2, CENTRE, 0.2
            )
        return box[3]

    def file_head(self, sheet: Sheet) -> None:
        """Mark 35 mm below the type area's edge, rule 156 mm wide 4 mm below the number's em box."""
        top, _, left, right, _ = self.reds[0]
        self.mark(sheet, 72, top)
        self.near("red rule begins", left, TYPE_AREA_X[0], 0.1)
        self.near("red rule ends", right, TYPE_AREA_X[1], 0.1)
        numbers = [row for row in sheet.rows if NUMBER.match(row.text) and row.y < top]
        for row in numbers[-1:]:
            self.near("red rule below the number", top - row.bottom, 4, 0.1)
            if "签发人" not in row.text and re.fullmatch(NUMBER, row.text):
                alone = not any("签发人" in one.text for one in sheet.rows)
                self.near("number's middle", row.middle, CENTRE, 0.1) if alone else None

    def letter_head(self, sheet: Sheet) -> None:
        """Mark at 30 mm, double rules of 170 mm, number at the right edge 7/8 character below."""
        upper, second, third, lower = self.reds
        foot = self.mark(sheet, 30, upper[0])
        self.near("double rule below the mark's ink", upper[0] - foot, 4, 0.2)
        self.near("double rule's foot", lower[1], 277, 0.1)
        for rule in self.reds:
            self.near("double rule begins", rule[2], 21, 0.1)
            self.near("double rule ends", rule[3], 191, 0.1)
        self.hold("upper double rule: thick above thin", upper[1] - upper[0] > second[1] - second[0])
        self.hold("lower double rule: thin above thick", third[1] - third[0] < lower[1] - lower[0])
        below = [
            row for row in sheet.rows if second[1] < row.y < second[1] + 40 and abs(row.size - 16) < 0.05
        ]
        if below:
            self.near("first element below the double rule", below[0].top - second[1], 7 / 8 * THREE, 0.1)
        for row in below:
            if NUMBER.search(row.text):
                self.near("number's right edge", row.right, TYPE_AREA_X[1], 0.1)
        last = [row for row in sheet.rows if not row.red and row.y < third[0]][-1]
        self.hold("text too near the lower double rule", third[0] - last.bottom >= 7 / 8 * THREE - 0.1)

    def title(self, sheet: Sheet) -> None:
        """22 points, centred, not wider than the type area."""
        lines = [row for row in sheet.rows if row.size > 18 and not row.red]
        for row in lines:
            self.near(f"title {row.text[:6]} size", row.size, 22, 0.05)
            self.near(f"title {row.text[:6]} middle", row.middle, CENTRE, 0.15)

    def dated(self) -> tuple[Sheet, Row] | None:
        """The page and the row of the date under the body."""
        found = None
        for sheet in self.sheets:
            if sheet.number < self.attached:
                for row in sheet.body():
                    if DATE.fullmatch(row.text) and row.left > 50:
                        found = sheet, row
        return found

    def signature(self) -> None:
        """Right edges of date and name, some body on their page, and the seal where one is drawn."""
        dated = self.dated()
        if not dated:
            return
        sheet, date = dated
        above = [row for row in sheet.rows if row.y < date.y - 1 and not PAGE_NUMBER.fullmatch(row.text)]
        flush = [
            row
            for row in above
            if min(abs(row.left - 28), abs(row.left - 28 - 2 * CELL)) < 0.3 or row.size < 15
        ]
        self.hold("no body on the date's page", bool(flush))
        box = self._seal(sheet)
        if box and flush:
            self.seal(date, flush[-1], box, sheet)
        else:
            self.hold(f"date ends at {date.right:.2f}", self._date_fits(date, above))

    def _seal(self, sheet: Sheet) -> tuple[float, ...] | None:
        top = max((rule[1] for rule in self.reds[:2]), default=0) + 1 if sheet.number == 1 else 0
        box = ink(sheet.red, top=top, bottom=272)
        return box if box and box[2] - box[0] > 25 and box[3] - box[1] > 25 else None

    def seal(self, date: Row, body: Row, box: tuple[float, ...], sheet: Sheet) -> None:
        """Centred on the date within 0.2; its top within one line of the body; several keep the type area."""
        gap = box[1] - body.bottom
        self.hold(f"seal's top {gap:.2f} below the body", -0.05 <= gap <= LINE + 0.05)
        if box[2] - box[0] < 60:
            self.near("seal's middle", (box[0] + box[2]) / 2, date.middle, 0.2)
        else:
            self.hold(
                "seals beyond the type area", box[0] > TYPE_AREA_X[0] - 0.2 and box[2] < TYPE_AREA_X[1] + 0.2
            )

    @staticmethod
    def _date_fits(date: Row, above: list[Row]) -> bool:
        """Four characters from the right, or two after a name, or under the middle of a long name."""
        name = above[-1] if above else date
        places = (
            abs(date.right - (TYPE_AREA_X[1] - 4 * CELL)) < 0.3,
            any(abs(date.left - row.left - 2 * CELL) < 0.3 for row in above[-6:]),
            abs(date.middle - name.middle) < 0.3 and abs(name.right - TYPE_AREA_X[1]) < 0.3,
            abs(date.right - (TYPE_AREA_X[1] - 2 * CELL)) < 0.3,
        )
        return any(places)

    def imprint(self, sheet: Sheet) -> None:
        """The last black rule's lower edge is the type area's; 0.35 outside, 0.25 inside."""
        marked = [
            row for row in sheet.rows if row.text.endswith("印发") or row.text.startswith(("抄送", "主送"))
        ]
        if not marked:
            return
        rules = [
            rule
            for rule in sheet.rules
            if not rule[4] and rule[0] > marked[0].top - 9 and rule[3] - rule[2] > 100
        ]
        if self.form == "letter":
            self.hold("the letter form's imprint has rules", not rules)
            self.hold("the letter form's imprint says 印发", not any(r.text.endswith("印发") for r in marked))
            return
        if self.form == "file":
            self.hold("no rules around the imprint", len(rules) >= 2)
        if rules:
            self.near("imprint's last rule", rules[-1][1], TYPE_AREA_Y[1], 0.02)
        for place, rule in enumerate(rules):
            wanted = 0.35 if place in (0, len(rules) - 1) else 0.25
            self.near("weight of an imprint rule", rule[1] - rule[0], wanted, 0.01)
            self.near("imprint rule begins", rule[2], TYPE_AREA_X[0], 0.05)
            self.near("imprint rule ends", rule[3], TYPE_AREA_X[1], 0.05)
        for row in marked:
            self.near(f"imprint {row.text[:6]} size", row.size, 14, 0.05)
            outer, edge = (
                (row.left, TYPE_AREA_X[0] + FOUR) if row.left < 100 else (row.right, TYPE_AREA_X[1] - FOUR)
            )
            self.near(f"imprint {row.text[:6]} edge", outer, edge, 0.1)


def faults(pdf: bytes) -> list[str]:
    """What does not hold, one sentence each; nothing for a letter as the check list has it."""
    return Ruler(pdf).run()


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]).read_bytes())
    print("\n".join(found) or "nothing departs")
    sys.exit(bool(found))
