"""Services sold, and sales after a valuable contact: K26 of the KPI sheet."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from kpi.measures.words import CONTACT, CUSTOMER, UNKNOWN_DIRECTION, Columns, Condition, handled
from kpi.model import Better, Extra, Kind, Kpi, Moment, Unit
from kpi.text import N_

#: Within this time a sale follows a contact.
_MONTH = timedelta(days=30)


def _sold(c: Columns) -> Condition:
    return sa.not_(c.annulled) & sa.not_(c.renewal)


SERVICES_SOLD = Kpi(
    name="services_sold",
    id="K26",
    title=N_("New services sold"),
    definition=N_("Services sold in the period, by the day of the sale (else its first day)."),
    unit=Unit.COUNT,
    better=Better.UP,
    source="prepared_holdings",
    reads=("holdings",),
    date="sold_day",
    kind=Kind.COUNT,
    dimensions=("channel", *CUSTOMER),
    where=lambda c, _: _sold(c),
    leaves_out=N_(
        "Annulled sales, and renewals: the same product of the same customer, from the day on "
        "which the earlier one ended."
    ),
    extras=(
        Extra("existing", N_("To existing customers"), lambda c, _: c.existing, listed=True),
        # Who is not known was no customer either, as far as the data tell.
        Extra(
            "new",
            N_("To new customers"),
            lambda c, _: sa.not_(sa.func.coalesce(c.existing, sa.false())),
            listed=True,
        ),
        Extra(
            "annulled",
            N_("Annulled"),
            lambda c, _: c.annulled & sa.not_(c.renewal),
            everywhere=True,
        ),
        Extra("renewals", N_("Renewals"), lambda c, _: c.renewal, everywhere=True),
    ),
)


def _a_month_old(c: Columns, at: Moment) -> Condition:
    return c.customer_id.is_not(None) & (c.started_at <= at.latest - _MONTH)


SOLD_AFTER_VALUABLE = Kpi(
    name="sold_after_valuable",
    id="K26",
    title=N_("Sold after valuable contact"),
    definition=N_(
        "Of the valuable contacts: the share after which the customer bought a new service within "
        "30 days. After, not because of."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="contacts_with_sales",
    reads=("contacts", "holdings"),
    date="started_day",
    kind=Kind.SHARE,
    dimensions=CONTACT,
    where=lambda c, _: handled(c) & (c.category == "valuable"),
    ahead=_MONTH,
    numerator=lambda c, at: _a_month_old(c, at) & c.sold,
    denominator=_a_month_old,
    leaves_out=N_(
        "Anonymous contacts, and contacts less than 30 days before the as-of date. Renewals and what was "
        "annulled are no sales."
    ),
    extras=(
        Extra("anonymous", N_("Anonymous contacts"), lambda c, _: c.customer_id.is_(None)),
        UNKNOWN_DIRECTION,
    ),
)

KPIS = (SERVICES_SOLD, SOLD_AFTER_VALUABLE)
