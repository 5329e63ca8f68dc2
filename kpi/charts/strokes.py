"""What is drawn of a line over time, and what is said of its points: the same in large and small figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpi import formats
from kpi.charts.point import Point
from kpi.i18n import _
from kpi.model import Unit


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


def runs(values: Sequence[float | None]) -> list[list[int]]:
    """The places of values that follow each other without a gap."""
    found: list[list[int]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        if found and found[-1][-1] == place - 1:
            found[-1].append(place)
        else:
            found.append([place])
    return found


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


def last_known(points: Sequence[Point]) -> tuple[int, Point] | None:
    """The last point that has a value, and its place."""
    place = next((i for i in reversed(range(len(points))) if points[i].value is not None), None)
    return None if place is None else (place, points[place])


def last_whole(points: Sequence[Point]) -> tuple[int, Point] | None:
    """The point whose value stands at the end of a line: the last that is over, as sentences tell it.

    Where none is over, the last that has a value.
    """
    over = [None if point.partial else point.value for point in points]
    place = next((i for i in reversed(range(len(over))) if over[i] is not None), None)
    return last_known(points) if place is None else (place, points[place])


def said_last(points: Sequence[Point], unit: Unit) -> str:
    """The value at the end of a line in words; empty where there is none."""
    found = last_whole(points)
    return formats.value(found[1].value, unit, found[1].low, found[1].high) if found else ""
