"""Clocks: which calendar and norm judge a moment, when a norm is over, and working time between.

A clock starts at the moment itself, rolled into working time. Working days are counted on the
calendar's running number of working days: the deadline lies on the day whose number is the norm
further, at the clock time of the rolled start.
"""

from __future__ import annotations

import sqlalchemy as sa

from kpi.calendar import DEFAULT_CALENDAR, DEFAULT_NORM, HOURS, WORKING_DAYS
from kpi.sql import Expression, add_minutes, add_seconds, elapsed_seconds, midnight, yes
from kpi.store.prepare.days import within
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.tables import table

_HOUR = 3600


def open_until(day: sa.FromClause, moment: Expression) -> Expression:
    """Seconds that a calendar was open before `moment`, counted from its first day; `day` is its.

    Null where that day is outside the calendar.
    """
    today = sa.func.least(
        sa.func.greatest(elapsed_seconds(day.c.opens_at, moment), 0.0), day.c.open_hours * _HOUR
    )
    on_day = sa.case((day.c.opens_at.is_(None), 0.0), else_=today)
    return day.c.open_hours_before * _HOUR + on_day


def clocks(starts: sa.FromClause) -> sa.Select[tuple[object, ...]]:
    """Calendar, unit and norm of each of `starts` (id, process, day), in force on that day."""
    processes, days = spans("processes"), table("calendar_days")
    calendars = sa.select(days.c.calendar).distinct().subquery("calendars_there_are")
    return sa.select(
        *starts.c,
        sa.func.coalesce(calendars.c.calendar, DEFAULT_CALENDAR).label("calendar"),
        sa.func.coalesce(processes.c.norm_unit, WORKING_DAYS).label("unit"),
        sa.func.coalesce(processes.c.norm, DEFAULT_NORM).label("norm"),
    ).select_from(
        starts.outerjoin(
            processes,
            sa.and_(processes.c.process == starts.c.process, counts_on(processes, starts.c.day)),
        ).outerjoin(calendars, calendars.c.calendar == processes.c.calendar)
    )


def hold_deadlines(
    steps: Steps,
    name: str,
    starts: sa.FromClause,
    readings: sa.Table,
    working_days: float | None = None,
) -> sa.Table:
    """When the norm of each of `starts` is over: id, calendar, deadline_at.

    Args:
        steps: of this preparation.
        name: of the temporary table.
        starts: id, process, at (UTC), local and day (of it).
        readings: spans of local time with one offset.
        working_days: for all of them, in the place of the process's norm.
    """
    days = table("calendar_days")
    own = clocks(starts).subquery(f"clocks_of_{name}")
    unit = own.c.unit if working_days is None else sa.literal(WORKING_DAYS)
    norm = own.c.norm if working_days is None else sa.literal(working_days)
    opened = days.alias("day_of_start")
    in_time = yes(
        sa.and_(
            opened.c.working,
            own.c.local < add_minutes(midnight(opened.c.day), opened.c.closes_minute),
        )
    )
    norms = (
        sa.select(
            own.c.id,
            own.c.at,
            own.c.calendar,
            unit.label("unit"),
            norm.label("norm"),
            # The working day on which the clock starts, by its number.
            (opened.c.working_index + sa.case((in_time, 0), else_=1)).label("first_index"),
            sa.case(
                (
                    in_time,
                    sa.func.greatest(
                        own.c.local, add_minutes(midnight(opened.c.day), opened.c.opens_minute)
                    ),
                )
            ).label("started"),
        )
        .select_from(
            own.outerjoin(
                opened, sa.and_(opened.c.calendar == own.c.calendar, opened.c.day == own.c.day)
            )
        )
        .subquery("norms")
    )
    working = sa.select(days).where(days.c.working).subquery("working_days")
    first, last = working.alias("first_day"), working.alias("last_day")
    start = sa.func.coalesce(
        norms.c.started, add_minutes(midnight(first.c.day), first.c.opens_minute)
    )
    on_clock = add_seconds(midnight(last.c.day), elapsed_seconds(midnight(first.c.day), start))
    last_index = norms.c.first_index + sa.cast(sa.func.ceil(norms.c.norm), sa.BigInteger())
    clock = (
        sa.select(
            norms.c.id,
            norms.c.at,
            norms.c.calendar,
            norms.c.unit,
            norms.c.norm,
            on_clock.label("local"),
        )
        .select_from(
            norms.outerjoin(
                first, _numbered(first, norms.c.calendar, norms.c.first_index)
            ).outerjoin(last, _numbered(last, norms.c.calendar, last_index))
        )
        .subquery("clock")
    )
    return steps.make(
        name,
        sa.select(
            clock.c.id,
            clock.c.calendar,
            sa.case(
                (clock.c.unit == HOURS, add_seconds(clock.c.at, clock.c.norm * _HOUR)),
                else_=add_seconds(clock.c.local, -readings.c.offset_seconds),
            ).label("deadline_at"),
        ).select_from(clock.outerjoin(readings, within(clock.c.local, readings))),
    )


def _numbered(working: sa.FromClause, calendar: Expression, index: Expression) -> Expression:
    return sa.and_(working.c.calendar == calendar, working.c.working_index == index)
