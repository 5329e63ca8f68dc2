"""One KPI over time for several groups: lines in one figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi.charts.axis import short, short_both, value_range
from kpi.charts.course import aim, around, field_of, happened, named, whole
from kpi.charts.drawn import Drawn
from kpi.charts.ends import End
from kpi.charts.field import marks, strokes
from kpi.charts.flags import Flag
from kpi.charts.point import Point
from kpi.charts.strokes import last_known, last_whole, said, said_last
from kpi.escape import one_line
from kpi.model import Unit

#: More series than this are drawn apart.
MOST_LINES = 6
#: Most small figures; what is left over is said in words.
MOST_PANELS = 12
#: For whatever is not a process: told apart by colour-blind people, on a light and a dark ground.
OTHERS = ("#4477AA", "#B8478A", "#2E8B57", "#B0761F", "#2F97B5", "#E0607E")
_LONGEST_LABEL = 30
#: Small marks from so many periods on.
_MANY = 30


@dataclass(frozen=True)
class Series:
    """One group: its name, its periods, and its colour as a style sheet has it (`#rrggbb`, `var(--ink)`)."""

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


def lines(
    series: Sequence[Series],
    unit: Unit,
    *,
    target: float | None = None,
    target_label: str = "",
    flags: Sequence[Flag] = (),
    height: int = 380,
) -> Drawn:
    """Up to six lines, named where they end; a mark tells its key and the name of its line."""
    labels = [point.label for point in series[0].points] if series else []
    shown = numbers(series)
    field = field_of(value_range(shown, unit, target), height, bool(flags), len(labels))
    curves = [[point.value for point in one.points] for one in series]
    parts = [
        *around(field, unit, any(number is not None for number in shown)),
        *aim(field, target, target_label, curves),
        *happened(field, flags, len(labels)),
    ]
    for one in series:
        through = field.one_line(strokes(field, one.points, pale=False))
        parts.append(f'<g style="--own: {one.colour}">{through}</g>')
    for place, one in enumerate(series):
        found = marks(
            field, one.points, _MANY, start=place * len(labels), of=f' data-of="{place}"'
        )  # fmt: skip
        parts.append(f'<g style="--own: {one.colour}">{"".join(found)}</g>')
    parts += named(field, labels)
    ends = [end for place, one in enumerate(series) for end in _end(one, place, unit)]
    told = "; ".join(
        f"{one.name}: {said_last(one.points, unit)}" for one in series if last_known(one.points)
    )
    html = whole(field, parts, ends, unit, flagged=bool(flags), told=told, several=True)
    return Drawn(
        html,
        (tuple(_said(point, unit) for one in series for point in one.points),),
        tuple(point.key for one in series for point in one.points),
        tuple(one.name for one in series),
    )


def _said(point: Point, unit: Unit) -> tuple[str, ...]:
    return () if point.value is None else tuple(said(point, unit))


def _end(one: Series, of: int, unit: Unit) -> list[End]:
    found, last = last_whole(one.points), last_known(one.points)
    if found is None or last is None:
        return []
    place, point = found
    assert point.value is not None
    # Of a name of two the second may be long by itself.
    name = short(short_both(one_line(one.name), _LONGEST_LABEL), _LONGEST_LABEL + 4)
    mark = of * len(one.points) + place
    sure = not point.too_few and not point.partial
    value = said_last(one.points, unit)
    return [End(place, point.value, value, one.colour, mark, name, of, sure=sure, beyond=last[0])]
