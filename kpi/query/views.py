"""Sources made of several prepared tables, as a KPI sums them."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from kpi.measures.words import CUSTOMER
from kpi.tables import table

From = sa.FromClause
#: What a case and a contact can both be told apart by.
SHARED = ("process", "channel", "reason", "department", *CUSTOMER)


def cases_with_work() -> From:
    """Cases, each with what was done on it."""
    cases, work = table("prepared_cases"), table("prepared_work")
    return (
        sa.select(*cases.c, work.c.first_line, work.c.work_seconds, work.c.waiting_seconds)
        .select_from(cases.outerjoin(work, work.c.case_id == cases.c.case_id))
        .subquery("cases_with_work")
    )


def closings_and_contacts() -> From:
    """Closed cases (`is_case`) with their inbound contacts, and inbound contacts, linked or not."""
    cases, linked, contacts = (
        table("prepared_cases"), table("prepared_case_contacts"), table("prepared_contacts"),
    )  # fmt: skip
    closings = (
        sa.select(
            *(cases.c[name] for name in SHARED),
            cases.c.case_id,
            cases.c.customer_id,
            cases.c.opened_at,
            cases.c.closed_at,
            cases.c.closed_day.label("day"),
            sa.true().label("is_case"),
            sa.func.coalesce(linked.c.contacts_in, 0).label("contacts_in"),
            sa.false().label("linked"),
        )
        .select_from(cases.outerjoin(linked, linked.c.case_id == cases.c.case_id))
        .where(cases.c.closed_at.is_not(None))
    )
    inbound = sa.select(
        *(contacts.c[name] for name in SHARED),
        contacts.c.case_id,
        contacts.c.customer_id,
        sa.null(),
        sa.null(),
        contacts.c.started_day,
        sa.false(),
        sa.literal(0),
        contacts.c.case_id.is_not(None),
    ).where(contacts.c.inbound)
    return sa.union_all(closings, inbound).subquery("closings_and_contacts")


def silences() -> From:
    """Times that cases were silent, as a stock counts them: begun and ended."""
    own = table("prepared_silences")
    return sa.select(
        *own.c, own.c.silent_from.label("opened_at"), own.c.silent_until.label("ended_at")
    ).subquery("silences")


VIEWS: dict[str, Callable[[], From]] = {
    "cases_with_work": cases_with_work,
    "closings_and_contacts": closings_and_contacts,
    "silences": silences,
}
