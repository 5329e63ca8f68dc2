"""Small numbered flags above a figure: what happened when; the list below it has the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi.charts.axis import plain
from kpi.charts.drawing import Drawing
from kpi.charts.theme import Look

#: Flags nearer than this share of the axis stand as one.
_NEAR = 0.03


@dataclass(frozen=True)
class Flag:
    """`place` is that of a period; half a period before it is where that period begins."""

    number: int
    place: float
    text: str


def together(flags: Sequence[Flag], periods: int) -> list[list[Flag]]:
    """Flags in order, those that would lie over each other in one group."""
    near = _NEAR * max(periods, 1)
    found: list[list[Flag]] = []
    for flag in sorted(flags, key=lambda one: (one.place, one.number)):
        if found and flag.place - found[-1][-1].place < near:
            found[-1].append(flag)
        else:
            found.append([flag])
    return found


def named_on(group: Sequence[Flag]) -> str:
    """What stands on flags that stand as one: their numbers."""
    numbers = [flag.number for flag in group]
    if len(numbers) > 2:
        return f"{numbers[0]}–{numbers[-1]}"
    return "·".join(str(number) for number in numbers)


def show_flags(made: Drawing, flags: Sequence[Flag], periods: int, of: Look) -> None:
    """A thin upright line per moment, and above it a flag with the numbers and, on hover, the words."""
    if flags:
        made.update_layout(margin={"t": 30})
    for group in together(flags, periods):
        # Where flags stand together the line is that of the first: the list says the days.
        made.add_shape(
            type="line", xref="x", yref="paper", x0=group[0].place, x1=group[0].place, y0=0, y1=1,
            line={"color": of.quiet, "width": 1, "dash": "1px,3px"}, layer="below",
        )  # fmt: skip
        made.add_annotation(
            xref="x", yref="paper", x=group[0].place, y=1, yanchor="bottom", showarrow=False,
            text=named_on(group),
            hovertext="<br>".join(plain(flag.text) for flag in group),
            hoverlabel={"bgcolor": of.ground, "bordercolor": of.quiet, "font": {"color": of.ink}},
            bgcolor=of.ground, bordercolor=of.quiet, borderpad=2, borderwidth=1,
            font={"size": 11, "color": of.ink},
        )  # fmt: skip
