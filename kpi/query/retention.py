"""How long customers stay: customership periods by their first and last day."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.query.groups import grouped, source
from kpi.query.question import Question
from kpi.tables import table


def tenures(question: Question) -> sa.Select[Any]:
    """Customership periods begun by the end of the period: keys, since_day, until_day, n.

    The keys are the dimensions asked, without the grain: what was known at the end of each bucket
    follows from the days.
    """
    base = grouped(
        question, source(question.kpi.source), None, question.dimensions, in_period=False
    )
    c = base.columns
    what = (c.since_day, c.until_day)
    return base.grouped(
        *what,
        sa.func.count().label("n"),
        also=[
            c.until_day.is_(None) | (c.until_day > c.since_day),
            c.since_day <= question.last_told,
        ],
    ).group_by(*what)


def first_leaving() -> sa.Select[Any]:
    """The first day on which somebody left, of everything loaded: first_day.

    Before it nobody is known to have left: the extract does not reach further back.
    """
    c = table("prepared_customers").c
    return sa.select(sa.func.min(c.until_day).label("first_day")).where(c.until_day > c.since_day)
