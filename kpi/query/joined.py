"""Sources that a KPI sums and that are joined when they are asked: a table with what it needs."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from kpi.measures.words import CANCELLATION, CUSTOMER
from kpi.sql import add_days
from kpi.tables import table

#: Days after which is looked whether who cancelled is still a customer.
SAVED_DAYS = 90


def cancellations() -> sa.FromClause:
    """Closed cancellation cases: `known` (its customer is), `still` (one so many days later)."""
    cases, periods = table("prepared_cases"), table("prepared_customers")
    later = add_days(cases.c.closed_day, sa.literal(SAVED_DAYS))
    own = periods.c.customer_id == cases.c.customer_id
    there = (periods.c.since_day <= later) & (
        periods.c.until_day.is_(None) | (periods.c.until_day > later)
    )
    found = (
        sa.select(
            cases.c.case_id, sa.func.max(sa.case((there, 1), else_=0)).label("still_customer")
        )
        .select_from(cases.join(periods, own))
        .where(cases.c.process == CANCELLATION, cases.c.closed_at.is_not(None))
        .group_by(cases.c.case_id)
        .subquery("customers_of_cancellations")
    )
    return (
        sa.select(
            *cases.c,
            found.c.case_id.is_not(None).label("known"),
            (sa.func.coalesce(found.c.still_customer, 0) == 1).label("still"),
        )
        .select_from(cases.outerjoin(found, found.c.case_id == cases.c.case_id))
        .where(cases.c.process == CANCELLATION, cases.c.closed_at.is_not(None))
        .subquery("cancellations")
    )


def contacts_with_sales() -> sa.FromClause:
    """Contacts, each with whether a sale to its customer followed it; see PREPARED_SALES_AFTER."""
    contacts, sold = table("prepared_contacts"), table("prepared_sales_after")
    return (
        sa.select(*contacts.c, sold.c.contact_id.is_not(None).label("sold"))
        .select_from(contacts.outerjoin(sold, sold.c.contact_id == contacts.c.contact_id))
        .subquery("contacts_with_sales")
    )


def contacts_with_strategy() -> sa.FromClause:
    """Contacts, each with its channel's place in the strategy; null where there is none."""
    contacts, steering = table("prepared_contacts"), table("prepared_steering")
    return (
        sa.select(*contacts.c, steering.c.strategy)
        .select_from(contacts.outerjoin(steering, steering.c.contact_id == contacts.c.contact_id))
        .subquery("contacts_with_strategy")
    )


def passages_of_cases() -> sa.FromClause:
    """Moments that cases are known to have passed, each with its case."""
    passages, cases = table("prepared_passages"), table("prepared_cases")
    return (
        sa.select(*cases.c, passages.c.moment, passages.c.measured, passages.c.optional)
        .select_from(passages.join(cases, cases.c.case_id == passages.c.case_id))
        .subquery("passages_of_cases")
    )


def moment_costs() -> sa.FromClause:
    """Contacts at a contact moment with their cost, and passages of moments with none.

    Only moments of which both are known, over everything loaded: elsewhere a cost of nothing would
    be a cost that nobody wrote down, and the cost of one moment would be spread over others.
    """
    contacts, passages = table("prepared_contacts"), table("prepared_passages")
    cases = table("prepared_cases")

    def shared(of: sa.Table) -> list[sa.Column[object]]:
        return [of.c[name] for name in ("process", *CUSTOMER)]

    spent = sa.select(
        contacts.c.started_day.label("day"),
        contacts.c.moment,
        *shared(contacts),
        contacts.c.unit_cost.label("cost"),
        sa.false().label("passage"),
        contacts.c.contact_id,
        contacts.c.case_id,
    ).where(contacts.c.moment.is_not(None), contacts.c.unit_cost.is_not(None))
    passed = (
        sa.select(
            passages.c.day,
            passages.c.moment,
            *shared(cases),
            sa.cast(sa.literal(0.0), sa.Double()).label("cost"),
            sa.true().label("passage"),
            sa.null(),
            passages.c.case_id,
        )
        .join_from(passages, cases, cases.c.case_id == passages.c.case_id)
        .where(passages.c.measured)
    )
    both = sa.union_all(spent, passed).subquery("spent_and_passed")
    known = (
        sa.select(both.c.process, both.c.moment)
        .group_by(both.c.process, both.c.moment)
        .having(sa.func.count(both.c.passage.distinct()) == 2)
        .subquery("moments_with_both")
    )
    return (
        sa.select(*both.c)
        .join_from(
            both,
            known,
            sa.and_(known.c.process == both.c.process, known.c.moment == both.c.moment),
        )
        .subquery("moment_costs")
    )


#: Each by the name that a KPI calls its source.
JOINED: dict[str, Callable[[], sa.FromClause]] = {
    "cancellations": cancellations,
    "contacts_with_sales": contacts_with_sales,
    "contacts_with_strategy": contacts_with_strategy,
    "passages_of_cases": passages_of_cases,
    "moment_costs": moment_costs,
}
