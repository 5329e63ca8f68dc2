"""What is taken into memory: rows with numbers in the place of their texts, which are few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from kpi.measures.words import CUSTOMER
from kpi.model import Kpi, Moment
from kpi.query import desk
from kpi.query.customers import counted_after, customer_on, proper
from kpi.query.daily import NARROW, WIDE, Kept
from kpi.query.groups import Column, From, source, yes_or_no
from kpi.query.spans import counts_as_stock, each_closed, ending, lasted
from kpi.sql import add_days
from kpi.tables import table

Every = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Wanted:
    """Rows that are taken into memory.

    Attributes:
        of: where they are.
        day: their column with the day; rows without are left.
        dimensions: what filters and keys are taken from, few values each.
        what: what else of each row, by name.
        where: which rows.
    """

    of: From
    day: str
    dimensions: tuple[str, ...]
    what: Mapping[str, Column]
    where: tuple[Column, ...] = ()

    @property
    def _kept(self) -> tuple[Column, ...]:
        return (*self.where, self.of.c[self.day].is_not(None))

    def values(self, dimension: str, most: int) -> sa.Select[Any]:
        """The values of a dimension, null among them: value; one more than `most` at the most."""
        column = self.of.c[dimension]
        return sa.select(column.label("value")).where(*self._kept).distinct().limit(most + 1)

    def rows(self, every: Every) -> sa.Select[Any]:
        """The rows: day, per dimension the place of its value in `every`, and `what`."""
        places = (_place(self.of.c[name], its).label(name) for name, its in every.items())
        what = (column.label(name) for name, column in self.what.items())
        return sa.select(self.of.c[self.day].label("day"), *places, *what).where(*self._kept)


def _place(column: Column, values: Sequence[Any]) -> Column:
    """Where a value is among these; -1 where it is none of them."""
    found = ((_is(column, value), place) for place, value in enumerate(values))
    return sa.cast(sa.case(*found, else_=-1), sa.SmallInteger())


def _is(column: Column, value: Any) -> Column:
    same: Column = column.is_(None) if value is None else column == value
    return same


def sums_kept() -> sa.Select[Any]:
    """How many rows there are of each of the sums that were made together: kept, n."""
    of = table("daily_sums")
    return sa.select(of.c.kept, sa.func.count().label("n")).group_by(of.c.kept)


def sums(kept: Kept) -> Wanted:
    """The sums that were made together: s0, s1, … by slot."""
    of = table("daily_sums")
    slots = {f"s{slot}": of.c[f"s{slot}"] for slot in kept.slots.values()}
    return Wanted(of, "day", kept.dimensions, slots, (of.c.kept == kept.number,))


def lengths(kpi: Kpi, at: Moment) -> Wanted:
    """Every case opened by as-of: how it ended by then, and the seconds it had lasted."""
    of, as_of = source(kpi.source), at.latest
    ended = sa.cast(ending(of.c, as_of), sa.SmallInteger())
    what = {"ending": ended, "seconds": lasted(of.c, as_of)}
    return Wanted(of, kpi.date, NARROW, what, (of.c.opened_at <= as_of,))


def closed(kpi: Kpi, at: Moment) -> Wanted:
    """What a KPI of closed durations measures: seconds, and for cases the working ones."""
    of = source(kpi.source)
    where = () if kpi.where is None else (kpi.where(of.c, at),)
    return Wanted(of, kpi.date, NARROW, each_closed(kpi, of.c, at), where)


def spells(kpi: Kpi, at: Moment) -> Wanted:
    """When each row of a stock began and ended."""
    of = source(kpi.source)
    counts = counts_as_stock(of.c) if kpi.where is None else kpi.where(of.c, at)
    what = {"opened_at": of.c.opened_at, "ended_at": of.c.ended_at}
    return Wanted(of, "opened_day", NARROW, what, (counts,))


def still_open(kpi: Kpi, at: Moment) -> Wanted:
    """Every case that is open as of the data: when it was opened, and its deadline."""
    of = source(kpi.source)
    what = {"opened_at": of.c.opened_at, "deadline_at": of.c.deadline_at}
    return Wanted(of, "opened_day", NARROW, what, tuple(desk.still_open(of.c, at.latest)))


def customers() -> sa.Select[Any]:
    """Every period of a customer: who (a number), since, until, left (days, null where none)."""
    periods, numbered = table("prepared_customers"), _customers()
    return sa.select(
        numbered.c.number.label("who"),
        periods.c.since_day.label("since"),
        periods.c.until_day.label("until"),
        periods.c.left_day.label("left"),
    ).join_from(periods, numbered, numbered.c.customer_id == periods.c.customer_id)


#: Dimensions of customers that are true or false, and told as words.
YES_OR_NO = tuple(
    name for name in CUSTOMER if isinstance(table("prepared_phases").c[name].type, sa.Boolean)
)


def leavers() -> Wanted:
    """Each stretch of the customership of who left: since, begins and ends (days), and chosen."""
    phases = table("prepared_phases")
    told = (yes_or_no(phases.c[name]) if name in YES_OR_NO else phases.c[name] for name in CUSTOMER)
    rows = (
        sa.select(
            phases.c.since_day, phases.c.until_day, phases.c.from_day, phases.c.to_day,
            sa.func.coalesce(phases.c.voluntary, sa.false()).label("chosen"),
            *(column.label(name) for name, column in zip(CUSTOMER, told, strict=True)),
        )
        .where(
            proper(phases.c),
            # Whoever came, or became this, nobody knows when, was not there on the eve of any day.
            *(phases.c[name].is_not(None) for name in ("since_day", "from_day", "to_day")),
        )
        .subquery("rows")
    )  # fmt: skip
    what = {
        "since": rows.c.since_day, "begins": rows.c.from_day, "ends": rows.c.to_day, "chosen": rows.c.chosen,
    }  # fmt: skip
    return Wanted(rows, "until_day", CUSTOMER, what)


def cases_of_customers(kpi: Kpi, at: Moment) -> Wanted:
    """Closed cases of customers, as `query.customers.churned_after` counts them.

    `who` is the customer's number in `customers`; `told` is 1 where it was one on that day and so
    long ago that it can be told whether it left, and `hit` where it did. A case is there once for
    each period of its customer: who counts once counts as often.
    """
    days: int = kpi.options["days"]
    cases, numbered, then = source(kpi.source), _customers(), table("prepared_customers")
    # Not as conditions of the join: then DuckDB compares every case with every customer.
    there = customer_on(then.c, cases.c.closed_day)
    told = there & (cases.c.closed_at <= at.latest - timedelta(days=days))
    left = then.c.left_day.between(
        cases.c.closed_day, add_days(cases.c.closed_day, sa.literal(days))
    )
    rows = (
        sa.select(
            cases.c[kpi.date],
            cases.c.process,
            numbered.c.number,
            sa.case((told, 1), else_=0).label("told"),
            sa.case((told & left, 1), else_=0).label("hit"),
        )
        .select_from(
            cases.join(numbered, numbered.c.customer_id == cases.c.customer_id).join(
                then, then.c.customer_id == cases.c.customer_id
            )
        )
        .where(*counted_after(kpi, cases.c))
        .subquery("rows")
    )
    what = {"who": rows.c.number, "told": rows.c.told, "hit": rows.c.hit}
    return Wanted(rows, kpi.date, ("process",), what)


def _customers() -> sa.Subquery:
    """Every customer with a number of its own, from 0."""
    periods = table("prepared_customers")
    every = sa.select(periods.c.customer_id).distinct().subquery("everybody")
    number = sa.func.row_number().over(order_by=every.c.customer_id) - 1
    return sa.select(every.c.customer_id, number.label("number")).subquery("numbered")


def counted_once(kpi: Kpi, at: Moment) -> Wanted:
    """Rows of whom a KPI counts once: `who` as a number, `num` and `den` whether it counts there."""
    of = source(kpi.source)
    assert kpi.numerator is not None
    assert kpi.denominator is not None
    numerator, denominator = kpi.numerator(of.c, at), kpi.denominator(of.c, at)
    takes_part = sa.true() if kpi.where is None else kpi.where(of.c, at)
    who = of.c[kpi.options["distinct"]]
    every = sa.select(who.label("who")).where(who.is_not(None)).distinct().subquery("everybody")
    number = sa.func.row_number().over(order_by=every.c.who) - 1
    numbered = sa.select(every.c.who, number.label("number")).subquery("numbered")
    names = dict.fromkeys((kpi.date, *WIDE))
    rows = (
        sa.select(
            *(of.c[name] for name in names),
            numbered.c.number,
            sa.func.coalesce(numerator, sa.false()).label("num"),
            sa.func.coalesce(denominator, sa.false()).label("den"),
        )
        .select_from(of.join(numbered, numbered.c.who == who))
        .where(takes_part)
        .subquery("rows")
    )
    what = {"who": rows.c.number, "num": rows.c.num, "den": rows.c.den}
    return Wanted(rows, kpi.date, WIDE, what, (rows.c.num | rows.c.den,))
