"""Hours of the week in words, as a heat map needs them."""

from __future__ import annotations

from collections.abc import Iterable

from kpi.charts.heatmap import hour_span, slot, weekday_name
from kpi.i18n import _


def said(name: str) -> str:
    """Monday 9–10 h, of what `weekday_hour` calls 1-09."""
    weekday, hour = slot(name)
    return _("{weekday} {hours} h").format(
        weekday=weekday_name(weekday, full=True), hours=hour_span(hour)
    )


def names(of: Iterable[str]) -> dict[str, str]:
    """Each of them by its name in words."""
    return {name: said(name) for name in of}
