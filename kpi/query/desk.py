"""What an owner looks at case by case: open cases by deadline, silent ones, and who had them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from kpi.filters import Where
from kpi.measures.words import timed
from kpi.query.groups import Column, kept, source
from kpi.tables import table

#: What is told of a case in a list.
_TOLD = ("case_id", "opened_at", "department", "reason", "channel", "deadline_at")


def still_open(c: Any, as_of: datetime) -> list[Column]:
    """Conditions that keep the cases that are open at `as_of`."""
    return [timed(c), c.opened_at <= as_of, c.closed_at.is_(None) | (c.closed_at > as_of)]


def due(where: Where, as_of: datetime, until: datetime, most: int) -> sa.Select[Any]:
    """Open cases whose deadline lies after `as_of` and not after `until`, the nearest first."""
    c = table("prepared_cases").c
    return (
        sa.select(*(c[name] for name in _TOLD))
        .where(*kept(c, where), *still_open(c, as_of), c.deadline_at > as_of)
        .where(c.deadline_at <= until)
        .order_by(c.deadline_at, c.case_id)
        .limit(most)
    )


def overdue(where: Where, as_of: datetime, most: int) -> sa.Select[Any]:
    """Open cases whose deadline has passed at `as_of`, the longest ago first."""
    c = table("prepared_cases").c
    return (
        sa.select(*(c[name] for name in _TOLD))
        .where(*kept(c, where), *still_open(c, as_of), c.deadline_at <= as_of)
        .order_by(c.deadline_at, c.case_id)
        .limit(most)
    )


def open_cases(where: Where, as_of: datetime) -> sa.Select[Any]:
    """Every open case: opened_at and deadline_at, of nobody's own."""
    c = table("prepared_cases").c
    return sa.select(c.opened_at, c.deadline_at).where(*kept(c, where), *still_open(c, as_of))


def silent(where: Where, as_of: datetime, most: int) -> sa.Select[Any]:
    """Open cases whose customer heard nothing for five working days, the longest silent first."""
    c = source("silences").c
    told = (c.case_id, c.last_contact_at, c.department, c.reason, c.channel)
    return (
        sa.select(*told, c.case_opened_at.label("opened_at"))
        .where(*kept(c, where), c.opened_at <= as_of)
        .where(c.ended_at.is_(None) | (c.ended_at > as_of))
        .order_by(c.last_contact_at, c.case_id)
        .limit(most)
    )


def stays(where: Where, since: date, until: date, as_of: datetime) -> sa.Select[Any]:
    """From when to when departments had the cases they got in a period: department, entered, left.

    The last two are arrays; who still has it has had it up to `as_of`.
    """
    c = table("prepared_segments").c
    at = sa.literal(as_of, sa.DateTime())
    left = sa.case((c.left_at.is_(None) | (c.left_at > at), at), else_=c.left_at)
    return (
        # One row a department: its name a hundred thousand times is what took long to fetch.
        sa.select(
            c.department,
            sa.func.array_agg(c.entered_at).label("entered"),
            sa.func.array_agg(left).label("left"),
        )
        .where(*kept(c, where), c.entered_day.between(since, until), c.entered_at <= at)
        .group_by(c.department)
    )


def working_days(calendar: str, first: date, last: date) -> sa.Select[Any]:
    """The open days of a calendar: day, opens_at (UTC), open_hours, open_hours_before."""
    c = table("calendar_days").c
    return (
        sa.select(c.day, c.opens_at, c.open_hours, c.open_hours_before)
        .where(c.calendar == calendar, c.working, c.day.between(first, last))
        .order_by(c.day)
    )
