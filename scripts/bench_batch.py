"""Measures how long a batch of 200 letters takes to be numbered, issued and printed; writes docs/benchmarks/batch.md.

`make bench-batch`. A database and files of its own, thrown away afterwards. The bound is 60 seconds on two cores.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "batch.md"
LETTERS, BOUND_SECONDS = 200, 60

TEXT = """# A batch of {letters} letters

Signed replies of one bureau, the published sample's text, on SQLite. Made by `make bench-batch`; Python {python},
{cores} cores. The bound is {bound} seconds for numbering, issuing and making every PDF.

| work | seconds |
|---|---:|
| {letters} letters numbered, issued, each with its PDF kept | {issued:.1f} |
| all as one PDF to print on both sides, {pages} pages | {bound_together:.1f} |
| all as files in one ZIP | {zipped:.1f} |
| {letters} envelopes | {envelopes:.1f} |
| the list of deliveries | {listed:.1f} |
"""


def prepare(folder: Path) -> None:
    """Start Django on a database of its own."""
    os.environ |= {"VAR_DIR": str(folder), "FONTS_DIR": str(ROOT / "var" / "fonts")}
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def main() -> int:
    """Measure, write the page, and say whether the bound held."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        taken = measured()
    PAGE.write_text(
        TEXT.format(
            letters=LETTERS, bound=BOUND_SECONDS, python=sys.version.split()[0], cores=os.cpu_count(), **taken
        )
    )
    print(PAGE.read_text())
    return taken["issued"] >= BOUND_SECONDS


def measured() -> dict[str, float]:
    """Make the signed replies, then measure the batch and its papers, in seconds."""
    import io

    import pikepdf

    from gongwen.tests.letters import PLAIN
    from issuing import papers, selectors, services, worker
    from office import clock
    from tests.factories import World

    world = World()
    body = "\n".join(PLAIN.text_paragraphs)
    with world.scope():
        replies = [world.signed(body=body) for _ in range(LETTERS)]
        worker.start = lambda *_batch: None  # measured here, not beside it
        batch = services.batch_begin(replies=replies, dated=clock.today(), post=world.sealkeeper)
        taken = {"issued": seconds(lambda: worker.run(batch.pk, batch.assembly_id))}
        copies = selectors.copies_of(batch)
        if len(copies) != LETTERS:
            sys.exit(f"bench: {len(copies)} letters instead of {LETTERS}")
        whole = papers.print_pdf(copies)
        with pikepdf.open(io.BytesIO(whole)) as pdf:
            taken["pages"] = len(pdf.pages)
        taken["bound_together"] = seconds(lambda: papers.print_pdf(copies))
        taken["zipped"] = seconds(lambda: papers.archive_zip(copies))
        taken["envelopes"] = seconds(lambda: papers.envelopes_pdf(batch, copies))
        taken["listed"] = seconds(lambda: papers.deliveries_pdf(batch, copies))
    return taken


def seconds(work: object) -> float:
    """Return how long a call takes."""
    started = time.monotonic()
    work()  # type: ignore[operator]
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
