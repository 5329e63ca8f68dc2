"""Local days and what to add to UTC, over the range of the facts with a margin."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from kpi.calendar import HOURS
from kpi.schema import FACTS, Type
from kpi.sql import Expression, add_days, add_seconds, day_of, midnight, part_of, the_day
from kpi.store.prepare.steps import Steps
from kpi.tables import table
from kpi.zones import Regime, readings, regimes

#: Room on both sides for deadlines, for the chain before a period and for comparisons.
MARGIN = timedelta(days=400)
#: Calendar days that a working day may take at most, holidays and short weeks included.
_DAYS_PER_WORKING_DAY = 3
#: Dates, beside the fact times, that must lie in a period.
_DATES = {
    "customers": ("customer_since", "customer_until"),
    "holdings": ("started",),
    "staffing": ("date",),
    "totals": ("period_start",),
}
_DIGITS = range(10)
_DAY = timedelta(days=1)
_SPAN = {"from_": Type.TIMESTAMP, "until_": Type.TIMESTAMP, "offset_seconds": Type.INTEGER}


class Range(NamedTuple):
    """Local days, both included."""

    first: date
    last: date


def needed(connection: sa.Connection) -> Range | None:
    """Whole years around all facts, so that it seldom changes; None when there are no facts."""
    each = sa.union_all(
        *(
            sa.select(
                sa.cast(sa.func.min(moments), sa.Date()).label("low"),
                sa.cast(sa.func.max(moments), sa.Date()).label("high"),
            )
            for declared in FACTS
            for column in (*declared.fact_times, *_DATES.get(declared.name, ()))
            for moments in [table(declared.name).c[column]]
        )
    ).subquery()
    low, high = connection.execute(
        sa.select(sa.func.min(each.c.low), sa.func.max(each.c.high))
    ).one()
    if low is None:
        return None
    longest = _longest_norm(connection)
    # What is written as the end of time has no days after it.
    low, high = max(low, date.min + MARGIN), min(high, date(9998, 12, 31) - MARGIN - longest)
    return Range(date((low - MARGIN).year, 1, 1), date((high + MARGIN + longest).year, 12, 31))


def _longest_norm(connection: sa.Connection) -> timedelta:
    processes = table("processes")
    longest = connection.execute(
        sa.select(sa.func.max(processes.c.norm)).where(
            sa.or_(processes.c.norm_unit.is_(None), processes.c.norm_unit != HOURS)
        )
    ).scalar()
    return timedelta(days=min(3660, math.ceil(longest or 0) * _DAYS_PER_WORKING_DAY))


def held(connection: sa.Connection) -> Range | None:
    """The range of days there is now; None when there is none."""
    days = table("days")
    first, last = connection.execute(
        sa.select(sa.func.min(days.c.day), sa.func.max(days.c.day))
    ).one()
    return None if first is None else Range(first, last)


def refill_days(steps: Steps, zone: str, wanted: Range) -> sa.Table:
    """Fill DAYS and UTC_OFFSETS for every day of `wanted`; gives the spans of one offset."""
    known = steps.hold("regimes", _SPAN, _regimes(zone, wanted))
    numbers = _numbers((wanted.last - wanted.first).days + 1)
    day = add_days(the_day(wanted.first), numbers.c.n)
    series = sa.select(day.label("day")).select_from(numbers).subquery("series")
    _refill_days(steps, zone, wanted, series)
    _refill_offsets(steps, known, series)
    return known


def _refill_days(steps: Steps, zone: str, wanted: Range, series: sa.Subquery) -> None:
    local = hold_readings(steps, zone, wanted)
    this, following = local.alias("this_midnight"), local.alias("next_midnight")
    day = series.c.day
    week = sa.func.concat(
        _digits(part_of(day, "isoyear"), 4), "-W", _digits(part_of(day, "week"), 2)
    )
    year = _digits(part_of(day, "year"), 4)
    source = series.join(this, within(midnight(day), this)).join(
        following, within(midnight(add_days(day, 1)), following)
    )
    steps.refill(
        table("days"),
        {
            "day": day,
            "week": week,
            "month": sa.func.concat(year, "-", _digits(part_of(day, "month"), 2)),
            "quarter": sa.func.concat(year, "-Q", sa.cast(part_of(day, "quarter"), sa.Text())),
            "weekday": part_of(day, "isodow"),
            "starts_at": add_seconds(midnight(day), -this.c.offset_seconds),
            "ends_at": add_seconds(midnight(add_days(day, 1)), -following.c.offset_seconds),
        },
        source,
    )


def _regimes(zone: str, wanted: Range) -> tuple[Regime, ...]:
    # A day more on both sides: the first local day may begin, and the last end, on another UTC day.
    return regimes(zone, wanted.first - _DAY, wanted.last + _DAY)


def _refill_offsets(steps: Steps, known: sa.Table, series: sa.Subquery) -> None:
    start, end = known.alias("at_start"), known.alias("at_end")
    opens, closes = midnight(series.c.day), midnight(add_days(series.c.day, 1))
    source = series.join(start, within(opens, start)).join(
        end, sa.and_(end.c.from_ < closes, closes <= end.c.until_)
    )
    steps.refill(
        table("utc_offsets"),
        {
            "utc_day": series.c.day,
            "minutes_before": _minutes(start),
            "switches_at": sa.case((end.c.from_ > opens, end.c.from_), else_=closes),
            "minutes_after": _minutes(end),
        },
        source,
    )


def hold_readings(steps: Steps, zone: str, over: Range, name: str = "readings") -> sa.Table:
    """The spans by which local times of `over` become UTC: subtract `offset_seconds`."""
    spans = readings(zone, over.first, over.last + _DAY)
    return steps.hold(name, _SPAN, [span[:3] for span in spans])


def within(moment: Expression, span: sa.FromClause) -> Expression:
    """Whether `moment` lies in a span of `hold_readings`."""
    return sa.and_(moment >= span.c.from_, moment < span.c.until_)


class Local(NamedTuple):
    """A UTC column on the local clock: what to outer join, on what, and the local time then."""

    offsets: sa.FromClause
    condition: Expression
    time: Expression


def to_local(moment: Expression) -> Local:
    """`moment` on the installation's clock; null outside the range of days."""
    offsets = table("utc_offsets").alias()
    before = moment < offsets.c.switches_at
    minutes = sa.case((before, offsets.c.minutes_before), else_=offsets.c.minutes_after)
    return Local(offsets, offsets.c.utc_day == day_of(moment), add_seconds(moment, minutes * 60))


def _numbers(count: int) -> sa.Subquery:
    """The whole numbers from 0 to `count` - 1, from digits: every engine can multiply rows."""
    digits = len(str(count - 1))
    places = [
        sa.values(sa.column("d", sa.Integer()), name=f"place_{place}", literal_binds=True)
        .data([(digit,) for digit in _DIGITS])
        .alias(f"place_{place}")
        for place in range(digits)
    ]
    number: Expression = places[0].c.d
    source: Any = places[0]
    for power, place in enumerate(places[1:], start=1):
        number = number + place.c.d * 10**power
        source = source.join(place, sa.true())
    return sa.select(number.label("n")).select_from(source).where(number < count).subquery("n")


def _digits(number: Expression, count: int) -> Expression:
    return sa.func.lpad(sa.cast(number, sa.Text()), count, "0")


def _minutes(regime: sa.FromClause) -> Expression:
    # Offsets of before 1937 have odd seconds in some zones: the column holds whole minutes.
    return sa.cast(sa.func.round(regime.c.offset_seconds / 60.0), sa.Integer())
