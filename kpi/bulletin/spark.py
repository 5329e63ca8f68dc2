"""Small pictures in SVG, made of numbers only: no text of anybody's goes in."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

_PAD = 3.0


def sparkline(
    values: Sequence[float | None],
    *,
    target: float | None = None,
    partial: bool = False,
    width: float = 72,
    height: float = 22,
) -> Markup:
    """A line through `values`, oldest first; a gap where there is none, a dot on the last.

    `target` draws a thin dashed line where it lies within sight. With `partial` the last period
    is unfinished: dashed, and its dot hollow. Decoration to a screen reader: the values stand in
    the table. Empty with fewer than two values.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if len(known) < 2:
        return Markup("")
    low, high = min(known), max(known)
    if target is not None:
        reach = (high - low) or abs(high) or 1.0
        if low - reach <= target <= high + reach:
            low, high = min(low, target), max(high, target)
    span = (high - low) or 1.0
    step = (width - 2 * _PAD) / (len(values) - 1)

    def x(index: int) -> float:
        return _PAD + index * step

    def y(value: float) -> float:
        if high == low:
            return height / 2
        return _PAD + (high - value) / span * (height - 2 * _PAD)

    parts = []
    if target is not None and low <= target <= high and high > low:
        parts.append(
            f'<line class="target" x1="0" x2="{width:g}" y1="{y(target):.1f}" y2="{y(target):.1f}"/>'
        )
    points = [
        (x(i), y(value)) if value is not None and math.isfinite(value) else None
        for i, value in enumerate(values)
    ]
    last = max(i for i, point in enumerate(points) if point)
    open_end = partial and last == len(points) - 1
    solid = points[:last] if open_end else points
    for run in _runs(solid):
        parts.append(_line(run))
    end = points[last]
    assert end is not None
    if open_end and points[last - 1] is not None:
        before = points[last - 1]
        assert before is not None
        parts.append(_line([before, end], "open"))
    kind = "dot open" if open_end else "dot"
    parts.append(f'<circle class="{kind}" cx="{end[0]:.1f}" cy="{end[1]:.1f}" r="2.4"/>')
    return Markup(  # noqa: S704 - numbers and names of our own
        f'<svg class="spark" viewBox="0 0 {width:g} {height:g}" width="{width:g}"'
        f' height="{height:g}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _runs(
    points: Sequence[tuple[float, float] | None],
) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _line(points: Sequence[tuple[float, float]], kind: str = "") -> str:
    if len(points) == 1:
        # A lone value between two gaps: a short stroke, or it would not be seen at all.
        (at_x, at_y), *_ = points
        points = [(at_x - 1, at_y), (at_x + 1, at_y)]
    path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    name = f"line {kind}".strip()
    return f'<polyline class="{name}" points="{path}"/>'
