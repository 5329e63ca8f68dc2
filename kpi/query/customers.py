"""Customers over time: who comes and goes per day, who leaves, and who leaves after a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kpi.measures.words import CUSTOMER, closed
from kpi.model import Kpi
from kpi.query.groups import Column, Grouped, grouped, key_label, source
from kpi.query.question import Question
from kpi.schema.columns import CHANGING
from kpi.sql import add_days, part_of
from kpi.tables import table


def of_customers(question: Question) -> Question:
    """The question as far as it is about customers: other dimensions and filters do not split them.

    Complaints by channel are held against all customers, by segment against those of the segment.
    """
    return replace(
        question,
        by=tuple(name for name in question.dimensions if name in CUSTOMER),
        where=tuple((name, values) for name, values in question.where if name in CUSTOMER),
    )


def _changing(question: Question) -> tuple[str, ...]:
    """The dimensions asked that change while somebody is a customer."""
    asked = {*question.by, *(name for name, _ in question.where)}
    return tuple(name for name in CHANGING if name in asked)


def _customers(question: Question) -> sa.FromClause:
    """Customership periods; each in stretches (from_day, to_day) where what is asked changes."""
    if _changing(question):
        return table("prepared_phases")
    periods = table("prepared_customers")
    return sa.select(
        *periods.c, periods.c.since_day.label("from_day"), periods.c.until_day.label("to_day")
    ).subquery("whole_periods")


def periods_of(question: Question) -> Grouped:
    """Customership periods, grouped by the customer dimensions asked."""
    return grouped(question, _customers(question), None, question.dimensions, in_period=False)


def proper(c: Any) -> Column:
    """Periods that end before they begin hold nobody."""
    holds: Column = c.until_day.is_(None) | (c.until_day > c.since_day)
    return holds


def flow(question: Question) -> sa.Select[Any]:
    """Customers who come and go, per keys and day ever: keys, day, came, went, new, lost.

    Who becomes another kind of customer goes from one group and comes to the other, and is neither
    new nor lost. Whatever period is asked, the same days tell it: those before it, how many there
    were when it began.
    """
    customers = of_customers(question)
    parts = []
    for column, came, went, real in (
        ("from_day", 1, 0, "since_day"),
        ("to_day", 0, 1, "until_day"),
    ):
        base = periods_of(customers)
        day = base.columns[column]
        really = sa.case((day == base.columns[real], 1), else_=0)
        parts.append(
            base.select(
                day.label("day"),
                sa.literal(came).label("came"),
                sa.literal(went).label("went"),
                really.label("really"),
                also=[proper(base.columns), day.is_not(None)],
            )
        )
    both = sa.union_all(*parts).subquery("both")
    keys = [column for column in both.c if column.name.startswith("by_")]
    return sa.select(
        *keys,
        both.c.day,
        sa.func.count(sa.case((both.c.came == 1, 1))).label("came"),
        sa.func.count(sa.case((both.c.went == 1, 1))).label("went"),
        sa.func.count(sa.case((both.c.came * both.c.really == 1, 1))).label("new"),
        sa.func.count(sa.case((both.c.went * both.c.really == 1, 1))).label("lost"),
    ).group_by(*keys, both.c.day)


def leavers(question: Question) -> sa.Select[Any]:
    """Who left in the period, of those there were at its start: keys, until_day, n, chosen.

    With a grain the start is that of the bucket they left in. What they were on the eve of it decides
    of which group, whatever they became before they left. `chosen`: of how many it is known that they
    chose to.
    """
    base = periods_of(question)
    c = base.columns
    first = _bucket_start(question, c.until_day)
    chosen = sa.func.count(sa.case((c.voluntary, 1))).label("chosen")
    return base.grouped(
        c.until_day,
        sa.func.count().label("n"),
        chosen,
        also=[
            proper(c),
            c.until_day.between(question.period.since, question.period.until),
            c.since_day < first,
            c.from_day < first,
            c.to_day >= first,
        ],
    ).group_by(c.until_day)


def _bucket_start(question: Question, day: Column) -> Column:
    """The first day of the bucket that a day lies in, as far as it lies in the period."""
    since = sa.literal(question.period.since, sa.Date)
    if question.grain is None:
        return since
    if question.grain == "day":
        return day
    if question.grain == "week":
        begins: Column = add_days(day, 1 - part_of(day, "isodow"))
    else:
        month = part_of(day, "month")
        back = (month - 1) % 3 if question.grain == "quarter" else 0
        begins = sa.func.make_date(part_of(day, "year"), month - back, 1)
    start: Column = sa.case((begins < since, since), else_=begins)
    return start


def customer_on(periods: Any, day: Any) -> Column:
    """Whether a period holds the day; who left that day is still counted."""
    there: Column = (periods.since_day <= day) & (
        periods.until_day.is_(None) | (periods.until_day >= day)
    )
    return there


def _kind_on(c: Any, on: date) -> Column:
    """Whether a stretch of a customership tells what the customer was on the day `on`.

    Who left that day is still counted, as what they were last.
    """
    last_day = (c.to_day == c.until_day) & (c.until_day == on)
    kind: Column = (c.from_day <= on) & (c.to_day.is_(None) | (c.to_day > on) | last_day)
    return kind


def _cases_as_on(question: Question, on: date) -> sa.FromClause:
    """The cases, their customers told apart by what changes as they were on the day `on`."""
    cases, phases = source(question.kpi.source), table("prepared_phases")
    same = (phases.c.customer_id == cases.c.customer_id) & _kind_on(phases.c, on)
    return (
        sa.select(
            *(column for column in cases.c if column.name not in CHANGING),
            *(phases.c[name] for name in CHANGING),
        )
        .select_from(cases.join(phases, same))
        .subquery("cases_as_on")
    )


def _cases(question: Question, by: tuple[str, ...], on: date | None = None) -> Grouped:
    """Closed cases of the process; with `on` and a customer as that was then, once per kind."""
    of = source(question.kpi.source)
    if on is not None and _changing(question):
        of = _cases_as_on(question, on)
    base = grouped(question, of, question.kpi.date, by)
    c = base.columns
    return replace(base, conditions=(*base.conditions, *counted_after(question.kpi, c)))


def counted_after(kpi: Kpi, c: Any) -> tuple[Column, ...]:
    """Which cases count: closed ones of a customer, but for those of the process left out."""
    return (
        closed(c),
        c.customer_id.is_not(None),
        sa.func.coalesce(c.process, "") != kpi.options["without_process"],
    )


def churned_after(question: Question, latest: datetime) -> sa.Select[Any]:
    """Customers with a case closed in the period, by `latest` at the latest: keys, n, hits.

    `hits` are those who chose to leave within the KPI's days after one of those cases was closed.
    """
    rows = with_a_case(question, latest)
    keys = [rows.c[key_label(place)] for place in range(len(question.by))]
    return sa.select(
        *keys, sa.func.count().label("n"), sa.func.sum(rows.c.hit).label("hits")
    ).group_by(*keys)


def with_a_case(question: Question, latest: datetime) -> sa.Subquery:
    """Customers with a case closed in the period, once each: keys, customer, hit, cases, closed_at.

    `hit` is 1 for who chose to leave within the KPI's days after one of those cases was closed.
    """
    days: int = question.kpi.options["days"]
    leaving = table("prepared_customers").alias("leaving")
    base = _cases(question, question.by)
    c = base.columns
    base = replace(base, conditions=(*base.conditions, c.closed_at <= latest))
    gone = leaving.c.left_day.between(c.closed_day, add_days(c.closed_day, sa.literal(days)))
    origin = base.origin.join(
        leaving,
        (leaving.c.customer_id == c.customer_id) & customer_on(leaving.c, c.closed_day),
    )
    return (
        replace(base, origin=origin)
        .grouped(
            c.customer_id.label("customer"),
            sa.func.max(sa.case((gone, 1), else_=0)).label("hit"),
            sa.func.count(c.case_id.distinct()).label("cases"),
            sa.func.max(c.closed_at).label("closed_at"),
        )
        .group_by(c.customer_id)
        .subquery("customers_with_a_case")
    )


def churned_without(question: Question, on: date) -> sa.Select[Any]:
    """All customers on the day `on`, and those who chose to leave within the KPI's days: n, hits.

    Keys are the customer dimensions asked. With `churned_with` taken off, it is the customers
    without such a case.
    """
    customers = of_customers(question)
    leaving = _customers(customers)
    base = grouped(customers, leaving, None, in_period=False)
    return base.grouped(
        sa.func.count().label("n"),
        _hits(question, leaving.c, on).label("hits"),
        also=[customer_on(leaving.c, on), _kind_on(leaving.c, on)],
    )


def churned_with(question: Question, on: date) -> sa.Select[Any]:
    """Of the customers on the day `on`, those with such a case in the period: keys, n, hits."""
    leaving = table("prepared_customers").alias("leaving")
    base = _cases(question, question.by, on)
    c = base.columns
    origin = base.origin.join(
        leaving, (leaving.c.customer_id == c.customer_id) & customer_on(leaving.c, on)
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
