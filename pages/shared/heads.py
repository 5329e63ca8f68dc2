"""Heads of columns that are KPIs: their name leads to their definition."""

from __future__ import annotations

from kpi.bulletin.tables import Column
from kpi.i18n import _
from kpi.measures import KPIS
from pages.shared import places


def of(kpi: str, query: str = "", title: str = "") -> Column:
    """The head of a column with a KPI's values; `query` is that of the page, `title` another name."""
    declared = KPIS[kpi]
    joint = "&" if "?" in query else "?"
    return Column(
        title or _(declared.title),
        figures=True,
        wrap=True,
        help=_(declared.definition),
        href=f"{places.path('definitions')}{query}{joint}kpi={kpi}",
    )
