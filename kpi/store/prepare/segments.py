"""Hand-over segments: each department that had a case, from when to when, with its own clock.

A segment begins when the case is opened or handed over and ends when it is handed over or closed.
Handing over to who has it already is none, so that nobody starts his own clock anew; a department
that had it for no time at all had it not.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.sql import day_of
from kpi.store.prepare.clocks import hold_deadlines
from kpi.store.prepare.customers import DIMENSIONS
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.tables import table


def refill_segments(steps: Steps, handovers: sa.Table, readings: sa.Table) -> None:
    """Fill PREPARED_SEGMENTS: one row per case fit for timings and department that had it."""
    held = steps.make("held_by", _segments(handovers))
    cases = table("prepared_cases")
    entered = to_local(held.c.at)
    segments = steps.make(
        "segments",
        sa.select(
            sa.func.row_number().over(order_by=[held.c.case_id, held.c.position]).label("id"),
            held.c.case_id,
            held.c.position,
            held.c.department,
            held.c.at,
            held.c.left_at,
            entered.time.label("local"),
            day_of(entered.time).label("day"),
            cases.c.process,
        ).select_from(
            held.join(cases, cases.c.case_id == held.c.case_id).outerjoin(
                entered.offsets, entered.condition
            )
        ),
    )
    starts = sa.select(
        segments.c.id, segments.c.process, segments.c.at, segments.c.local, segments.c.day
    ).subquery("entries")
    due = hold_deadlines(steps, "deadlines_of_segments", starts, readings)
    of_case = ("process", "reason", "channel", *DIMENSIONS)
    steps.refill(
        table("prepared_segments"),
        {
            **{name: cases.c[name] for name in of_case},
            "case_id": segments.c.case_id,
            "position": segments.c.position,
            "department": segments.c.department,
            "entered_at": segments.c.at,
            "entered_day": segments.c.day,
            "left_at": segments.c.left_at,
            "deadline_at": due.c.deadline_at,
        },
        segments.join(cases, cases.c.case_id == segments.c.case_id).join(
            due, due.c.id == segments.c.id
        ),
    )


def _segments(handovers: sa.Table) -> sa.Select[Any]:
    """case_id, position (from 1), department, at, left_at (null while the case is there)."""
    cases = table("prepared_cases")
    timed = sa.and_(cases.c.state.in_(["open", "closed"]), cases.c.timing == "ok")
    order = [handovers.c.at, handovers.c.event_id]
    inside = (
        sa.select(
            handovers.c.case_id,
            handovers.c.taker,
            handovers.c.giver,
            # What happened before the opening counts from the opening.
            sa.func.greatest(handovers.c.at, cases.c.opened_at).label("at"),
            sa.func.row_number()
            .over(partition_by=handovers.c.case_id, order_by=order)
            .label("number"),
        )
        .join_from(handovers, cases, cases.c.case_id == handovers.c.case_id)
        .where(timed, sa.or_(cases.c.closed_at.is_(None), handovers.c.at < cases.c.closed_at))
        .subquery("handovers_inside")
    )
    first = inside.alias("first_handover")
    entries = sa.union_all(
        sa.select(
            cases.c.case_id,
            sa.literal(0).label("number"),
            cases.c.opened_at.label("at"),
            sa.case((first.c.case_id.is_not(None), first.c.giver), else_=cases.c.department).label(
                "department"
            ),
        )
        .select_from(
            cases.outerjoin(first, sa.and_(first.c.case_id == cases.c.case_id, first.c.number == 1))
        )
        .where(timed),
        sa.select(inside.c.case_id, inside.c.number, inside.c.at, inside.c.taker),
    ).subquery("entered")
    timeless = _with_next(entries).subquery("entered_and_left")
    stayed = (
        sa.select(timeless)
        .where(sa.or_(timeless.c.next_at.is_(None), timeless.c.next_at > timeless.c.at))
        .subquery("stayed")
    )
    before = sa.func.lag(stayed.c.department).over(
        partition_by=stayed.c.case_id, order_by=stayed.c.number
    )
    place = sa.func.row_number().over(partition_by=stayed.c.case_id, order_by=stayed.c.number)
    compared = sa.select(
        stayed.c.case_id,
        stayed.c.number,
        stayed.c.at,
        stayed.c.department,
        before.label("before"),
        place.label("place"),
    ).subquery("compared")
    moved = (
        sa.select(compared)
        .where(
            sa.or_(
                compared.c.place == 1,
                compared.c.department.is_distinct_from(compared.c.before),
            )
        )
        .subquery("moved")
    )
    whole = _with_next(moved).subquery("whole")
    return sa.select(
        whole.c.case_id,
        sa.func.row_number()
        .over(partition_by=whole.c.case_id, order_by=whole.c.number)
        .label("position"),
        whole.c.department,
        whole.c.at,
        sa.func.coalesce(whole.c.next_at, cases.c.closed_at).label("left_at"),
    ).join_from(whole, cases, cases.c.case_id == whole.c.case_id)


def _with_next(entries: sa.FromClause) -> sa.Select[Any]:
    following = sa.func.lead(entries.c.at).over(
        partition_by=entries.c.case_id, order_by=entries.c.number
    )
    return sa.select(*entries.c, following.label("next_at"))
