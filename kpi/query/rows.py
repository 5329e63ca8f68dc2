"""The rows behind a number: the source, conditions and amounts that its sums are made of, unsummed.

Everything comes from the same declarations and the same building blocks as the number itself, so
there are exactly as many rows as were counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from kpi.model import Kind, Kpi, Moment
from kpi.query import customers, hours, spans
from kpi.query.groups import Column, Grouped, grouped, source
from kpi.query.question import Question
from kpi.results.rows import AMOUNT, COUNTS, DENOMINATOR, EVERY, MISSED, MOMENT, NUMERATOR, listed
from kpi.sql import lowered

_DAY = timedelta(days=1)
_SECONDS = 86_400


@dataclass(frozen=True)
class Facts:
    """What some kinds need to know besides the question.

    Attributes:
        at, inclusive: of a stock: the moment of counting, and whether what happens then has.
        latest: of customers after a case: the last moment at which a case may be closed.
        start: of retention: the first day on which leaving is known.
        slot: weekday and hour that rows are kept to; None for one of them: whichever.
        about: contact moment that rows are kept to.
        longer: days that what rows are about took longer than; None: however long.
    """

    at: datetime | None = None
    inclusive: bool = False
    latest: datetime | None = None
    start: date | None = None
    slot: tuple[int | None, int | None] = (None, None)
    about: str | None = None
    longer: float | None = None


@dataclass(frozen=True)
class Picked:
    """Rows that were picked: where from, on which conditions, what each adds and whether it counts."""

    base: Grouped
    also: tuple[Column, ...] = ()
    amount: Column | None = None
    counts: Column | None = None

    def named(self, names: Iterable[str]) -> list[str]:
        """Those of the names that the rows have."""
        extra = {AMOUNT: self.amount, COUNTS: self.counts}
        return [
            name
            for name in names
            if (extra[name] is not None if name in extra else name in self.base.columns)
        ]

    def select(self, names: Sequence[str]) -> sa.Select[Any]:
        """One row each, with the columns named."""
        extra = {AMOUNT: self.amount, COUNTS: self.counts}
        what = [
            (extra[name] if name in extra else self.base.columns[name]).label(name)  # type: ignore[union-attr]
            for name in self.named(names)
        ]
        return self.base.select(*what, also=self.also)


def picked(question: Question, part: str, facts: Facts = Facts()) -> Picked:
    """The rows behind a part of the number that the question asks, which has no `by`."""
    kind = question.kpi.kind
    if kind is Kind.DISTINCT:
        return _distinct(question, part, facts)
    if kind is Kind.SURVIVAL:
        return _opened(question, part, facts)
    if kind is Kind.STOCK:
        return _stock(question, facts)
    if kind is Kind.MOVEMENT:
        return _movement(question)
    if kind is Kind.CHURN:
        return _churn(question, part)
    if kind is Kind.RETENTION:
        return _followed(question, part, facts)
    if kind is Kind.CHURN_AFTER:
        return _after(question, part, facts)
    if kind is Kind.HELPED:
        return _whole(hours.helped_once(question), customer_id="customer")
    return _summed(question, part, facts)


def looked_at(kpi: Kpi, moment: Moment) -> list[str]:
    """Names of the columns that the declaration looks at, in its order: what decides a row."""
    c = source(kpi.source).c
    found: dict[str, None] = {}
    own = [extra.numerator for extra in kpi.extras if extra.listed]
    for expression in (kpi.numerator, kpi.denominator, kpi.where, *own):
        if expression is None:
            continue
        for element in visitors.iterate(sa.literal(1) == expression(c, moment)):
            if isinstance(element, sa.ColumnClause) and element.name in c:
                found[element.name] = None
    return list(found)


def page(
    rows: sa.Select[Any],
    order: Sequence[tuple[str, bool]],
    offset: int = 0,
    most: int | None = None,
) -> sa.Select[Any]:
    """Some of the rows, in order; `order` holds column and whether the largest comes first."""
    of = rows.subquery("behind")
    keys = [(of.c[name].desc() if down else of.c[name].asc()).nulls_last() for name, down in order]
    made = sa.select(*of.c).order_by(*keys)
    return made if most is None else made.limit(most).offset(offset)


def total(rows: sa.Select[Any], *, amounts: bool) -> sa.Select[Any]:
    """How many there are (n), and what they add up to (amount)."""
    of = rows.subquery("behind")
    amount = sa.func.sum(of.c[AMOUNT]) if amounts else sa.null()
    return sa.select(sa.func.count().label("n"), amount.label(AMOUNT)).select_from(of)


def holding(
    rows: sa.Select[Any], text: str, names: Sequence[str], ids: dict[str, list[str]]
) -> sa.Select[Any]:
    """The rows in which one of the named texts holds `text`; `ids`: codes whose title does."""
    of = rows.subquery("searched")
    wanted = text.casefold()
    either = [lowered(of.c[name]).contains(wanted, autoescape=True) for name in names]
    either += [of.c[name].in_(values) for name, values in ids.items() if name in of.c and values]
    return sa.select(*of.c).where(sa.or_(sa.false(), *either))


# --- by kind --------------------------------------------------------------------------------------


def _kept(base: Grouped, facts: Facts) -> Grouped:
    asked = {"weekday": facts.slot[0], "hour": facts.slot[1], MOMENT: facts.about}.items()
    kept = [base.columns[name] == value for name, value in asked if value is not None]
    return replace(base, conditions=(*base.conditions, *kept))


def _summed(question: Question, part: str, facts: Facts) -> Picked:
    """Kinds whose sums go over rows of the source."""
    kpi, at = question.kpi, question.moment
    base = _kept(grouped(question, source(kpi.source), kpi.date), facts)
    c = base.columns
    also: list[Column] = [kpi.where(c, at)] if kpi.where else []
    if kpi.kind in {Kind.PER_HOUR, Kind.PER_CUSTOMERS}:
        also.append(c[kpi.date] <= question.last_told)
    numerator = kpi.numerator(c, at) if kpi.numerator else None
    denominator = kpi.denominator(c, at) if kpi.denominator else None
    extra = listed(kpi, part)
    if extra is not None:
        of = () if extra.denominator is None else (extra.denominator(c, at),)
        return Picked(base, (*also, *of, extra.numerator(c, at)))
    if kpi.options.get("amounts"):
        amount = numerator if part == NUMERATOR else denominator
        assert amount is not None
        return Picked(base, (*also, amount != 0), amount=amount)
    if kpi.kind is Kind.PART:
        assert numerator is not None
        assert denominator is not None
        both = (numerator.is_not(None), denominator.is_not(None))
        return Picked(base, (*also, *both))
    if kpi.kind is Kind.SHARE:
        of = () if denominator is None else (denominator,)
        assert numerator is not None
        counts = sa.func.coalesce(numerator, sa.false())
        if part == NUMERATOR:
            return Picked(base, (*also, numerator))
        if part == MISSED:
            return Picked(base, (*also, *of, sa.not_(counts)))
        return Picked(base, (*also, *of), counts=counts)
    if denominator is not None:
        also.append(denominator)
    if facts.longer is not None:
        also.append(c.lead_seconds > facts.longer * _SECONDS)
    return Picked(base, tuple(also), amount=numerator)


def _distinct(question: Question, part: str, facts: Facts) -> Picked:
    """One row per distinct value, with how many rows of the source it has."""
    kpi, at = question.kpi, question.moment
    base = _kept(grouped(question, source(kpi.source), kpi.date), facts)
    c = base.columns
    of = c[kpi.options["distinct"]]
    assert kpi.numerator is not None
    assert kpi.denominator is not None
    among = [kpi.where(c, at)] if kpi.where else []
    hit = sa.func.max(sa.case((kpi.numerator(c, at), 1), else_=0))
    found = sa.select(
        of.label(of.name),
        sa.func.count().label("contacts"),
        sa.func.max(c.started_at).label("started_at"),
        (hit == 1).label(COUNTS),
    )
    found = found.select_from(base.origin).where(
        *base.conditions, *among, of.is_not(None), kpi.numerator(c, at) | kpi.denominator(c, at)
    )
    return _kept_part(_whole(found.group_by(of).subquery("distinct_values")), part)


def _kept_part(rows: Picked, part: str) -> Picked:
    """Rows that know whether they count (`counts`), kept to a part."""
    counts = rows.base.columns[COUNTS]
    if part == NUMERATOR:
        return replace(rows, also=(counts,))
    if part == MISSED:
        return replace(rows, also=(sa.not_(counts),))
    return replace(rows, counts=counts)


def _whole(rows: sa.Subquery, **renamed: str) -> Picked:
    """All rows of a subquery."""
    if renamed:
        others = [column for column in rows.c if column.name not in renamed.values()]
        rows = sa.select(
            *others, *(rows.c[was].label(name) for name, was in renamed.items())
        ).subquery("renamed")
    return Picked(Grouped(rows.c, rows, (), ()))


def _opened(question: Question, part: str, facts: Facts) -> Picked:
    base = grouped(question, source(question.kpi.source), question.kpi.date)
    c, as_of = base.columns, question.moment.latest
    how = spans.ending(c, as_of)
    wanted = {
        NUMERATOR: how == spans.CLOSED,
        DENOMINATOR: how != spans.UNTIMED,
        MISSED: how.in_((spans.OPEN, spans.WITHDRAWN)),
        EVERY: sa.true(),
    }[part]
    counts = (how == spans.CLOSED) if part == DENOMINATOR else None
    also = [c.opened_at <= as_of, wanted]
    if facts.longer is not None:
        also.append(spans.lasted(c, as_of) > facts.longer * _SECONDS)
    return Picked(base, tuple(also), counts=counts)


def _stock(question: Question, facts: Facts) -> Picked:
    kpi, t = question.kpi, facts.at
    base = grouped(question, source(kpi.source), None, in_period=False)
    c = base.columns
    counts = spans.counts_as_stock(c) if kpi.where is None else kpi.where(c, question.moment)
    if facts.inclusive:
        there = (c.opened_at <= t) & (c.ended_at.is_(None) | (c.ended_at > t))
    else:
        there = (c.opened_at < t) & (c.ended_at.is_(None) | (c.ended_at >= t))
    return Picked(base, (counts, there))


def _customers(question: Question) -> Grouped:
    return customers.periods_of(customers.of_customers(question))


def _there(c: Any, day: date) -> Column:
    there: Column = (c.from_day <= day) & (c.to_day.is_(None) | (c.to_day > day))
    return there


def _movement(question: Question) -> Picked:
    base, counts = _customers(question), question.kpi.options["counts"]
    c, days = base.columns, question.period
    came = c.from_day.between(days.since, days.until) & (c.from_day == c.since_day)
    went = c.to_day.between(days.since, days.until) & (c.to_day == c.until_day)
    if counts == "closing":
        return Picked(base, (customers.proper(c), _there(c, days.until)))
    if counts != "net":
        return Picked(base, (customers.proper(c), came if counts == "new" else went))
    names = ("customer_id", "since_day", "until_day", "segment", "value_class")
    both = [
        base.select(
            *(c[name] for name in names),
            sa.literal(amount).label("change"),
            also=(customers.proper(c), which),
        )
        for amount, which in ((1, came), (-1, went))
    ]
    rows = _whole(sa.union_all(*both).subquery("came_and_went"))
    return replace(rows, amount=rows.base.columns.change)


def _churn(question: Question, part: str) -> Picked:
    base = _customers(question)
    c, days = base.columns, question.period
    if part == DENOMINATOR:
        return Picked(base, (customers.proper(c), _there(c, days.since - _DAY)))
    lost = (
        (c.since_day < days.since)
        & c.until_day.between(days.since, days.until)
        & (c.from_day < days.since)
        & (c.to_day >= days.since)
    )
    return Picked(base, (customers.proper(c), lost))


def _followed(question: Question, part: str, facts: Facts) -> Picked:
    base = grouped(question, source(question.kpi.source), None, in_period=False)
    c, last = base.columns, question.last_told
    left = c.until_day.is_not(None) & (c.until_day <= last)
    also = [customers.proper(c), c.since_day <= last]
    if facts.start is not None:
        also.append(sa.case((left, c.until_day), else_=last) >= facts.start)
    return Picked(base, (*also, *([left] if part == NUMERATOR else [])))


def _after(question: Question, part: str, facts: Facts) -> Picked:
    assert facts.latest is not None
    rows = customers.with_a_case(question, facts.latest)
    told = sa.select(
        rows.c.customer.label("customer_id"),
        rows.c.cases,
        rows.c.closed_at,
        (rows.c.hit == 1).label(COUNTS),
    ).subquery("customers_after")
    return _kept_part(_whole(told), part)
