"""One KPI over time: a line, its target, its interval, and an unfinished last period set apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kpi import formats
from kpi.charts.axis import (
    End,
    Range,
    faint,
    line,
    plain,
    show_ends,
    show_periods,
    show_target,
    show_values,
    value_range,
)
from kpi.charts.control import Ring, Usual, ringed, usual_band
from kpi.charts.drawing import Drawing, scatter_of
from kpi.charts.flags import Flag, show_flags
from kpi.charts.kept import kept
from kpi.charts.point import Point
from kpi.charts.theme import Look, figure, look
from kpi.i18n import _
from kpi.model import Unit

#: More periods than this get small marks: large ones would run into each other.
_MANY = 70


@kept
def trend(
    points: Sequence[Point],
    unit: Unit,
    *,
    colour: str,
    target: float | None = None,
    target_label: str = "",
    earlier: Sequence[Point] = (),
    earlier_label: str = "",
    flags: Sequence[Flag] = (),
    usual: Sequence[Usual | None] = (),
    rings: Sequence[Ring] = (),
    theme: str = "light",
    height: int = 320,
    most_named: int = 13,
) -> Drawing:
    """A line through `points`, oldest first; `height` in pixels.

    `most_named`: of so many periods at most the name stands below; fewer in a narrow place.

    `earlier` (the same periods a year before, one for one) is a thin grey line with its label. The
    95 % interval is a pale band. The axis starts at zero unless the line lies far from it. What
    rests on too few rows is grey. Where it is known what is usual (`usual`, one per point) that is
    the band, and what is not usual has a ring.
    """
    of = look(theme)
    traces: list[Any] = usual_band(usual, of) if any(usual) else []
    if not traces and any(point.low is not None and point.high is not None for point in points):
        traces += _band(points, colour)
    if any(point.value is not None for point in earlier):
        traces.append(_earlier(earlier, unit, of))
    traces += strokes(points, colour, of, 2.2 if len(points) <= 2 * _MANY else 1.3)
    traces.append(marks(points, unit, colour, of))
    traces += ringed(rings, points, of)
    made = figure(traces, of, height)
    show_periods(made, [point.label for point in points], most_named)
    bare = any(usual)
    between = [
        n for p in points for n in ((p.value,) if bare or p.too_few else (p.low, p.value, p.high))
    ]
    limits = [n for one in usual if one for n in (one.low, one.high)]
    shown = between + limits + [p.value for p in earlier]
    axis = value_range(shown, unit, target)
    if flags:
        axis = _below_flags(axis, rings, points)
    if any(number is not None for number in shown):
        show_values(made, axis, unit)
    if target is not None:
        curves = [[point.value for point in curve] for curve in (points, earlier)]
        show_target(made, target, target_label, of, axis, curves)
    show_flags(made, flags, len(points), of)
    ends = _end(points, unit, colour, of)
    ends += _name(earlier, earlier_label, of) if earlier_label else []
    show_ends(made, ends, axis, len(points) - 1)
    return made


def _below_flags(axis: Range, rings: Sequence[Ring], points: Sequence[Point]) -> Range:
    """The axis with room for the words above rings: a flag above the figure would cover them."""
    told = [points[ring.place].value for ring in rings if ring.up and ring.word]
    highest = max((value for value in told if value is not None), default=axis.bottom)
    return replace(axis, top=max(axis.top, highest + 0.16 * (highest - axis.bottom)))


@dataclass(frozen=True)
class Courses:
    """The values that one line is drawn through, part by part; None: no line there.

    `whole` between whole periods, `unfinished` to and from one that is not, `pale` through what
    rests on too few (all None where nothing does).
    """

    whole: list[float | None]
    unfinished: list[float | None]
    pale: list[float | None]


def courses(points: Sequence[Point]) -> Courses:
    """Part by part, each a value per point."""
    values = [point.value for point in points]
    whole = [None if point.partial or point.too_few else point.value for point in points]
    beside: list[float | None] = [None] * len(points)
    for i, point in enumerate(points):
        if point.partial and not point.too_few:
            for j in (i - 1, i, i + 1):
                if 0 <= j < len(points) and not points[j].too_few:
                    beside[j] = values[j]
    few = any(point.too_few and point.value is not None for point in points)
    return Courses(whole, beside, values if few else [None] * len(points))


def strokes(
    points: Sequence[Point], colour: str, of: Look, width: float = 2.2, *, grey: bool = True
) -> list[Any]:
    """Solid between whole periods; to and from an unfinished one dotted; grey where too few.

    `grey`: points that rest on too few are held together by a thin grey line.
    """
    parts = courses(points)
    places = list(range(len(points)))
    drawn = []
    if grey and any(value is not None for value in parts.pale):
        pale = {"color": faint(of.quiet, 0.5), "width": 1}
        drawn.append(line(x=places, y=parts.pale, line=pale))
    if any(value is not None for value in parts.unfinished):
        dotted = {"color": colour, "width": min(1.8, width), "dash": "dot"}
        drawn.append(line(x=places, y=parts.unfinished, line=dotted))
    drawn.append(line(x=places, y=parts.whole, line={"color": colour, "width": width}))
    return drawn


def marks(
    points: Sequence[Point], unit: Unit, colour: str, of: Look, name: str = "", many: int = _MANY
) -> Any:
    """A mark per period, hollow where it is unfinished, with all there is to say when pointed at.

    More than `many` periods have small ones.
    """
    size = 6 if len(points) <= many else 3
    colours = [of.quiet if point.too_few else colour for point in points]
    hollow = [point.partial or point.too_few for point in points]
    return scatter_of(
        x=list(range(len(points))),
        y=[point.value for point in points],
        mode="markers",
        marker={
            "color": [
                of.ground if empty else own for empty, own in zip(hollow, colours, strict=True)
            ],
            "size": [size + 2 if p.partial and not p.too_few else size - p.too_few for p in points],
            "line": {
                "color": colours,
                "width": [
                    2 if p.partial and not p.too_few else 1 if empty else 0
                    for p, empty in zip(points, hollow, strict=True)
                ],
            },
        },
        hovertemplate=[hover(point, unit, name) for point in points],
        customdata=[[point.key, name] for point in points],
        # Half a mark on the axis would look like another one.
        cliponaxis=False,
    )


def said(point: Point, unit: Unit) -> list[str]:
    """What is said of a point, in lines: period, value, interval, n."""
    lines = [point.full, formats.value(point.value, unit, point.low, point.high)]
    between = formats.interval(point.low, point.high, unit)
    if between:
        lines.append(_("95% interval {interval}").format(interval=between))
    lines.append(f"n = {formats.number(point.n)}")
    if point.too_few:
        lines.append(_("too few for a conclusion"))
    if point.partial:
        lines.append(_("not complete"))
    return lines


def hover(point: Point, unit: Unit, name: str = "") -> str:
    """The same as Plotly wants it, the first line bold: the `name` of the group, if it has one."""
    first, *rest = [*([plain(name)] if name else []), *said(point, unit)]
    return "<br>".join([f"<b>{first}</b>", *rest]) + "<extra></extra>"


def last_known(points: Sequence[Point]) -> tuple[int, Point] | None:
    """The last period that has a value, with its place."""
    return next(((i, p) for i, p in reversed(list(enumerate(points))) if p.value is not None), None)


def last_whole(points: Sequence[Point]) -> tuple[int, Point] | None:
    """The one whose value stands at the end of a line: the last that is over, as sentences tell it.

    Where none is over, the last that has a value.
    """
    over = [None if point.partial else point.value for point in points]
    place = next((i for i in reversed(range(len(over))) if over[i] is not None), None)
    return last_known(points) if place is None else (place, points[place])


def _earlier(points: Sequence[Point], unit: Unit, of: Look) -> Any:
    return scatter_of(
        x=list(range(len(points))),
        y=[point.value for point in points],
        mode="lines",
        line={"color": faint(of.quiet, 0.75), "width": 1.1},
        hovertemplate=[hover(point, unit) for point in points],
    )


def _band(points: Sequence[Point], colour: str) -> list[Any]:
    # Of few the interval is most of the figure: a block of colour where little is known.
    inside = [
        (i, p)
        for i, p in enumerate(points)
        if p.low is not None and p.high is not None and not p.too_few
    ]
    places = [i for i, _point in inside]
    bare = {"width": 0}
    return [
        line(x=places, y=[point.low for _i, point in inside], line=bare),
        line(
            x=places,
            y=[point.high for _i, point in inside],
            fill="tonexty",
            fillcolor=faint(colour, 0.17),
            line=bare,
        ),
    ]


def _end(points: Sequence[Point], unit: Unit, colour: str, of: Look) -> list[End]:
    found, last = last_whole(points), last_known(points)
    if found is None or last is None:
        return []
    place, point = found
    assert point.value is not None
    sure = not point.too_few and not point.partial
    value = formats.value(point.value, unit, point.low, point.high)
    ink = of.ink if sure else of.quiet
    return [End(place, point.value, value, colour, ink, bold=sure, beyond=last[0])]


def _name(points: Sequence[Point], label: str, of: Look) -> list[End]:
    found = last_known(points)
    if found is None or found[1].value is None:
        return []
    return [End(found[0], found[1].value, label, of.quiet, of.quiet)]
