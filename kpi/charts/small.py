"""Small figures of one KPI beside each other: a line per group, on one scale and one time axis.

Drawn in SVG of our own, not by Plotly: a page with a dozen small figures of Plotly's takes the browser
a second and more, these take none that can be felt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi import formats
from kpi.charts.axis import Range, short_both
from kpi.charts.control import Ring, Usual
from kpi.charts.drawn import Drawn
from kpi.charts.field import (
    PER_LETTER,
    Field,
    band,
    flagged,
    left_of,
    marks,
    numbered,
    period_names,
    ringed,
    strokes,
    target_line,
    value_lines,
)
from kpi.charts.flags import NEAR_IN_NARROW, Flag, together
from kpi.charts.lines import Series
from kpi.charts.point import Point
from kpi.charts.strokes import last_known, last_whole, said, said_last
from kpi.escape import one_line
from kpi.i18n import _
from kpi.model import Unit

#: Upright, in pixels: the room for a name, for flags, for the names of the periods, and the field.
_NAME, _FLAGS, _BELOW, _FIELD = 22, 16, 34, 112
#: To the right, at least, for the last value.
_RIGHT = 58
_LONGEST_TITLE = 42
#: Between the last point and its value.
_CLEAR = 9
#: About so many values, and at most so many periods, are named.
_TICKS, _NAMED = 3, 3
#: Small marks from so many periods on.
_MANY = 14


@dataclass(frozen=True)
class Small:
    """One group: its line, its target, what happened, what is usual, and the points that are not.

    The colour is that of the series; the rest follows the theme of the page.
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
    # Compared with each other: 22 h beside 2,8 d would look like more.
    with formats.alike(unit, [point.value for one in figures for point in one.series.points]):
        return _small(figures, unit, axis, flags_named)


def _small(figures: Sequence[Small], unit: Unit, axis: Range, flags_named: bool) -> Drawn:
    made = []
    flagged = any(one.flags for one in figures)
    longest = max((len(said_last(one.series.points, unit)) for one in figures), default=0)
    right = max(_RIGHT, _CLEAR + 4 + round(PER_LETTER * longest))
    for place, one in enumerate(figures):
        made.append(_figure(one, unit, axis, place, right, flagged, flags_named or not place))
    note = f'<p class="note">{escape(_("axis does not start at zero"))}</p>'
    html = f'<div class="kz kz-drawn kz-time kz-small">{"".join(made)}</div>{note if axis.bottom > 0 else ""}'
    return Drawn(
        html,
        tuple(
            tuple(tuple(said(p, unit)) if p.value is not None else () for p in one.series.points)
            for one in figures
        ),
        tuple(point.key for point in figures[0].series.points) if figures else (),
        tuple(one.series.name for one in figures),
    )


def _figure(
    one: Small, unit: Unit, axis: Range, place: int, right: int, with_flags: bool, named: bool
) -> str:
    points = one.series.points
    field = Field.of(axis, _FIELD, len(points))
    left = left_of(axis, unit, _TICKS)
    top = _NAME + (_FLAGS if with_flags else 0)
    parts = [
        _name(one.series.name, -left, 14 - top),
        *value_lines(field, unit, _TICKS),
        field.one_line([*band(field, one.usual), *strokes(field, points)]),
        *target_line(field, one.target),
        *flagged(field, one.flags, len(points)),
        *(numbered(field, together(one.flags, len(points), NEAR_IN_NARROW)) if named else ()),
        *ringed(field, one.rings, points),
        *marks(field, points, _MANY),
        *period_names(field, [point.label for point in points], _NAMED),
        *_end(field, points, unit),
        field.catch(),
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


def _end(field: Field, points: Sequence[Point], unit: Unit) -> Iterable[str]:
    """The last value of a period that is over: beside the field, or where the line ends sooner."""
    found, drawn = last_whole(points), last_known(points)
    if found is None or drawn is None:
        return
    place, point = found
    assert point.value is not None
    value = said_last(points, unit)
    at = field.y(point.value)
    y = min(max(at, 4.0), _FIELD - 4.0)
    kind = "end few" if point.too_few or point.partial else "end"
    x = "100%" if drawn[0] == len(points) - 1 else field.across(drawn[0])
    if drawn[0] > place:
        # Past the unfinished one, to show which of the two it is the value of.
        yield f'<line class="lead" x1="{field.across(place)}" x2="{x}" y1="{at:.1f}" y2="{at:.1f}"/>'
    # Clear of a ring around the point; pointing at it is pointing at its mark.
    yield f'<text class="{kind}" data-at="{place}" x="{x}" dx="{_CLEAR}" y="{y:.1f}" dy="4">{escape(value)}</text>'
