"""One KPI over time for several groups: lines in one figure, or one small figure each on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpi import formats
from kpi.charts.axis import (
    End,
    plain,
    short_both,
    show_ends,
    show_periods,
    show_target,
    show_values,
    value_range,
)
from kpi.charts.drawing import Drawing
from kpi.charts.flags import Flag, show_flags
from kpi.charts.kept import kept
from kpi.charts.point import Point
from kpi.charts.theme import figure, look
from kpi.charts.trend import last_known, last_whole, marks, strokes
from kpi.model import Unit

#: More series than this are drawn apart.
MOST_LINES = 6
#: Most small figures; what is left over is said in words.
MOST_PANELS = 12
#: For whatever is not a process: told apart by colour-blind people, on a light and a dark ground.
OTHERS = ("#4477AA", "#B8478A", "#2E8B57", "#B0761F", "#2F97B5", "#E0607E")
_LONGEST_LABEL, _LONGEST_TITLE = 30, 30
#: Small marks from so many periods on: in a figure of several lines, and in a small one.
_MANY, _MANY_IN_PANEL = 30, 14
#: To the right of every small figure alike, so that their periods stand below each other.
_PANEL_RIGHT = 58


@dataclass(frozen=True)
class Series:
    """One group: its name, its periods, and its colour (`#rrggbb`)."""

    name: str
    points: tuple[Point, ...]
    colour: str


def colours(ids: Sequence[str | None], own: Mapping[str, str], unknown: str) -> list[str]:
    """A colour per group: its own, else the next of `OTHERS`; that of the unknown is grey."""
    others = iter(OTHERS * (1 + len(ids) // len(OTHERS)))
    return [unknown if one is None else own.get(one) or next(others) for one in ids]


def numbers(series: Sequence[Series]) -> list[float | None]:
    """Every value that is drawn, for one scale."""
    return [point.value for one in series for point in one.points]


@kept
def lines(
    series: Sequence[Series],
    unit: Unit,
    *,
    target: float | None = None,
    target_label: str = "",
    flags: Sequence[Flag] = (),
    theme: str = "light",
    height: int = 380,
) -> Drawing:
    """Up to six lines, named where they end; the names do not lie over each other."""
    of = look(theme)
    traces: list[Any] = []
    for one in series:
        traces += strokes(one.points, one.colour, of, 2.0, grey=False)
    traces += [marks(one.points, unit, one.colour, of, one.name, _MANY) for one in series]
    made = figure(traces, of, height)
    labels = [point.label for point in series[0].points] if series else []
    axis = value_range(numbers(series), unit, target)
    show_periods(made, labels)
    show_values(made, axis, unit)
    if target is not None:
        curves = [[point.value for point in one.points] for one in series]
        show_target(made, target, target_label, of, axis, curves)
    show_flags(made, flags, len(labels), of)
    ends = []
    for one in series:
        found, last = last_whole(one.points), last_known(one.points)
        if found is None or last is None:
            continue
        place, point = found
        assert point.value is not None
        said = formats.value(point.value, unit, point.low, point.high)
        text = plain(f"{said}  {short_both(one.name, _LONGEST_LABEL)}")
        ink = of.quiet if point.too_few or point.partial else of.ink
        ends.append(End(place, point.value, text, one.colour, ink, beyond=last[0]))
    show_ends(made, ends, axis, len(labels) - 1)
    return made
