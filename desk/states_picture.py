"""A table of states as a simple picture: pure arithmetic that gives an SVG, styled by static/css/help.css."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN = 200, 44, 30, 12
LANE, FIRST_LANE = 14, 18


@dataclass(frozen=True)
class Arrow:
    """A way from one state to another, by their places in the list of states."""

    start: int
    end: int


def picture(labels: list[str], arrows: list[Arrow], title: str) -> SafeString:
    """Return the states one below the other: steps forward run at the right of the boxes, back at the left."""
    ways = [arrow for arrow in arrows if arrow.start != arrow.end]
    forward = [arrow for arrow in ways if arrow.end > arrow.start]
    back = [arrow for arrow in ways if arrow.end < arrow.start]
    left = MARGIN + FIRST_LANE + LANE * len(back)
    right = left + BOX_WIDTH
    width = right + FIRST_LANE + LANE * len(forward) + MARGIN
    height = 2 * MARGIN + len(labels) * (BOX_HEIGHT + GAP) - GAP
    drawn = [_way(arrow, right, 1, lane) for lane, arrow in enumerate(sorted(forward, key=_length))]
    drawn += [_way(arrow, left, -1, lane) for lane, arrow in enumerate(sorted(back, key=_length))]
    return format_html(
        '<svg class="states" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}{}</svg>',
        width,
        height,
        width,
        height,
        title,
        format_html_join("", "{}", ((way,) for way in drawn)),
        format_html_join("", "{}", ((_box(left, place, label),) for place, label in enumerate(labels))),
    )


def _length(arrow: Arrow) -> tuple[int, int]:
    return abs(arrow.end - arrow.start), arrow.start


def _top(place: int) -> int:
    return MARGIN + place * (BOX_HEIGHT + GAP)


def _box(left: int, place: int, label: str) -> SafeString:
    top = _top(place)
    return format_html(
        '<rect class="state" x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text class="state-name" x="{}" y="{}" text-anchor="middle">{}</text>',
        left,
        top,
        BOX_WIDTH,
        BOX_HEIGHT,
        left + BOX_WIDTH // 2,
        top + BOX_HEIGHT // 2 + 5,
        label,
    )


def _way(arrow: Arrow, edge: int, side: int, lane: int) -> SafeString:
    """A line out of the lower part of one box and into the upper part of another, with a head."""
    start, end = _top(arrow.start) + BOX_HEIGHT - 12, _top(arrow.end) + 12
    out = edge + side * (FIRST_LANE + lane * LANE)
    tip = edge + side * 8
    return format_html(
        '<path class="{}" d="M{} {}H{}V{}H{}"/><path class="head" d="M{} {}l{} -5v10z"/>',
        "way" if side > 0 else "way back",
        edge,
        start,
        out,
        end,
        tip,
        edge,
        end,
        side * 8,
    )
