"""The field of a figure over time in SVG of our own, and what is drawn in it: the same large and small.

It is as wide as there is room for: what lies across goes by shares of the width, what stands upright by
pixels. What stands around the field lies in the margin of the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi.charts.axis import Range, named_ticks, some
from kpi.charts.control import Ring, Usual
from kpi.charts.flags import Flag, named_on, together
from kpi.charts.point import Point
from kpi.charts.strokes import courses, runs
from kpi.model import Unit

#: As wide as a letter of the figures is on average, in pixels.
PER_LETTER = 6.6
#: Half a period of air, and a little, on both sides.
_AIR = 0.6
#: As wide as a column is, where a period is one.
_COLUMN = 0.7
#: The inside of what is drawn as one line is this wide, whatever the page is.
_WIDE = 1000


@dataclass(frozen=True)
class Field:
    """Where a value and a place lie in it: `high` in pixels, `first` and `last` are its edges."""

    axis: Range
    high: float
    first: float
    last: float

    @classmethod
    def of(cls, axis: Range, high: float, periods: int) -> Field:
        """With room for so many periods."""
        return cls(axis, high, -_AIR, max(periods - 1, 0) + _AIR)

    def y(self, value: float) -> float:
        """How far below its top."""
        room = (self.axis.top - self.axis.bottom) or 1.0
        return (self.axis.top - value) / room * self.high

    def across(self, place: float) -> str:
        """How far from its left side."""
        return f"{100 * self._share(place):.2f}%"

    def inside(self, place: float, value: float) -> str:
        """A point of what is drawn as one line (`one_line`)."""
        return f"{_WIDE * self._share(place):.1f},{self.y(value):.1f}"

    def one_line(self, parts: Iterable[str]) -> str:
        """What is drawn through points, as wide as the field."""
        size = (
            f'viewBox="0 0 {_WIDE} {self.high:g}" preserveAspectRatio="none" height="{self.high:g}"'
        )
        return f'<svg width="100%" {size}>{"".join(parts)}</svg>'

    def catch(self) -> str:
        """What lies over it, so that it can be pointed at anywhere."""
        return f'<rect class="catch" width="100%" height="{self.high:g}"/>'

    def _share(self, place: float) -> float:
        return (place - self.first) / (self.last - self.first)


def left_of(axis: Range, unit: Unit, about: int) -> int:
    """The room that the values beside the field need, in pixels."""
    _at, said = named_ticks(axis, unit, about)
    return 14 + round(PER_LETTER * max((len(one) for one in said), default=0))


def value_lines(field: Field, unit: Unit, about: int) -> Iterable[str]:
    """About so many lines across, each with what it stands for beside it."""
    for tick, said in zip(*named_ticks(field.axis, unit, about), strict=True):
        y = field.y(tick)
        if -0.5 <= y <= field.high + 0.5:
            yield f'<line class="grid" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="value" x="0" dx="-6" y="{y:.1f}" dy="4">{escape(said)}</text>'


def band(field: Field, usual: Sequence[Usual | None]) -> Iterable[str]:
    """Between the limits, step by step: half a period to either side, for a limit is of a whole one."""
    inside = [(i + side, one) for i, one in enumerate(usual) if one for side in (-0.5, 0.5)]
    if inside:
        # Beyond the axis it would lie over the name above the field.
        high = [field.inside(i, min(one.high, field.axis.top)) for i, one in inside]
        low = [field.inside(i, max(one.low, field.axis.bottom)) for i, one in inside]
        yield f'<polygon class="usual" points="{" ".join([*high, *reversed(low)])}"/>'
        yield polyline("centre", [field.inside(i, one.centre) for i, one in inside])


def strokes(field: Field, points: Sequence[Point], *, pale: bool = True) -> Iterable[str]:
    """Solid between whole periods; to and from an unfinished one dotted; thin, where `pale`, if too few."""
    drawn = courses(points)
    if pale:
        yield from course(field, "pale", drawn.pale)
    yield from course(field, "dotted", drawn.unfinished)
    yield from course(field, "line", drawn.whole)


def course(field: Field, kind: str, through: Sequence[float | None]) -> Iterable[str]:
    """A line through these values, broken where there is none."""
    for run in runs(through):
        if len(run) > 1:
            # Of a run every value is known.
            yield polyline(kind, [field.inside(i, through[i] or 0.0) for i in run])


def polyline(kind: str, places: Sequence[str]) -> str:
    """A line through places as `Field.inside` tells them."""
    return f'<polyline class="{kind}" points="{" ".join(places)}"/>'


def target_line(field: Field, at: float | None) -> Iterable[str]:
    """A dashed line over the whole width; nothing where it lies outside."""
    if at is not None and field.axis.bottom <= at <= field.axis.top:
        y = field.y(at)
        yield f'<line class="target" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'


def flagged(field: Field, happened: Sequence[Flag], periods: int) -> Iterable[str]:
    """An upright line per moment. Where some stand together it is that of the first: the list says the days."""
    for group in together(happened, periods):
        x = field.across(group[0].place)
        yield f'<line class="flag" x1="{x}" x2="{x}" y2="{field.high:g}"/>'


def numbered(field: Field, groups: Sequence[Sequence[Flag]]) -> Iterable[str]:
    """Above the lines the numbers of their flags, with what happened."""
    for group in groups:
        x, numbers = field.across(group[0].place), named_on(group)
        wide = 8 + PER_LETTER * len(numbers)
        words = "\n".join(str(escape(flag.text)) for flag in group)
        yield (
            f'<g class="number"><title>{words}</title>'
            f'<rect x="{x}" y="-15" width="{wide:.0f}" height="14"'
            f' transform="translate({-wide / 2:.1f} 0)"/>'
            f'<text x="{x}" y="-4">{escape(numbers)}</text></g>'
        )


def ringed(field: Field, rings: Sequence[Ring], points: Sequence[Point]) -> Iterable[str]:
    """A ring around each point that is not usual."""
    for ring in rings:
        value = points[ring.place].value
        if value is not None:
            at = f'cx="{field.across(ring.place)}" cy="{field.y(value):.1f}"'
            kind, r = ("ring within", 5.0) if ring.within else ("ring", 7.5)
            yield f'<circle class="{kind}" {at} r="{r:g}"/>'


def marks(
    field: Field, points: Sequence[Point], many: int, *, start: int = 0, of: str = ""
) -> Iterable[str]:
    """A mark per point, hollow where it is unfinished; more than `many` have small ones.

    Args:
        field: that they lie in.
        points: one per period.
        many: from here on small.
        start: the number of the first among all marks of the figure.
        of: more that each says of itself, as an attribute.
    """
    size = 3.0 if len(points) <= many else 1.5
    for i, point in enumerate(points):
        if point.value is None:
            continue
        kind, r = "mark", size
        if point.too_few:
            kind, r = "mark few", size - 0.25
        elif point.partial:
            kind, r = "mark open", size + 1
        yield (
            f'<circle class="{kind}" data-at="{start + i}"{of} cx="{field.across(i)}"'
            f' cy="{field.y(point.value):.1f}" r="{r:g}"/>'
        )


def column(
    field: Field, place: int, kind: str, top: float, high: float, *, at: int, row: int
) -> str:
    """An upright bar at a period, `top` and `high` in pixels: mark `at` of the figure, of its line or row `row`."""
    wide = f"{100 * _COLUMN / (field.last - field.first):.2f}%"
    return (
        f'<rect class="{kind}" data-at="{at}" data-of="{row}" x="{field.across(place - _COLUMN / 2)}"'
        f' width="{wide}" y="{top:.1f}" height="{high:.1f}"/>'
    )


def period_names(field: Field, labels: Sequence[str], most: int) -> Iterable[str]:
    """The names below, at most so many; the year under the first of each that is named."""
    year = told = ""
    years = []
    for label in labels:
        year = label.partition("<br>")[2] or year
        years.append(year)
    for i in some([i for i, label in enumerate(labels) if label], most):
        x = field.across(i)
        lines = [labels[i].partition("<br>")[0]]
        if years[i] != told:
            lines.append(years[i])
            told = years[i]
        for line, text in enumerate(lines):
            y = field.high + 15 + 14 * line
            yield f'<text class="period" x="{x}" y="{y:g}">{escape(text)}</text>'
