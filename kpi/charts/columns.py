"""Rows of columns below each other over one axis, in SVG of our own: groups over time, or numbers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

from kpi import formats
from kpi.charts.axis import Range, short_both
from kpi.charts.course import beneath, named
from kpi.charts.drawn import Drawn
from kpi.charts.field import PER_LETTER, Field, column, target_line
from kpi.charts.point import Point
from kpi.charts.strokes import last_whole, said
from kpi.escape import one_line
from kpi.model import Unit

#: Upright, in pixels: the name of a row, and its columns with the figures above them.
_NAME, _FIELD = 34, 88
_ROW = _NAME + _FIELD
#: So much higher than the highest column is its row: there stands its figure.
_ABOVE = 1.28
#: The least width of the field, and in a narrow place.
_LEAST, _NARROW = 480, 270
_LONGEST_TITLE = 42


@dataclass(frozen=True)
class Strip:
    """One row of columns: a number, or a group, along the axis.

    Attributes:
        title: its name, which stands above it.
        points: one per place of the axis, the same places in all rows.
        unit: of the values.
        target: a dashed line, named `target_label` beside the title.
        named: the places whose figure is written, as it is at the last one, where there is room.
        out: the places that stand out; their figures are written too.
    """

    title: str
    points: tuple[Point, ...]
    unit: Unit
    target: float | None = None
    target_label: str = ""
    named: tuple[int, ...] = ()
    out: tuple[int, ...] = ()


def columns(strips: Sequence[Strip], *, alike: bool = False) -> Drawn:
    """The rows below each other, each on a scale of its own, or on one where they are of the same (`alike`).

    What is unfinished or rests on too few is hollow. A mark tells the key of its point.
    """
    labels = [point.label for point in strips[0].points] if strips else []
    tops = [_top(strip) for strip in strips]
    if alike and tops:
        tops = [max(tops)] * len(tops)
    parts: list[str] = []
    for row, (strip, top) in enumerate(zip(strips, tops, strict=True)):
        field = Field.of(Range(0, _ABOVE * top), _FIELD, len(labels))
        parts.append(_moved(_NAME + row * _ROW, _row(strip, field, row, row * len(labels))))
    high = len(strips) * _ROW
    # Below the last of them.
    names = named(Field.of(Range(0, 1), 0, len(labels)), labels)
    parts.append(_moved(high, "".join(names)))
    return Drawn(
        beneath(parts, high, len(labels), "; ".join(_told(strip) for strip in strips)),
        (tuple(_lines(strip, point) for strip in strips for point in strip.points),),
        tuple(point.key for strip in strips for point in strip.points),
    )


def _moved(down: int, drawn: str) -> str:
    return f'<g class="rows" transform="translate(0 {down})">{drawn}</g>'


def _top(strip: Strip) -> float:
    known = [point.value for point in strip.points if point.value is not None]
    return max([*known, strip.target or 0.0]) or 1.0


def _hollow(strip: Strip, point: Point) -> bool:
    # How many there are is known of few as well.
    return point.partial or (point.too_few and strip.unit is not Unit.COUNT)


def _lines(strip: Strip, point: Point) -> tuple[str, ...]:
    """What is read when it is pointed at: its row first."""
    if point.value is None:
        return ()
    lines = said(point, strip.unit)
    if strip.unit is Unit.COUNT:
        # Its number is how many there are.
        lines = [*lines[:2], *lines[-1:]] if point.partial else lines[:2]
    return (strip.title, *lines)


def _told(strip: Strip) -> str:
    """The last of a row, to be read out."""
    found = last_whole(strip.points)
    return ", ".join((strip.title, *_lines(strip, found[1])[1:])) if found else strip.title


def _row(strip: Strip, field: Field, row: int, start: int) -> str:
    return "".join(
        [
            _title(strip),
            f'<line class="grid" x2="100%" y1="{_FIELD}" y2="{_FIELD}"/>',
            *_bars(strip, field, row, start),
            *target_line(field, strip.target),
            # Where it runs through a figure it is broken (drawn.css).
            *_figures(strip, field, start),
            # Its name too: a short column leaves little to point at.
            f'<rect class="catch" data-row="{row}" y="{-_NAME}" width="100%" height="{_NAME + _FIELD}"/>',
        ]
    )


def _title(strip: Strip) -> str:
    name = one_line(strip.title)
    shown = short_both(name, _LONGEST_TITLE)
    whole = f"<title>{escape(name)}</title>" if shown != name else ""
    aim = (
        f'<tspan class="aside" dx="10">- - {escape(strip.target_label)}</tspan>'
        if strip.target_label
        else ""
    )
    return f'<text class="title" y="-9">{escape(shown)}{aim}{whole}</text>'


def _bars(strip: Strip, field: Field, row: int, start: int) -> Iterable[str]:
    for place, point in enumerate(strip.points):
        if point.value is None:
            continue
        top = field.y(point.value)
        kind = (
            "mark open" if _hollow(strip, point) else "mark out" if place in strip.out else "mark"
        )
        yield column(field, place, kind, top, _FIELD - top, at=start + place, row=row)


def _figures(strip: Strip, field: Field, start: int) -> Iterable[str]:
    texts = {
        i: formats.value(p.value, strip.unit, p.low, p.high)
        for i, p in enumerate(strip.points)
        if p.value is not None
    }
    last = max(texts, default=0)
    wanted = [*strip.out, last, *strip.named]
    wide, narrow = (_fitting(wanted, texts, field, width) for width in (_LEAST, _NARROW))
    for place in sorted(wide):
        kind = "figure" if place in narrow else "figure loose"
        y = field.y(strip.points[place].value or 0.0) - 6
        yield (
            f'<text class="{kind}" data-at="{start + place}" x="{field.across(place)}" y="{y:.1f}">'
            f"{escape(texts[place])}</text>"
        )


def _fitting(wanted: Sequence[int], texts: dict[int, str], field: Field, width: int) -> set[int]:
    """Those of the places whose figures do not run into each other, the first ones first."""
    apart = width / (field.last - field.first)
    found: set[int] = set()
    for place in wanted:
        if place not in texts:
            continue
        clear = (
            abs(place - other) * apart
            > PER_LETTER * (len(texts[place]) + len(texts[other])) / 2 + 3
            for other in found
        )
        if all(clear):
            found.add(place)
    return found
