"""Takes the pictures of docs/letter.md: each example in docs/letters set, measured, and its pages side by side.

`.venv/bin/python scripts/letter_pictures.py`; fails where an example has a fault or departs from the standard.
"""

import io
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gongwen import parse, pdf, pictures  # noqa: E402
from gongwen.check import check  # noqa: E402
from gongwen.measure import measure  # noqa: E402

EXAMPLES = ROOT / "docs" / "letters"
TARGET = ROOT / "docs" / "pictures"
PAGE_PX, GAP_PX, MOST_PAGES = 520, 12, 3
GROUND = (214, 217, 220)


def pages_of(example: Path) -> list[Image.Image]:
    """The example's pages. SystemExit with what is wrong in it, if anything is."""
    letter = parse.read(example.read_text(encoding="utf-8"), example.parent)
    document = pdf.render(letter)
    if wrong := [*check(letter), *measure(document)]:
        sys.exit(f"{example.name}: {wrong}")
    return [Image.open(io.BytesIO(page)).convert("RGB") for page in pictures.pages_png(document, PAGE_PX)]


def side_by_side(pages: list[Image.Image]) -> Image.Image:
    """Pages on a grey ground: the first ones and the last where there are more than fit."""
    shown = pages if len(pages) <= MOST_PAGES else [*pages[: MOST_PAGES - 1], pages[-1]]
    width = sum(page.width + GAP_PX for page in shown) + GAP_PX
    sheet = Image.new("RGB", (width, shown[0].height + 2 * GAP_PX), GROUND)
    for place, page in enumerate(shown):
        sheet.paste(page, (GAP_PX + place * (page.width + GAP_PX), GAP_PX))
    return sheet


def main() -> None:
    """Set every example and keep its picture."""
    for example in sorted(EXAMPLES.glob("*.txt")):
        target = TARGET / f"form-{example.stem}.png"
        side_by_side(pages_of(example)).quantize(64).save(target, optimize=True)
        print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
