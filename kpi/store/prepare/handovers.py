"""Hand-overs of cases, as understood: who gave, who took, and of which line the taker is.

A source says it in one of two ways: the department that hands over with the taker as value, or
the taker alone. A configured department as value is the taker; else a configured department is;
where neither is configured the value is, and without a value the department.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.sql import day_of, text_or_null
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

HANDOFF = "handoff"


def local_events(kind: str) -> sa.Subquery:
    """Events of a kind that belong to a prepared case, with their local day."""
    events, cases = table("chain_events"), table("prepared_cases")
    at = to_local(events.c.occurred_at)
    return (
        sa.select(
            events.c.event_id,
            events.c.case_id,
            events.c.occurred_at,
            events.c.ended_at,
            events.c.value,
            events.c.department,
            day_of(at.time).label("day"),
        )
        .select_from(
            events.join(cases, cases.c.case_id == events.c.case_id).outerjoin(
                at.offsets, at.condition
            )
        )
        .where(events.c.kind == kind)
        .subquery(f"{kind}_events")
    )


def hold_handovers(steps: Steps, words: sa.Table) -> sa.Table:
    """Every hand-over: event_id, case_id, at, giver, taker, taker_line."""
    events = local_events(HANDOFF)
    value = look_up(words, "department", events.c.value, events.c.day)
    own = look_up(words, "department", events.c.department, events.c.day)
    named = sa.or_(
        value.words.c.understood.is_not(None),
        sa.and_(own.words.c.understood.is_(None), text_or_null(events.c.value).is_not(None)),
    )
    taken = (
        sa.select(
            events.c.event_id,
            events.c.case_id,
            events.c.occurred_at.label("at"),
            events.c.day,
            sa.case((named, own.understood)).label("giver"),
            sa.case((named, value.understood), else_=own.understood).label("taker"),
        )
        .select_from(
            events.outerjoin(value.words, value.condition).outerjoin(own.words, own.condition)
        )
        .subquery("taken")
    )
    departments = spans("departments")
    made: sa.Select[Any] = sa.select(
        taken.c.event_id,
        taken.c.case_id,
        taken.c.at,
        taken.c.giver,
        taken.c.taker,
        departments.c.line.label("taker_line"),
    ).select_from(
        taken.outerjoin(
            departments,
            sa.and_(departments.c.department == taken.c.taker, counts_on(departments, taken.c.day)),
        )
    )
    return steps.make("handovers", made)
