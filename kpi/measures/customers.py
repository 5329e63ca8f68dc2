"""Customers who come, stay, leave, complain and are in touch: K7, K23, K24, K27 and K32."""

from __future__ import annotations

from datetime import timedelta

from kpi.measures.words import CASE, CUSTOMER, UNKNOWN_DIRECTION, Columns, Condition
from kpi.model import Better, Driver, Extra, Kind, Kpi, Moment, Unit
from kpi.schema.columns import LASTING
from kpi.text import N_

_OVERLAP = N_("Customership periods that end before they begin.")

COMPLAINTS = Kpi(
    name="complaints",
    id="K32",
    title=N_("Complaints"),
    definition=N_(
        "Complaint cases opened in the period per 1,000 customers (the mean number over its days)."
    ),
    unit=Unit.PER_THOUSAND,
    better=Better.DOWN,
    source="prepared_cases",
    reads=("cases", "customers"),
    date="opened_day",
    kind=Kind.PER_CUSTOMERS,
    dimensions=CASE,
    where=lambda c, _: c.is_complaint,
    leaves_out=N_("Tips, and contacts about a complaint that has a case already."),
    driver=Driver(("reason",)),
    options={"per": 1000},
)


def _movement(
    name: str, title: str, definition: str, better: Better, counts: str, *, additive: bool = True
) -> Kpi:
    return Kpi(
        name=name,
        id="K23",
        title=title,
        definition=definition,
        unit=Unit.COUNT,
        better=better,
        source="prepared_customers",
        reads=("customers",),
        date="since_day",
        kind=Kind.MOVEMENT,
        dimensions=CUSTOMER,
        additive=additive,
        leaves_out=_OVERLAP,
        options={"counts": counts},
    )


CUSTOMERS_NEW = _movement(
    "customers_new",
    N_("New customers"),
    N_("Customership periods that begin in the period."),
    Better.UP,
    "new",
)
CUSTOMERS_LOST = _movement(
    "customers_lost",
    N_("Lost customers"),
    N_("Customership periods that end in the period."),
    Better.DOWN,
    "lost",
)
CUSTOMERS_NET = _movement(
    "customers_net",
    N_("Net customers"),
    N_("New minus lost customers."),
    Better.UP,
    "net",
)
CUSTOMERS_CLOSING = _movement(
    "customers_closing",
    N_("Customers at the end"),
    N_("Customers at the start of the period, plus new, minus lost."),
    Better.UP,
    "closing",
)

CHURN = Kpi(
    name="churn",
    id="K24",
    title=N_("Customer churn"),
    definition=N_(
        "Of those who were customers at the start of the period: the share that left during it."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_customers",
    reads=("customers",),
    date="until_day",
    kind=Kind.CHURN,
    dimensions=CUSTOMER,
    leaves_out=N_("Who came during the period, also when they left during it."),
)

CHURN_AFTER = Kpi(
    name="churn_after",
    id="K24",
    title=N_("Customer churn after this process"),
    definition=N_(
        "Of the customers for whom a case was closed: the share that gave voluntary notice (else "
        "left) within 90 days. Beside it customers without such a case. After, not because of."
    ),
    unit=Unit.PERCENT,
    better=Better.DOWN,
    source="prepared_cases",
    reads=("cases", "customers"),
    date="closed_day",
    kind=Kind.CHURN_AFTER,
    dimensions=("process", *CUSTOMER),
    additive=False,
    leaves_out=N_(
        "Cases closed less than 90 days before the as-of date, cancellations (they have their own KPI), "
        "and cases without a known customer."
    ),
    headline=7,
    ahead=timedelta(days=90),
    options={"days": 90, "without_process": "cancellation"},
)

CONTACT_RATE = Kpi(
    name="contact_rate",
    id="K7",
    title=N_("Contact rate"),
    definition=N_(
        "Inbound contacts per 100 customers (the mean number over the days of the period) and "
        "month of 30.44 days."
    ),
    unit=Unit.PER_HUNDRED_MONTH,
    better=Better.DOWN,
    source="prepared_contacts",
    reads=("contacts", "customers"),
    date="started_day",
    kind=Kind.PER_CUSTOMERS,
    dimensions=CASE,
    additive=False,
    where=lambda c, _: c.inbound,
    leaves_out=N_("Outbound contacts and contacts of unknown direction."),
    extras=(UNKNOWN_DIRECTION,),
    options={"per": 100, "days": 30.44},
)


#: Days after the close of a cancellation on which is looked whether the customer is still one.
_SAVED = timedelta(days=90)


def _judged(c: Columns, at: Moment) -> Condition:
    return c.known & (c.closed_at <= at.latest - _SAVED)


SAVED = Kpi(
    name="saved",
    id="K27",
    title=N_("Saved"),
    definition=N_(
        "Of the cancellation cases that were closed: the share whose customer was still, or again, "
        "a customer 90 days later."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="cancellations",
    reads=("cases", "customers"),
    date="closed_day",
    kind=Kind.SHARE,
    dimensions=CASE,
    ahead=_SAVED,
    numerator=lambda c, at: _judged(c, at) & c.still,
    denominator=_judged,
    leaves_out=N_(
        "Cancellations closed less than 90 days before the as-of date, withdrawn and open ones, and those "
        "without a known customer."
    ),
    extras=(
        Extra("unknown_customer", N_("Without a known customer"), lambda c, _: ~c.known),
        Extra(
            "too_recent",
            N_("Closed less than 90 days before the as-of date"),
            lambda c, at: c.closed_at > at.latest - _SAVED,
        ),
    ),
)

SURVIVAL = Kpi(
    name="survival",
    id="K25",
    title=N_("Retention curve"),
    definition=N_(
        "Share that is still a customer a year after becoming one, as known at the "
        "end of the period; beside it two and five years. Who is still a customer counts up to now."
    ),
    unit=Unit.PERCENT,
    better=Better.UP,
    source="prepared_customers",
    reads=("customers",),
    date="since_day",
    kind=Kind.RETENTION,
    # Only those who stay become long-standing customers, buy more, or call: told apart by that,
    # the curve would say so and nothing else.
    dimensions=LASTING,
    additive=False,
    leaves_out=N_(
        "The time before the first leaving that the extract knows: who was a customer already "
        "counts from then on. Customership periods that end before they begin."
    ),
)

KPIS = (
    COMPLAINTS,
    CONTACT_RATE,
    CHURN,
    CHURN_AFTER,
    CUSTOMERS_NEW,
    CUSTOMERS_LOST,
    CUSTOMERS_NET,
    CUSTOMERS_CLOSING,
    SAVED,
    SURVIVAL,
)
