"""Hours of the week: in words, and as a heat map whose cells lead to their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from kpi.bulletin import trend_tables
from kpi.charts.heatmap import Cell, heatmap, hour_span, slot, weekday_name
from kpi.i18n import _
from kpi.model import Kind, Kpi, Result
from pages.shared import drill, figures, page
from pages.shared.asked import Asked


def said(name: str) -> str:
    """Monday 9–10 h, of what `weekday_hour` calls 1-09."""
    weekday, hour = slot(name)
    return _("{weekday} {hours} h").format(
        weekday=weekday_name(weekday, full=True), hours=hour_span(hour)
    )


def chart(
    asked: Asked, kpi: Kpi, cells: Mapping[str, Result], sentence: str, key: str, **how: Any
) -> None:
    """The heat map of a KPI with its table; a click on a cell offers the rows behind it.

    `how` is what `heatmap` is told besides.
    """
    per_hour = kpi.kind is Kind.PER_HOUR
    says = names(cells)
    figure = heatmap(
        {
            name: Cell(one.value, one.n, one.denominator if per_hour else None)
            for name, one in cells.items()
        },
        kpi.unit,
        empty=_("closed") if per_hour else _("nothing in this hour"),
        theme=st.context.theme.type or "light",
        **how,
    )

    def below() -> None:
        [name] = drill.chosen(key)[:1] or [""]
        if name in cells:
            drill.offer(asked.filters, kpi, cells[name], says[name])

    page.chart(
        figure,
        sentence,
        lambda: trend_tables.hours(
            kpi, cells, says, per_hour=per_hour, origin=figures.of_card(asked.filters)
        ),
        key,
        drill.choose(key),
        tell=(kpi, asked.filters),
        below=below,
    )


def names(of: Iterable[str]) -> dict[str, str]:
    """Each of them by its name in words."""
    return {name: said(name) for name in of}
