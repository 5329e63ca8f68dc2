"""Shares of amounts: a sum of one amount over a sum of another, over the rows that have both."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.query.groups import Column, grouped, source
from kpi.query.question import Question
from kpi.query.sums import extra_names


def parts(question: Question) -> sa.Select[Any]:
    """Per keys: rows (that take part), n (with both amounts), num, den, later, and its extras.

    Only rows with both amounts are summed, so that what is not measured is no nothing. `later` is
    how many of them lie after as-of.
    """
    kpi, at = question.kpi, question.moment
    base = grouped(question, source(kpi.source), kpi.date)
    c = base.columns
    assert kpi.numerator is not None
    assert kpi.denominator is not None
    takes_part: Column = kpi.where(c, at) if kpi.where else sa.true()
    part, whole = kpi.numerator(c, at), kpi.denominator(c, at)
    both = takes_part & part.is_not(None) & whole.is_not(None)
    what = [
        _count(takes_part).label("rows"),
        _count(both).label("n"),
        _sum(both, part).label("num"),
        _sum(both, whole).label("den"),
        _count(both & (c[kpi.date] > question.last_told)).label("later"),
    ]
    for extra in kpi.extras:
        # An amount beside it is of the same rows; a count is of all that take part.
        among, add = (both, _sum) if extra.amount else (takes_part, _counted)
        names = extra_names(extra)
        what.append(add(among, extra.numerator(c, at)).label(names[0]))
        if extra.denominator:
            what.append(add(among, extra.denominator(c, at)).label(names[1]))
    return base.grouped(*what)


def _sum(among: Column, amount: Column) -> Column:
    return sa.func.sum(sa.case((among, amount)))


def _counted(among: Column, condition: Column) -> Column:
    return _count(among & condition)


def _count(condition: Column) -> Column:
    return sa.func.count(sa.case((condition, 1)))
