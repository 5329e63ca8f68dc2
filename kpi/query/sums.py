"""Sums of row conditions and amounts: several KPIs over one source in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from kpi.model import Extra, Kind, Kpi, Moment
from kpi.query.groups import Column, grouped, source
from kpi.query.question import Question

#: Kinds whose value (or numerator) is a sum over rows of the source.
SUMMED = frozenset(
    {
        Kind.SHARE,
        Kind.DISTINCT,
        Kind.MEAN,
        Kind.NPS,
        Kind.COUNT,
        Kind.RATIO,
        Kind.SUM,
        Kind.PER_HOUR,
        Kind.PER_CUSTOMERS,
    }
)

ROWS, NUMERATOR, DENOMINATOR, SQUARES, AFTER = "rows", "num", "den", "squares", "after"
#: All rows of the source, whether they take part or not: what tells "nothing" from "not loaded".
BASE = "base"


def batches(questions: Sequence[Question]) -> list[list[Question]]:
    """Questions that one select can answer: same source, date, period, filters and grouping."""
    found: dict[Any, list[Question]] = {}
    for question in questions:
        if question.kpi.kind in SUMMED:
            found.setdefault(_shape(question), []).append(question)
    return list(found.values())


def _shape(question: Question) -> tuple[Any, ...]:
    kpi = question.kpi
    return (
        kpi.source,
        kpi.date,
        question.period,
        question.where,
        question.by,
        question.scope,
        question.zone,
    )


def sums(batch: Sequence[Question]) -> sa.Select[Any]:
    """One row per combination of keys; per question its sums, named by `column`."""
    first = batch[0]
    base = grouped(first, source(first.kpi.source), first.kpi.date)
    what = [
        expression.label(column(position, name))
        for position, question in enumerate(batch)
        for name, expression in _sums(question, base.columns)
    ]
    return base.grouped(*what)


def column(position: int, name: str) -> str:
    """Name of the column with sum `name` of the question at `position` of the batch."""
    return f"q{position}_{name}"


@cache
def extra_names(extra: Extra) -> tuple[str, str]:
    """Names of the two sums of an extra."""
    return f"x_{extra.name}_num", f"x_{extra.name}_den"


def _sums(question: Question, c: Any) -> Iterator[tuple[str, Column]]:
    kpi, at = question.kpi, question.moment
    takes_part: Column = kpi.where(c, at) if kpi.where else sa.true()
    if kpi.kind in {Kind.PER_HOUR, Kind.PER_CUSTOMERS}:
        # Hours and customers are known up to as-of, so rows count up to there too.
        told = c[kpi.date] <= question.last_told
        takes_part = takes_part & told
        yield BASE, _count(told)
    yield ROWS, _count(takes_part)
    yield from _value(kpi, c, at, takes_part)
    if question.last_told < question.period.until:
        yield AFTER, _count(_all(kpi, c, question) & (c[kpi.date] > question.last_told))
    for extra in kpi.extras:
        yield from _extra(extra, c, at, sa.true() if extra.everywhere else takes_part)


def _value(kpi: Kpi, c: Any, at: Moment, takes_part: Column) -> Iterator[tuple[str, Column]]:
    """Numerator and denominator, as the kind counts or sums them."""
    amounts = kpi.options.get("amounts")
    if kpi.kind is Kind.DISTINCT or amounts:
        for name, part in ((NUMERATOR, kpi.numerator), (DENOMINATOR, kpi.denominator)):
            assert part is not None
            if amounts:
                # A share of amounts that were counted elsewhere, such as totals of a month.
                yield name, sa.func.sum(sa.case((takes_part, part(c, at))))
            else:
                value = sa.case((takes_part & part(c, at), c[kpi.options["distinct"]]))
                yield name, sa.func.count(value.distinct())
        return
    if kpi.denominator:
        yield DENOMINATOR, _count(takes_part & kpi.denominator(c, at))
    elif kpi.kind is Kind.SHARE:
        yield DENOMINATOR, _count(takes_part)
    if kpi.numerator and kpi.kind is Kind.SHARE:
        yield NUMERATOR, _count(takes_part & kpi.numerator(c, at))
    elif kpi.numerator:
        amount = sa.case((takes_part, kpi.numerator(c, at)))
        yield NUMERATOR, sa.func.sum(amount)
        if kpi.kind in {Kind.MEAN, Kind.NPS}:
            yield SQUARES, sa.func.sum(amount * amount)


def _extra(extra: Extra, c: Any, at: Moment, among: Column) -> Iterator[tuple[str, Column]]:
    for name, part in zip(extra_names(extra), (extra.numerator, extra.denominator), strict=True):
        if part is None:
            continue
        if extra.amount:
            yield name, sa.func.sum(sa.case((among, part(c, at))))
        else:
            yield name, _count(among & part(c, at))


def _all(kpi: Kpi, c: Any, question: Question) -> Column:
    return kpi.where(c, question.moment) if kpi.where else sa.true()


def _count(condition: Column) -> Column:
    return sa.func.count(sa.case((condition, 1)))
