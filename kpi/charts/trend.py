"""One KPI over time: a line, its target, its interval, and an unfinished last period set apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from kpi import formats
from kpi.charts.theme import figure, look
from kpi.i18n import _
from kpi.model import Unit


@dataclass(frozen=True)
class Point:
    """One period: `label` on the axis, `full` where it is named in full; `partial`: unfinished."""

    label: str
    full: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    partial: bool = False


def trend(
    points: Sequence[Point],
    unit: Unit,
    *,
    colour: str,
    target: float | None = None,
    target_label: str = "",
    earlier: Sequence[Point] = (),
    theme: str = "light",
) -> go.Figure:
    """A line through `points`, oldest first.

    `earlier` (the same periods a year before) is a thin grey line. The 95 % interval is a pale
    band. The axis starts at zero unless the line lies far from it.
    """
    of = look(theme)
    places = list(range(len(points)))
    traces: list[Any] = []
    if any(point.low is not None and point.high is not None for point in points):
        traces += _band(points, colour)
    if earlier:
        traces.append(
            go.Scatter(
                x=places[: len(earlier)],
                y=[point.value for point in earlier],
                mode="lines",
                line={"color": of.quiet, "width": 1},
                hovertemplate=[_hover(point, unit) for point in earlier],
            )
        )
    traces += _line(points, unit, colour, of.ground)
    last = len(points) - 1
    made = figure(traces, of)
    made.update_xaxes(
        tickmode="array",
        tickvals=_some(places),
        ticktext=[points[i].label for i in _some(places)],
        range=[-0.4, max(last, 0) + 0.9],
    )
    _value_axis(made, points, earlier, unit, target)
    if target is not None:
        made.add_hline(
            y=target,
            line={"color": of.quiet, "width": 1, "dash": "4px,4px"},
            annotation={
                "text": target_label or _("target"),
                "font": {"color": of.quiet, "size": 12},
                "xanchor": "right",
                # On the side of its line where the curve is not.
                "yanchor": "top" if _ends_above(points, target) else "bottom",
                "showarrow": False,
            },
        )
    _label_end(made, points, unit, of.ink)
    return made


def _line(points: Sequence[Point], unit: Unit, colour: str, ground: str) -> list[Any]:
    """Solid between whole periods; to and from an unfinished one dotted, its mark hollow."""
    values = [point.value for point in points]
    hover = [_hover(point, unit) for point in points]
    whole = [None if point.partial else point.value for point in points]
    beside: list[float | None] = [None] * len(points)
    for i, point in enumerate(points):
        if point.partial:
            for j in (i - 1, i, i + 1):
                if 0 <= j < len(points):
                    beside[j] = values[j]
    marks = {
        "color": [ground if point.partial else colour for point in points],
        "size": [8 if point.partial else 6 for point in points],
        "line": {"color": colour, "width": [2 if point.partial else 0 for point in points]},
    }
    places = list(range(len(points)))
    drawn = [
        go.Scatter(
            x=places,
            y=whole,
            mode="lines",
            line={"color": colour, "width": 2.2},
            hoverinfo="skip",
        ),
        go.Scatter(x=places, y=values, mode="markers", marker=marks, hovertemplate=hover),
    ]
    if any(value is not None for value in beside):
        dotted = {"color": colour, "width": 1.8, "dash": "dot"}
        drawn.insert(0, go.Scatter(x=places, y=beside, mode="lines", line=dotted, hoverinfo="skip"))
    return drawn


def _hover(point: Point, unit: Unit) -> str:
    said = [f"<b>{point.full}</b>", formats.value(point.value, unit, point.low, point.high)]
    between = formats.interval(point.low, point.high, unit)
    if between:
        said.append(_("95 % interval {interval}").format(interval=between))
    said.append(f"n = {formats.number(point.n)}")
    if point.partial:
        said.append(_("unfinished"))
    return "<br>".join(said) + "<extra></extra>"


def _ends_above(points: Sequence[Point], line: float) -> bool:
    ends = [point.value for point in points[-4:] if point.value is not None]
    return bool(ends) and sum(ends) / len(ends) > line


def _band(points: Sequence[Point], colour: str) -> list[Any]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    inside = [point for point in points if point.low is not None and point.high is not None]
    places = [i for i, point in enumerate(points) if point in inside]
    shared: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    return [
        go.Scatter(x=places, y=[point.low for point in inside], **shared),
        go.Scatter(
            x=places,
            y=[point.high for point in inside],
            fill="tonexty",
            fillcolor=f"rgba({red},{green},{blue},0.10)",
            **shared,
        ),
    ]


def _some(places: list[int], most: int = 13) -> list[int]:
    step = max(1, -(-len(places) // most))
    # Counted from the end: the last period is always named.
    return sorted(places[::-1][::step])


def _value_axis(
    made: go.Figure,
    points: Sequence[Point],
    earlier: Sequence[Point],
    unit: Unit,
    target: float | None,
) -> None:
    shown = [n for p in points for n in (p.low, p.value, p.high)] + [p.value for p in earlier]
    known = [number for number in shown if number is not None]
    if target is not None:
        known.append(target)
    if not known:
        return
    low, high = min(known), max(known)
    room = (high - low) or abs(high) or 1.0
    bottom = 0.0 if low >= 0 and low < 2 * room else low - 0.25 * room
    top = high + 0.18 * room
    if unit is Unit.PERCENT:
        bottom, top = max(0.0, bottom), min(102.0, top)
    ticks = _ticks(bottom, top)
    places = 0 if all(float(tick).is_integer() for tick in ticks) else 1
    made.update_yaxes(
        range=[bottom, top],
        tickmode="array",
        tickvals=ticks,
        ticktext=[formats.value(tick, unit, places=places) for tick in ticks],
    )
    if bottom > 0:
        made.add_annotation(
            text=_("axis does not start at zero"),
            xref="paper", yref="paper", x=0, y=0, xanchor="left", yanchor="bottom",
            showarrow=False, font={"size": 11, "color": made.layout.yaxis.tickfont.color},
        )  # fmt: skip


def _ticks(bottom: float, top: float, about: int = 4) -> list[float]:
    rough = (top - bottom) / about
    size = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 0.1
    while size > rough and size > 0.001:
        size /= 10
    step = next((size * m for m in (1, 2, 2.5, 5, 10) if size * m >= rough), size * 10)
    first = -(-bottom // step) * step
    count = int((top - first) // step) + 1
    return [round(first + i * step, 6) for i in range(count)]


def _label_end(made: go.Figure, points: Sequence[Point], unit: Unit, ink: str) -> None:
    end = next(((i, p) for i, p in reversed(list(enumerate(points))) if p.value is not None), None)
    if end is None:
        return
    place, point = end
    made.add_annotation(
        x=place,
        y=point.value,
        text=f"<b>{formats.value(point.value, unit, point.low, point.high)}</b>",
        showarrow=False,
        xanchor="left",
        xshift=9,
        font={"color": ink, "size": 14},
    )
