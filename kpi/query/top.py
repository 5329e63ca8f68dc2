"""Complaint reasons by distinct complaint cases, in two periods at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kpi.periods import Period
from kpi.query.groups import grouped, source
from kpi.query.question import Question


def complaint_reasons(
    question: Question, now: Period, before: Period, by: Sequence[str] = ("reason",)
) -> sa.Select[Any]:
    """Complaint cases per reason: by_0 (null: unknown), n (in `now`), previous (in `before`).

    With more dimensions in `by` one row per combination, in their order.
    """
    kpi = question.kpi
    base = grouped(question, source(kpi.source), kpi.date, by, in_period=False)
    day = base.columns[kpi.date]

    def opened_in(period: Period) -> Any:
        return sa.func.count(sa.case((day.between(period.since, period.until), 1)))

    takes_part = [kpi.where(base.columns, question.moment)] if kpi.where else []
    return base.grouped(
        opened_in(now).label("n"),
        opened_in(before).label("previous"),
        also=[
            *takes_part,
            day.between(min(now.since, before.since), max(now.until, before.until)),
        ],
    )
