"""Customers who hear nothing: contacts per case, and when a case has been silent for too long.

A touch is a contact with the customer about the case, in either direction and by the leg or
message, else the opening. Five working days after a touch the case is silent, until the next touch
or its end.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.schema import Type
from kpi.sql import add_seconds, day_of, elapsed_seconds, yes
from kpi.store.prepare.clocks import hold_deadlines
from kpi.store.prepare.customers import DIMENSIONS
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.tables import table

SILENT_WORKING_DAYS = 5.0
#: Five working days last longer than this, whatever the clock does: what is shorter is not silent.
_AT_LEAST = 4 * 86_400
#: Silent is after that moment, and not at it: the smallest step of time.
_JUST_AFTER = 0.000001


def refill_case_contacts(steps: Steps, contacts: sa.Table) -> None:
    """Fill PREPARED_CASE_CONTACTS: one row per case that an inbound contact is linked to."""
    linked = (
        sa.select(contacts.c.case_id, sa.func.count().label("contacts_in"))
        .where(contacts.c.case_id.is_not(None), yes(contacts.c.inbound))
        .group_by(contacts.c.case_id)
        .subquery("linked")
    )
    steps.refill(
        table("prepared_case_contacts"), {column.name: column for column in linked.c}, linked
    )


def hold_touches(steps: Steps, legs: sa.Table, members: sa.Table, contacts: sa.Table) -> sa.Table:
    """Every contact with a customer about a case, by its leg or message: case_id, at."""
    single = sa.select(contacts.c.case_id, contacts.c.started_at.label("at")).where(
        contacts.c.legs == 1, contacts.c.case_id.is_not(None), contacts.c.answered
    )
    of_several = (
        sa.select(contacts.c.case_id, legs.c.started_at)
        .select_from(
            members.join(legs, legs.c.contact_id == members.c.leg_id).join(
                contacts, contacts.c.contact_id == members.c.contact_id
            )
        )
        .where(contacts.c.case_id.is_not(None), legs.c.answered)
    )
    return steps.make("touches", sa.union_all(single, of_several))


def hold_no_touches(steps: Steps) -> sa.Table:
    """The same where there are no contacts at all."""
    return steps.hold("touches", {"case_id": Type.TEXT, "at": Type.TIMESTAMP}, ())


def refill_silences(steps: Steps, touches: sa.Table, readings: sa.Table) -> None:
    """Fill PREPARED_SILENCES: one row per case and time that it was silent."""
    cases = table("prepared_cases")
    long = steps.make("long_silences", _long_enough(touches))
    local = to_local(long.c.at)
    starts = (
        sa.select(
            long.c.id,
            cases.c.process,
            long.c.at,
            local.time.label("local"),
            day_of(local.time).label("day"),
        )
        .select_from(
            long.join(cases, cases.c.case_id == long.c.case_id).outerjoin(
                local.offsets, local.condition
            )
        )
        .subquery("touched")
    )
    due = hold_deadlines(steps, "ends_of_patience", starts, readings, SILENT_WORKING_DAYS)
    begins = sa.func.greatest(
        add_seconds(due.c.deadline_at, sa.literal(_JUST_AFTER)), cases.c.opened_at
    )
    of_case = ("case_id", "process", "reason", "channel", "department", *DIMENSIONS, "opened_day")
    steps.refill(
        table("prepared_silences"),
        {
            **{name: cases.c[name] for name in of_case},
            "case_opened_at": cases.c.opened_at,
            "last_contact_at": long.c.at,
            "silent_from": begins,
            "silent_until": long.c.until,
        },
        long.join(cases, cases.c.case_id == long.c.case_id).join(due, due.c.id == long.c.id),
        sa.or_(long.c.until.is_(None), begins < long.c.until),
    )


def _long_enough(touches: sa.Table) -> sa.Select[Any]:
    """Touches after which nothing came for days: id, case_id, at, until (null: still nothing)."""
    cases = table("prepared_cases")
    known = sa.or_(
        sa.and_(cases.c.state.in_(["open", "closed"]), cases.c.timing == "ok"),
        sa.and_(cases.c.state == "withdrawn", cases.c.withdrawn_at.is_not(None)),
    )
    before_opening = touches.alias("before_opening")
    every = sa.union_all(
        sa.select(touches.c.case_id, touches.c.at)
        .join_from(touches, cases, cases.c.case_id == touches.c.case_id)
        .where(known),
        # The opening counts where there was no contact yet.
        sa.select(cases.c.case_id, cases.c.opened_at).where(
            known,
            ~sa.exists().where(
                before_opening.c.case_id == cases.c.case_id,
                before_opening.c.at <= cases.c.opened_at,
            ),
        ),
    ).subquery("every_touch")
    following = sa.func.lead(every.c.at).over(partition_by=every.c.case_id, order_by=every.c.at)
    paired = sa.select(every.c.case_id, every.c.at, following.label("next_at")).subquery("paired")
    until = sa.case(
        (paired.c.next_at < cases.c.ended_at, paired.c.next_at),
        else_=sa.func.coalesce(cases.c.ended_at, paired.c.next_at),
    )
    return (
        sa.select(
            sa.func.row_number().over(order_by=[paired.c.case_id, paired.c.at]).label("id"),
            paired.c.case_id,
            paired.c.at,
            until.label("until"),
        )
        .join_from(paired, cases, cases.c.case_id == paired.c.case_id)
        .where(sa.or_(until.is_(None), elapsed_seconds(paired.c.at, until) > _AT_LEAST))
    )
