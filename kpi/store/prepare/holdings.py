"""Holdings as sales: when, by which channel, to whom, and which are renewals of what there was."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kpi.sql import add_days, day_of, elapsed_seconds, text_or_null
from kpi.store.prepare.customers import DIMENSIONS, known_customer, profile_on
from kpi.store.prepare.days import to_local
from kpi.store.prepare.steps import Steps
from kpi.store.prepare.words import look_up
from kpi.tables import table

#: Days within which a sale follows a contact.
SALE_DAYS = 30
_DAY = 86_400


def refill_holdings(steps: Steps, words: sa.Table, known_as: sa.Table, profiles: sa.Table) -> None:
    """Fill PREPARED_HOLDINGS: one row per holding."""
    sales = steps.make("sales", _understood(known_as))
    renewed, existing = _renewed(sales), _existing(sales)
    profile = profiles.alias("profile")
    channel = look_up(words, "channel", sales.c.sold_channel, sales.c.sold_day)
    periods = table("prepared_customers")
    known = sa.exists().where(periods.c.customer_id == sales.c.customer_id)
    kept = (
        "holding_id", "product", "customer_id", "sold_at", "sold_day", "annulled", "import_id",
    )  # fmt: skip
    steps.refill(
        table("prepared_holdings"),
        {
            **{name: sales.c[name] for name in kept},
            **{name: profile.c[name] for name in DIMENSIONS},
            "channel": channel.understood,
            "renewal": renewed.c.holding_id.is_not(None),
            "existing": sa.case((known, existing.c.holding_id.is_not(None))),
        },
        sales.outerjoin(renewed, renewed.c.holding_id == sales.c.holding_id)
        .outerjoin(existing, existing.c.holding_id == sales.c.holding_id)
        .outerjoin(channel.words, channel.condition)
        .outerjoin(profile, profile_on(profile, sales.c.customer_id, sales.c.sold_day)),
    )


def _understood(known_as: sa.Table) -> sa.Select[Any]:
    holdings = table("holdings")
    sold = to_local(holdings.c.sold_at)
    customer = known_customer(known_as, holdings.c.customer_id)
    return sa.select(
        holdings.c.holding_id,
        text_or_null(holdings.c.product).label("product"),
        customer.customer.label("customer_id"),
        holdings.c.started,
        holdings.c.ended,
        holdings.c.sold_at,
        sa.func.coalesce(day_of(sold.time), holdings.c.started).label("sold_day"),
        holdings.c.sold_channel,
        holdings.c.annulled_at.is_not(None).label("annulled"),
        holdings.c.import_id,
    ).select_from(
        holdings.outerjoin(sold.offsets, sold.condition).outerjoin(
            customer.names, customer.condition
        )
    )


def _renewed(sales: sa.Table) -> sa.Subquery:
    """Holdings that go on where an earlier one of the same product ended: nothing new was sold.

    A day between them, or in common, makes no difference: some sources write the last day of a
    product and others the first day without it.
    """
    before = sales.alias("before")
    return (
        sa.select(sales.c.holding_id)
        .distinct()
        .join_from(
            sales,
            before,
            sa.and_(
                before.c.customer_id == sales.c.customer_id, before.c.product == sales.c.product
            ),
        )
        .where(
            sa.not_(before.c.annulled),
            before.c.started < sales.c.started,
            before.c.ended.between(
                add_days(sales.c.started, sa.literal(-1)), add_days(sales.c.started, sa.literal(1))
            ),
        )
        .subquery("renewed")
    )


def _existing(sales: sa.Table) -> sa.Subquery:
    """Holdings sold to who was a customer on the day before."""
    periods = table("prepared_customers")
    day = add_days(sales.c.sold_day, sa.literal(-1))
    return (
        sa.select(sales.c.holding_id)
        .distinct()
        .join_from(sales, periods, periods.c.customer_id == sales.c.customer_id)
        .where(
            periods.c.since_day <= day,
            sa.or_(periods.c.until_day.is_(None), periods.c.until_day > day),
        )
        .subquery("existing")
    )


def refill_sales_after(steps: Steps) -> None:
    """Fill PREPARED_SALES_AFTER: valuable contacts whose customer bought something soon after."""
    contacts, holdings = table("prepared_contacts"), table("prepared_holdings")
    after = elapsed_seconds(contacts.c.started_at, holdings.c.sold_at)
    last = add_days(contacts.c.started_day, sa.literal(SALE_DAYS))
    soon = sa.case(
        (holdings.c.sold_at.is_not(None), after.between(0, SALE_DAYS * _DAY)),
        else_=holdings.c.sold_day.between(contacts.c.started_day, last),
    )
    sold = (
        sa.select(contacts.c.contact_id)
        .distinct()
        .join_from(contacts, holdings, holdings.c.customer_id == contacts.c.customer_id)
        .where(
            contacts.c.category == "valuable",
            sa.not_(holdings.c.annulled),
            sa.not_(holdings.c.renewal),
            soon,
        )
        .subquery("sold")
    )
    steps.refill(table("prepared_sales_after"), {"contact_id": sold.c.contact_id}, sold)
