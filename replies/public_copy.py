"""The public copy of a letter: the same letter without its contact lines, the numbers of persons covered."""

from typing import Any

from gongwen import pictures
from gongwen.private import is_contact_line, masked
from replies import letters


def public_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Return what the public reads of a letter's facts; what is printed is left out or covered, never added to.

    The code by which the paper is checked stays on the paper: a copy that anyone can print must not carry it.
    """
    shown = {name: _covered(value) for name, value in facts.items()}
    shown.pop("verify", None)  # the code belongs to the letter that one proposer got
    kept = [p for p in shown["paragraphs"] if not (isinstance(p, str) and is_contact_line(p))]
    return shown | {"paragraphs": kept, "contacts": [], "verify": ""}


def public_text(text: str) -> str:
    """Return a text, such as a proposal's, with the numbers of persons covered and its contact lines left out."""
    return "\n".join(masked(line) for line in text.splitlines() if not is_contact_line(line))


def public_pdf(facts: dict[str, Any]) -> tuple[bytes, int]:
    """Return the PDF of a public copy, made from its facts alone, and how many pages it has."""
    pdf = letters.pdf_of(letters.letter_of(facts))
    return pdf, pictures.page_count(pdf)


def _covered(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, list):
        return [_covered(one) for one in value]
    if isinstance(value, dict):
        return {name: _covered(one) for name, one in value.items()}
    return value
