"""Moments of the chain that cases are known to have passed, and which of them left an event."""

from __future__ import annotations

import sqlalchemy as sa

from kpi.sql import day_of, text_or_null, yes
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

MOMENT = "moment"
#: The phase that may lie after the close of a case.
SETTLE = "settle"


def refill_passages(steps: Steps, words: sa.Table, merges: sa.Table) -> None:
    """Fill PREPARED_PASSAGES: one row per case and moment of its process that it has passed.

    A case has passed a moment when there is an event for it or for a later one, or when the case
    was closed, save the moments that settle it. Not everybody passes an optional moment: that is
    only there when there is an event for it.
    """
    cases, moments = table("prepared_cases"), spans("moments")
    happened = steps.make("moments_happened", _happened(words, merges))
    chain = (
        sa.select(
            cases.c.case_id,
            moments.c.moment,
            moments.c.position,
            sa.and_(cases.c.closed_at.is_not(None), sa.not_(yes(moments.c.phase == SETTLE))).label(
                "behind"
            ),
            happened.c.case_id.is_not(None).label("measured"),
            happened.c.day,
            sa.func.max(sa.case((happened.c.case_id.is_not(None), moments.c.position)))
            .over(partition_by=cases.c.case_id)
            .label("furthest"),
            yes(moments.c.optional).label("optional"),
        )
        .select_from(
            cases.join(
                moments,
                sa.and_(
                    moments.c.process == cases.c.process, counts_on(moments, cases.c.opened_day)
                ),
            ).outerjoin(
                happened,
                sa.and_(
                    happened.c.case_id == cases.c.case_id, happened.c.moment == moments.c.moment
                ),
            )
        )
        .subquery("chain")
    )
    steps.refill(
        table("prepared_passages"),
        {
            "case_id": chain.c.case_id,
            "moment": chain.c.moment,
            "position": chain.c.position,
            "measured": chain.c.measured,
            "optional": chain.c.optional,
            "day": chain.c.day,
        },
        chain,
        sa.or_(
            chain.c.measured,
            sa.and_(
                sa.not_(chain.c.optional),
                sa.or_(chain.c.behind, yes(chain.c.position < chain.c.furthest)),
            ),
        ),
    )


def _happened(words: sa.Table, merges: sa.Table) -> sa.Select[tuple[object, ...]]:
    """Cases and the moments of which they have an event, with the local day of the first."""
    events, cases = table("chain_events"), table("prepared_cases")
    case_id = sa.func.coalesce(merges.c.into, text_or_null(events.c.case_id))
    moment = look_up(words, MOMENT, events.c.value, cases.c.opened_day)
    at = to_local(events.c.occurred_at)
    found = (
        sa.select(cases.c.case_id, moment.understood.label("moment"), day_of(at.time).label("day"))
        .select_from(
            events.outerjoin(merges, merges.c.case_id == events.c.case_id)
            .join(cases, cases.c.case_id == case_id)
            .outerjoin(at.offsets, at.condition)
            .outerjoin(moment.words, moment.condition)
        )
        .where(events.c.kind == MOMENT)
        .subquery("moments_of_cases")
    )
    return sa.select(
        found.c.case_id, found.c.moment, sa.func.min(found.c.day).label("day")
    ).group_by(found.c.case_id, found.c.moment)
