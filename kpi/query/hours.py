"""Opening and staffed hours, and customers helped: what a number per hour is divided by and from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from kpi.calendar import OPENING_CALENDAR
from kpi.filters import GRAINS
from kpi.measures.handling import SETTLED_SECONDS
from kpi.measures.words import closed, handled
from kpi.query.groups import grouped, key_label
from kpi.query.question import Question
from kpi.sql import elapsed_seconds
from kpi.tables import table

_DAY = timedelta(days=1)


def time_keys(question: Question) -> tuple[str, ...]:
    """The part of `by` that hours are told apart by: the grain and weekday_hour."""
    return tuple(name for name in question.by if name in GRAINS or name == "weekday_hour")


def opening_hours(question: Question, until: date) -> sa.Select[Any]:
    """Hours open in the period up to and including `until`: time keys, hours."""
    days = table("days")
    by_slot = "weekday_hour" in question.by
    calendar = table("calendar_hours") if by_slot else table("calendar_days")
    keys = []
    for position, name in enumerate(time_keys(question)):
        column = days.c.weekday * 100 + calendar.c.hour if name == "weekday_hour" else days.c[name]
        keys.append(column.label(key_label(position)))
    return (
        sa.select(*keys, sa.func.sum(calendar.c.open_hours).label("hours"))
        .select_from(
            days.join(
                calendar,
                sa.and_(calendar.c.day == days.c.day, calendar.c.calendar == OPENING_CALENDAR),
            )
        )
        .where(days.c.day.between(question.period.since, until))
        .group_by(*(key.element for key in keys))
    )


def opening_times(day: date) -> sa.Select[Any]:
    """From when to when it is open on one day: opens_minute, closes_minute, working."""
    calendar = table("calendar_days")
    return sa.select(calendar.c.opens_minute, calendar.c.closes_minute, calendar.c.working).where(
        calendar.c.calendar == OPENING_CALENDAR, calendar.c.day == day
    )


def known_days() -> sa.Select[Any]:
    """First and last day that calendars reach: first_day, last_day."""
    days = table("days")
    return sa.select(
        sa.func.min(days.c.day).label("first_day"), sa.func.max(days.c.day).label("last_day")
    )


def helped_once(question: Question) -> sa.Subquery:
    """Customers helped, each once a day: keys of the dimensions, customer, day.

    Helped is a case closed, or a contact settled at once, up to as-of.
    """
    cases, contacts = table("prepared_cases"), table("prepared_contacts")
    of_cases = grouped(question, cases, "closed_day", question.dimensions)
    of_contacts = grouped(question, contacts, "started_day", question.dimensions)
    own_case = cases.alias("own_case")
    settled = contacts.c.case_id.is_(None) | (
        elapsed_seconds(contacts.c.started_at, own_case.c.closed_at) <= SETTLED_SECONDS
    )
    closings = of_cases.select(
        cases.c.customer_id.label("customer"),
        cases.c.closed_day.label("day"),
        also=[
            closed(cases.c),
            cases.c.customer_id.is_not(None),
            cases.c.closed_day <= question.last_told,
        ],
    )
    settlings = (
        sa.select(
            *of_contacts.keys,
            contacts.c.customer_id.label("customer"),
            contacts.c.started_day.label("day"),
        )
        .select_from(
            of_contacts.origin.outerjoin(own_case, own_case.c.case_id == contacts.c.case_id)
        )
        .where(
            *of_contacts.conditions,
            handled(contacts.c),
            contacts.c.customer_id.is_not(None),
            contacts.c.started_day <= question.last_told,
            settled,
        )
    )
    # UNION without ALL: a customer helped twice on a day counts once.
    return sa.union(closings, settlings).subquery("both")


def helped(question: Question) -> sa.Select[Any]:
    """How many customers were helped, each once a day: keys, n."""
    both = helped_once(question)
    days = table("days").alias("days_of")
    dimensions = iter(key_label(place) for place in range(len(question.dimensions)))
    keys = [
        (days.c[name] if name in GRAINS else both.c[next(dimensions)]).label(key_label(position))
        for position, name in enumerate(question.by)
    ]
    return (
        sa.select(*keys, sa.func.count().label("n"))
        .select_from(both.join(days, days.c.day == both.c.day))
        .group_by(*(key.element for key in keys))
    )


def staffed_hours(question: Question) -> sa.Select[Any]:
    """Hours staffed up to as-of: grain key (where asked), process (empty: of all), hours, days."""
    staffing, days = table("staffing"), table("days")
    grain = [days.c[question.grain].label(key_label(0))] if question.grain else []
    group = [column.element for column in grain]
    return (
        sa.select(
            *grain,
            staffing.c.process,
            sa.func.sum(staffing.c.staffed_hours).label("hours"),
            sa.func.count(staffing.c.date.distinct()).label("days"),
        )
        .select_from(staffing.join(days, days.c.day == staffing.c.date))
        .where(
            staffing.c.date.between(question.period.since, question.last_told),
        )
        .group_by(*group, staffing.c.process)
    )
