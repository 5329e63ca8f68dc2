"""Heads of columns that are KPIs: their name leads to their definition."""

from __future__ import annotations

from dataclasses import replace

from kpi.bulletin.tables import Column, Table
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


def defined(shown: Table) -> Table:
    """The table with the definition behind the head of every column of numbers of one KPI."""
    columns = list(shown.columns)
    for place, column in enumerate(columns):
        of = None if column.href or column.sort else shown.of_column(place)
        if of is not None and of.define:
            told = column.help or _(KPIS[of.kpi].definition)
            columns[place] = replace(column, href=of.define, help=told)
    return replace(shown, columns=tuple(columns))
