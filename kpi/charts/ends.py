"""Labels to the right of the lines of a figure, none over another, each with a thin line to its point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi.charts.axis import spread
from kpi.charts.field import PER_LETTER, Field

#: Least distance between the middles of two labels, in pixels.
GAP = 17.0
#: Per letter of the one that is large, and the widest that they get; what stands before and after them.
_PER_LARGE, _WIDEST, _AROUND = 9.6, 265, 14
#: From the last place to where a label stands.
_BESIDE = 0.55


@dataclass(frozen=True)
class End:
    """A label: what it says (`said`, and a `name` that gives way where there is little room), of which point.

    `beyond`: the place where its line ends, where that is later (a period that is not over). `colour`
    is that of the line; `sure`: not quiet, and `large` alone.
    """

    place: float
    value: float
    said: str
    colour: str
    name: str = ""
    sure: bool = True
    large: bool = False
    beyond: float = 0


def room(ends: Sequence[End], *, named: bool) -> int:
    """How wide a margin they need, in pixels, with their names or without."""
    widest = 0.0
    for end in ends:
        letters = len(end.said) + (len(end.name) + 2 * bool(end.said and end.name)) * named
        widest = max(widest, letters * (_PER_LARGE if end.large else PER_LETTER))
    return round(min(_WIDEST, _AROUND + widest)) if ends else 12


def labelled(field: Field, ends: Sequence[End]) -> Iterable[str]:
    """All of them; none on the name of a period below the field."""
    heights = spread([field.y(end.value) for end in ends], GAP, 4, field.high - 9)
    for end, y in zip(ends, heights, strict=True):
        # Where the line ends before the field does, a line to the margin would look like values.
        beside = field.across(min(max(end.place, end.beyond) + _BESIDE, field.last))
        kind = " ".join(
            word
            for word, on in (
                ("few", not end.sure),
                ("large", end.large),
                ("past", _past(end)),
                ("bare", not end.said),
            )
            if on
        )
        name = f'<tspan class="whose"{_apart(end)}>{escape(end.name)}</tspan>' if end.name else ""
        yield (
            f'<g class="ending {kind}" style="--own: {end.colour}">'
            f'<line class="lead" x1="{field.across(end.place)}" x2="{beside}"'
            f' y1="{field.y(end.value):.1f}" y2="{y:.1f}"/>'
            f'<text class="end" x="{beside}" dx="5" y="{y:.1f}" dy="4">{escape(end.said)}{name}</text></g>'
        )


def key(ends: Sequence[End], x: float, y: float) -> Iterable[str]:
    """Their names below each other, for where there is no room for them beside the lines."""
    named = [end for end in ends if end.name]
    for i, end in enumerate(named):
        at = y + GAP * i
        yield (
            f'<g class="key" style="--own: {end.colour}">'
            f'<line x1="{x:g}" x2="{x + 18:g}" y1="{at - 4:g}" y2="{at - 4:g}"/>'
            f'<text x="{x + 25:g}" y="{at:g}">{escape(end.name)}</text></g>'
        )


def _past(end: End) -> bool:
    """Whether its line goes on past its point, so that the one to the label would look like more of it."""
    return end.beyond > end.place


def _apart(end: End) -> str:
    return ' dx="9"' if end.said else ""
