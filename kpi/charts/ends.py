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
_PER_LARGE, _WIDEST, _AROUND = 9.6, 280, 26
#: From the last place to the end of its line, and from there to the label: there it may bend.
_BESIDE, _BEND = 0.55, 12


@dataclass(frozen=True)
class End:
    """A label: what it says (`said`, and a `name` that gives way where there is little room), of which mark.

    `beyond`: the place where its line ends, where that is later (a period that is not over). `colour`
    is that of the line, `dashed` how it runs; `sure`: not quiet, and `large` alone. `mark` is the number
    of its mark in the figure, `of` that of its line where there are several.
    """

    place: float
    value: float
    said: str
    colour: str
    mark: int
    name: str = ""
    of: int | None = None
    sure: bool = True
    large: bool = False
    dashed: bool = False
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
        at = f"{field.y(end.value):.1f}"
        kind = " ".join(
            word
            for word, on in (
                ("few", not end.sure),
                ("large", end.large),
                ("bare", not end.said),
            )
            if on
        )
        name = f'<tspan class="whose"{_apart(end)}>{escape(end.name)}</tspan>' if end.name else ""
        yield (
            f'<g class="ending {kind}" style="--own: {end.colour}"{_mark(end)}>'
            # Level as far as the field goes: aslant it would look like a course.
            f'<line class="lead" x1="{field.across(end.place)}" x2="{beside}" y1="{at}" y2="{at}"/>'
            f'<svg x="{beside}"><line class="lead" x2="{_BEND}" y1="{at}" y2="{y:.1f}"/></svg>'
            f'<text class="end" x="{beside}" dx="{_BEND + 4}" y="{y:.1f}" dy="4">'
            f"{escape(end.said)}{name}</text></g>"
        )


def key(ends: Sequence[End], x: float, y: float) -> Iterable[str]:
    """Their names below each other, for where there is no room for them beside the lines."""
    named = [end for end in ends if end.name]
    for i, end in enumerate(named):
        at = y + GAP * i
        kind = (
            "key dashed" if end.dashed else "key thin" if not end.said and not end.sure else "key"
        )
        yield (
            f'<g class="{kind}" style="--own: {end.colour}"{_mark(end)}>'
            f'<line x1="{x:g}" x2="{x + 18:g}" y1="{at - 4:g}" y2="{at - 4:g}"/>'
            f'<text x="{x + 25:g}" y="{at:g}">{escape(end.name)}</text></g>'
        )


def _mark(end: End) -> str:
    """Which mark it is the label of: pointing at the one is pointing at the other."""
    of = "" if end.of is None else f' data-of="{end.of}"'
    return f' data-at="{end.mark}"{of}'


def _apart(end: End) -> str:
    return ' dx="9"' if end.said else ""
