"""One KPI over time: a line, its target, its interval, and an unfinished last period set apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from markupsafe import escape

from kpi import formats
from kpi.charts.axis import Range, value_range
from kpi.charts.control import Ring, Usual
from kpi.charts.course import aim, around, field_of, happened, named, whole
from kpi.charts.drawn import Drawn
from kpi.charts.ends import End
from kpi.charts.field import Field, band, course, marks, ringed, strokes
from kpi.charts.flags import Flag
from kpi.charts.point import Point
from kpi.charts.strokes import last_known, last_whole, runs, said, said_last
from kpi.charts.theme import INK, QUIET
from kpi.model import Unit

#: More periods than this get small marks: large ones would run into each other.
_MANY = 70
#: A word of a ring this near to the side stays within the field.
_NEAR = 0.06
#: So much of the width a word of a ring takes in a narrow place.
_WORD = 0.16


def trend(
    points: Sequence[Point],
    unit: Unit,
    *,
    colour: str = INK,
    target: float | None = None,
    target_label: str = "",
    earlier: Sequence[Point] = (),
    earlier_label: str = "",
    flags: Sequence[Flag] = (),
    usual: Sequence[Usual | None] = (),
    rings: Sequence[Ring] = (),
    title: str = "",
    height: int = 320,
) -> Drawn:
    """A line through `points`, oldest first; `height` in pixels. A mark tells the key of its period.

    `title` is what it is of, read out with the last value.

    `earlier` (the same periods a year before, one for one) is a thin grey line with its label. The
    95 % interval is a pale band. The axis starts at zero unless the line lies far from it. What
    rests on too few rows is grey. Where it is known what is usual (`usual`, one per point) that is
    the band, and what is not usual has a ring.
    """
    shown = _shown(points, earlier, usual)
    axis = value_range(shown, unit, target)
    if flags:
        axis = _below_flags(axis, rings, points)
    field = field_of(axis, height, bool(flags), len(points))
    before = [point.value for point in earlier]
    curves = [[point.value for point in points], before]
    dense = " dense" if len(points) > 2 * _MANY else ""
    parts = [
        *around(field, unit, any(number is not None for number in shown)),
        field.one_line([
            *(band(field, usual) if any(usual) else _interval(field, points)),
            *course(field, "earlier", before),
            *strokes(field, points),
        ]),
        *aim(field, target, target_label, curves),
        *happened(field, flags, len(points)),
        *ringed(field, rings, points),
        *_words(field, rings, points),
        *_lone(field, before),
        *_earlier_alone(field, points, before),
        *marks(field, points, _MANY),
        *named(field, [point.label for point in points]),
    ]  # fmt: skip
    ends = _end(points, unit, colour)
    ends += _name(earlier, earlier_label) if earlier_label else []
    found = last_whole(points)
    html = whole(
        field,
        [f'<g class="lines{dense}" style="--own: {colour}">', *parts, "</g>"],
        ends, unit, flagged=bool(flags),
        told=": ".join(filter(None, (title, ", ".join(said(found[1], unit)) if found else ""))),
    )  # fmt: skip
    told = [_told(point, i, earlier, unit) for i, point in enumerate(points)]
    return Drawn(html, (tuple(told),), tuple(point.key for point in points))


def _shown(
    points: Sequence[Point], earlier: Sequence[Point], usual: Sequence[Usual | None]
) -> list[float | None]:
    """Every number that is drawn, for the scale."""
    bare = any(usual)
    between = [
        n for p in points for n in ((p.value,) if bare or p.too_few else (p.low, p.value, p.high))
    ]
    limits = [n for one in usual if one for n in (one.low, one.high)]
    return between + limits + [p.value for p in earlier]


def _below_flags(axis: Range, rings: Sequence[Ring], points: Sequence[Point]) -> Range:
    """The axis with room for the words above rings: a flag above the figure would cover them."""
    told = [points[ring.place].value for ring in rings if ring.up and ring.word]
    highest = max((value for value in told if value is not None), default=axis.bottom)
    return replace(axis, top=max(axis.top, highest + 0.16 * (highest - axis.bottom)))


def _interval(field: Field, points: Sequence[Point]) -> Iterable[str]:
    """A pale band between the bounds. Of few it is most of the figure: none, where little is known."""
    bounds = [
        None if p.low is None or p.high is None or p.too_few else (p.low, p.high) for p in points
    ]
    for run in runs([None if both is None else both[0] for both in bounds]):
        inside = [(i, both) for i in run if (both := bounds[i]) is not None]
        high = [field.inside(i, both[1]) for i, both in inside]
        low = [field.inside(i, both[0]) for i, both in reversed(inside)]
        yield f'<polygon class="interval" points="{" ".join([*high, *low])}"/>'


def _words(field: Field, rings: Sequence[Ring], points: Sequence[Point]) -> Iterable[str]:
    """What stands above or below each ring; of words that would lie on each other only the first."""
    last = len(points) - 1
    written: list[tuple[float, float]] = []
    for ring in rings:
        value = points[ring.place].value
        if value is None or not ring.word:
            continue
        y = field.y(value)
        # Below one at the very bottom it would stand on the names of the periods.
        y += -12 if ring.up or y + 22 > field.high else 21
        if any(
            ring.place - at < _WORD * (last + 1) and abs(y - other) < 14 for at, other in written
        ):
            continue
        written.append((ring.place, y))
        side = "first" if ring.place < _NEAR * last else "last" if ring.place > (1 - _NEAR) * last else ""  # fmt: skip
        at = f'x="{field.across(ring.place)}" y="{y:.1f}"'
        yield f'<text class="word {side}" {at}>{escape(ring.word)}</text>'


def _earlier_alone(
    field: Field, points: Sequence[Point], before: Sequence[float | None]
) -> Iterable[str]:
    """A mark where only the year before has a value: elsewhere that is told with the year itself."""
    for i, (point, value) in enumerate(zip(points, before, strict=False)):
        if point.value is None and value is not None:
            at = f'cx="{field.across(i)}" cy="{field.y(value):.1f}"'
            yield f'<circle class="mark before" data-at="{i}" {at} r="2"/>'


def _lone(field: Field, before: Sequence[float | None]) -> Iterable[str]:
    """A dot where no line leads to a value of the year before."""
    for run in runs(before):
        if len(run) == 1 and (value := before[run[0]]) is not None:
            at = f'cx="{field.across(run[0])}" cy="{field.y(value):.1f}"'
            yield f'<circle class="lone" {at} r="2"/>'


def _told(point: Point, place: int, earlier: Sequence[Point], unit: Unit) -> tuple[str, ...]:
    """What is read when a period is pointed at, and of the year before."""
    before = earlier[place] if place < len(earlier) else None
    lines = [point.full] if point.value is None else said(point, unit)
    if before is not None and before.value is not None:
        value = formats.value(before.value, unit, before.low, before.high)
        lines.append(f"{before.full}: {value}")
    elif point.value is None:
        return ()
    return tuple(lines)


def _end(points: Sequence[Point], unit: Unit, colour: str) -> list[End]:
    found, last = last_whole(points), last_known(points)
    if found is None or last is None:
        return []
    place, point = found
    assert point.value is not None
    sure = not point.too_few and not point.partial
    value = said_last(points, unit)
    return [End(place, point.value, value, colour, place, sure=sure, large=sure, beyond=last[0])]


def _name(points: Sequence[Point], label: str) -> list[End]:
    found = last_known(points)
    if found is None or found[1].value is None:
        return []
    return [End(found[0], found[1].value, "", QUIET, found[0], label, sure=False)]
