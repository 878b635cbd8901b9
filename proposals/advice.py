"""Advice on a proposal before it is submitted: one matter, suggestions concrete and countable. It never blocks.

Rather silent than wrong: each rule speaks only where the text leaves little doubt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from proposals.models import Proposal
from proposals.points import split_points
from proposals.word_parts import any_of

SHORTEST_SUGGESTION = 15  # characters
SHORTEST_ANALYSIS = 40
MOST_SUGGESTIONS = 8

_HAN = re.compile("[\u4e00-\u9fff]")
_TITLE_FORM = re.compile("^关于.+(?:提案|建议|议案)(?:[（(].*[)）])?$")
_HALF_FORM = re.compile("^关于|的(?:提案|建议)$")
_PLACEHOLDER = re.compile(
    "[×✕xXＸ*＊]{2,}|[XＸ×][月日年元个名村]|[_＿]{2,}|[□○]{2,}|待(?:填|补充|核实|定)(?=[）)。，]|$)|（此处.*?）"
)
_SENTENCE = re.compile("[。！？!?；;\n]+")
# Words that ask for something without saying what is to be done.
_VERB = re.compile(any_of("verb"))
_VAGUE = re.compile(any_of("vague"))


@dataclass(frozen=True)
class Advice:
    """One piece of advice: the field it is about, a sentence that says how to mend it, and a way to do so.

    `place`: which suggestion, from 1. `split`: the place of a suggestion that one press divides into its points.
    """

    field: str
    text: str
    place: int = 0
    split: int = 0

    @property
    def anchor(self) -> str:
        """The id of the field on the page where a proposal is written."""
        return f"suggestion-{self.place}" if self.place else f"id_{self.field}"


def advice_of(proposal: Proposal) -> list[Advice]:
    """Return advice on what stands written, in the order of the fields; nothing about empty fields."""
    return advice_on(
        title=proposal.title,
        background=proposal.background,
        analysis=proposal.analysis,
        suggestions=[suggestion.text for suggestion in proposal.suggestions.all()],
    )


def advice_on(*, title: str, background: str, analysis: str, suggestions: list[str]) -> list[Advice]:
    """Return advice on these texts."""
    found = [*_on_title(title.strip()), *_on_text("background", background), *_on_text("analysis", analysis)]
    if analysis.strip() and _is_thin(analysis):
        text = _("The analysis is one short sentence: say why it is so and what stands in the way.")
        found.append(Advice("analysis", text))
    return [*found, *_on_suggestions([text.strip() for text in suggestions])]


def is_several_matters(title: str) -> bool:
    """Say whether a title plainly names more than one matter."""
    body = re.sub("^关于|的(?:提案|建议|议案)$", "", title.strip())
    if "关于" in body or re.search("[；;]", body):
        return True
    halves = re.split("以及|暨|，同时", body)
    return len(halves) > 1 and all(len(half) >= 6 and _VERB.search(half) for half in halves)


def _on_title(title: str) -> Iterator[Advice]:
    if not title:
        return
    if is_several_matters(title):
        text = _("The title names several matters. One proposal is about one matter: file the others apart.")
        yield Advice("title", text)
    if not _TITLE_FORM.search(title) and (_HALF_FORM.search(title) or len(title) < 8):
        yield Advice("title", _("Titles usually read 关于……的提案 or 关于……的建议: say the matter between."))
    yield from _on_text("title", title)


def _on_text(field: str, text: str, place: int = 0) -> Iterator[Advice]:
    if found := _PLACEHOLDER.search(text):
        told = _("“%(found)s” looks like a blank that is still to be filled in: write what belongs there.")
        yield Advice(field, told % {"found": _around(text, found)}, place)


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 4) : found.end() + 4].replace("\n", " ").strip()


def _is_thin(text: str) -> bool:
    sentences = [one for one in _SENTENCE.split(text) if one.strip()]
    return len(sentences) <= 1 and len(text.strip()) < SHORTEST_ANALYSIS


def _on_suggestions(texts: list[str]) -> Iterator[Advice]:
    for place, text in enumerate(texts, 1):
        if text:
            yield from _on_suggestion(place, text, [one for one in texts[: place - 1] if one])
    if len(texts) > MOST_SUGGESTIONS:
        told = _(
            "There are %(n)d suggestions. Each is answered on its own: keep to those on this one matter."
        )
        yield Advice("suggestion", told % {"n": len(texts)}, 1)


def _on_suggestion(place: int, text: str, before: list[str]) -> Iterator[Advice]:
    points = split_points(text)
    if len(points) > 1:
        told = _(
            "Suggestion %(n)d has %(points)d points: make each a suggestion of its own, so that each is answered."
        )
        yield Advice("suggestion", told % {"n": place, "points": len(points)}, place, split=place)
    if text in before:
        told = _("Suggestion %(n)d stands there twice: remove one.")
        yield Advice("suggestion", told % {"n": place}, place)
    elif is_vague(text):
        told = _("Suggestion %(n)d names nothing to be done: say who should do what, where, by when.")
        yield Advice("suggestion", told % {"n": place}, place)
    elif len(text) < SHORTEST_SUGGESTION:
        told = _("Suggestion %(n)d is very short: say who should do what, so that it can be answered.")
        yield Advice("suggestion", told % {"n": place}, place)
    yield from _on_text("suggestion", text, place)


def is_vague(text: str) -> bool:
    """Say whether nothing of substance is left once the words of every suggestion are taken out."""
    if len(text) > 60 or re.search(r"\d", text):
        return False
    return len(_HAN.findall(_VAGUE.sub("", text))) < 3
