"""Durations and stocks: what cannot be summed, brought as the fewest rows that decide it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from kpi.measures.words import timed, withdrawn
from kpi.model import Kpi, Moment
from kpi.periods import Period
from kpi.query.groups import Column, grouped, source
from kpi.query.question import Question
from kpi.sql import elapsed_seconds

#: How a row of `durations` ended.
OPEN, CLOSED, WITHDRAWN, UNTIMED = 0, 1, 2, 3


def closed_durations(question: Question) -> sa.Select[Any]:
    """Per keys what was closed in the period, in no order: keys, seconds, working, two arrays.

    `seconds` are elapsed (or what the KPI measures instead), `working` those that the process's
    calendar was open, where it is known; of what is no case there are none.
    """
    kpi = question.kpi
    base = grouped(question, source(kpi.source), kpi.date)
    found = each_closed(kpi, base.columns, question.moment)
    takes_part = [kpi.where(base.columns, question.moment)] if kpi.where is not None else []
    working = _each(found["working"]) if "working" in found else sa.null()
    return base.grouped(
        _each(found["seconds"]).label("seconds"), working.label("working"), also=takes_part
    )


def each_closed(kpi: Kpi, c: Any, at: Moment) -> dict[str, Column]:
    """What is measured of each row that was closed: seconds, and of cases the working ones."""
    if kpi.numerator is None:
        return {"seconds": c.lead_seconds, "working": c.working_seconds}
    return {"seconds": kpi.numerator(c, at)}


def _each(value: Column) -> Column:
    """All values of a group as an array, nulls among them: one row a group is quick to fetch."""
    return sa.func.array_agg(value)


def _timed_end(c: Any, as_of: datetime) -> tuple[Column, Column, Column]:
    """Whether it was closed by `as_of`, whether withdrawn, and whether it can be timed at all.

    A time of closing, or of withdrawal, is prepared of those only whose times are in order.
    """
    gone: Column = c.withdrawn_at >= c.opened_at
    return c.closed_at <= as_of, gone & (c.withdrawn_at <= as_of), timed(c) | gone


def ending(c: Any, as_of: datetime) -> Column:
    """How a case had ended by `as_of`: OPEN, CLOSED, WITHDRAWN, or UNTIMED."""
    closed, gone, known = _timed_end(c, as_of)
    return sa.case((closed, CLOSED), (gone, WITHDRAWN), (known, OPEN), else_=UNTIMED)


def lasted(c: Any, as_of: datetime) -> Column:
    """Seconds that a case had lasted by `as_of`, or until its end; null where nothing can be timed."""
    closed, gone, known = _timed_end(c, as_of)
    end: Column = sa.case(
        (closed, c.closed_at),
        (gone, c.withdrawn_at),
        (known, sa.literal(as_of, sa.DateTime())),
    )
    return elapsed_seconds(c.opened_at, end)


def durations(question: Question, periods: Sequence[Period] = ()) -> sa.Select[Any]:
    """Per span, keys and ending those opened in the period: span, keys, ending, seconds (an array), n.

    With `periods`, of which no two have a day in common, those of all of them: `span` is the place
    of its own, else 0. Cases open at as-of are as long as they have lasted by then; those withdrawn
    as long as they lasted until that; where nothing can be timed (ending UNTIMED) `seconds` holds
    nulls. It is in no order.
    """
    kpi, spans = question.kpi, periods or (question.period,)
    base = grouped(question, source(kpi.source), kpi.date, in_period=False)
    c, as_of = base.columns, question.moment.latest
    within = [c[kpi.date].between(span.since, span.until) for span in spans]
    rows = base.select(
        sa.case(*((one, place) for place, one in enumerate(within))).label("span"),
        ending(c, as_of).label("ending"),
        lasted(c, as_of).label("seconds"),
        also=[sa.or_(*within), c.opened_at <= as_of],
    ).subquery("rows")
    keys = [rows.c.span, *(rows.c[key.name] for key in base.keys), rows.c.ending]
    return sa.select(
        *keys, _each(rows.c.seconds).label("seconds"), sa.func.count().label("n")
    ).group_by(*keys)


def counts_as_stock(c: Any) -> Column:
    """Whether it is known of a case when it was open."""
    known: Column = timed(c) | (withdrawn(c) & c.withdrawn_at.is_not(None))
    return known


def stock(question: Question, first: datetime, last: datetime) -> sa.Select[Any]:
    """Cases that may be open at some moment from `first` to `last`: keys, opened_at, ended_at."""
    base = grouped(
        question, source(question.kpi.source), None, question.dimensions, in_period=False
    )
    c, kpi = base.columns, question.kpi
    return base.select(
        c.opened_at.label("opened_at"),
        c.ended_at.label("ended_at"),
        also=[
            counts_as_stock(c) if kpi.where is None else kpi.where(c, question.moment),
            c.opened_at <= last,
            c.ended_at.is_(None) | (c.ended_at >= first),
        ],
    )


def stock_groups(question: Question, last: datetime) -> sa.Select[Any]:
    """Every group that has had a case by `last`, and since when: keys, first_at.

    A KPI that counts something of cases names them as `among`, so that none is 0.
    """
    among = question.kpi.options.get("among", question.kpi.source)
    base = grouped(question, source(among), None, question.dimensions, in_period=False)
    c = base.columns
    return base.grouped(
        sa.func.min(c.opened_at).label("first_at"),
        also=[counts_as_stock(c), c.opened_at <= last],
    )
