"""Services sold, to customers who were one already and to new ones: per month, channel and group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from kpi import formats
from kpi.bulletin import Table, sentences_sections, table
from kpi.bulletin.tables import Column, Value
from kpi.charts import Point
from kpi.charts.columns import Strip, columns
from kpi.filters import Filters
from kpi.i18n import _
from kpi.measures import KPIS
from kpi.measures.arithmetic import left_out
from kpi.model import Result, Unit
from kpi.periods import buckets
from pages.shared import customers_groups, data, drill, figures, page
from pages.shared.asked import Asked

KPI = KPIS["services_sold"]
#: The figure of what is sold per month.
_COURSE = "sold"


def show(asked: Asked, filters: Filters, split: str) -> None:
    """Per month to existing and new customers; per channel and per group."""
    page.section(_(KPI.title))
    [whole] = data.ask((KPI.name,), filters)
    sentence = sentences_sections.of_sales(whole)
    if not whole.n:
        page.text(sentence)
        long_ago = asked.period.until - timedelta(days=3650)
        [ever] = data.ask((KPI.name,), filters.during(long_ago, asked.period.until))
        page.quiet(
            _("Nothing was sold in this period: choose a longer one above.")
            if ever.n
            else _(
                "Load the products of customers with the day of the sale to see what is sold to whom."
            )
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        _course(asked, filters, sentence)
    with right:
        page.table(rows_of(filters, "channel", _("Channel")), "sold-channel")
        if split:
            head = customers_groups.dimension_title(split)
            page.table(rows_of(filters, split, head[:1].upper() + head[1:]), "sold-split")
        page.quiet(f"{_(KPI.definition)} {left_out(KPI)}")


def _course(asked: Asked, filters: Filters, sentence: str) -> None:
    span = customers_groups.span_of(asked)
    months = [name for name, _days in buckets(span, "month")]
    found = {
        one.by["month"]: one
        for one in data.ask((KPI.name,), filters.during(span.since, span.until), ("month",))
    }
    course = [found.get(month) for month in months]
    whole = filters.during(span.since, span.until)
    parts = [
        (
            "existing",
            _("To customers who were one already"),
            [_count(one, "existing") for one in course],
        ),
        ("new", _("To new customers"), [_count(one, "new") for one in course]),
    ]
    points = {
        f"{month} {part}": drill.Point.counting(
            one, f"{name} · {formats.bucket(month, 'month', year=True)}", part
        )
        for part, name, _counts in parts
        for month, one in zip(months, course, strict=True)
        if one is not None
    }
    page.chart(
        columns(
            [
                _strip(
                    name,
                    [
                        _point(m, months, one, count, part)
                        for m, one, count in zip(months, course, counts, strict=True)
                    ],
                )
                for part, name, counts in parts
            ],
            alike=True,
        ),
        sentence,
        lambda: table(
            _(KPI.title),
            [_("Month"), *(Column(name, figures=True) for _part, name, _counts in parts)],
            [
                [
                    formats.bucket(month, "month", year=True),
                    *(_shown(whole, one, part) for part, _name, _counts in parts),
                ]
                for month, one in zip(months, course, strict=True)
            ],
            tall=14,
        ),
        _COURSE,
        drill.choose(_COURSE),
        tell=(KPI, filters),
        below=drill.below(whole, _COURSE, points),
    )  # fmt: skip


def _shown(filters: Filters, one: Result | None, part: str) -> Value:
    """How many were sold to existing or to new customers, with the way to these sales."""
    text = formats.number(_count(one, part))
    return text if one is None else figures.shown(filters, one, part, text=text, part=part)


def _count(one: Result | None, part: str) -> float | None:
    return None if one is None else one.extras.get(part) or 0


def _strip(name: str, points: Sequence[Point]) -> Strip:
    return Strip(name, tuple(points), Unit.COUNT, named=customers_groups.highest(points))


def _point(
    month: str, months: Sequence[str], one: Result | None, count: float | None, part: str
) -> Point:
    whole = customers_groups.point(month, months, one, part)
    return Point(
        whole.label, whole.full, count, n=int(count or 0), partial=whole.partial, key=whole.key
    )


def rows_of(filters: Filters, dimension: str, head: str) -> Table:
    """One row a group, most sold first: all, to existing and to new customers."""
    found = [one for one in data.ask((KPI.name,), filters, (dimension,)) if one.n]
    found.sort(key=lambda one: (one.by[dimension] is None, -one.n, str(one.by[dimension])))
    rows: list[list[Value]] = []
    for one in found:
        value = one.by[dimension]
        name = (
            data.title("channel", value)
            if dimension == "channel"
            else customers_groups.title(dimension, value)
        )
        rows.append(
            [
                name,
                figures.shown(filters, one),
                _shown(filters, one, "existing"),
                _shown(filters, one, "new"),
            ]
        )
    return table(
        head,
        [
            head,
            Column(_("Sold"), figures=True),
            Column(_("To existing"), figures=True),
            Column(_("To new"), figures=True),
        ],
        rows,
    )
