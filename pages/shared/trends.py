"""One KPI over time: chosen grain, target, unfinished period, a sentence and the table."""

from __future__ import annotations

from datetime import date

import streamlit as st

from kpi import formats
from kpi.bulletin import sentences, table
from kpi.bulletin.tables import Column
from kpi.charts import Point, trend
from kpi.charts.theme import SERIES, look
from kpi.i18n import _
from kpi.model import Kpi, Result
from kpi.periods import Period, buckets, days_of
from pages.shared import data, page
from pages.shared.filters import Asked, months_up_to

#: Longest period, in days, that is drawn by day or by week.
_DAILY, _WEEKLY = 31, 190


def show(asked: Asked, kpi: Kpi) -> None:
    """The KPI over the period asked, or over twelve months where that is shorter than a quarter."""
    page.section(_(kpi.title))
    grain = _grain(asked.period)
    span = asked.period
    if grain == "month" and span.days < 300:
        span = months_up_to(span.until)
    results = data.ask((kpi.name,), asked.filters.during(span.since, span.until), (grain,))
    by_name = {str(result.by[grain]): result for result in results if result.by[grain]}
    names = [name for name, _days in buckets(span, grain)]
    points = [_point(name, grain, by_name.get(name), names) for name in names]
    if not any(point.value is not None for point in points):
        page.quiet(_("Nothing to draw in this period."))
        return
    target = data.target(kpi, asked.process, span.until)
    theme = st.context.theme.type or "light"
    ink = look(theme).ink
    figure = trend(
        points,
        kpi.unit,
        colour=SERIES.get(asked.process or "", ink),
        target=target.value if target else None,
        target_label=_target_label(kpi, target.value, target.sample) if target else "",
        theme=theme,
    )
    said = sentences.course(
        kpi, [point.full for point in points], [by_name.get(name) for name in names]
    )
    page.chart(figure, said, _table(kpi, points, by_name, names), f"trend-{kpi.name}")
    page.quiet(
        _(kpi.definition)
        + (" " + _("Left out:") + " " + _(kpi.leaves_out) if kpi.leaves_out else "")
    )


def _grain(period: Period) -> str:
    if period.days <= _DAILY:
        return "day"
    return "week" if period.days <= _WEEKLY else "month"


def _point(name: str, grain: str, result: Result | None, names: list[str]) -> Point:
    first: date = days_of(name, grain).since
    new_year = (
        name == names[0] or first.year != days_of(names[names.index(name) - 1], grain).since.year
    )
    label = formats.bucket(name, grain)
    if new_year and grain in {"month", "week"}:
        label = f"{label}<br>{name[:4]}"
    full = formats.bucket(name, grain, year=True)
    if result is None:
        return Point(label, full, None)
    return Point(
        label, full, result.value, result.low, result.high, result.n, partial=result.partial
    )


def _target_label(kpi: Kpi, value: float, sample: bool) -> str:
    said = formats.value(value, kpi.unit)
    return (_("target {value} (sample)") if sample else _("target {value}")).format(value=said)


def _table(kpi: Kpi, points: list[Point], results: dict[str, Result], names: list[str]) -> table:
    rows = []
    for name, point in zip(names, points, strict=True):
        result = results.get(name)
        rows.append(
            [
                point.full,
                formats.value(point.value, kpi.unit, point.low, point.high),
                formats.interval(point.low, point.high, kpi.unit),
                formats.number(point.n),
                (result.note_in(_) or "") if result else _("no data in this period"),
            ]
        )
    return table(
        _(kpi.title),
        [
            _("Period"),
            Column(_("Value"), figures=True),
            Column(_("95 % interval"), figures=True),
            Column(_("n"), figures=True),
            _("Note"),
        ],
        rows,
        tall=14,
    )
