"""Columns up for who came and down for who went, in SVG of our own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import escape

from kpi import formats
from kpi.charts.axis import Range
from kpi.charts.course import field_of, named, whole
from kpi.charts.drawn import Drawn
from kpi.charts.field import PER_LETTER, Field, column
from kpi.charts.point import Point
from kpi.charts.strokes import last_known
from kpi.model import Unit

#: The least width of the field in a narrow place.
_NARROW = 270


def flow(
    came: Sequence[Point],
    went: Sequence[Point],
    *,
    came_label: str,
    went_label: str,
    height: int = 300,
) -> Drawn:
    """Columns up for who came and down for who went, with their figures; unfinished are hollow.

    A mark tells the key of its point.
    """
    most = max((p.value or 0 for p in (*came, *went)), default=1) or 1
    field = field_of(Range(-1.25 * most, 1.25 * most), height, False, len(came))
    both = ((came, came_label, 1, "came"), (went, went_label, -1, "went"))
    longest = max((len(_said(point)) for points, *_more in both for point in points), default=0)
    # Where they would run into each other they are only read when pointed at.
    tight = "tight" if longest * PER_LETTER * len(came) > _NARROW else "loose"
    parts = [
        f'<line class="naught" x2="100%" y1="{field.y(0):.1f}" y2="{field.y(0):.1f}"/>',
        *_titles(field, came_label, went_label),
    ]
    for of, (points, _label, sign, kind) in enumerate(both):
        parts.append(f'<g class="{kind} {tight}">')
        parts += _columns(field, points, sign, of, of * len(came))
        parts.append("</g>")
    parts += named(field, [point.label for point in came])
    html = whole(
        field, parts, [], Unit.COUNT, flagged=False, told=_told(both), several=True, valued=False
    )  # fmt: skip
    return Drawn(
        html,
        (tuple(
            () if point.value is None else (point.full, f"{label}: {_said(point)}")
            for points, label, *_more in both
            for point in points
        ),),
        tuple(point.key for points, *_more in both for point in points),
    )  # fmt: skip


def _told(both: Iterable[tuple[Sequence[Point], str, int, str]]) -> str:
    """The last of both, to be read out."""
    last = [(label, found[1]) for points, label, *_more in both if (found := last_known(points))]
    return "; ".join(f"{label}, {point.full}: {_said(point)}" for label, point in last)


def _said(point: Point) -> str:
    return "" if point.value is None else formats.number(point.value)


def _titles(field: Field, came: str, went: str) -> Iterable[str]:
    for label, y in ((came, 0.0), (went, field.high - 2)):
        yield f'<text class="title" y="{y:g}">{escape(label)}</text>'


def _columns(
    field: Field, points: Sequence[Point], sign: int, of: int, start: int
) -> Iterable[str]:
    naught = field.y(0)
    for place, point in enumerate(points):
        if point.value is None:
            continue
        high = abs(field.y(sign * point.value) - naught)
        top = naught - high if sign > 0 else naught
        kind = "mark open" if point.partial else "mark"
        yield column(field, place, kind, top, high, at=start + place, row=of)
        y = naught - high - 5 if sign > 0 else naught + high + 14
        yield f'<text class="figure" x="{field.across(place)}" y="{y:.1f}">{_said(point)}</text>'
