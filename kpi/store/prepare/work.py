"""What was done on a case: working time spent on it, waited for the customer, and in which line."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.sql import Expression, day_of, yes
from kpi.store.prepare.clocks import clocks, open_until
from kpi.store.prepare.days import to_local
from kpi.store.prepare.handovers import local_events
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

WORK, STATUS, WAITING = "work", "status", "waiting"
_FIRST_LINE = 1


def refill_work(steps: Steps, words: sa.Table, handovers: sa.Table) -> None:
    """Fill PREPARED_WORK: one row per prepared case."""
    united = steps.make("work_united", _united(_spans(words)))
    seconds = steps.make("work_seconds", _seconds(united))
    cases, departments = table("prepared_cases"), spans("departments")
    handed = (
        sa.select(handovers.c.case_id)
        .where(handovers.c.taker_line > _FIRST_LINE)
        .distinct()
        .subquery("handed_over")
    )
    second_line = sa.or_(handed.c.case_id.is_not(None), yes(departments.c.line > _FIRST_LINE))
    steps.refill(
        table("prepared_work"),
        {
            "case_id": cases.c.case_id,
            "first_line": sa.case(
                (cases.c.line.is_not(None), cases.c.line <= _FIRST_LINE),
                else_=sa.not_(second_line),
            ),
            "work_seconds": seconds.c.work,
            "waiting_seconds": seconds.c.waiting,
        },
        cases.outerjoin(seconds, seconds.c.case_id == cases.c.case_id)
        .outerjoin(handed, handed.c.case_id == cases.c.case_id)
        .outerjoin(
            departments,
            sa.and_(
                departments.c.department == cases.c.department,
                counts_on(departments, cases.c.opened_day),
            ),
        ),
    )


def _spans(words: sa.Table) -> sa.CompoundSelect[Any]:
    """Work and waiting: case_id, kind, start, end; an end that nobody knows makes no work."""
    work, status = local_events(WORK), local_events(STATUS)
    said = look_up(words, "status", status.c.value, status.c.day)
    following = sa.func.lead(status.c.occurred_at).over(
        partition_by=status.c.case_id, order_by=[status.c.occurred_at, status.c.event_id]
    )
    statuses = (
        sa.select(
            status.c.case_id,
            status.c.occurred_at,
            sa.func.coalesce(status.c.ended_at, following).label("until"),
            said.understood.label("said"),
        )
        .select_from(status.outerjoin(said.words, said.condition))
        .subquery("statuses")
    )
    return sa.union_all(
        sa.select(
            work.c.case_id,
            sa.literal(WORK).label("kind"),
            work.c.occurred_at.label("start"),
            work.c.ended_at.label("end"),
        ).where(work.c.ended_at.is_not(None)),
        sa.select(
            statuses.c.case_id,
            sa.literal(WAITING),
            statuses.c.occurred_at,
            statuses.c.until,
        ).where(statuses.c.said == WAITING),
    )


def _united(spans_: sa.CompoundSelect[Any]) -> sa.Select[Any]:
    """Their union within each closed case: what overlaps counts once."""
    cases, each = table("prepared_cases"), spans_.subquery("each_span")
    inside = (
        sa.select(
            each.c.case_id,
            each.c.kind,
            sa.func.greatest(each.c.start, cases.c.opened_at).label("start"),
            # Waiting that nothing ended lasts until the close.
            sa.func.least(sa.func.coalesce(each.c.end, cases.c.closed_at), cases.c.closed_at).label(
                "end"
            ),
        )
        .join_from(each, cases, cases.c.case_id == each.c.case_id)
        .where(cases.c.closed_at.is_not(None))
        .subquery("spans_inside")
    )
    same = [inside.c.case_id, inside.c.kind]
    in_order = [inside.c.start, inside.c.end]
    reached = sa.func.max(inside.c.end).over(partition_by=same, order_by=in_order, rows=(None, -1))
    gaps = (
        sa.select(*same, inside.c.start, inside.c.end, reached.label("reached"))
        # What lies outside the case is none of it.
        .where(inside.c.start <= inside.c.end)
        .subquery("gaps")
    )
    return sa.select(
        gaps.c.case_id,
        gaps.c.kind,
        # Only what goes beyond all that was before it is new.
        sa.func.greatest(gaps.c.start, sa.func.coalesce(gaps.c.reached, gaps.c.start)).label(
            "start"
        ),
        gaps.c.end,
    )


def _seconds(united: sa.Table) -> sa.Select[Any]:
    """Seconds of work and of waiting per case, by the calendar of its process."""
    cases, days = table("prepared_cases"), table("calendar_days")
    starts = sa.select(
        cases.c.case_id.label("id"), cases.c.process, cases.c.opened_day.label("day")
    ).subquery("cases_at_work")
    clock = clocks(starts).subquery("clocks_at_work")
    begun, over = to_local(united.c.start), to_local(united.c.end)
    first, last = days.alias("begun_on"), days.alias("over_on")
    length = sa.case(
        (
            united.c.end > united.c.start,
            open_until(last, united.c.end) - open_until(first, united.c.start),
        ),
        else_=0.0,
    )

    def of(kind: str) -> Expression:
        return sa.func.sum(sa.case((united.c.kind == kind, length)))

    return (
        sa.select(
            united.c.case_id,
            of(WORK).label("work"),
            of(WAITING).label("waiting"),
        )
        .select_from(
            united.join(clock, clock.c.id == united.c.case_id)
            .outerjoin(begun.offsets, begun.condition)
            .outerjoin(over.offsets, over.condition)
            .outerjoin(
                first,
                sa.and_(first.c.calendar == clock.c.calendar, first.c.day == day_of(begun.time)),
            )
            .outerjoin(
                last, sa.and_(last.c.calendar == clock.c.calendar, last.c.day == day_of(over.time))
            )
        )
        .group_by(united.c.case_id)
    )
