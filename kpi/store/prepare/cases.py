"""Cases as understood: process and state, timings that hold, and the deadline by the norm."""

from __future__ import annotations

import sqlalchemy as sa

from kpi.sql import (
    Expression,
    add_seconds,
    day_of,
    elapsed_seconds,
    text_or_null,
    yes,
)
from kpi.store.prepare.clocks import hold_deadlines, open_until
from kpi.store.prepare.customers import DIMENSIONS, known_customer, profile_on
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.versions import counts_on, spans
from kpi.store.prepare.words import look_up
from kpi.tables import table

#: Process and kinds of reason that the definitions speak of by name.
COMPLAINT_PROCESS = "complaint"
COMPLAINT, TIP = "complaint", "tip"

_TWO_DAYS = 48 * 3600
#: What a status word means for a case; waiting for the customer is still open.
_STATES = {"open": "open", "waiting": "open", "closed": "closed", "withdrawn": "withdrawn"}


def is_merged(cases: sa.FromClause) -> Expression:
    """Whether a case went on as another one; one that names itself did not."""
    into = text_or_null(cases.c.merged_into)
    return yes(into != cases.c.case_id)


def hold_merges(steps: Steps) -> sa.Table:
    """For each merged case the case in which it lives on, through several merges if need be.

    Cases merged in a circle live on nowhere, and are not in it.
    """
    cases = table("cases")
    step = sa.select(
        cases.c.case_id, cases.c.merged_into.label("into"), sa.literal(1).label("steps")
    )
    chain = step.where(is_merged(cases)).cte("merge_chain", recursive=True)
    further = cases.alias("further")
    chain = chain.union_all(
        sa.select(chain.c.case_id, further.c.merged_into, chain.c.steps + 1)
        .join_from(chain, further, further.c.case_id == chain.c.into)
        # More steps than this is a circle.
        .where(is_merged(further), chain.c.steps < 20)
    )
    last = cases.alias("last_case")
    return steps.make(
        "merges",
        sa.select(chain.c.case_id, chain.c.into)
        .join_from(chain, last, last.c.case_id == chain.c.into)
        .where(sa.not_(is_merged(last))),
    )


def refill_cases(
    steps: Steps,
    words: sa.Table,
    known_as: sa.Table,
    profiles: sa.Table,
    readings: sa.Table,
) -> None:
    """Fill PREPARED_CASES: one row per case that was not merged into another."""
    understood = steps.make("cases_understood", _understood(words, known_as))
    profile = profiles.alias("profile")
    starts = sa.select(
        understood.c.case_id.label("id"),
        understood.c.process,
        understood.c.opened_at.label("at"),
        understood.c.opened_local.label("local"),
        understood.c.opened_day.label("day"),
    ).subquery("openings")
    due = hold_deadlines(steps, "deadlines", starts, readings)
    ended = understood.c.ended
    ok = understood.c.timing == "ok"
    state = understood.c.state
    closed_at = sa.case((sa.and_(state == "closed", ok), ended))
    withdrawn_at = sa.case((sa.and_(state == "withdrawn", ok), ended))
    closed, deadline = to_local(closed_at), to_local(due.c.deadline_at)
    days = table("calendar_days")
    first, last = days.alias("opened_on"), days.alias("closed_on")
    kept = {
        name: understood.c[name]
        for name in (
            "case_id", "process", "reason", "channel", "department", "customer_id", "state",
            "timing", "is_complaint", "is_tip", "line", "opened_at", "opened_day", "due_at",
            "promised_for", "first_response_at", "import_id",
        )
    }  # fmt: skip
    steps.refill(
        table("prepared_cases"),
        {
            **kept,
            **{name: profile.c[name] for name in DIMENSIONS},
            "closed_at": closed_at,
            "closed_day": day_of(closed.time),
            "withdrawn_at": withdrawn_at,
            "ended_at": sa.func.coalesce(closed_at, withdrawn_at),
            "deadline_at": due.c.deadline_at,
            "deadline_day": day_of(deadline.time),
            "deadline_48_at": add_seconds(understood.c.opened_at, sa.literal(_TWO_DAYS)),
            "lead_seconds": elapsed_seconds(understood.c.opened_at, closed_at),
            "working_seconds": open_until(last, closed_at)
            - open_until(first, understood.c.opened_at),
        },
        understood.outerjoin(
            profile, profile_on(profile, understood.c.customer_id, understood.c.opened_day)
        )
        .outerjoin(due, due.c.id == understood.c.case_id)
        .outerjoin(closed.offsets, closed.condition)
        .outerjoin(deadline.offsets, deadline.condition)
        .outerjoin(
            first,
            sa.and_(first.c.calendar == due.c.calendar, first.c.day == understood.c.opened_day),
        )
        .outerjoin(
            last, sa.and_(last.c.calendar == due.c.calendar, last.c.day == day_of(closed.time))
        ),
    )


