"""Which days every calendar is open, from when to when, and how long in each clock hour."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.calendar import (
    DEFAULT_CALENDAR,
    DEFAULT_CLOSES,
    DEFAULT_OPENS,
    DEFAULT_WEEKDAYS,
    OPENING_CALENDAR,
    minutes,
    public_holidays,
)
from kpi.schema import Type
from kpi.sql import (
    BEGINNING,
    END,
    Expression,
    add_minutes,
    add_seconds,
    elapsed_seconds,
    midnight,
    the_day,
)
from kpi.store.prepare.days import Range, within
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.tables import table

_HOUR = 60


def refill_calendars(
    steps: Steps, country: str, over: Range, regimes: sa.Table, readings: sa.Table
) -> None:
    """Fill CALENDAR_DAYS and CALENDAR_HOURS for every day of DAYS and every calendar.

    `regimes` are the spans of UTC with one offset, `readings` those of local time.

    There is always a calendar "office" (Monday to Friday nine to five, unless configured) and a
    calendar "opening", the opening hours for contacts (those of "office" until configured).
    """
    weekly = steps.make("weekly_hours", _weekly())
    holidays = steps.hold(
        "holidays",
        {"day": Type.DATE},
        [(day,) for day in sorted(public_holidays(country, over.first.year, over.last.year))],
    )
    opened = steps.make("open_days", _open_days(weekly, holidays))
    hours = steps.make("open_hours", _open_hours(opened, regimes))
    _refill_days(steps, weekly, opened, hours, readings)
    steps.refill(table("calendar_hours"), {column.name: column for column in hours.c}, hours)


def _weekly() -> sa.CompoundSelect[Any]:
    """Hours per calendar, weekday and span of validity, in minutes after midnight."""
    configured = spans("calendars")
    rows = sa.select(
        configured.c.calendar,
        configured.c.weekday,
        configured.c.valid_from,
        configured.c.valid_until,
        _clock_minutes(configured.c.opens).label("opens"),
        _clock_minutes(configured.c.closes).label("closes"),
        sa.func.coalesce(configured.c.keeps_holidays, sa.true()).label("keeps_holidays"),
    )
    default = (
        sa.values(
            sa.column("calendar", sa.Text()),
            sa.column("weekday", sa.BigInteger()),
            name="default_hours",
            literal_binds=True,
        )
        .data([(DEFAULT_CALENDAR, weekday) for weekday in DEFAULT_WEEKDAYS])
        .alias("default_hours")
    )
    office = sa.union_all(
        rows.where(configured.c.calendar == DEFAULT_CALENDAR),
        sa.select(
            default.c.calendar,
            default.c.weekday,
            the_day(BEGINNING),
            the_day(END),
            sa.literal(minutes(DEFAULT_OPENS)),
            sa.literal(minutes(DEFAULT_CLOSES)),
            sa.true(),
        ).where(~_is_configured(DEFAULT_CALENDAR)),
    ).subquery("office_hours")
    as_opening = [column for column in office.c if column.name != "calendar"]
    return sa.union_all(
        rows.where(configured.c.calendar != DEFAULT_CALENDAR),
        sa.select(*office.c),
        sa.select(sa.literal(OPENING_CALENDAR), *as_opening).where(
            ~_is_configured(OPENING_CALENDAR)
        ),
    )


def _is_configured(calendar: str) -> Expression:
    calendars = table("calendars")
    return sa.exists().where(calendars.c.calendar == calendar)


def _clock_minutes(clock: Expression) -> Expression:
    """Minutes after midnight of "HH:MM"."""
    hour = sa.cast(sa.func.substr(clock, 1, 2), sa.Integer())
    return hour * _HOUR + sa.cast(sa.func.substr(clock, 4, 2), sa.Integer())


def _open_days(weekly: sa.Table, holidays: sa.Table) -> sa.Select[Any]:
    """One row per calendar and day that it is open."""
    days, exceptions = table("days"), spans("holidays")
    exception = sa.and_(
        exceptions.c.calendar == weekly.c.calendar,
        exceptions.c.day == days.c.day,
        counts_on(exceptions, days.c.day),
    )
    # An exception decides; without one a public holiday does, in calendars that keep them.
    closed = sa.case(
        (exceptions.c.day.is_not(None), sa.func.coalesce(exceptions.c.closed, sa.true())),
        else_=sa.and_(weekly.c.keeps_holidays, holidays.c.day.is_not(None)),
    )
    return (
        sa.select(
            weekly.c.calendar,
            days.c.day,
            days.c.starts_at,
            days.c.ends_at,
            weekly.c.opens,
            weekly.c.closes,
        )
        .select_from(
            days.join(
                weekly,
                sa.and_(weekly.c.weekday == days.c.weekday, counts_on(weekly, days.c.day)),
            )
            .outerjoin(exceptions, exception)
            .outerjoin(holidays, holidays.c.day == days.c.day)
        )
        .where(weekly.c.closes > weekly.c.opens, sa.not_(closed))
    )


def _open_hours(opened: sa.Table, regimes: sa.Table) -> sa.Select[Any]:
    """Hours open by elapsed time per calendar, day and clock hour; only hours that are open.

    A local day is one stretch of clock time, or two where the clock is switched (the parts of the
    day in one regime each): of every stretch counts what lies inside the clock hour and inside
    opening time.
    """
    hour = (
        sa.values(sa.column("hour", sa.Integer()), name="clock", literal_binds=True)
        .data([(hour,) for hour in range(24)])
        .alias("clock")
    )
    this_midnight = midnight(opened.c.day)
    start = sa.func.greatest(
        add_seconds(
            sa.func.greatest(opened.c.starts_at, regimes.c.from_), regimes.c.offset_seconds
        ),
        add_minutes(this_midnight, sa.func.greatest(opened.c.opens, hour.c.hour * _HOUR)),
    )
    end = sa.func.least(
        add_seconds(sa.func.least(opened.c.ends_at, regimes.c.until_), regimes.c.offset_seconds),
        add_minutes(this_midnight, sa.func.least(opened.c.closes, (hour.c.hour + 1) * _HOUR)),
    )
    parts = (
        sa.select(
            opened.c.calendar,
            opened.c.day,
            hour.c.hour,
            start.label("start"),
            end.label("end"),
        )
        .select_from(
            opened.join(
                regimes,
                sa.and_(regimes.c.from_ < opened.c.ends_at, regimes.c.until_ > opened.c.starts_at),
            ).join(hour, sa.true())
        )
        .subquery("parts")
    )
    return (
        sa.select(
            parts.c.calendar,
            parts.c.day,
            parts.c.hour,
            (sa.func.sum(elapsed_seconds(parts.c.start, parts.c.end)) / 3600).label("open_hours"),
        )
        .where(parts.c.start < parts.c.end)
        .group_by(parts.c.calendar, parts.c.day, parts.c.hour)
    )


def _refill_days(
    steps: Steps, weekly: sa.Table, opened: sa.Table, hours: sa.Table, readings: sa.Table
) -> None:
    days, day = table("days"), table("days").c.day
    calendars = sa.select(weekly.c.calendar).distinct().subquery("calendars_there_are")
    per_day = (
        sa.select(
            hours.c.calendar, hours.c.day, sa.func.sum(hours.c.open_hours).label("open_hours")
        )
        .group_by(hours.c.calendar, hours.c.day)
        .subquery("hours_per_day")
    )
    calendar = calendars.c.calendar
    working = opened.c.day.is_not(None)
    # At this local time it opens; by the reading of that time, the UTC moment.
    opens = add_minutes(midnight(day), opened.c.opens)
    source = (
        days.join(calendars, sa.true())
        .outerjoin(opened, sa.and_(opened.c.calendar == calendar, opened.c.day == day))
        .outerjoin(per_day, sa.and_(per_day.c.calendar == calendar, per_day.c.day == day))
        .outerjoin(readings, within(opens, readings))
    )
    open_hours = sa.func.coalesce(per_day.c.open_hours, 0.0)
    steps.refill(
        table("calendar_days"),
        {
            "calendar": calendar,
            "day": day,
            "working": working,
            "opens_minute": opened.c.opens,
            "closes_minute": opened.c.closes,
            "working_index": sa.func.count(opened.c.day).over(
                partition_by=calendar, order_by=day, rows=(None, 0)
            ),
            # Backwards: PostgreSQL counts a frame whose beginning moves anew for every row.
            "next_working_day": sa.func.min(opened.c.day).over(
                partition_by=calendar, order_by=day.desc(), rows=(None, 0)
            ),
            "opens_at": add_seconds(opens, -readings.c.offset_seconds),
            "open_hours": open_hours,
            "open_hours_before": sa.func.coalesce(
                sa.func.sum(open_hours).over(partition_by=calendar, order_by=day, rows=(None, -1)),
                0.0,
            ),
        },
        source,
    )
