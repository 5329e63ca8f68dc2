"""Customers who come, stay and leave, and their complaints: K23, K24 and K32 of the KPI sheet."""

from __future__ import annotations

from kpi.measures.words import CASE, CUSTOMER
from kpi.model import Better, Driver, Kind, Kpi, Unit
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
        "Cases closed less than 90 days before as-of, cancellations (they have their own KPI), "
        "and cases without a known customer."
    ),
    headline=7,
    options={"days": 90, "without_process": "cancellation"},
)

KPIS = (
    COMPLAINTS,
    CHURN,
    CHURN_AFTER,
    CUSTOMERS_NEW,
    CUSTOMERS_LOST,
    CUSTOMERS_NET,
    CUSTOMERS_CLOSING,
)