def _understood(words: sa.Table, known_as: sa.Table) -> sa.Select[tuple[object, ...]]:
    """Cases with codes and states understood by the configuration of the day of opening."""
    cases = table("cases")
    opened = to_local(cases.c.opened_at)
    local = (
        sa.select(*cases.c, opened.time.label("opened_local"))
        .select_from(cases.outerjoin(opened.offsets, opened.condition))
        .where(sa.not_(is_merged(cases)))
        .subquery("cases_local")
    )
    day = day_of(local.c.opened_local)
    customer = known_customer(known_as, local.c.customer_id)
    process = look_up(words, "process", local.c.process, day)
    reason = look_up(words, "reason", local.c.reason, day)
    channel = look_up(words, "channel", local.c.opened_channel, day)
    department = look_up(words, "department", local.c.department, day)
    status = look_up(words, "status", local.c.status, day)
    outcome = look_up(words, "status", local.c.outcome, day)
    source: sa.FromClause = local.outerjoin(customer.names, customer.condition)
    for found in (process, reason, channel, department, status, outcome):
        source = source.outerjoin(found.words, found.condition)
    reasons = spans("reasons")
    source = source.outerjoin(
        reasons, sa.and_(reasons.c.reason == reason.understood, counts_on(reasons, day))
    )
    own_process = sa.func.coalesce(process.understood, reasons.c.process)
    is_tip = yes(reasons.c.kind == TIP)
    state = sa.case(
        (outcome.understood == "withdrawn", "withdrawn"),
        *((status.understood == word, meaning) for word, meaning in _STATES.items()),
        else_="unknown",
    )
    opened_at, closed_at = local.c.opened_at, local.c.closed_at
    # Withdrawn without a closing time: the last change is when it was.
    ended = sa.case(
        (state == "withdrawn", sa.func.coalesce(closed_at, local.c.updated_at)), else_=closed_at
    )
    timing = sa.case(
        (ended < opened_at, "wrong_order"),
        (sa.and_(state.in_(["closed", "withdrawn"]), ended.is_(None)), "no_close"),
        else_="ok",
    )
    return sa.select(
        local.c.case_id,
        own_process.label("process"),
        reason.understood.label("reason"),
        channel.understood.label("channel"),
        department.understood.label("department"),
        customer.customer.label("customer_id"),
        state.label("state"),
        timing.label("timing"),
        sa.and_(
            sa.or_(yes(own_process == COMPLAINT_PROCESS), yes(reasons.c.kind == COMPLAINT)),
            sa.not_(is_tip),
        ).label("is_complaint"),
        is_tip.label("is_tip"),
        local.c.line,
        opened_at,
        local.c.opened_local,
        day.label("opened_day"),
        ended.label("ended"),
        local.c.due_at,
        local.c.promised_for,
        local.c.first_response_at,
        local.c.import_id,
    ).select_from(source)
