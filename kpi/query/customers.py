"""Customers over time: who comes and goes per day, who leaves, and who leaves after a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kpi.measures.words import CUSTOMER, closed
from kpi.query.groups import Column, Grouped, grouped, source
from kpi.query.question import Question
from kpi.sql import add_days
from kpi.tables import table

_DAY = timedelta(days=1)


def of_customers(question: Question) -> Question:
    """The question as far as it is about customers: other dimensions and filters do not split them.

    Complaints by channel are held against all customers, by segment against those of the segment.
    """
    return replace(
        question,
        by=tuple(name for name in question.dimensions if name in CUSTOMER),
        where=tuple((name, values) for name, values in question.where if name in CUSTOMER),
    )


def _periods(question: Question) -> Grouped:
    """Customership periods, grouped by the customer dimensions asked."""
    return grouped(
        question, table("prepared_customers"), None, question.dimensions, in_period=False
    )


def _proper(c: Any) -> Column:
    """Periods that end before they begin hold nobody."""
    proper: Column = c.until_day.is_(None) | (c.until_day > c.since_day)
    return proper


def flow(question: Question) -> sa.Select[Any]:
    """Customers who come and go, per keys and day: keys, day, came, went.

    All days before the period are told as the day before it, so that running sums give how many
    customers there were on each day of the period.
    """
    customers = of_customers(question)
    before = question.period.since - _DAY
    parts = []
    for column, came, went in (("since_day", 1, 0), ("until_day", 0, 1)):
        base = _periods(customers)
        day = base.columns[column]
        parts.append(
            base.select(
                sa.case((day <= before, before), else_=day).label("day"),
                sa.literal(came).label("came"),
                sa.literal(went).label("went"),
                also=[_proper(base.columns), day <= question.period.until],
            )
        )
    both = sa.union_all(*parts).subquery("both")
    keys = [column for column in both.c if column.name.startswith("by_")]
    return sa.select(
        *keys,
        both.c.day,
        sa.func.count(sa.case((both.c.came == 1, 1))).label("came"),
        sa.func.count(sa.case((both.c.went == 1, 1))).label("went"),
    ).group_by(*keys, both.c.day)


def leavers(question: Question) -> sa.Select[Any]:
    """Who left in the period: keys, since_day, until_day, voluntary (null: unknown), n."""
    base = _periods(question)
    c = base.columns
    what = (c.since_day, c.until_day, c.voluntary)
    return base.grouped(
        *what,
        sa.func.count().label("n"),
        also=[
            _proper(c),
            c.until_day.between(question.period.since, question.period.until),
        ],
    ).group_by(*what)


def _leaving(follow_up: int) -> sa.Subquery:
    """Customership periods with the day a choice to leave was made (notice, else leaving).

    Who left against their choice (death, moved abroad, non-payment) has none.
    """
    periods, raw = table("prepared_customers"), table("customers")
    chosen = sa.func.coalesce(raw.c.notice_at, periods.c.until_day)
    return (
        sa.select(
            *periods.c,
            sa.case((periods.c.voluntary.is_(sa.false()), None), else_=chosen).label("left_day"),
        )
        .select_from(
            periods.outerjoin(
                raw,
                sa.and_(
                    raw.c.customer_id == periods.c.customer_id,
                    raw.c.customer_since == periods.c.since_day,
                ),
            )
        )
        .subquery(f"leaving_{follow_up}")
    )


def _customer_on(periods: Any, day: Any) -> Column:
    there: Column = (periods.since_day <= day) & (
        periods.until_day.is_(None) | (periods.until_day >= day)
    )
    return there


def _cases(question: Question, by: tuple[str, ...]) -> Grouped:
    base = grouped(question, source(question.kpi.source), question.kpi.date, by)
    c = base.columns
    conditions = (
        *base.conditions,
        closed(c),
        c.customer_id.is_not(None),
        sa.func.coalesce(c.process, "") != question.kpi.options["without_process"],
    )
    return replace(base, conditions=conditions)


def churned_after(question: Question, latest: datetime) -> sa.Select[Any]:
    """Customers with a case closed in the period, by `latest` at the latest: keys, n, hits.

    `hits` are those who chose to leave within the KPI's days after one of those cases was closed.
    """
    days: int = question.kpi.options["days"]
    leaving = _leaving(days)
    base = _cases(question, question.by)
    c = base.columns
    base = replace(base, conditions=(*base.conditions, c.closed_at <= latest))
    gone = leaving.c.left_day.between(c.closed_day, add_days(c.closed_day, sa.literal(days)))
    origin = base.origin.join(
        leaving,
        (leaving.c.customer_id == c.customer_id) & _customer_on(leaving.c, c.closed_day),
    )
    rows = (
        replace(base, origin=origin)
        .grouped(
            c.customer_id.label("customer"),
            sa.func.max(sa.case((gone, 1), else_=0)).label("hit"),
        )
        .group_by(c.customer_id)
        .subquery("customers_with_a_case")
    )
    keys = [rows.c[key.name] for key in base.keys]
    return sa.select(
        *keys, sa.func.count().label("n"), sa.func.sum(rows.c.hit).label("hits")
    ).group_by(*keys)


def churned_without(question: Question, on: date) -> sa.Select[Any]:
    """All customers on the day `on`, and those who chose to leave within the KPI's days: n, hits.

    Keys are the customer dimensions asked. With `churned_with` taken off, it is the customers
    without such a case.
    """
    customers = of_customers(question)
    leaving = _leaving(question.kpi.options["days"])
    base = grouped(customers, leaving, None, in_period=False)
    return base.grouped(
        sa.func.count().label("n"),
        _hits(question, leaving.c, on).label("hits"),
        also=[_customer_on(leaving.c, on)],
    )


def churned_with(question: Question, on: date) -> sa.Select[Any]:
    """Of the customers on the day `on`, those with such a case in the period: keys, n, hits."""
    leaving = _leaving(question.kpi.options["days"])
    base = _cases(question, question.by)
    c = base.columns
    origin = base.origin.join(
        leaving, (leaving.c.customer_id == c.customer_id) & _customer_on(leaving.c, on)
    )
    rows = (
        replace(base, origin=origin)
        .select(c.customer_id.label("customer"), leaving.c.left_day.label("left_day"))
        .distinct()
        .subquery("customers_with_a_case")
    )
    keys = [rows.c[key.name] for key in base.keys]
    return sa.select(
        *keys, sa.func.count().label("n"), _hits(question, rows.c, on).label("hits")
    ).group_by(*keys)


def _hits(question: Question, columns: Any, on: date) -> Column:
    last = on + timedelta(days=question.kpi.options["days"])
    return sa.func.count(sa.case((columns.left_day.between(on, last), 1)))
