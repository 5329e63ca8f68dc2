"""Totals that exist only per period (D36), as they were delivered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.periods import Period
from kpi.sql import folded
from kpi.tables import table


def totals_in(period: Period) -> sa.Select[Any]:
    """One row per total whose period begins in `period`, and whether it counts in the online share.

    Gives metric and dimension as they came, folded (the metric, to compare with), period_start,
    value and counted.
    """
    totals, transactions = table("totals"), table("prepared_transactions")
    counted = (
        sa.select(transactions.c.transaction_id)
        .where(transactions.c.from_totals)
        .subquery("totals_that_count")
    )
    named = sa.func.concat(
        "total ", sa.cast(totals.c.period_start, sa.Text()), " ", totals.c.dimension
    )
    return (
        sa.select(
            totals.c.metric,
            totals.c.dimension,
            folded(totals.c.metric).label("folded"),
            totals.c.period_start,
            totals.c.value,
            counted.c.transaction_id.is_not(None).label("counted"),
        )
        .select_from(totals.outerjoin(counted, counted.c.transaction_id == named))
        .where(totals.c.period_start.between(period.since, period.until))
        .order_by(totals.c.metric, totals.c.dimension, totals.c.period_start)
    )
