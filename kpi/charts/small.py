"""Small figures of one KPI beside each other: a line per group, on one scale and one time axis.

Drawn in SVG of our own, not by Plotly: a page with a dozen small figures of Plotly's takes the browser
a second and more, these take none that can be felt. They are as wide as there is room for: what lies
across goes by shares of the width, what stands upright by pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi import formats
from kpi.charts.axis import Range, named_ticks, short_both, some
from kpi.charts.control import Ring, Usual
from kpi.charts.drawn import Drawn
from kpi.charts.flags import Flag, named_on, together
from kpi.charts.lines import Series
from kpi.charts.point import Point
from kpi.charts.trend import courses, last_known, last_whole, said
from kpi.escape import one_line
from kpi.i18n import _
from kpi.model import Unit

#: Upright, in pixels: the room for a name, for flags, for the names of the periods, and the field.
_NAME, _FLAGS, _BELOW, _FIELD = 22, 16, 34, 112
#: To the right, at least, for the last value, and per letter of it and of the value axis.
_RIGHT, _PER_LETTER = 58, 6.6
_LONGEST_TITLE = 42
#: Between the last point and its value.
_CLEAR = 9
#: Small marks from so many periods on.
_MANY = 14
#: The inside of what is drawn as one line is this wide, whatever the page is.
_WIDE = 1000


@dataclass(frozen=True)
class Small:
    """One group: its line, its target, what happened, what is usual, and the points that are not.

    `series.colour` is #rrggbb; the rest follows the theme of the page.
    """

    series: Series
    target: float | None = None
    flags: tuple[Flag, ...] = ()
    usual: tuple[Usual | None, ...] = ()
    rings: tuple[Ring, ...] = ()


def small(figures: Sequence[Small], unit: Unit, axis: Range, *, flags_named: bool = True) -> Drawn:
    """All of them on the scale `axis`; a mark tells its period and the name of its figure.

    Args:
        figures: one per group, each with a point for every period, the same periods in all.
        unit: of the values.
        axis: from where to where the value axis goes.
        flags_named: each has the numbers of its flags; without it only the first, for all.
    """
    made = []
    flagged = any(one.flags for one in figures)
    longest = max((len(_last(one.series.points, unit)) for one in figures), default=0)
    right = max(_RIGHT, _CLEAR + 4 + round(_PER_LETTER * longest))
    for place, one in enumerate(figures):
        made.append(_figure(one, unit, axis, place, right, flagged, flags_named or not place))
    note = f'<p class="note">{escape(_("axis does not start at zero"))}</p>'
    html = (
        f'<div class="kz kz-drawn kz-small">{"".join(made)}</div>{note if axis.bottom > 0 else ""}'
    )
    return Drawn(
        html,
        tuple(
            tuple(tuple(said(p, unit)) if p.value is not None else () for p in one.series.points)
            for one in figures
        ),
        tuple(point.key for point in figures[0].series.points) if figures else (),
        tuple(one.series.name for one in figures),
    )


@dataclass(frozen=True)
class _Field:
    """Where a value and a period lie in it."""

    axis: Range
    periods: int

    def y(self, value: float) -> float:
        room = (self.axis.top - self.axis.bottom) or 1.0
        return (self.axis.top - value) / room * _FIELD

    def share(self, place: float) -> float:
        # Half a period of air on both sides, as in the large figures.
        return (place + 0.6) / (max(self.periods - 1, 0) + 1.2)

    def across(self, place: float) -> str:
        return f"{100 * self.share(place):.2f}%"

    def inside(self, place: float, value: float) -> str:
        return f"{_WIDE * self.share(place):.1f},{self.y(value):.1f}"


def _figure(
    one: Small, unit: Unit, axis: Range, place: int, right: int, flagged: bool, named: bool
) -> str:
    points = one.series.points
    field = _Field(axis, len(points))
    at, values = named_ticks(axis, unit, about=3)
    left = 10 + round(_PER_LETTER * max((len(value) for value in values), default=0))
    top = _NAME + (_FLAGS if flagged else 0)
    stretched = f'viewBox="0 0 {_WIDE} {_FIELD}" preserveAspectRatio="none" height="{_FIELD}"'
    parts = [
        _name(one.series.name, -left, 14 - top),
        *_values(field, at, values),
        f'<svg width="100%" {stretched}>',
        *_band(field, one.usual),
        *_strokes(field, points),
        "</svg>",
        *_target(field, one.target),
        *_flags(field, one.flags, named),
        *_rings(field, one.rings, points),
        *_marks(field, points),
        *_periods(field, points),
        *_end(field, points, unit),
        f'<rect class="catch" width="100%" height="{_FIELD}"/>',
    ]
    found = last_whole(points)
    told = f"{one.series.name}: {', '.join(said(found[1], unit))}" if found else one.series.name
    # The names around the field lie outside of it, in the margin of the picture.
    room = f"margin: {top}px {right}px {_BELOW}px {left}px; width: calc(100% - {left + right}px)"
    return (
        f'<svg class="one" role="img" tabindex="0" data-place="{place}" height="{_FIELD}"'
        f' style="--own: {one.series.colour}; {room}" aria-label="{escape(told)}">'
        f"{''.join(parts)}</svg>"
    )


def _name(text: str, x: int, y: int) -> str:
    name = one_line(text)
    short = short_both(name, _LONGEST_TITLE)
    title = f"<title>{escape(name)}</title>" if short != name else ""
    return f'<text class="name" x="{x}" y="{y}">{escape(short)}{title}</text>'


def _values(field: _Field, at: Sequence[float], values: Sequence[str]) -> Iterable[str]:
    for tick, value in zip(at, values, strict=True):
        y = field.y(tick)
        if -0.5 <= y <= _FIELD + 0.5:
            yield f'<line class="grid" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="value" x="0" dx="-6" y="{y:.1f}" dy="4">{escape(value)}</text>'


def _band(field: _Field, usual: Sequence[Usual | None]) -> Iterable[str]:
    """Between the limits, step by step: half a period to either side, for a limit is of a whole one."""
    inside = [(i + side, one) for i, one in enumerate(usual) if one for side in (-0.5, 0.5)]
    if inside:
        high = [field.inside(i, one.high) for i, one in inside]
        low = [field.inside(i, one.low) for i, one in inside]
        yield f'<polygon class="usual" points="{" ".join([*high, *reversed(low)])}"/>'
        yield _line("centre", [field.inside(i, one.centre) for i, one in inside])


def _strokes(field: _Field, points: Sequence[Point]) -> Iterable[str]:
    drawn = courses(points)
    for kind, values in (
        ("pale", drawn.pale), ("dotted", drawn.unfinished), ("line", drawn.whole),
    ):  # fmt: skip
        run: list[str] = []
        for i, value in enumerate([*values, None]):
            if value is not None:
                run.append(field.inside(i, value))
            elif run:
                if len(run) > 1:
                    yield _line(kind, run)
                run = []


def _line(kind: str, places: Sequence[str]) -> str:
    return f'<polyline class="{kind}" points="{" ".join(places)}"/>'


def _target(field: _Field, target: float | None) -> Iterable[str]:
    if target is not None and field.axis.bottom <= target <= field.axis.top:
        y = field.y(target)
        yield f'<line class="target" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'


def _flags(field: _Field, flags: Sequence[Flag], named: bool) -> Iterable[str]:
    """An upright line per moment, and above it, where `named`, its numbers with what happened."""
    for group in together(flags, field.periods):
        x = field.across(group[0].place)
        yield f'<line class="flag" x1="{x}" x2="{x}" y2="{_FIELD}"/>'
        if named:
            numbers = named_on(group)
            wide = 8 + _PER_LETTER * len(numbers)
            words = "\n".join(str(escape(flag.text)) for flag in group)
            yield (
                f'<g class="number"><title>{words}</title>'
                f'<rect x="{x}" y="-15" width="{wide:.0f}" height="14"'
                f' transform="translate({-wide / 2:.1f} 0)"/>'
                f'<text x="{x}" y="-4">{escape(numbers)}</text></g>'
            )


def _rings(field: _Field, rings: Sequence[Ring], points: Sequence[Point]) -> Iterable[str]:
    for ring in rings:
        value = points[ring.place].value
        if value is not None:
            yield f'<circle class="ring" cx="{field.across(ring.place)}" cy="{field.y(value):.1f}" r="7.5"/>'


def _marks(field: _Field, points: Sequence[Point]) -> Iterable[str]:
    size = 3.0 if len(points) <= _MANY else 1.5
    for i, point in enumerate(points):
        if point.value is None:
            continue
        kind, r = "mark", size
        if point.too_few:
            kind, r = "mark few", size - 0.25
        elif point.partial:
            kind, r = "mark open", size + 1
        yield (
            f'<circle class="{kind}" data-at="{i}" cx="{field.across(i)}"'
            f' cy="{field.y(point.value):.1f}" r="{r:g}"/>'
        )


def _periods(field: _Field, points: Sequence[Point]) -> Iterable[str]:
    labelled = [i for i, point in enumerate(points) if point.label]
    for i in some(labelled, 3):
        x = field.across(i)
        for line, text in enumerate(points[i].label.split("<br>")):
            yield f'<text class="period" x="{x}" y="{_FIELD + 15 + 14 * line}">{escape(text)}</text>'


def _end(field: _Field, points: Sequence[Point], unit: Unit) -> Iterable[str]:
    """The last value of a period that is over: beside the field, or where the line ends sooner."""
    found, drawn = last_whole(points), last_known(points)
    if found is None or drawn is None:
        return
    place, point = found
    assert point.value is not None
    value = _last(points, unit)
    at = field.y(point.value)
    y = min(max(at, 4.0), _FIELD - 4.0)
    kind = "end few" if point.too_few or point.partial else "end"
    x = "100%" if drawn[0] == len(points) - 1 else field.across(drawn[0])
    if drawn[0] > place:
        # Past the unfinished one, to show which of the two it is the value of.
        yield f'<line class="lead" x1="{field.across(place)}" x2="{x}" y1="{at:.1f}" y2="{at:.1f}"/>'
    # Clear of a ring around the point.
    yield f'<text class="{kind}" x="{x}" dx="{_CLEAR}" y="{y:.1f}" dy="4">{escape(value)}</text>'


def _last(points: Sequence[Point], unit: Unit) -> str:
    """The same in words; empty where there is none."""
    found = last_whole(points)
    return formats.value(found[1].value, unit, found[1].low, found[1].high) if found else ""
