"""Sums of row conditions and amounts: several KPIs over one source in one pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
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


class Days(StrEnum):
    """Which days of the period a sum is of: all, those that as-of has reached, those after it."""

    ALL = "all"
    TOLD = "told"
    LATER = "later"


@dataclass(frozen=True)
class Part:
    """One sum of a KPI: `name`, what of each row is added up, and of which days.

    Attributes:
        name: as `results` knows it.
        rows: the rows that count.
        amount: what is summed of them; None: how many there are.
        days: of which days.
        distinct: how many different values of `amount` there are, instead of their sum.
    """

    name: str
    rows: Column
    amount: Column | None = None
    days: Days = Days.ALL
    distinct: bool = False

    def over(self, *also: Column) -> Column:
        """The aggregate, of the rows that meet `also` besides."""
        rows: Column = sa.and_(self.rows, *also) if also else self.rows
        amount = sa.literal_column("1") if self.amount is None else self.amount
        value = sa.case((rows, amount))
        if self.distinct:
            return sa.func.count(value.distinct())
        return sa.func.count(value) if self.amount is None else sa.func.sum(value)


def batches(questions: Sequence[Question]) -> list[list[Question]]:
    """Questions that one select can answer: same source, date, period, filters and grouping."""
    return _alike(questions, lambda question: (question.period, *_shape(question)), SUMMED)


def over_periods(
    questions: Sequence[Question], kinds: Collection[Kind] = SUMMED
) -> list[list[Question]]:
    """The same, of whatever period; those of `kinds`, the others are left out."""
    return _alike(questions, _shape, kinds)


def _alike(
    questions: Sequence[Question],
    shape: Callable[[Question], tuple[Any, ...]],
    kinds: Collection[Kind],
) -> list[list[Question]]:
    found: dict[Any, list[Question]] = {}
    for question in questions:
        if question.kpi.kind in kinds:
            found.setdefault(shape(question), []).append(question)
    return list(found.values())


def _shape(question: Question) -> tuple[Any, ...]:
    kpi = question.kpi
    return (
        kpi.source,
        kpi.date,
        question.where,
        question.by,
        question.scope,
        question.zone,
        # What a screen may name can differ between the ends of two periods.
        tuple(sorted(question.configured.items())),
    )


def sums(batch: Sequence[Question]) -> sa.Select[Any]:
    """One row per combination of keys; per question its sums, named by `column`."""
    first = batch[0]
    base = grouped(first, source(first.kpi.source), first.kpi.date)
    what = [
        part.over(*_in(part.days, question, base.columns)).label(column(position, part.name))
        for position, question in enumerate(batch)
        for part in parts(question.kpi, question.moment, base.columns)
        if asked(part.name, question)
    ]
    return base.grouped(*what)


def column(position: int, name: str) -> str:
    """Name of the column with sum `name` of the question at `position` of the batch."""
    return f"q{position}_{name}"


def asked(name: str, question: Question) -> bool:
    """Whether a question needs the sum of that name: rows after as-of only where there can be any."""
    return name != AFTER or question.last_told < question.period.until


@cache
def extra_names(extra: Extra) -> tuple[str, str]:
    """Names of the two sums of an extra."""
    return _extra_names(extra.name)


@cache
def _extra_names(name: str) -> tuple[str, str]:
    return f"x_{name}_num", f"x_{name}_den"


def parts(kpi: Kpi, at: Moment, c: Any) -> Iterator[Part]:
    """All sums of a KPI over the columns `c` of its source, whatever is asked of it."""
    takes_part: Column = kpi.where(c, at) if kpi.where else sa.true()
    days = Days.ALL
    if kpi.kind in {Kind.PER_HOUR, Kind.PER_CUSTOMERS}:
        # Hours and customers are known up to as-of, so rows count up to there too.
        days = Days.TOLD
        yield Part(BASE, sa.true(), days=days)
    yield Part(ROWS, takes_part, days=days)
    yield from _value(kpi, c, at, takes_part, days)
    yield Part(AFTER, takes_part, days=Days.LATER)
    for extra in kpi.extras:
        among, of = (sa.true(), Days.ALL) if extra.everywhere else (takes_part, days)
        yield from _extra(extra, c, at, among, of)


def added_up(kpi: Kpi, at: Moment, c: Any) -> Iterator[Part]:
    """Those of its sums that add up over days: who counts once does not."""
    return (part for part in parts(kpi, at, c) if not part.distinct)


def _value(kpi: Kpi, c: Any, at: Moment, takes_part: Column, days: Days) -> Iterator[Part]:
    """Numerator and denominator, as the kind counts or sums them."""
    amounts = kpi.options.get("amounts")
    if kpi.kind is Kind.DISTINCT or amounts:
        for name, part in ((NUMERATOR, kpi.numerator), (DENOMINATOR, kpi.denominator)):
            assert part is not None
            if amounts:
                # A share of amounts that were counted elsewhere, such as totals of a month.
                yield Part(name, takes_part, part(c, at), days)
            else:
                own = c[kpi.options["distinct"]]
                yield Part(name, takes_part & part(c, at), own, days, distinct=True)
        return
    if kpi.denominator:
        yield Part(DENOMINATOR, takes_part & kpi.denominator(c, at), days=days)
    elif kpi.kind is Kind.SHARE:
        yield Part(DENOMINATOR, takes_part, days=days)
    if kpi.numerator and kpi.kind is Kind.SHARE:
        yield Part(NUMERATOR, takes_part & kpi.numerator(c, at), days=days)
    elif kpi.numerator:
        amount = kpi.numerator(c, at)
        yield Part(NUMERATOR, takes_part, amount, days)
        if kpi.kind in {Kind.MEAN, Kind.NPS}:
            yield Part(SQUARES, takes_part, amount * amount, days)


def _extra(extra: Extra, c: Any, at: Moment, among: Column, days: Days) -> Iterator[Part]:
    for name, part in zip(extra_names(extra), (extra.numerator, extra.denominator), strict=True):
        if part is None:
            continue
        if extra.amount:
            yield Part(name, among, part(c, at), days)
        else:
            yield Part(name, among & part(c, at), days=days)


def _in(days: Days, question: Question, c: Any) -> tuple[Column, ...]:
    """The condition that keeps a row to those days."""
    if days is Days.ALL:
        return ()
    day = c[question.kpi.date]
    return (day <= question.last_told if days is Days.TOLD else day > question.last_told,)
