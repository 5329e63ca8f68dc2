"""Customership periods as understood, and what a customer was at a moment."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from kpi.schema.columns import CHANGING, LASTING
from kpi.sql import BEGINNING, END, Expression, folded, text_or_null, the_day
from kpi.store.prepare.steps import Steps
from kpi.tables import table

#: Parts of an end reason that say the customer did not choose to leave: moved abroad, death,
#: non-payment (KPI sheet, "voluntary").
NOT_BY_CHOICE = (
    "abroad",
    "buitenland",
    "emigra",
    "death",
    "decease",
    "overleden",
    "overlijden",
    "non-payment",
    "non payment",
    "nonpayment",
    "wanbetaling",
    "betalingsachterstand",
)
DIMENSIONS = (*LASTING, *CHANGING)


def refill_customers(steps: Steps) -> None:
    """Fill PREPARED_CUSTOMERS: one row per customership period."""
    rows = table("customers")
    steps.refill(
        table("prepared_customers"),
        {
            "customer_id": rows.c.customer_id,
            "since_day": rows.c.customer_since,
            "until_day": rows.c.customer_until,
            "voluntary": _voluntary(rows),
            "left_day": sa.case(
                (_voluntary(rows).is_(sa.false()), None),
                else_=sa.func.coalesce(rows.c.notice_at, rows.c.customer_until),
            ),
            **{name: _dimension(rows, name) for name in LASTING},
            "import_id": rows.c.import_id,
        },
        rows,
    )


def _voluntary(rows: sa.Table) -> Expression:
    """Null for who is still a customer, and where nothing says why they left."""
    reason = folded(rows.c.end_reason)
    left_against_choice = sa.or_(*(reason.contains(part) for part in NOT_BY_CHOICE))
    return sa.case(
        (rows.c.customer_until.is_(None), sa.null()),
        (left_against_choice, sa.false()),
        (sa.or_(reason.is_not(None), rows.c.notice_at.is_not(None)), sa.true()),
    )


def _dimension(rows: sa.FromClause, name: str) -> Expression:
    column = rows.c[name]
    return column if name == "has_portal" else text_or_null(column)


def hold_lasting(steps: Steps) -> sa.Table:
    """What lasts of a customer on each day: spans of days without holes, one row for most.

    On a day the period that contains it counts (of several the one that began last), else the
    customer's latest period. A customer with one period was the same always.
    """
    rows = table("customers")
    ranked = sa.select(
        *rows.c,
        sa.func.count().over(partition_by=rows.c.customer_id).label("periods"),
        sa.func.row_number()
        .over(partition_by=rows.c.customer_id, order_by=rows.c.customer_since.desc())
        .label("from_last"),
    ).subquery("ranked")
    several = steps.make("customers_who_returned", sa.select(ranked).where(ranked.c.periods > 1))
    single = sa.select(
        ranked.c.customer_id,
        ranked.c.customer_since.label("since_day"),
        the_day(BEGINNING).label("from_day"),
        the_day(END).label("until_day"),
        *(_dimension(ranked, name).label(name) for name in LASTING),
    ).where(ranked.c.periods == 1)
    return steps.make("lasting_profiles", sa.union_all(single, _of_returned(several)))


def _of_returned(several: sa.Table) -> sa.Select[Any]:
    # Between two neighbouring bounds nothing begins or ends, so one period counts throughout.
    bounds = sa.union(
        sa.select(several.c.customer_id, the_day(BEGINNING).label("day")),
        sa.select(several.c.customer_id, several.c.customer_since),
        sa.select(several.c.customer_id, several.c.customer_until).where(
            several.c.customer_until.is_not(None)
        ),
    ).subquery("bounds")
    between = sa.select(
        bounds.c.customer_id,
        bounds.c.day.label("from_day"),
        sa.func.lead(bounds.c.day, 1, the_day(END))
        .over(partition_by=bounds.c.customer_id, order_by=bounds.c.day)
        .label("until_day"),
    ).subquery("between_bounds")
    contains = sa.and_(
        several.c.customer_since <= between.c.from_day,
        sa.or_(several.c.customer_until.is_(None), several.c.customer_until > between.c.from_day),
    )
    best = sa.func.row_number().over(
        partition_by=[between.c.customer_id, between.c.from_day],
        order_by=[sa.case((contains, 0), else_=1), several.c.from_last],
    )
    candidates = (
        sa.select(
            *between.c,
            several.c.customer_since.label("since_day"),
            *(_dimension(several, name).label(name) for name in LASTING),
            best.label("place"),
        )
        .join_from(between, several, several.c.customer_id == between.c.customer_id)
        .subquery("candidates")
    )
    return sa.select(
        candidates.c.customer_id,
        candidates.c.since_day,
        candidates.c.from_day,
        candidates.c.until_day,
        *(candidates.c[name] for name in LASTING),
    ).where(candidates.c.place == 1)


def hold_known_as(steps: Steps) -> sa.Table:
    """Ids of other systems (numbers, requesters) that stand for exactly one customer.

    An id that is a customer's own stands for that customer, whatever another system says.
    """
    other, own = table("identities"), table("customers")
    return steps.make(
        "known_as",
        sa.select(other.c.external_id, sa.func.min(other.c.customer_id).label("customer_id"))
        .where(~sa.exists().where(own.c.customer_id == other.c.external_id))
        .group_by(other.c.external_id)
        .having(sa.func.min(other.c.customer_id) == sa.func.max(other.c.customer_id)),
    )


class Known(NamedTuple):
    """A customer column looked up: what to outer join, on what, and the customer then."""

    names: sa.FromClause
    condition: Expression
    customer: Expression


def known_customer(known_as: sa.Table, raw: Expression) -> Known:
    """The customer that `raw` stands for; null when empty."""
    names = known_as.alias()
    return Known(
        names,
        names.c.external_id == raw,
        sa.func.coalesce(names.c.customer_id, text_or_null(raw)),
    )


def profile_on(profiles: sa.FromClause, customer: Expression, day: Expression) -> Expression:
    """The condition that joins the profile of `customer` on `day`."""
    return sa.and_(
        profiles.c.customer_id == customer,
        day >= profiles.c.from_day,
        day < profiles.c.until_day,
    )
